"""保修: who pays for a job on a unit, the terms behind it, and the unit's warranty ledger."""

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Number, Plain, Small, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as entitlement
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Entitlement")
Starts = Literal["sale", "invoice", "delivery", "installation", "registration", "production"]
CoverKind = Literal["base", "extension", "part", "exchange", "goodwill", "repair_days", "reversal"]
Name120 = Annotated[Plain, Field(min_length=1, max_length=120)]
Component = Annotated[Plain, Field(max_length=80)]
Evidence = Annotated[Plain, Field(max_length=200)]
Why = Annotated[Plain, Field(min_length=1, max_length=200)]


class Decision(Row):
    """Who pays for a job on a day, with reasons. `text` is the decision in one line of the language asked for."""

    service_class: Literal["A", "B", "C", "D"]
    payer: str
    payers: dict[str, str]
    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    term_name: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    evidence: str
    reasons: list[dict[str, Any]]
    flags: list[str]
    components: list[dict[str, Any]]
    on: dt.date | None
    contract: dict[str, Any] = Field(description="The contract that covers the unit on that day, whoever pays; empty without.")
    text: Annotated[str, Made(lambda decision, actor: entitlement.sentence(decision))]


class TermRow(Row):
    """A warranty term; without product and category it is for all."""

    id: int
    name: str
    product_id: int | None
    category_id: int | None
    component: str
    months: int
    days: int
    starts: Starts
    grace_months: int
    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    valid_from: dt.date
    valid_to: dt.date | None
    version: int


class EntryRow(Row):
    """A line of a unit's warranty ledger; a reversed line names its reversal."""

    id: int
    kind: Annotated[CoverKind, From("kind_of")]
    asset: Annotated[str, From("asset__number")]
    name: str
    component: str
    starts_on: dt.date
    ends_on: dt.date
    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    evidence: str
    reason: str
    reverses_id: int | None
    made_at: dt.datetime
    actor_name: str


class Entries(Row):
    """Warranty lines that hold because of the call."""

    items: list[EntryRow]


class TermsAsked(Asking):
    """Filters of the terms."""

    product: Id | None = None
    category: Id | None = None
    valid_on: Day | None = None


class EntriesAsked(Asking):
    """Filters of the warranty ledger."""

    asset: Number | None = Field(None, description="Number of the unit.")
    kind: CoverKind | None = None


class NewTerm(Write):
    """A warranty term."""

    name: Name120 = Field(examples=["整机三包一年"])
    months: Small = 0
    days: Small = 0
    starts: Starts = "sale"
    product_id: Id | None = None
    category_id: Id | None = None
    component: Component = ""
    grace_months: Small = 0
    covers_parts: bool = True
    covers_labour: bool = True
    covers_travel: bool = True
    valid_from: Day
    valid_to: Day | None = None


class TermEdit(Write):
    """What may be changed; what a term promises only while no unit's ledger names it."""

    name: Name120 = None
    months: Small = None
    days: Small = None
    starts: Starts = None
    component: Component = None
    grace_months: Small = None
    covers_parts: bool = None
    covers_labour: bool = None
    covers_travel: bool = None
    valid_from: Day = None
    valid_to: Day | None = None


class NewCover(Write):
    """A cover for a unit. Kind base without days is the cover by the terms."""

    kind: Literal["base", "extension", "part", "exchange"] = "base"
    name: Annotated[Plain, Field(max_length=120)] = ""
    component: Component = ""
    starts_on: Day | None = None
    ends_on: Day | None = None
    months: Small = 0
    days: Small = 0
    covers_parts: bool = True
    covers_labour: bool = True
    covers_travel: bool = True
    evidence: Evidence = ""
    reason: Annotated[Plain, Field(max_length=200)] = ""


class Goodwill(Write):
    """Free service for some days although no term gives it."""

    starts_on: Day
    ends_on: Day
    reason: Why
    component: Component = ""
    covers_parts: bool = True
    covers_labour: bool = True
    covers_travel: bool = True
    evidence: Evidence = ""


class Reversal(Write):
    """Why the line is taken back."""

    reason: Why


def _term(term_id: int, actor: Actor):
    return one_of(TermRow, entitlement.list_terms(actor), actor, pk=term_id)


def _term_answer(term, actor: Actor) -> Answer:
    term = again(TermRow, term)
    return Answer(TermRow.of(term, actor), version=term.version)


def _told(decision, actor: Actor) -> dict:
    return Decision.of(decision, actor)


def _entries(entries, actor: Actor) -> dict:
    return {"items": EntryRow.many(entries, actor)}


@routes.read("/assets/{number}/entitlement", Decision)
def decide_entitlement(request, number: Number, on: Day | None = None):
    """Who pays for a job on that unit on that day (default: today), explained."""
    actor = calls.caller(request)
    actor.require_anywhere("entitlement.view")
    asset = assets.get_asset(number, actor)
    return _told(entitlement.decide(asset_id=asset.pk, on=on or clock.local_day(clock.now(), actor.zone)), actor)


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
    values = body.model_dump(exclude={"at", "product_id", "category_id"})
    term = actions.create_term(
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


@routes.list("/warranty-entries", EntryRow)
def list_warranty_entries(request, asked: Query[EntriesAsked]):
    """List the warranty ledger, newest first."""
    actor = calls.caller(request)
    rows = entitlement.list_entries(actor)
    if asked.asset:
        rows = rows.filter(asset__number=asked.asset)
    if asked.kind:
        rows = rows.filter(kind_of=asked.kind)
    return page_of(EntryRow, rows, actor, order=("-id",), asked=asked)


@routes.act("/assets/{number}/covers", Entries)
def register_cover(request, number: Number, body: NewCover):
    """Append a cover to the unit's warranty ledger."""
    actor = calls.caller(request)
    asset = assets.get_asset(number, actor)
    return _entries(actions.register_cover(asset, actor=actor, at=calls.moment(request, body.at),
                                           **body.model_dump(exclude={"at"})), actor)


@routes.act("/assets/{number}/goodwill", EntryRow)
def grant_goodwill(request, number: Number, body: Goodwill):
    """Grant free service for some days, with a reason."""
    actor = calls.caller(request)
    entry = actions.grant_goodwill(assets.get_asset(number, actor), actor=actor, at=calls.moment(request, body.at),
                                   **body.model_dump(exclude={"at"}))
    return EntryRow.of(entry, actor)


@routes.act("/warranty-entries/{entry_id}/reverse", EntryRow)
def reverse_warranty_entry(request, entry_id: Id, body: Reversal):
    """Take a warranty line back by a reversal."""
    actor = calls.caller(request)
    entry = actions.reverse_entry(entitlement.get_entry(entry_id, actor), reason=body.reason, actor=actor,
                                  at=calls.moment(request, body.at))
    return EntryRow.of(entry, actor)
