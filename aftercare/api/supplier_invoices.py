"""供应商发票与采购退货: three-way match, what is payable, goods that go back."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Plain, Qty, Strict, Text, Write
from aftercare.api.moves import OpenMove, add_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.suppliers import Price, Tax
from aftercare.api.timeline import add_timeline
from aftercare.domain.purchasing import actions
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.purchasing.lifecycle import INVOICE, SUPPLIER_RETURN
from aftercare.foundation.access import Actor

routes = Routes("Purchasing")
PATH, RETURN_PATH = "/supplier-invoices/{number}", "/supplier-returns/{number}"
InvoiceStatus = Literal["entered", "blocked", "posted", "voided", "reversed"]
ReturnStatus = Literal["draft", "shipped", "settled", "cancelled"]
PaperNumber = Annotated[Plain, Field(min_length=1, max_length=40)]
Why = Annotated[Plain, Field(max_length=200)]
Remedy = Literal["replace", "credit"]


class SupplierInvoiceRow(Row):
    """A supplier's invoice, in a list."""

    number: str
    status: InvoiceStatus
    supplier: Annotated[str, From("supplier__number")]
    supplier_name: Annotated[str, From("supplier__name")]
    order: Annotated[str, From("order__number")]
    invoice_number: str
    invoice_on: dt.date
    due_on: dt.date
    currency: str
    net_amount: Decimal
    tax_amount: Decimal
    total_amount: Decimal
    version: int


class SupplierInvoiceLine(Row):
    """What a supplier charges for a line of the order."""

    order_line_id: int
    order: Annotated[str, From("order_line__order__number")]
    part: Annotated[str, From("order_line__part__code")]
    qty: Decimal
    price_amount: Decimal
    tax_percent: Decimal
    net_amount: Decimal
    tax_amount: Decimal


class InvoiceDifference(Row):
    """What does not agree between order, receipt and invoice."""

    line: str
    code: Literal["more_than_ordered", "more_than_received", "price_differs", "tax_differs", "total_differs"]
    expected: str
    found: str


def _shown(moves: list) -> list[dict]:
    return [{"name": m.name, "label": str(m.label), "asks": list(m.asks), "primary": m.primary, "danger": m.danger} for m in moves]


