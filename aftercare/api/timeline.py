"""What happened, as the API tells it: timelines of things, and the journal's log."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Number
from aftercare.api.routes import Routes
from aftercare.api.rows import UNMASK, Row
from aftercare.domain.journal import queries as journal
from aftercare.domain.parties import rules as parties
from aftercare.foundation.access import Actor
from aftercare.foundation.subjects import Subject

_MASKS = {"phone": parties.mask_phone, "shown": parties.mask_phone, "address": parties.mask_address,
          "text": parties.mask_address}


class Happening(Row):
    """One thing that happened. `changes` maps a field to [before, after]."""

    id: int
    at: str
    recorded_at: str
    verb: str
    kind: str
    object_id: int | None
    number: str
    actor_kind: str
    actor_id: int | None
    actor_name: str
    via: str
    name: str
    data: dict[str, Any]
    changes: dict[str, list[Any]]
    note: str


class Timeline(Row):
    """The newest happenings, newest first."""

    items: list[Happening]


def told(fact: Any, actor: Actor) -> dict:
    """A fact as an answer; personal data in it is masked like everywhere."""
    answer = Happening.of(fact, actor)
    if not actor.may(UNMASK, branch_id=fact.branch_id):
        answer["data"] = {key: _masked(key, value) for key, value in fact.data.items()}
        answer["changes"] = {key: [_masked(key, value) for value in pair] for key, pair in fact.changes.items()}
    return answer


def _masked(key: str, value: Any) -> Any:
    return _MASKS[key](value) if key in _MASKS and isinstance(value, str) else value


def add_timeline(routes: Routes, path: str, noun: str, get: Callable[[str, Actor], Subject],
                 hidden_until: Callable[[Subject, Actor], dt.datetime | None] | None = None) -> None:
    """`GET …/{number}/timeline` for whoever may see the thing itself; what happened up to `hidden_until` is left out."""

    def view(request, number: Number, limit: Annotated[int, Field(ge=1, le=200)] = 50):
        """Newest happenings of the thing and of others that name it, newest first."""
        actor = calls.caller(request)
        subject = get(number, actor)
        since = hidden_until(subject, actor) if hidden_until else None
        found = journal.timeline(subject.kind, subject.pk, limit=limit)
        return {"items": [told(fact, actor) for fact in found if since is None or fact.at > since]}

    view.__name__ = f"get_{noun}_timeline"
    routes.read(f"{path}/timeline", Timeline, summary=f"Timeline: {noun.replace('_', ' ')}")(view)
