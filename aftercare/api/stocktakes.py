"""盘点单: stocktakes, counted blind; rules of counting."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Id, Number, Percent, Plain, Qty, Small, Strict, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.stock import Condition, Counted, Memo, Serial, _place
from aftercare.api.timeline import add_timeline
from aftercare.domain.inventory import actions
from aftercare.domain.inventory import queries as stock
from aftercare.domain.inventory.lifecycle import STOCKTAKE
from aftercare.domain.people import queries as people
from aftercare.flows import scan_count as counting
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Stocktakes")
PATH = "/stocktakes/{number}"
Status = Literal["counting", "submitted", "settled", "cancelled", "reversed"]
Scope = Literal["whole", "bins", "cycle", "parts"]
Letter = Literal["", "A", "B", "C"]
Why = Annotated[Plain, Field(max_length=120)]
Variation = Annotated[Decimal, Field(max_digits=5, decimal_places=2, gt=0)]


class StocktakeRow(Row):
    """A stocktake, in a list."""

    number: str
    status: Status
    scope: Annotated[Scope, From("scope_of")]
    branch: Annotated[str, From("branch__number")]
    place: Annotated[str, From("place__code")]
    abc: Letter
    round: int
    memo: str
    planned_by_name: str
    created_at: dt.datetime
    counted_on: dt.date | None
    booked_on: dt.date | None
    approved_by_name: str
    version: int


def _number_of_lines(row, actor: Actor) -> int:
    return stock.progress_of([row.pk]).get(row.pk, (0, 0, 0))[0]


def _left(row, actor: Actor) -> int:
    return stock.left_to_count(row).count()


def _value(row, actor: Actor) -> Decimal | None:
    return row.value_amount if stock.may_see_book(row, actor) else None


class Counter(Row):
    """Who has counted how many lines."""

    name: str
    lines: int


class Stocktake(StocktakeRow):
    """A stocktake; the value of its differences is null for who may not see them."""

    lines: Annotated[int, Made(_number_of_lines)]
    left: Annotated[int, Made(_left)]
    counters: Annotated[list[Counter], Made(lambda row, actor: [{"name": n, "lines": k} for n, k in stock.counters_of(row)])]
    may_see_book: Annotated[bool, Made(stock.may_see_book)]
    value_amount: Annotated[Decimal | None, Made(_value)]
    moves: Annotated[list[OpenMove], Made(open_moves(STOCKTAKE))]


class StocktakeLineRow(Row):
    """What is to be counted, and what the caller himself counted of it in this round. From `book_qty` on null for who may not see it."""

    position: int
    place: str
    part_id: int
    part: str
    part_name: str
    condition: Condition
    lot: str
    is_unexpected: bool
    state: Literal["open", "recount", "agreed", "disputed"]
    is_counted: bool
    own_qty: Decimal | None
    book_qty: Decimal | None
    counted_qty: Decimal | None
    counted_at: dt.datetime | None
    counted_by_name: str | None
    expected_qty: Decimal | None
    difference_qty: Decimal | None
    difference_amount: Decimal | None
    reason: str | None


class StocktakeLines(Row):
    """Lines by position; `next` is the position to go on after."""

    items: list[StocktakeLineRow]
    next: int | None


class StocktakesAsked(Asking):
    """Filters of the stocktakes. `q` is a number; `mine`: of one's own van, being counted."""

    status: Status | None = None
    branch: Number | None = None
    place: Number | None = None
    mine: bool = False


class NewStocktake(Write):
    """What shall be counted: the whole place, some `bins`, some `parts`, or what is due by its class (`abc`, empty: any)."""

    place: Number
    scope: Scope
    bins: Annotated[list[Number], Field(max_length=500)] = []
    part_ids: Annotated[list[Id], Field(max_length=500)] = []
    abc: Letter = ""
    memo: Memo = ""


class CountedLine(Strict):
    """What was counted of a part in a bin (none: in the place itself); `adds` adds to what the caller counted of it in this round."""

    part_id: Id
    qty: Counted
    bin: Annotated[Plain, Field(max_length=30)] = ""
    condition: Condition = "good"
    lot: Serial = ""
    adds: bool = False
    note: Why = ""


class Counts(Write):
    """Counted lines; the moment of counting is `at`."""

    lines: Annotated[list[CountedLine], Field(min_length=1, max_length=500)]


