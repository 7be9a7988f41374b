"""Moves of a lifecycle as routes: `POST …/{number}/{move}` for each, with a typed body of its own."""

import datetime as dt
import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Body

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Number, Reason, Write
from aftercare.api.routes import Routes
from aftercare.api.rows import Row
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import Lifecycle, Move


class OpenMove(Row):
    """A move that is open to the caller now: its name in the address, its label, what it asks for."""

    name: str
    label: str
    asks: list[str]
    primary: bool
    danger: bool


def open_moves(lifecycle: Lifecycle) -> Callable[[Any, Actor], list[dict]]:
    """A maker of the field `moves` of a detail answer."""

    return moves_by(lifecycle.open_moves)


def moves_by(query: Callable[[Any, Actor], list[Move]]) -> Callable[[Any, Actor], list[dict]]:
    """The same for a room that knows more than the state: `query` tells which moves are open."""

    def make(subject: Any, actor: Actor) -> list[dict]:
        return [
            {"name": move.name, "label": str(move.label), "asks": list(move.asks), "primary": move.primary,
             "danger": move.danger}
            for move in query(subject, actor)
        ]

    return make


Perform = Callable[..., Any]


def add_moves(
    routes: Routes, lifecycle: Lifecycle, *, path: str, noun: str, answers: type[Row],
    get: Callable[[str, Actor], Any], answer: Callable[[Any, Actor], Answer],
    bodies: Mapping[str, type[Write]] | None = None, performs: Mapping[str, Perform] | None = None, without: Collection[str] = (),
) -> None:
    """A route for each move of the lifecycle but those `without`, which only follow from others.

    `get` finds the subject by its number, `answer` makes the answer from the moved one. A move without a body of
    its own asks for a reason where its table says so, else for nothing; without a function of its own it is called
    as it stands in the room, with the body's fields. A function of its own is called (subject, body, actor=, at=,
    version=).
    """
    for move in lifecycle.moves.values():
        if move.name in without:
            continue
        body = (bodies or {}).get(move.name) or (Reason if move.asks == ("reason",) else Write)
        perform = (performs or {}).get(move.name) or _plainly(lifecycle, move)
        view = _view(move, noun, body, get, perform, answer)
        routes.act(f"{path}/{move.name}", answers, match=True, summary=_summary(move, noun))(view)


def _plainly(lifecycle: Lifecycle, move: Move) -> Perform:
    def perform(subject: Any, body: Write, *, actor: Actor, at: dt.datetime, version: int | None) -> Any:
        inputs = {name: getattr(body, name) for name in body.model_fields_set if name != "at"}
        return lifecycle.actions[move.name](subject, actor=actor, at=at, version=version, **inputs)

    return perform


def _view(move: Move, noun: str, body_type: type[Write], get: Callable, perform: Perform, answer: Callable) -> Callable:
    def view(request: HttpRequest, number: str, body: Write) -> Answer:
        actor = calls.caller(request)
        at = calls.moment(request, body.at)
        moved = perform(get(number, actor), body, actor=actor, at=at, version=calls.version_seen(request))
        return answer(moved, actor)

    optional = not any(field.is_required() for field in body_type.model_fields.values())
    view.__name__ = f"{move.name}_{noun}"
    view.__doc__ = f"From {_states(move)}. Needs `{move.permission}`."
    view.__signature__ = inspect.Signature([
        inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        inspect.Parameter("number", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Number),
        inspect.Parameter("body", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=body_type,
                          default=Body(body_type() if optional else ...)),
    ])
    return view


def _states(move: Move) -> str:
    states = ", ".join(f"`{state!s}`" for state in sorted(move.sources))
    return f"{states} to `{move.target!s}`" if move.target else f"{states}, which it keeps"


def _summary(move: Move, noun: str) -> str:
    return f"{move.name.replace('_', ' ').capitalize()}: {noun.replace('_', ' ')}"
