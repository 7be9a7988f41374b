"""保修: who pays for a job on a unit, the terms behind it, and the unit's warranty ledger."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Amount, Day, Id, Number, Plain, Small, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, page_of
from aftercare.api.work_bodies import Method
from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import actions, rules
from aftercare.domain.entitlement import queries as entitlement
from aftercare.flows import sell_warranty
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Entitlement")
CoverKind = Literal["base", "extension", "part", "exchange", "goodwill", "repair_days", "reversal"]
CoverState = Literal["in_warranty", "contract", "goodwill", "not_started", "out", "doubtful", "unknown"]
Within = Annotated[int, Field(ge=0, le=3660)]
# Lots of a thousand units looked at for one answer.
LOTS = 20
Bearer = Literal["maker", "supplier", "company"]
Component = Annotated[Plain, Field(max_length=80)]
Evidence = Annotated[Plain, Field(max_length=200)]
Why = Annotated[Plain, Field(min_length=1, max_length=200)]


class VerdictRow(Row):
    """How a kind of line comes out; `shares` are per cents by payer and sum to 100."""

    verdict: Literal["free", "paid", "contract", "claim", "goodwill"]
    shares: dict[str, int]
    term_name: str
    starts_on: str
    ends_on: str


def _lines(decision) -> dict[str, dict]:
    """Each kind of line of a decision."""
    found = {kind: decision.line(kind) for kind in rules.KINDS}
    return {
        kind: {"verdict": line.verdict, "shares": dict(line.shares), "term_name": line.term_name,
               "starts_on": line.starts_on, "ends_on": line.ends_on}
        for kind, line in found.items()
    }


class Decision(Row):
    """Who pays for a job on a day, with reasons. `text` is the decision in two sentences of the language asked for.

    `lines` tells parts, labour and travel apart; `changes` what would make the answer another one.
    """

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
    lines: Annotated[dict[str, VerdictRow], Made(lambda decision, actor: _lines(decision))]
    changes: list[dict[str, Any]]
    on: dt.date | None
    contract: dict[str, Any] = Field(description="The contract that covers the unit on that day, whoever pays; empty without.")
    text: Annotated[str, Made(lambda decision, actor: entitlement.sentence(decision))]


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
    parts_percent: int
    labour_percent: int
    travel_percent: int
    borne_by: Bearer
    cycles: int
    cycle_unit: str
    serial: str
    price_amount: Annotated[Decimal | None, From("shown_price")]
    evidence: Annotated[str, From("shown_evidence")]
    reason: Annotated[str, From("shown_reason")]
    is_former: bool = Field(description="Written for a former owner whom the caller does not see: papers, price and reason are left out.")
    reverses_id: int | None
    made_at: dt.datetime
    actor_name: str


class Entries(Row):
    """Warranty lines that hold because of the call."""

    items: list[EntryRow]


class EntriesAsked(Asking):
    """Filters of the warranty ledger."""

    asset: Number | None = Field(None, description="Number of the unit.")
    kind: CoverKind | None = None


class StandingRow(Row):
    """How a unit stands on its branch's day; `ends_on` is the last day of the cover people speak of."""

    number: str
    serial: str
    product: str
    category: str
    customer: str
    on: dt.date
    state: CoverState
    cover: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    days_left: int | None
    flags: list[str]


class Fleet(Row):
    """Some units; `next` is the `before` to go on with, null at the end."""

    items: list[StandingRow]
    next: int | None


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


class NewEnd(Write):
    """Another last day of a cover, and why."""

    ends_on: Day
    reason: Why


class ExtensionSale(Write):
    """An extension sold for a unit; the price is the product's unless another one is given."""

    term_id: Id
    sold_on: Day
    evidence: Annotated[Plain, Field(min_length=1, max_length=200)] = Field(examples=["FP2026-0001"])
    price_amount: Amount | None = None
    reason: Annotated[Plain, Field(max_length=200)] = ""
    collect: Amount | None = Field(None, description="Paid at the desk at once; the rest stays owed on the bill.")
    method: Method = "cash"


