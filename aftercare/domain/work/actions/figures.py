"""Kept figures: every change of state or amount adds its delta; the worker folds deltas together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Sum

from aftercare.domain.work import access as permissions
from aftercare.domain.work.lifecycle import ORDER
from aftercare.domain.work.models import Figure, WorkOrder
from aftercare.foundation import statements
from aftercare.foundation.access import Actor
from aftercare.foundation.money import ZERO, rounded
from aftercare.foundation.refusals import WrongState
from aftercare.foundation.transactions import at_end, step

FOLD_AT_ONCE = 5000


@ORDER.watch
def count_move(order: WorkOrder, changes: dict) -> None:
    """Add the delta of a move: one order less in the old state, one more in the new one."""
    status = changes.get("status", [order.status, order.status])
    amount = changes.get("amount", [order.amount, order.amount])
    add_delta(order, status=status, amount=amount)


def add_delta(order: WorkOrder, *, status: list, amount: list) -> None:
    """Write one delta in one statement; `status` and `amount` are [before, after]."""
    if status[0] == status[1]:
        if amount[0] != amount[1]:
            at_end(_insert, [_row(order, status[1], 0, Decimal(amount[1]) - Decimal(amount[0]))])
        return
    at_end(_insert, [
        _row(order, status[0], -1, -Decimal(amount[0])), _row(order, status[1], 1, Decimal(amount[1])),
    ])


def count_opening(orders: list[WorkOrder]) -> None:
    """Add the deltas of new orders."""
    at_end(_insert, [_row(order, order.status, 1, order.amount) for order in orders])


_DELTA = ("branch_id", "month", "status", "orders", "amount", "is_folded")


def _insert(rows: list[tuple]) -> None:
    """Write deltas; those of one journey that fall together are added up first."""
    sums: dict[tuple, list] = defaultdict(lambda: [0, ZERO])
    for branch_id, month, status, orders, amount in rows:
        total = sums[branch_id, month, status]
        total[0] += orders
        total[1] += amount
    statements.insert_rows(Figure, _DELTA, [
        (*key, orders, amount, False) for key, (orders, amount) in sums.items() if orders or amount
    ])


def _row(order: WorkOrder, status: str, orders: int, amount: Decimal) -> tuple:
    return order.branch_id, order.month, str(status), orders, Decimal(amount)


def set_amount(order: WorkOrder, *, amount: Decimal, actor: Actor, at: dt.datetime) -> WorkOrder:
    """Keep the customer's part of the bill on the order for lists; the bill stays the truth.

    It is a projection like the figures themselves, so it raises no version and makes no fact: the bill did.
    """
    amount = rounded(amount)
    before = order.amount
    if before == amount:
        return order
    with step():
        # The old value stands in the condition: of two racing writers one counts, the other reads again.
        while not statements.update(WorkOrder, {"amount": amount}, pk=order.pk, amount=before):
            before = WorkOrder.objects.values_list("amount", flat=True).get(pk=order.pk)
            if before == amount:
                break
        else:
            add_delta(order, status=[order.status, order.status], amount=[before, amount])
    order.amount = amount
    return order


def fold_figures(*, limit: int = FOLD_AT_ONCE) -> int:
    """Merge up to `limit` deltas into one row per branch, month and state; returns how many were merged.

    Refuses with WrongState when another worker folded the same rows at the same time; nothing is lost then.
    """
    with transaction.atomic():
        fresh = list(Figure.objects.filter(is_folded=False).order_by("id")[:limit])
        if not fresh:
            return 0
        keys = {(row.branch_id, row.month, row.status) for row in fresh}
        months = {month for _branch, month, _status in keys}
        old = [
            row for row in Figure.objects.filter(is_folded=True, month__in=months)
            if (row.branch_id, row.month, row.status) in keys
        ]
        sums: dict[tuple, list] = defaultdict(lambda: [0, ZERO])
        for row in (*fresh, *old):
            total = sums[row.branch_id, row.month, row.status]
            total[0] += row.orders
            total[1] += row.amount
        gone, _each = Figure.objects.filter(pk__in=[row.pk for row in (*fresh, *old)]).delete()
        if gone != len(fresh) + len(old):
            raise WrongState("figures were folded by another worker", code="folded_elsewhere")
        Figure.objects.bulk_create([
            Figure(branch_id=branch, month=month, status=status, orders=orders, amount=amount, is_folded=True)
            for (branch, month, status), (orders, amount) in sorted(sums.items()) if orders or amount
        ])
        return len(fresh)


def rebuild_figures(*, actor: Actor) -> int:
    """Count all orders anew and replace the kept figures; returns the number of rows kept."""
    actor.require_anywhere(permissions.BACKFILL)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # Deltas that commit while we count would be counted twice: writers wait. SQLite has one writer anyway.
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE work_figure IN EXCLUSIVE MODE")
        seen = list(Figure.objects.order_by("id").values_list("pk", flat=True))
        counted = WorkOrder.objects.order_by().values("branch_id", "month", "status").annotate(n=Count("pk"), s=Sum("amount"))
        rows = [
            Figure(branch_id=row["branch_id"], month=row["month"], status=row["status"], orders=row["n"],
                   amount=row["s"] or ZERO, is_folded=True)
            for row in counted
        ]
        for i in range(0, len(seen), 1000):
            Figure.objects.filter(pk__in=seen[i : i + 1000]).delete()
        Figure.objects.bulk_create(rows, batch_size=500)
        return len(rows)
