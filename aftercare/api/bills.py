"""账单与收款: charges of a document, money collected and remitted, the cash sheet, what is not settled."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Percent, Plain, Strict, Write
from aftercare.api.moves import OpenMove, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.work_bodies import Fee, Method, Payer
from aftercare.api.work_orders import get as get_order
from aftercare.domain.billing import actions
from aftercare.domain.billing import queries as billing
from aftercare.domain.billing.lifecycle import BILL, COLLECTION
from aftercare.flows import charging
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

routes = Routes("Billing")
BillStatus = Literal["draft", "final", "reversed"]
CollectionStatus = Literal["held", "remitted", "voided"]
Why = Annotated[Plain, Field(min_length=1, max_length=200)]
ORDER_KIND = "work.workorder"


class BillRow(Row):
    """A bill: what the customer has to pay, what others bear, what is paid."""

    id: int
    status: BillStatus
    source_kind: str
    source_number: str
    branch: Annotated[str, From("branch__number")]
    customer: Annotated[str | None, From("customer__number")]
    customer_name: Annotated[str | None, From("customer__name")]
    currency: str
    due_amount: Decimal
    covered_amount: Decimal
    paid_amount: Decimal
    final_at: dt.datetime | None
    version: int


class ChargeRow(Row):
    """One line of money: who pays it and why."""

    line: str
    kind: Annotated[Literal["labour", "part", "travel", "inspection", "contract", "other"], From("kind_of")]
    name: str
    qty: Decimal
    price_amount: Decimal
    amount: Decimal
    payer: Payer
    waived_amount: Decimal
    reason: str
    base_line: str
    share_percent: Decimal | None


class CollectionRow(Row):
    """Money received, with its receipt number."""

    number: str
    status: CollectionStatus
    method: Method
    amount: Decimal
    currency: str
    at: dt.datetime
    day: dt.date
    collected_by: Annotated[str | None, From("collected_by__number")]
    remitted_at: dt.datetime | None
    source_number: Annotated[str, From("bill__source_number")]
    version: int


class Collection(CollectionRow):
    """A receipt, with the moves open to the caller."""

    moves: Annotated[list[OpenMove], Made(open_moves(COLLECTION))]


def _source(bill) -> Source:
    return Source(bill.source_kind, bill.source_id, bill.source_number)


class BorneByPayer(Row):
    """What one payer bears in all."""

    payer: Payer
    amount: Decimal


def _borne(bill, actor: Actor) -> list[dict]:
    charges = billing.charges_of(_source(bill))
    return [{"payer": payer, "amount": amount} for payer, _label, amount in billing.borne_by(charges)]


class Bill(BillRow):
    """A bill in full."""

    borne: Annotated[list[BorneByPayer], Made(_borne)]

    charges: Annotated[list[ChargeRow], Made(lambda bill, actor: ChargeRow.many(billing.charges_of(_source(bill)), actor))]
    collections: Annotated[
        list[CollectionRow], Made(lambda bill, actor: CollectionRow.many(billing.collections_of(_source(bill)), actor))
    ]
    moves: Annotated[list[OpenMove], Made(open_moves(BILL))]


class Collections(Row):
    """Receipts."""

    items: list[CollectionRow]


class CashRow(Row):
    """What one person collected by one method."""

    employee_id: int | None
    name: str
    method: Method
    held_amount: Decimal
    remitted_amount: Decimal
    voided_amount: Decimal
    receipts: int


class CashSheet(Row):
    """The cash sheet of a branch for a local day."""

    branch_id: int
    day: dt.date
    rows: list[CashRow]
    by_method: dict[str, str]
    held_amount: Decimal
    remitted_amount: Decimal
    overdue_amount: Decimal


class Unsettled(Row):
    """What a day may not end with (at most 200 of each)."""

    unpaid: list[BillRow]
    overpaid: list[BillRow]
    unremitted: list[CollectionRow]
    not_final: list[BillRow]


class BillsAsked(Asking):
    """Filters of the bills. `q` is the number of the document."""

    status: BillStatus | None = None
    customer: Number | None = None
    branch: Number | None = None


class CollectionsAsked(Asking):
    """Filters of the receipts. `q` is the number of the receipt or document."""

    status: CollectionStatus | None = None
    method: Method | None = None
    branch: Number | None = None
    collected_by: Number | None = None
    day: Day | None = None


class Price(Write):
    """Typed charges beside the schedule's."""

    fees: Annotated[list[Fee], Field(max_length=20)] = []


