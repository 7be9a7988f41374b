"""Which units a service contract covers, what it promises them, and which contract counts where several do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scope:
    """One line of a contract's coverage: a unit, a category (with all below it), a site; empty ones do not narrow.

    All that a line names must fit; a line that names nothing covers every unit of the customer.
    """

    asset_id: int | None = None
    category_id: int | None = None
    site: str = ""


@dataclass(frozen=True)
class Insured:
    """What is known of a unit when the contract that covers it is looked for."""

    asset_id: int
    customer_id: int | None
    categories: tuple[int, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Coverage:
    """One line of a contract in force on a day, with what the contract promises."""

    contract_id: int
    number: str
    name: str
    customer_id: int
    starts_on: dt.date
    ends_on: dt.date
    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    respond_minutes: int | None
    repair_minutes: int | None
    scope: Scope

    @property
    def promise(self) -> dict[str, Any]:
        """What an order keeps of its contract: who it is, and its time limits in working minutes (None: the usual)."""
        return {
            "id": self.contract_id, "number": self.number, "name": self.name,
            "respond_minutes": self.respond_minutes, "repair_minutes": self.repair_minutes,
        }


def folded(text: str) -> str:
    """A place as it is compared: without spaces, full-width signs and case."""
    import unicodedata

    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def nearness(scope: Scope, unit: Insured) -> int | None:
    """How closely a line names the unit (a unit beats a site, a site a category, that the customer); None: not at all."""
    if scope.asset_id is not None and scope.asset_id != unit.asset_id:
        return None
    if scope.category_id is not None and scope.category_id not in unit.categories:
        return None
    if scope.site and folded(scope.site) not in folded(unit.place):
        return None
    near = 100 - unit.categories.index(scope.category_id) if scope.category_id is not None else 0
    return (10_000 if scope.asset_id is not None else 0) + (1_000 if scope.site else 0) + near


def choose(rows: Iterable[Coverage], unit: Insured) -> Coverage | None:
    """The contract that counts for the unit: the one that names it most closely, of equals the one that lasts longest."""
    best, rank = None, None
    for row in rows:
        if row.customer_id != unit.customer_id:
            continue
        near = nearness(row.scope, unit)
        if near is None:
            continue
        here = (near, row.ends_on, -row.contract_id)
        if rank is None or here > rank:
            best, rank = row, here
    return best
