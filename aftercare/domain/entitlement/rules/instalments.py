"""The price of a contract in instalments, exact to the cent, and what of it is earned when the contract ends early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aftercare.domain.entitlement.rules.dates import add_months
from aftercare.foundation import money


@dataclass(frozen=True)
class Share:
    """One instalment: when it is due, and its amount in the contract's currency."""

    due_on: dt.date
    amount: Decimal


def split_price(price: Decimal, count: int, first_due_on: dt.date, every_months: int) -> list[Share]:
    """The price in `count` instalments as equal as cents allow (larger ones first); their sum is the price.

    Due every `every_months` months by the calendar; a day that a month lacks is that month's end.
    """
    amounts = money.shares(price, [Decimal(1)] * count)
    return [Share(add_months(first_due_on, index * every_months), amount) for index, amount in enumerate(amounts)]


def days_between(first: dt.date, last: dt.date) -> int:
    """Days from the first to the last one, both counted; none when the last lies before the first."""
    return max((last - first).days + 1, 0)


def paused_days(pauses: Iterable[tuple[dt.date, dt.date | None]], last: dt.date) -> int:
    """Days up to `last` on which the contract stood still; a pause that is still open runs to it. Pauses never overlap."""
    return sum(days_between(begin, min(end or last, last)) for begin, end in pauses)


def earned_amount(price: Decimal, agreed_days: int, served_days: int) -> Decimal:
    """What of the price belongs to the days served, by the day, rounded half up; never more than the price."""
    if served_days >= agreed_days:
        return money.rounded(price)
    return money.rounded(price * max(served_days, 0) / agreed_days)


def cut_to(amounts: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """The instalments in their order cut so that they sum to `total`: full ones, one part, then nothing."""
    left, cut = total, []
    for amount in amounts:
        taken = min(amount, left)
        cut.append(taken)
        left -= taken
    return cut
