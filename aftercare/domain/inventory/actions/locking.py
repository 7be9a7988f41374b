"""Balances, locked in the one order that everybody keeps, and numbers as the database gives them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from aftercare.domain.inventory.rules import Key


class Row(NamedTuple):
    """A locked balance."""

    pk: int
    on_hand_qty: Decimal
    reserved_qty: Decimal


# So many keys one statement names; SQLite refuses an expression of a thousand terms.
_MOST = 400


def lock(keys: Iterable[Key]) -> dict[Key, Row]:
    """The balance rows of these keys, locked in key order (SQLite's immediate transaction holds the one lock there is)."""
    keys = list(keys)
    if len(keys) > _MOST:
        keys = sorted(set(keys))
        return {key: row for begin in range(0, len(keys), _MOST) for key, row in lock(keys[begin : begin + _MOST]).items()}
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


def for_update(table: str) -> str:
    """The clause that locks the rows read of that table, where the database locks rows."""
    return f" FOR UPDATE OF {table}" if connection.features.has_select_for_update else ""


def decimal(value: Decimal | int | float) -> Decimal:
    """A number as the database gave it, exact again (SQLite hands decimals out as binary fractions)."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))
