"""客户商品登记: customers' things in our hands, with their receipts."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Number, Plain, Small, Text, Write
from aftercare.api.moves import OpenMove, add_moves, moves_by
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.assets import queries as assets
from aftercare.domain.custody import actions
from aftercare.domain.custody import queries as custody
from aftercare.domain.custody.lifecycle import CUSTODY
from aftercare.domain.parties import queries as parties
from aftercare.flows import hand_back
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Custody")
PATH = "/custodies/{number}"

Status = Literal["held", "returned", "voided", "disposed"]
ORDERS = {"-id": ("-id",), "id": ("id",)}


class CustodyRow(Row):
    """A thing in our hands, in a list."""

    number: str
    status: Status
    item: str
    customer: Annotated[str, From("customer__number")]
    customer_name: Annotated[str, From("customer__name")]
    asset: Annotated[str | None, From("asset__number")]
    serial: Annotated[str | None, From("asset__serial")]
    branch: Annotated[str, From("branch__number")]
    place: str
    source_kind: str
    source_number: str
    received_at: dt.datetime
    returned_at: dt.datetime | None
    ready_at: dt.datetime | None
    stage: int
    version: int


class CollectionReminder(Row):
    """A step of the ladder: 1 first, 2 second, 3 the legal notice with the day by which the owner must come."""

    number: str
    stage: int
    made_at: dt.datetime
    days: int
    until_on: dt.date | None
    told_at: dt.datetime | None
    told_by: str
    channel: str
    note: str


class CustodyPlace(Row):
    """Where a thing lay, since when."""

    place: str
    at: dt.datetime
    who: str


class Custody(CustodyRow):
    """A thing in our hands, in full. `code` is printed on the receipt; it is told only right after receiving."""

    appearance: list[str]
    accessories: list[str]
    limit_amount: Decimal | None
    note: str
    received_by: str
    returned_to: str
    disposal: str
    reminders: Annotated[list[CollectionReminder], Made(lambda row, actor: CollectionReminder.many(custody.reminders_of(row), actor))]
    places: Annotated[list[CustodyPlace], Made(lambda row, actor: custody.places_of(row))]
    moves: Annotated[list[OpenMove], Made(moves_by(custody.open_moves))]


class Received(Custody):
    """A thing just received, with the code that its receipt carries."""

    code: str


class CustodiesAsked(Asking):
    """Filters of the list."""

    status: Status | None = None
    branch: Number | None = Field(None, description="Number of the branch.")
    held_longer_than_days: Small | None = None
    ready: bool | None = Field(None, description="Only things that may be fetched.")
    stage: Annotated[int | None, Field(ge=0, le=3)] = Field(None, description="How many steps of the ladder were made; held things only.")
    order: Literal[tuple(ORDERS)] = "-id"


Mark = Annotated[Plain, Field(max_length=80)]


class NewCustody(Write):
    """Takes a customer's thing in against a receipt."""

    customer: Number = Field(description="Number of the customer.")
    item: Annotated[Plain, Field(min_length=1, max_length=200)] = Field(examples=["电饭煲一台"])
    asset: Number | None = Field(None, description="Number of the unit.")
    branch: Number | None = Field(None, description="Number of the branch; default: the caller's own.")
    appearance: Annotated[list[Mark], Field(max_length=30)] = []
    accessories: Annotated[list[Mark], Field(max_length=30)] = []
    limit_amount: Amount | None = Field(None, description="Above it the customer is called before work.")
    place: Annotated[Plain, Field(max_length=60)] = ""
    note: Text = ""


class MoveTo(Write):
    """Where it lies now."""

    place: Annotated[Plain, Field(min_length=1, max_length=60)]


class HandBack(Write):
    """To whom it is given; with the receipt's code, or a reason when the receipt is lost."""

    returned_to: Annotated[Plain, Field(max_length=80)] = ""
    code: Annotated[Plain, Field(max_length=12)] = ""
    reason: Annotated[Plain, Field(max_length=200)] = ""
    loaner_reason: Annotated[Plain, Field(max_length=200)] = Field("", description="Why its loaner stays with the customer.")


class OwnerTold(Write):
    """By which way the owner was told of the last step; the legal notice goes by letter or at the counter."""

    channel: Literal["phone", "sms", "wechat", "letter", "counter"]
    note: Annotated[Plain, Field(max_length=200)] = ""


def custodies(actor: Actor) -> QuerySet:
    """The custodies the caller may see."""
    return custody.list_custodies(actor)


def _get(number: str, actor: Actor):
    return one_of(Custody, custodies(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Custody, row)
    return Answer(Custody.of(row, actor), version=row.version)


@routes.list("/custodies", CustodyRow)
def list_custodies(request, asked: Query[CustodiesAsked]):
    """List customers' things, newest first; `q` is the beginning of the receipt's number."""
    actor = calls.caller(request)
    rows = custody.list_custodies(actor, at=clock.now(), status=asked.status, number=asked.q,
                                  held_longer_than_days=asked.held_longer_than_days, stage="" if asked.stage is None else str(asked.stage))
    if asked.ready:
        rows = rows.filter(status="held", ready_at__isnull=False)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(CustodyRow, rows, actor, order=ORDERS[asked.order], asked=asked)


@routes.create("/custodies", Received)
def create_custody(request, body: NewCustody):
    """Take a customer's thing in; the answer carries the code of its receipt."""
    actor = calls.caller(request)
    row = actions.receive(
        customer=parties.get_customer(body.customer, actor), item=body.item,
        branch_id=calls.branch_id(request, body.branch),
        asset=assets.get_asset(body.asset, actor) if body.asset else None, appearance=body.appearance,
        accessories=body.accessories, limit_amount=body.limit_amount, place=body.place, note=body.note,
        actor=actor, at=calls.moment(request, body.at),
    )
    row = again(Received, row)
    return calls.created(Answer(Received.of(row, actor), version=row.version), "custodies", row.number)


@routes.read(PATH, Custody)
def get_custody(request, number: Number):
    """One receipt."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Custody.of(row, actor), version=row.version)


add_moves(routes, CUSTODY, path=PATH, noun="custody", answers=Custody, get=_get, answer=_answer,
          bodies={"move_to": MoveTo, "hand_back": HandBack, "note_told": OwnerTold},
          performs={"hand_back": lambda row, body, **who: hand_back.give_back(row, **calls.edits(body), **who)})
add_timeline(routes, PATH, "custody", _get)
