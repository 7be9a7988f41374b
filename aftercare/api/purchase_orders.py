"""采购订单与到货: orders to suppliers, what they brought, and how it was judged."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Number, Plain, Qty, Reason, Strict, Text, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.suppliers import Counted, Price, Tax, supplier_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import actions
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.purchasing.lifecycle import ORDER, RECEIPT
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Purchasing")
PATH, RECEIPT_PATH = "/purchase-orders/{number}", "/receipts/{number}"
Status = Literal["draft", "sent", "closed", "cancelled"]
Why = Annotated[Plain, Field(max_length=200)]
Lot = Annotated[Plain, Field(max_length=60)]
Rate = Annotated[Decimal, Field(max_digits=12, decimal_places=6, gt=0)]


class PurchaseOrderRow(Row):
    """An order to a supplier, in a list."""

    number: str
    status: Status
    arrival: Literal["waiting", "partial", "full"]
    supplier: Annotated[str, From("supplier__number")]
    supplier_name: Annotated[str, From("supplier__name")]
    branch: Annotated[str, From("branch__number")]
    place: Annotated[str, From("place__code")]
    currency: str
    net_amount: Decimal
    tax_amount: Decimal
    expected_on: dt.date | None
    full_on: dt.date | None
    revision: int
    created_by: str
    version: int


class OrderLine(Row):
    """One part of an order: what is kept, in inspection, refused, given up, open."""

    id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    qty: Decimal
    price_amount: Decimal
    tax_percent: Decimal
    expected_on: dt.date | None
    kept_qty: Decimal
    inspecting_qty: Decimal
    rejected_qty: Decimal
    cancelled_qty: Decimal
    invoiced_qty: Decimal
    open_qty: Decimal
    request: Annotated[str | None, From("request_line__request__number")]


class Revision(Row):
    """The order as it was before an amendment."""

    number: int
    at: dt.datetime
    actor_name: str
    reason: str
    before: dict[str, Any]


class ReceiptRow(Row):
    """What a supplier brought, in a list."""

    number: str
    status: Literal["inspecting", "judged", "reversed"]
    order: Annotated[str, From("order__number")]
    supplier: Annotated[str, From("supplier__number")]
    place: Annotated[str, From("place__code")]
    delivery_note: str
    arrived_at: dt.datetime
    judged_at: dt.datetime | None
    version: int


class PurchaseReceiptLine(Row):
    """One thing that came."""

    id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    kind: Annotated[Literal["ordered", "excess", "wrong"], From("kind_of")]
    qty: Decimal
    noted_qty: Decimal | None
    lot: str
    expires_on: dt.date | None
    accepted_qty: Decimal
    rejected_qty: Decimal
    returned_qty: Decimal
    remedy: str
    reason: str


class PurchaseReceipt(ReceiptRow):
    """A receipt in full."""

    remark: str
    judged_by: str
    lines: Annotated[list[PurchaseReceiptLine], Made(lambda row, actor: PurchaseReceiptLine.many(supply.receipt_lines_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(open_moves(RECEIPT))]


class PurchaseOrder(PurchaseOrderRow):
    """An order in full."""

    exchange_rate: Decimal
    payment_days: int
    remark: str
    sent_at: dt.datetime | None
    lines: Annotated[list[OrderLine], Made(lambda row, actor: OrderLine.many(supply.lines_of(row), actor))]
    receipts: Annotated[list[str], Made(lambda row, actor: [receipt.number for receipt in supply.receipts_of(row)])]
    revisions: Annotated[list[Revision], Made(lambda row, actor: Revision.many(supply.revisions_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(open_moves(ORDER))]


class PurchaseOrdersAsked(Asking):
    """Filters of the orders. `q` finds numbers, suppliers and parts."""

    status: Status | None = None
    supplier: Number | None = None
    branch: Number | None = None
    overdue: bool = Field(False, description="Only what should have come before today.")


class ReceiptsAsked(Asking):
    """Filters of the receipts. `q` is a number or delivery note."""

    status: Literal["inspecting", "judged", "reversed"] | None = None
    supplier: Number | None = None
    order: Number | None = None


class NewLine(Strict):
    """One part to order: without price the supplier's valid one; `request_line` is the line it answers."""

    part: Number
    qty: Qty
    price_amount: Price | None = None
    tax_percent: Tax | None = None
    expected_on: Day | None = None
    request_line: Id | None = None


class NewPurchaseOrder(Write):
    """An order to a supplier."""

    supplier: Number
    place: Number = Field(description="Code of the place where it is received.")
    expected_on: Day | None = None
    exchange_rate: Rate = Decimal(1)
    remark: Text = ""
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=200)]


class PurchaseOrderEdit(Write):
    """What may be changed before it is sent; lines are replaced as a whole."""

    expected_on: Day = None
    exchange_rate: Rate = None
    remark: Text = None
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=200)] = None


class PurchaseConfirm(Write):
    """When the supplier delivers what is open."""

    expected_on: Day


class Change(Strict):
    """A line that is changed."""

    line_id: Id
    qty: Qty | None = None
    price_amount: Price | None = None
    expected_on: Day | None = None


class Amend(Reason):
    """Changes of a sent order, agreed with the supplier."""

    changes: Annotated[list[Change], Field(max_length=200)] = []
    added: Annotated[list[NewLine], Field(max_length=200)] = []


class Close(Write):
    """Ends the order; a reason is needed while something is open."""

    reason: Why = ""


class Arrived(Strict):
    """What came: of a line, or a part that nobody ordered."""

    line_id: Id | None = None
    part: Number | None = Field(None, description="Code of a part that is not ordered.")
    qty: Qty
    noted_qty: Counted | None = None
    lot: Lot = Field("", description="Lot, or the serial number of one single thing.")
    expires_on: Day | None = None
    reason: Why = ""


