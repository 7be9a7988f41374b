"""旧件寄厂: shipments of old parts to the factory, filled by scan, sent, answered piece by piece."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.core_returns import CoreRow
from aftercare.api.fields import Amount, Number, Plain, Strict, Text, Write
from aftercare.api.moves import OpenMove, add_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.cores import actions
from aftercare.domain.cores import queries as old_parts
from aftercare.domain.cores.lifecycle import SHIPMENT, SHIPMENT_BY_HAND
from aftercare.domain.parties import queries as parties
from aftercare.foundation.access import Actor

routes = Routes("Core returns")
PATH = "/core-shipments/{number}"
ShipmentState = Literal["draft", "posted", "settled", "cancelled", "reversed"]
Short = Annotated[Plain, Field(max_length=60)]


class CoreShipmentRow(Row):
    """A shipment, in a list."""

    number: str
    status: ShipmentState
    branch: Annotated[str, From("branch__number")]
    supplier: Annotated[str | None, From("supplier__number")]
    receiver: str
    carrier: str
    tracking_number: str
    created_at: dt.datetime
    created_by: str
    posted_at: dt.datetime | None
    version: int


class CoreShipmentFigures(Row):
    """Pieces in it, how many the factory answered for, what it credited and what was expected (CNY)."""

    pieces: int
    answered: int
    refused: int
    credited_amount: Decimal
    expected_amount: Decimal | None


def _moves(row, actor: Actor) -> list[dict]:
    return [{"name": m.name, "label": str(m.label), "asks": list(m.asks), "primary": m.primary, "danger": m.danger}
            for m in SHIPMENT.open_moves(row, actor) if m.name in SHIPMENT_BY_HAND]


class CoreShipment(CoreShipmentRow):
    """A shipment in full, with the moves open to the caller."""

    remark: str
    posted_by: str
    pieces: Annotated[list[CoreRow], Made(lambda row, actor: CoreRow.many(old_parts.pieces_of(row), actor))]
    figures: Annotated[CoreShipmentFigures, Made(lambda row, actor: CoreShipmentFigures.of(old_parts.figures_of(old_parts.pieces_of(row)), actor))]
    moves: Annotated[list[OpenMove], Made(_moves)]


class CoreShipmentsAsked(Asking):
    """Filters of the shipments. `q` finds numbers, tracking numbers, factories and what lies in them."""

    status: ShipmentState | None = None
    branch: Number | None = None


class NewCoreShipment(Write):
    """Begins a shipment; `supplier` is the factory."""

    branch: Number | None = None
    supplier: Number | None = None
    receiver: Annotated[Plain, Field(max_length=200)] = ""
    remark: Text = ""


class CoreShipmentEdit(Write):
    """What may be changed: factory, receiver, remark of a draft; carrier, tracking number, remark of a sent one."""

    supplier: Number | None = None
    receiver: Annotated[Plain, Field(max_length=200)] = None
    carrier: Short = None
    tracking_number: Short = None
    remark: Text = None


class BoxedPiece(Write):
    """The tag of the piece."""

    core: Number


class Dispatched(Write):
    """Who carries it, under which number."""

    carrier: Annotated[Plain, Field(min_length=1, max_length=60)]
    tracking_number: Annotated[Plain, Field(min_length=1, max_length=60)]


class FactoryAnswer(Strict):
    """What the factory says of one piece: what it credits for all of its quantity (CNY; zero: it refuses), and why."""

    core: Number
    amount: Amount
    reason: Annotated[Plain, Field(max_length=200)] = ""


class FactoryAnswers(Write):
    """The factory's answer for several pieces, all or nothing."""

    answers: Annotated[list[FactoryAnswer], Field(min_length=1, max_length=300)]


def _get(number: str, actor: Actor):
    return one_of(CoreShipment, old_parts.list_shipments(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(CoreShipment, row)
    return Answer(CoreShipment.of(row, actor), version=row.version)


@routes.list("/core-shipments", CoreShipmentRow)
def list_core_shipments(request, asked: Query[CoreShipmentsAsked]):
    """List shipments of old parts, newest first."""
    actor = calls.caller(request)
    rows = old_parts.list_shipments(actor)
    if asked.q:
        rows = old_parts.search_shipments(rows, asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(CoreShipmentRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/core-shipments", CoreShipment)
def create_core_shipment(request, body: NewCoreShipment):
    """Begin a shipment of a branch's old parts to a factory."""
    actor = calls.caller(request)
    row = actions.open_shipment(
        branch_id=calls.branch_id(request, body.branch), supplier=parties.get_supplier(body.supplier, actor) if body.supplier else None,
        receiver=body.receiver, remark=body.remark, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "core-shipments", row.number)


@routes.read(PATH, CoreShipment)
def get_core_shipment(request, number: Number):
    """One shipment with what lies in it."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(CoreShipment.of(row, actor), version=row.version)


@routes.edit(PATH, CoreShipment)
def edit_core_shipment(request, number: Number, body: CoreShipmentEdit):
    """Change what may be changed of it."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "supplier" in fields:
        fields["supplier"] = parties.get_supplier(fields["supplier"], actor) if fields["supplier"] else None
    row = actions.revise_shipment(_get(number, actor), version=calls.version_edited(request), actor=actor,
                                  at=calls.moment(request, body.at), **fields)
    return _answer(row, actor)


def _with_piece(action):
    def perform(row, body: BoxedPiece, *, actor: Actor, **given):
        return action(row, core=old_parts.find_to_box(body.core, actor) if action is actions.add else old_parts.get_core(body.core, actor), actor=actor, **given)

    return perform


add_moves(
    routes, SHIPMENT, path=PATH, noun="core_shipment", answers=CoreShipment, get=_get, answer=_answer, without=SHIPMENT.moves.keys() - set(SHIPMENT_BY_HAND),
    bodies={"add": BoxedPiece, "remove": BoxedPiece, "post": Dispatched},
    performs={"add": _with_piece(actions.add), "remove": _with_piece(actions.remove)},
)


@routes.act(PATH + "/answer", CoreShipment)
def answer_core_shipment(request, number: Number, body: FactoryAnswers):
    """Write down what the factory credits or refuses, piece by piece."""
    actor = calls.caller(request)
    shipment = _get(number, actor)
    pieces = {row.number: row for row in old_parts.pieces_of(shipment)}
    rows = [(pieces.get(one.core) or old_parts.get_core(one.core, actor), one.amount, one.reason) for one in body.answers]
    return _answer(actions.answer(shipment, answers=rows, actor=actor, at=calls.moment(request, body.at)), actor)


add_timeline(routes, PATH, "core_shipment", _get)

