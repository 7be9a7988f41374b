"""Kept figures: counts and sums without counting."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from aftercare.domain.work import access as permissions
from aftercare.domain.work.lifecycle import OPEN, Status
from aftercare.domain.work.models import Figure, WorkOrder
from aftercare.foundation import access
from aftercare.foundation.access import Actor


def _rows(actor: Actor) -> QuerySet[Figure] | None:
    """The figures of the branches reached; None for who sees only his own or an outlet's orders."""
    reach = actor.reach(permissions.VIEW)
    if reach is None:
        return Figure.objects.none()
    if reach.everywhere:
        return Figure.objects.all()
    if reach.people and not reach.branches:
        return None
    return Figure.objects.filter(branch_id__in=reach.branches)


def figures(actor: Actor, *, since: dt.date | None = None, until: dt.date | None = None,
            branch_id: int | None = None) -> list[dict]:
    """Orders and money by local month of registration and state: dicts month, status, orders, amount (CNY).

    `since` and `until` are first days of months, both inclusive. Sees the branches reached. One statement.
    """
    rows = _rows(actor)
    if rows is None:
        mine = access.visible(WorkOrder, actor)
        return _grouped(mine, Count("pk"), Sum("amount"), since, until, branch_id)
    return _grouped(rows, Sum("orders"), Sum("amount"), since, until, branch_id)


def _grouped(rows, orders, amount, since, until, branch_id) -> list[dict]:
    if since:
        rows = rows.filter(month__gte=since)
    if until:
        rows = rows.filter(month__lte=until)
    if branch_id:
        rows = rows.filter(branch_id=branch_id)
    found = rows.order_by("month", "status").values("month", "status").annotate(n=orders, sum=amount)
    return [
        {"month": row["month"], "status": row["status"], "orders": row["n"], "amount": row["sum"] or Decimal("0.00")}
        for row in found if row["n"] or row["sum"]
    ]


def sums_by_status(actor: Actor, **bounds) -> dict[str, tuple[int, Decimal]]:
    """Orders and money by state over all months within the bounds of `figures`."""
    sums: dict[str, list] = defaultdict(lambda: [0, Decimal("0.00")])
    for row in figures(actor, **bounds):
        sums[row["status"]][0] += row["orders"]
        sums[row["status"]][1] += row["amount"]
    return {status: (orders, amount) for status, (orders, amount) in sums.items()}


def count_by_status(actor: Actor) -> dict[str, int]:
    """Counts for the tabs of a list, by state, every state named; from kept figures (an outlet's orders are those of
    its own branch there)."""
    found = sums_by_status(actor)
    return {status: found.get(status, (0, 0))[0] for status in Status.values}


def compare_figures() -> list[str]:
    """What the kept figures say wrongly, one line each; none when they equal a count. For `aftercare check`."""
    kept = {
        (r["branch_id"], r["month"], r["status"]): (r["n"], r["s"] or Decimal(0))
        for r in Figure.objects.order_by().values("branch_id", "month", "status").annotate(n=Sum("orders"), s=Sum("amount"))
    }
    true = {
        (r["branch_id"], r["month"], r["status"]): (r["n"], r["s"] or Decimal(0))
        for r in WorkOrder.objects.order_by().values("branch_id", "month", "status").annotate(n=Count("pk"), s=Sum("amount"))
    }
    zero = (0, Decimal(0))
    return [
        f"branch {key[0]}, {key[1]}, {key[2]}: kept {kept.get(key, zero)}, counted {true.get(key, zero)}"
        for key in sorted(set(kept) | set(true)) if kept.get(key, zero) != true.get(key, zero)
    ]


def count_bench(actor: Actor) -> dict[str, int]:
    """Open carry-in orders by state, as far as the actor sees; counted, since kept figures know no way of service."""
    rows = access.visible(WorkOrder, actor).filter(mode=WorkOrder.Mode.BENCH, status__in=sorted(OPEN))
    return dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
