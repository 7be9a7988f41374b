"""借出领用: the ledger of the company's own things with others - loaners with customers, tools and papers with employees."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Base64Bytes, Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Number, Plain, Text, Write
from aftercare.api.loaners import Mark, Method, State
from aftercare.api.moves import OpenMove, add_moves, moves_by
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.custody import actions
from aftercare.domain.custody import queries as custody
from aftercare.domain.custody.lifecycle import HOLDING
from aftercare.domain.people import queries as people
from aftercare.flows import keep_things, lend_loaner
from aftercare.foundation.access import Actor

routes = Routes("Holdings")
PATH = "/holdings/{number}"
Status = Literal["out", "checking", "returned", "lost"]
Kind = Literal["loaner", "tool", "paper"]


class HoldingRow(Row):
    """Who had which thing from when to when."""

    number: str
    status: Status
    kind: Annotated[Kind, From("kind_of")]
    item: str
    loaner: Annotated[str | None, From("loaner__number")]
    tool: Annotated[str | None, From("tool__number")]
    paper: Annotated[str | None, From("paper__number")]
    customer: Annotated[str | None, From("customer__number")]
    customer_name: Annotated[str | None, From("customer__name")]
    employee: Annotated[str | None, From("employee__number")]
    employee_name: Annotated[str | None, From("employee__name")]
    branch: Annotated[str, From("branch__number")]
    source_kind: str
    source_number: str
    out_at: dt.datetime
    due_on: dt.date | None
    back_at: dt.datetime | None
    deposit_amount: Decimal
    compensation_amount: Decimal
    version: int


class Holding(HoldingRow):
    """A row of the ledger in full."""

    out_by: str
    out_state: str
    accessories: list[str]
    signed_name: str
    acknowledged_at: dt.datetime | None
    reminders: int
    reminded_on: dt.date | None
    back_by: str
    in_state: str
    missing: list[str]
    damage: str
    note: str
    moves: Annotated[list[OpenMove], Made(moves_by(custody.open_holding_moves))]


class HoldingsAsked(Asking):
    """Filters; `q` is the beginning of the number. `mine`: what the caller has himself."""

    status: Status | None = None
    kind: Kind | None = None
    branch: Number | None = None
    employee: Number | None = None
    customer: Number | None = None
    due_before: Day | None = Field(None, description="Only what is out and due before that day.")
    mine: bool = False


class BringBackThing(Write):
    """The customer brought the loaner; which accessories lack."""

    in_state: State = ""
    missing: Annotated[list[Mark], Field(max_length=30)] = []


class LoanerInspection(Write):
    """What was found; compensation comes off the deposit, the rest of it goes back or stays owed less `amount`, collected now."""

    in_state: State = ""
    damage: State = ""
    missing: Annotated[list[Mark], Field(max_length=30)] | None = None
    compensation_amount: Amount = Decimal("0.00")
    is_fit: bool = Field(True, description="Whether it may be lent again; else it is set aside.")
    amount: Amount | None = None
    method: Method = "cash"


class ThingReturn(Write):
    """A tool or paper is back; compensation is taken off the holder's month."""

    in_state: State = ""
    damage: State = ""
    compensation_amount: Amount = Decimal("0.00")
    signed_name: Annotated[Plain, Field(max_length=80)] = ""
    signature: Annotated[Base64Bytes | None, Field(max_length=540_000)] = Field(None, description="PNG, base64.")


class ThingLoss(Write):
    """How it was lost and what is paid for it: off the deposit or the month; `amount` is collected now (loaners)."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]
    compensation_amount: Amount = Decimal("0.00")
    amount: Amount | None = None
    method: Method = "cash"


class Successor(Write):
    """To whom it goes."""

    employee: Number
    due_on: Day | None = None
    note: Text = ""


class Extension(Write):
    """Until when it may stay."""

    due_on: Day


class ReturnReminder(Write):
    """By which way its holder was reminded."""

    channel: Literal["phone", "sms", "wechat", "letter", "counter"]
    note: Annotated[Plain, Field(max_length=200)] = ""


class HandOverThings(Write):
    """All that an employee has, or the rows of these numbers, goes to a successor in one act."""

    successor: Number
    numbers: Annotated[list[Number], Field(max_length=500)] | None = None
    note: Text = ""


class HoldingSigned(Write):
    """Signed by hand for what was given (`out`) or came back (`back`)."""

    way: Literal["out", "back"]
    name: Annotated[Plain, Field(max_length=80)] = ""
    signature: Annotated[Base64Bytes, Field(max_length=540_000)] = Field(description="PNG, base64.")


class HandedOver(Row):
    """The successor's rows."""

    items: list[HoldingRow]


