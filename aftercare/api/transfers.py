"""要货与调拨: goods between own stores, on the way, received, differences settled."""

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
from aftercare.api.suppliers import Counted
from aftercare.api.timeline import add_timeline
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import actions
from aftercare.domain.purchasing import queries as supply
from aftercare.domain.purchasing.lifecycle import TRANSFER
from aftercare.foundation.access import Actor

routes = Routes("Transfers")
PATH = "/transfers/{number}"
Status = Literal["requested", "approved", "shipped", "settled", "rejected", "cancelled"]
Why = Annotated[Plain, Field(max_length=200)]
Lot = Annotated[Plain, Field(max_length=60)]


class TransferRow(Row):
    """A transfer, in a list."""

    number: str
    status: Status
    from_place: Annotated[str, From("from_place__code")]
    to_place: Annotated[str, From("to_place__code")]
    from_branch: Annotated[str, From("from_branch__number")]
    branch: Annotated[str, From("branch__number")]
    needed_on: dt.date | None
    created_by: str
    created_at: dt.datetime
    shipped_at: dt.datetime | None
    received_at: dt.datetime | None
    version: int


class StoreTransferLine(Row):
    """One part that is asked for."""

    id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    qty: Decimal
    approved_qty: Decimal | None
    shipped_qty: Decimal


class TransferLot(Row):
    """What was sent, and what became of it."""

    id: int
    line_id: int
    part: Annotated[str, From("line__part__code")]
    lot: str
    shipped_qty: Decimal
    transit_qty: Decimal
    received_qty: Decimal
    damaged_qty: Decimal
    lost_qty: Decimal
    back_qty: Decimal
    bearer: str
    reason: str


def _moves(row, actor: Actor) -> list[dict]:
    return [{"name": m.name, "label": str(m.label), "asks": list(m.asks), "primary": m.primary, "danger": m.danger}
            for m in supply.open_transfer_moves(row, actor)]


class StoreTransfer(TransferRow):
    """A transfer in full."""

    remark: str
    decision: str
    decided_by: str
    settled_by: str
    lines: Annotated[list[StoreTransferLine], Made(lambda row, actor: StoreTransferLine.many(supply.transfer_lines_of(row), actor))]
    lots: Annotated[list[TransferLot], Made(lambda row, actor: TransferLot.many(supply.transfer_lots_of(row), actor))]
    moves: Annotated[list[OpenMove], Made(_moves)]


class TransfersAsked(Asking):
    """Filters of the transfers. `q` finds numbers, places and parts."""

    status: Status | None = None
    from_place: Number | None = None
    to_place: Number | None = None


class NewTransferLine(Strict):
    """One part that is asked for."""

    part: Number
    qty: Qty


class NewTransfer(Write):
    """Asks a store for goods; without `from_place` the nearest superior depot."""

    to_place: Number
    from_place: Number | None = None
    needed_on: Day | None = None
    remark: Text = ""
    lines: Annotated[list[NewTransferLine], Field(min_length=1, max_length=200)]


class TransferCut(Strict):
    """A line of which less is let go; 0 gives nothing."""

    line_id: Id
    qty: Counted


class TransferApproval(Write):
    """Lets the goods go."""

    reason: Why = ""
    cuts: Annotated[list[TransferCut], Field(max_length=200)] = []


class TransferSent(Strict):
    """What is sent of a line."""

    line_id: Id
    qty: Qty
    lot: Lot = ""


class TransferShipment(Write):
    """Sends the goods; without lines all that was let go, what expires first at first."""

    lines: Annotated[list[TransferSent], Field(max_length=500)] = []


class TransferCame(Strict):
    """What came of a lot."""

    lot_id: Id
    received_qty: Counted = Decimal(0)
    damaged_qty: Counted = Decimal(0)
    reason: Why = ""


class TransferReceipt(Write):
    """What came; without lines all of it and sound."""

    lines: Annotated[list[TransferCame], Field(max_length=500)] = []


class TransferDifference(Strict):
    """Who bears what is missing or damaged of a lot, and why."""

    lot_id: Id
    bearer: Literal["sender", "carrier", "receiver", "company"]
    reason: Why = ""


class TransferSettlement(Write):
    """Accounts for all that is missing or damaged."""

    reason: Why = ""
    lines: Annotated[list[TransferDifference], Field(max_length=500)] = []


def _get(number: str, actor: Actor):
    return one_of(StoreTransfer, supply.list_transfers(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(StoreTransfer, row)
    return Answer(StoreTransfer.of(row, actor), version=row.version)


def _sender(code: str, to_place, actor: Actor):
    # Who asks need not see the stock of the depot that supplies him.
    found = supply.list_senders(actor, to_place.branch_id).filter(code=code).first() if to_place.branch_id else None
    return found or stock.get_place(code, actor)


@routes.list("/transfers", TransferRow)
def list_transfers(request, asked: Query[TransfersAsked]):
    """List transfers, newest first."""
    actor = calls.caller(request)
    rows = supply.list_transfers(actor)
    if asked.q:
        rows = supply.search_transfers(rows, asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.from_place:
        rows = rows.filter(from_place__code=asked.from_place)
    if asked.to_place:
        rows = rows.filter(to_place__code=asked.to_place)
    return page_of(TransferRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/transfers", StoreTransfer)
def create_transfer(request, body: NewTransfer):
    """Ask a store for goods."""
    actor = calls.caller(request)
    place = stock.get_place(body.to_place, actor)
    row = actions.request_transfer(
        to_place=place, from_place=_sender(body.from_place, place, actor) if body.from_place else None,
        needed_on=body.needed_on, remark=body.remark, actor=actor, at=calls.moment(request, body.at),
        lines=[{"part_id": catalog.get_part(line.part, actor).pk, "qty": line.qty} for line in body.lines],
    )
    return calls.created(_answer(row, actor), "transfers", row.number)


@routes.read(PATH, StoreTransfer)
def get_transfer(request, number: Number):
    """One transfer."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(StoreTransfer.of(row, actor), version=row.version)


def _approve(row, body: TransferApproval, **given):
    return actions.approve_transfer(row, reason=body.reason, cuts={pk: cut.qty for pk, cut in calls.by_line("cuts", body.cuts).items()}, **given)


def _with_lines(action):
    def perform(row, body, **given):
        more = {"reason": body.reason} if hasattr(body, "reason") else {}
        return action(row, lines=[line.model_dump() for line in body.lines], **more, **given)

    return perform


add_moves(
    routes, TRANSFER, path=PATH, noun="transfer", answers=StoreTransfer, get=_get, answer=_answer,
    bodies={"approve": TransferApproval, "ship": TransferShipment, "receive": TransferReceipt, "settle": TransferSettlement},
    performs={"approve": _approve, "ship": _with_lines(actions.ship), "receive": _with_lines(actions.receive_and_settle),
              "settle": _with_lines(actions.settle)},
)
add_timeline(routes, PATH, "transfer", _get)
