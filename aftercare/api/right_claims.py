"""三包诉求: what customers asked for under consumer law, and what we answered."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Plain, Text, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.rights import Exclusion, Proof, Remedy
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.entitlement.lifecycle import RIGHT
from aftercare.domain.work import queries as orders
from aftercare.flows import claim_rights
from aftercare.foundation.access import Actor

routes = Routes("Rights")
PATH = "/right-claims/{number}"
ClaimStatus = Literal["claimed", "granted", "refused", "done", "withdrawn"]


class RightClaimRow(Row):
    """A claim under consumer law in a list."""

    number: str
    status: ClaimStatus
    remedy: Remedy
    asset: Annotated[str, From("asset__number")]
    customer: Annotated[str | None, From("customer__number")]
    branch: Annotated[str, From("branch__number")]
    order: Annotated[str, From("source_number")]
    claimed_on: dt.date
    claimed_at: dt.datetime
    decided_at: dt.datetime | None
    is_against_rule: bool
    version: int


class RightClaim(RightClaimRow):
    """A claim in full. `ruling` is what the rules said when it was last asked or answered, for the day `claimed_on`."""

    fault_id: int | None
    component: str
    claimant: str
    told: str
    proofs: list[Proof]
    exclusions: list[Exclusion]
    is_distance: bool
    price_amount: Decimal | None
    fee_amount: Decimal | None
    ruling: dict[str, Any]
    reply: str
    note: str
    claimed_by: str
    decided_by: str
    done_at: dt.datetime | None
    moves: Annotated[list[OpenMove], Made(open_moves(RIGHT))]


class RightClaimsAsked(Asking):
    """Filters of the claims."""

    status: ClaimStatus | None = None
    remedy: Remedy | None = None
    asset: Number | None = None
    customer: Number | None = None
    against_rule: bool | None = None


class NewRightClaim(Write):
    """What a customer asks for; `claimed_on` is the day whose rights count (default: today)."""

    remedy: Remedy
    order: Number | None = Field(None, description="Number of the work order in which he asks.")
    claimed_on: Day | None = None
    fault_id: Id | None = None
    component: Annotated[Plain, Field(max_length=80)] = ""
    claimant: Annotated[Plain, Field(max_length=80)] = ""
    told: Text = ""
    proofs: list[Proof] = []
    exclusions: list[Exclusion] = []
    is_distance: bool = False
    price: Amount | None = None


class RightEvidence(Write):
    """The papers shown and what was found, whole lists."""

    proofs: list[Proof] = []
    exclusions: list[Exclusion] = []


class RightGrant(Write):
    """Our answer to the customer."""

    reply: Annotated[Plain, Field(min_length=1, max_length=500)]


class RightRefusal(Write):
    """Why not."""

    reason: Annotated[Plain, Field(min_length=1, max_length=500)]


class RightOutcome(Write):
    """What was done."""

    note: Annotated[Plain, Field(min_length=1, max_length=300)]


def _claim(number: str, actor: Actor):
    return one_of(RightClaim, entitlement.list_right_claims(actor), actor, number=number)


def _claim_answer(claim, actor: Actor) -> Answer:
    claim = again(RightClaim, claim)
    return Answer(RightClaim.of(claim, actor), version=claim.version)


@routes.list("/right-claims", RightClaimRow)
def list_right_claims(request, asked: Query[RightClaimsAsked]):
    """List what customers asked for under consumer law, newest first."""
    actor = calls.caller(request)
    rows = entitlement.searched_right_claims(entitlement.list_right_claims(actor), asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.remedy:
        rows = rows.filter(remedy=asked.remedy)
    if asked.asset:
        rows = rows.filter(asset__number=asked.asset)
    if asked.customer:
        rows = rows.filter(customer__number=asked.customer)
    if asked.against_rule is not None:
        rows = rows.filter(is_against_rule=asked.against_rule)
    return page_of(RightClaimRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/assets/{number}/right-claims", RightClaim)
def claim_right(request, number: Number, body: NewRightClaim):
    """Write down that the customer asks for a right, with what the rules say for that day."""
    actor = calls.caller(request)
    given = body.model_dump(exclude={"at", "order", "fault_id"})
    claim = claim_rights.claim(
        assets.get_asset(number, actor), order=orders.get_order(body.order, actor) if body.order else None,
        fault=catalog.get_code(body.fault_id, actor) if body.fault_id else None, actor=actor, at=calls.moment(request, body.at), **given,
    )
    return calls.created(_claim_answer(claim, actor), "right-claims", claim.number)


@routes.read(PATH, RightClaim)
def get_right_claim(request, number: Number):
    """One claim."""
    actor = calls.caller(request)
    return _claim_answer(_claim(number, actor), actor)


def _full(claim, actor: Actor):
    return entitlement.get_right_claim(claim.pk, actor)


def _by(flow):
    def perform(claim, body, *, actor: Actor, at: dt.datetime, version: int | None):
        return flow(_full(claim, actor), version=version, actor=actor, at=at, **body.model_dump(exclude={"at"}))

    return perform


add_moves(
    routes, RIGHT, path=PATH, noun="right_claim", answers=RightClaim, get=_claim, answer=_claim_answer,
    bodies={"grant_right": RightGrant, "refuse_right": RightRefusal, "add_evidence": RightEvidence, "finish_right": RightOutcome, "withdraw_right": RightRefusal},
    performs={"grant_right": _by(claim_rights.grant), "refuse_right": _by(claim_rights.refuse), "add_evidence": _by(claim_rights.add_evidence)},
)
add_timeline(routes, PATH, "right_claim", _claim)
