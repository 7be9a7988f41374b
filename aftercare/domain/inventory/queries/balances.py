"""What lies where, and how much of it is free."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Round

from aftercare.domain.inventory.models import Balance, Condition, Lot
from aftercare.foundation import plans
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.quantity import QuantityField

ZERO = Decimal(0)


def balances(actor: Actor, *, empty: bool = False) -> QuerySet[Balance]:
    """Stock the actor may see; `empty` also shows what is down to nothing."""
    rows = visible(Balance, actor).select_related("place", "part")
    return rows if empty else rows.filter(on_hand_qty__gt=0)


def at_place(place_ids: Iterable[int], *, prefix: str = "") -> Q:
    """Stock at these places and in their bins: a bin's stock counts as its depot's."""
    ids = list(place_ids)
    return Q(**{f"{prefix}place_id__in": ids}) | Q(**{f"{prefix}place__parent_id__in": ids})


def available(part_ids: Iterable[int], place_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """Free good quantity by (part_id, place_id): on hand and promised to nobody. Pairs without any are absent.

    What lies in the bins of an asked depot counts as the depot's.
    """
    asked = set(place_ids)
    free: dict[tuple[int, int], Decimal] = {}
    for part_id, place_id, parent_id, on_hand, reserved in plans.rows(_free, sorted(set(part_ids)), sorted(asked)):
        for spot in {place_id, parent_id} & asked:
            free[part_id, spot] = free.get((part_id, spot), ZERO) + on_hand - reserved
    return free


def _free(part_ids: Iterable[int], place_ids: Iterable[int]) -> QuerySet:
    rows = Balance.objects.filter(at_place(place_ids), part_id__in=part_ids, condition=Condition.GOOD)
    rows = rows.filter(on_hand_qty__gt=F("reserved_qty"))
    return rows.values_list("part_id", "place_id", "place__parent_id", "on_hand_qty", "reserved_qty")


def levels(place_ids: Iterable[int], part_ids: Iterable[int]) -> dict[tuple[int, int], tuple[Decimal, Decimal]]:
    """Good stock (on hand, promised) by (place_id, part_id); what lies in a depot's bins counts as the depot's. One statement."""
    asked = set(place_ids)
    rows = Balance.objects.filter(at_place(asked), part_id__in=list(part_ids), condition=Condition.GOOD, on_hand_qty__gt=0)
    found: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    for part_id, place_id, parent_id, here, promised in rows.values_list(
        "part_id", "place_id", "place__parent_id", "on_hand_qty", "reserved_qty"
    ):
        for spot in {place_id, parent_id} & asked:
            on_hand, reserved = found.get((spot, part_id), (ZERO, ZERO))
            found[spot, part_id] = on_hand + here, reserved + promised
    return found


def free_by_place(part_ids: Iterable[int], *, actor: Actor, hidden=None) -> dict[tuple[int, int], Decimal]:
    """Free good quantity by (part_id, place_id) at all places the actor may see, bins by themselves; without what is `hidden`."""
    rows = visible(Balance, actor).filter(part_id__in=list(part_ids), condition=Condition.GOOD, on_hand_qty__gt=F("reserved_qty"))
    if hidden is not None:
        rows = rows.exclude(hidden)
    free: dict[tuple[int, int], Decimal] = {}
    for part_id, place_id, on_hand, reserved in rows.order_by().values_list("part_id", "place_id", "on_hand_qty", "reserved_qty"):
        free[part_id, place_id] = free.get((part_id, place_id), ZERO) + on_hand - reserved
    return free


def free_lots(part_id: int, place_id: int) -> list[tuple[int, str, Decimal]]:
    """Free good stock of a part at a place and in its bins: (place, lot, quantity), what expires first at first, then by lot."""
    rows = Balance.objects.filter(
        at_place([place_id]), part_id=part_id, condition=Condition.GOOD, on_hand_qty__gt=F("reserved_qty")
    ).values_list("place_id", "lot", "on_hand_qty", "reserved_qty")
    days = {number: row.expires_on for (_part, number), row in lots_of([part_id]).items()}
    found = [(spot, lot, here - promised) for spot, lot, here, promised in rows]
    return sorted(found, key=lambda one: (f"{days.get(one[1]) or '9999'}", one[1], one[0]))


def free_spots(part_ids: Iterable[int], place_id: int) -> dict[int, list[tuple[int, str, Decimal]]]:
    """Free good stock of these parts at a place and in its bins, by part: (place, lot, quantity). One statement."""
    rows = Balance.objects.filter(
        at_place([place_id]), part_id__in=list(part_ids), condition=Condition.GOOD, on_hand_qty__gt=F("reserved_qty")
    ).order_by("place__position", "place_id", "lot").values_list("part_id", "place_id", "lot", "on_hand_qty", "reserved_qty")
    found: dict[int, list[tuple[int, str, Decimal]]] = {}
    for part_id, spot, lot, here, promised in rows:
        found.setdefault(part_id, []).append((spot, lot, here - promised))
    return found


def on_hand(part_id: int, place_id: int, condition: str = Condition.GOOD) -> Decimal:
    """What lies there and in its bins of a part in that condition, promised or not."""
    rows = Balance.objects.filter(at_place([place_id]), part_id=part_id, condition=condition)
    return sum(rows.values_list("on_hand_qty", flat=True), ZERO)


def serials_at(part_id: int, place_id: int) -> list[str]:
    """Serial numbers or lots of a part that lie there and are free."""
    rows = Balance.objects.filter(
        at_place([place_id]), part_id=part_id, condition=Condition.GOOD, on_hand_qty__gt=F("reserved_qty")
    )
    return list(rows.exclude(lot="").order_by("lot").values_list("lot", flat=True))


def find_serial(part_id: int, serial: str) -> Balance | None:
    """Where that serial number lies now."""
    return (
        Balance.objects.filter(part_id=part_id, lot=serial, is_serial=True, on_hand_qty__gt=0).select_related("place").first()
    )


def below_limit(actor: Actor, rows: QuerySet[Balance] | None = None) -> QuerySet[Balance]:
    """What is under its lower limit at a place (its bins and lots together): what to order. `free_qty` is what is free there.

    Narrowed to `rows` where they are given. The limits stand on the place's own row of the part, without lot.
    """
    here = Balance.objects.filter(
        Q(place_id=OuterRef("place_id")) | Q(place__parent_id=OuterRef("place_id")),
        part_id=OuterRef("part_id"), condition=Condition.GOOD,
    ).order_by().values("part_id")
    free = here.annotate(n=Round(Sum(F("on_hand_qty") - F("reserved_qty")), 3)).values("n")
    rows = balances(actor, empty=True) if rows is None else rows
    rows = rows.filter(min_qty__gt=0, condition=Condition.GOOD, lot="")
    return rows.annotate(free_qty=Subquery(free, output_field=QuantityField())).filter(free_qty__lt=F("min_qty"))


def list_lots(actor: Actor) -> QuerySet[Lot]:
    """Lots with their expiry; the catalogue of lots is the company's, their stock is scoped."""
    return visible(Lot, actor).select_related("part")


def lots_of(part_ids: Iterable[int]) -> dict[tuple[int, str], Lot]:
    """The lots of these parts by (part_id, number)."""
    return {(row.part_id, row.number): row for row in Lot.objects.filter(part_id__in=list(part_ids))}
