"""What a job with a scanner is made of: its name on screen, how it is made and booked, and what is asked beside the scans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aftercare.flows.scan_state import Job, Spot

ZERO = Decimal(0)
GOOD = "good"


@dataclass(frozen=True)
class Told:
    """What the keeper told beside the scans: a few words, how money was taken, whether rejected goods are credited."""

    note: str = ""
    method: str = ""
    is_credit: bool = False


@dataclass(frozen=True)
class Kind:
    """One job: its name on screen, the kinds of document or thing it begins with, and how it is made and booked."""

    label: Any
    begins_with: tuple[str, ...]
    make: Callable[..., Job]
    book: Callable[..., str]
    # Label of a few words that go along, and of the box that takes a short end; empty: not asked.
    note: Any = ""
    short: Any = ""
    # What else the page asks: boxes excess, wrong, credit; method of payment.
    asks: tuple[str, ...] = ()


def spots_of(places: Iterable[Any]) -> dict[int, Spot]:
    """These places as a job knows them, by id."""
    return {place.pk: Spot(place.pk, place.code, place.name, place.kind_of == "bin") for place in places}


def summed(rows: Iterable[tuple[int, str, Decimal]]) -> dict[int, Decimal]:
    """Quantity by place of rows of (place id, lot, quantity)."""
    found: dict[int, Decimal] = {}
    for place, _lot, qty in rows:
        found[place] = found.get(place, ZERO) + qty
    return found
