"""Shipments of old parts to the factory, and what lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.cores.lifecycle import SHIPMENT, SHIPMENT_BY_HAND, CoreStatus
from aftercare.domain.cores.models import CoreReturn, CoreShipment
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound

ZERO = Decimal("0.00")


def list_shipments(actor: Actor) -> QuerySet[CoreShipment]:
    """Shipments the actor may see."""
    return visible(CoreShipment, actor).select_related("branch", "supplier")


def get_shipment(key: int | str, actor: Actor) -> CoreShipment:
    """The shipment of that id or number; refuses one that is not seen."""
    found = list_shipments(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到旧件寄厂单"), kind="cores.coreshipment", key=str(key))
    return found


def search_shipments(rows: QuerySet[CoreShipment], text: str) -> QuerySet[CoreShipment]:
    """Shipments by number, tracking number, factory or what lies in them."""
    inside = CoreReturn.objects.filter(Q(number__iexact=text) | Q(source_number__iexact=text), shipment__isnull=False)
    return rows.filter(
        Q(number__istartswith=text) | Q(tracking_number__istartswith=text) | Q(supplier__name__icontains=text)
        | Q(pk__in=inside.values("shipment_id"))
    )


def pieces_of(shipment: CoreShipment) -> list[CoreReturn]:
    """What lies in it, in the order of the tags."""
    rows = CoreReturn.objects.filter(shipment=shipment).select_related("part", "employee", "outlet", "branch")
    return list(rows.order_by("number"))


@dataclass(frozen=True)
class ShipmentFigures:
    """Pieces in a shipment, how many the factory has answered for, what it credited and what was expected (CNY)."""

    pieces: int
    answered: int
    refused: int
    credited_amount: Decimal
    expected_amount: Decimal | None


def figures_of(pieces: list[CoreReturn]) -> ShipmentFigures:
    """The figures of these pieces."""
    expected = [row.credit_expected_amount * row.qty for row in pieces if row.credit_expected_amount is not None]
    return ShipmentFigures(
        pieces=len(pieces),
        answered=sum(row.status in (CoreStatus.CREDITED, CoreStatus.REFUSED) for row in pieces),
        refused=sum(row.status == CoreStatus.REFUSED for row in pieces),
        credited_amount=sum((row.credit_amount or ZERO for row in pieces), ZERO),
        expected_amount=sum(expected, ZERO).quantize(ZERO) if expected else None,
    )


def open_shipment_moves(shipment: CoreShipment, actor: Actor) -> list:
    """The moves a person may make now by a button; pieces are added and removed by scanning."""
    return [move for move in SHIPMENT.open_moves(shipment, actor) if move.name in SHIPMENT_BY_HAND and move.name not in ("add", "remove")]
