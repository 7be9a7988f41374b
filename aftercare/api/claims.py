"""供应商索赔: warranty work that suppliers reimburse, line by line: collected, sent, answered, paid, compared with cost."""

import base64
import binascii
import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Plain, SignedAmount, Strict, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as claims
from aftercare.domain.entitlement.lifecycle import CLAIM
from aftercare.domain.parties import queries as parties
from aftercare.flows import claim_files
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

routes = Routes("Claims")
PATH = "/claims/{number}"
Status = Literal["open", "sent", "answered", "reimbursed", "closed", "cancelled"]
Said = Literal["accepted", "partly", "rejected"]
Share = Annotated[Decimal, Field(max_digits=6, decimal_places=2, ge=0, le=1000)]


class ClaimAgreementRow(Row):
    """What a supplier reimburses."""

    id: int
    supplier: Annotated[str | None, From("supplier__number")]
    name: str
    brands: list[str]
    part_percent: Decimal
    labour_percent: Decimal
    travel_percent: Decimal
    contact: str
    is_active: bool
    version: int


class ClaimLineRow(Row):
    """A charge that a supplier should bear."""

    id: int
    claim: Annotated[str | None, From("claim__number")]
    supplier: Annotated[str | None, From("agreement__name")]
    order: Annotated[str, From("source_number")]
    kind: Annotated[Literal["part", "labour", "travel", "other"], From("kind_of")]
    name: str
    qty: Decimal
    product: Annotated[str | None, From("product__name")]
    serial: Annotated[str | None, From("asset__serial")]
    fault: str
    cost_amount: Decimal
    claimed_amount: Decimal
    answer: str
    accepted_amount: Decimal
    answer_reason: str
    is_reversed: bool
    audited_on: dt.date


class ClaimRow(Row):
    """A claim, in a list."""

    number: str
    status: Status
    supplier: Annotated[str, From("agreement__name")]
    branch: Annotated[str, From("branch__number")]
    cost_amount: Decimal
    claimed_amount: Decimal
    accepted_amount: Decimal
    reimbursed_amount: Decimal
    created_at: dt.datetime
    sent_at: dt.datetime | None
    answered_at: dt.datetime | None
    reimbursed_at: dt.datetime | None
    version: int


def _lines(claim: Any, actor: Actor) -> list[dict]:
    rows = claims.list_claim_lines(actor).filter(claim_id=claim.pk).order_by("pk")
    return ClaimLineRow.many(rows, actor)


class Claim(ClaimRow):
    """A claim with its lines."""

    note: str
    lines: Annotated[list[ClaimLineRow], Made(_lines)]
    moves: Annotated[list[OpenMove], Made(open_moves(CLAIM))]


class ClaimFile(Row):
    """A file; `content` is Base64."""

    name: str
    media_type: str
    content: str


class ClaimComparedRow(Row):
    """What came of the claims of a group, beside our cost."""

    key: str
    lines: int
    cost: Decimal
    claimed: Decimal
    accepted: Decimal
    reimbursed: Decimal
    open: Decimal
    lost: Decimal
    percent: Decimal | None


class ClaimComparison(Row):
    """The same lines by supplier, by product and by month of the audit."""

    suppliers: list[ClaimComparedRow]
    products: list[ClaimComparedRow]
    months: list[ClaimComparedRow]


class ClaimsAsked(Asking):
    """Filters of the claims."""

    status: Status | None = None
    agreement: Id | None = None


class ClaimLinesAsked(Asking):
    """Filters of the lines."""

    is_waiting: bool | None = Field(None, description="In no claim yet.")
    agreement: Id | None = None
    order: Number | None = None


class NewClaimAgreement(Write):
    """What a supplier reimburses: one of the register by his number, or else one by name."""

    supplier: Number | None = None
    name: Annotated[Plain, Field(max_length=120)] = ""
    brands: Annotated[list[Annotated[Plain, Field(max_length=120)]], Field(max_length=50)] = []
    part_percent: Share = Decimal(100)
    labour_percent: Share = Decimal(100)
    travel_percent: Share = Decimal(100)
    contact: Annotated[Plain, Field(max_length=200)] = ""


