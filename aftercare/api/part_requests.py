"""缺件申请: what documents lack and somebody has to bring."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Id, Number, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.domain.inventory import actions as stock_actions
from aftercare.domain.inventory import queries as stock
from aftercare.domain.inventory.lifecycle import REQUEST
from aftercare.flows import substituting
from aftercare.foundation.access import Actor

routes = Routes("Stock")


class PartRequestRow(Row):
    """What a document lacks."""

    number: str
    status: Literal["open", "filled", "cancelled"]
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    place: Annotated[str, From("place__code")]
    branch: Annotated[str, From("branch__number")]
    qty: Decimal
    priority: int
    source_kind: str
    source_number: str
    created_at: dt.datetime
    version: int


class PartRequest(PartRequestRow):
    """A part request, with the moves open to the caller."""

    moves: Annotated[list[OpenMove], Made(open_moves(REQUEST))]


class PartRequestsAsked(Asking):
    """Filters of the part requests."""

    status: Literal["open", "filled", "cancelled"] | None = None
    part: Number | None = None
    branch: Number | None = None


def _request(number: str, actor: Actor):
    return one_of(PartRequest, stock.list_requests(actor), actor, number=number)


def _request_answer(row, actor: Actor) -> Answer:
    row = again(PartRequest, row)
    return Answer(PartRequest.of(row, actor), version=row.version)


@routes.list("/part-requests", PartRequestRow)
def list_part_requests(request, asked: Query[PartRequestsAsked]):
    """List requests for what lacks, newest first."""
    actor = calls.caller(request)
    rows = stock.list_requests(actor)
    if asked.q:
        rows = rows.filter(source_number=asked.q) | rows.filter(number=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.part:
        rows = rows.filter(part__code=asked.part)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(PartRequestRow, rows, actor, order=("-id",), asked=asked)


@routes.read("/part-requests/{number}", PartRequest)
def get_part_request(request, number: Number):
    """One part request."""
    actor = calls.caller(request)
    row = _request(number, actor)
    return Answer(PartRequest.of(row, actor), version=row.version)


add_moves(routes, REQUEST, path="/part-requests/{number}", noun="part_request", answers=PartRequest, get=_request,
          answer=_request_answer)


class Priority(Write):
    """How urgent a request is: the higher is served first when goods come, of equals the older."""

    priority: Annotated[int, Field(ge=-9, le=9)]


class Instead(Write):
    """The substitute that the order takes."""

    part_id: Id


class OfferRow(Row):
    """A substitute and how much of it is free at the request's place and elsewhere."""

    part_id: int
    part: str
    part_name: str
    here_qty: Decimal
    elsewhere_qty: Decimal


class Offers(Row):
    """What may be used instead, best first."""

    items: list[OfferRow]


@routes.act("/part-requests/{number}/priority", PartRequest, match=True)
def set_part_request_priority(request, number: Number, body: Priority):
    """Let a request be served sooner or later than its age says."""
    actor = calls.caller(request)
    row = stock_actions.set_priority(_request(number, actor), priority=body.priority, version=calls.version_seen(request), actor=actor,
                                     at=calls.moment(request, body.at))
    return _request_answer(row, actor)


@routes.read("/part-requests/{number}/substitutes", Offers)
def list_part_request_substitutes(request, number: Number):
    """What may be used instead of the part that lacks, and where it is free."""
    actor = calls.caller(request)
    row = stock.get_request(number, actor)
    return {"items": [
        {"part_id": offer.part.pk, "part": offer.part.code, "part_name": offer.part.name, "here_qty": offer.here_qty,
         "elsewhere_qty": offer.elsewhere_qty}
        for offer in substituting.offers(row.part_id, place_ids=[row.place_id], actor=actor)
    ]}


@routes.act("/part-requests/{number}/use-instead", PartRequest)
def use_part_instead(request, number: Number, body: Instead):
    """The order takes a substitute; the request is closed."""
    actor = calls.caller(request)
    row = stock.get_request(number, actor)
    substituting.use_instead(row, part_id=body.part_id, actor=actor, at=calls.moment(request, body.at))
    return _request_answer(row, actor)
