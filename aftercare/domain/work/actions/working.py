"""The work itself: on the way, there, waiting, quoted, repaired, done, handed over, done again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.work import facts, rules
from aftercare.domain.work.actions.dispatching import current_visit, new_visit, write_visit
from aftercare.domain.work.actions.refusing import broken, require_reason
from aftercare.domain.work.lifecycle import ORDER
from aftercare.domain.work.models import Signature, WorkOrder
from aftercare.foundation import statements
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise

RESULTS = [value for value in WorkOrder.Result.values if value]


@ORDER.move("set_out")
def set_out(order: WorkOrder, *, actor: Actor, at: dt.datetime, claimed_at: dt.datetime | None = None,
            position: dict | None = None):
    """He is on his way. `claimed_at` is the device's time, kept beside ours; `position` is {lat, lon, accuracy}."""
    _require_on_site(order)
    _write_visit(order, "set_out", at, claimed_at, position)
    return facts.EngineerSetOut(order_id=order.pk, number=order.number, engineer_id=order.engineer_id)


@ORDER.move("arrive")
def arrive(order: WorkOrder, *, actor: Actor, at: dt.datetime, claimed_at: dt.datetime | None = None,
           position: dict | None = None):
    """He is there and work begins."""
    _require_on_site(order)
    _write_visit(order, "arrived", at, claimed_at, position)
    late = rules.minutes_late(order.respond_due_at, at) if order.arrived_at is None else 0
    revise(order, arrived_at=order.arrived_at or at)
    return facts.EngineerArrived(
        order_id=order.pk, number=order.number, engineer_id=order.engineer_id, late_minutes=late
    )


def _require_on_site(order: WorkOrder) -> None:
    if order.mode == WorkOrder.Mode.BENCH:
        raise broken("not_on_site")


def _write_visit(order: WorkOrder, step: str, at: dt.datetime, claimed_at, position) -> None:
    if not order.visit_count:
        return
    values: dict = {f"{step}_at": at}
    if claimed_at is not None or position:
        visit = current_visit(order).get()
        if claimed_at is not None:
            values["claimed_at"] = {**visit.claimed_at, step: claimed_at.isoformat()}
        if position:
            values["position"] = {**visit.position, step: position}
    write_visit(order, **values)


@ORDER.move("start")
def start(order: WorkOrder, *, actor: Actor, at: dt.datetime):
    """Begin on the bench (or from afar)."""
    if order.mode == WorkOrder.Mode.ON_SITE:
        raise broken("not_bench")
    if order.engineer_id is None:
        raise broken("no_engineer", "engineer")
    _write_visit(order, "arrived", at, None, None)
    revise(order, arrived_at=order.arrived_at or at)
    return facts.WorkStarted(order_id=order.pk, number=order.number, engineer_id=order.engineer_id)


@ORDER.move("wait_for_part")
def wait_for_part(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """It can't go on without a part."""
    require_reason(reason)
    _leave(order, at, "waiting_part")
    return facts.WorkPaused(order_id=order.pk, number=order.number, why="part", reason=reason)


@ORDER.move("escalate")
def escalate(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """It is hard to repair: an expert or the factory is asked."""
    require_reason(reason)
    _leave(order, at, "hard")
    return facts.WorkPaused(order_id=order.pk, number=order.number, why="hard", reason=reason)


def _leave(order: WorkOrder, at: dt.datetime, outcome: str) -> None:
    if order.visit_count:
        write_visit(order, left_at=at, outcome=outcome)


@ORDER.move("resume")
def resume(order: WorkOrder, *, actor: Actor, at: dt.datetime, engineer=None):
    """Go on, on site by a further visit; an expert may take over as `engineer`."""
    if engineer is not None and engineer.pk != order.engineer_id:
        revise(order, engineer=engineer)
    if order.engineer_id:
        new_visit(order, at, reply="accepted", arrived_at=at)
    return facts.WorkResumed(order_id=order.pk, number=order.number)


@ORDER.move("finish_repair")
def finish_repair(
    order: WorkOrder, *, actor: Actor, at: dt.datetime, findings: str = "", minutes: int | None = None,
    result: str = "fixed", fault=None, cause=None, solution=None,
):
    """Repaired on the bench: it waits for its owner."""
    if order.mode not in (WorkOrder.Mode.BENCH, WorkOrder.Mode.OUTSIDE):
        raise broken("not_bench")
    _write_result(order, actor, at, findings, minutes, result, fault, cause, solution)
    return facts.RepairFinished(order_id=order.pk, number=order.number, result=result)


@ORDER.move("complete")
def complete(
    order: WorkOrder, *, actor: Actor, at: dt.datetime, findings: str = "", minutes: int | None = None,
    result: str = "fixed", fault=None, cause=None, solution=None, signed_name: str = "", signature: bytes | None = None,
    claimed_at: dt.datetime | None = None, distance_km: Decimal | None = None,
):
    """Done: findings, time in minutes, result, codes (typed ones are made), the customer's signature.

    Parts and money are the business of the flow around it.
    """
    _write_result(order, actor, at, findings, minutes, result, fault, cause, solution, claimed_at)
    if distance_km is not None:
        if not 0 <= distance_km < 100_000:
            raise broken("bad_distance", "distance_km")
        revise(order, distance_km=distance_km)
    if signed_name:
        revise(order, signed_name=signed_name[:60])
    if signature:
        statements.insert(Signature(order=order, name=signed_name[:60], image=signature, at=at))
    return facts.OrderCompleted(order_id=order.pk, number=order.number, result=result, minutes=order.minutes)


def _write_result(order, actor, at, findings, minutes, result, fault, cause, solution, claimed_at=None) -> None:
    wrong = rules.require_work_done(findings, minutes, result, RESULTS)
    if wrong:
        raise broken(*wrong)
    if order.arrived_at and at < order.arrived_at - rules.TOLERANCE:
        raise broken("time_order", "at")
    if minutes is None and order.arrived_at:
        minutes = min(rules.minutes_late(order.arrived_at, at), rules.MAX_MINUTES)
    revise(
        order, findings=findings.strip(), minutes=minutes, result=result, finished_at=at,
        **find_codes(order, actor, at, fault=fault, cause=cause, solution=solution),
    )
    if order.visit_count:
        values = {"left_at": at, "outcome": result}
        if claimed_at is not None:
            _write_visit(order, "left", at, claimed_at, None)
        write_visit(order, **values)


def find_codes(order: WorkOrder, actor: Actor, at: dt.datetime, **named) -> dict:
    """Dictionary entries by name: what was typed and is not known yet is made (type-to-create)."""
    found = {}
    for kind, value in named.items():
        if isinstance(value, str) and value.strip():
            value, _made = catalog.ensure_code(kind, value.strip(), category=order.category, actor=actor, at=at)
        if value:
            found[kind] = value
    return found


@ORDER.move("hand_over")
def hand_over(order: WorkOrder, *, actor: Actor, at: dt.datetime, returned_to: str = "", code: str = ""):
    """The repaired thing went back to its owner; money and the receipt are the business of the flow around it."""
    revise(order, signed_name=returned_to[:60] or order.signed_name)
    return facts.OrderHandedOver(order_id=order.pk, number=order.number, received_by=returned_to)


@ORDER.move("restart")
def restart(order: WorkOrder, *, actor: Actor, at: dt.datetime):
    """Do it again after it was sent back."""
    revise(order, finished_at=None, inspected_by=None, inspected_at=None)
    if order.engineer_id:
        new_visit(order, at, reply="accepted", arrived_at=at)
    return facts.ReworkStarted(order_id=order.pk, number=order.number)