class CountScan(Write):
    """One scan of a counter: a bin, a part, a serial number, or a quantity for what was scanned last.

    `bin`, `last` and `waits` are where he stands, as the answer before told. Without `qty` a scan is one more of it; with it there are
    so many, or with `adds` so many more.
    """

    code: Annotated[Plain, Field(min_length=1, max_length=120)]
    bin: Annotated[Plain, Field(max_length=30)] = ""
    last: Annotated[int | None, Field(ge=1, le=10**6)] = None
    waits: Annotated[Plain, Field(max_length=60)] = ""
    qty: Counted | None = None
    condition: Condition = "good"
    lot: Serial = ""
    adds: bool = False


class CountHeard(Row):
    """What to say to the counter, and where he stands now. `tone` ask: one more scan is needed (bin's part, serial number)."""

    said: str
    tone: Literal["ok", "ask"]
    bin: str
    last: int | None
    waits: str


class RoundEnd(Write):
    """Ends the round of counting; `rest_is_zero` enters what was not counted as none found."""

    rest_is_zero: bool = False


class LineReason(Strict):
    """Why a line differs."""

    position: Id
    reason: Annotated[Plain, Field(min_length=1, max_length=120)]


class CountApproval(Write):
    """Books the differences; `reason` is that of lines not named. `move_serials` moves serial numbers here that the books know elsewhere."""

    reason: Why = ""
    move_serials: bool = False
    reasons: Annotated[list[LineReason], Field(max_length=2000)] = []


class SentBack(Write):
    """Has lines counted once more (none named: all that differ)."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]
    lines: Annotated[list[Id], Field(max_length=2000)] = []


class DuePart(Row):
    """A part that is due."""

    part_id: int
    part: str
    part_name: str
    abc: Literal["A", "B", "C"]


class DueParts(Row):
    """What is due for the cycle count at a place."""

    place: str
    items: list[DuePart]


class CountRuleRow(Row):
    """How a branch counts and classifies its stock; a threshold of null is not asked."""

    branch: Annotated[str, From("branch__number")]
    recount_qty: Decimal | None
    recount_percent: Decimal | None
    recount_amount: Decimal | None
    approve_amount: Decimal | None
    is_own_count: bool
    cycle_a_days: int
    cycle_b_days: int
    cycle_c_days: int
    a_percent: Decimal
    b_percent: Decimal
    x_variation: Decimal
    y_variation: Decimal
    slow_days: int
    dead_days: int
    version: int


class CountRuleSet(Write):
    """What changes of the rules of a branch."""

    recount_qty: Qty | None = None
    recount_percent: Annotated[Decimal, Field(max_digits=6, decimal_places=2, ge=0, le=1000)] | None = None
    recount_amount: Amount | None = None
    approve_amount: Amount | None = None
    is_own_count: bool = None
    cycle_a_days: Small = None
    cycle_b_days: Small = None
    cycle_c_days: Small = None
    a_percent: Percent = None
    b_percent: Percent = None
    x_variation: Variation = None
    y_variation: Variation = None
    slow_days: Small = None
    dead_days: Small = None


def _get(number: str, actor: Actor):
    return one_of(Stocktake, stock.list_stocktakes(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Stocktake, row)
    return Answer(Stocktake.of(row, actor), version=row.version)


@routes.list("/stocktakes", StocktakeRow)
def list_stocktakes(request, asked: Query[StocktakesAsked]):
    """List stocktakes, newest first."""
    actor = calls.caller(request)
    rows = stock.own_to_count(actor) if asked.mine else stock.list_stocktakes(actor)
    if asked.q:
        rows = rows.filter(number__icontains=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    if asked.place:
        rows = rows.filter(place__code=asked.place)
    return page_of(StocktakeRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/stocktakes", Stocktake)
def plan_stocktake(request, body: NewStocktake):
    """Draw up a stocktake."""
    actor = calls.caller(request)
    place = _place(body.place, actor)
    row = actions.plan_stocktake(
        place, scope=body.scope, bins=[stock.get_bin(place, code, actor).pk for code in body.bins], parts=body.part_ids, abc=body.abc,
        memo=body.memo, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "stocktakes", row.number)


@routes.read(PATH, Stocktake)
def get_stocktake(request, number: Number):
    """One stocktake."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Stocktake.of(row, actor), version=row.version)


@routes.read(f"{PATH}/lines", StocktakeLines)
def list_stocktake_lines(request, number: Number, after: Annotated[int, Field(ge=0, le=10**6)] = 0,
                         limit: Annotated[int, Field(ge=1, le=500)] = 200, left: bool = False):
    """Its lines by position; with `left` those that the present round still waits for."""
    actor = calls.caller(request)
    row = _get(number, actor)
    lines = stock.left_to_count(row) if left else stock.stocktake_lines(row)
    found = list(lines.filter(position__gt=after).order_by("position")[: limit + 1])
    shown, own, is_open = stock.may_see_book(row, actor), stock.own_counts(row, actor), row.status == "counting"
    items = [told_line(line, own, shown, is_counted=line.counted_round >= row.round or not is_open) for line in found[:limit]]
    return {"items": items, "next": found[limit - 1].position if len(found) > limit else None}