class ClaimAgreementEdit(Write):
    """What may be changed. `supplier` null takes the register's supplier off; his name stays."""

    supplier: Number | None = None
    name: Annotated[Plain, Field(min_length=1, max_length=120)] = None
    brands: Annotated[list[Annotated[Plain, Field(max_length=120)]], Field(max_length=50)] = None
    part_percent: Share = None
    labour_percent: Share = None
    travel_percent: Share = None
    contact: Annotated[Plain, Field(max_length=200)] = None
    is_active: bool = None


class NewClaim(Write):
    """Puts the lines that wait for a supplier (or some of them) into one claim."""

    agreement_id: Id
    branch: Number | None = None
    lines: Annotated[list[Id], Field(max_length=5000)] | None = None
    note: Annotated[Plain, Field(max_length=200)] = ""


class ClaimAssignment(Write):
    """Which supplier is to bear the line, and how much is claimed."""

    agreement_id: Id
    claimed_amount: Amount | None = None


class ClaimAnswerIn(Strict):
    """The supplier's answer to a line."""

    line: Id
    answer: Said
    accepted: SignedAmount | None = None
    reason: Annotated[Plain, Field(max_length=200)] = ""


class ClaimAnswers(Write):
    """ClaimAnswers to lines; all are taken or none."""

    answers: Annotated[list[ClaimAnswerIn], Field(min_length=1, max_length=5000)]


class ClaimAnswerFile(Write):
    """The file that the supplier sent back; `content` is Base64, at most 3 MB of file."""

    name: Annotated[Plain, Field(min_length=5, max_length=120)] = Field(examples=["SP260302000001.xlsx"])
    content: Annotated[Plain, Field(max_length=4_200_000)]


class ClaimPayment(Write):
    """What the supplier paid; less than he accepted needs a reason."""

    amount: Amount
    reason: Annotated[Plain, Field(max_length=200)] = ""


class ClaimClosing(Write):
    """Why it ends, where accepted money did not come."""

    reason: Annotated[Plain, Field(max_length=200)] = ""


