"""What a customer may ask for on a unit under consumer law: the one question that desk, pages, API, portal and returns ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from aftercare.domain.assets import queries as assets
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.domain.work import queries as orders
from aftercare.foundation import clock

# Repairs the customer paid for himself are not repairs under the rules.
_COVERED = "C"


def for_units(units: Iterable[Any], *, on: dt.date, zone: str) -> dict[int, rules.Answer]:
    """The answers for units that were read with product and category, by unit id: two statements however many.

    `on` is a day of the branch's calendar, `zone` its time zone. For callers who have shown that they may see the units.
    """
    units = list(units)
    if not units:
        return {}
    return entitlement.ask_rights(units, on, repairs=_repairs([unit.pk for unit in units], zone))


def for_unit(unit: Any, *, on: dt.date, zone: str, fault_id: int | None = None, current: int | None = None, **known: Any) -> rules.Answer:
    """The answer for one unit, three statements. `current` is the order in which the fault is now told: it is no repair yet.

    `known` is what else is known: component, proofs, exclusions, is_distance, price (`rules.rights.Situation`).
    """
    (loaded,) = assets.load_for_decision([unit.pk])
    told = {"fault": str(fault_id) if fault_id else "", **known}
    return entitlement.ask_rights([loaded], on, repairs=_repairs([unit.pk], zone, current), known=told)[unit.pk]


def for_order(order: Any, *, on: dt.date, zone: str, **known: Any) -> rules.Answer | None:
    """The answer for the unit of an order and its fault; None when the order has no unit."""
    if order.asset_id is None:
        return None
    return for_unit(order.asset, on=on, zone=zone, fault_id=order.fault_id, current=order.pk, **known)


def for_claim(claim: Any, *, zone: str, **changed: Any) -> rules.Answer:
    """The answer for the day on which the customer asked, with the papers and findings of his claim (or `changed` ones)."""
    known = {
        "component": claim.component, "proofs": frozenset(claim.proofs), "exclusions": frozenset(claim.exclusions),
        "is_distance": claim.is_distance, "price": claim.price_amount,
    } | {name: frozenset(value) for name, value in changed.items()}
    current = claim.source_id if claim.source_kind == "work.workorder" else None
    return for_unit(claim.asset, on=claim.claimed_on, zone=zone, fault_id=claim.fault_id, current=current, **known)


def _repairs(unit_ids: list[int], zone: str, current: int | None = None) -> dict[int, tuple[rules.Repair, ...]]:
    found: dict[int, list[rules.Repair]] = {}
    for one in orders.repairs_of_assets(unit_ids):
        found.setdefault(one.asset_id, []).append(rules.Repair(
            number=one.number, starts_on=clock.local_day(one.created_at, zone),
            ends_on=clock.local_day(one.finished_at, zone) if one.finished_at else None, fault=str(one.fault_id),
            fault_name=one.fault_name, is_covered=one.service_class == _COVERED, is_fixing=one.is_fixing,
            waits_for_parts=one.waits_for_part, is_current=one.order_id == current,
        ))
    return {pk: tuple(rows) for pk, rows in found.items()}
