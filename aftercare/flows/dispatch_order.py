"""Giving an order to somebody: the engineer or outlet named as people name them."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import finding
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import whole


@whole()
def assign(
    order, *, engineer=None, outlet=None, planned_at: dt.datetime | None = None, planned_minutes: int | None = None,
    version: int | None = None, reason: str = "", as_before: bool = False, actor: Actor, at: dt.datetime,
):
    """Dispatch to an engineer (row, id or number) or an outlet; refusals as of the move."""
    return work.dispatch(
        order, engineer=finding.find_engineer(engineer, actor), outlet=finding.find_outlet(outlet, order, actor),
        planned_at=planned_at, planned_minutes=planned_minutes, reason=reason, version=version, as_before=as_before, actor=actor, at=at,
    )


@whole()
def assign_best(order, *, actor: Actor, at: dt.datetime):
    """Dispatch to the best suggestion; refuses when nobody fits."""
    best = next(iter(orders.suggest_engineers(order, at=at, actor=actor, limit=1)), None)
    if best is None or best.refused:
        raise RuleBroken(orders.reason_sentence(best.refused, {}) if best else "", code="nobody_fits", field="engineer")
    return assign(order, engineer=best.employee_id, actor=actor, at=at)
