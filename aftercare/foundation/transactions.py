"""One transaction for a whole journey, without a savepoint for each of its steps; and what holds only inside it."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from django.db import connection, transaction


class Scope:
    """What is true inside one whole journey and forgotten at its end.

    `born` are the rows that this transaction inserted: nobody else can see them, so no race for them is possible.
    `answers` are look-ups of settings that were made already; `queues` are rows to be written together at the end.
    """

    def __init__(self, *, gathers: bool) -> None:
        self.gathers = gathers
        self.born: dict[tuple[str, Any], Any] = {}
        self.answers: dict[Hashable, Any] = {}
        self.queues: dict[Callable[[list], Any], list] = {}
        self.notes: set[str] = set()

    def flush(self) -> None:
        """Write what was gathered."""
        for write, rows in self.queues.items():
            if rows:
                write(rows)
        self.queues.clear()


_scope: contextvars.ContextVar[Scope | None] = contextvars.ContextVar("transaction_scope", default=None)


@contextlib.contextmanager
def whole(*, gathers: bool = False) -> Iterator[None]:
    """All or nothing: what is done inside joins the caller's journey, or is a transaction of its own.

    The steps inside set no savepoints of their own. So a refusal of a step may not be swallowed and gone on from,
    unless the step stands `apart()`. With `gathers` rows given to `later` are written together at its end, and settings
    are looked up once: for imports of many rows a transaction.
    """
    if _scope.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
        return
    scope = Scope(gathers=gathers)
    token = _scope.set(scope)
    try:
        with transaction.atomic():
            yield
            scope.flush()
    finally:
        _scope.reset(token)


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """A part of a journey that may be refused and gone on from: rolled back by itself, with all it remembered."""
    scope = _scope.get()
    if scope is None:
        with whole():
            yield
        return
    marks = {write: len(rows) for write, rows in scope.queues.items()}
    try:
        with transaction.atomic():
            yield
    except BaseException:
        scope.answers.clear()
        scope.born.clear()
        for write, rows in scope.queues.items():
            del rows[marks.get(write, 0) :]
        raise


def race():
    """A part of a journey that a twin may spoil after it was looked for: set apart where two can write at once.

    SQLite has one writer, who holds the lock since his journey began: what he did not find nobody makes meanwhile.
    """
    if _scope.get() is not None and connection.vendor == "sqlite":
        return contextlib.nullcontext()
    return apart()


def step():
    """A transaction for one write: inside `whole()` it joins it, elsewhere it can be rolled back by itself."""
    return transaction.atomic(savepoint=_scope.get() is None)


def bear(subject: Any) -> None:
    """Note that this very object stands for a row as the running transaction left it."""
    scope = _scope.get()
    if scope is not None:
        scope.born[type(subject)._meta.label, subject.pk] = subject


def renew(subject: Any) -> None:
    """A row that was born here was written through this other object: from now on it is the one that is true."""
    scope = _scope.get()
    key = type(subject)._meta.label, subject.pk
    if scope is not None and key in scope.born:
        scope.born[key] = subject


def is_born(subject: Any) -> bool:
    """True when this object is the newest copy of a row that the running journey itself inserted."""
    scope = _scope.get()
    return scope is not None and scope.born.get((type(subject)._meta.label, subject.pk)) is subject


def gathers() -> bool:
    """True in an import's batch."""
    scope = _scope.get()
    return scope is not None and scope.gathers


def remember(key: Hashable, make: Callable[[], Any]) -> Any:
    """The answer of `make`, asked once in an import's batch; elsewhere asked each time."""
    scope = _scope.get()
    if scope is None or not scope.gathers:
        return make()
    if key not in scope.answers:
        scope.answers[key] = make()
    return scope.answers[key]


def once(key: Hashable, make: Callable[[], Any]) -> Any:
    """The answer of `make`, asked once in any whole journey; outside of one asked each time."""
    scope = _scope.get()
    if scope is None:
        return make()
    if key not in scope.answers:
        scope.answers[key] = make()
    return scope.answers[key]


def answer(key: Hashable, value: Any) -> None:
    """What `once` shall answer to `key` from here on inside the whole journey: who writes something knows it already."""
    scope = _scope.get()
    if scope is not None:
        scope.answers[key] = value


def forget() -> None:
    """Drop what was remembered: a setting was changed inside the journey."""
    scope = _scope.get()
    if scope is not None:
        scope.answers.clear()


def at_end(write: Callable[[list], Any], rows: list) -> None:
    """Write these rows with `write` together with others at the end of the whole journey, outside of one at once.

    For what nobody reads inside the journey: the journal's facts, the deltas of kept figures.
    """
    scope = _scope.get()
    if scope is None:
        write(rows)
    else:
        scope.queues.setdefault(write, []).extend(rows)


def write_gathered() -> None:
    """Write now what waits for the end of the whole journey: for who must read a row of it at once."""
    scope = _scope.get()
    if scope is not None:
        scope.flush()


def note(text: str) -> None:
    """Keep in mind until the end of the whole journey that this is so; outside of one nothing is kept."""
    scope = _scope.get()
    if scope is not None:
        scope.notes.add(text)


def is_noted(text: str) -> bool:
    """True when the running journey noted that."""
    scope = _scope.get()
    return scope is not None and text in scope.notes


def later(write: Callable[[list], Any], rows: list) -> None:
    """Write these rows with `write`: at the end of an import's batch together with others, elsewhere at once."""
    scope = _scope.get()
    if scope is None or not scope.gathers:
        write(rows)
    else:
        scope.queues.setdefault(write, []).extend(rows)
