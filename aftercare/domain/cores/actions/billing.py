"""What outlets pay for overdue old parts: a bill for each outlet and month, collected or waived, line by line explained."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.utils.translation import gettext as _

from aftercare.domain.cores import access, facts, queries
from aftercare.domain.cores.actions.papers import require_reason
from aftercare.domain.cores.lifecycle import BILL
from aftercare.domain.cores.models import CoreBill, CoreBillLine
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import whole

METHODS = ("transfer", "cash", "offset")


def draw_bills(*, at: dt.datetime, actor: Actor) -> list[CoreBill]:
    """Bill every month that is over and was not billed yet, by each outlet's own calendar; safe to run again.

    A charge of a month that has its bill already (written late, or taken back since) stands on the bill of the last month that is over.
    """
    actor.require_anywhere(access.CHARGE)
    billed = queries.last_billed_months()
    waiting: dict[tuple[int, dt.date], list] = defaultdict(list)
    for charge in queries.unbilled_charges():
        zone = people.zone_of(charge.outlet_id)
        month = clock.local_day(charge.at, zone).replace(day=1)
        this_month = clock.local_day(at, zone).replace(day=1)
        known = billed.get(charge.outlet_id)
        if known is not None and month <= known:
            month = max((this_month - dt.timedelta(days=1)).replace(day=1), month)
            if month <= known:
                continue
        if month < this_month:
            waiting[charge.outlet_id, month].append(charge)
    return [_draw(outlet_id, month, charges, actor=actor, at=at) for (outlet_id, month), charges in sorted(waiting.items())]


@whole()
def _draw(outlet_id: int, month: dt.date, charges: list, *, actor: Actor, at: dt.datetime) -> CoreBill:
    outlet = people.get_branch(outlet_id, Actor.system("cores"))
    amount = sum((one.amount for one in charges), start=charges[0].amount * 0)
    bill = CoreBill(
        number=numbering.take("OB", clock.local_day(at, outlet.zone)), outlet=outlet, branch_id=outlet.parent_id or outlet.pk, month=month,
        amount=amount, currency=charges[0].currency, made_at=at,
    )
    open_new(bill, actor=actor, at=at, permission=access.CHARGE, verb="cores.corebill.draw",
             fact=lambda one: facts.BillDrawn(one.pk, outlet_id, f"{month:%Y-%m}", str(amount), one.currency))
    for charge in charges:
        CoreBillLine(bill=bill, charge=charge, amount=charge.amount).save(force_insert=True)
    return bill


@BILL.move("collect")
def collect(bill: CoreBill, *, actor: Actor, at: dt.datetime, method: str = "transfer", reference: str = ""):
    """The outlet has paid (or got back, when more was taken back than charged): how, and the number of the paper."""
    if method not in METHODS:
        raise RuleBroken(_("没有这种收款方式"), code="no_such_method", field="method")
    revise(bill, collected_at=at, collected_by=actor.name[:80], method=method, reference=reference.strip()[:60])
    return facts.BillAnswered(bill.pk, "collected", reference.strip()[:60])


@BILL.move("dispute")
def dispute(bill: CoreBill, *, actor: Actor, at: dt.datetime, reason: str):
    """The outlet does not agree, and says why; it is not collected before somebody answered."""
    revise(bill, objection=require_reason(reason), reply="")
    return facts.BillAnswered(bill.pk, "disputed", reason.strip()[:200])


@BILL.move("answer_dispute")
def answer_dispute(bill: CoreBill, *, actor: Actor, at: dt.datetime, reason: str):
    """The bill stands, and why. A line that was wrong is lifted on its piece; that stands on the next bill."""
    revise(bill, reply=require_reason(reason))
    return facts.BillAnswered(bill.pk, "open", reason.strip()[:200])


@BILL.move("waive_bill")
def waive_bill(bill: CoreBill, *, actor: Actor, at: dt.datetime, reason: str):
    """Nobody asks for it any more; the charges stay written."""
    revise(bill, waived_reason=require_reason(reason))
    return facts.BillAnswered(bill.pk, "waived", reason.strip()[:200])


@BILL.move("reopen_bill")
def reopen_bill(bill: CoreBill, *, actor: Actor, at: dt.datetime, reason: str):
    """It was not paid after all, or is asked for again."""
    require_reason(reason)
    revise(bill, collected_at=None, collected_by="", method="", reference="", waived_reason="")
    return facts.BillAnswered(bill.pk, "open", reason.strip()[:200])