def _get(number: str, actor: Actor):
    return one_of(Holding, custody.list_holdings(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Holding, row)
    return Answer(Holding.of(row, actor), version=row.version)


@routes.list("/holdings", HoldingRow)
def list_holdings(request, asked: Query[HoldingsAsked]):
    """List the ledger, newest first."""
    actor = calls.caller(request)
    rows = custody.list_holdings(actor, status=asked.status, kind_of=asked.kind, branch__number=asked.branch,
                                 employee__number=asked.employee, customer__number=asked.customer)
    if asked.q:
        rows = rows.filter(number__istartswith=asked.q)
    if asked.due_before:
        rows = rows.filter(status="out", due_on__lt=asked.due_before)
    if asked.mine:
        rows = rows.filter(employee_id=actor.employee_id or 0)
    return page_of(HoldingRow, rows, actor, order=("-id",), asked=asked)


@routes.read(PATH, Holding)
def get_holding(request, number: Number):
    """One row of the ledger."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Holding.of(row, actor), version=row.version)


def _fields(body: Write) -> dict[str, Any]:
    return body.model_dump(exclude={"at"}, exclude_none=True)


def _again(row, actor: Actor):
    return custody.get_holding(row.number, actor)


def _lose(row, body: ThingLoss, *, actor: Actor, version: int | None, at: dt.datetime):
    fields, holding = _fields(body), _again(row, actor)
    if holding.kind_of == "loaner":
        return lend_loaner.lose(holding, version=version, actor=actor, at=at, **fields)
    return keep_things.lose(holding, reason=body.reason, compensation_amount=body.compensation_amount, version=version, actor=actor, at=at)


def _inspect(row, body: LoanerInspection, *, actor: Actor, **who):
    return lend_loaner.settle(_again(row, actor), actor=actor, **who, **_fields(body))


def _take_back(row, body: ThingReturn, *, actor: Actor, **who):
    return keep_things.take_back(_again(row, actor), actor=actor, **who, **_fields(body))


def _hand_over(row, body: Successor, *, actor: Actor, at: dt.datetime, version: int | None):
    given = _fields(body)
    given["employee"] = people.get_employee(body.employee, actor)
    return HOLDING.actions["hand_over"](_again(row, actor), version=version, actor=actor, at=at, **given)


add_moves(
    routes, HOLDING, path=PATH, noun="holding", answers=Holding, get=_get, answer=_answer,
    bodies={"bring_back": BringBackThing, "inspect": LoanerInspection, "take_back": ThingReturn, "lose": ThingLoss, "hand_over": Successor,
            "extend": Extension, "remind": ReturnReminder},
    performs={"inspect": _inspect, "take_back": _take_back, "lose": _lose, "hand_over": _hand_over},
)  # fmt: skip
add_timeline(routes, PATH, "holding", _get)


@routes.act(PATH + "/sign", Holding)
def sign_holding(request, number: Number, body: HoldingSigned):
    """Keep the holder's signature; once for each way."""
    actor = calls.caller(request)
    row = actions.sign_holding(custody.get_holding(number, actor), way=body.way, name=body.name, image=body.signature, actor=actor,
                               at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.act("/employees/{number}/hand-over", HandedOver)
def hand_over_things(request, number: Number, body: HandOverThings):
    """Hand all that an employee has over to a successor, all or nothing."""
    actor = calls.caller(request)
    rows = keep_things.hand_over_all(
        people.get_employee(number, actor), successor=people.get_employee(body.successor, actor), numbers=body.numbers, note=body.note,
        actor=actor, at=calls.moment(request, body.at),
    )
    return {"items": HoldingRow.many([again(HoldingRow, row) for row in rows], actor)}
