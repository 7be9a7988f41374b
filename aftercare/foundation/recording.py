"""Recording what happened. Foundation knows the call; the journal room is the one who writes it down."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from aftercare.foundation.access import Actor

_FIXED = frozenset({str, int, bool, type(None), Decimal, dt.datetime, dt.date})


@dataclasses.dataclass
class Happening:
    """One thing that happened, ready to be written into the journal.

    `changes` maps a field to [before, after]; `mentions` are the (kind, id) pairs on whose timelines it appears.
    """

    verb: str
    kind: str
    id: int | None
    number: str
    branch_id: int | None
    actor: Actor
    at: dt.datetime
    fact: Any = None
    changes: dict[str, list] = dataclasses.field(default_factory=dict)
    mentions: tuple[tuple[str, int], ...] = ()
    note: str = ""

    @property
    def fact_name(self) -> str:
        return type(self.fact).__name__ if self.fact is not None else ""

    @property
    def data(self) -> dict:
        """The fact's fields by name, each a copy of its own."""
        if self.fact is None:
            return {}
        held = {field.name: getattr(self.fact, field.name) for field in dataclasses.fields(self.fact)}
        # What is changed by nobody needs no copy, and most facts hold nothing else.
        return held if all(type(value) in _FIXED for value in held.values()) else dataclasses.asdict(self.fact)


_sink: Callable[[Happening], Any] | None = None


def connect(sink: Callable[[Happening], Any]) -> None:
    """Called once, by the journal, at start."""
    global _sink
    _sink = sink


def record(happening: Happening) -> Any:
    """Write it down, in the caller's transaction."""
    if _sink is None:
        raise RuntimeError("no journal is connected")
    return _sink(happening)


def record_about(subject, *, verb: str, actor: Actor, at: dt.datetime, fact: Any = None,
                 changes: dict[str, list] | None = None, note: str = "") -> Any:
    """Write down something that happened to a `Subject` without a change of its state."""
    return record(
        Happening(
            verb=verb, kind=subject.kind, id=subject.pk, number=subject.number_shown, branch_id=subject.branch_shown,
            actor=actor, at=at, fact=fact, changes=changes or {}, mentions=tuple(subject.mentions()), note=note,
        )
    )
