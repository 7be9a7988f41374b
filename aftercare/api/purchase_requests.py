"""采购申请: what is to be bought, and who let it."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Number, Plain, Qty, Strict, Text, Write
from aftercare.api.moves import OpenMove, add_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.suppliers import Counted, Price, supplier_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import actions
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.purchasing.lifecycle import REQUEST
from aftercare.flows import propose_supply
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Purchasing")
PATH = "/purchase-requests/{number}"
Status = Literal["draft", "submitted", "approved", "rejected", "ordered", "cancelled"]


class PurchaseRequestRow(Row):
    """A request to buy, in a list."""

    number: str
    status: Status
    origin: Literal["manual", "shortage", "reorder"]
    branch: Annotated[str, From("branch__number")]
    place: Annotated[str, From("place__code")]
    supplier: Annotated[str | None, From("supplier__number")]
    total_amount: Decimal
    needed_on: dt.date | None
    created_by: str
    created_at: dt.datetime
    decided_by: str
    decision: str
    version: int


class RequestLine(Row):
    """One part that is wanted."""

    id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    qty: Decimal
    ordered_qty: Decimal
    price_amount: Decimal
    needed_on: dt.date | None
    source_kind: str
    source_number: str


def _moves(row, actor: Actor) -> list[dict]:
    return [{"name": m.name, "label": str(m.label), "asks": list(m.asks), "primary": m.primary, "danger": m.danger}
            for m in supply.open_request_moves(row, actor, clock.now())]


class PurchaseRequest(PurchaseRequestRow):
    """A request to buy, in full."""

    remark: str
    lines: Annotated[list[RequestLine], Made(lambda row, actor: RequestLine.many(supply.request_lines_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(_moves)]


class PurchaseRequestsAsked(Asking):
    """Filters of the requests. `q` finds numbers, parts and documents."""

    status: Status | None = None
    branch: Number | None = None
    to_approve: bool = Field(False, description="Only what waits for approval and is not the caller's own.")


class NewRequestLine(Strict):
    """One part that is wanted; without an expected price the cheapest valid one of a supplier is taken."""

    part: Number = Field(description="Code of the part.")
    qty: Qty
    price_amount: Price | None = None
    needed_on: Day | None = None


class NewRequest(Write):
    """A request to buy."""

    place: Number = Field(description="Code of the place where it is wanted.")
    supplier: Number | None = None
    needed_on: Day | None = None
    remark: Text = ""
    lines: Annotated[list[NewRequestLine], Field(min_length=1, max_length=200)]


class RequestEdit(Write):
    """What may be changed before it is submitted; lines are replaced as a whole."""

    needed_on: Day | None = None
    remark: Text = None
    lines: Annotated[list[NewRequestLine], Field(min_length=1, max_length=200)] = None


class Cut(Strict):
    """A line that is approved with less; 0 strikes it out."""

    line_id: Id
    qty: Counted


class Approval(Write):
    """Approves, with cuts where less is enough."""

    reason: Annotated[Plain, Field(max_length=200)] = ""
    cuts: Annotated[list[Cut], Field(max_length=200)] = []


class Finish(Write):
    """Ends the request; a reason is needed while something is not ordered."""

    reason: Annotated[Plain, Field(max_length=200)] = ""


class Shortages(Write):
    """Part requests that shall be bought, by number."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=200)]


class Requests(Row):
    """The requests that were made."""

    items: list[PurchaseRequestRow]


class Proposal(Row):
    """What a place is short of, what is on its way, and what should be bought from whom."""

    place: str
    part: str
    part_name: str
    min_qty: Decimal
    max_qty: Decimal
    on_hand_qty: Decimal
    reserved_qty: Decimal
    on_order_qty: Decimal
    transit_qty: Decimal
    wanted_qty: Decimal
    requested_qty: Decimal
    projected_qty: Decimal
    propose_qty: Decimal
    supplier: str | None
    price_amount: Decimal | None


class Proposals(Row):
    """Proposals to reorder."""

    items: list[Proposal]


class Reorder(Write):
    """Makes requests of what is proposed now, of one branch or of all one reaches."""

    branch: Number | None = None


def lines_of(lines, actor: Actor) -> list[dict]:
    """Lines of a body as an action wants them."""
    return [{**line.model_dump(exclude={"part"}), "part_id": catalog.get_part(line.part, actor).pk} for line in lines]


