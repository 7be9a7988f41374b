"""Every write of planned visits: the plan made into visits, once; put off, left out, become an order."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.lifecycle import VISIT, VisitStatus
from aftercare.domain.entitlement.models import PlannedVisit, ServiceContract, VisitRule
from aftercare.domain.entitlement.rules import visits as rules
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import step


def plan_visits(contract: ServiceContract, *, actor: Actor, at: dt.datetime) -> int:
    """Make the visits that the contract's rules ask for until its end; gives back how many were new.

    However often and by however many at once it is run, each day of a rule has one visit: the database holds it. Visits
    that nobody has fixed follow a change of the calendar.
    """
    clock = people.working_clock(contract.branch_id)

    def is_worked(day: dt.date) -> bool:
        return bool(clock.hours_on(day))

    made = moved = 0
    with step():
        for rule in VisitRule.objects.filter(contract=contract, is_active=True).order_by("pk"):
            days = rules.calculate_days(plan_of(rule), contract.starts_on, contract.ends_on, is_worked)
            known = {visit.period_on: visit for visit in PlannedVisit.objects.filter(rule=rule)}
            fresh = [
                PlannedVisit(contract=contract, rule=rule, period_on=day.period_on, visit_on=day.visit_on)
                for day in days if day.period_on not in known
            ]
            made += len(insert_once(fresh)) if fresh else 0
            moved += sum(_follow(known.get(day.period_on), day.visit_on, actor, at) for day in days)
        if made or moved:
            record_about(contract, verb="entitlement.contract.plan_visits", actor=actor, at=at,
                         fact=facts.VisitsPlanned(contract.pk, made, moved))
    return made


def plan_of(rule: VisitRule) -> rules.VisitPlan:
    """A stored rule as the rules want it."""
    return rules.VisitPlan(rule.first_on, rule.every, rule.unit, rule.month_day, rule.holidays)


def _follow(visit: PlannedVisit | None, day: dt.date, actor: Actor, at: dt.datetime) -> bool:
    if visit is None or visit.status != VisitStatus.PLANNED or visit.is_fixed or visit.visit_on == day:
        return False
    # Past visits stay where they were, whatever becomes known of their days later.
    if visit.visit_on < at.date():
        return False
    return PlannedVisit.objects.filter(pk=visit.pk, version=visit.version, status=VisitStatus.PLANNED).update(
        visit_on=day, version=visit.version + 1
    ) == 1


@VISIT.move("note_opened")
def note_opened(visit: PlannedVisit, *, order_number: str, actor: Actor, at: dt.datetime):
    """The visit became a work order; of two who open it at once one does."""
    revise(visit, order_number=order_number)
    return facts.VisitChanged(visit.pk, visit.contract_id, visit.visit_on, order_number)


@VISIT.move("put_off")
def put_off(visit: PlannedVisit, *, visit_on: dt.date, actor: Actor, at: dt.datetime):
    """The visit is made on another day within the contract; from then on the calendar does not move it."""
    if not visit.contract.starts_on <= visit_on <= visit.contract.ends_on:
        raise RuleBroken(_("上门日要在合同期内"), code="outside_contract", field="visit_on")
    revise(visit, visit_on=visit_on, is_fixed=True)
    return facts.VisitChanged(visit.pk, visit.contract_id, visit_on)


@VISIT.move("skip")
def skip(visit: PlannedVisit, *, reason: str, actor: Actor, at: dt.datetime):
    """The visit is not made; why is kept."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_missing", field="reason")
    revise(visit, reason=reason.strip()[:200])
    return facts.VisitChanged(visit.pk, visit.contract_id, visit.visit_on)


@VISIT.move("put_back")
def put_back(visit: PlannedVisit, *, reason: str, actor: Actor, at: dt.datetime):
    """Its order came to nothing: the visit is to be made again."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_missing", field="reason")
    revise(visit, order_number="", reason=reason.strip()[:200])
    return facts.VisitChanged(visit.pk, visit.contract_id, visit.visit_on)


def skip_between(
    contract: ServiceContract, first: dt.date, last: dt.date | None, *, reason: str, actor: Actor, at: dt.datetime
) -> int:
    """Leave out every visit still planned from the first to the last day (None: for ever); how many they were."""
    rows = PlannedVisit.objects.filter(contract=contract, status=VisitStatus.PLANNED, visit_on__gte=first)
    if last is not None:
        rows = rows.filter(visit_on__lte=last)
    visits = list(rows.select_related("contract").order_by("pk"))
    for visit in visits:
        skip(visit, reason=reason, actor=actor, at=at)
    return len(visits)
