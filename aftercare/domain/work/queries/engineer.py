"""What an engineer looks at on his telephone: his orders of all days, and the part lines he has to carry."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q

from aftercare.domain.work.lifecycle import BEFORE_WORK, IN_WORK, Status
from aftercare.domain.work.models import Material, WorkOrder
from aftercare.foundation import access, clock
from aftercare.foundation.access import Actor

_ACTIVE = BEFORE_WORK | IN_WORK | {Status.REWORK}
_LISTED = ("customer", "product", "asset", "region", "branch", "work_type")


def list_for_engineer(employee_id: int, *, day: dt.date, actor: Actor) -> list[WorkOrder]:
    """All his orders that are not done with, whenever they are planned, and those finished on that local day.

    In one statement, at most 300, oldest first.
    """
    start, end = clock.day_bounds(day, actor.zone)
    rows = access.visible(WorkOrder, actor).filter(engineer_id=employee_id).select_related(*_LISTED)
    wanted = Q(status__in=sorted(_ACTIVE)) | Q(finished_at__gte=start, finished_at__lt=end)
    return list(rows.filter(wanted).order_by("id")[:300])


def count_unnamed(actor: Actor) -> int:
    """Orders given to the actor's own outlet for which nobody is named yet; 0 where his branch is none. One statement."""
    rows = access.visible(WorkOrder, actor)
    return rows.filter(outlet_id=actor.branch_id, engineer=None, status=Status.DISPATCHED).count()


def list_materials_at_hand(employee_id: int, actor: Actor) -> list[Material]:
    """Part lines of his open orders that are not used yet, with order, part and place. One statement."""
    seen = access.visible(WorkOrder, actor).filter(engineer_id=employee_id, status__in=sorted(_ACTIVE))
    rows = Material.objects.filter(order__in=seen, used_qty__lt=F("qty")).select_related("order", "part", "place")
    return list(rows.order_by("order_id", "id")[:300])
