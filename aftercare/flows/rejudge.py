"""The decision who pays, asked again when the work shows another fault or cause than was told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.entitlement import rules
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.foundation.access import Actor, Reach


def job_of(asset_id: int | None, fault, cause=None, *, but: int | None = None) -> rules.Job:
    """What the rules know of a job: its codes, and earlier free repairs of the same fault; one statement with a unit."""
    codes = {code.pk: code.name for code in (fault, cause) if code is not None}
    earlier = orders.earlier_free_repairs(asset_id, fault.pk if fault is not None else None, but=but) if asset_id else []
    return rules.Job(codes=codes, earlier=tuple(earlier))


def by_findings(order, *, actor: Actor, at: dt.datetime):
    """Judge the order anew where the cover that it was given does not stand for the codes found; gives back the order.

    What a person decided stays. Nothing is read unless the stamped decision names one of the codes, or was about one.
    """
    kept = order.entitlement
    if not kept or order.asset_id is None or any(row["code"] == "overridden" for row in kept.get("reasons", ())):
        return order
    found = {pk for pk in (order.fault_id, order.cause_id) if pk}
    was_excluded = any(row["code"] == "excluded" for row in kept.get("reasons", ()))
    if not (found & set(kept.get("excludes") or ())) and not was_excluded:
        return order
    on = rules.Decision.from_data(kept).on
    job = job_of(order.asset_id, order.fault if order.fault_id else None, order.cause if order.cause_id else None, but=order.pk)
    decision = entitlement.decide(asset_id=order.asset_id, product_id=order.product_id, on=on, job=job)
    if decision.as_data() == kept:
        return order
    own = Reach(people=frozenset(p for p in order.people_shown() if p))
    lent = replace(actor, reaches={**actor.reaches, "work.edit": (actor.reach("work.edit") or Reach()) | own})
    return work.stamp_entitlement(order, decision, actor=lent, at=at)
