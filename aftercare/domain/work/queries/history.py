"""Orders around a unit, a customer, a fault: what was, what is open, what helped before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from aftercare.domain.work.lifecycle import FINISHED, OPEN, Status
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation import access, plans, statements
from aftercare.foundation.access import Actor

_LISTED = ("product", "asset", "engineer", "outlet", "branch", "work_type")


def open_orders_of_asset(asset_id: int) -> list[WorkOrder]:
    """Orders of that unit that are not done with: a second request is warned of them, whoever's they are."""
    rows = WorkOrder.objects.filter(asset_id=asset_id, status__in=sorted(OPEN)).select_related(*_LISTED)
    return list(rows.order_by("-id")[:10])


def open_numbers_of_asset(asset_id: int) -> list[str]:
    """Numbers of that unit's orders that are not done with, newest first: enough to warn."""
    return plans.rows(_open_numbers, asset_id)


def _open_numbers(asset_id: int) -> QuerySet:
    rows = WorkOrder.objects.filter(asset_id=asset_id, status__in=sorted(OPEN))
    return rows.order_by("-id").values_list("number", flat=True)[:10]


def open_orders_of_customer(customer_id: int, actor: Actor) -> list[WorkOrder]:
    """The customer's orders that are not done with, as far as the actor sees."""
    rows = access.visible(WorkOrder, actor).filter(customer_id=customer_id, status__in=sorted(OPEN))
    return list(rows.select_related(*_LISTED).order_by("-id")[:20])


def list_of_customer(customer_id: int, actor: Actor, *, limit: int = 20) -> list[WorkOrder]:
    """The customer's newest orders, as far as the actor sees."""
    return statements.read(_newest, where=access.scope(WorkOrder, actor), limit=limit, customer_id=customer_id)


def _newest() -> QuerySet[WorkOrder]:
    return WorkOrder.objects.select_related(*_LISTED).order_by("-id")


def list_of_asset(asset_id: int, actor: Actor, *, limit: int = 20) -> list[WorkOrder]:
    """The unit's newest orders, as far as the actor sees."""
    return statements.read(_newest_repairs, where=access.scope(WorkOrder, actor), limit=limit, asset_id=asset_id)


def _newest_repairs() -> QuerySet[WorkOrder]:
    return WorkOrder.objects.select_related(*_LISTED, "fault", "solution").order_by("-id")


def earlier_free_repairs(asset_id: int, fault_id: int | None, *, but: int | None = None) -> list[str]:
    """Numbers of the unit's finished repairs of that fault that were not paid by the customer, oldest first."""
    if fault_id is None:
        return []
    return plans.rows(_free_repairs, asset_id, fault_id, but or 0)


def _free_repairs(asset_id: int, fault_id: int, but: int) -> QuerySet:
    rows = WorkOrder.objects.filter(asset_id=asset_id, fault_id=fault_id, status__in=sorted(FINISHED)).exclude(service_class="A")
    return rows.exclude(pk=but).order_by("id").values_list("number", flat=True)[:20]


def repeats_of(order: WorkOrder) -> QuerySet[WorkOrder]:
    """Later repairs of the same fault that were joined to this order."""
    return WorkOrder.objects.filter(repeat_of_id=order.pk).order_by("id")


@dataclass(frozen=True)
class Solution:
    """What helped before: the cause and solution codes, and in how many similar orders."""

    cause_id: int | None
    cause: str
    solution_id: int
    solution: str
    times: int


@dataclass(frozen=True)
class Troubles:
    """How a product does: its open orders, and its faults among the newest `looked_at` orders, the most frequent first."""

    open: int
    looked_at: int
    faults: list[tuple[int, str, int]]


def troubles_of_product(product_id: int, actor: Actor, *, limit: int = 8) -> Troubles:
    """Open orders and faults of a product, among the orders this actor may see; three statements."""
    rows = access.visible(WorkOrder, actor).filter(product_id=product_id)
    # The newest few thousand tell enough and keep it quick on a large register.
    newest = list(rows.order_by("-id").values_list("pk", flat=True)[:2000])
    grouped = WorkOrder.objects.filter(pk__in=rows.order_by("-id").values("pk")[:2000], fault__isnull=False).order_by()
    counts = grouped.values("fault_id", "fault__name").annotate(n=Count("pk")).order_by("-n", "fault_id")[:limit]
    faults = [(row["fault_id"], row["fault__name"], row["n"]) for row in counts]
    return Troubles(rows.filter(is_open=True).count(), len(newest), faults)


def suggested_solutions(*, product_id: int | None = None, category_id: int | None = None, fault_id: int | None = None,
                        limit: int = 5) -> list[Solution]:
    """What solved similar orders (same fault; same product, else same category), the most frequent first.

    Words are not copied from the orders, so nothing of another customer is shown. At most two statements.
    """
    if not fault_id and not product_id:
        return []
    for scope in ({"product_id": product_id} if product_id else None, {"category_id": category_id} if category_id else None):
        if scope is None:
            continue
        rows = WorkOrder.objects.filter(status__in=sorted(FINISHED), solution__isnull=False, **scope)
        if fault_id:
            rows = rows.filter(fault_id=fault_id)
        found = _solutions(rows, limit)
        if found:
            return found
    return []


def _solutions(rows, limit: int) -> list[Solution]:
    # The newest few thousand tell enough and keep it quick on a large register.
    newest = rows.order_by("-id").values_list("pk", flat=True)[:2000]
    grouped = (
        WorkOrder.objects.filter(pk__in=newest).order_by()
        .values("cause_id", "cause__name", "solution_id", "solution__name").annotate(n=Count("pk"))
    )
    best = sorted(grouped, key=lambda row: (-row["n"], row["solution_id"], row["cause_id"] or 0))[:limit]
    return [
        Solution(row["cause_id"], row["cause__name"] or "", row["solution_id"], row["solution__name"], row["n"])
        for row in best
    ]


def orders_waiting_for_parts(part_id: int, *, branch_id: int | None = None) -> list[WorkOrder]:
    """Orders in state 待件 that have a line of this part not yet reserved or used, oldest first."""
    rows = WorkOrder.objects.filter(status=Status.WAITING_PART, materials__part_id=part_id)
    if branch_id:
        rows = rows.filter(branch_id=branch_id)
    return list(rows.distinct().order_by("id")[:200])


def unsettled_orders(actor: Actor, *, older_than: dt.datetime | None = None) -> QuerySet[WorkOrder]:
    """Orders audited and not settled: the daily unsettled check reads them with their bills."""
    rows = access.visible(WorkOrder, actor).filter(status=Status.AUDITED).select_related("customer", "engineer", "branch")
    if older_than:
        rows = rows.filter(audited_at__lt=older_than)
    return rows.order_by("audited_at", "id")
