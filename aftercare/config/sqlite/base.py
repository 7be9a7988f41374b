"""Django's SQLite back end, but who wants to write stands in line first and keeps his turn until the transaction ends."""

from __future__ import annotations

import re

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from aftercare.config.sqlite import line

_begins_to_write = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|REINDEX|ANALYZE)\b", re.IGNORECASE).match


class _LoneCursor(base.SQLiteCursorWrapper):
    """For statements outside of a transaction: one that writes is a transaction of its own and takes a turn."""

    def execute(self, query, params=None):
        if not self.wrapper.stands_in_line_for(query):
            return super().execute(query, params)
        self.wrapper.take_turn()
        try:
            return super().execute(query, params)
        finally:
            self.wrapper.leave_turn()

    def executemany(self, query, param_list):
        if not self.wrapper.stands_in_line_for(query):
            return super().executemany(query, param_list)
        self.wrapper.take_turn()
        try:
            return super().executemany(query, param_list)
        finally:
            self.wrapper.leave_turn()


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own, with a line for writers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._turn: line.Place | None = None
        self._line: line.Line | None = None

    def stands_in_line_for(self, query: str) -> bool:
        """Whether this statement begins to write, so that a turn is needed first."""
        return self._turn is None and self.autocommit and _begins_to_write(query) is not None

    def take_turn(self) -> None:
        """Wait until it is this connection's turn to write; refused as SQLite itself would refuse."""
        if self._turn is not None or self.is_in_memory_db():
            return
        if self._line is None:
            self._line = line.of(str(self.settings_dict["NAME"]))
        seconds = self.settings_dict["OPTIONS"].get("timeout", 5)
        try:
            self._turn = self._line.wait(seconds, self.connection)
        except line.WaitedTooLong:
            raise OperationalError(f"database is locked: no turn to write within {seconds} seconds") from None

    def leave_turn(self) -> None:
        """Let the next one write."""
        turn, self._turn = self._turn, None
        if turn is not None:
            self._line.leave(turn)

    def connect(self):
        self.leave_turn()  # of a connection that was lost without being closed
        self._line = None  # tests give a connection another file
        super().connect()

    def create_cursor(self, name=None):
        if not self.autocommit:  # within a transaction, which has its turn
            return super().create_cursor(name)
        cursor = self.connection.cursor(factory=_LoneCursor)
        cursor.wrapper = self
        return cursor

    def _start_transaction_under_autocommit(self):
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.leave_turn()
            raise

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        if autocommit:
            self.leave_turn()

    def _commit(self):
        super()._commit()
        self.leave_turn()

    def _rollback(self):
        super()._rollback()
        self.leave_turn()

    def _close(self):
        try:
            super()._close()
        finally:
            self.leave_turn()
