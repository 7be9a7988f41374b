"""What a process keeps in memory between requests, and how it learns that it is old.

One small statement a request reads the marks; an action that changes roles, grants, branches or calendars renews the
mark in its own transaction, so every process acts on the change with its next request.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from django.db import connections

from aftercare.domain.people.models import Stamp
from aftercare.foundation import transactions
from aftercare.foundation.kept import Store

ACCESS, CALENDAR, SETTINGS = "access", "calendar", "settings"
_seen: contextvars.ContextVar[list[dict[str, str]] | None] = contextvars.ContextVar("marks_seen", default=None)


@contextlib.contextmanager
def marks_once() -> Iterator[None]:
    """Inside it, for the time of one request, the marks are read once."""
    token = _seen.set([])
    try:
        yield
    finally:
        _seen.reset(token)


def forget_marks() -> None:
    """A mark was renewed inside the request: read them again."""
    seen = _seen.get()
    if seen is not None:
        seen.clear()


def _marks() -> dict[str, str]:
    seen = _seen.get()
    if seen:
        return seen[0]
    found = transactions.once("people.stamps", _read_marks)
    if seen is not None:
        seen.append(found)
    return found


def _read_marks() -> dict[str, str]:
    # By hand: it is the one statement of every request, and takes the ORM longer to write than to run.
    with connections[Stamp._default_manager.db].cursor() as cursor:
        cursor.execute("SELECT name, mark FROM people_stamp")
        return dict(cursor.fetchall())


class Kept(Store):
    """Answers that hold as long as one mark stays the same."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def fetch(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The kept answer for `key`, made anew when the mark has changed."""
        return self.at_mark(self.mark(), key, make)

    def mark(self) -> str:
        """The mark in force; empty when nothing was ever changed by an action."""
        return _marks().get(self._name, "")


access = Kept(ACCESS)
calendar = Kept(CALENDAR)


def settings_mark() -> str:
    """The mark of all settings (see `foundation.kept`)."""
    return _marks().get(SETTINGS, "")
