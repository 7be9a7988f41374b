"""提成与月度结算: statements, the lines they are made of, rates and deductions."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Percent, Plain, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.people import queries as people
from aftercare.domain.settlement import actions
from aftercare.domain.settlement import queries as settlement
from aftercare.domain.settlement.lifecycle import STATEMENT
from aftercare.flows import old_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Settlement")
PATH = "/statements/{number}"
Status = Literal["draft", "appealed", "locked"]
LineKind = Literal["commission", "overdue", "repeat", "reward", "penalty"]
Mode = Literal["", "on_site", "bench", "outside", "remote"]
Why = Annotated[Plain, Field(min_length=1, max_length=200)]
Grade = Annotated[Plain, Field(max_length=20)]


class StatementRow(Row):
    """An engineer's month."""

    number: str
    employee: Annotated[str, From("employee__number")]
    employee_name: Annotated[str, From("employee__name")]
    branch: Annotated[str, From("branch__number")]
    month: dt.date
    status: Status
    base_amount: Decimal
    commission_amount: Decimal
    deduction_amount: Decimal
    total_amount: Decimal
    orders: int
    version: int


class LineRow(Row):
    """One line of what an engineer earns or loses; `text` is how it came about."""

    id: int
    employee: Annotated[str, From("employee__number")]
    month: dt.date
    at: dt.datetime
    kind: Annotated[LineKind, From("kind_of")]
    amount: Decimal
    currency: str
    source_kind: str
    source_number: str
    reverses_id: int | None


class Line(LineRow):
    """A line with its explanation."""

    explanation: dict
    text: Annotated[str, Made(lambda line, actor: settlement.sentence(line))]


def _overdue(statement, actor: Actor) -> list[str]:
    return [core.number for core in old_parts.overdue_of(statement, at=clock.now())]


class Statement(StatementRow):
    """An engineer's month in full, with the moves open to the caller."""

    appeal: str
    locked_at: dt.datetime | None
    overdue_old_parts: Annotated[list[str], Made(_overdue)] = Field(description="Tags of old parts whose lateness touches this month.")
    moves: Annotated[list[OpenMove], Made(open_moves(STATEMENT))]


class Lines(Row):
    """The lines of a statement, oldest first."""

    items: list[Line]


class Proof(Row):
    """The statement worked out anew from the explanations of its lines."""

    is_equal: bool
    problems: list[str]


class RateRow(Row):
    """A commission rate; null and empty columns mean any; the most specific valid line wins."""

    id: int
    work_type: Annotated[str | None, From("work_type__code")]
    category_id: int | None
    mode: Mode
    grade: str
    amount: Decimal
    labour_percent: Decimal
    part_percent: Decimal
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class DeductionRow(Row):
    """What an overdue or repeat repair costs."""

    id: int
    cause: Literal["overdue", "repeat"]
    over_minutes: int
    amount: Decimal
    percent: Decimal
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class StatementsAsked(Asking):
    """Filters of the statements. `q` is a number."""

    month: Day | None = Field(None, description="Any day of the month.")
    status: Status | None = None
    employee: Number | None = None
    branch: Number | None = None


class LinesAsked(Asking):
    """Filters of the lines. `q` is the number of a document."""

    employee: Number | None = None
    kind: LineKind | None = None
    month: Day | None = Field(None, description="First day of the month.")


class NewStatement(Write):
    """Begins an engineer's month, or brings it up to date."""

    employee: Number
    month: Day = Field(description="Any day of the month.")


class Adjustment(Write):
    """A reward or penalty (a positive amount) for an engineer's month."""

    employee: Number
    amount: Annotated[Amount, Field(gt=0)]
    reason: Why
    day: Day


class NewRate(Write):
    """A commission rate."""

    valid_from: Day
    valid_to: Day | None = None
    work_type: Number | None = Field(None, description="Code of the work type.")
    category_id: Id | None = None
    mode: Mode = ""
    grade: Grade = ""
    amount: Amount = Decimal("0.00")
    labour_percent: Percent = Decimal(0)
    part_percent: Percent = Decimal(0)


class RateEdit(Write):
    """What may be changed; booked lines keep the old one."""

    amount: Amount = None
    labour_percent: Percent = None
    part_percent: Percent = None
    valid_from: Day = None
    valid_to: Day | None = None


class NewDeduction(Write):
    """A rule of deduction."""

    cause: Literal["overdue", "repeat"]
    valid_from: Day
    valid_to: Day | None = None
    over_minutes: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    amount: Amount = Decimal("0.00")
    percent: Percent = Decimal(0)


class DeductionEdit(Write):
    """What may be changed."""

    over_minutes: Annotated[int, Field(ge=0, le=1_000_000)] = None
    amount: Amount = None
    percent: Percent = None
    valid_from: Day = None
    valid_to: Day | None = None