class Receive(Write):
    """Goods that came; `keep_excess` sets apart what is too much instead of refusing it."""

    lines: Annotated[list[Arrived], Field(min_length=1, max_length=500)]
    delivery_note: Lot = ""
    keep_excess: bool = False
    remark: Text = ""


class Verdict(Strict):
    """How a line was judged."""

    line_id: Id
    accepted_qty: Counted | None = None
    rejected_qty: Counted = Decimal(0)
    reason: Why = ""
    remedy: Literal["replace", "credit"] = "replace"


class Inspect(Write):
    """Judges a receipt; lines not spoken of are good. `place` is where good goods go (default: where they lie)."""

    verdicts: Annotated[list[Verdict], Field(max_length=500)] = []
    place: Number | None = None


def _lines(lines, actor: Actor) -> list[dict]:
    return [{**line.model_dump(exclude={"part", "request_line"}), "part_id": catalog.get_part(line.part, actor).pk,
             "request_line_id": line.request_line} for line in lines]


def _get(number: str, actor: Actor):
    return one_of(PurchaseOrder, supply.list_orders(actor), actor, number=number)


def _get_receipt(number: str, actor: Actor):
    return one_of(PurchaseReceipt, supply.list_receipts(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(PurchaseOrder, row)
    return Answer(PurchaseOrder.of(row, actor), version=row.version)


def _receipt_answer(row, actor: Actor) -> Answer:
    row = again(PurchaseReceipt, row)
    return Answer(PurchaseReceipt.of(row, actor), version=row.version)


@routes.list("/purchase-orders", PurchaseOrderRow)
def list_purchase_orders(request, asked: Query[PurchaseOrdersAsked]):
    """List orders to suppliers, newest first."""
    actor = calls.caller(request)
    rows = supply.list_orders(actor)
    if asked.overdue:
        rows = supply.overdue(rows, clock.local_day(clock.now(), actor.zone))
    if asked.q:
        rows = supply.search_orders(rows, asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.supplier:
        rows = rows.filter(supplier__number=asked.supplier)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(PurchaseOrderRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/purchase-orders", PurchaseOrder)
def create_purchase_order(request, body: NewPurchaseOrder):
    """Write an order; send it to freeze its prices."""
    actor = calls.caller(request)
    row = actions.create_order(
        supplier=supplier_of(body.supplier, actor), place=stock.get_place(body.place, actor), expected_on=body.expected_on,
        exchange_rate=body.exchange_rate, remark=body.remark, lines=_lines(body.lines, actor), actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "purchase-orders", row.number)


@routes.read(PATH, PurchaseOrder)
def get_purchase_order(request, number: Number):
    """One order."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(PurchaseOrder.of(row, actor), version=row.version)


@routes.edit(PATH, PurchaseOrder)
def edit_purchase_order(request, number: Number, body: PurchaseOrderEdit):
    """Change an order before it is sent."""
    actor = calls.caller(request)
    given = calls.edits(body)
    if given.get("lines") is not None:
        given["lines"] = _lines(body.lines, actor)
    row = actions.edit_order(_get(number, actor), version=calls.version_edited(request), actor=actor,
                             at=calls.moment(request, body.at), **given)
    return _answer(row, actor)


def _receive(row, body: Receive, *, actor: Actor, **given):
    lines = [{**line.model_dump(exclude={"part"}), "part_id": catalog.get_part(line.part, actor).pk if line.part else None}
             for line in body.lines]
    return actions.receive(row, lines=lines, delivery_note=body.delivery_note, keep_excess=body.keep_excess, remark=body.remark,
                           actor=actor, **given)


def _amend(row, body: Amend, *, actor: Actor, **given):
    changes = {pk: line.model_dump(exclude={"line_id"}, exclude_none=True) for pk, line in calls.by_line("changes", body.changes).items()}
    return actions.amend(row, reason=body.reason, changes=changes, added=_lines(body.added, actor), actor=actor, **given)


def _inspect(row, body: Inspect, *, actor: Actor, **given):
    place_id = stock.get_place(body.place, actor).pk if body.place else None
    return actions.inspect(row, verdicts=[line.model_dump() for line in body.verdicts], place_id=place_id, actor=actor, **given)


add_moves(routes, ORDER, path=PATH, noun="purchase_order", answers=PurchaseOrder, get=_get, answer=_answer,
          bodies={"receive": Receive, "confirm": PurchaseConfirm, "amend": Amend, "close": Close},
          performs={"receive": _receive, "amend": _amend})
add_timeline(routes, PATH, "purchase_order", _get)


@routes.list("/receipts", ReceiptRow)
def list_receipts(request, asked: Query[ReceiptsAsked]):
    """List what suppliers brought, newest first."""
    actor = calls.caller(request)
    rows = supply.list_receipts(actor)
    if asked.q:
        rows = rows.filter(number=asked.q) | rows.filter(delivery_note=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.supplier:
        rows = rows.filter(supplier__number=asked.supplier)
    if asked.order:
        rows = rows.filter(order__number=asked.order)
    return page_of(ReceiptRow, rows, actor, order=("-id",), asked=asked)


@routes.read(RECEIPT_PATH, PurchaseReceipt)
def get_receipt(request, number: Number):
    """One receipt."""
    actor = calls.caller(request)
    row = _get_receipt(number, actor)
    return Answer(PurchaseReceipt.of(row, actor), version=row.version)


add_moves(routes, RECEIPT, path=RECEIPT_PATH, noun="receipt", answers=PurchaseReceipt, get=_get_receipt, answer=_receipt_answer,
          bodies={"inspect": Inspect}, performs={"inspect": _inspect})
add_timeline(routes, RECEIPT_PATH, "receipt", _get_receipt)