_HIDDEN = ("book_qty", "counted_qty", "counted_at", "counted_by_name", "expected_qty", "difference_qty", "difference_amount", "reason")


def told_line(line, own: dict[int, Decimal], shown: bool, *, is_counted: bool) -> dict[str, Any]:
    """A line as an answer: what is hidden stays null unless it is shown."""
    told = {
        "position": line.position, "place": line.place.code, "part_id": line.part_id, "part": line.part.code, "part_name": line.part.name,
        "condition": line.condition, "lot": line.lot, "is_unexpected": line.is_unexpected, "state": line.state, "is_counted": is_counted,
        "own_qty": own.get(line.pk),
    }
    return told | {name: getattr(line, name) if shown else None for name in _HIDDEN}


@routes.act(f"{PATH}/scans", CountHeard)
def scan_count(request, number: Number, body: CountScan):
    """Count one scan, at once; a wrong one is refused in words and counts nothing. It never tells what the books say."""
    actor = calls.caller(request)
    where = counting.Counting(body.bin, body.last, body.waits)
    heard = counting.take(_get(number, actor), body.code, where=where, qty=body.qty, condition=body.condition, lot=body.lot, adds=body.adds,
                          actor=actor, at=calls.moment(request, body.at))
    return {"said": heard.said, "tone": heard.tone, "bin": heard.now.bin, "last": heard.now.last, "waits": heard.now.waits}


def _record(row, body: Counts, *, actor: Actor, at: dt.datetime, version: int | None):
    bins = {code: stock.get_bin(row.place, code, actor).pk for code in {line.bin for line in body.lines} if code}
    lines = [actions.CountLine(line.part_id, line.qty, bins.get(line.bin), line.condition, line.lot, line.adds, line.note) for line in body.lines]
    return actions.record_counts(row, lines=lines, actor=actor, at=at, version=version)


def _close(row, body: RoundEnd, *, actor: Actor, at: dt.datetime, version: int | None):
    return actions.finish_round(row, rest_is_zero=body.rest_is_zero, version=version, actor=actor, at=at)


def _approve(row, body: CountApproval, *, actor: Actor, at: dt.datetime, version: int | None):
    reasons = {line.position: line.reason for line in body.reasons}
    return actions.approve_stocktake(row, reasons=reasons, reason=body.reason, move_serials=body.move_serials, actor=actor, at=at, version=version)


add_moves(
    routes, STOCKTAKE, path=PATH, noun="stocktake", answers=Stocktake, get=_get, answer=_answer,
    bodies={"record_counts": Counts, "close_round": RoundEnd, "approve_stocktake": CountApproval, "send_back_stocktake": SentBack},
    performs={"record_counts": _record, "close_round": _close, "approve_stocktake": _approve},
)
add_timeline(routes, PATH, "stocktake", _get)


@routes.read("/cycle-counts/{place}", DueParts)
def get_cycle_counts_due(request, place: Number, abc: Letter = ""):
    """Which parts at a place are due for the cycle count, with their class."""
    actor = calls.caller(request)
    row = _place(place, actor)
    due = stock.due_parts(row, today=clock.local_day(clock.now(), actor.zone), abc=abc)
    parts = stock.parts_of(due)
    return {"place": row.code, "items": [
        {"part_id": pk, "part": parts[pk].code, "part_name": parts[pk].name, "abc": letter} for pk, letter in sorted(due.items())
    ]}


@routes.list("/count-rules", CountRuleRow)
def list_count_rules(request, asked: Query[Asking]):
    """List the rules of branches for counting and classes."""
    actor = calls.caller(request)
    return page_of(CountRuleRow, stock.list_count_rules(actor), actor, order=("branch__number", "id"), asked=asked)


@routes.replace("/count-rules/{branch}", CountRuleRow, match=True)
def set_count_rule(request, branch: Number, body: CountRuleSet):
    """Set the rules of a branch; what is not named stays."""
    actor = calls.caller(request)
    row = actions.set_count_rule(people.get_branch(branch, actor).pk, version=calls.version_seen(request), actor=actor,
                                 at=calls.moment(request, body.at), **calls.edits(body))
    return Answer(CountRuleRow.of(row, actor), version=row.version)
