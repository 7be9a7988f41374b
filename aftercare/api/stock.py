"""库存: places, balances, the stock ledger, receipts, transfers and counts."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Instant, Number, Plain, Qty, Reason, Strict, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Needs, Row, again, one_of, page_of
from aftercare.domain.inventory import actions
from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor

routes = Routes("Stock")
VIEW_COST = "inventory.view_cost"
PlaceKind = Literal["depot", "van", "outlet", "bench", "finished", "awaiting", "samples", "returns", "quarantine",
                    "transit", "scrap", "supplier", "customer", "difference", "bin"]
Condition = Literal["good", "inspection", "defective", "return"]
Code30 = Annotated[Plain, Field(min_length=1, max_length=30)]
Serial = Annotated[Plain, Field(max_length=60)]
Memo = Annotated[Plain, Field(max_length=200)]
UnitCost = Annotated[Decimal, Field(max_digits=16, decimal_places=6, ge=0)]
Counted = Annotated[Decimal, Field(max_digits=12, decimal_places=3, ge=0)]


class PlaceRow(Row):
    """Where a thing can be."""

    id: int
    code: str
    name: str
    kind: Annotated[PlaceKind, From("kind_of")]
    branch: Annotated[str | None, From("branch__number")]
    employee: Annotated[str | None, From("employee__number")]
    parent: Annotated[str | None, From("parent__code")]
    position: str
    is_active: bool
    version: int


class BalanceRow(Row):
    """What lies at a place: on hand, promised, limits. While it is counted blind (`is_counting`) its counters read null."""

    id: int
    place: Annotated[str, From("place__code")]
    place_name: Annotated[str, From("place__name")]
    part_id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    condition: Condition
    lot: str
    is_counting: bool
    on_hand_qty: Annotated[Decimal | None, From("seen_qty")]
    reserved_qty: Annotated[Decimal | None, From("held_qty")]
    min_qty: Decimal
    max_qty: Decimal


class MoveRow(Row):
    """A row of the stock ledger: a quantity from a place to a place."""

    id: int
    at: dt.datetime
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    qty: Decimal
    lot: str
    from_place: Annotated[str, From("from_place__code")]
    to_place: Annotated[str, From("to_place__code")]
    from_condition: Condition
    to_condition: Condition
    unit_cost: Annotated[Decimal | None, Needs(VIEW_COST)]
    reason: str
    source_kind: str
    source_number: str
    memo: str
    actor_name: str
    reverses_id: int | None


class Moves(Row):
    """The moves that were booked."""

    items: list[MoveRow]


class PlacesAsked(Asking):
    """Filters of the places. `q` is a part of code or name."""

    kind: PlaceKind | None = None
    branch: Number | None = None


class BalancesAsked(Asking):
    """Filters of the balances. `q` finds parts by code or name."""

    place: Number | None = Field(None, description="Code of the place.")
    part: Number | None = Field(None, description="Code of the part.")
    branch: Number | None = None
    condition: Condition | None = None
    empty: bool = Field(False, description="Also what is down to nothing.")
    below: bool = Field(False, description="Only what is under its lower limit.")


class MovesAsked(Asking):
    """Filters of the stock ledger. `q` is the number of a document."""

    place: Number | None = Field(None, description="Code of a place it went from or to.")
    part: Number | None = None
    source_kind: Number | None = Field(None, examples=["work.workorder"])
    source_id: Id | None = None
    since: Instant | None = None
    until: Instant | None = None


class NewPlace(Write):
    """A place."""

    code: Code30
    name: Annotated[Plain, Field(min_length=1, max_length=80)]
    kind: PlaceKind
    branch: Number | None = None
    employee: Number | None = None
    parent: Code30 | None = Field(None, description="The depot a bin lies in.")
    position: Code30 | None = Field(None, description="Order of picking; the code when not told.")


class PlaceEdit(Write):
    """What may be changed."""

    position: Annotated[Plain, Field(max_length=30)] = None
    name: Annotated[Plain, Field(min_length=1, max_length=80)] = None
    is_active: bool = None


class ReceiptLine(Strict):
    """Goods that come in."""

    part_id: Id
    qty: Qty
    unit_cost: UnitCost | None = None
    serial: Serial = ""
    expires_on: Day | None = None
    bin: Annotated[Plain, Field(max_length=30)] = ""


class Receipt(Write):
    """Goods come from a supplier."""

    place: Code30
    lines: Annotated[list[ReceiptLine], Field(min_length=1, max_length=200)]
    condition: Condition = "good"
    memo: Memo = ""


class TransferLine(Strict):
    """Goods that go."""

    part_id: Id
    qty: Qty
    serial: Serial = ""


class Transfer(Write):
    """Free goods go from a place to a place."""

    from_place: Code30
    to_place: Code30
    lines: Annotated[list[TransferLine], Field(min_length=1, max_length=200)]
    memo: Memo = ""


class CountLine(Strict):
    """What was counted."""

    part_id: Id
    qty: Counted
    condition: Condition = "good"
    lot: Serial = ""


class Count(Write):
    """A count of some parts at a place; the difference is booked."""

    place: Code30
    lines: Annotated[list[CountLine], Field(min_length=1, max_length=200)]
    reason: Memo = ""


class Reversing(Reason):
    """Bookings of one document that are taken back."""

    moves: Annotated[list[Id], Field(min_length=1, max_length=200)]


class Limits(Write):
    """Least and most that shall lie there."""

    place: Code30
    part_id: Id
    min_qty: Counted
    max_qty: Counted


def _place(code: str, actor: Actor):
    return one_of(PlaceRow, stock.list_places(actor), actor, code=code)


def _booked(rows, actor: Actor) -> dict:
    ids = [row.pk for row in rows]
    found = stock.list_moves(actor).filter(pk__in=ids).order_by("id") if ids else []
    return {"items": MoveRow.many(found, actor)}


@routes.list("/places", PlaceRow)
def list_places(request, asked: Query[PlacesAsked]):
    """List places."""
    actor = calls.caller(request)
    rows = calls.named(stock.list_places(actor), asked.q, "code")
    if asked.kind:
        rows = rows.filter(kind_of=asked.kind)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(PlaceRow, rows, actor, order=("code", "id"), asked=asked)


@routes.create("/places", PlaceRow)
def create_place(request, body: NewPlace):
    """Make a place."""
    actor = calls.caller(request)
    place = actions.create_place(
        code=body.code, name=body.name, kind=body.kind,
        branch_id=people.get_branch(body.branch, actor).pk if body.branch else None,
        employee_id=people.get_employee(body.employee, actor).pk if body.employee else None,
        parent=_place(body.parent, actor) if body.parent else None, position=body.position or "", actor=actor, at=calls.moment(request, body.at),
    )
    place = again(PlaceRow, place)
    return calls.created(Answer(PlaceRow.of(place, actor), version=place.version), "places", place.code)


@routes.read("/places/{code}", PlaceRow)
def get_place(request, code: Number):
    """One place."""
    actor = calls.caller(request)
    place = _place(code, actor)
    return Answer(PlaceRow.of(place, actor), version=place.version)


@routes.edit("/places/{code}", PlaceRow)
def edit_place(request, code: Number, body: PlaceEdit):
    """Rename a place, or take it out of use."""
    actor = calls.caller(request)
    place = actions.edit_place(_place(code, actor), version=calls.version_edited(request), actor=actor,
                               at=calls.moment(request, body.at), **calls.edits(body))
    place = again(PlaceRow, place)
    return Answer(PlaceRow.of(place, actor), version=place.version)


@routes.list("/stock", BalanceRow)
def list_stock(request, asked: Query[BalancesAsked]):
    """List what lies where."""
    actor = calls.caller(request)
    rows = stock.seen_balances(actor, empty=asked.empty or asked.below)
    if asked.below:
        rows = stock.below_limit(actor, rows.filter(is_counting=False))
    if asked.q:
        rows = rows.filter(part__in=calls.searched(calls.parts(actor), asked.q))
    if asked.place:
        rows = rows.filter(place__code=asked.place)
    if asked.part:
        rows = rows.filter(part__code=asked.part)
    if asked.branch:
        rows = rows.filter(place__branch__number=asked.branch)
    if asked.condition:
        rows = rows.filter(condition=asked.condition)
    return page_of(BalanceRow, rows, actor, order=("id",), asked=asked)


@routes.list("/stock-moves", MoveRow)
def list_stock_moves(request, asked: Query[MovesAsked]):
    """List the stock ledger, newest first."""
    actor = calls.caller(request)
    rows = stock.seen_moves(actor)
    if asked.q:
        rows = rows.filter(source_number=asked.q)
    if asked.place:
        place = _place(asked.place, actor)
        rows = rows.filter(from_place=place) | rows.filter(to_place=place)
    if asked.part:
        rows = rows.filter(part__code=asked.part)
    if asked.source_kind:
        rows = rows.filter(source_kind=asked.source_kind)
    if asked.source_id:
        rows = rows.filter(source_id=asked.source_id)
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__lt=asked.until)
    return page_of(MoveRow, rows, actor, order=("-id",), asked=asked)


@routes.act("/stock/receive", Moves)
def receive_stock(request, body: Receipt):
    """Book goods that come from a supplier."""
    actor = calls.caller(request)
    place = _place(body.place, actor)
    rows = actions.receive(
        place,
        lines=[
            actions.ReceiveLine(row.part_id, row.qty, row.unit_cost, row.serial, row.expires_on,
                                stock.get_bin(place, row.bin, actor).pk if row.bin else None)
            for row in body.lines
        ],
        condition=body.condition, memo=body.memo, actor=actor, at=calls.moment(request, body.at),
    )
    return _booked(rows, actor)


@routes.act("/stock/transfer", Moves)
def transfer_stock(request, body: Transfer):
    """Move free goods to another place."""
    actor = calls.caller(request)
    rows = actions.transfer(
        from_place=_place(body.from_place, actor), to_place=_place(body.to_place, actor),
        lines=[(row.part_id, row.qty, row.serial) for row in body.lines], memo=body.memo, actor=actor,
        at=calls.moment(request, body.at),
    )
    return _booked(rows, actor)


@routes.act("/stock/count", Moves)
def count_stock(request, body: Count):
    """Book what was counted; the answer is the moves of the difference."""
    actor = calls.caller(request)
    rows = actions.count(
        _place(body.place, actor), lines=[(row.part_id, row.qty, row.condition, row.lot) for row in body.lines],
        reason=body.reason, actor=actor, at=calls.moment(request, body.at),
    )
    return _booked(rows, actor)


@routes.act("/stock/reverse", Moves)
def reverse_stock_moves(request, body: Reversing):
    """Take bookings of a keeper back, each once; those of a paper are taken back by that paper (`paper_booked`)."""
    actor = calls.caller(request)
    rows = actions.undo_booking([stock.get_move(pk, actor) for pk in body.moves], reason=body.reason, actor=actor,
                           at=calls.moment(request, body.at))
    return _booked(rows, actor)


@routes.act("/stock/limits", BalanceRow)
def set_stock_limits(request, body: Limits):
    """Set the least and most of a part at a place."""
    actor = calls.caller(request)
    row = actions.set_limits(_place(body.place, actor), part_id=body.part_id, min_qty=body.min_qty, max_qty=body.max_qty,
                             actor=actor, at=calls.moment(request, body.at))
    return BalanceRow.of(stock.seen_balances(actor, empty=True).get(pk=row.pk), actor)
