"""Cash sheet and unsettled orders: what was collected, what is not handed in, what is not settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing import queries as billing
from aftercare.domain.work import queries as work
from aftercare.foundation.access import Actor
from aftercare.foundation.spreadsheet import Column
from aftercare.reports import access

_NOTHING = (Decimal(0), Decimal(0))
CASH_COLUMNS = (
    Column(_("收款人")), Column(_("方式")), Column(_("笔数"), "integer"), Column(_("待交款"), "money"),
    Column(_("已交款"), "money"), Column(_("已作废"), "money"),
)
UNSETTLED_COLUMNS = (
    Column(_("服务单号"), width=20), Column(_("机构")), Column(_("工程师")), Column(_("客户")), Column(_("审核时间"), "instant"),
    Column(_("应收"), "money"),
)


def list_unsettled(actor: Actor, *, older_than: dt.datetime | None = None):
    """Orders audited and not settled, oldest first; a queryset for lists."""
    actor.require_anywhere(access.VIEW_CASH)
    return work.unsettled_orders(actor, older_than=older_than)


def count_unsettled(actor: Actor) -> dict[int, tuple[int, Decimal]]:
    """Number and amount of unsettled orders by branch. One statement."""
    grouped = work.unsettled_orders(actor).select_related(None).order_by().values("branch_id")
    return {row["branch_id"]: (row["n"], row["s"] or Decimal(0)) for row in grouped.annotate(n=Count("pk"), s=Sum("amount"))}


def unsettled_rows(actor: Actor) -> Iterator[tuple]:
    """Rows for `UNSETTLED_COLUMNS`."""
    for order in list_unsettled(actor).iterator(500):
        yield (
            order.number, order.branch.name, order.engineer.name if order.engineer else "",
            order.customer.name if order.customer else order.contact_name, order.audited_at, order.amount,
        )


def cash_sheet(actor: Actor, *, branch_id: int, day: dt.date) -> Any:
    """The branch's collections of that day, by collector and method; see billing.queries.CashSheet."""
    actor.require(access.VIEW_CASH, branch_id=branch_id)
    return billing.cash_sheet(branch_id, day, actor=actor)


def cash_rows(sheet: Any) -> Iterator[tuple]:
    """Rows for `CASH_COLUMNS`."""
    for row in sheet.rows:
        yield row.name, row.method, row.receipts, row.held_amount, row.remitted_amount, row.voided_amount


def collected_by(actor: Actor, employee_id: int, day: dt.date) -> tuple[Decimal, Decimal]:
    """What he collected that day, and how much of it he has not handed in. One statement."""
    rows = billing.list_collections(actor).filter(collected_by_id=employee_id, day=day)
    return _sums(rows.values_list("collected_by_id", "status")).get(employee_id, _NOTHING)


def collected_in(actor: Actor, day: dt.date) -> dict[int, tuple[Decimal, Decimal]]:
    """Collected that day and not handed in, by branch. One statement."""
    return _sums(billing.list_collections(actor).filter(day=day).values_list("branch_id", "status"))


def _sums(rows) -> dict[int, tuple[Decimal, Decimal]]:
    sums: dict[int, tuple[Decimal, Decimal]] = {}
    for key, status, amount in rows.order_by().annotate(total=Sum("amount")):
        if status != "voided":
            collected, held = sums.get(key, _NOTHING)
            sums[key] = (collected + amount, held + (amount if status == "held" else 0))
    return sums
