"""Overdue old parts: who owes them is reminded, then charged exactly once, and the charge can be taken back."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils.translation import gettext as _

from aftercare.domain.cores import access, facts, queries, rules
from aftercare.domain.cores.actions.papers import require_reason, trusted
from aftercare.domain.cores.lifecycle import CORE
from aftercare.domain.cores.models import CoreCharge, CoreReturn
from aftercare.domain.people import queries as people
from aftercare.domain.settlement import actions as settlement
from aftercare.foundation import clock, money, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.foundation.sources import Source

logger = logging.getLogger("aftercare.cores")
ZERO = rules.ZERO


@CORE.move("charge")
def charge(core: CoreReturn, *, actor: Actor, at: dt.datetime, again: bool = False):
    """Charge an overdue piece to who owes it: once, by the terms it was owed on; `again` after a charge was lifted.

    An engineer's charge is a penalty in his month; an outlet's is kept in this room's own ledger. Refuses one that is not
    overdue (`not_overdue`), was charged already (`charged_already`), or costs nothing (`nothing_to_charge`).
    """
    day = clock.local_day(at, people.zone_of(core.branch_id))
    if not rules.is_overdue(core.due_on, day):
        raise RuleBroken(_("还没有到期，不能扣款"), code="not_overdue", due_on=core.due_on.isoformat())
    if core.charged_amount > 0 or (core.charged_at is not None and not again):
        raise RuleBroken(_("这件已经扣过款"), code="charged_already")
    amount = money.rounded(core.charge_amount * core.qty)
    if amount <= 0:
        raise RuleBroken(_("规则没有规定扣款金额"), code="nothing_to_charge")
    turn = core.charges + 1
    accrual = None
    if core.outlet_id is None and core.employee_id:
        accrual = settlement.deduct(
            core.employee_id, amount=amount, reason=wording.stored(lambda: _told(core)), source=Source.of(core), key=f"overdue:{turn}",
            day=day, actor=actor, at=at,
        )
    CoreCharge(
        core=core, round=turn, at=at, amount=amount, employee_id=core.employee_id, outlet_id=core.outlet_id,
        accrual_id=accrual.pk if accrual else None, actor_name=actor.name[:80],
    ).save(force_insert=True)
    revise(core, charged_at=at, charged_amount=amount, charges=turn)
    return facts.CoreCharged(core.pk, str(amount), "CNY", core.employee_id, core.outlet_id)


def _told(core: CoreReturn) -> str:
    return _("旧件逾期未交：%(part)s ×%(qty)s（%(order)s），应交 %(due)s，每件 %(each)s 元") % {
        "part": core.part.name, "qty": shown(core.qty), "order": core.source_number, "due": core.due_on.isoformat(), "each": core.charge_amount}


@CORE.move("lift_charge")
def lift_charge(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    """Take back what was charged, with a reason; no day's run charges it again."""
    if core.charged_amount <= 0:
        raise RuleBroken(_("没有可冲回的扣款"), code="nothing_charged")
    amount = core.charged_amount
    reverse_charge(core, reason=require_reason(reason), actor=actor, at=at)
    return facts.CoreChargeLifted(core.pk, str(amount), reason)


def reverse_charge(core: CoreReturn, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Inside a move of the piece: the standing charge is reversed in both ledgers; nothing without one."""
    if core.charged_amount <= 0:
        return
    standing = CoreCharge.objects.get(core=core, reverses=None, reversal=None)
    accrual_id = None
    if standing.accrual_id is not None:
        back = settlement.reverse_accruals(Source.of(core), actor=actor, at=at, reason=reason)
        accrual_id = back[0].pk if back else None
    CoreCharge(
        core=core, round=standing.round, at=at, amount=-standing.amount, currency=standing.currency, employee_id=standing.employee_id,
        outlet_id=standing.outlet_id, accrual_id=accrual_id, reason=reason[:200], actor_name=actor.name[:80], reverses=standing,
    ).save(force_insert=True)
    revise(core, charged_amount=ZERO)


def lift_standing(core: CoreReturn, *, reason: str, actor: Actor, at: dt.datetime) -> CoreReturn:
    """Take a charge back because what it was for is gone, so that the rest may be charged anew; gives back the piece."""
    if core.charged_amount > 0:
        core = lift_charge(core, reason=reason, actor=trusted(actor), at=at)
    if core.charged_at is not None:
        core = revise(core, actor=trusted(actor), at=at, permission=access.FOLLOW, charged_at=None)
    return core


def charge_overdue(*, day: dt.date, actor: Actor, at: dt.datetime) -> tuple[int, list[str]]:
    """Charge every overdue piece that was not charged yet; gives back how many, and what went wrong with which tag.

    Safe to run twice: a charged piece is not charged again. One that fails does not stop the others.
    """
    done, problems = 0, []
    for pk in list(queries.due_to_charge(day).values_list("pk", flat=True)):
        core = queries.get_core(pk, actor)
        try:
            charge(core, actor=actor, at=at)
            done += 1
        except Refusal as refusal:
            # Brought in, waived or charged since it was read; or its branch's day is not over yet.
            if refusal.code not in ("wrong_state", "charged_already", "not_overdue"):
                problems.append(f"{core.number}: {refusal}")
        except Exception as error:
            logger.exception("old part %s could not be charged", core.number)
            problems.append(f"{core.number}: {type(error).__name__}: {error}")
    return done, problems


def remind(*, day: dt.date, actor: Actor, at: dt.datetime) -> int:
    """Write down the reminder of every piece that is soon due, and once more when it is overdue; gives back how many."""
    rows = queries.due_to_remind(day)
    for core in rows:
        revise(
            core, actor=actor, at=at, permission=access.FOLLOW, verb="cores.corereturn.remind", reminded_on=day,
            reminders=core.reminders + 1, fact=facts.CoreReminded(core.pk, core.due_on.isoformat(), (core.due_on - day).days),
        )
    return len(rows)