class Reversal(Write):
    """Why the line is taken back."""

    reason: Why


def _told(decision, actor: Actor) -> dict:
    return Decision.of(decision, actor)


def _entries(entries, actor: Actor) -> dict:
    return {"items": EntryRow.many(entitlement.read_entries(entries, actor), actor)}


def _entry(entry, actor: Actor) -> dict:
    return EntryRow.of(entitlement.read_entries([entry], actor)[0], actor)


@routes.read("/assets/{number}/entitlement", Decision)
def decide_entitlement(
    request, number: Number, on: Day | None = None, fault_id: Id | None = None, cause_id: Id | None = None
):
    """Who pays for a job on that unit on that day (default: today where the unit is served), explained."""
    actor = calls.caller(request)
    actor.require_anywhere("entitlement.view")
    asset = assets.get_asset(number, actor)
    codes = catalog.code_names([pk for pk in (fault_id, cause_id) if pk])
    day = on or entitlement.local_day(asset, clock.now())
    decision = entitlement.decide(asset_id=asset.pk, on=day, job=rules.Job(codes=codes))
    return _told(entitlement.without_papers(decision, asset, actor), actor)


@routes.read("/warranty-fleet", Fleet)
def list_warranty_fleet(
    request, state: CoverState | None = None, within_days: Within | None = None, on: Day | None = None,
    before: Id | None = None, limit: Annotated[int, Field(ge=1, le=1000)] = 100,
):
    """How all units stand, newest first: in warranty, under contract, ending soon, out, doubtful."""
    actor = calls.caller(request)
    actor.require_anywhere("entitlement.view")
    found, reached, lots = [], None, 0
    walked = entitlement.walk_fleet(
        assets.list_assets(actor).select_related(None), at=clock.now(), on=on, states=(state,) if state else (),
        within_days=within_days, before=before,
    )
    for one in walked:
        if isinstance(one, int):
            reached, lots = one, lots + 1
            if lots >= LOTS:
                break
            continue
        found.append(one)
        if len(found) == limit:
            reached = one.asset_id
            break
    else:
        reached = None
    return {"items": StandingRow.many(found, actor), "next": reached}


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
    return _entry(entry, actor)


@routes.act("/assets/{number}/extensions", EntryRow)
def sell_warranty_extension(request, number: Number, body: ExtensionSale):
    """Sell an extension for the unit: its cover, and a bill that its customer owes; price and evidence are kept with both."""
    actor = calls.caller(request)
    entry = sell_warranty.sell(
        assets.get_asset(number, actor), entitlement.get_term(body.term_id, actor), actor=actor,
        at=calls.moment(request, body.at), **body.model_dump(exclude={"at", "term_id"}),
    )
    return _entry(entry, actor)


@routes.act("/warranty-entries/{entry_id}/set_end", EntryRow)
def set_warranty_end(request, entry_id: Id, body: NewEnd):
    """Let a cover end on another day: the line is reversed, and one with that end takes its place."""
    actor = calls.caller(request)
    entry = actions.set_end(entitlement.get_entry(entry_id, actor), ends_on=body.ends_on, reason=body.reason, actor=actor,
                            at=calls.moment(request, body.at))
    return _entry(entry, actor)


@routes.act("/warranty-entries/{entry_id}/reverse", EntryRow)
def reverse_warranty_entry(request, entry_id: Id, body: Reversal):
    """Take a warranty line back by a reversal; of a sold extension its bill, too, and what was paid goes back."""
    actor = calls.caller(request)
    entry = sell_warranty.take_back(entitlement.get_entry(entry_id, actor), reason=body.reason, actor=actor,
                                  at=calls.moment(request, body.at))
    return _entry(entry, actor)
