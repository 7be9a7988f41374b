"""配件出库: parts sold, ordered, supplied, brought back."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Plain, Qty, Reason, Strict, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.notices import Channel, Name, NoticeRow, Outcome
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.stock import Memo, Serial, _place
from aftercare.domain.orders import queries
from aftercare.domain.orders.lifecycle import SALE
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.domain.purchasing import access as supply_access
from aftercare.domain.purchasing import queries as supply
from aftercare.flows import sell_parts
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

routes = Routes("Sales of parts")
Kind = Literal["retail", "warranty", "paid", "dealer", "outlet", "engineer"]
Status = Literal["draft", "ordered", "arrived", "done", "cancelled"]
Method = Annotated[Plain, Field(min_length=1, max_length=12)]


class SaleLineRow(Row):
    """A part of a sale."""

    id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    serial: str
    qty: Decimal
    returned_qty: Decimal
    price_amount: Decimal


class SaleRow(Row):
    """Parts that leave the store for somebody."""

    number: str
    status: Status
    kind: Annotated[Kind, From("kind_of")]
    branch: Annotated[str, From("branch__number")]
    customer: Annotated[str | None, From("customer__number")]
    outlet: Annotated[str | None, From("outlet__number")]
    engineer: Annotated[str | None, From("engineer__number")]
    reference: str
    memo: str
    amount: Decimal
    deposit_amount: Decimal
    wanted_on: dt.date | None
    created_at: dt.datetime
    arrived_at: dt.datetime | None
    done_at: dt.datetime | None
    version: int


def _lines_of(sale, actor: Actor) -> list[dict]:
    return [SaleLineRow.of(row, actor) for row in queries.lines_of(sale)]


def _notices_of(sale, actor: Actor) -> list[dict]:
    return [NoticeRow.of(row, actor) for row in queries.notices_of(Source.of(sale))]


class SupplyRow(Row):
    """A line of a purchase order that brings what the sale lacks."""

    order: str
    supplier: str
    part: str
    qty: Decimal
    kept_qty: Decimal
    expected_on: dt.date | None


def _supply_of(sale, actor: Actor) -> list[dict]:
    if not actor.holds(supply_access.VIEW):
        return []
    return [{"order": row.order.number, "supplier": row.order.supplier.name, "part": row.part.code, "qty": row.qty, "kept_qty": row.kept_qty,
             "expected_on": row.expected_on or row.order.expected_on} for row in supply.supply_of(sale.kind, sale.pk)]


class Sale(SaleRow):
    """A sale with its lines, what is bought for it, its notices and the moves open to the caller."""

    lines: Annotated[list[SaleLineRow], Made(_lines_of)]
    notices: Annotated[list[NoticeRow], Made(_notices_of)]
    supply: Annotated[list[SupplyRow], Made(_supply_of)]
    moves: Annotated[list[OpenMove], Made(open_moves(SALE))]


class SalesAsked(Asking):
    """Filters of the sales. `q` is a number."""

    status: Status | None = None
    kind: Kind | None = None
    branch: Number | None = None
    customer: Number | None = None


class SaleLineWritten(Strict):
    """A part: by code; without a price the schedule's."""

    part: Number
    qty: Qty
    price_amount: Amount | None = None
    serial: Serial = ""


SaleLines = Annotated[list[SaleLineWritten], Field(min_length=1, max_length=200)]


class NewSale(Write):
    """Parts for a customer, dealer, outlet or engineer from a store."""

    kind: Kind = "retail"
    place: Number
    customer: Number | None = None
    outlet: Number | None = None
    engineer: Number | None = None
    reference: Annotated[Plain, Field(max_length=60)] = ""
    memo: Memo = ""
    wanted_on: Day | None = None
    lines: SaleLines


class SaleRewritten(Write):
    """What changes while nothing was promised; `lines` replace all lines."""

    memo: Memo = None
    wanted_on: Day = None
    lines: SaleLines = None


class HandedOut(Write):
    """The goods leave; what is paid at the desk."""

    amount: Amount | None = None
    method: Method = "cash"


class Ordered(Write):
    """The customer orders; what he pays as a deposit."""

    deposit: Amount = Decimal(0)
    method: Method = "cash"


class Notified(Write):
    """How the customer was told that his parts have come."""

    channel: Channel
    outcome: Outcome = "reached"
    told_to: Name = ""
    note: Memo = ""


class LineBack(Strict):
    """How many of a line come back."""

    id: Id
    qty: Qty


class TakenBack(Reason):
    """Sold parts that come back."""

    lines: Annotated[list[LineBack], Field(min_length=1, max_length=200)]
    is_as_new: bool = False


def _sale(number: str, actor: Actor):
    return one_of(Sale, queries.list_sales(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Sale, row)
    return Answer(Sale.of(row, actor), version=row.version)


def _outlet(number: str, place, actor: Actor):
    found = people.list_supplied_outlets(actor, place.branch_id).filter(number=number).first()
    if found is None:
        raise NotFound(_("没有这个网点"), kind="people.branch", field="outlet")
    return found


def _lines(lines: list[SaleLineWritten]) -> list[dict]:
    return [line.model_dump(exclude_none=True) for line in lines]


@routes.list("/sales", SaleRow)
def list_sales(request, asked: Query[SalesAsked]):
    """List sales of parts, newest first."""
    actor = calls.caller(request)
    rows = calls.named(queries.list_sales(actor), asked.q, "number")
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.kind:
        rows = rows.filter(kind_of=asked.kind)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    if asked.customer:
        rows = rows.filter(customer__number=asked.customer)
    return page_of(SaleRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/sales", Sale)
def open_sale(request, body: NewSale):
    """Write a sale."""
    actor = calls.caller(request)
    place = _place(body.place, actor)
    row = sell_parts.open_sale(
        place=place, kind=body.kind, reference=body.reference, memo=body.memo, wanted_on=body.wanted_on,
        customer_id=parties.get_customer(body.customer, actor).pk if body.customer else None,
        outlet_id=_outlet(body.outlet, place, actor).pk if body.outlet else None,
        engineer_id=people.get_employee(body.engineer, actor).pk if body.engineer else None,
        lines=_lines(body.lines), actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "sales", row.number)


@routes.read("/sales/{number}", Sale)
def get_sale(request, number: Number):
    """One sale."""
    actor = calls.caller(request)
    row = _sale(number, actor)
    return Answer(Sale.of(row, actor), version=row.version)


def _rewrite(row, body, **rest):
    told = {name: getattr(body, name) for name in body.model_fields_set if name not in ("at", "lines")}
    return sell_parts.rewrite(row, lines=_lines(body.lines) if body.lines is not None else None, **told, **rest)


add_moves(
    routes, SALE, path="/sales/{number}", noun="sale", answers=Sale, get=_sale, answer=_answer,
    bodies={"hand_out": HandedOut, "place_order": Ordered, "notify": Notified, "rewrite": SaleRewritten, "take_back": TakenBack},
    performs={
        "hand_out": lambda row, body, **rest: sell_parts.hand_out(row, amount=body.amount, method=body.method, **rest),
        "place_order": lambda row, body, **rest: sell_parts.place_order(row, deposit=body.deposit, method=body.method, **rest),
        "cancel": lambda row, body, **rest: sell_parts.cancel(row, reason=body.reason, **rest),
        "rewrite": _rewrite,
        "take_back": lambda row, body, **rest: sell_parts.take_back(
            row, lines={pk: line.qty for pk, line in calls.by_line("lines", body.lines, "id").items()}, reason=body.reason, is_as_new=body.is_as_new, **rest
        ),
    },
)  # fmt: skip
