"""Every write of claims on suppliers: collected, put together, sent, answered line by line, paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.access import KEEP_CLAIM
from aftercare.domain.entitlement.lifecycle import CLAIM, ClaimStatus
from aftercare.domain.entitlement.models import ClaimAgreement, ClaimLine, SupplierClaim
from aftercare.domain.entitlement.rules import claims as rules
from aftercare.domain.ledger import actions as ledger
from aftercare.foundation import clock, money, numbering
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

_PERCENTS = ("part_percent", "labour_percent", "travel_percent")
_EDITABLE = frozenset({"name", "supplier", "brands", "contact", "is_active", *_PERCENTS})


def set_agreement(
    *, name: str = "", supplier=None, brands: Iterable[str] = (), part_percent: Decimal = Decimal(100), labour_percent: Decimal = Decimal(100),
    travel_percent: Decimal = Decimal(100), contact: str = "", actor: Actor, at: dt.datetime,
) -> ClaimAgreement:
    """Agree what a supplier reimburses, and for which brands. Refuses a brand that another one reimburses already.

    `supplier` is one of the register, whose name counts; without him `name` says who it is.
    """
    agreement = ClaimAgreement(
        supplier=supplier, name=supplier.name if supplier is not None else name.strip()[:120], brands=_clean(brands), part_percent=part_percent, labour_percent=labour_percent,
        travel_percent=travel_percent, contact=contact.strip()[:200],
    )
    _require_agreement(agreement)
    return open_new(agreement, actor=actor, at=at, permission=KEEP_CLAIM, verb="entitlement.agreement.set",
                    fact=lambda row: facts.AgreementSet(row.pk, row.name))


def edit_agreement(agreement: ClaimAgreement, *, version: int | None = None, actor: Actor, at: dt.datetime, **fields: Any) -> ClaimAgreement:
    """Change what was agreed; lines that are collected already keep their amounts."""
    unknown = sorted(fields.keys() - _EDITABLE)
    if unknown:
        raise RuleBroken(_("这一项不能修改"), code="unknown_field", field=unknown[0])
    if "brands" in fields:
        fields["brands"] = _clean(fields["brands"])
    supplier = fields.get("supplier", agreement.supplier)
    if supplier is not None and ("supplier" in fields or "name" in fields):
        fields["name"] = supplier.name
    edited = ClaimAgreement(**{f.attname: getattr(agreement, f.attname) for f in ClaimAgreement._meta.concrete_fields})
    for name, value in fields.items():
        setattr(edited, name, value)
    _require_agreement(edited)
    return revise(agreement, actor=actor, at=at, permission=KEEP_CLAIM, version=version, verb="entitlement.agreement.edit",
                  fact=facts.AgreementSet(agreement.pk, edited.name), **fields)


def _clean(brands: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(brand.strip()[:120] for brand in brands if brand.strip()))


def _require_agreement(agreement: ClaimAgreement) -> None:
    if not agreement.name:
        raise RuleBroken(_("请填写供应商名称"), code="name_missing", field="name")
    for field in _PERCENTS:
        if not 0 <= Decimal(getattr(agreement, field)) <= 1000:
            raise RuleBroken(_("比例不正确"), code="bad_percent", field=field)
    others = ClaimAgreement.objects.exclude(pk=agreement.pk)
    twin = Q(name=agreement.name) | (Q(supplier_id=agreement.supplier_id) if agreement.supplier_id else Q())
    if others.filter(twin).exists():
        raise RuleBroken(_("已有这家供应商的约定"), code="agreement_twice", field="name")
    own = {brand.casefold() for brand in agreement.brands}
    for other in others.filter(is_active=True) if agreement.is_active else ():
        shared = own & {brand.casefold() for brand in other.brands}
        if shared:
            raise RuleBroken(
                _("品牌 %(brand)s 已由 %(name)s 赔付") % {"brand": min(shared), "name": other.name}, code="brand_twice", field="brands"
            )


# --- collecting ---------------------------------------------------------------------------------------------------


def collect_lines(lines: Sequence[Mapping[str, Any]]) -> int:
    """Note charges of an audited document that a supplier should bear; gives back how many were new.

    The same line of the same round is noted once, and a line that lies in a claim or waits for one never again.
    """
    return len(insert_once([ClaimLine(**line) for line in lines])) if lines else 0


def withdraw_lines(source: Source) -> tuple[int, int]:
    """The document's audit was reversed: take its lines off that were not sent, mark the others. How many of each."""
    with step():
        rows = list(
            ClaimLine.objects.select_for_update(of=("self",)).filter(source_kind=source.kind, source_id=source.id, is_dropped=False)
            .select_related("claim").order_by("pk")
        )
        unsent = [row for row in rows if row.claim_id is None or row.claim.status == ClaimStatus.OPEN]
        ClaimLine.objects.filter(pk__in=[row.pk for row in unsent]).update(is_dropped=True, claim=None)
        sent = ClaimLine.objects.filter(pk__in=[row.pk for row in rows if row not in unsent]).update(is_reversed=True)
        for claim_id in sorted({row.claim_id for row in unsent if row.claim_id}):
            _sum_up(claim_id)
    return len(unsent), sent


