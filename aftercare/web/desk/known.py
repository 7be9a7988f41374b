"""What the desk shows about who calls: found by telephone, name, number or serial."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from aftercare.domain.assets import queries as assets
from aftercare.domain.billing import queries as billing
from aftercare.domain.cases import queries as cases
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.orders import access as notices
from aftercare.domain.orders import queries as sales
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as orders
from aftercare.flows import ask_rights
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.rights import shown
from aftercare.web.work import shown as looks

UNITS_SHOWN = 12


@dataclass
class Known:
    """Everything the left side of the desk shows; `customers` holds the choice when several fit."""

    customer: Any = None
    customers: list = field(default_factory=list)
    unit_id: int | None = None
    units: list[dict] = field(default_factory=list)
    open_orders: list = field(default_factory=list)
    past_orders: list = field(default_factory=list)
    complaints: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    unpaid: Any = None
    phone: str = ""
    address: str = ""
    may_unmask: bool = False


def look_up(text: str, customer_number: str, actor: Actor, at: dt.datetime) -> Known:
    """Find who is meant. A serial number leads to its unit's owner; a text that fits several gives the choice."""
    text = text.strip()
    if customer_number:
        return of_customer(parties.get_customer(customer_number, actor), actor, at)
    if not text:
        return Known()
    found = parties.identify(text, actor)
    if not found.is_exact:
        units = [unit for unit in assets.find_by_serial(text, actor) if unit.customer_id]
        if units and len({unit.customer_id for unit in units}) == 1:
            return of_customer(parties.get_customer(units[0].customer_id, actor), actor, at, unit_id=units[0].pk)
    if len(found.customers) == 1:
        return of_customer(found.customers[0], actor, at)
    return Known(customers=found.customers)


def of_customer(customer, actor: Actor, at: dt.datetime, unit_id: int | None = None) -> Known:
    """All the desk knows about one customer."""
    today = clock.local_day(at, actor.zone)
    units = list(assets.list_of_customer(customer.pk)[:UNITS_SHOWN])
    decisions = entitlement.decide_many([unit.pk for unit in units], today)
    told = entitlement.tell_contracts(decision.contract for decision in decisions.values())
    rights = ask_rights.for_units(units, on=today, zone=actor.zone)
    open_orders = orders.open_orders_of_customer(customer.pk, actor)
    open_ids = {order.pk for order in open_orders}
    past = [order for order in orders.list_of_customer(customer.pk, actor, limit=12) if order.pk not in open_ids]
    for order in (*open_orders, *past):
        order.tone = looks.TONES.get(order.status, "mute")
    contacts = cases.list_of_customer(customer.pk)
    _note_told(open_orders, actor)
    return Known(
        customer=customer,
        unit_id=unit_id or (units[0].pk if units else None),
        units=[_card(unit, decisions[unit.pk], rights[unit.pk], open_orders, today, key, told) for key, unit in enumerate(units, start=1)],
        open_orders=open_orders,
        past_orders=past,
        complaints=[contact for contact in contacts if contact.kind_of == "complaint"],
        flags=parties.flags_in_force(customer.pk, today),
        unpaid=billing.unpaid_amount(customer.pk),
        phone=parties.shown_phone(customer, actor),
        address=parties.shown_address(customer, actor),
        may_unmask=parties.may_unmask(customer, actor),
    )


def _note_told(open_orders: list, actor: Actor) -> None:
    """Put on each order how often its customer was told of anything (`told`), and what he is to be told (`untold`)."""
    if not open_orders or not actor.holds(notices.VIEW_NOTICE):
        return
    ids = [order.pk for order in open_orders]
    told, untold = sales.told_of_many("work.workorder", ids), sales.untold_of_many("work.workorder", ids)
    for order in open_orders:
        order.told, order.untold = told.get(order.pk, 0), untold.get(order.pk, [])


def _card(unit, decision, answer, open_orders: list, today: dt.date, key: int, told: dict[int, str]) -> dict:
    days_left = (decision.ends_on - today).days if decision.ends_on else 0
    days_total = (decision.ends_on - decision.starts_on).days if decision.ends_on and decision.starts_on else 1
    return {
        "id": unit.pk,
        "title": unit.product.name,
        "detail": " · ".join(filter(None, (unit.product.code, unit.serial))),
        "key": key if key <= 9 else "",
        "open_count": sum(order.asset_id == unit.pk for order in open_orders),
        "covered": decision.service_class in "BC",
        "days_left": max(days_left, 0),
        "days_total": max(days_total, 1),
        "until": decision.ends_on,
        "flags": decision.flags,
        "contract": told.get(decision.contract.get("id"), ""),
        "contract_number": decision.contract.get("number", ""),
        "right": shown.brief(answer),
    }
