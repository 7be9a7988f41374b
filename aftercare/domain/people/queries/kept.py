"""What a process keeps in memory between requests, and how it learns that it is old.

One small statement a request reads the marks; an action that changes roles, grants, branches or calendars renews the
mark in its own transaction, so every process acts on the change with its next request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import Subquery

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
        return Stamp.objects.filter(name=self._name).values_list("mark", flat=True).first() or ""

    def mark_column(self) -> Subquery:
        """The mark in force as a column, for a statement that is read anyway; None where there is none."""
        return Subquery(Stamp.objects.filter(name=self._name).values("mark")[:1])

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
