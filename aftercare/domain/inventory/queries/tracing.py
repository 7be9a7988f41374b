"""Quantities traced through the ledger by the lines of documents: for rooms that prove theirs against it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from aftercare.domain.inventory.models import Balance, Place, StockMove

ZERO = Decimal(0)


def used_lines(kind: str, ids: Iterable[int]) -> dict[tuple[int, str, int], Decimal]:
    """What customers have got through these documents of one kind, by (document id, line, part_id). One statement."""
    found: dict[tuple[int, str, int], Decimal] = {}
    rows = StockMove.objects.filter(source_kind=kind, source_id__in=list(ids)).order_by("pk")
    for source_id, line, part_id, qty, origin, goal in rows.values_list(
        "source_id", "line", "part_id", "qty", "from_place__kind_of", "to_place__kind_of"
    ):
        sign = (goal == Place.Kind.CUSTOMER) - (origin == Place.Kind.CUSTOMER)
        if sign:
            found[source_id, line, part_id] = found.get((source_id, line, part_id), ZERO) + sign * qty
    return {key: qty for key, qty in found.items() if qty}


def inside_by_line(kind: str, *, condition: str) -> dict[tuple[int, str], Decimal]:
    """What documents of one kind have brought into the company's places in that condition, less what they took out again,
    by (document id, line). One statement."""
    found: dict[tuple[int, str], Decimal] = {}
    rows = StockMove.objects.filter(source_kind=kind).order_by("pk").values_list(
        "source_id", "line", "qty", "from_place__kind_of", "from_condition", "to_place__kind_of", "to_condition")
    for source_id, line, qty, origin, was, goal, becomes in rows.iterator(2000):
        into = goal not in Place.OUTSIDE and becomes == condition
        out = origin not in Place.OUTSIDE and was == condition
        if into != out:
            found[source_id, line] = found.get((source_id, line), ZERO) + (qty if into else -qty)
    return {key: qty for key, qty in found.items() if qty}


def on_hand_in(condition: str) -> dict[tuple[int, int, str], Decimal]:
    """What lies anywhere in that condition, by (place_id, part_id, lot). One statement."""
    rows = Balance.objects.filter(condition=condition, on_hand_qty__gt=0)
    return {(place, part, lot): qty for place, part, lot, qty in rows.values_list("place_id", "part_id", "lot", "on_hand_qty")}
