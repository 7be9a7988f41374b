"""The stock ledger, read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory.models import Place, StockMove
from aftercare.domain.inventory.queries.blind import hidden_from
from aftercare.foundation import plans
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


def list_moves(actor: Actor) -> QuerySet[StockMove]:
    """The stock ledger as far as the actor may see it."""
    return visible(StockMove, actor).select_related("part", "from_place", "to_place")


def seen_moves(actor: Actor) -> QuerySet[StockMove]:
    """The ledger for the actor's eyes: without moves from and to where he counts that part blind now; they tell what lies there."""
    rows = list_moves(actor)
    for side in ("from_place_id", "to_place_id"):
        hidden = hidden_from(actor, place=side)
        rows = rows if hidden is None else rows.exclude(hidden)
    return rows


def get_move(move_id: int, actor: Actor) -> StockMove:
    """One row of the stock ledger; refuses one that is not seen."""
    found = list_moves(actor).filter(pk=move_id).first()
    if found is None:
        raise NotFound(_("没有找到流水"), kind="inventory.stockmove")
    return found


def moves_of(source: Source) -> list[StockMove]:
    """All moves of a document, oldest first."""
    return plans.rows(_moves_of, source.kind, source.id)


def _moves_of(kind: str, source_id: int) -> QuerySet[StockMove]:
    rows = StockMove.objects.filter(source_kind=kind, source_id=source_id)
    return rows.select_related("part", "from_place", "to_place").order_by("pk")


def used_by(source: Source) -> dict[tuple[str, int], Decimal]:
    """What the customer has got through the document, by (line, part_id); what came back is taken off."""
    used: dict[tuple[str, int], Decimal] = {}
    for move in moves_of(source):
        sign = (move.to_place.kind_of == Place.Kind.CUSTOMER) - (move.from_place.kind_of == Place.Kind.CUSTOMER)
        if sign:
            used[move.line, move.part_id] = used.get((move.line, move.part_id), ZERO) + sign * move.qty
    return {key: qty for key, qty in used.items() if qty}


def cost_of(source: Source) -> Decimal:
    """What the parts that the document used cost the company (moving average when they left), unrounded."""
    total = ZERO
    for move in moves_of(source):
        sign = (move.to_place.kind_of == Place.Kind.CUSTOMER) - (move.from_place.kind_of == Place.Kind.CUSTOMER)
        total += sign * move.qty * move.unit_cost
    return total


def recent_moves(
    actor: Actor, *, part_id: int | None = None, place_ids: Iterable[int] | None = None, limit: int = 20
) -> list[StockMove]:
    """The newest moves of a part, or from and to these places, as far as the actor may see them."""
    rows = seen_moves(actor).order_by("-pk")
    if part_id is not None:
        return list(rows.filter(part_id=part_id)[:limit])
    ids = list(place_ids or ())
    # Each side has an index of its own, newest first; both together have none.
    sides = [rows.filter(from_place_id__in=ids)[:limit], rows.filter(to_place_id__in=ids)[:limit]]
    found = {move.pk: move for side in sides for move in side}
    return [found[pk] for pk in sorted(found, reverse=True)[:limit]]


def line_costs(kind: str, ids: Iterable[int]) -> dict[tuple[int, str], tuple[Decimal, Decimal]]:
    """Pieces used and what they cost (unrounded), by document id and line, of many documents of one kind. One statement."""
    found: dict[tuple[int, str], tuple[Decimal, Decimal]] = {}
    rows = StockMove.objects.filter(source_kind=kind, source_id__in=list(ids)).order_by("pk")
    for source_id, line, qty, unit_cost, origin, goal in rows.values_list(
        "source_id", "line", "qty", "unit_cost", "from_place__kind_of", "to_place__kind_of"
    ):
        sign = (goal == Place.Kind.CUSTOMER) - (origin == Place.Kind.CUSTOMER)
        pieces, cost = found.get((source_id, line), (ZERO, ZERO))
        found[source_id, line] = pieces + sign * qty, cost + sign * qty * unit_cost
    return found
