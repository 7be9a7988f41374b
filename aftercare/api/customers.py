"""客户: persons, companies, dealers and stores, with their telephones, addresses and contacts."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Name, Number, PhoneText, Plain, RegionCode, Small, Strict, Text, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import ADDRESS, PHONE, From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.parties import actions, rules
from aftercare.domain.parties import queries as parties
from aftercare.foundation.access import Actor

routes = Routes("Customers")
PATH = "/customers/{number}"

FlagKind = Literal["block", "abuse", "watch"]
Kind = Literal["person", "company", "dealer", "store"]
ORDERS = {"-created_at": ("-created_at", "-id"), "created_at": ("created_at", "id")}


class PhoneRow(Row):
    """A telephone number of a customer."""

    id: int
    phone: str
    label: str


class AddressRow(Row):
    """A further address of a customer."""

    id: int
    text: str
    label: str
    region: str | None


class PersonRow(Row):
    """Someone to speak to."""

    id: int
    name: str
    role: str
    phone: str


class FlagRow(Row):
    """A warning on a customer; `until_on` is its last day."""

    id: int
    kind: Annotated[FlagKind, From("kind_of")]
    reason: str
    until_on: dt.date | None
    made_at: dt.datetime
    actor_name: str
    lifted_at: dt.datetime | None
    lift_reason: str


def _phones(customer, actor: Actor) -> list[dict]:
    shown = _shower(customer, actor, rules.mask_phone)
    return [{"id": row.pk, "phone": shown(row.shown), "label": row.label} for row in parties.list_phones(customer)]


def _addresses(customer, actor: Actor) -> list[dict]:
    shown = _shower(customer, actor, rules.mask_address)
    return [
        {"id": row.pk, "text": shown(row.text), "label": row.label, "region": row.region.code if row.region else None}
        for row in parties.list_addresses(customer)
    ]


def _persons(customer, actor: Actor) -> list[dict]:
    shown = _shower(customer, actor, rules.mask_phone)
    return [
        {"id": row.pk, "name": row.name, "role": row.role, "phone": shown(row.phone)}
        for row in parties.list_persons(customer)
    ]


def _flags(customer, actor: Actor) -> list[dict]:
    # What we think of a customer is told to staff, not to himself.
    return FlagRow.many(parties.list_flags(customer), actor) if actor.customer_id is None else []


def _shower(customer, actor: Actor, mask):
    return (lambda text: text) if parties.may_unmask(customer, actor) else mask


class CustomerRow(Row):
    """A customer in a list."""

    number: str
    name: str
    kind: Annotated[Kind, From("kind_of")]
    phone: Annotated[str, PHONE]
    grade: str
    branch: Annotated[str, From("branch__number")]
    region: Annotated[str | None, From("region__code")]
    region_name: Annotated[str | None, From("region__name")]
    address: Annotated[str, ADDRESS]
    created_at: dt.datetime
    version: int


class Customer(CustomerRow):
    """A customer in full."""

    id: int
    group: Annotated[str | None, From("group__number")]
    credit_limit_amount: Decimal
    credit_days: int
    tags: list[str]
    note: str
    consent_at: dt.datetime | None
    consent_channel: str
    phones: Annotated[list[PhoneRow], Made(_phones)]
    addresses: Annotated[list[AddressRow], Made(_addresses)]
    persons: Annotated[list[PersonRow], Made(_persons)]
    flags: Annotated[list[FlagRow], Made(_flags)]


class InFull(Row):
    """A customer's telephones and addresses without masks."""

    phone: str
    address: str
    phones: list[PhoneRow]
    addresses: list[dict[str, Any]]
    persons: list[PersonRow]


class CustomersAsked(Asking):
    """Filters of the list."""

    phone: PhoneText | None = Field(None, description="Exactly that telephone number.")
    kind: list[Kind] | None = None
    branch: Number | None = Field(None, description="Number of the branch.")
    region: RegionCode | None = None
    grade: Name | None = None
    order: Literal[tuple(ORDERS)] = "-created_at"


Tag = Annotated[Plain, Field(max_length=40)]


