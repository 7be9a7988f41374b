"""What stock is worth."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Round

from aftercare.domain.inventory import access
from aftercare.domain.inventory.models import Cost
from aftercare.foundation.access import Actor, visible

ZERO = Decimal(0)


def unit_costs(part_ids: Iterable[int], *, branch_id: int, actor: Actor) -> dict[int, Decimal]:
    """The moving average of parts in a branch; refuses who may not see costs."""
    actor.require(access.VIEW_COST, branch_id=branch_id)
    rows = Cost.objects.filter(branch_id=branch_id, part_id__in=list(part_ids), qty__gt=0)
    return {row.part_id: row.value_amount / row.qty for row in rows}


def stock_value(actor: Actor) -> dict[int, Decimal]:
    """Value of the stock by branch, of the branches whose costs the actor may see."""
    rows = visible(Cost, actor).order_by().values("branch_id").annotate(total=Round(Sum("value_amount"), 6))
    return {row["branch_id"]: row["total"] or ZERO for row in rows}


def costs_of(part_id: int, actor: Actor) -> list[Cost]:
    """Quantity and value of a part in each branch whose costs the actor may see."""
    return list(visible(Cost, actor).filter(part_id=part_id, qty__gt=0).select_related("branch").order_by("branch__number"))


def unit_values(actor: Actor, *, branch_id: int | None = None) -> dict[tuple[int, int], Decimal]:
    """The moving average by (branch, part) of what is in stock, of the branches whose costs the actor may see."""
    rows = visible(Cost, actor).filter(qty__gt=0)
    if branch_id is not None:
        rows = rows.filter(branch_id=branch_id)
    return {(row.branch_id, row.part_id): row.value_amount / row.qty for row in rows}


def parts_of(part_ids: Iterable[int]) -> dict[int, Any]:
    """These parts by id, for who tells what lies where."""
    return Cost._meta.get_field("part").related_model._default_manager.in_bulk(set(part_ids))
