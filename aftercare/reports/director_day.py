"""主管日报: each branch's day in a line; the director looks it over and signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from aftercare.domain.cases import queries as cases
from aftercare.domain.inventory import queries as inventory
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as work
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.spreadsheet import Column
from aftercare.reports import access, cash

COLUMNS = (
    Column(_("机构"), width=20), Column(_("新单"), "integer"), Column(_("完工"), "integer"), Column(_("未完结"), "integer"),
    Column(_("超时"), "integer"), Column(_("缺件"), "integer"), Column(_("投诉"), "integer"), Column(_("收款"), "money"),
    Column(_("未交款"), "money"), Column(_("未结算单"), "integer"), Column(_("未结算金额"), "money"),
)


@dataclass(frozen=True)
class BranchDay:
    """One branch's figures. New, finished, complaints and money are of the day; the rest is as it stands at `at`."""

    branch_id: int
    number: str
    name: str
    new: int
    finished: int
    open: int
    late: int
    short_parts: int
    complaints: int
    collected_amount: Decimal
    held_amount: Decimal
    unsettled: int
    unsettled_amount: Decimal

    def figures(self) -> dict:
        """Plain values for the signature."""
        return {k: str(v) if isinstance(v, Decimal) else v for k, v in asdict(self).items()}


def calculate(actor: Actor, *, day: dt.date, at: dt.datetime, branch_id: int | None = None) -> list[BranchDay]:
    """A line for each branch the actor may report on (or the one), with anything to tell or not. Nine statements."""
    actor.require_anywhere(access.VIEW_DIRECTOR_DAY)
    branches = [b for b in people.list_branches(actor) if branch_id in (None, b.pk)]
    branches = [b for b in branches if actor.may(access.VIEW_DIRECTOR_DAY, branch_id=b.pk)]
    start, end = clock.day_bounds(day, actor.zone)
    orders = work.list_orders(actor, branch=branch_id)
    new = _count(orders.filter(created_at__gte=start, created_at__lt=end))
    finished = _count(orders.filter(finished_at__gte=start, finished_at__lt=end))
    still_open = _count(work.list_orders(actor, branch=branch_id, open=True))
    late = _count(work.list_orders(actor, branch=branch_id, late=True, at=at))
    short = _count(inventory.list_requests(actor).filter(status="open"))
    complaints = _count(cases.list_contacts(actor, kind="complaint").filter(created_at__gte=start, created_at__lt=end))
    unsettled, money = cash.count_unsettled(actor), cash.collected_in(actor, day)
    nothing = (Decimal(0), Decimal(0))
    return [
        BranchDay(
            b.pk, b.number, b.name, new.get(b.pk, 0), finished.get(b.pk, 0), still_open.get(b.pk, 0), late.get(b.pk, 0),
            short.get(b.pk, 0), complaints.get(b.pk, 0), *money.get(b.pk, nothing), *unsettled.get(b.pk, (0, Decimal(0))),
        )
        for b in branches
    ]


def rows(days: list[BranchDay]) -> Iterator[tuple]:
    """Rows for `COLUMNS`."""
    for d in days:
        yield (d.name, d.new, d.finished, d.open, d.late, d.short_parts, d.complaints, d.collected_amount, d.held_amount,
               d.unsettled, d.unsettled_amount)


def _count(found: QuerySet) -> dict[int, int]:
    grouped = found.select_related(None).order_by().values("branch_id").annotate(n=Count("pk"))
    return dict(grouped.values_list("branch_id", "n"))