class NewCustomer(Write):
    """Opens a customer file."""

    name: Annotated[Plain, Field(min_length=1, max_length=120)] = Field(examples=["王建国"])
    phone: PhoneText = Field("", examples=["13800000001"])
    kind: Kind = "person"
    branch: Number | None = Field(None, description="Number of the branch; default: the caller's own.")
    region: RegionCode | None = None
    address: Annotated[Plain, Field(max_length=250)] = ""
    grade: Annotated[Plain, Field(max_length=20)] = ""
    group: Number | None = Field(None, description="Number of the customer it belongs to.")
    tags: Annotated[list[Tag], Field(max_length=20)] = []
    note: Text = ""
    credit_limit_amount: Amount = Decimal("0.00")
    credit_days: Small = 0


class CustomerEdit(Write):
    """What may be changed."""

    name: Annotated[Plain, Field(min_length=1, max_length=120)] = None
    phone: PhoneText = None
    kind: Kind = None
    branch: Number = None
    region: RegionCode | None = None
    address: Annotated[Plain, Field(max_length=250)] = None
    grade: Annotated[Plain, Field(max_length=20)] = None
    group: Number | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] = None
    note: Text = None
    credit_limit_amount: Amount = None
    credit_days: Small = None


class NewPhone(Write):
    """A further telephone number."""

    phone: PhoneText
    label: Annotated[Plain, Field(max_length=20)] = ""


class NewAddress(Write):
    """A further address."""

    text: Annotated[Plain, Field(min_length=1, max_length=250)]
    label: Annotated[Plain, Field(max_length=20)] = ""
    region: RegionCode | None = None


class NewPerson(Write):
    """Someone to speak to."""

    name: Annotated[Plain, Field(min_length=1, max_length=60)]
    role: Annotated[Plain, Field(max_length=40)] = ""
    phone: PhoneText = ""


class Consent(Write):
    """Whether the customer agrees to be contacted, and by which channel he said so."""

    given: bool
    channel: Annotated[Plain, Field(max_length=20)] = ""


class NewFlag(Write):
    """A warning, why, and its last day."""

    kind: FlagKind
    reason: Annotated[Plain, Field(min_length=1, max_length=200)]
    until_on: Day | None = None


class Lift(Write):
    """Why a warning is taken off."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]


class Unmask(Strict):
    """Why someone needs to see the data in full."""

    at: None = None
    reason: Annotated[Plain, Field(max_length=200)] = ""


def customers(actor: Actor) -> QuerySet:
    """The customers the caller may see."""
    return parties.list_customers(actor)


def _get(number: str, actor: Actor):
    return one_of(Customer, customers(actor), actor, number=number)


def _answer(customer, actor: Actor) -> Answer:
    customer = again(Customer, customer)
    return Answer(Customer.of(customer, actor), version=customer.version)


@routes.list("/customers", CustomerRow)
def list_customers(request, asked: Query[CustomersAsked]):
    """List customers, newest first. `q` finds names, numbers, telephones and addresses."""
    actor = calls.caller(request)
    rows = parties.searched(customers(actor), asked.q)
    if asked.phone:
        telephone = rules.normalise_phone(asked.phone)
        rows = rows.filter(phones__digits=telephone.digits) if telephone else rows.none()
    if asked.kind:
        rows = rows.filter(kind_of__in=asked.kind)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    if asked.region:
        rows = rows.filter(region__code=asked.region)
    if asked.grade:
        rows = rows.filter(grade=asked.grade)
    return page_of(CustomerRow, rows, actor, order=ORDERS[asked.order], asked=asked)


@routes.create("/customers", Customer)
def create_customer(request, body: NewCustomer):
    """Open a customer file."""
    actor = calls.caller(request)
    customer = actions.create_customer(
        name=body.name, phone=body.phone, kind=body.kind, branch_id=calls.branch_id(request, body.branch),
        region_code=body.region or "", address=body.address, grade=body.grade, note=body.note, tags=body.tags,
        group_id=parties.get_customer(body.group, actor).pk if body.group else None,
        credit_limit_amount=body.credit_limit_amount, credit_days=body.credit_days,
        actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(customer, actor), "customers", customer.number)


@routes.read(PATH, Customer)
def get_customer(request, number: Number):
    """One customer."""
    actor = calls.caller(request)
    customer = _get(number, actor)
    return Answer(Customer.of(customer, actor), version=customer.version)


@routes.edit(PATH, Customer)
def edit_customer(request, number: Number, body: CustomerEdit):
    """Change a customer's data."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "branch" in fields:
        fields["branch_id"] = calls.branch_id(request, fields.pop("branch"))
    if "region" in fields:
        fields["region_code"] = fields.pop("region") or ""
    if "group" in fields:
        group = fields.pop("group")
        fields["group_id"] = parties.get_customer(group, actor).pk if group else None
    customer = actions.edit_customer(_get(number, actor), version=calls.version_edited(request), actor=actor,
                                     at=calls.moment(request, body.at), **fields)
    return _answer(customer, actor)


