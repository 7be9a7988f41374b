"""保修条款: the terms by which warranties are given, and the extensions for sale."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Plain, RegionCode, Small, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, again, one_of, page_of
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor

routes = Routes("Entitlement")
OneStart = Literal["sale", "invoice", "delivery", "installation", "registration", "production"]
Starts = Literal["sale", "invoice", "delivery", "installation", "registration", "production", "first"]
TermKind = Literal["unit", "part", "exchange", "extension"]
Policy = Literal["restart", "inherit", "longer"]
Bearer = Literal["maker", "supplier", "company"]
Percent = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Name120 = Annotated[Plain, Field(min_length=1, max_length=120)]
Component = Annotated[Plain, Field(max_length=80)]
Unit12 = Annotated[Plain, Field(max_length=12)]
Promotion = Annotated[Plain, Field(max_length=80)]


class TermRow(Row):
    """A warranty term; without product and category it is for all."""

    id: int
    name: str
    kind: Annotated[TermKind, From("kind_of")]
    product_id: int | None
    category_id: int | None
    region: Annotated[str | None, From("region__code")]
    component: str
    promotion: str
    months: int
    days: int
    cycles: int
    cycle_unit: str
    starts: Starts
    starts_among: list[OneStart]
    grace_months: int
    policy: Policy
    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    parts_percent: int
    labour_percent: int
    travel_percent: int
    borne_by: Bearer
    excluded_codes: list[int]
    counts_repair_days: bool
    price_amount: Decimal
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class TermsAsked(Asking):
    """Filters of the terms."""

    product: Id | None = None
    category: Id | None = None
    valid_on: Day | None = None


class NewTerm(Write):
    """A warranty term."""

    name: Name120 = Field(examples=["整机三包一年"])
    kind: TermKind = Field("unit", description="For units sold, replaced parts, exchanged units, or an extension for sale.")
    months: Small = 0
    days: Small = 0
    cycles: Count = Field(0, description="Ends earlier when the counter shows more; 0: no limit.")
    cycle_unit: Unit12 = ""
    starts: Starts = "sale"
    starts_among: list[OneStart] = Field([], description="For `first`: the earliest known of these days.")
    product_id: Id | None = None
    category_id: Id | None = None
    region: RegionCode | None = None
    component: Component = ""
    promotion: Promotion = Field("", description="Named promotions go before ordinary terms, and need `valid_to`.")
    grace_months: Small = 0
    policy: Policy = "restart"
    covers_parts: bool = True
    covers_labour: bool = True
    covers_travel: bool = True
    parts_percent: Percent = 100
    labour_percent: Percent = 100
    travel_percent: Percent = 100
    borne_by: Bearer = "maker"
    excluded_codes: list[Id] = Field([], description="Fault and cause codes for which it does not hold.")
    counts_repair_days: bool = True
    price_amount: Amount = Field(Decimal(0), description="Price of an extension, in CNY.")
    valid_from: Day
    valid_to: Day | None = None


class TermEdit(Write):
    """What may be changed; what a term promises only while no unit's ledger names it."""

    name: Name120 = None
    months: Small = None
    days: Small = None
    cycles: Count = None
    cycle_unit: Unit12 = None
    starts: Starts = None
    starts_among: list[OneStart] = None
    component: Component = None
    promotion: Promotion = None
    grace_months: Small = None
    policy: Policy = None
    covers_parts: bool = None
    covers_labour: bool = None
    covers_travel: bool = None
    parts_percent: Percent = None
    labour_percent: Percent = None
    travel_percent: Percent = None
    borne_by: Bearer = None
    excluded_codes: list[Id] = None
    counts_repair_days: bool = None
    price_amount: Amount = None
    valid_from: Day = None
    valid_to: Day | None = None


def _term(term_id: int, actor: Actor):
    return one_of(TermRow, entitlement.list_terms(actor), actor, pk=term_id)


def _term_answer(term, actor: Actor) -> Answer:
    term = again(TermRow, term)
    return Answer(TermRow.of(term, actor), version=term.version)


@routes.list("/warranty-terms", TermRow)
def list_warranty_terms(request, asked: Query[TermsAsked]):
    """List the terms, old ones too."""
    actor = calls.caller(request)
    rows = calls.valid_on(entitlement.list_terms(actor), asked.valid_on)
    if asked.q:
        rows = rows.filter(name__icontains=asked.q)
    if asked.product:
        rows = rows.filter(product_id=asked.product)
    if asked.category:
        rows = rows.filter(category_id=asked.category)
    return page_of(TermRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/warranty-terms", TermRow)
def create_warranty_term(request, body: NewTerm):
    """Set a warranty term."""
    actor = calls.caller(request)
    values = body.model_dump(exclude={"at", "product_id", "category_id", "region"})
    term = actions.create_term(
        region=people.get_region(body.region) if body.region else None,
        product=catalog.get_product(body.product_id, actor) if body.product_id else None,
        category=catalog.get_category(body.category_id, actor) if body.category_id else None,
        actor=actor, at=calls.moment(request, body.at), **values,
    )
    return calls.created(_term_answer(term, actor), "warranty-terms", term.pk)


@routes.read("/warranty-terms/{term_id}", TermRow)
def get_warranty_term(request, term_id: Id):
    """One term."""
    actor = calls.caller(request)
    term = _term(term_id, actor)
    return Answer(TermRow.of(term, actor), version=term.version)


@routes.edit("/warranty-terms/{term_id}", TermRow)
def edit_warranty_term(request, term_id: Id, body: TermEdit):
    """Change a term."""
    actor = calls.caller(request)
    term = actions.edit_term(_term(term_id, actor), version=calls.version_edited(request), actor=actor,
                             at=calls.moment(request, body.at), **calls.edits(body))
    return _term_answer(term, actor)
