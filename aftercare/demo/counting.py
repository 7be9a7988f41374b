"""Stocktakes and classes of the demo: a van counted and booked, bins of the store half counted, last month's usage in classes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Count

from aftercare.demo.company import CENTRES, SYSTEM, Company
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock

MINUTE = dt.timedelta(minutes=1)


def count(company: Company, now: dt.datetime) -> None:
    """Give the first service centre its stocktakes and its classes; done once, after the stores are filled."""
    centre = next(iter(CENTRES))
    depot, keeper = company.catalogue.depots[centre], company.by("keeper", centre)
    inventory.classify(depot.branch_id, actor=SYSTEM, at=now)
    places = stock.list_places(SYSTEM).filter(branch_id=depot.branch_id)
    fullest = stock.balances(SYSTEM).filter(place__branch_id=depot.branch_id, place__kind_of="van").values("place_id").annotate(
        parts=Count("pk")).order_by("-parts", "place_id").first()
    if fullest is not None:  # at the end of a month all vans may be empty
        _van(places.get(pk=fullest["place_id"]), keeper, company.by("manager", "HQ"), now)
    _bins(depot, list(places.filter(parent=depot).order_by("pk")[:3]), keeper, now)


def _van(van, keeper, manager, now: dt.datetime) -> None:
    """Counted by the keeper and, where a piece lacks, by another; the manager books it."""
    inventory.set_count_rule(van.branch_id, recount_percent=Decimal(20), is_own_count=True, actor=SYSTEM, at=now - 90 * MINUTE)
    take = inventory.plan_stocktake(van, scope="whole", memo="月度抽盘", actor=keeper, at=now - 80 * MINUTE)
    lines = list(stock.stocktake_lines(take))
    short = next((line for line in lines if line.book_qty > 5 and line.condition == "good"), None)
    counted = [_counted(line, line.book_qty - (line is short)) for line in lines]
    inventory.record_counts(take, lines=counted, actor=keeper, at=now - 60 * MINUTE)
    take = inventory.finish_round(take, actor=keeper, at=now - 50 * MINUTE)
    if take.status == "submitted":
        inventory.approve_stocktake(take, reason="漏记用料", actor=manager, at=now - 30 * MINUTE)


def _bins(depot, bins, keeper, now: dt.datetime) -> None:
    """Three bins of the store, of which the first is counted."""
    take = inventory.plan_stocktake(depot, scope="bins", bins=[one.pk for one in bins], memo="A 排循环盘点", actor=keeper, at=now - 20 * MINUTE)
    lines = [line for line in stock.stocktake_lines(take) if line.place_id == bins[0].pk]
    if lines:
        inventory.record_counts(take, lines=[_counted(line, line.book_qty) for line in lines], actor=keeper, at=now - 10 * MINUTE)


def _counted(line, qty: Decimal) -> inventory.CountLine:
    return inventory.CountLine(line.part_id, qty, line.place_id, line.condition, line.lot)
