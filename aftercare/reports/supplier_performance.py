"""供应商绩效: on time, complete, defects, spend and price trend of each supplier over some days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftercare.domain.parties import queries as suppliers
from aftercare.domain.purchasing import access
from aftercare.domain.purchasing import queries as supply
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.spreadsheet import Column

ZERO = Decimal(0)
COLUMNS = (
    Column(_("供应商编号")), Column(_("供应商"), width=24), Column(_("到期订单"), "integer"), Column(_("按期率"), "percent"), Column(_("到齐率"), "percent"),
    Column(_("验收数量"), "quantity"), Column(_("不合格数量"), "quantity"), Column(_("不合格率"), "percent"), Column(_("采购金额"), "money"),
    Column(_("价格变动"), "percent"),
)  # fmt: skip


@dataclass(frozen=True)
class Performance:
    """One supplier. Rates are fractions; None where nothing could be measured."""

    number: str
    name: str
    due: int
    on_time_rate: Decimal | None
    complete_rate: Decimal | None
    came_qty: Decimal
    rejected_qty: Decimal
    defect_rate: Decimal | None
    spend_amount: Decimal
    price_change: Decimal | None


def calculate(actor: Actor, *, since: dt.date, until: dt.date) -> list[Performance]:
    """Every supplier with orders due, goods judged or parts ordered on these days, the largest spend first. Four statements.

    On time: the order was complete on or before the day it was expected; an order that never came in full is neither on time
    nor complete. Price change: what the latest quantities cost at the last price, against the first price of these days.
    """
    actor.require_anywhere(access.VIEW)
    start, end = clock.day_bounds(since, actor.zone)[0], clock.day_bounds(until, actor.zone)[1]
    promises, bought = defaultdict(list), defaultdict(list)
    for one in supply.promises(actor, since=since, until=until):
        promises[one.supplier_id].append(one)
    for row in supply.paid(actor, since=start, until=end):
        bought[row.supplier_id].append(row)
    judged = supply.judged(actor, since=start, until=end)
    known = {row.pk: row for row in suppliers.list_suppliers(actor).filter(pk__in={*promises, *bought, *judged})}
    rows = [_of(known[pk], promises[pk], bought[pk], *judged.get(pk, (ZERO, ZERO))) for pk in known]
    return sorted(rows, key=lambda row: (-row.spend_amount, row.number))


def _of(supplier, due: list, bought: list, came: Decimal, rejected: Decimal) -> Performance:
    in_time = sum(one.is_full and one.full_on is not None and one.full_on <= one.expected_on for one in due)
    spend = sum((row.price * row.qty for row in bought), ZERO).quantize(Decimal("0.01"))
    return Performance(
        supplier.number, supplier.name, len(due), _rate(in_time, len(due)), _rate(sum(one.is_full for one in due), len(due)), came, rejected,
        _rate(rejected, came), spend, price_change(bought),
    )


def _rate(part, whole) -> Decimal | None:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001")) if whole else None


def price_change(bought: Iterable) -> Decimal | None:
    """By how much the last prices differ from the first ones, weighted by the last quantities (Paasche); None without a second price."""
    first, last, times = {}, {}, defaultdict(int)
    for row in bought:
        first.setdefault(row.part_id, row.price)
        last[row.part_id] = row
        times[row.part_id] += 1
    again = [row for part, row in last.items() if times[part] > 1 and first[part]]
    before = sum((first[row.part_id] * row.qty for row in again), ZERO)
    after = sum((row.price * row.qty for row in again), ZERO)
    return (after / before - 1).quantize(Decimal("0.0001")) if before else None


def rows(found: Iterable[Performance]) -> list[tuple]:
    """The cells of the spreadsheet."""
    return [(one.number, one.name, one.due, one.on_time_rate, one.complete_rate, one.came_qty, one.rejected_qty, one.defect_rate,
             one.spend_amount, one.price_change) for one in found]