def assign(line: ClaimLine, agreement: ClaimAgreement, *, claimed_amount: Decimal | None = None, actor: Actor, at: dt.datetime) -> ClaimLine:
    """Say which supplier is to bear a line that still waits, and how much is claimed for it."""
    amount = money.require_amount(line.claimed_amount if claimed_amount is None else claimed_amount, field="claimed_amount")
    rows = visible(ClaimLine, actor, KEEP_CLAIM).filter(pk=line.pk, claim=None, is_dropped=False)
    if not rows.update(agreement=agreement, claimed_amount=amount):
        actor.require(KEEP_CLAIM, branch_id=line.branch_id)
        raise WrongState(_("这一行已在索赔单里"), code="claimed_already")
    line.agreement, line.claimed_amount = agreement, amount
    return line


# --- the claim ----------------------------------------------------------------------------------------------------


def open_claim(agreement: ClaimAgreement, *, branch_id: int, line_ids: Iterable[int] | None = None, note: str = "", actor: Actor,
               at: dt.datetime) -> SupplierClaim:
    """Put the lines that wait for this supplier in this branch (or some of them) into one claim.

    Of two who do it at once each line goes to one; refuses when none is left (`nothing_to_claim`).
    """
    with step():
        claim = SupplierClaim(number=numbering.take("SP", clock.local_day(at, actor.zone)), branch_id=branch_id, agreement=agreement,
                              created_at=at, note=note.strip()[:200])
        open_new(claim, actor=actor, at=at, permission=KEEP_CLAIM, verb="entitlement.claim.open")
        rows = ClaimLine.objects.filter(agreement=agreement, branch_id=branch_id, claim=None, is_dropped=False)
        if line_ids is not None:
            rows = rows.filter(pk__in=list(line_ids))
        if not rows.update(claim=claim):
            raise RuleBroken(_("没有待索赔的明细"), code="nothing_to_claim", field="lines")
        _sum_up(claim.pk)
        claim.refresh_from_db()
    return claim


def take_off(claim: SupplierClaim, line_id: int, *, version: int | None = None, actor: Actor, at: dt.datetime) -> SupplierClaim:
    """Take a line out of a claim that was not sent; it waits again."""
    if claim.status != ClaimStatus.OPEN:
        raise WrongState(_("索赔单已发出，不能修改"), code="sent_already", state=claim.status)
    with step():
        claim = revise(claim, actor=actor, at=at, permission=KEEP_CLAIM, version=version, verb="entitlement.claim.take_off")
        ClaimLine.objects.filter(claim=claim, pk=line_id).update(claim=None)
        _sum_up(claim.pk)
        claim.refresh_from_db()
    return claim


@CLAIM.move("send")
def send(claim: SupplierClaim, *, actor: Actor, at: dt.datetime):
    """It went to the supplier; from now on its lines stay as they are. Refuses an empty one."""
    if not ClaimLine.objects.filter(claim=claim).exists():
        raise RuleBroken(_("索赔单没有明细"), code="claim_empty", field="lines")
    revise(claim, sent_at=at)
    return facts.ClaimSent(claim.pk, claim.claimed_amount)


