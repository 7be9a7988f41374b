"""Plain rules of stock: input lines, keys of balances, the moving average. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)
COST_STEP = Decimal("0.000001")
GOOD = "good"
# Conditions that carry value; old and defective parts are kept in number only.
VALUED = frozenset({"good", "inspection"})


class Key(NamedTuple):
    """What a balance is kept by; the order of keys is the order of locking."""

    place_id: int
    part_id: int
    condition: str
    lot: str


class ReserveLine(NamedTuple):
    """What one line of a document wants promised: `qty` is what shall be promised after the call (0 releases)."""

    line: str
    part_id: int
    place_id: int
    qty: Decimal
    serial: str = ""


class ReceiveLine(NamedTuple):
    """Goods that come: what they cost each (None: today's average), lot or serial number, its day, bin and condition.

    An empty `condition` is the one of the whole receipt, `place_id` None the place of the whole receipt.
    """

    part_id: int
    qty: Decimal
    unit_cost: Decimal | None = None
    serial: str = ""
    expires_on: dt.date | None = None
    place_id: int | None = None
    condition: str = ""
    line: str = ""


class UseLine(NamedTuple):
    """What one line of a document has used in total, and where it was taken from (None: where it is reserved)."""

    line: str
    part_id: int
    qty: Decimal
    place_id: int | None = None
    serial: str = ""


class Spot(NamedTuple):
    """A balance that goods may be taken from, with what decides which goes first."""

    key: Key
    pk: int
    on_hand: Decimal
    reserved: Decimal
    is_serial: bool
    parent_id: int | None
    position: str
    expires_on: dt.date | None
    received: str


def serves(spot: Spot, wish: Key) -> bool:
    """True when goods there are what is wished: in that place or a bin of it, and that lot when one is named."""
    key = spot.key
    if key.part_id != wish.part_id or key.condition != wish.condition or wish.place_id not in (key.place_id, spot.parent_id):
        return False
    return key.lot == wish.lot if wish.lot else not spot.is_serial


def is_expired(spot: Spot, today: dt.date) -> bool:
    """True when the goods there may not be used on that day any more."""
    return spot.expires_on is not None and spot.expires_on < today


def choose_spots(spots: Iterable[Spot], free: Mapping[Key, Decimal], qty: Decimal) -> list[tuple[Key, Decimal]]:
    """From which of these to take `qty`: what expires first, then what came first; one spot rather than two, then as one walks."""
    chosen = []

    def order(spot: Spot):
        return (spot.expires_on or dt.date.max, spot.received, free[spot.key] < qty, spot.position, spot.key)

    for spot in sorted((s for s in spots if free[s.key] > 0), key=order):
        if qty <= 0:
            break
        part = min(qty, free[spot.key])
        chosen.append((spot.key, part))
        qty -= part
    return chosen


@dataclass(frozen=True)
class MoveLine:
    """One thing going from a place to a place. `unit_cost` None takes the moving average."""

    part_id: int
    qty: Decimal
    from_place: int
    to_place: int
    from_condition: str = GOOD
    to_condition: str = GOOD
    serial: str = ""
    lot: str = ""
    unit_cost: Decimal | None = None
    line: str = ""


@dataclass
class Shift:
    """Changes of one balance, merged over all lines of a document."""

    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    lines: list[str] = field(default_factory=list)
    is_serial: bool = False


def is_enough(on_hand: Decimal, reserved: Decimal, shift: Shift) -> bool:
    """True when the balance stays whole: nothing below zero, nothing promised that is not there."""
    on_hand, reserved = on_hand + shift.on_hand, reserved + shift.reserved
    return on_hand >= 0 and 0 <= reserved <= on_hand


def take_out(qty: Decimal, value: Decimal, taken: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Unit cost of `taken` units at the moving average, and the quantity and value that remain.

    The last unit takes all that is left, so that an empty store is worth exactly nothing.
    """
    if qty <= 0:
        return ZERO, qty - taken, value
    unit = (value / qty).quantize(COST_STEP, rounding=ROUND_HALF_UP)
    if taken == qty:
        return unit, ZERO, ZERO
    return unit, qty - taken, value - (unit * taken).quantize(COST_STEP, rounding=ROUND_HALF_UP)


def put_in(qty: Decimal, value: Decimal, put: Decimal, unit: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and value after `put` units came at `unit` each."""
    return qty + put, value + (unit * put).quantize(COST_STEP, rounding=ROUND_HALF_UP)


def average(qty: Decimal, value: Decimal) -> Decimal:
    """The moving average of one unit; 0 when there is none."""
    return (value / qty).quantize(COST_STEP, rounding=ROUND_HALF_UP) if qty > 0 else ZERO


def replay(moves: Iterable[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """Quantity and value of a valuation area after its moves in order: (signed quantity, unit cost) each."""
    qty = value = ZERO
    for signed, unit in moves:
        if signed > 0:
            qty, value = put_in(qty, value, signed, unit)
        else:
            _unit, qty, value = take_out(qty, value, -signed)
    return qty, value


def booking_day(day: dt.date, closed_to: dt.date | None, today: dt.date) -> dt.date:
    """The day itself when it is open; else today, the first open day at the earliest."""
    if closed_to is None or day > closed_to:
        return day
    return max(today, closed_to + dt.timedelta(days=1))


def document_day(dated_on: dt.date, today: dt.date, back_days: int, closed_to: dt.date | None) -> dt.date:
    """On which day a document is booked: on its own when that is open and not too long ago, else today."""
    is_near = dt.timedelta(0) <= today - dated_on <= dt.timedelta(days=back_days)
    return booking_day(dated_on if is_near else today, closed_to, today)


def needs_second_person(value: Decimal, limit: Decimal | None, *, is_writer: bool) -> bool:
    """True when who wrote a document of that value may not post it."""
    return is_writer and limit is not None and value > limit


class Count(NamedTuple):
    """What one person counted in one round, and what the books said at that moment."""

    person: str
    qty: Decimal
    expected: Decimal

    @property
    def difference(self) -> Decimal:
        return self.qty - self.expected


class Tolerance(NamedTuple):
    """Above which difference a second person counts again: in units, in per cent of the book, in money; None: not asked."""

    qty: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None


def exceeds(count: Count, unit_cost: Decimal, tolerance: Tolerance) -> bool:
    """True when the difference of a first count is too large to stand alone; what the books do not know at all is over any per cent."""
    gap = abs(count.difference)
    if not gap:
        return False
    over_percent = tolerance.percent is not None and gap * 100 > tolerance.percent * max(count.expected, ZERO)
    over_qty = tolerance.qty is not None and gap > tolerance.qty
    return over_percent or over_qty or (tolerance.amount is not None and gap * unit_cost > tolerance.amount)


class Verdict(NamedTuple):
    """Which count stands (its position), or None: somebody else must count again. `is_disputed`: three that never agreed."""

    stands: int | None
    is_disputed: bool = False


def judge_counts(counts: list[Count], unit_cost: Decimal, tolerance: Tolerance, *, again: bool = False) -> Verdict:
    """What follows from the counts of a line, oldest first, each by another person.

    Compared are differences, not quantities: goods may have moved between two counts. One count stands within the tolerance
    (`again`: the auditor wants a second one whatever it says). Of several the last stands when it agrees with the books or
    with an earlier one; a third stands anyhow, disputed.
    """
    if not counts:
        return Verdict(None)
    last = len(counts) - 1
    gap = counts[last].difference
    if last == 0:
        return Verdict(None if again or exceeds(counts[0], unit_cost, tolerance) else 0)
    if not gap or gap in [count.difference for count in counts[:last]]:
        return Verdict(last)
    return Verdict(last, is_disputed=True) if last >= 2 else Verdict(None)


class Usage(NamedTuple):
    """What was used of a part: its value in all, and how many units month by month (a month without use is 0)."""

    part_id: int
    value: Decimal
    months: tuple[Decimal, ...]


class Ranked(NamedTuple):
    """A part's place in the order of usage value, the share in per cent up to and with it, and its letter."""

    rank: int
    share: Decimal
    letter: str


_SHARE = Decimal("0.0001")


def rank_by_value(usages: Iterable[Usage], a_percent: Decimal, b_percent: Decimal) -> dict[int, Ranked]:
    """ABC by usage value: the parts that make up the first `a_percent` of it are A, those up to `b_percent` B, the rest C.

    The part that crosses a border belongs to the better class, so that A always covers at least its share (Pareto analysis as
    in Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th ed., ch. 2). What was not used, or
    came back more than it was used, is C. Equal values go by part id.
    """
    rows = sorted(usages, key=lambda one: (-one.value, one.part_id))
    total = sum((max(one.value, ZERO) for one in rows), ZERO)
    ranked, before = {}, ZERO
    for rank, one in enumerate(rows, start=1):
        after = before + max(one.value, ZERO)
        letter = "C"
        if one.value > 0:
            letter = "A" if before * 100 < a_percent * total else "B" if before * 100 < b_percent * total else "C"
        share = (after * 100 / total).quantize(_SHARE, rounding=ROUND_HALF_UP) if total else ZERO
        ranked[one.part_id] = Ranked(rank, share, letter)
        before = after
    return ranked


def variation(months: Iterable[Decimal]) -> Decimal | None:
    """Coefficient of variation of monthly usage: population standard deviation over the mean; None when the mean is not above 0.

    The usual measure of XYZ analysis (Scholz-Reiter, Heger, Meinecke and Bergmann, Integration of demand forecasts in ABC-XYZ
    analysis, International Journal of Productivity and Performance Management 61(4), 2012).
    """
    months = list(months)
    mean = sum(months, ZERO) / len(months) if months else ZERO
    if mean <= 0:
        return None
    square = sum(((qty - mean) ** 2 for qty in months), ZERO) / len(months)
    return (square.sqrt() / mean).quantize(_SHARE, rounding=ROUND_HALF_UP)


def letter_of_variation(value: Decimal | None, x_most: Decimal, y_most: Decimal) -> str:
    """XYZ: X up to `x_most`, Y up to `y_most`, Z above; Z too when nothing was used."""
    if value is None or value > y_most:
        return "Z"
    return "X" if value <= x_most else "Y"
