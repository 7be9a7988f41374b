"""Cash sheet and unsettled orders: what was collected, what is not handed in, what is not settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from aftercare.domain.work import queries as work
from aftercare.foundation.access import Actor
from aftercare.foundation.spreadsheet import Column
from aftercare.reports import access

UNSETTLED_COLUMNS = (
    Column(_("服务单号"), width=20), Column(_("机构")), Column(_("工程师")), Column(_("客户")), Column(_("审核时间"), "instant"),
    Column(_("应收"), "money"),
)


def _billing():
    from aftercare.domain.billing import queries

    return queries


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
    """The branch's collections of that day, by collector and method; as billing gives it."""
    actor.require(access.VIEW_CASH, branch_id=branch_id)
    return _billing().cash_sheet(branch_id, day)


def collected_by(employee_id: int, day: dt.date) -> tuple[Decimal, Decimal]:
    """What he collected that day, and how much of it he has not handed in."""
    try:
        billing = _billing()
    except ImportError:
        return Decimal(0), Decimal(0)
    return billing.collected_by(employee_id, day)


def collected_in(day: dt.date, actor: Actor) -> dict[int, tuple[Decimal, Decimal]]:
    """Collected that day and not handed in, by branch."""
    try:
        billing = _billing()
    except ImportError:
        return {}
    return billing.collected_in(day, actor)
