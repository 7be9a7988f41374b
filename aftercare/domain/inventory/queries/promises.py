"""What documents were promised, and what they lack."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory.lifecycle import RequestStatus
from aftercare.domain.inventory.models import PartRequest, Place, Reservation
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


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


def carried_of(kind: str, source_ids: Iterable[int]) -> dict[tuple[int, str], Decimal]:
    """How much of what is promised to lines of these documents lies in a van already, by (document's id, line)."""
    rows = Reservation.objects.filter(source_kind=kind, source_id__in=list(source_ids), qty__gt=0, place__kind_of=Place.Kind.VAN)
    found: dict[tuple[int, str], Decimal] = {}
    for source_id, line, qty in rows.order_by().values_list("source_id", "line", "qty"):
        found[source_id, line] = found.get((source_id, line), ZERO) + qty
    return found


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
    """Open requests for these parts, the most urgent first, of equals the oldest: whom to serve when goods arrive."""
    rows = PartRequest.objects.filter(part_id__in=list(part_ids), status=RequestStatus.OPEN)
    if branch_id is not None:
        rows = rows.filter(branch_id=branch_id)
    return list(rows.select_related("place").order_by("-priority", "pk"))


def requests_of(source: Source) -> list[PartRequest]:
    """All part requests of a document."""
    return list(
        PartRequest.objects.filter(source_kind=source.kind, source_id=source.id).select_related("part", "place").order_by("pk")
    )


def promised(part_id: int, actor: Actor) -> QuerySet[Reservation]:
    """All standing promises of a part, oldest first."""
    rows = visible(Reservation, actor).filter(part_id=part_id, qty__gt=0)
    return rows.select_related("place").order_by("made_at", "pk")
