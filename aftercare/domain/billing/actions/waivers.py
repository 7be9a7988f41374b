"""Waivers above one's own limit: asked for by one, decided by another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.billing import access, facts
from aftercare.domain.billing.actions.bills import require_limit, waive
from aftercare.domain.billing.lifecycle import WAIVER, BillStatus
from aftercare.domain.billing.models import Bill, Charge, WaiverLimit, WaiverRequest
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.transactions import step


def ask(bill: Bill, *, line: str, amount: Decimal, reason: str, actor: Actor, at: dt.datetime) -> WaiverRequest:
    """Ask that so much of a charge be let off (in all); somebody else with the right decides.

    Refuses without a reason, more than the charge, a final bill, and a second open request for the same charge.
    """
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    if bill.status == BillStatus.FINAL:
        raise WrongState(_("账单已定，不能再减免"), state=bill.status, move="ask")
    charge = Charge.objects.filter(bill=bill, line=line).first()
    if charge is None:
        raise NotFound(_("没有找到这项费用"), kind="billing.charge")
    amount = money.require_amount(amount, field="amount", minimum=Decimal("0.01"), currency=bill.currency)
    if amount > charge.amount:
        raise RuleBroken(_("减免不能超过费用"), code="waived_too_much", field="amount")
    with step():
        day = clock.local_day(at, people.zone_of(bill.branch_id))
        number = numbering.take("JM", day)  # two who ask at once take their turns here
        if WaiverRequest.objects.filter(bill=bill, line=line, status="pending").exists():
            raise WrongState(_("这项费用已有待批的减免申请"), code="asked_already")
        request = WaiverRequest(
            number=number, bill=bill, branch_id=bill.branch_id, line=line, name=charge.name, charge_amount=charge.amount, amount=amount,
            reason=reason.strip()[:200], asked_by_id=actor.employee_id, asked_name=actor.name[:80], asked_at=at,
        )
        return open_new(request, actor=actor, at=at, permission=access.ASK_WAIVER, people=(actor.employee_id, bill.employee_id),
                        verb="billing.waiverrequest.ask", note=request.reason,
                        fact=lambda row: facts.WaiverAsked(row.pk, bill.pk, row.line, row.amount))


@WAIVER.move("approve")
def approve(request: WaiverRequest, *, actor: Actor, at: dt.datetime) -> facts.WaiverDecided:
    """Let it off. Never by who asked (`own_request`), nor by somebody whose own limit is lower."""
    if actor.employee_id is not None and actor.employee_id == request.asked_by_id:
        raise RuleBroken(_("不能批准自己的申请"), code="own_request")
    require_limit(actor, request.amount)
    waive(request.bill, line=request.line, amount=request.amount, reason=request.reason, actor=actor, at=at)
    revise(request, decided_by_id=actor.employee_id, decided_name=actor.name[:80], decided_at=at)
    return facts.WaiverDecided(request.pk, request.bill_id, request.line, request.amount, True)


@WAIVER.move("refuse")
def refuse(request: WaiverRequest, *, reason: str, actor: Actor, at: dt.datetime) -> facts.WaiverDecided:
    """Do not let it off; a reason must be given."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    revise(request, decided_by_id=actor.employee_id, decided_name=actor.name[:80], decided_at=at, answer=reason.strip()[:200])
    return facts.WaiverDecided(request.pk, request.bill_id, request.line, request.amount, False)


@WAIVER.move("withdraw")
def withdraw(request: WaiverRequest, *, actor: Actor, at: dt.datetime) -> facts.WaiverWithdrawn:
    """Who asked takes it back."""
    return facts.WaiverWithdrawn(request.pk, request.bill_id)


def set_limit(*, role_id: int | None, amount: Decimal | None, actor: Actor, at: dt.datetime) -> WaiverLimit | None:
    """Set how much holders of a role (None: everybody else) may let off without another, in CNY; None takes the limit away."""
    actor.require_anywhere(access.SET_LIMITS)
    with step():
        numbering.take("WAIVER-LIMIT")
        known = WaiverLimit.objects.filter(role_id=role_id).first()
        if amount is not None:
            amount = money.require_amount(amount, field="amount")
        if known is not None:
            return revise(known, actor=actor, at=at, permission=access.SET_LIMITS, verb="billing.waiverlimit.set", limit_amount=amount)
        return open_new(WaiverLimit(role_id=role_id, limit_amount=amount), actor=actor, at=at, permission=access.SET_LIMITS,
                        verb="billing.waiverlimit.set")
