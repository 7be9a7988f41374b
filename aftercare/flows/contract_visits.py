"""Planned visits of contracts become work orders, so many days ahead as their plan says."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.entitlement import rules
from aftercare.domain.work import actions as work
from aftercare.flows import contract_use
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.transactions import whole


@whole()
def open_visit(visit, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """Open the work order of a planned visit, due on its day, paid by the contract. Gives back the visit.

    Of two who open it at once one does, and the order of the other one is never seen.
    """
    contract, rule = visit.contract, visit.rule
    order = work.open_order(
        work_type=rule.work_type, branch_id=contract.branch_id, customer=contract.customer, asset=rule.asset,
        title=rule.title, entitlement=_decision(visit), actor=actor, at=at,
        detail=wording.stored(lambda: _("计划保养 %(day)s，合同 %(number)s") % {"day": visit.visit_on, "number": contract.number}),
    )
    contract_use.note_job(order, is_planned=True, at=at)
    return entitlement.note_opened(visit, order_number=order.number, version=version, actor=actor, at=at)


def _decision(visit) -> rules.Decision:
    contract = visit.contract
    return rules.Decision(
        rules.CONTRACT, rules.PAYERS[rules.CONTRACT], covers_parts=contract.covers_parts, covers_labour=True, covers_travel=True,
        term_name=contract.name, starts_on=contract.starts_on, ends_on=contract.ends_on, evidence=contract.number,
        reasons=[rules.reason("within", term=contract.name, start=contract.starts_on, end=contract.ends_on)], on=visit.visit_on,
        contract={"id": contract.pk, "number": contract.number, "name": contract.name, "respond_minutes": None,
                  "repair_minutes": None, "visit_on": visit.visit_on.isoformat()},
    )


def open_due(*, day: dt.date, actor: Actor, at: dt.datetime) -> int:
    """Open every visit whose time has come; how many."""
    done = 0
    for visit in contracts.visits_to_open(actor, day):
        open_visit(visit, actor=actor, at=at)
        done += 1
    return done


def plan_all(*, actor: Actor, at: dt.datetime) -> int:
    """Make the visits of all running contracts that are still missing, and follow changes of the calendar; how many were new."""
    running = contracts.list_contracts(actor).filter(status__in=["active", "suspended"]).order_by("pk")
    return sum(entitlement.plan_visits(contract, actor=actor, at=at) for contract in running)


def close_day(*, day: dt.date, actor: Actor, at: dt.datetime) -> dict[str, int]:
    """Contracts whose last day is over end or go on in their renewal; who is to be told of an end is written down."""
    ended = told = 0
    for contract in contracts.over_by(actor, day):
        move = entitlement.pass_on if contracts.find_renewal_of(contract) is not None else entitlement.expire
        move(contract, actor=actor, at=at)
        ended += 1
    for contract in contracts.ended_with_quota(actor, day):
        entitlement.lapse(contract, actor=actor, at=at)
    for contract in contracts.to_notice(actor, day):
        told += entitlement.make_notices(contract, at=at) > 0
    return {"ended": ended, "told": told}
