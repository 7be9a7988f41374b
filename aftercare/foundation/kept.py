"""Settings that a process keeps in memory: schedules, terms, trees, charts. Read often, changed by few people seldom.

A model whose class says `is_setting = True` is one: whatever opens or revises such a row renews the mark of all settings in
its own transaction, and every process asks for the mark once a request. The mark lies in the people room's table of
marks; foundation knows the call.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from aftercare.foundation import transactions

_CHANGED = "settings changed here"


class Store:
    """Answers that hold as long as one mark stays the same."""

    def __init__(self) -> None:
        self._state: tuple[str, dict[Hashable, Any]] = ("", {})

    def find(self, mark: str, key: Hashable, look: Callable[[], Any]) -> Any:
        """As `at_mark`, but what is not found is not kept: whoever guesses keys fills no memory."""
        if self._state[0] == mark and key in self._state[1]:
            return self._state[1][key]
        found = look()
        return None if found is None else self.at_mark(mark, key, lambda: found)

    def at_mark(self, mark: str, key: Hashable, make: Callable[[], Any]) -> Any:
        """The kept answer for `key`, made anew when the mark has changed; an empty mark keeps nothing."""
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


_store = Store()
_mark: Callable[[], str] | None = None
_renew: Callable[[], None] | None = None


def connect(mark: Callable[[], str], renew: Callable[[], None]) -> None:
    """Called once, by the people room, at start: how the mark is read, and how it is renewed in a transaction."""
    global _mark, _renew
    _mark, _renew = mark, renew


def setting(key: Hashable, make: Callable[[], Any]) -> Any:
    """The answer of `make`, which reads settings: kept until one of them changes. It is shared and must not be changed."""
    if transactions.gathers():
        return transactions.remember(key, make)
    if _mark is None or transactions.is_noted(_CHANGED):
        return make()
    return _store.at_mark(_mark(), key, make)


def found(key: Hashable, look: Callable[[], Any]) -> Any:
    """As `setting`, but None is not kept: whoever guesses names fills no memory."""
    if transactions.gathers() or _mark is None or transactions.is_noted(_CHANGED):
        return look()
    return _store.find(_mark(), key, look)


def change() -> None:
    """Tell that settings were changed in the running transaction: it sees them at once, others when it commits."""
    transactions.forget()
    transactions.note(_CHANGED)
    # At the journey's end, so that the one row of the mark is held as short as can be.
    transactions.at_end(_write, [None])


def _write(_rows: list) -> None:
    if _renew is not None:
        _renew()
