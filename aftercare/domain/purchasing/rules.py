"""Plain rules of supply: amounts, levels of approval, tolerances, packs, verdicts. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)
CENT = Decimal("0.01")
STEP = Decimal("0.001")


class Level(NamedTuple):
    """Up to `up_to` (None: without limit) whoever holds `right` approves."""

    up_to: Decimal | None
    right: str


def line_amounts(qty: Decimal, price: Decimal, tax_percent: Decimal) -> tuple[Decimal, Decimal]:
    """Net and tax of a line, each rounded half up to the cent, so that a paper's totals are the sums of its lines."""
    net = (qty * price).quantize(CENT, rounding=ROUND_HALF_UP)
    return net, (net * tax_percent / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def totals(lines: Iterable[tuple[Decimal, Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """Net and tax of (quantity, price, tax percent) lines."""
    net = tax = Decimal("0.00")
    for qty, price, percent in lines:
        one, its_tax = line_amounts(qty, price, percent)
        net, tax = net + one, tax + its_tax
    return net, tax


def required_right(levels: Iterable[Level], amount: Decimal, default: str) -> str:
    """The right that approves `amount`: that of the lowest level which reaches it.

    Above the highest limited level, or without any level, `default` (the highest right) decides.
    """
    limited = sorted((level for level in levels if level.up_to is not None), key=lambda level: level.up_to)
    for level in limited:
        if amount <= level.up_to:
            return level.right
    return next((level.right for level in levels if level.up_to is None), default)


def rights_at_least(right: str, ranked: Sequence[str]) -> Sequence[str]:
    """That right and the higher ones: each of them suffices."""
    return ranked[ranked.index(right):] if right in ranked else ranked[-1:]


def rounded_to_packs(qty: Decimal, pack: Decimal, least: Decimal = ZERO) -> Decimal:
    """The least quantity not below `qty` and `least` that whole packs make."""
    wanted = max(qty, least)
    if pack <= 0 or wanted <= 0:
        return max(wanted, ZERO)
    return ((wanted / pack).to_integral_value(rounding=ROUND_CEILING) * pack).quantize(STEP)


def ceiling(qty: Decimal, over_percent: Decimal) -> Decimal:
    """What may be kept of a line at most: the quantity and its tolerance, never more than the percentage says."""
    return (qty * (100 + over_percent) / 100).quantize(STEP, rounding="ROUND_FLOOR")


def split_excess(qty: Decimal, kept: Decimal, limit: Decimal) -> tuple[Decimal, Decimal]:
    """Of `qty` that came: what may be kept, and what is too much."""
    keep = max(min(qty, limit - kept), ZERO)
    return keep, qty - keep


def is_verdict_whole(qty: Decimal, accepted: Decimal, rejected: Decimal) -> bool:
    """True when a verdict speaks of all that came, and of nothing twice."""
    return accepted >= 0 and rejected >= 0 and accepted + rejected == qty


def arrival_of(lines: Iterable[tuple[Decimal, Decimal, Decimal, Decimal]]) -> str:
    """waiting, partial or full, from (ordered, cancelled, kept, rejected) of each line."""
    lines = list(lines)
    if all(kept >= qty - cancelled for qty, cancelled, kept, _rejected in lines):
        return "full"
    return "partial" if any(kept or rejected for *_x, kept, rejected in lines) else "waiting"


class MatchLine(NamedTuple):
    """One line of an invoice beside what was ordered and received.

    `limit` is the most that may be kept of the order's line, `received` what was kept and judged, `invoiced` what earlier invoices took.
    """

    name: str
    qty: Decimal
    price: Decimal
    tax_percent: Decimal
    order_price: Decimal
    order_tax: Decimal
    limit: Decimal
    received: Decimal
    invoiced: Decimal


class Allowed(NamedTuple):
    """A price may differ by a percentage of the ordered one, or by an amount in a line."""

    price_percent: Decimal
    price_amount: Decimal


class Difference(NamedTuple):
    """What does not agree: of which line, with what it should be and what it is."""

    line: str
    code: str
    expected: Decimal
    found: Decimal


def match(
    lines: Sequence[MatchLine], allowed: Allowed, *, stated: Decimal | None = None, computed: Decimal = ZERO
) -> list[Difference]:
    """Three-way match: all differences between invoice, order and receipt that no tolerance covers.

    The paper's total may differ from the sum of its lines by a cent for each line, which is how suppliers round.
    """
    found = []
    for line in lines:
        total = line.invoiced + line.qty
        if total > line.limit:
            found.append(Difference(line.name, "more_than_ordered", line.limit, total))
        if total > line.received:
            found.append(Difference(line.name, "more_than_received", line.received, total))
        gap = abs(line.price - line.order_price)
        if gap * 100 > allowed.price_percent * line.order_price and gap * line.qty > allowed.price_amount:
            found.append(Difference(line.name, "price_differs", line.order_price, line.price))
        if line.tax_percent != line.order_tax:
            found.append(Difference(line.name, "tax_differs", line.order_tax, line.tax_percent))
    if stated is not None and abs(stated - computed) > CENT * len(lines):
        found.append(Difference("", "total_differs", computed, stated))
    return found


def split_gross(gross: Decimal, net: Decimal, tax: Decimal) -> tuple[Decimal, Decimal]:
    """Net and tax of an amount with tax, in the proportion of another paper's; they sum to it exactly."""
    part = (gross * net / (net + tax)).quantize(CENT, rounding=ROUND_HALF_UP) if net + tax else gross
    return part, gross - part
