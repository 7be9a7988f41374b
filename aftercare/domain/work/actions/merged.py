"""Two products turned out to be one: their orders are about the one, and are found by its name."""

from __future__ import annotations

from django.db.models import F

from aftercare.domain.work.actions.opening import _words
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation.access import Actor

MERGE_WORDS = "catalog.merge"
_CHUNK = 500


def take_over_orders(old, into, *, actor: Actor) -> int:
    """All orders about `old` are about `into` from now on, closed ones too; gives back how many. In the merge's transaction."""
    actor.require_anywhere(MERGE_WORDS)
    ids = list(WorkOrder.objects.filter(product=old).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _CHUNK):
        chunk = WorkOrder.objects.filter(pk__in=ids[start : start + _CHUNK])
        chunk.update(product=into, version=F("version") + 1)
        orders = list(chunk.select_related("customer", "asset", "product"))
        for order in orders:
            order.search = _words(order)
        WorkOrder.objects.bulk_update(orders, ["search"])
    return len(ids)