def _get(number: str, actor: Actor):
    return one_of(PurchaseRequest, supply.list_requests(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(PurchaseRequest, row)
    return Answer(PurchaseRequest.of(row, actor), version=row.version)


@routes.list("/purchase-requests", PurchaseRequestRow)
def list_purchase_requests(request, asked: Query[PurchaseRequestsAsked]):
    """List requests to buy, newest first."""
    actor = calls.caller(request)
    rows = supply.to_approve(actor) if asked.to_approve else supply.list_requests(actor)
    if asked.q:
        rows = supply.search_requests(rows, asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(PurchaseRequestRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/purchase-requests", PurchaseRequest)
def create_purchase_request(request, body: NewRequest):
    """Ask for parts to be bought; submit it to have it approved."""
    actor = calls.caller(request)
    row = actions.create_request(
        place=stock.get_place(body.place, actor), supplier=supplier_of(body.supplier, actor) if body.supplier else None,
        needed_on=body.needed_on, remark=body.remark, lines=lines_of(body.lines, actor), actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "purchase-requests", row.number)


@routes.read(PATH, PurchaseRequest)
def get_purchase_request(request, number: Number):
    """One request."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(PurchaseRequest.of(row, actor), version=row.version)


@routes.edit(PATH, PurchaseRequest)
def edit_purchase_request(request, number: Number, body: RequestEdit):
    """Change a request before it is submitted."""
    actor = calls.caller(request)
    given = calls.edits(body)
    if given.get("lines") is not None:
        given["lines"] = lines_of(body.lines, actor)
    row = actions.edit_request(_get(number, actor), version=calls.version_edited(request), actor=actor,
                               at=calls.moment(request, body.at), **given)
    return _answer(row, actor)


@routes.act("/purchase-requests/from-shortages", Requests)
def request_shortages(request, body: Shortages):
    """Ask for what part requests lack to be bought: one request for each place; each part request once."""
    actor = calls.caller(request)
    rows = propose_supply.request_shortages([stock.get_request(number, actor) for number in body.numbers], actor=actor,
                                            at=calls.moment(request, body.at))
    return {"items": PurchaseRequestRow.many([again(PurchaseRequestRow, row) for row in rows], actor)}


@routes.read("/reorder-proposals", Proposals)
def list_reorder_proposals(request, branch: Number | None = None):
    """What should be bought now by lower and upper limits, with what is on hand, promised, and on its way."""
    actor = calls.caller(request)
    found = propose_supply.propose(actor, at=clock.now(), branch_id=calls.branch_id(request, branch) if branch else None)
    return {"items": [_proposal(one) for one in found]}


def _proposal(one) -> dict:
    return {
        "place": one.place.code, "part": one.part.code, "part_name": one.part.name, "min_qty": one.min_qty, "max_qty": one.max_qty,
        "on_hand_qty": one.on_hand_qty, "reserved_qty": one.reserved_qty, "on_order_qty": one.on_order_qty, "transit_qty": one.transit_qty,
        "wanted_qty": one.wanted_qty, "requested_qty": one.requested_qty, "projected_qty": one.projected_qty,
        "propose_qty": one.propose_qty, "supplier": one.supplier.number if one.supplier else None, "price_amount": one.price_amount,
    }


@routes.act("/reorder-proposals/request", Requests)
def request_reorder_proposals(request, body: Reorder):
    """Make requests of all that is proposed, one for each place and supplier; a second call finds nothing more."""
    actor = calls.caller(request)
    rows = propose_supply.request_proposals(branch_id=calls.branch_id(request, body.branch) if body.branch else None, actor=actor,
                                            at=calls.moment(request, body.at))
    return {"items": PurchaseRequestRow.many([again(PurchaseRequestRow, row) for row in rows], actor)}


def _approve(row, body: Approval, **given):
    return actions.approve(row, reason=body.reason, cuts={pk: cut.qty for pk, cut in calls.by_line("cuts", body.cuts).items()}, **given)


add_moves(routes, REQUEST, path=PATH, noun="purchase_request", answers=PurchaseRequest, get=_get, answer=_answer,
          bodies={"approve": Approval, "finish": Finish}, performs={"approve": _approve})
add_timeline(routes, PATH, "purchase_request", _get)
