"""Orders to suppliers and what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.purchasing.lifecycle import ORDER, RECEIPT, OrderStatus, ReceiptStatus
from aftercare.domain.purchasing.models import Order, OrderLine, Receipt, ReceiptLine, Revision
from aftercare.foundation import quantity
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound

ZERO = Decimal(0)


def list_orders(actor: Actor) -> QuerySet[Order]:
    """Orders the actor may see, with supplier and place."""
    return visible(Order, actor).select_related("supplier", "place", "branch")


def overdue(rows: QuerySet[Order], day: dt.date) -> QuerySet[Order]:
    """Of these, what should have come before that day and has not come in full."""
    return rows.filter(status=OrderStatus.SENT, expected_on__lt=day).exclude(arrival=Order.Arrival.FULL)


def get_order(key: int | str, actor: Actor) -> Order:
    """The order of that id or number; refuses one that is not seen."""
    return _one(list_orders(actor), key, _("没有找到采购订单"))


def lines_of(order: Order) -> list[OrderLine]:
    """The lines of an order in the order of writing."""
    rows = OrderLine.objects.filter(order=order).select_related("part", "request_line", "request_line__request")
    return list(rows.order_by("id"))


def revisions_of(order: Order) -> list[Revision]:
    """How the order stood before each of its amendments, newest first."""
    return list(Revision.objects.filter(order=order).order_by("-number"))


def list_receipts(actor: Actor) -> QuerySet[Receipt]:
    """Receipts the actor may see."""
    return visible(Receipt, actor).select_related("supplier", "place", "branch", "order")


def get_receipt(key: int | str, actor: Actor) -> Receipt:
    """The receipt of that id or number; refuses one that is not seen."""
    return _one(list_receipts(actor), key, _("没有找到到货单"))


def receipts_of(order: Order) -> list[Receipt]:
    """What came for an order, newest first."""
    return list(Receipt.objects.filter(order=order).select_related("place").order_by("-id"))


def receipt_lines_of(receipt: Receipt) -> list[ReceiptLine]:
    """The lines of a receipt."""
    rows = ReceiptLine.objects.filter(receipt=receipt).select_related("part", "order_line")
    return list(rows.order_by("id"))


def to_inspect(actor: Actor) -> QuerySet[Receipt]:
    """Receipts that wait for inspection."""
    return list_receipts(actor).filter(status=ReceiptStatus.INSPECTING)


def _one(rows: QuerySet, key: int | str, message: str):
    found = rows.filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(message, kind=rows.model._meta.label_lower, key=str(key))
    return found


def open_order_moves(order: Order, actor: Actor) -> list:
    """The moves of an order that the actor may make now."""
    return ORDER.open_moves(order, actor)


def open_receipt_moves(receipt: Receipt, actor: Actor) -> list:
    """The moves of a receipt that the actor may make now."""
    return RECEIPT.open_moves(receipt, actor)


def on_order(place_ids: Iterable[int], part_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """What suppliers have still to bring, drafts included, by (place, part). One statement."""
    rows = (
        OrderLine.objects.filter(order__place_id__in=list(place_ids), part_id__in=list(part_ids))
        .filter(order__status__in=[OrderStatus.DRAFT, OrderStatus.SENT], qty__gt=F("cancelled_qty") + F("kept_qty"))
        .values_list("order__place_id", "part_id", "qty", "cancelled_qty", "kept_qty")
    )
    found: dict[tuple[int, int], Decimal] = {}
    for place_id, part_id, qty, cancelled, kept in rows:
        found[place_id, part_id] = found.get((place_id, part_id), ZERO) + qty - cancelled - kept
    return found


def awaiting_inspection(place_ids: Iterable[int], part_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """What has come and is not judged, by (place, part). One statement."""
    rows = (
        ReceiptLine.objects.filter(receipt__status=ReceiptStatus.INSPECTING, receipt__place_id__in=list(place_ids))
        .filter(part_id__in=list(part_ids), kind_of=ReceiptLine.Kind.ORDERED).order_by()
        .values_list("receipt__place_id", "part_id").annotate(total=quantity.summed("qty"))
    )
    return {(place_id, part_id): total for place_id, part_id, total in rows}


def supply_of(kind: str, source_id: int) -> list[OrderLine]:
    """The order lines that bring what a document asked for through requests, with order and supplier; oldest first."""
    rows = OrderLine.objects.filter(request_line__source_kind=kind, request_line__source_id=source_id)
    rows = rows.exclude(order__status=OrderStatus.CANCELLED)
    return list(rows.select_related("order", "order__supplier", "part").order_by("id"))


def search_orders(rows: QuerySet[Order], text: str) -> QuerySet[Order]:
    """Orders by number, supplier or part."""
    lines = OrderLine.objects.filter(Q(part__code__iexact=text) | Q(part__name__icontains=text)).values("order_id")
    return rows.filter(Q(number__istartswith=text) | Q(supplier__name__icontains=text) | Q(pk__in=lines))
