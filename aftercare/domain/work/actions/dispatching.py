"""Who does it and when: dispatch, recall, take, accept, refuse, schedule."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import QuerySet

from aftercare.domain.work import facts, queries, rules
from aftercare.domain.work.actions.refusing import broken, overlap, require_reason
from aftercare.domain.work.lifecycle import BEFORE_WORK, ORDER
from aftercare.domain.work.models import Visit, WorkOrder
from aftercare.foundation import clock, plans, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise

# The permission of the journal's room to book what happened earlier.
BACKDATE = "journal.backdate"
# Advisory lock space of "the plan of an engineer".
_PLAN = 7201


@ORDER.move("dispatch")
def dispatch(
    order: WorkOrder, *, actor: Actor, at: dt.datetime, engineer=None, outlet=None,
    planned_at: dt.datetime | None = None, planned_minutes: int | None = None, reason: str = "", as_before: bool = False,
):
    """Give it to an engineer, or to an outlet that chooses its own.

    Refuses an engineer who is not fit for the category on that day (RuleBroken, with the reason's code), a time at which
    he is promised elsewhere (WrongState `overlap`, 409), and a new time that is over (`planned_in_past`) unless the actor
    may back-date. `as_before` puts back what was planned before a slip, whose hour may be over by now.
    """
    if planned_at is not None and planned_at != order.planned_at and not as_before:
        _require_to_come(planned_at, actor, at)
    if engineer is None and outlet is None:
        raise broken("nobody_chosen", "engineer")
    if outlet is not None and (outlet.kind_of != "outlet" or not outlet.is_active):
        raise broken("not_outlet", "outlet", name=outlet.name)
    planned_at = planned_at or order.planned_at
    minutes = planned_minutes or order.planned_minutes
    if engineer is not None:
        _require_fit(order, engineer, planned_at or at, actor)
        if planned_at is not None:
            _require_free(order, engineer.pk, planned_at, minutes)
    if order.engineer_id and order.visit_count:
        _answer_visit(order, "recalled", reason)
    revise(
        order, engineer=engineer, outlet=outlet if outlet is not None else _outlet_of(order, engineer), dispatched_at=at,
        accepted_at=None, planned_at=planned_at, planned_minutes=minutes,
    )
    if engineer is not None:
        new_visit(order, at)
    return facts.OrderDispatched(
        order_id=order.pk, number=order.number, engineer_id=order.engineer_id, outlet_id=order.outlet_id
    )


def _outlet_of(order: WorkOrder, engineer):
    # An outlet that names its own engineer keeps the order; anybody else's engineer takes it away from the outlet.
    return order.outlet if order.outlet_id and engineer.branch_id == order.outlet_id else None


def _require_to_come(planned_at: dt.datetime, actor: Actor, at: dt.datetime) -> None:
    if planned_at < at - rules.TOLERANCE and not actor.holds(BACKDATE):
        raise broken("planned_in_past", "planned_at")


def _require_fit(order: WorkOrder, engineer, when: dt.datetime, actor: Actor) -> None:
    unfit = queries.find_unfit(order, engineer, when=when, zone=actor.zone)
    if unfit:
        raise broken(unfit, "engineer", name=engineer.name)


def _require_free(order: WorkOrder, engineer_id: int, planned_at: dt.datetime, minutes: int) -> None:
    if order.mode == WorkOrder.Mode.BENCH:
        return
    if connection.vendor == "postgresql":
        # Two dispatchers at once: the second waits and then sees the first one's plan. SQLite has one writer anyway.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PLAN, engineer_id])
    day = dt.timedelta(days=1)
    others = plans.rows(_planned, engineer_id, planned_at - day, planned_at + day, order.pk)
    meets = rules.find_overlap(planned_at, minutes, others)
    if meets:
        raise overlap(meets)


def _planned(engineer_id: int, first: dt.datetime, last: dt.datetime, order_id: int) -> QuerySet:
    rows = WorkOrder.objects.filter(engineer_id=engineer_id, status__in=sorted(BEFORE_WORK), planned_at__range=(first, last))
    rows = rows.exclude(pk=order_id).exclude(mode=WorkOrder.Mode.BENCH)
    return rows.values_list("planned_at", "planned_minutes", "number")


def new_visit(order: WorkOrder, at: dt.datetime, **fields) -> None:
    """Begin a further trip (or bench session) of the order's engineer."""
    revise(order, visit_count=order.visit_count + 1)
    statements.insert_all([
        Visit(order=order, engineer_id=order.engineer_id, sequence=order.visit_count, assigned_at=at, **fields)
    ])


def write_visit(order: WorkOrder, **values) -> None:
    """Write these columns of the order's newest trip."""
    statements.update(Visit, values, order_id=order.pk, sequence=order.visit_count)


def current_visit(order: WorkOrder):
    """The newest trip of the order."""
    return Visit.objects.filter(order_id=order.pk, sequence=order.visit_count)


def _answer_visit(order: WorkOrder, reply: str, reason: str = "") -> None:
    if order.visit_count:
        write_visit(order, reply=reply, reply_reason=reason[:200])


@ORDER.move("recall")
def recall(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """Take it back from the engineer or outlet; it waits in the pool again."""
    require_reason(reason)
    if order.engineer_id:
        _answer_visit(order, "recalled", reason)
    revise(order, engineer=None, outlet=None, dispatched_at=None, accepted_at=None)
    return facts.OrderRecalled(order_id=order.pk, number=order.number, reason=reason)


@ORDER.move("take")
def take(order: WorkOrder, *, actor: Actor, at: dt.datetime, engineer=None):
    """Take a waiting job oneself: a bench repairer at the counter, or an engineer from the open pool."""
    engineer_id = engineer.pk if engineer is not None else actor.employee_id
    if engineer_id is None:
        raise broken("no_engineer", "engineer")
    revise(order, engineer_id=engineer_id, dispatched_at=at, accepted_at=at)
    new_visit(order, at, reply="accepted")
    return facts.OrderTaken(order_id=order.pk, number=order.number, engineer_id=engineer_id)


@ORDER.move("accept")
def accept(order: WorkOrder, *, actor: Actor, at: dt.datetime, engineer=None):
    """The engineer will do it; an outlet may name its own engineer here."""
    revise(order, accepted_at=at)
    if engineer is not None and order.engineer_id is None:
        _require_fit(order, engineer, order.planned_at or at, actor)
        revise(order, engineer=engineer)
        new_visit(order, at, reply="accepted")
    else:
        _answer_visit(order, "accepted")
    return facts.OrderAccepted(order_id=order.pk, number=order.number, engineer_id=order.engineer_id)


@ORDER.move("refuse")
def refuse(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """The engineer will not do it; it goes back to the pool, where it comes first the next day."""
    require_reason(reason)
    engineer_id = order.engineer_id
    _answer_visit(order, "refused", reason)
    revise(
        order, engineer=None, outlet=None, dispatched_at=None, accepted_at=None, planned_at=None,
        refusals=order.refusals + 1,
    )
    return facts.OrderRefused(order_id=order.pk, number=order.number, engineer_id=engineer_id, reason=reason)


@ORDER.move("schedule")
def schedule(
    order: WorkOrder, *, actor: Actor, at: dt.datetime, planned_at: dt.datetime | None = None,
    planned_minutes: int | None = None, as_before: bool = False,
):
    """Agree a time with the customer; doing it again moves the appointment. `as_before` as with dispatch."""
    if planned_at is None:
        raise broken("planned_at_missing", "planned_at")
    planned_at = clock.require_instant(planned_at)
    if not as_before:
        _require_to_come(planned_at, actor, at)
    minutes = planned_minutes or order.planned_minutes
    if order.engineer_id:
        _require_free(order, order.engineer_id, planned_at, minutes)
    revise(order, planned_at=planned_at, planned_minutes=minutes)
    return facts.OrderScheduled(order_id=order.pk, number=order.number, planned_at=planned_at.isoformat())
