"""来电登记: every approach of a customer and what became of it."""

import datetime as dt
from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, LongText, Name, Number, PhoneText, Plain, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import PHONE, From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.assets import queries as assets
from aftercare.domain.cases import actions
from aftercare.domain.cases import queries as cases
from aftercare.domain.cases.lifecycle import CONTACT
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as work
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

routes = Routes("Contacts")
PATH = "/contacts/{number}"

Status = Literal["new", "open", "done", "void"]
Channel = Literal["phone", "counter", "web", "mail", "wechat", "letter", "dealer", "api", "import", "callback"]
Kind = Literal["repair", "installation", "delivery", "return", "part_order", "consultation", "complaint", "suggestion",
               "praise", "status_query", "support"]
Outcome = Literal["", "order", "solved", "answered", "forwarded", "withdrawn"]
ORDERS = {"-created_at": ("-created_at", "-id"), "created_at": ("created_at", "id")}


class ContactRow(Row):
    """A contact in a list."""

    people_columns = ("taken_by_id", "handler_id")

    number: str
    status: Status
    channel: Channel
    kind: Annotated[Kind, From("kind_of")]
    outcome: Outcome
    urgent: bool
    caller: str
    phone: Annotated[str, PHONE]
    customer: Annotated[str | None, From("customer__number")]
    customer_name: Annotated[str | None, From("customer__name")]
    asset: Annotated[str | None, From("asset__number")]
    branch: Annotated[str, From("branch__number")]
    handler: Annotated[str | None, From("handler__number")]
    handler_name: Annotated[str | None, From("handler__name")]
    led_to_kind: str
    led_to_number: str
    created_at: dt.datetime
    closed_at: dt.datetime | None
    version: int


class Contact(ContactRow):
    """A contact in full, with the moves open to the caller."""

    text: str
    answer: str
    about_kind: str
    about_number: str
    external_id: str
    taken_by: Annotated[str | None, From("taken_by__number")]
    moves: Annotated[list[OpenMove], Made(open_moves(CONTACT))]


class ContactsAsked(Asking):
    """Filters of the list."""

    status: list[Status] | None = None
    undone: bool | None = None
    kind: list[Kind] | None = None
    channel: list[Channel] | None = None
    outcome: list[Outcome] | None = None
    branch: Number | None = Field(None, description="Number of the branch.")
    customer: Number | None = Field(None, description="Number of the customer.")
    urgent: bool | None = None
    mine: bool | None = None
    created_from: Day | None = None
    created_to: Day | None = None
    order: Literal[tuple(ORDERS)] = "-created_at"


class NewContact(Write):
    """Somebody called, wrote or came."""

    channel: Channel = "api"
    kind: Kind
    customer: Number | None = Field(None, description="Number of the customer.", examples=["C000017"])
    asset: Number | None = Field(None, description="Number of the unit.")
    branch: Number | None = Field(None, description="Number of the branch; default: the caller's own.")
    caller: Annotated[Plain, Field(max_length=80)] = ""
    phone: PhoneText = ""
    text: LongText = Field("", examples=["空调不制冷，要求今天上门"])
    urgent: bool = False
    external_id: Annotated[Plain, Field(max_length=80)] = ""


class ContactEdit(Write):
    """What may be corrected."""

    channel: Channel = None
    kind: Kind = None
    customer: Number | None = None
    asset: Number | None = None
    caller: Annotated[Plain, Field(max_length=80)] = None
    phone: PhoneText = None
    text: LongText = None
    urgent: bool = None


class HandOn(Write):
    """To whom it goes."""

    handler: Number = Field(description="Number of the employee.")
    reason: Name = ""


class LeadTo(Write):
    """The work order it became."""

    work_order: Number


class Solve(Write):
    """How it ended without a document."""

    outcome: Literal["solved", "answered", "forwarded", "withdrawn"] = "solved"
    answer: LongText = ""


def contacts(actor: Actor) -> QuerySet:
    """The contacts the caller may see."""
    return cases.list_contacts(actor)


def _get(number: str, actor: Actor):
    return one_of(Contact, contacts(actor), actor, number=number)


def _answer(contact, actor: Actor) -> Answer:
    contact = again(Contact, contact)
    return Answer(Contact.of(contact, actor), version=contact.version)


@routes.list("/contacts", ContactRow)
def list_contacts(request, asked: Query[ContactsAsked]):
    """List contacts, newest first."""
    actor = calls.caller(request)
    rows = cases.list_contacts(
        actor, status=asked.status, undone=asked.undone, kind=asked.kind, channel=asked.channel, outcome=asked.outcome,
        urgent=asked.urgent, mine=asked.mine, created_from=asked.created_from, created_to=asked.created_to, text=asked.q,
    )
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    if asked.customer:
        rows = rows.filter(customer__number=asked.customer)
    return page_of(ContactRow, rows, actor, order=ORDERS[asked.order], asked=asked)


@routes.create("/contacts", Contact)
def create_contact(request, body: NewContact):
    """Register a contact."""
    actor = calls.caller(request)
    contact = actions.register_contact(
        channel=body.channel, kind=body.kind, branch_id=calls.branch_id(request, body.branch),
        customer=parties.get_customer(body.customer, actor) if body.customer else None,
        asset=assets.get_asset(body.asset, actor) if body.asset else None, phone=body.phone, text=body.text,
        caller=body.caller, urgent=body.urgent, external_id=body.external_id,
        actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(contact, actor), "contacts", contact.number)


@routes.read(PATH, Contact)
def get_contact(request, number: Number):
    """One contact."""
    actor = calls.caller(request)
    contact = _get(number, actor)
    return Answer(Contact.of(contact, actor), version=contact.version)


@routes.edit(PATH, Contact)
def edit_contact(request, number: Number, body: ContactEdit):
    """Correct a contact."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "kind" in fields:
        fields["kind_of"] = fields.pop("kind")
    if fields.get("customer"):
        fields["customer"] = parties.get_customer(fields["customer"], actor)
    if fields.get("asset"):
        fields["asset"] = assets.get_asset(fields["asset"], actor)
    contact = actions.edit_contact(_get(number, actor), version=calls.version_edited(request), actor=actor,
                                   at=calls.moment(request, body.at), **fields)
    return _answer(contact, actor)


def _hand_on(contact, body: HandOn, *, actor: Actor, at, version):
    handler = people.get_employee(body.handler, actor)
    return actions.hand_on(contact, handler=handler, reason=body.reason, actor=actor, at=at, version=version)


def _lead_to(contact, body: LeadTo, *, actor: Actor, at, version):
    source = Source.of(work.get_order(body.work_order, actor, joined=False))
    return actions.lead_to(contact, source=source, actor=actor, at=at, version=version)


add_moves(routes, CONTACT, path=PATH, noun="contact", answers=Contact, get=_get, answer=_answer,
          bodies={"hand_on": HandOn, "solve": Solve, "lead_to": LeadTo}, performs={"hand_on": _hand_on, "lead_to": _lead_to})
add_timeline(routes, PATH, "contact", _get)