def _get(number: str, actor: Actor):
    return one_of(Claim, claims.list_claims(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Claim, row)
    return Answer(Claim.of(row, actor), version=row.version)


def _agreement_answer(row, actor: Actor) -> Answer:
    row = claims.get_agreement(row.pk, actor)
    return Answer(ClaimAgreementRow.of(row, actor), version=row.version)


@routes.list("/claim-agreements", ClaimAgreementRow)
def list_claim_agreements(request, asked: Query[Asking]):
    """List what suppliers reimburse."""
    actor = calls.caller(request)
    rows: QuerySet = claims.list_agreements(actor)
    if asked.q:
        rows = rows.filter(name__icontains=asked.q)
    return page_of(ClaimAgreementRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/claim-agreements", ClaimAgreementRow)
def create_claim_agreement(request, body: NewClaimAgreement):
    """Agree what a supplier reimburses."""
    actor = calls.caller(request)
    supplier = parties.get_supplier(body.supplier, actor) if body.supplier else None
    row = actions.set_agreement(supplier=supplier, actor=actor, at=calls.moment(request, body.at),
                                **body.model_dump(exclude={"at", "supplier"}))
    return calls.created(_agreement_answer(row, actor), "claim-agreements", row.pk)


@routes.read("/claim-agreements/{agreement_id}", ClaimAgreementRow)
def get_claim_agreement(request, agreement_id: Id):
    """One agreement."""
    actor = calls.caller(request)
    actor.require_anywhere("entitlement.view_claim")
    return _agreement_answer(claims.get_agreement(agreement_id, actor), actor)


@routes.edit("/claim-agreements/{agreement_id}", ClaimAgreementRow)
def edit_claim_agreement(request, agreement_id: Id, body: ClaimAgreementEdit):
    """Change an agreement."""
    actor = calls.caller(request)
    given = calls.edits(body)
    if given.get("supplier"):
        given["supplier"] = parties.get_supplier(given["supplier"], actor)
    row = actions.edit_agreement(claims.get_agreement(agreement_id, actor), version=calls.version_edited(request), actor=actor,
                                 at=calls.moment(request, body.at), **given)
    return _agreement_answer(row, actor)


@routes.list("/claim-lines", ClaimLineRow)
def list_claim_lines(request, asked: Query[ClaimLinesAsked]):
    """List charges that suppliers should bear, newest first."""
    actor = calls.caller(request)
    rows = claims.list_claim_lines(actor)
    if asked.is_waiting is not None:
        rows = rows.filter(claim__isnull=asked.is_waiting)
    if asked.agreement:
        rows = rows.filter(agreement_id=asked.agreement)
    if asked.order:
        rows = rows.filter(source_number=asked.order)
    return page_of(ClaimLineRow, rows, actor, order=("-id",), asked=asked)


@routes.act("/claim-lines/{line_id}/assign", ClaimLineRow)
def assign_claim_line(request, line_id: Id, body: ClaimAssignment):
    """Say which supplier is to bear a line, and how much is claimed for it."""
    actor = calls.caller(request)
    row = actions.assign(claims.get_claim_line(line_id, actor), claims.get_agreement(body.agreement_id, actor),
                         claimed_amount=body.claimed_amount, actor=actor, at=calls.moment(request, body.at))
    return ClaimLineRow.of(row, actor)


@routes.list("/claims", ClaimRow)
def list_supplier_claims(request, asked: Query[ClaimsAsked]):
    """List claims, newest first; `q` is the beginning of the number."""
    actor = calls.caller(request)
    rows = claims.list_claims(actor)
    if asked.q:
        rows = rows.filter(number__gte=asked.q.upper(), number__lt=asked.q.upper() + "~")
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.agreement:
        rows = rows.filter(agreement_id=asked.agreement)
    return page_of(ClaimRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/claims", Claim)
def create_supplier_claim(request, body: NewClaim):
    """Put waiting lines into a claim."""
    actor = calls.caller(request)
    row = actions.open_claim(
        claims.get_agreement(body.agreement_id, actor), branch_id=calls.branch_id(request, body.branch), line_ids=body.lines, note=body.note,
        actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(row, actor), "claims", row.number)


@routes.read(PATH, Claim)
def get_supplier_claim(request, number: Number):
    """One claim with its lines: the JSON form that is sent to the supplier."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Claim.of(row, actor), version=row.version)


@routes.act(f"{PATH}/lines/{{line_id}}/take-off", Claim, match=True)
def take_off_claim_line(request, number: Number, line_id: Id, body: Write = Write()):  # noqa: B008
    """Take a line out of a claim that was not sent; it waits again."""
    actor = calls.caller(request)
    row = actions.take_off(_get(number, actor), line_id, version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.read(f"{PATH}/file", ClaimFile)
def get_claim_file(request, number: Number):
    """The workbook that is sent to the supplier and comes back with his answers."""
    actor = calls.caller(request)
    row = _get(number, actor)
    content = claim_files.write_workbook(row, zone=actor.zone)
    return {"name": claim_files.name_of(row), "media_type": claim_files.MEDIA_TYPE, "content": base64.b64encode(content).decode()}


@routes.act(f"{PATH}/answer-file", Claim)
def import_claim_answers(request, number: Number, body: ClaimAnswerFile):
    """Read the supplier's answers from the returned file (xlsx, csv or JSON); all are taken or none."""
    actor = calls.caller(request)
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error:
        raise RuleBroken(_("文件内容不是 Base64"), code="not_base64", field="content") from None
    row = claim_files.take_answers(_get(number, actor), body.name, content, actor=actor, at=calls.moment(request, body.at))
    return _answer(row, actor)


@routes.read("/claims-comparison", ClaimComparison)
def compare_supplier_claims(request, first: Day, last: Day):
    """Claimed, accepted, reimbursed and cost of the lines audited in those days, by supplier, product and month."""
    actor = calls.caller(request)
    actor.require_anywhere("entitlement.view_claim")
    suppliers, products, months = claims.compare(claims.list_claim_lines(actor).filter(audited_on__range=(first, last))).groups
    return {
        "suppliers": ClaimComparedRow.many(suppliers, actor), "products": ClaimComparedRow.many(products, actor),
        "months": ClaimComparedRow.many(months, actor),
    }


def _answered(claim, body: ClaimAnswers, *, actor: Actor, at, version):
    return actions.answer(claim, answers=[one.model_dump() for one in body.answers], version=version, actor=actor, at=at)


add_moves(routes, CLAIM, path=PATH, noun="claim", answers=Claim, get=_get, answer=_answer, performs={"answer": _answered},
          bodies={"answer": ClaimAnswers, "reimburse": ClaimPayment, "close": ClaimClosing})
add_timeline(routes, PATH, "claim", _get)