@routes.act(PATH + "/phones", Customer, match=True)
def add_customer_phone(request, number: Number, body: NewPhone):
    """Note a further telephone number."""
    return _changed(request, number, body, actions.add_phone, phone=body.phone, label=body.label)


@routes.remove(PATH + "/phones/{phone_id}", Customer, match=True)
def remove_customer_phone(request, number: Number, phone_id: Id):
    """Strike a telephone number out."""
    return _changed(request, number, None, actions.remove_phone, phone_id=phone_id)


@routes.act(PATH + "/addresses", Customer, match=True)
def add_customer_address(request, number: Number, body: NewAddress):
    """Note a further address."""
    return _changed(request, number, body, actions.add_address, text=body.text, label=body.label, region_code=body.region or "")


@routes.remove(PATH + "/addresses/{address_id}", Customer, match=True)
def remove_customer_address(request, number: Number, address_id: Id):
    """Strike an address out."""
    return _changed(request, number, None, actions.remove_address, address_id=address_id)


@routes.act(PATH + "/persons", Customer, match=True)
def add_customer_person(request, number: Number, body: NewPerson):
    """Note whom to speak to."""
    return _changed(request, number, body, actions.add_person, name=body.name, role=body.role, phone=body.phone)


@routes.remove(PATH + "/persons/{person_id}", Customer, match=True)
def remove_customer_person(request, number: Number, person_id: Id):
    """Strike a person out."""
    return _changed(request, number, None, actions.remove_person, person_id=person_id)


@routes.act(PATH + "/consent", Customer, match=True)
def set_customer_consent(request, number: Number, body: Consent):
    """Keep that the customer agreed to be contacted, or withdrew it."""
    return _changed(request, number, body, actions.set_consent, given=body.given, channel=body.channel)


@routes.act(PATH + "/flags", Customer, match=True)
def flag_customer(request, number: Number, body: NewFlag):
    """Put a warning on a customer; a blocked one is refused when a request is registered."""
    return _changed(request, number, body, actions.flag_customer, kind=body.kind, reason=body.reason, until_on=body.until_on)


@routes.act(PATH + "/flags/{flag_id}/lift", Customer, match=True)
def lift_customer_flag(request, number: Number, flag_id: Id, body: Lift):
    """Take a warning off; it stays in the file."""
    return _changed(request, number, body, actions.lift_flag, flag_id=flag_id, reason=body.reason)


@routes.act(PATH + "/unmask", InFull)
def unmask_customer(request, number: Number, body: Unmask):
    """Read telephones and addresses in full; the journal keeps who did and why."""
    actor = calls.caller(request)
    return actions.unmask(_get(number, actor), reason=body.reason, actor=actor, at=calls.moment(request, None))


def _changed(request, number: str, body: Write | None, action, **inputs) -> Answer:
    actor = calls.caller(request)
    customer = action(_get(number, actor), version=calls.version_seen(request), actor=actor,
                      at=calls.moment(request, body.at if body else None), **inputs)
    return _answer(customer, actor)


add_timeline(routes, PATH, "customer", _get)
