"""Which bins and lots a quantity is taken from: what expires first goes first, then what came first, then as one walks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.actions.locking import decimal, for_update
from aftercare.domain.inventory.rules import Key, Spot

# The balances a wish may be served from: those of the place itself and of its bins. A serial number is named, not picked.
_SPOTS = """
SELECT b.id, b.on_hand_qty, b.reserved_qty, b.place_id, b.part_id, b.condition, b.lot, b.is_serial, p.parent_id, p.position,
  l.expires_on, l.received_at
FROM inventory_balance b JOIN inventory_place p ON p.id = b.place_id
LEFT JOIN inventory_lot l ON l.part_id = b.part_id AND l.number = b.lot
WHERE b.part_id IN ({parts}) AND ({wishes}) ORDER BY b.place_id, b.part_id, b.condition, b.lot"""
_EXACT = "(b.place_id = %s AND b.part_id = %s AND b.condition = %s AND b.lot = %s)"
_ANY = "(b.part_id = %s AND b.condition = %s AND NOT b.is_serial AND (b.place_id = %s OR p.parent_id = %s))"


def lock_spots(keys: Iterable[Key], *, exact: Iterable[Key] = ()) -> dict[Key, Spot]:
    """The balances that may serve these wishes, locked in key order; a wish with a lot means that lot alone.

    `exact` are further balances to lock: those of promises that are about to change.
    """
    return _read(keys, exact, lock=True)


def plan(keys: Iterable[Key]) -> dict[Key, Spot]:
    """The same without locking: for a plan that the booking will test again under its own locks."""
    return _read(keys, (), lock=False)


def _read(keys: Iterable[Key], exact: Iterable[Key], *, lock: bool) -> dict[Key, Spot]:
    exact = list(exact)
    wishes, values, parts = [], [], {}
    for key in dict.fromkeys(keys):
        parts[key.part_id] = None
        if key.lot:
            exact.append(key)
        else:
            wishes.append(_ANY)
            values += [key.part_id, key.condition, key.place_id, key.place_id]
    for key in dict.fromkeys(exact):
        parts[key.part_id] = None
        wishes.append(_EXACT)
        values += key
    if not wishes:
        return {}
    sql = _SPOTS.format(parts=", ".join(["%s"] * len(parts)), wishes=" OR ".join(wishes))
    with connection.cursor() as cursor:
        cursor.execute(sql + (for_update("b") if lock else ""), [*parts, *values])
        return {
            Key(*key): Spot(Key(*key), pk, decimal(here), decimal(promised), bool(serial), parent_id, position or "",
                            _day(expires), str(came or ""))
            for pk, here, promised, *key, serial, parent_id, position, expires, came in cursor.fetchall()
        }


def _day(value) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def choose(
    spots: dict[Key, Spot], wish: Key, qty: Decimal, *, taken: dict[Key, Decimal], today: dt.date
) -> list[tuple[Key, Decimal]]:
    """From where to take that much, `taken` being gone already; less than asked when there is not enough.

    What is chosen is added to `taken`.
    """
    fitting = [
        spot for spot in spots.values()
        if rules.serves(spot, wish) and not rules.is_expired(spot, today)
    ]
    free = {spot.key: spot.on_hand - spot.reserved - taken.get(spot.key, rules.ZERO) for spot in fitting}
    chosen = rules.choose_spots(fitting, free, qty)
    for key, part in chosen:
        taken[key] = taken.get(key, rules.ZERO) + part
    return chosen
