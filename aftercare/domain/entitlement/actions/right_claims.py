"""Every write of customers' claims under consumer law: written down, answered, done, taken back.

What the rules say comes in as `answer` (see `flows.claim_rights`): it needs the unit's repairs, which this room does not know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.access import CLAIM_RIGHT, OVERRIDE
from aftercare.domain.entitlement.actions.checks import require_here, require_reason
from aftercare.domain.entitlement.lifecycle import RIGHT
from aftercare.domain.entitlement.models import RightClaim
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.foundation import clock, money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import apart, step


def claim_right(
    asset, *, remedy: str, answer: rules.Answer, fault=None, component: str = "", claimant: str = "", told: str = "",
    proofs: Iterable[str] = (), exclusions: Iterable[str] = (), is_distance: bool = False, price: Decimal | None = None,
    source: Source | None = None, actor: Actor, at: dt.datetime,
) -> RightClaim:
    """Write down that a customer asks for a right, with what the rules said on the day he asked.

    The same right of a unit is asked for once at a time (`claimed_already`); a right he does not have is written down all the
    same: it is to be answered.
    """
    if remedy not in rules.REMEDIES:
        raise RuleBroken(_("请选择诉求"), code="unknown_remedy", field="remedy")
    proofs, exclusions = _known(proofs, rules.PROOFS, "proofs"), _known(exclusions, rules.EXCLUSIONS, "exclusions")
    if price is not None:
        price = money.require_amount(price, field="price_amount")
    with step():
        claim = RightClaim(
            number=numbering.take("SQ", clock.local_day(at, actor.zone)), branch_id=asset.branch_id, asset=asset,
            customer_id=asset.customer_id, source_kind=source.kind if source else "", source_id=source.id if source else 0,
            source_number=source.number if source else "", remedy=remedy, fault=fault, component=component.strip()[:80],
            claimant=claimant.strip()[:80], told=told.strip()[:500], proofs=proofs, exclusions=exclusions, is_distance=is_distance,
            price_amount=price, fee_amount=answer.right(remedy).fee_amount, claimed_on=answer.on, claimed_at=at,
            claimed_by=actor.name[:80], ruling=answer.as_data(),
        )
        try:
            with apart():
                return open_new(
                    claim, actor=actor, at=at, permission=CLAIM_RIGHT, verb="entitlement.rightclaim.register",
                    people=(actor.employee_id,) if asset.branch_id == actor.branch_id else (),
                    fact=lambda row: facts.RightClaimed(row.pk, row.number, asset.pk, remedy, answer.right(remedy).status),
                )
        except IntegrityError:
            raise WrongState(_("这台设备已有同样的诉求待答复"), code="claimed_already") from None


@RIGHT.move("add_evidence")
def add_evidence(claim: RightClaim, *, answer: rules.Answer, proofs: Iterable[str], exclusions: Iterable[str] = (), actor: Actor,
                 at: dt.datetime):
    """Note which papers were shown and what was found; the rules are asked anew for the day on which he asked."""
    revise(claim, proofs=_known(proofs, rules.PROOFS, "proofs"), exclusions=_known(exclusions, rules.EXCLUSIONS, "exclusions"),
           ruling=answer.as_data(), fee_amount=answer.right(claim.remedy).fee_amount)


@RIGHT.move("grant_right")
def grant_right(claim: RightClaim, *, answer: rules.Answer, reply: str, actor: Actor, at: dt.datetime):
    """Agree. Refuses where the rules do not give the right (`no_right`) or a paper is missing (`papers_missing`)."""
    right = answer.right(claim.remedy)
    if right.status == rules.PROOF:
        raise RuleBroken(_("凭证不全，不能同意：请先补充凭证"), code="papers_missing", field="reply", missing=right.missing)
    if right.status != rules.YES:
        raise RuleBroken(_("规则没有给予这项权利，不能同意；要照顾客户请登记优惠保修"), code="no_right", field="reply")
    if not reply.strip():
        raise RuleBroken(_("请填写对客户的答复"), code="reply_missing", field="reply")
    revise(claim, ruling=answer.as_data(), fee_amount=right.fee_amount, reply=reply.strip()[:500], decided_at=at,
           decided_by=actor.name[:80])
    return facts.RightGranted(claim.pk, claim.asset_id, claim.remedy, reply.strip()[:500])


@RIGHT.move("refuse_right")
def refuse_right(claim: RightClaim, *, answer: rules.Answer, reason: str, actor: Actor, at: dt.datetime):
    """Refuse with a reason. Where the rules give the right it takes the permission to override decisions."""
    require_reason(reason)
    against = answer.right(claim.remedy).is_given
    if against:
        require_here(OVERRIDE, claim.asset, actor)
    revise(claim, ruling=answer.as_data(), reply=reason.strip()[:500], is_against_rule=against, decided_at=at,
           decided_by=actor.name[:80])
    return facts.RightRefused(claim.pk, claim.asset_id, claim.remedy, reason.strip()[:500], against)


@RIGHT.move("finish_right")
def finish_right(claim: RightClaim, *, note: str, actor: Actor, at: dt.datetime):
    """What was granted was done: money back, unit exchanged, repaired."""
    if not note.strip():
        raise RuleBroken(_("请填写办理结果"), code="note_missing", field="note")
    revise(claim, note=note.strip()[:300], done_at=at)
    return facts.RightDone(claim.pk, claim.asset_id, claim.remedy)


@RIGHT.move("withdraw_right")
def withdraw_right(claim: RightClaim, *, reason: str, actor: Actor, at: dt.datetime):
    """The customer no longer asks for it."""
    require_reason(reason)
    revise(claim, note=reason.strip()[:300])
    return facts.RightWithdrawn(claim.pk, claim.asset_id, reason.strip()[:300])


def _known(given: Iterable[str], known: tuple[str, ...], field: str) -> list[str]:
    chosen = list(dict.fromkeys(given))
    if set(chosen) - set(known):
        raise RuleBroken(_("没有这一项"), code="unknown_choice", field=field)
    return chosen
