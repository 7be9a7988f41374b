"""Every read of stock that others may use."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Round
from django.utils.translation import gettext as _

from aftercare.domain.inventory import access
from aftercare.domain.inventory.lifecycle import RequestStatus
from aftercare.domain.inventory.models import Balance, Condition, Cost, PartRequest, Place, Reservation, StockMove
from aftercare.foundation import transactions
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


def list_places(actor: Actor) -> QuerySet[Place]:
    """The places the actor may see."""
    return visible(Place, actor).select_related("branch", "employee").order_by("code")


def get_place(key: int | str, actor: Actor) -> Place:
    """The place of that id or code; refuses one that is not seen."""
    named = {"pk": key} if isinstance(key, int) else {"code": key}
    found = visible(Place, actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到库位"), kind="inventory.place")
    return found


def depot_of(branch_id: int) -> Place | None:
    """The part store of the branch."""
    return Place.objects.filter(kind_of=Place.Kind.DEPOT, branch_id=branch_id, is_active=True).order_by("pk").first()


def van_of(employee_id: int) -> Place | None:
    """The van store of the engineer."""
    return Place.objects.filter(kind_of=Place.Kind.VAN, employee_id=employee_id).first()


def places_for(*, branch_id: int, employee_id: int | None = None) -> list[Place]:
    """Where an engineer of the branch takes parts from: his van, then the depot or outlet store. One statement."""
    return list(transactions.remember(("inventory.places", branch_id, employee_id), lambda: _read_places(branch_id, employee_id)))


def _read_places(branch_id: int, employee_id: int | None) -> list[Place]:
    rows = Place.objects.filter(
        branch_id=branch_id, is_active=True, kind_of__in=[Place.Kind.DEPOT, Place.Kind.OUTLET]
    ) | Place.objects.filter(employee_id=employee_id or -1, is_active=True, kind_of=Place.Kind.VAN)
    return sorted(rows, key=lambda place: (place.kind_of != Place.Kind.VAN, place.pk))


def balances(actor: Actor, *, empty: bool = False) -> QuerySet[Balance]:
    """Stock the actor may see; `empty` also shows what is down to nothing."""
    rows = visible(Balance, actor).select_related("place", "part")
    return rows if empty else rows.filter(on_hand_qty__gt=0)


def available(part_ids: Iterable[int], place_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """Free good quantity by (part_id, place_id): on hand and promised to nobody. Pairs without any are absent."""
    rows = (
        Balance.objects.filter(part_id__in=list(part_ids), place_id__in=list(place_ids), condition=Condition.GOOD)
        .filter(on_hand_qty__gt=F("reserved_qty"))
        .values_list("part_id", "place_id", "on_hand_qty", "reserved_qty")
    )
    free: dict[tuple[int, int], Decimal] = {}
    for part_id, place_id, on_hand, reserved in rows:
        free[part_id, place_id] = free.get((part_id, place_id), ZERO) + on_hand - reserved
    return free


def on_hand(part_id: int, place_id: int, condition: str = Condition.GOOD) -> Decimal:
    """What lies there of a part in that condition, promised or not."""
    rows = Balance.objects.filter(part_id=part_id, place_id=place_id, condition=condition)
    return sum(rows.values_list("on_hand_qty", flat=True), ZERO)


def serials_at(part_id: int, place_id: int) -> list[str]:
    """Serial numbers or lots of a part that lie there and are free."""
    rows = Balance.objects.filter(part_id=part_id, place_id=place_id, condition=Condition.GOOD, on_hand_qty__gt=F("reserved_qty"))
    return list(rows.exclude(lot="").order_by("lot").values_list("lot", flat=True))


def find_serial(part_id: int, serial: str) -> Balance | None:
    """Where that serial number lies now."""
    return (
        Balance.objects.filter(part_id=part_id, lot=serial, is_serial=True, on_hand_qty__gt=0).select_related("place").first()
    )


def list_moves(actor: Actor) -> QuerySet[StockMove]:
    """The stock ledger as far as the actor may see it."""
    return visible(StockMove, actor).select_related("part", "from_place", "to_place")


def get_move(move_id: int, actor: Actor) -> StockMove:
    """One row of the stock ledger; refuses one that is not seen."""
    found = list_moves(actor).filter(pk=move_id).first()
    if found is None:
        raise NotFound(_("没有找到流水"), kind="inventory.stockmove")
    return found


def moves_of(source: Source) -> list[StockMove]:
    """All moves of a document, oldest first."""
    return list(
        StockMove.objects.filter(source_kind=source.kind, source_id=source.id)
        .select_related("part", "from_place", "to_place").order_by("pk")
    )


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


def reservations_of(source: Source) -> list[Reservation]:
    """What is still promised to a document, by line."""
    rows = Reservation.objects.filter(source_kind=source.kind, source_id=source.id, qty__gt=0)
    return list(rows.select_related("part", "place").order_by("line"))


def reserved_for(part_id: int, place_id: int, actor: Actor) -> QuerySet[Reservation]:
    """To which documents a part at a place is promised."""
    return visible(Reservation, actor).filter(part_id=part_id, place_id=place_id, qty__gt=0).order_by("made_at", "pk")


def promised_in_stores(actor: Actor, kind: str) -> QuerySet[Reservation]:
    """What is promised to documents of that kind and lies in a store, not in a van: what a keeper has to hand out."""
    rows = visible(Reservation, actor).filter(source_kind=kind, qty__gt=0).exclude(place__kind_of=Place.Kind.VAN)
    return rows.select_related("part", "place").order_by("pk")


def list_requests(actor: Actor) -> QuerySet[PartRequest]:
    """Part requests the actor may see."""
    return visible(PartRequest, actor).select_related("part", "place")


def get_request(key: int | str, actor: Actor) -> PartRequest:
    """The part request of that id or number; refuses one that is not seen."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_requests(actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到缺件申请"), kind="inventory.partrequest")
    return found


def open_requests(part_ids: Iterable[int], *, branch_id: int | None = None) -> list[PartRequest]:
    """Open requests for these parts, oldest first: whom to serve when goods arrive."""
    rows = PartRequest.objects.filter(part_id__in=list(part_ids), status=RequestStatus.OPEN)
    if branch_id is not None:
        rows = rows.filter(branch_id=branch_id)
    return list(rows.select_related("place").order_by("pk"))


def requests_of(source: Source) -> list[PartRequest]:
    """All part requests of a document."""
    return list(
        PartRequest.objects.filter(source_kind=source.kind, source_id=source.id).select_related("part", "place").order_by("pk")
    )


def below_limit(actor: Actor) -> QuerySet[Balance]:
    """Stock under its lower limit: what to order."""
    return balances(actor, empty=True).filter(min_qty__gt=0, on_hand_qty__lt=F("min_qty") + F("reserved_qty"))


def unit_costs(part_ids: Iterable[int], *, branch_id: int, actor: Actor) -> dict[int, Decimal]:
    """The moving average of parts in a branch; refuses who may not see costs."""
    actor.require(access.VIEW_COST, branch_id=branch_id)
    rows = Cost.objects.filter(branch_id=branch_id, part_id__in=list(part_ids), qty__gt=0)
    return {row.part_id: row.value_amount / row.qty for row in rows}


def stock_value(actor: Actor) -> dict[int, Decimal]:
    """Value of the stock by branch, of the branches whose costs the actor may see."""
    rows = visible(Cost, actor).order_by().values("branch_id").annotate(total=Round(Sum("value_amount"), 6))
    return {row["branch_id"]: row["total"] or ZERO for row in rows}
