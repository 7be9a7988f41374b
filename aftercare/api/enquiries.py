"""询价: suppliers asked for prices, compared, chosen."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Number, Qty, Reason, Small, Strict, Text, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.suppliers import Price, supplier_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import actions
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.purchasing.lifecycle import ENQUIRY
from aftercare.foundation.access import Actor

routes = Routes("Purchasing")
PATH = "/enquiries/{number}"


class EnquiryRow(Row):
    """An enquiry, in a list."""

    number: str
    status: Literal["open", "decided", "cancelled"]
    branch: Annotated[str, From("branch__number")]
    place: Annotated[str, From("place__code")]
    answer_by: dt.date | None
    created_by: str
    created_at: dt.datetime
    decided_by: str
    reason: str
    version: int


class EnquiryLine(Row):
    """One part that is asked about."""

    id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    qty: Decimal


class OfferPrice(Row):
    """A price without tax for a line."""

    line_id: int
    price_amount: Decimal
    is_chosen: bool


class OfferAnswer(Row):
    """One supplier's answer beside the others."""

    supplier: str
    supplier_name: str
    answered_at: dt.datetime | None
    lead_days: int | None
    valid_until: dt.date | None
    remark: str
    total_amount: Decimal
    prices: list[OfferPrice]


def _offers(row, actor: Actor) -> list[dict]:
    offers, lines, totals = supply.compare(row)
    return [
        {"supplier": offer.supplier.number, "supplier_name": offer.supplier.name, "answered_at": offer.answered_at, "lead_days": offer.lead_days,
         "valid_until": offer.valid_until, "remark": offer.remark, "total_amount": totals[offer.pk],
         "prices": [{"line_id": one.line.pk, "price_amount": one.offers[at].price_amount, "is_chosen": one.offers[at].is_chosen}
                    for one in lines if one.offers[at] is not None]}
        for at, offer in enumerate(offers)
    ]


class Enquiry(EnquiryRow):
    """An enquiry with the offers side by side."""

    remark: str
    lines: Annotated[list[EnquiryLine], Made(lambda row, actor: EnquiryLine.many(supply.enquiry_lines_of(row), actor))]
    offers: Annotated[list[OfferAnswer], Made(_offers)]
    moves: Annotated[list[OpenMove], Made(open_moves(ENQUIRY))]


class EnquiriesAsked(Asking):
    """Filters of the enquiries. `q` finds numbers, parts and suppliers."""

    status: Literal["open", "decided", "cancelled"] | None = None


class NewEnquiryLine(Strict):
    """One part to ask about; `request_line` is the approved line it answers."""

    part: Number
    qty: Qty
    request_line: Id | None = None


class NewEnquiry(Write):
    """Asks suppliers for prices."""

    place: Number
    suppliers: Annotated[list[Number], Field(min_length=1, max_length=50)]
    answer_by: Day | None = None
    remark: Text = ""
    lines: Annotated[list[NewEnquiryLine], Field(min_length=1, max_length=200)]


class EnquiryAsk(Write):
    """One more supplier."""

    supplier: Number


class EnquiryPriced(Strict):
    """A price of the supplier for a line."""

    line_id: Id
    price_amount: Price


class SupplierAnswer(Write):
    """What a supplier answered; it replaces an earlier answer."""

    supplier: Number
    lead_days: Small | None = None
    valid_until: Day | None = None
    remark: Text = ""
    prices: Annotated[list[EnquiryPriced], Field(min_length=1, max_length=200)]


class EnquiryChoice(Strict):
    """Who supplies a line."""

    line_id: Id
    supplier: Number


class EnquiryChoose(Reason):
    """Chooses suppliers, with a reason; draft orders are made."""

    choices: Annotated[list[EnquiryChoice], Field(min_length=1, max_length=200)]


def _get(number: str, actor: Actor):
    return one_of(Enquiry, supply.list_enquiries(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Enquiry, row)
    return Answer(Enquiry.of(row, actor), version=row.version)


@routes.list("/enquiries", EnquiryRow)
def list_enquiries(request, asked: Query[EnquiriesAsked]):
    """List enquiries, newest first."""
    actor = calls.caller(request)
    rows = supply.list_enquiries(actor)
    if asked.q:
        rows = supply.search_enquiries(rows, asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    return page_of(EnquiryRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/enquiries", Enquiry)
def create_enquiry(request, body: NewEnquiry):
    """Ask suppliers for prices."""
    actor = calls.caller(request)
    row = actions.create_enquiry(
        place=stock.get_place(body.place, actor), suppliers=[supplier_of(number, actor) for number in body.suppliers], answer_by=body.answer_by,
        remark=body.remark, actor=actor, at=calls.moment(request, body.at),
        lines=[{"part_id": catalog.get_part(line.part, actor).pk, "qty": line.qty, "request_line_id": line.request_line} for line in body.lines],
    )
    return calls.created(_answer(row, actor), "enquiries", row.number)


@routes.read(PATH, Enquiry)
def get_enquiry(request, number: Number):
    """One enquiry."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Enquiry.of(row, actor), version=row.version)


def _ask(row, body: EnquiryAsk, *, actor: Actor, **given):
    return actions.ask(row, supplier=supplier_of(body.supplier, actor), actor=actor, **given)


def _note(row, body: SupplierAnswer, *, actor: Actor, **given):
    prices = {pk: one.price_amount for pk, one in calls.by_line("prices", body.prices).items()}
    return actions.answer(row, supplier=supplier_of(body.supplier, actor), prices=prices, lead_days=body.lead_days, valid_until=body.valid_until, remark=body.remark, actor=actor, **given)


def _choose(row, body: EnquiryChoose, *, actor: Actor, **given):
    choices = {pk: supplier_of(one.supplier, actor).pk for pk, one in calls.by_line("choices", body.choices).items()}
    return actions.choose(row, choices=choices, reason=body.reason, actor=actor, **given)


add_moves(routes, ENQUIRY, path=PATH, noun="enquiry", answers=Enquiry, get=_get, answer=_answer,
          bodies={"ask": EnquiryAsk, "answer": SupplierAnswer, "choose": EnquiryChoose}, performs={"ask": _ask, "answer": _note, "choose": _choose})
add_timeline(routes, PATH, "enquiry", _get)
