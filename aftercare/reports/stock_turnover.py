"""库存周转: what used goods cost against what lay there, by branch and by place."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory import access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.foundation import money
from aftercare.foundation.access import Actor
from aftercare.foundation.spreadsheet import Column

ZERO = Decimal(0)
# The longest time that is told: each month's end costs a look at all moves since.
MOST_DAYS = 731
GROUPS = {"branch": _("按机构"), "place": _("按库位")}
COLUMNS = (
    Column(_("机构"), width=20), Column(_("库位"), width=20), Column(_("用料成本"), "money"), Column(_("期初金额"), "money"), Column(_("期末金额"), "money"),
    Column(_("平均库存金额"), "money"), Column(_("年周转次数"), "quantity"), Column(_("周转天数"), "integer"),
)  # fmt: skip


@dataclass(frozen=True)
class Turnover:
    """One branch or place. `times` is by the year, `days` how long the average stock lasts; None where nothing lay or was used."""

    branch: Any
    place: Any
    used_amount: Decimal
    first_amount: Decimal
    last_amount: Decimal
    average_amount: Decimal
    times: Decimal | None
    days: int | None


def marks(since: dt.date, until: dt.date) -> list[dt.date]:
    """The days whose evenings are averaged: the one before the first, each month's end, and the last."""
    found = [since - dt.timedelta(days=1)]
    day = since
    while day <= until:
        following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        found.append(min(following - dt.timedelta(days=1), until))
        day = following
    return sorted(set(found))


def calculate(actor: Actor, *, since: dt.date, until: dt.date, group: str = "branch", branch_id: int | None = None) -> list[Turnover]:
    """Turnover on these days, the largest average stock first.

    Usage is what customers got at the cost it left with, less what came back; average stock is the mean of the value on the
    evening before, at each month's end and on the last evening. Turnover = usage cost / average stock value, by the year of 365
    days (the usual inventory turnover of cost accounting). A place's stock is worth its quantity at the branch's average of
    that evening. Refuses who may not see costs.
    """
    actor.require_anywhere(access.VIEW_COST)
    since = max(since, until - dt.timedelta(days=MOST_DAYS))
    days = marks(since, until)
    amounts = stock.amounts_on(days, actor=actor, branch_ids=None if branch_id is None else [branch_id])
    places = {one.pk: one for one in stock.list_places(actor) if one.is_inside and (branch_id is None or one.branch_id == branch_id)}
    used: dict[int, Decimal] = defaultdict(Decimal)
    by_branch = group != "place"
    for place_id, amount in stock.usage_by_place(actor, since=since, until=until).items():
        if place_id in places:
            place = places[place_id]
            used[place.branch_id if by_branch else place.parent_id or place.pk] += amount
    worth = {day: _by_branch(amounts[day]) if by_branch else _by_place(day, amounts[day], places, actor) for day in days}
    length = (until - since).days + 1
    branches = people.list_branches(actor).in_bulk({one.branch_id for one in places.values()})
    rows = []
    for key in sorted({*used, *(key for day in days for key in worth[day])}):
        place = None if by_branch else places.get(key)
        branch = branches.get(key if by_branch else place.branch_id if place else 0)
        if branch is not None:
            rows.append(_row(branch, place, used.get(key, ZERO), [worth[day].get(key, ZERO) for day in days], length))
    return sorted(rows, key=lambda row: (-row.average_amount, row.branch.number))


def _by_branch(amounts: dict[tuple[int, int], Decimal]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(Decimal)
    for (branch, _part), amount in amounts.items():
        found[branch] += amount
    return found


def _by_place(day: dt.date, amounts: dict[tuple[int, int], Decimal], places: dict, actor: Actor) -> dict[int, Decimal]:
    here = [
        (places[place_id], part, qty) for place_id, part, condition, _lot, qty in stock.stock_on(day, actor=actor)
        if place_id in places and condition in ("good", "inspection")
    ]
    whole: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for place, part, qty in here:
        whole[place.branch_id, part] += qty
    found: dict[int, Decimal] = defaultdict(Decimal)
    for place, part, qty in here:
        found[place.parent_id or place.pk] += qty * amounts.get((place.branch_id, part), ZERO) / whole[place.branch_id, part]
    return found


def _row(branch: Any, place: Any, used: Decimal, evenings: list[Decimal], length: int) -> Turnover:
    average = sum(evenings, ZERO) / len(evenings)
    times = (used * 365 / length / average).quantize(Decimal("0.01")) if average > 0 else None
    days = round(average * length / used) if used > 0 else None
    return Turnover(branch, place, *(money.rounded(one) for one in (used, evenings[0], evenings[-1], average)), times, days)


def rows(found: Iterable[Turnover]) -> list[tuple]:
    """The cells of the spreadsheet."""
    return [(one.branch.name, one.place.name if one.place else "", one.used_amount, one.first_amount, one.last_amount, one.average_amount,
             one.times, one.days) for one in found]
