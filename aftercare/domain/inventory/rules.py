"""Plain rules of stock: input lines, keys of balances, the moving average. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
