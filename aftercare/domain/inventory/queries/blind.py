"""What is hidden from who counts, in one place: while something is counted blind, its quantity is told to nobody who may count it.

Not hidden from who may approve the count, unless he has counted some of it himself. Doors read stock by `seen_balances` and
`seen_free` only; what a verb needs it reads by `balances` and `available`, which hide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from aftercare.domain.inventory import access
from aftercare.domain.inventory.lifecycle import StocktakeStatus
from aftercare.domain.inventory.models import Balance, CountEntry, StocktakeLine
from aftercare.domain.inventory.queries.balances import available, balances
from aftercare.domain.inventory.queries.stocktakes import person_of
from aftercare.foundation.access import Actor, by_branch
from aftercare.foundation.quantity import STEP, QuantityField


class _Told(QuantityField):
    """A quantity that is worked out by the database, with its three places on both of them."""

    def from_db_value(self, value, expression, connection):
        return None if value is None else value.quantize(STEP)


def _blind_lines(actor: Actor) -> QuerySet[StocktakeLine] | None:
    """Lines being counted whose quantity the actor must not see; None when he counts nowhere."""
    if not actor.holds(access.COUNT):
        return None
    counts = by_branch(actor, access.COUNT, branch="stocktake__branch_id", people=("stocktake__place__employee_id",))
    approves = by_branch(actor, access.APPROVE_COUNT, branch="stocktake__branch_id")
    mine = CountEntry.objects.filter(line__stocktake=OuterRef("stocktake"), counter=person_of(actor))
    rows = StocktakeLine.objects.filter(counts, is_open=True, stocktake__status=StocktakeStatus.COUNTING)
    # Who approves everywhere has an empty condition: only what he has counted himself is hidden from him.
    return rows.filter(~approves | Q(Exists(mine))) if approves else rows.filter(Exists(mine))


def hidden_from(actor: Actor, *, place: str = "place_id") -> Exists | None:
    """Condition on balances (or on rows whose place is in that column) that are hidden from the actor; None when nothing ever is."""
    lines = _blind_lines(actor)
    return None if lines is None else Exists(lines.filter(place_id=OuterRef(place), part_id=OuterRef("part_id")))


def hidden_keys(actor: Actor) -> set[tuple[int, int]]:
    """The (place, part) whose quantity is hidden from the actor now."""
    lines = _blind_lines(actor)
    return set() if lines is None else set(lines.order_by().values_list("place_id", "part_id"))


def hidden_at(actor: Actor) -> set[tuple[int, int]]:
    """As `hidden_keys`; what lies in a depot's bins is hidden at the depot, too."""
    lines = _blind_lines(actor)
    if lines is None:
        return set()
    rows = lines.order_by().values_list("place_id", "place__parent_id", "part_id")
    return {(place, part) for spot, parent, part in rows for place in (spot, parent) if place is not None}


def seen_balances(actor: Actor, *, empty: bool = False, is_ranked: bool = False) -> QuerySet[Balance]:
    """Stock as it may be shown to the actor: `seen_qty` on hand, `held_qty` promised, `left_qty` free; null while `is_counting`.

    `rank_qty` is what lists are sorted by: it puts what is hidden together. With `is_ranked` it is asked first whether anything is
    hidden, so that a list sorted by quantity walks its index as long as nothing is.
    """
    rows, lines = balances(actor, empty=empty), _blind_lines(actor)
    hidden = None if lines is None or (is_ranked and not lines.exists()) else hidden_from(actor)
    free = F("on_hand_qty") - F("reserved_qty")
    if hidden is None:
        never = Value(False, output_field=BooleanField())
        return rows.annotate(is_counting=never, seen_qty=F("on_hand_qty"), held_qty=F("reserved_qty"), left_qty=free, rank_qty=F("on_hand_qty"))

    def told(value) -> Case:
        return Case(When(is_counting=True, then=Value(None)), default=value, output_field=_Told())

    return rows.annotate(is_counting=hidden).annotate(
        seen_qty=told(F("on_hand_qty")), held_qty=told(F("reserved_qty")), left_qty=told(free),
        rank_qty=Coalesce(told(F("on_hand_qty")), Value(Decimal(-1)), output_field=_Told()),
    )


def seen_free(part_ids: Iterable[int], place_ids: Iterable[int], actor: Actor) -> dict[tuple[int, int], Decimal | None]:
    """As `available`, for the actor's eyes: None where the part is being counted at the place or in a bin of it."""
    parts, places = sorted(set(part_ids)), set(place_ids)
    found: dict[tuple[int, int], Decimal | None] = dict(available(parts, places))
    lines = _blind_lines(actor)
    if lines is not None:
        for part_id, spot, parent in lines.filter(part_id__in=parts).order_by().values_list("part_id", "place_id", "place__parent_id"):
            found |= dict.fromkeys(((part_id, place) for place in {spot, parent} & places), None)
    return found