@CLAIM.move("cancel")
def cancel(claim: SupplierClaim, *, reason: str, actor: Actor, at: dt.datetime):
    """The claim is given up before it went out; its lines wait again."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_missing", field="reason")
    ClaimLine.objects.filter(claim=claim).update(claim=None)
    revise(claim, claimed_amount=money.ZERO, cost_amount=money.ZERO)
    return facts.ClaimCancelled(claim.pk, reason)


@CLAIM.move("answer")
def answer(claim: SupplierClaim, *, answers: Sequence[Mapping[str, Any]], actor: Actor, at: dt.datetime):
    """Note the supplier's answers: `{line, answer, accepted, reason}` each; a line is answered once.

    What he accepts becomes a receivable from him; what he does not stays our cost. All or nothing.
    """
    rows = {row.pk: row for row in ClaimLine.objects.select_for_update().filter(claim=claim)}
    sides: list = []
    accepted = claim.accepted_amount
    for given in answers:
        row = rows.get(int(given["line"]))
        if row is None:
            raise RuleBroken(_("没有这一行：%(line)s") % {"line": given["line"]}, code="no_line", field="answers")
        if row.answer:
            raise WrongState(_("第 %(line)s 行已答复") % {"line": row.pk}, code="answered_already", field="answers")
        amount = _read(row, given)
        sides += _sides(row, amount, claim)
        accepted += amount
    if not answers:
        raise RuleBroken(_("请填写答复"), code="no_answers", field="answers")
    if any(amount for _account, _party, amount in sides):
        turn = ClaimLine.objects.filter(claim=claim).exclude(answer="").count()
        ledger.post(source=Source.of(claim), key=f"answer:{turn}", at=at, lines=sides, actor=actor, branch_id=claim.branch_id,
                    memo=claim.number, currency=claim.currency)
    revise(claim, accepted_amount=accepted, answered_at=at)
    return facts.ClaimAnswered(claim.pk, len(answers), accepted)


def _read(row: ClaimLine, given: Mapping[str, Any]) -> Decimal:
    said, why = given.get("answer") or "", (given.get("reason") or "").strip()
    asked = given.get("accepted")
    amount, wrong = rules.read_answer(said, row.claimed_amount, None if asked in (None, "") else Decimal(asked), why)
    if wrong:
        raise RuleBroken(f"{row.name}: {_wrong()[wrong]}", code=wrong, field="answers", line=row.pk)
    ClaimLine.objects.filter(pk=row.pk).update(answer=said, accepted_amount=amount, answer_reason=why[:200])
    row.answer, row.accepted_amount = said, amount
    return amount


def _wrong() -> dict[str, str]:
    return {
        "unknown_answer": _("答复应为 认可、部分认可 或 拒绝"), "amount_not_all": _("认可时金额应等于索赔金额"),
        "reason_missing": _("部分认可或拒绝时请填写理由"), "amount_not_none": _("拒绝时金额应为零"),
        "amount_not_part": _("部分认可的金额应大于零、小于索赔金额"),
    }


def _sides(row: ClaimLine, accepted: Decimal, claim: SupplierClaim) -> list:
    """The booking of an answer: from where the audit put the charge to the supplier, the rest to our own cost."""
    party = ("entitlement.claimagreement", claim.agreement_id)
    if row.account == "supplier_claim":
        booked = (row.party_kind, row.party_id) if row.party_kind else None
        return [("supplier_claim", booked, -row.booked_amount), ("supplier_claim", party, accepted),
                ("warranty_cost", None, row.booked_amount - accepted)]
    return [("supplier_claim", party, accepted), (row.account, None, -accepted)]


@CLAIM.move("reimburse")
def reimburse(claim: SupplierClaim, *, amount: Decimal, reason: str = "", actor: Actor, at: dt.datetime):
    """The supplier paid to the bank. Less than he accepted needs a reason; what is missing is our cost then."""
    if ClaimLine.objects.filter(claim=claim, answer="").exists():
        raise RuleBroken(_("还有明细没有答复"), code="not_all_answered", field="amount")
    amount = money.require_amount(amount, field="amount", minimum=Decimal("0.01"), currency=claim.currency)
    if amount > claim.accepted_amount:
        raise RuleBroken(_("赔付超过认可金额"), code="more_than_accepted", field="amount", accepted=str(claim.accepted_amount))
    if amount < claim.accepted_amount and not reason.strip():
        raise RuleBroken(_("少付时请填写原因"), code="reason_missing", field="reason")
    party = ("entitlement.claimagreement", claim.agreement_id)
    ledger.post(source=Source.of(claim), key="reimburse", at=at, actor=actor, branch_id=claim.branch_id, memo=claim.number,
                currency=claim.currency, lines=[
                    ("bank", ("people.branch", claim.branch_id), amount), ("supplier_claim", party, -claim.accepted_amount),
                    ("warranty_cost", None, claim.accepted_amount - amount)])
    revise(claim, reimbursed_amount=amount, reimbursed_at=at)
    return facts.ClaimReimbursed(claim.pk, amount)


@CLAIM.move("close")
def close(claim: SupplierClaim, *, reason: str = "", actor: Actor, at: dt.datetime):
    """Nothing more is expected. Accepted money that did not come is our cost from now on, and needs a reason."""
    if ClaimLine.objects.filter(claim=claim, answer="").exists():
        raise RuleBroken(_("还有明细没有答复"), code="not_all_answered", field="reason")
    if claim.accepted_amount and not claim.reimbursed_at:
        if not reason.strip():
            raise RuleBroken(_("认可的金额没有到账，结案请填写原因"), code="reason_missing", field="reason")
        party = ("entitlement.claimagreement", claim.agreement_id)
        ledger.post(source=Source.of(claim), key="write_off", at=at, actor=actor, branch_id=claim.branch_id, memo=reason,
                    currency=claim.currency, lines=[("warranty_cost", None, claim.accepted_amount),
                                                    ("supplier_claim", party, -claim.accepted_amount)])
    revise(claim, closed_at=at)
    return facts.ClaimClosed(claim.pk, reason)


def _sum_up(claim_id: int) -> None:
    sums = ClaimLine.objects.filter(claim_id=claim_id).aggregate(
        claimed=money.summed("claimed_amount"), cost=money.summed("cost_amount"))
    SupplierClaim.objects.filter(pk=claim_id).update(claimed_amount=sums["claimed"] or money.ZERO, cost_amount=sums["cost"] or money.ZERO)
