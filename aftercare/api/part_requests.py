"""缺件申请: what documents lack and somebody has to bring."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Number
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.domain.inventory import queries as stock
from aftercare.domain.inventory.lifecycle import REQUEST
from aftercare.foundation.access import Actor

routes = Routes("Stock")


class RequestRow(Row):
    """What a document lacks."""

    number: str
    status: Literal["open", "filled", "cancelled"]
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    place: Annotated[str, From("place__code")]
    branch: Annotated[str, From("branch__number")]
    qty: Decimal
    source_kind: str
    source_number: str
    created_at: dt.datetime
    version: int


class Request(RequestRow):
    """A part request, with the moves open to the caller."""

    moves: Annotated[list[OpenMove], Made(open_moves(REQUEST))]


class RequestsAsked(Asking):
    """Filters of the part requests."""

    status: Literal["open", "filled", "cancelled"] | None = None
    part: Number | None = None
    branch: Number | None = None


def _request(number: str, actor: Actor):
    return one_of(Request, stock.list_requests(actor), actor, number=number)


def _request_answer(row, actor: Actor) -> Answer:
    row = again(Request, row)
    return Answer(Request.of(row, actor), version=row.version)


@routes.list("/part-requests", RequestRow)
def list_part_requests(request, asked: Query[RequestsAsked]):
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
    return page_of(RequestRow, rows, actor, order=("-id",), asked=asked)


@routes.read("/part-requests/{number}", Request)
def get_part_request(request, number: Number):
    """One part request."""
    actor = calls.caller(request)
    row = _request(number, actor)
    return Answer(Request.of(row, actor), version=row.version)


add_moves(routes, REQUEST, path="/part-requests/{number}", noun="part_request", answers=Request, get=_request,
          answer=_request_answer)