class Waive(Write):
    """How much of a charge is let off, in all, and why."""

    line: Annotated[Plain, Field(min_length=1, max_length=40)]
    amount: Amount
    reason: Why


class Collect(Write):
    """Money from the customer (CNY)."""

    amount: Annotated[Amount, Field(gt=0)]
    method: Method = "cash"
    at_desk: bool = False
    deposit: bool = Field(False, description="More than is owed yet may be taken.")


class Remit(Write):
    """Receipts whose cash is handed over."""

    collections: Annotated[list[Number], Field(min_length=1, max_length=200)]


class ChargeShare(Strict):
    """What one payer bears of a charge: a percentage, or an amount, or (neither) the rest."""

    payer: Payer
    percent: Annotated[Percent | None, Field(gt=0)] = None
    amount: Annotated[Amount | None, Field(gt=0)] = None


class DivideCharge(Write):
    """How a charge is divided; no shares: as the decision who pays says again. The customer bears what is left."""

    line: Annotated[Plain, Field(min_length=1, max_length=40)]
    shares: Annotated[list[ChargeShare], Field(max_length=6)]
    reason: Why


class Voiding(Write):
    """Why the receipt is void."""

    reason: Why


def _bill(bill_id: int, actor: Actor):
    return one_of(Bill, billing.list_bills(actor), actor, pk=bill_id)


def _bill_answer(bill, actor: Actor) -> Answer:
    bill = again(Bill, bill)
    return Answer(Bill.of(bill, actor), version=bill.version)


