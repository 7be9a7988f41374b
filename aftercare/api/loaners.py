"""备用机: units of ours that are lent to customers during a repair."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Base64Bytes, Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Plain, Text, Write
from aftercare.api.moves import OpenMove, add_moves, moves_by
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.custody import actions
from aftercare.domain.custody import queries as custody
from aftercare.domain.custody.lifecycle import LOANER
from aftercare.domain.custody.rules import calculate_deposit
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import lend_loaner
from aftercare.foundation.access import Actor

routes = Routes("Loaners")
PATH = "/loaners/{number}"
Status = Literal["available", "lent", "checking", "suspended", "lost", "retired"]
Method = Literal["cash", "wechat", "alipay", "card", "transfer"]
Mark = Annotated[Plain, Field(max_length=80)]
State = Annotated[Plain, Field(max_length=200)]
Place = Annotated[Plain, Field(max_length=60)]


class LoanerRow(Row):
    """A loaner in a list; `due_on` is when the one that is out is to come back."""

    number: str
    status: Status
    product_id: int
    product_name: Annotated[str, From("product__name")]
    serial: str
    branch: Annotated[str, From("branch__number")]
    place: str
    state: str
    value_amount: Decimal
    deposit_amount: Decimal | None
    holding: Annotated[str | None, From("holding__number")]
    customer_name: Annotated[str | None, From("holding__customer__name")]
    due_on: Annotated[dt.date | None, From("holding__due_on")]
    version: int


def _deposit(row: Any, actor: Actor) -> Decimal:
    return calculate_deposit(custody.rule_at(row.branch_id), row.value_amount, row.deposit_amount)


class Loaner(LoanerRow):
    """A loaner in full; `deposit_due` is what the next loan asks for, its own or by the rule."""

    accessories: list[str]
    note: str
    deposit_due: Annotated[Decimal, Made(_deposit)]
    moves: Annotated[list[OpenMove], Made(moves_by(custody.open_thing_moves))]


class LoanersAsked(Asking):
    """Filters; `q` finds number, serial number and product. Free ones are `status=available`."""

    status: Status | None = None
    branch: Number | None = None
    due_before: Day | None = Field(None, description="Only those that are out and due before that day.")


class NewLoaner(Write):
    """A unit of ours to be lent."""

    product_id: Id
    serial: Annotated[Plain, Field(min_length=1, max_length=60)]
    branch: Number | None = None
    value_amount: Amount = Decimal("0.00")
    deposit_amount: Amount | None = Field(None, description="Its own deposit; null: the rule's share of its value.")
    state: State = ""
    accessories: Annotated[list[Mark], Field(max_length=30)] = []
    place: Place = ""
    note: Text = ""


class LoanerEdit(Write):
    """What may be changed."""

    serial: Annotated[Plain, Field(min_length=1, max_length=60)] = None
    branch: Number = None
    value_amount: Amount = None
    deposit_amount: Amount | None = None
    state: State = None
    accessories: Annotated[list[Mark], Field(max_length=30)] = None
    place: Place = None
    note: Text = None


class NewLoan(Write):
    """Lends it to a customer against an order or a receipt, with the deposit taken at once."""

    customer: Number
    order: Number | None = Field(None, description="Number of the work order.")
    custody: Number | None = Field(None, description="Number of the receipt.")
    due_on: Day | None = Field(None, description="Default: by the rule of its branch.")
    deposit_amount: Amount | None = Field(None, description="Null: by the rule; 0: none is taken.")
    method: Method = "cash"
    out_state: State = ""
    accessories: Annotated[list[Mark], Field(max_length=30)] | None = None
    signed_name: Annotated[Plain, Field(max_length=80)] = ""
    signature: Annotated[Base64Bytes | None, Field(max_length=540_000)] = Field(None, description="PNG, base64.")
    note: Text = ""


def _get(number: str, actor: Actor):
    return one_of(Loaner, custody.list_loaners(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Loaner, row)
    return Answer(Loaner.of(row, actor), version=row.version)


@routes.list("/loaners", LoanerRow)
def list_loaners(request, asked: Query[LoanersAsked]):
    """List loaners, newest first."""
    actor = calls.caller(request)
    rows = custody.list_loaners(actor, text=asked.q, status=asked.status, branch__number=asked.branch)
    if asked.due_before:
        rows = rows.filter(holding__due_on__lt=asked.due_before, status="lent")
    return page_of(LoanerRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/loaners", Loaner)
def create_loaner(request, body: NewLoaner):
    """Register a loaner."""
    actor = calls.caller(request)
    given = body.model_dump(exclude={"product_id", "branch", "at"})
    row = actions.create_loaner(
        product=catalog.get_product(body.product_id, actor),
        branch_id=calls.branch_id(request, body.branch), actor=actor, at=calls.moment(request, body.at), **given,
    )
    return calls.created(_answer(row, actor), "loaners", row.number)


@routes.read(PATH, Loaner)
def get_loaner(request, number: Number):
    """One loaner."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Loaner.of(row, actor), version=row.version)


@routes.edit(PATH, Loaner)
def edit_loaner(request, number: Number, body: LoanerEdit):
    """Change what is written of it."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "branch" in fields:
        fields["branch"] = people.get_branch(fields["branch"], actor)
    row = actions.edit_loaner(custody.get_loaner(number, actor), version=calls.version_edited(request), actor=actor,
                              at=calls.moment(request, body.at), **fields)
    return _answer(row, actor)


def _lend(row, body: NewLoan, *, actor: Actor, at: dt.datetime, version: int | None):
    document = None
    if body.order:
        document = orders.get_order(body.order, actor)
    elif body.custody:
        document = custody.get_custody(body.custody, actor)
    given = body.model_dump(exclude={"customer", "order", "custody", "at"})
    lend_loaner.lend(custody.get_loaner(row.number, actor), customer=parties.get_customer(body.customer, actor), document=document,
                     version=version, actor=actor, at=at, **given)
    return row


add_moves(routes, LOANER, path=PATH, noun="loaner", answers=Loaner, get=_get, answer=_answer, bodies={"lend": NewLoan},
          performs={"lend": _lend}, without={"bring_back", "pass_inspection", "set_aside", "lose"})
add_timeline(routes, PATH, "loaner", _get)