class SupplierInvoice(SupplierInvoiceRow):
    """A supplier's invoice in full."""

    remark: str
    differences: list[InvoiceDifference]
    released_by: str
    release_reason: str
    posted_at: dt.datetime | None
    lines: Annotated[list[SupplierInvoiceLine], Made(lambda row, actor: SupplierInvoiceLine.many(supply.invoice_lines_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(lambda row, actor: _shown(supply.open_invoice_moves(row, actor)))]


class SupplierReturnRow(Row):
    """Goods that go back to a supplier, in a list."""

    number: str
    status: ReturnStatus
    supplier: Annotated[str, From("supplier__number")]
    receipt: Annotated[str, From("receipt__number")]
    remedy: Remedy
    net_amount: Decimal
    tax_amount: Decimal
    shipped_at: dt.datetime | None
    credit_number: str
    credit_amount: Decimal
    version: int


class SupplierReturnLine(Row):
    """What goes back of one thing that came."""

    receipt_line_id: int
    part: Annotated[str, From("receipt_line__part__code")]
    lot: Annotated[str, From("receipt_line__lot")]
    is_good: bool
    qty: Decimal
    reason: str


class SupplierReturn(SupplierReturnRow):
    """Goods that go back, in full."""

    remark: str
    lines: Annotated[list[SupplierReturnLine], Made(lambda row, actor: SupplierReturnLine.many(supply.return_lines_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(lambda row, actor: _shown(supply.open_return_moves(row, actor)))]


class SupplierInvoicesAsked(Asking):
    """Filters of the invoices. `q` is our number or the supplier's."""

    status: InvoiceStatus | None = None
    supplier: Number | None = None
    order: Number | None = None
    due_until: Day | None = None


class SupplierReturnsAsked(Asking):
    """Filters of the returns. `q` is the number."""

    status: ReturnStatus | None = None
    supplier: Number | None = None


class NewSupplierInvoiceLine(Strict):
    """What is charged; price and tax as ordered unless told."""

    line_id: Id = Field(description="Line of the order, or of one of `more_orders`.")
    qty: Qty
    price_amount: Price | None = None
    tax_percent: Tax | None = None


class NewSupplierInvoice(Write):
    """A supplier's invoice for an order; `total_amount` is what his paper says with tax."""

    order: Number
    more_orders: Annotated[list[Number], Field(max_length=50, description="Further orders of the same supplier and branch that it charges for.")] = []
    invoice_number: PaperNumber
    invoice_on: Day
    total_amount: Amount | None = None
    remark: Text = ""
    lines: Annotated[list[NewSupplierInvoiceLine], Field(min_length=1, max_length=200)]


class NewSupplierReturnLine(Strict):
    """What goes back of a line of the receipt; `is_good` for what was found bad after inspection."""

    line_id: Id
    qty: Qty
    is_good: bool = False
    reason: Why = ""


class NewSupplierReturn(Write):
    """Goods that shall go back."""

    receipt: Number
    remedy: Remedy
    remark: Text = ""
    lines: Annotated[list[NewSupplierReturnLine], Field(min_length=1, max_length=200)]


class ReturnSettlement(Write):
    """The supplier has replaced or credited what went back."""

    credit_number: Annotated[Plain, Field(max_length=40)] = ""
    credit_amount: Amount | None = None


def _get(number: str, actor: Actor):
    return one_of(SupplierInvoice, supply.list_invoices(actor), actor, number=number)


def _get_return(number: str, actor: Actor):
    return one_of(SupplierReturn, supply.list_returns(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(SupplierInvoice, row)
    return Answer(SupplierInvoice.of(row, actor), version=row.version)


def _return_answer(row, actor: Actor) -> Answer:
    row = again(SupplierReturn, row)
    return Answer(SupplierReturn.of(row, actor), version=row.version)


@routes.list("/supplier-invoices", SupplierInvoiceRow)
def list_supplier_invoices(request, asked: Query[SupplierInvoicesAsked]):
    """List suppliers' invoices, newest first."""
    actor = calls.caller(request)
    rows = supply.list_invoices(actor)
    if asked.q:
        rows = rows.filter(number=asked.q) | rows.filter(invoice_number=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.supplier:
        rows = rows.filter(supplier__number=asked.supplier)
    if asked.order:
        rows = supply.for_order_number(rows, asked.order)
    if asked.due_until:
        rows = rows.filter(due_on__lte=asked.due_until)
    return page_of(SupplierInvoiceRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/supplier-invoices", SupplierInvoice)
def create_supplier_invoice(request, body: NewSupplierInvoice):
    """Enter an invoice: it is posted when it agrees with order and receipt, else blocked with its differences."""
    actor = calls.caller(request)
    row = actions.enter_invoice(
        supply.get_order(body.order, actor), invoice_number=body.invoice_number, invoice_on=body.invoice_on, total_amount=body.total_amount,
        remark=body.remark, more_orders=[supply.get_order(number, actor) for number in body.more_orders], lines=[line.model_dump() for line in body.lines], actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "supplier-invoices", row.number)


@routes.read(PATH, SupplierInvoice)
def get_supplier_invoice(request, number: Number):
    """One invoice."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(SupplierInvoice.of(row, actor), version=row.version)


add_moves(routes, INVOICE, path=PATH, noun="supplier_invoice", answers=SupplierInvoice, get=_get, answer=_answer)
add_timeline(routes, PATH, "supplier_invoice", _get)


@routes.list("/supplier-returns", SupplierReturnRow)
def list_supplier_returns(request, asked: Query[SupplierReturnsAsked]):
    """List goods that go back to suppliers, newest first."""
    actor = calls.caller(request)
    rows = supply.list_returns(actor)
    if asked.q:
        rows = rows.filter(number=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.supplier:
        rows = rows.filter(supplier__number=asked.supplier)
    return page_of(SupplierReturnRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/supplier-returns", SupplierReturn)
def create_supplier_return(request, body: NewSupplierReturn):
    """Write down what goes back of a receipt."""
    actor = calls.caller(request)
    row = actions.create_return(supply.get_receipt(body.receipt, actor), remedy=body.remedy, remark=body.remark,
                                lines=[line.model_dump() for line in body.lines], actor=actor, at=calls.moment(request, body.at))
    return calls.created(_return_answer(row, actor), "supplier-returns", row.number)


@routes.read(RETURN_PATH, SupplierReturn)
def get_supplier_return(request, number: Number):
    """One return."""
    actor = calls.caller(request)
    row = _get_return(number, actor)
    return Answer(SupplierReturn.of(row, actor), version=row.version)


add_moves(routes, SUPPLIER_RETURN, path=RETURN_PATH, noun="supplier_return", answers=SupplierReturn, get=_get_return, answer=_return_answer,
          bodies={"settle": ReturnSettlement})
add_timeline(routes, RETURN_PATH, "supplier_return", _get_return)
