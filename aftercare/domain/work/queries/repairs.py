"""Repairs of units in short: when each began and ended, of what fault, whether under cover, whether it waits for parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from aftercare.domain.work.lifecycle import FINISHED, Status
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation import plans

# Of these results nothing was repaired.
_NOTHING_DONE = frozenset({WorkOrder.Result.NO_FAULT, WorkOrder.Result.UNREPAIRED})
_READ = ("asset_id", "pk", "number", "created_at", "finished_at", "fault_id", "fault__name", "service_class", "status", "result")


@dataclass(frozen=True)
class RepairDone:
    """One order of a unit with a fault; `finished_at` is empty while it runs."""

    asset_id: int
    order_id: int
    number: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    fault_id: int
    fault_name: str
    service_class: str
    is_fixing: bool
    waits_for_part: bool


def repairs_of_assets(asset_ids: Iterable[int]) -> list[RepairDone]:
    """The orders of these units that name a fault, cancelled ones left out, oldest first, whoever's they are; one statement."""
    return [
        RepairDone(
            asset_id, pk, number, created_at,
            (finished_at or created_at) if status in FINISHED or status == Status.REPAIRED else None,
            fault_id, fault, service_class, result not in _NOTHING_DONE, status == Status.WAITING_PART,
        )
        for asset_id, pk, number, created_at, finished_at, fault_id, fault, service_class, status, result
        in plans.rows(_with_fault, list(asset_ids))
    ]


def _with_fault(asset_ids: Iterable[int]) -> QuerySet:
    rows = WorkOrder.objects.filter(asset_id__in=asset_ids, fault__isnull=False).exclude(status=Status.CANCELLED)
    return rows.order_by("pk").values_list(*_READ)
