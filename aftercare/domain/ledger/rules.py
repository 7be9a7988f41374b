"""Plain rules of the money ledger: what a booking's lines must be, and on which day it is booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple


class Side(NamedTuple):
    """One side of a booking, ready to be compared and sorted: the order of sides is the order of locking."""

    account: str
    party_kind: str
    party_id: int
    amount: Decimal


def merged(lines: Iterable[tuple[str, tuple[str, int] | None, Decimal]]) -> list[Side]:
    """Lines of the same account and party as one, without those that come to nothing, in order."""
    sums: dict[tuple[str, str, int], Decimal] = {}
    for account, party, amount in lines:
        kind, number = party or ("", 0)
        key = (str(account), kind, number)
        sums[key] = sums.get(key, Decimal(0)) + amount
    return [Side(*key, amount) for key, amount in sorted(sums.items()) if amount]


def imbalance(sides: Iterable[Side]) -> Decimal:
    """What the sides sum to; a booking may only stand when it is zero."""
    return sum((side.amount for side in sides), Decimal(0))


def booking_day(day: dt.date, closed_to: dt.date | None) -> dt.date:
    """The day itself when it is open, else the first open day."""
    return day if closed_to is None or day > closed_to else closed_to + dt.timedelta(days=1)