def _get(number: str, actor: Actor):
    return one_of(Statement, settlement.list_statements(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Statement, row)
    return Answer(Statement.of(row, actor), version=row.version)


def _versioned(row: type[Row], subject, actor: Actor) -> Answer:
    subject = again(row, subject)
    return Answer(row.of(subject, actor), version=subject.version)


@routes.list("/statements", StatementRow)
def list_statements(request, asked: Query[StatementsAsked]):
    """List engineers' months, newest first."""
    actor = calls.caller(request)
    rows = settlement.list_statements(actor, month=asked.month)
    if asked.q:
        rows = rows.filter(number=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.employee:
        rows = rows.filter(employee__number=asked.employee)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(StatementRow, rows, actor, order=("-month", "-id"), asked=asked)


@routes.create("/statements", Statement)
def create_statement(request, body: NewStatement):
    """Begin an engineer's month, or bring it up to date."""
    actor = calls.caller(request)
    row = actions.open_statement(people.get_employee(body.employee, actor).pk, body.month, actor=actor,
                                 at=calls.moment(request, body.at))
    return calls.created(_answer(row, actor), "statements", row.number)


@routes.read(PATH, Statement)
def get_statement(request, number: Number):
    """One engineer's month."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Statement.of(row, actor), version=row.version)


@routes.read(PATH + "/lines", Lines)
def list_statement_lines(request, number: Number):
    """The lines of a month with their explanations."""
    actor = calls.caller(request)
    return {"items": Line.many(settlement.list_lines(_get(number, actor)).select_related("employee"), actor)}


@routes.read(PATH + "/proof", Proof)
def prove_statement(request, number: Number):
    """Work the month out anew from the explanations of its lines."""
    actor = calls.caller(request)
    found = settlement.recompute(_get(number, actor))
    return {"is_equal": found.is_equal, "problems": list(found.problems)}


add_moves(
    routes, STATEMENT, path=PATH, noun="statement", answers=Statement, get=_get, answer=_answer,
    performs={"lock": lambda row, body, **given: old_parts.lock_statement(row, **given)},
)
add_timeline(routes, PATH, "statement", _get)


@routes.list("/accruals", LineRow)
def list_accruals(request, asked: Query[LinesAsked]):
    """List what engineers earned and lost, newest first."""
    actor = calls.caller(request)
    rows = settlement.list_accruals(actor)
    if asked.q:
        rows = rows.filter(source_number=asked.q)
    if asked.employee:
        rows = rows.filter(employee__number=asked.employee)
    if asked.kind:
        rows = rows.filter(kind_of=asked.kind)
    if asked.month:
        rows = rows.filter(month=asked.month.replace(day=1))
    return page_of(LineRow, rows, actor, order=("-id",), asked=asked)


@routes.act("/rewards", Line)
def give_reward(request, body: Adjustment):
    """Give an engineer a reward."""
    return _adjusted(request, body, actions.reward)


@routes.act("/penalties", Line)
def book_penalty(request, body: Adjustment):
    """Take a penalty off an engineer's month."""
    return _adjusted(request, body, actions.penalise)


def _adjusted(request, body: Adjustment, action) -> dict:
    actor = calls.caller(request)
    line = action(people.get_employee(body.employee, actor).pk, amount=body.amount, reason=body.reason, day=body.day,
                  actor=actor, at=calls.moment(request, body.at), key=calls.idempotency_key(request)[:60])
    return Line.of(line, actor)


@routes.list("/commission-rates", RateRow)
def list_commission_rates(request, asked: Query[Asking]):
    """List commission rates, newest validity first."""
    actor = calls.caller(request)
    return page_of(RateRow, settlement.list_rates(actor), actor, order=("-valid_from", "-id"), asked=asked)


@routes.create("/commission-rates", RateRow)
def create_commission_rate(request, body: NewRate):
    """Set a commission rate."""
    actor = calls.caller(request)
    row = actions.create_rate(
        work_type_id=catalog.get_work_type(body.work_type, actor).pk if body.work_type else None,
        category_id=catalog.get_category(body.category_id, actor).pk if body.category_id else None,
        actor=actor, at=calls.moment(request, body.at), **body.model_dump(exclude={"at", "work_type", "category_id"}),
    )
    return calls.created(_versioned(RateRow, row, actor), "commission-rates", row.pk)


@routes.read("/commission-rates/{rate_id}", RateRow)
def get_commission_rate(request, rate_id: Id):
    """One commission rate."""
    actor = calls.caller(request)
    row = one_of(RateRow, settlement.list_rates(actor), actor, pk=rate_id)
    return Answer(RateRow.of(row, actor), version=row.version)


@routes.edit("/commission-rates/{rate_id}", RateRow)
def edit_commission_rate(request, rate_id: Id, body: RateEdit):
    """Change or end a commission rate."""
    actor = calls.caller(request)
    row = actions.edit_rate(settlement.get_rate(rate_id, actor), version=calls.version_edited(request), actor=actor,
                            at=calls.moment(request, body.at), **calls.edits(body))
    return _versioned(RateRow, row, actor)


@routes.list("/deductions", DeductionRow)
def list_deductions(request, asked: Query[Asking]):
    """List the rules of deduction."""
    actor = calls.caller(request)
    return page_of(DeductionRow, settlement.list_deductions(actor), actor, order=("-id",), asked=asked)


@routes.create("/deductions", DeductionRow)
def create_deduction(request, body: NewDeduction):
    """Set a rule of deduction."""
    actor = calls.caller(request)
    row = actions.create_deduction(actor=actor, at=calls.moment(request, body.at), **body.model_dump(exclude={"at"}))
    return calls.created(_versioned(DeductionRow, row, actor), "deductions", row.pk)


@routes.read("/deductions/{deduction_id}", DeductionRow)
def get_deduction(request, deduction_id: Id):
    """One rule of deduction."""
    actor = calls.caller(request)
    row = settlement.get_deduction(deduction_id, actor)
    return Answer(DeductionRow.of(row, actor), version=row.version)


@routes.edit("/deductions/{deduction_id}", DeductionRow)
def edit_deduction(request, deduction_id: Id, body: DeductionEdit):
    """Change or end a rule of deduction."""
    actor = calls.caller(request)
    row = actions.edit_deduction(settlement.get_deduction(deduction_id, actor), version=calls.version_edited(request),
                                 actor=actor, at=calls.moment(request, body.at), **calls.edits(body))
    return _versioned(DeductionRow, row, actor)
