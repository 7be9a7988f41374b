"""What a process keeps in memory between requests, and how it learns that it is old.

One small statement a request reads the marks; an action that changes roles, grants, branches or calendars renews the
mark in its own transaction, so every process acts on the change with its next request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db import connections

from aftercare.domain.people.models import Stamp
from aftercare.foundation import transactions

ACCESS, CALENDAR = "access", "calendar"


class Kept:
    """Answers that hold as long as one mark stays the same."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._state: tuple[str, dict[Hashable, Any]] = ("", {})

    def fetch(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The kept answer for `key`, made anew when the mark has changed; one statement to look at the mark."""
        return self.at_mark(self.mark(), key, make)

    def mark(self) -> str:
        """The mark in force; empty when nothing was ever changed by an action."""
        return transactions.remember(("stamp", self._name), self._read_mark)

    def _read_mark(self) -> str:
        # By hand: it is the one statement of every request, and takes the ORM longer to write than to run.
        with connections[Stamp._default_manager.db].cursor() as cursor:
            cursor.execute("SELECT mark FROM people_stamp WHERE name = %s", [self._name])
            found = cursor.fetchone()
        return found[0] if found else ""

    def find(self, mark: str, key: Hashable, look: Callable[[], Any]) -> Any:
        """As `at_mark`, but what is not found is not kept: whoever guesses keys fills no memory."""
        if self._state[0] == mark and key in self._state[1]:
            return self._state[1][key]
        found = look()
        return None if found is None else self.at_mark(mark, key, lambda: found)

    def at_mark(self, mark: str, key: Hashable, make: Callable[[], Any]) -> Any:
        """As `fetch`, with a mark already read."""
        if not mark:
            return make()
        known_mark, answers = self._state
        if known_mark != mark:
            # A new dict and not `clear()`: another thread may still be filling the old one with old answers.
            answers = {}
            self._state = (mark, answers)
        if key not in answers:
            answers[key] = make()
        return answers[key]


access = Kept(ACCESS)
calendar = Kept(CALENDAR)
