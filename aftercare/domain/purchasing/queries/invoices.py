"""Suppliers' invoices and goods that go back to them."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.purchasing.lifecycle import INVOICE, SUPPLIER_RETURN, InvoiceStatus, OrderStatus
from aftercare.domain.purchasing.models import (
    Invoice,
    InvoiceLine,
    Order,
    OrderLine,
    Receipt,
    ReturnLine,
    SupplierReturn,
)
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound


def list_invoices(actor: Actor) -> QuerySet[Invoice]:
    """Invoices the actor may see."""
    return visible(Invoice, actor).select_related("supplier", "order", "branch")


def get_invoice(key: int | str, actor: Actor) -> Invoice:
    """The invoice of that id or own number; refuses one that is not seen."""
    return _one(list_invoices(actor), key, _("没有找到供应商发票"))


def invoice_lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines of an invoice, with what was ordered."""
    return list(InvoiceLine.objects.filter(invoice=invoice).select_related("order_line", "order_line__part", "order_line__order").order_by("id"))


def invoices_of(order: Order) -> list[Invoice]:
    """The invoices that charge for an order, newest first."""
    charging = InvoiceLine.objects.filter(order_line__order=order).values("invoice_id")
    return list(Invoice.objects.filter(Q(order=order) | Q(pk__in=charging)).order_by("-id"))


def for_order_number(rows: QuerySet[Invoice], number: str) -> QuerySet[Invoice]:
    """Of these, what charges for the order of that number."""
    charging = InvoiceLine.objects.filter(order_line__order__number=number).values("invoice_id")
    return rows.filter(Q(order__number=number) | Q(pk__in=charging))


def not_invoiced(order: Order, actor: Actor) -> list[OrderLine]:
    """Lines of other orders of the same supplier, branch and currency of which accepted goods are not charged for yet."""
    rows = OrderLine.objects.filter(
        order__in=visible(Order, actor).filter(supplier_id=order.supplier_id, branch_id=order.branch_id, currency=order.currency),
        order__status__in=[OrderStatus.SENT, OrderStatus.CLOSED], kept_qty__gt=F("inspecting_qty") + F("invoiced_qty"),
    ).exclude(order=order)
    return list(rows.select_related("part", "order").order_by("order_id", "id")[:100])


def blocked_invoices(actor: Actor) -> QuerySet[Invoice]:
    """Invoices that are blocked by differences."""
    return list_invoices(actor).filter(status=InvoiceStatus.BLOCKED)


def open_invoice_moves(invoice: Invoice, actor: Actor) -> list:
    """The moves the actor may make now; nobody releases what he entered himself."""
    own = actor.employee_id is not None and actor.employee_id == invoice.author_id
    hidden = {"block"} | ({"release"} if own else set())
    return [move for move in INVOICE.open_moves(invoice, actor) if move.name not in hidden]


def list_returns(actor: Actor) -> QuerySet[SupplierReturn]:
    """Returns to suppliers that the actor may see."""
    return visible(SupplierReturn, actor).select_related("supplier", "receipt", "receipt__order", "branch")


def get_return(key: int | str, actor: Actor) -> SupplierReturn:
    """The return of that id or number; refuses one that is not seen."""
    return _one(list_returns(actor), key, _("没有找到采购退货单"))


def return_lines_of(paper: SupplierReturn) -> list[ReturnLine]:
    """What goes back."""
    rows = ReturnLine.objects.filter(supplier_return=paper).select_related("receipt_line", "receipt_line__part", "receipt_line__order_line")
    return list(rows.order_by("id"))


def returns_of(receipt: Receipt) -> list[SupplierReturn]:
    """What went back of a receipt, newest first."""
    return list(SupplierReturn.objects.filter(receipt=receipt).order_by("-id"))


def open_return_moves(paper: SupplierReturn, actor: Actor) -> list:
    """The moves the actor may make now."""
    return SUPPLIER_RETURN.open_moves(paper, actor)


def _one(rows: QuerySet, key: int | str, message: str):
    found = rows.filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(message, kind=rows.model._meta.label_lower, key=str(key))
    return found
