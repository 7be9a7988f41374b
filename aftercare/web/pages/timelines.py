"""A timeline for pages: the journal's facts in the reader's words."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from aftercare.domain.journal import queries as journal

_TONES = {"open": "ok", "register": "ok", "dispatch": "violet", "cancel": "bad", "refuse": "bad", "wait_for_part": "bad"}
# Words for verbs that are no moves of a lifecycle.
_VERBS: dict[str, Any] = {}


def name_verbs(words: dict[str, Any]) -> None:
    """Subjects add words for their verbs (`work.order.dispatch` → 派工)."""
    _VERBS.update(words)


def events(kind: str, object_id: int, *, limit: int = 50) -> list[dict]:
    """Events for components/timeline.html about a thing, newest first."""
    return [_event(fact) for fact in journal.timeline(kind, object_id, limit=limit)]


def _event(fact) -> dict:
    last = fact.verb.rsplit(".", 1)[-1]
    words = _VERBS.get(fact.verb) or _VERBS.get(last) or fact.verb
    text = f"{words}：{fact.note}" if fact.note else words
    return {"who": fact.actor_name, "at": fact.at, "text": text, "tone": _TONES.get(last, "none"),
            "changes": _changes(fact), "number": fact.number, "kind": fact.kind}


def _changes(fact) -> list[dict]:
    try:
        model = apps.get_model(fact.kind)
    except (LookupError, ValueError):
        return []
    shown = []
    for name, (before, after) in fact.changes.items():
        if name in ("status", "search", "name_key", "version"):
            continue
        try:
            label = model._meta.get_field(name).verbose_name
        except FieldDoesNotExist:
            continue
        if isinstance(before, (dict, list)) or isinstance(after, (dict, list)) or name.endswith("_id"):
            shown.append({"label": label, "before": "…" if before else None, "after": _("已更新")})
        else:
            shown.append({"label": label, "before": before, "after": after})
    return shown
