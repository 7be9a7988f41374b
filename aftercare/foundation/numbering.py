"""Document numbers for people: prefix, local day, serial: `WO261122000017`.

One upsert per number, in the document's own transaction, so numbers have no holes.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt

from django.db import connection, transaction

_blocks: contextvars.ContextVar[dict | None] = contextvars.ContextVar("number_blocks", default=None)


def take(kind: str, day: dt.date | None = None, *, digits: int = 6) -> str:
    """The next number of `kind` for that local day (without day: one series for ever)."""
    period = f"{day:%y%m%d}" if day else ""
    blocks = _blocks.get()
    serial = _advance(kind, period, 1) if blocks is None else _from_block(blocks, kind, period)
    return f"{kind}{period}{serial:0{digits}d}"


@contextlib.contextmanager
def blocks(size: int):
    """Inside it numbers are reserved `size` at a time: for imports that make many documents a transaction.

    Numbers of a block that are not used up are holes; that is the price of the speed.
    """
    token = _blocks.set({"size": size})
    try:
        yield
    finally:
        _blocks.reset(token)


class _Block:
    """Numbers reserved together, for as long as the reservation stands: a rollback takes it back for all processes."""

    def __init__(self, left: list[int]) -> None:
        self.left = left
        self._is_committed = not connection.in_atomic_block
        if not self._is_committed:
            transaction.on_commit(self._commit)

    def _commit(self) -> None:
        self._is_committed = True

    def stands(self) -> bool:
        # Django forgets the callbacks of a transaction or savepoint that was rolled back.
        return self._is_committed or any(call[1] == self._commit for call in connection.run_on_commit)


def _from_block(state: dict, kind: str, period: str) -> int:
    block = state.get((kind, period))
    if block is None or not block.left or not block.stands():
        # Records' own days may each have few documents: grow the block with use.
        size = state.get(("size", kind, period), 1)
        state["size", kind, period] = min(size * 4, state["size"])
        last = _advance(kind, period, size)
        block = state[(kind, period)] = _Block(list(range(last, last - size, -1)))
    return block.left.pop()


def _advance(kind: str, period: str, by: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_series (kind, period, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (kind, period) DO UPDATE SET last = foundation_series.last + excluded.last RETURNING last",
            [kind, period, by],
        )
        return cursor.fetchone()[0]
