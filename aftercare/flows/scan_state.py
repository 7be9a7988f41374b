"""What a scanner's job wants and what was scanned of it so far, as plain values that a page can carry. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.foundation.refusals import RuleBroken


@dataclass(frozen=True)
class Spot:
    """A place of the job; goods in a bin are taken only after the bin's own code was scanned."""

    id: int
    code: str
    name: str
    is_bin: bool


@dataclass(frozen=True)
class Want:
    """One line of the document: what is to be scanned, how much, from which spots (place id → quantity there)."""

    key: str
    part_id: int
    code: str
    name: str
    qty: Decimal
    unit: str = ""
    # That lot or serial number and no other.
    lot: str = ""
    # Where none is fixed: the numbers that lie there, when that is known.
    lots: frozenset[str] = frozenset()
    is_serial: bool = False
    is_lot: bool = False
    spots: Mapping[int, Decimal] = field(default_factory=dict)
    # More than wanted is kept up to here (tolerance of an order); None: nothing more.
    most: Decimal | None = None
    hint: str = ""
    # Not goods but somebody or something else of these kinds (an employee's badge, a document, the thing itself); one scan of it.
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Job:
    """What is to be done with a document. `way`: goods are taken from the place scanned, put there, or neither."""

    name: str
    number: str
    title: str
    address: str
    wants: tuple[Want, ...]
    spots: Mapping[int, Spot] = field(default_factory=dict)
    way: str = ""
    needs_place: bool = False
    # Lots and serial numbers are new to the house: what is scanned after the part is its number.
    is_arrival: bool = False
    # How an end before all is scanned is taken: "whole" (refused), "confirm", "free".
    short: str = "free"
    # What is promised to a line of it is its own; else lines share what lies free.
    is_promised: bool = False
    # What a scan may be told to be instead of good: damaged, rejected. Empty: nothing.
    bad: str = ""

    def want(self, key: str) -> Want | None:
        """The line of that key."""
        return next((one for one in self.wants if one.key == key), None)


@dataclass(frozen=True)
class Pick:
    """One scan: which line, how much of it (`per` base units a scan), from or to where. Without a line it is a wrong part."""

    want: str
    part_id: int
    qty: Decimal
    lot: str = ""
    place: int | None = None
    per: Decimal = Decimal(1)
    # The last day of the lot, as the maker's code told it.
    expires: str = ""
    # Damaged or rejected.
    bad: bool = False
    # Who or what was scanned, where no goods are; only to be shown.
    name: str = ""


@dataclass(frozen=True)
class State:
    """What was scanned so far. `part` waits for its lot or serial number; `excess` and `wrong` keep what was not ordered;
    `bad` says that the next scan is damaged.
    """

    picks: tuple[Pick, ...] = ()
    place: int | None = None
    part: int | None = None
    excess: bool = False
    wrong: bool = False
    bad: bool = False

    def told(self) -> dict[str, Any]:
        """As plain values, for a page to carry."""
        return asdict(self) | {"picks": [asdict(one) | {"qty": f"{one.qty}", "per": f"{one.per}"} for one in self.picks]}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> State:
        """From plain values; refuses what is no state (`bad_state`)."""
        try:
            picks = tuple(
                Pick(str(one["want"])[:80], int(one["part_id"]), _number(one["qty"]), str(one.get("lot") or "")[:60],
                     int(one["place"]) if one.get("place") else None, _number(one.get("per") or "1"), _day(one.get("expires")), bool(one.get("bad")),
                     str(one.get("name") or "")[:80])
                for one in told.get("picks", ())
            )
            place, part = (int(told[name]) if told.get(name) else None for name in ("place", "part"))
            return cls(picks, place, part, bool(told.get("excess")), bool(told.get("wrong")), bool(told.get("bad")))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            raise RuleBroken(_("扫描记录已损坏，请重新开始"), code="bad_state") from None


def _number(text: Any) -> Decimal:
    number = Decimal(str(text))
    if not number.is_finite() or number < 0 or number != number.quantize(Decimal("0.001")):
        raise ValueError(text)
    return number


def _day(text: Any) -> str:
    return dt.date.fromisoformat(str(text)).isoformat() if text else ""


@dataclass(frozen=True)
class Said:
    """What the keeper hears of a good scan; `tone` is ok, ask (one more scan is needed) or done (finish now)."""

    text: str
    tone: str = "ok"
