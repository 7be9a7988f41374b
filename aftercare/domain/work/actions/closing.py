"""Judged by others and brought to its end: inspect, send back, audit, reverse, settle, close, cancel, backfill."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.work import facts, rules
from aftercare.domain.work.actions.refusing import broken, require_reason
from aftercare.domain.work.actions.working import RESULTS, find_codes
from aftercare.domain.work.lifecycle import ORDER
from aftercare.domain.work.models import Visit, WorkOrder
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise


def _require_other_person(order: WorkOrder, actor: Actor, *, inspector_may: bool = True) -> None:
    engineers = {order.engineer_id}
    if order.visit_count > 1:
        # Whoever was there in an earlier round did part of the work, too.
        there = Visit.objects.filter(order_id=order.pk, arrived_at__isnull=False)
        engineers |= set(there.values_list("engineer_id", flat=True))
    wrong = rules.require_other_person(
        actor.employee_id, engineers, inspector_id=order.inspected_by_id, inspector_may=inspector_may
    )
    if wrong:
        raise broken(wrong)


@ORDER.move("inspect")
def inspect(order: WorkOrder, *, actor: Actor, at: dt.datetime, note: str = ""):
    """Another person than the engineer finds it good."""
    _require_other_person(order, actor)
    revise(order, inspected_by_id=actor.employee_id, inspected_at=at)
    return facts.OrderInspected(order_id=order.pk, number=order.number)


@ORDER.move("send_back")
def send_back(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """It is to be done again; the engineer finds it in his list as 返工."""
    require_reason(reason)
    _require_other_person(order, actor)
    revise(order, inspected_by=None, inspected_at=None)
    return facts.OrderSentBack(order_id=order.pk, number=order.number, reason=reason)


@ORDER.move("audit")
def audit(order: WorkOrder, *, actor: Actor, at: dt.datetime, note: str = ""):
    """Make it final; never by the engineer. What becomes final with it is done by the flow around it."""
    _require_other_person(order, actor, inspector_may=rules.INSPECTOR_MAY_AUDIT)
    revise(order, audited_by_id=actor.employee_id, audited_at=at, audit_round=order.audit_round + 1)
    return facts.OrderAudited(
        order_id=order.pk, number=order.number, round=order.audit_round, customer_id=order.customer_id,
        engineer_id=order.engineer_id,
    )


@ORDER.move("reverse_audit")
def reverse_audit(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """Undo the audit; the flow around it reverses what had become final."""
    require_reason(reason)
    _require_other_person(order, actor)
    revise(order, audited_by=None, audited_at=None)
    return facts.AuditReversed(order_id=order.pk, number=order.number, round=order.audit_round, reason=reason)


@ORDER.move("settle")
def settle(order: WorkOrder, *, actor: Actor, at: dt.datetime):
    """Nothing is owed for it any more; the flow around it makes sure."""
    return facts.OrderSettled(order_id=order.pk, number=order.number)


@ORDER.move("close")
def close(order: WorkOrder, *, actor: Actor, at: dt.datetime):
    """It is over."""
    revise(order, closed_at=at)
    return facts.OrderClosed(order_id=order.pk, number=order.number)


@ORDER.move("cancel")
def cancel(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """It will not be done; the flow around it gives back parts and the customer's thing."""
    require_reason(reason)
    revise(order, closed_at=at)
    return facts.OrderCancelled(order_id=order.pk, number=order.number, reason=reason)


@ORDER.move("backfill")
def backfill(
    order: WorkOrder, *, actor: Actor, at: dt.datetime, findings: str = "", result: str = "unknown", engineer=None,
    minutes: int | None = None, finished_at: dt.datetime | None = None, fault=None, cause=None, solution=None,
    signed_name: str = "", is_dated: bool = True,
):
    """Take over a job done long ago from a paper register: straight to done, without trips.

    `finished_at` is when it was done (default `at`); unknown things stay unknown: `is_dated=False` keeps no day at all.
    """
    if minutes is not None and not 0 <= minutes <= rules.MAX_MINUTES:
        raise broken("bad_minutes", "minutes")
    if result not in RESULTS:
        raise broken("bad_result", "result")
    codes = find_codes(order, actor, at, fault=fault, cause=cause, solution=solution)
    revise(
        order, findings=findings.strip(), result=result, engineer=engineer, minutes=minutes,
        finished_at=(finished_at or at) if is_dated else None, signed_name=signed_name[:60], **codes,
    )
    return facts.OrderBackfilled(order_id=order.pk, number=order.number, result=result)
