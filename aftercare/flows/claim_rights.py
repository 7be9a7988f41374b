"""A customer's claim under consumer law, from asking to answer: the rules are asked at every step, for the day he asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as rights
from aftercare.domain.entitlement.rules import right_sets
from aftercare.flows import ask_rights
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def claim(
    unit: Any, *, remedy: str, order: Any = None, fault: Any = None, component: str = "", claimant: str = "", told: str = "",
    proofs: Iterable[str] = (), exclusions: Iterable[str] = (), is_distance: bool = False, price: Decimal | None = None,
    claimed_on: dt.date | None = None, actor: Actor, at: dt.datetime,
):
    """Write a claim down with what the rules say for the day on which the customer asked (default: today).

    From an order it takes the fault. Refuses a day to come.
    """
    today = clock.local_day(at, actor.zone)
    on = claimed_on or today
    if on > today:
        raise RuleBroken(_("提出日期不能晚于今天"), code="day_to_come", field="claimed_on")
    if order is not None and order.asset_id != unit.pk:
        raise RuleBroken(_("服务单不是这台设备的"), code="other_unit", field="order")
    fault = fault or (order.fault if order is not None else None)
    proofs, exclusions = list(proofs), list(exclusions)
    answer = ask_rights.for_unit(
        unit, on=on, zone=actor.zone, fault_id=fault.pk if fault else None, current=order.pk if order is not None else None,
        component=component, proofs=frozenset(proofs), exclusions=frozenset(exclusions), is_distance=is_distance, price=price,
    )
    return entitlement.claim_right(
        unit, remedy=remedy, answer=answer, fault=fault, component=component, claimant=claimant, told=told, proofs=proofs,
        exclusions=exclusions, is_distance=is_distance, price=price, source=Source.of(order) if order is not None else None,
        actor=actor, at=at,
    )


@whole()
def add_evidence(claim: Any, *, proofs: Iterable[str] = (), exclusions: Iterable[str] = (), version: int | None = None, actor: Actor,
                 at: dt.datetime):
    """Note the papers shown and what was found, and ask the rules anew."""
    proofs, exclusions = list(proofs), list(exclusions)
    answer = ask_rights.for_claim(claim, zone=actor.zone, proofs=proofs, exclusions=exclusions)
    return entitlement.add_evidence(claim, answer=answer, proofs=proofs, exclusions=exclusions, version=version, actor=actor, at=at)


@whole()
def grant(claim: Any, *, reply: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """Agree to it; refused where the rules do not give the right."""
    answer = ask_rights.for_claim(claim, zone=actor.zone)
    return entitlement.grant_right(claim, answer=answer, reply=reply, version=version, actor=actor, at=at)


@whole()
def refuse(claim: Any, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """Refuse it; where the rules give the right, only who may override decisions."""
    answer = ask_rights.for_claim(claim, zone=actor.zone)
    return entitlement.refuse_right(claim, answer=answer, reason=reason, version=version, actor=actor, at=at)


@whole()
def load_sets(*, actor: Actor, at: dt.datetime) -> tuple[list, list[str]]:
    """Load the sets of legal texts that come with the product for the categories there are; what is there already stays.

    Gives back the new rules, and the goods of the texts for which there is no category.
    """
    sets = rights.right_sets()
    found = {name: catalog.find_category(name) for name in right_sets.category_names(sets)}
    return entitlement.load_right_sets(sets, {name: row.pk for name, row in found.items() if row is not None}, actor=actor, at=at)
