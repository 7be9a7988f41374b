"""Balances, locked in the one order that everybody keeps, and numbers as the database gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from aftercare.domain.inventory.rules import Key


class Row(NamedTuple):
    """A locked balance."""

    pk: int
    on_hand_qty: Decimal
    reserved_qty: Decimal


# So many keys one statement names, and so many changes it makes; SQLite refuses an expression of a thousand terms.
MOST = 400


def lock(keys: Iterable[Key]) -> dict[Key, Row]:
    """The balance rows of these keys, locked in key order (SQLite's immediate transaction holds the one lock there is)."""
    keys = list(keys)
    if len(keys) > MOST:
        return {key: row for part in portions(sorted(set(keys))) for key, row in lock(part).items()}
    if not keys:
        return {}
    # Written out, since building this query anew for every document costs more than running it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, on_hand_qty, reserved_qty, place_id, part_id, condition, lot FROM inventory_balance WHERE "
            + " OR ".join(["(place_id = %s AND part_id = %s AND condition = %s AND lot = %s)"] * len(keys))
            + " ORDER BY place_id, part_id, condition, lot" + for_update("inventory_balance"),
            [value for key in keys for value in key],
        )
        return {Key(*key): Row(pk, decimal(here), decimal(promised)) for pk, here, promised, *key in cursor.fetchall()}


def portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """These rows in their order, as many at a time as a statement may name."""
    for begin in range(0, len(rows), MOST):
        yield rows[begin : begin + MOST]


def for_update(table: str) -> str:
    """The clause that locks the rows read of that table, where the database locks rows."""
    return f" FOR UPDATE OF {table}" if connection.features.has_select_for_update else ""


def decimal(value: Decimal | int | float) -> Decimal:
    """A number as the database gave it, exact again (SQLite hands decimals out as binary fractions)."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))
