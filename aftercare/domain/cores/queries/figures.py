"""How much each engineer and outlet owes, and what it does to his month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Min, Q

from aftercare.domain.cores import access, rules
from aftercare.domain.cores.lifecycle import CoreStatus
from aftercare.domain.cores.models import CoreReturn
from aftercare.foundation import money
from aftercare.foundation.access import Actor, visible


@dataclass(frozen=True)
class Total:
    """What one outlet or engineer (`kind`) owes and has brought, in tags, and what he pays for overdue ones (CNY)."""

    kind: str
    number: str
    name: str
    owed: int
    overdue: int
    received: int
    shipped: int
    credited: int
    refused: int
    oldest_due_on: dt.date | None
    charged_amount: Decimal


def totals(actor: Actor, *, day: dt.date, text: str = "") -> list[Total]:
    """A line for each outlet and engineer that owes or owed anything, most overdue first. Two statements."""
    actor.require_anywhere(access.VIEW)
    found = [*_grouped(actor, "outlet", day), *_grouped(actor, "employee", day)]
    text = text.strip().lower()
    if text:
        found = [one for one in found if text in one.name.lower() or text == one.number.lower()]
    return sorted(found, key=lambda one: (-one.overdue, -one.owed, one.kind, one.number))


def total_of(actor: Actor, *, day: dt.date, employee_id: int | None = None, outlet_id: int | None = None) -> Total | None:
    """The line of one of them; None when he never owed anything."""
    kind, key = ("outlet", outlet_id) if outlet_id else ("employee", employee_id)
    return next(iter(_grouped(actor, kind, day, key)), None)


def _grouped(actor: Actor, kind: str, day: dt.date, key: int | None = None) -> list[Total]:
    rows = visible(CoreReturn, actor).exclude(status=CoreStatus.CANCELLED).exclude(**{kind: None})
    if kind == "employee":
        rows = rows.filter(outlet=None)
    if key is not None:
        rows = rows.filter(**{f"{kind}_id": key})
    counted = rows.order_by().values(who=F(f"{kind}__number"), who_name=F(f"{kind}__name")).annotate(
        count_owed=_count(CoreStatus.OWED), count_overdue=_count(CoreStatus.OWED, due_on__lt=day),
        count_received=_count(CoreStatus.RECEIVED), count_shipped=_count(CoreStatus.SHIPPED),
        count_credited=_count(CoreStatus.CREDITED), count_refused=_count(CoreStatus.REFUSED),
        oldest=Min("due_on", filter=Q(status=CoreStatus.OWED)), charged=money.summed("charged_amount"),
    )
    return [
        Total(kind, row["who"], row["who_name"], row["count_owed"], row["count_overdue"], row["count_received"], row["count_shipped"],
              row["count_credited"], row["count_refused"], row["oldest"], row["charged"])
        for row in counted
    ]


def _count(status: str, **more) -> Count:
    return Count("id", filter=Q(status=status, **more))


def overdue_of(*, day: dt.date, employee_id: int | None = None, outlet_id: int | None = None) -> list[CoreReturn]:
    """What an engineer (without an outlet between) or an outlet has not brought in time and that touches his month."""
    rows = CoreReturn.objects.filter(status=CoreStatus.OWED, due_on__lt=day).exclude(blocking="none").select_related("part")
    rows = rows.filter(outlet_id=outlet_id) if outlet_id else rows.filter(employee_id=employee_id, outlet=None)
    return list(rows.order_by("due_on", "id"))


def policy_of(rows: Iterable[CoreReturn]) -> str:
    """What these overdue pieces do to a month: the strictest of their rules."""
    return rules.strictest(row.blocking for row in rows)
