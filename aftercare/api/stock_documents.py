"""出入库单 and 库存期间: stock documents, closed periods, the stock of a past day, rules of branches."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Qty, Small, Strict, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Needs, Row, again, one_of, page_of
from aftercare.api.stock import VIEW_COST, Code30, Condition, Memo, Serial, UnitCost, _place
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import actions
from aftercare.domain.inventory import queries as stock
from aftercare.domain.inventory.lifecycle import DOCUMENT
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

routes = Routes("Stock documents")
Kind = Literal["receipt", "issue", "transfer", "scrap", "state"]


class DocumentLineRow(Row):
    """A line of a stock document."""

    position: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    qty: Decimal
    pack: str
    pack_qty: Decimal | None
    lot: str
    expires_on: dt.date | None
    bin: Annotated[str | None, From("bin__code")]
    unit_cost: Annotated[Decimal | None, Needs(VIEW_COST)]
    note: str


class DocumentRow(Row):
    """A stock document."""

    number: str
    status: Literal["draft", "posted", "cancelled", "reversed"]
    kind: Annotated[Kind, From("kind_of")]
    branch: Annotated[str, From("branch__number")]
    from_place: Annotated[str | None, From("from_place__code")]
    to_place: Annotated[str | None, From("to_place__code")]
    from_condition: Condition
    to_condition: Condition
    dated_on: dt.date
    booked_on: dt.date | None
    memo: str
    value_amount: Annotated[Decimal | None, Needs(VIEW_COST)]
    written_by_name: str
    posted_by_name: str
    created_at: dt.datetime
    version: int


def _lines_of(document, actor: Actor) -> list[dict]:
    rows = stock.lines_of(document)
    return [DocumentLineRow.of(row, actor) for row in rows]


class Document(DocumentRow):
    """A stock document with its lines and the moves open to the caller."""

    lines: Annotated[list[DocumentLineRow], Made(_lines_of)]
    moves: Annotated[list[OpenMove], Made(open_moves(DOCUMENT))]


class DocumentsAsked(Asking):
    """Filters of the stock documents. `q` is a number."""

    status: Literal["draft", "posted", "cancelled", "reversed"] | None = None
    kind: Kind | None = None
    branch: Number | None = None


class DocumentLineWritten(Strict):
    """A line: `qty` in base units, or `pack` with `pack_qty`."""

    part_id: Id
    qty: Qty | None = None
    pack: Annotated[str, Field(max_length=20)] = ""
    pack_qty: Qty | None = None
    lot: Serial = ""
    expires_on: Day | None = None
    bin: Annotated[str, Field(max_length=30)] = ""
    unit_cost: UnitCost | None = None
    note: Annotated[str, Field(max_length=120)] = ""


Lines = Annotated[list[DocumentLineWritten], Field(min_length=1, max_length=500)]


class NewDocument(Write):
    """A draft of a stock document."""

    kind: Kind
    dated_on: Day
    from_place: Code30 | None = None
    to_place: Code30 | None = None
    from_condition: Condition = "good"
    to_condition: Condition = "good"
    memo: Memo = ""
    lines: Lines


class Rewritten(Write):
    """What changes on a draft; `lines` replace all lines."""

    dated_on: Day = None
    from_place: Code30 = None
    to_place: Code30 = None
    from_condition: Condition = None
    to_condition: Condition = None
    memo: Memo = None
    lines: Lines = None


class PeriodRow(Row):
    """A closed period; no branch means the whole company."""

    id: int
    branch: Annotated[str | None, From("branch__number")]
    closed_to: dt.date
    closed_at: dt.datetime
    closed_by: str
    is_kept: bool


class Closing(Write):
    """Close up to and with that day."""

    closed_to: Day
    branch: Number | None = Field(None, description="Without it the whole company is closed.")


class DayRow(Row):
    """What lay at a place at the end of the day."""

    place: str
    part: str
    part_name: str
    condition: Condition
    lot: str
    qty: Decimal
    amount: Decimal | None


class DayStock(Row):
    """The stock of a past day, by the days on which moves stand in the books."""

    day: dt.date
    items: list[DayRow]


class RuleRow(Row):
    """How a branch wants its stock documents."""

    branch: Annotated[str, From("branch__number")]
    two_person_amount: Decimal | None
    back_days: int
    version: int


class RuleSet(Write):
    """The rules of a branch."""

    two_person_amount: Amount | None = None
    back_days: Small = 3


def _document(number: str, actor: Actor):
    return one_of(Document, stock.list_documents(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Document, row)
    return Answer(Document.of(row, actor), version=row.version)


def _lines(lines: list[DocumentLineWritten], place, actor: Actor) -> list[dict]:
    rows = []
    for line in lines:
        told = line.model_dump(exclude={"bin", "qty"})
        told["bin_id"] = stock.get_bin(place, line.bin, actor).pk if line.bin else None
        rows.append(told if line.pack else {**told, "qty": line.qty})
    return rows


@routes.list("/stock-documents", DocumentRow)
def list_stock_documents(request, asked: Query[DocumentsAsked]):
    """List stock documents, newest first."""
    actor = calls.caller(request)
    rows = calls.named(stock.list_documents(actor), asked.q, "number")
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.kind:
        rows = rows.filter(kind_of=asked.kind)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(DocumentRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/stock-documents", Document)
def open_stock_document(request, body: NewDocument):
    """Write a draft."""
    actor = calls.caller(request)
    here = _place(body.from_place, actor) if body.from_place else None
    there = _place(body.to_place, actor) if body.to_place else None
    row = actions.open_document(
        kind=body.kind, dated_on=body.dated_on, from_place=here, to_place=there, from_condition=body.from_condition,
        to_condition=body.to_condition, memo=body.memo, lines=_lines(body.lines, here or there, actor), actor=actor,
        at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "stock-documents", row.number)


@routes.read("/stock-documents/{number}", Document)
def get_stock_document(request, number: Number):
    """One stock document."""
    actor = calls.caller(request)
    row = _document(number, actor)
    return Answer(Document.of(row, actor), version=row.version)


def _rewrite(row, body: Rewritten, *, actor: Actor, at: dt.datetime, version: int | None):
    told = {name: getattr(body, name) for name in body.model_fields_set if name not in ("at", "lines")}
    for name in ("from_place", "to_place"):
        if name in told:
            told[name] = _place(told[name], actor)
    place = told.get("from_place") or told.get("to_place") or row.from_place or row.to_place
    lines = _lines(body.lines, place, actor) if body.lines is not None else None
    return actions.rewrite(row, lines=lines, actor=actor, at=at, version=version, **told)


add_moves(routes, DOCUMENT, path="/stock-documents/{number}", noun="stock_document", answers=Document, get=_document,
          answer=_answer, bodies={"rewrite": Rewritten}, performs={"rewrite": _rewrite})


@routes.list("/stock-periods", PeriodRow)
def list_stock_periods(request, asked: Query[Asking]):
    """List closed periods, newest first."""
    actor = calls.caller(request)
    return page_of(PeriodRow, stock.list_periods(actor), actor, order=("-closed_to", "-id"), asked=asked)


@routes.create("/stock-periods", PeriodRow)
def close_stock_period(request, body: Closing):
    """Close a period: moves on or before its day are refused from now on."""
    actor = calls.caller(request)
    branch = people.get_branch(body.branch, actor).pk if body.branch else None
    row = actions.close_period(closed_to=body.closed_to, branch_id=branch, actor=actor, at=calls.moment(request, body.at))
    return Answer(PeriodRow.of(row, actor), status=201)


@routes.read("/stock-on/{day}", DayStock)
def get_stock_on(request, day: Day, place: Number | None = None, part: Number | None = None):
    """What lay where at the end of a past day, and what it was worth then; `amount` is null for who may not see costs, and
    where more than a hundred thousand moves would have to be read for it: ask by part then."""
    actor = calls.caller(request)
    if day > clock.local_day(clock.now(), actor.zone):
        raise RuleBroken(_("这一天还没有到"), code="future_day", field="day")
    of_part = catalog.get_part(part, actor).pk if part else None
    rows = stock.stock_on(day, actor=actor, place_ids=[_place(place, actor).pk] if place else None, part_id=of_part)
    parts = catalog.list_parts(actor).in_bulk({row[1] for row in rows})
    places = stock.list_places(actor).in_bulk({row[0] for row in rows})
    units = stock.units_on(day, rows, places, actor, most=100_000) if actor.holds(VIEW_COST) else {}

    def worth(at: int, of: int, condition: str, qty: Decimal) -> Decimal | None:
        unit = units.get((places[at].branch_id, of)) if condition in ("good", "inspection") else None
        return None if unit is None else money.rounded(qty * unit)

    return {"day": day, "items": [
        {"place": places[at].code, "part": parts[of].code, "part_name": parts[of].name, "condition": condition, "lot": lot, "qty": qty,
         "amount": worth(at, of, condition, qty)}
        for at, of, condition, lot, qty in rows
    ]}


@routes.list("/stock-rules", RuleRow)
def list_stock_rules(request, asked: Query[Asking]):
    """List the rules of branches for stock documents."""
    actor = calls.caller(request)
    return page_of(RuleRow, stock.list_rules(actor), actor, order=("branch__number", "id"), asked=asked)


@routes.replace("/stock-rules/{branch}", RuleRow, match=True)
def set_stock_rule(request, branch: Number, body: RuleSet):
    """Set the rules of a branch."""
    actor = calls.caller(request)
    row = actions.set_rule(people.get_branch(branch, actor).pk, two_person_amount=body.two_person_amount, back_days=body.back_days,
                           version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at))
    return Answer(RuleRow.of(row, actor), version=row.version)