@routes.list("/bills", BillRow)
def list_bills(request, asked: Query[BillsAsked]):
    """List bills, newest first."""
    actor = calls.caller(request)
    rows = billing.list_bills(actor)
    if asked.q:
        rows = rows.filter(source_number=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.customer:
        rows = rows.filter(customer__number=asked.customer)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(BillRow, rows, actor, order=("-id",), asked=asked)


@routes.read("/bills/{bill_id}", Bill)
def get_bill(request, bill_id: Id):
    """One bill."""
    actor = calls.caller(request)
    bill = _bill(bill_id, actor)
    return Answer(Bill.of(bill, actor), version=bill.version)


@routes.read("/work-orders/{number}/bill", Bill)
def get_work_order_bill(request, number: Number):
    """The bill of an order."""
    actor = calls.caller(request)
    order = get_order(number, actor)
    bill = one_of(Bill, billing.list_bills(actor), actor, source_id=order.pk, source_kind=ORDER_KIND)
    return Answer(Bill.of(bill, actor), version=bill.version)


@routes.act("/work-orders/{number}/price", Bill)
def price_work_order(request, number: Number, body: Price):
    """Work an order's charges out anew, with typed ones; refused once the bill is final."""
    actor = calls.caller(request)
    bill = charging.price(get_order(number, actor), fees=[fee.model_dump() for fee in body.fees], actor=actor,
                          at=calls.moment(request, body.at))
    return _bill_answer(bill, actor)


@routes.act("/work-orders/{number}/waive", Bill)
def waive_charge(request, number: Number, body: Waive):
    """Let off a charge of an order."""
    actor = calls.caller(request)
    bill = charging.waive(get_order(number, actor), line=body.line, amount=body.amount, reason=body.reason, actor=actor,
                          at=calls.moment(request, body.at))
    return _bill_answer(bill, actor)


@routes.act("/work-orders/{number}/divide", Bill)
def divide_charge(request, number: Number, body: DivideCharge):
    """DivideCharge a charge of an order between payers, exact to the cent."""
    actor = calls.caller(request)
    bill = charging.divide(get_order(number, actor), line=body.line, shares=[share.model_dump() for share in body.shares],
                           reason=body.reason, actor=actor, at=calls.moment(request, body.at))
    return _bill_answer(bill, actor)


@routes.create("/work-orders/{number}/collections", Collection)
def collect_money(request, number: Number, body: Collect):
    """Take money for an order; the answer is the receipt."""
    actor = calls.caller(request)
    order = get_order(number, actor)
    row = actions.collect(
        Source.of(order), amount=body.amount, method=body.method, at_desk=body.at_desk, deposit=body.deposit,
        collected_by_id=actor.employee_id, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_collection_answer(row, actor), "collections", row.number)


@routes.create("/bills/{bill_id}/collections", Collection)
def collect_for_bill(request, bill_id: Id, body: Collect):
    """Take money for any bill: an instalment, an extension, a sale, an order; the answer is the receipt."""
    actor = calls.caller(request)
    bill = one_of(Bill, billing.list_bills(actor), actor, pk=bill_id)
    row = actions.collect(
        bill, amount=body.amount, method=body.method, at_desk=body.at_desk, deposit=body.deposit,
        collected_by_id=actor.employee_id, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_collection_answer(row, actor), "collections", row.number)


def _collection(number: str, actor: Actor):
    return one_of(Collection, billing.list_collections(actor), actor, number=number)


def _collection_answer(row, actor: Actor) -> Answer:
    row = again(Collection, row)
    return Answer(Collection.of(row, actor), version=row.version)


@routes.list("/collections", CollectionRow)
def list_collections(request, asked: Query[CollectionsAsked]):
    """List receipts, newest first."""
    actor = calls.caller(request)
    rows = billing.list_collections(actor)
    if asked.q:
        rows = rows.filter(number=asked.q) | rows.filter(bill__source_number=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.method:
        rows = rows.filter(method=asked.method)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    if asked.collected_by:
        rows = rows.filter(collected_by__number=asked.collected_by)
    if asked.day:
        rows = rows.filter(day=asked.day)
    return page_of(CollectionRow, rows, actor, order=("-id",), asked=asked)


@routes.read("/collections/{number}", Collection)
def get_collection(request, number: Number):
    """One receipt."""
    actor = calls.caller(request)
    row = _collection(number, actor)
    return Answer(Collection.of(row, actor), version=row.version)


@routes.act("/collections/{number}/void", Collection, match=True)
def void_collection(request, number: Number, body: Voiding):
    """Declare a receipt void; the money is owed again."""
    actor = calls.caller(request)
    row = actions.void(_collection(number, actor), reason=body.reason, version=calls.version_seen(request), actor=actor,
                       at=calls.moment(request, body.at))
    return _collection_answer(row, actor)


@routes.act("/collections/remit", Collections)
def remit_collections(request, body: Remit):
    """Take over the cash of receipts, all of them or none."""
    actor = calls.caller(request)
    rows = [_collection(number, actor) for number in dict.fromkeys(body.collections)]
    done = actions.remit(rows, actor=actor, at=calls.moment(request, body.at))
    return {"items": [CollectionRow.of(again(CollectionRow, row), actor) for row in done]}


@routes.read("/cash-sheet", CashSheet)
def get_cash_sheet(request, branch: Number | None = None, day: Day | None = None):
    """What was collected at a branch on a local day, by person and method."""
    actor = calls.caller(request)
    actor.require_anywhere("billing.view_bill")
    sheet = billing.cash_sheet(calls.branch_id(request, branch), day or clock.local_day(clock.now(), actor.zone), actor=actor)
    return {
        "branch_id": sheet.branch_id, "day": sheet.day, "rows": CashRow.many(sheet.rows, actor),
        "by_method": {method: str(amount) for method, amount in sheet.by_method().items()},
        "held_amount": sheet.total("held_amount"), "remitted_amount": sheet.total("remitted_amount"),
        "overdue_amount": sheet.overdue_amount,
    }


@routes.read("/unsettled", Unsettled)
def get_unsettled(request):
    """Bills not or too much paid, cash not handed over, money on bills that are not final."""
    actor = calls.caller(request)
    actor.require_anywhere("billing.view_bill")
    found = billing.unsettled(actor)
    answer: dict[str, Any] = {}
    for name, row in (("unpaid", BillRow), ("overpaid", BillRow), ("unremitted", CollectionRow), ("not_final", BillRow)):
        rows = getattr(found, name).order_by("id").values_list(*row.paths(), named=True)[:200]
        answer[name] = row.listed(rows, actor)
    return answer
