"""A job under a service contract: what it takes of the quota, and what goes beyond is priced on its bill.

A job on site takes one visit however often somebody went, its minutes as hours, its parts by the piece. Quota is taken
when the work is done and given back when it is done again, cancelled, or its audit is reversed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.entitlement.rules import quotas
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.money import rounded
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

CONTRACT, CUSTOMER = "contract", "customer"
# The lines that a contract's own rates add; they begin with this.
_OVER = "over_"
Lines = list[billing.ChargeLine]


def is_under_contract(order) -> bool:
    """True when a contract pays for the order (and not, e.g., the warranty although there is a contract)."""
    return bool(order.entitlement.get("contract")) and order.service_class == "B"


def is_planned(order) -> bool:
    """True for the order of a contract's planned visit."""
    return bool((order.entitlement.get("contract") or {}).get("visit_on"))


def settle_quota(order, materials: Sequence, lines: Lines, *, actor: Actor, at: dt.datetime) -> Lines:
    """The charge lines with what goes beyond the quota priced; the use is booked, or given back where none is due."""
    if not order.entitlement.get("contract"):
        return lines
    source = Source.of(order)
    if not is_under_contract(order):
        entitlement.give_back(source, actor=actor, at=at)
        return lines
    contract = contracts.get_contract(order.entitlement["contract"]["id"], Actor.system("quota"))
    uses = entitlement.use(contract, _needs(order, materials, lines, contract), source=source, actor=actor, at=at)
    return price_over_use(lines, {use.kind: use for use in uses if use.over}, contract)


def _needs(order, materials: Sequence, lines: Lines, contract) -> dict[str, Decimal]:
    if is_planned(order) and not contract.counts_planned:
        return {}
    covered = {line.line for line in lines if line.payer == CONTRACT and not line.shares}
    parts = sum((row.used_qty for row in materials if f"m{row.pk}" in covered), Decimal(0))
    return quotas.needs_of(is_visit=order.mode == "on_site", minutes=order.minutes, parts=parts)


def price_over_use(lines: Lines, over: dict[str, quotas.Use], contract) -> Lines:
    """Lines of the contract's with their over-use put to the customer: by the contract's rates, else by the schedule.

    A visit beyond the quota: its rate, or labour and travel by the schedule. Hours: their rate, or the part of the
    labour that lies beyond. Parts: the last pieces at so many percent of their price, or at the price.
    """
    if not over:
        return lines
    by_rate = contract.over_use == "rate"
    priced: Lines = []
    extra = _piece_splitter(over.get(quotas.PARTS), contract.over_part_percent if by_rate else None)
    for line in lines:
        if line.payer != CONTRACT or line.shares:
            priced.append(line)
        elif line.kind == "part":
            priced += extra(line)
        elif line.kind in ("labour", "travel", "inspection"):
            priced.append(_by_schedule(line, over, contract, by_rate))
        else:
            priced.append(line)
    return priced + (_by_rate(over, contract) if by_rate else [])


def _by_schedule(line: billing.ChargeLine, over: dict, contract, by_rate: bool) -> billing.ChargeLine:
    """The fee with the customer as its payer, wholly for a visit too many, in part for hours too many."""
    if quotas.VISITS in over and not (by_rate and contract.over_visit_amount is not None):
        return line._replace(payer=CUSTOMER, reason=_told(_over_words()[quotas.VISITS]))
    hours = over.get(quotas.HOURS)
    if hours and line.kind == "labour" and not (by_rate and contract.over_hour_amount is not None):
        told = _told(_over_words()[quotas.HOURS])
        return line._replace(shares=((CONTRACT, hours.taken), (CUSTOMER, hours.over)) if hours.taken else (), reason=told,
                             payer=CUSTOMER)
    return line


def _piece_splitter(use: quotas.Use | None, percent: Decimal | None):
    """Give each part line its pieces of the quota; the pieces beyond it become a line of the customer's."""
    left = use.taken if use else None

    def split(line: billing.ChargeLine) -> Lines:
        nonlocal left
        if left is None:
            return [line]
        inside = min(line.qty, left)
        left -= inside
        beyond = line.qty - inside
        rows = [line._replace(qty=inside)] if inside else []
        if beyond:
            price = line.price if percent is None else rounded(line.price * percent / 100)
            rows.append(line._replace(line=f"{line.line}+" if inside else line.line, qty=beyond, price=price, payer=CUSTOMER,
                                      reason=_told(_over_words()[quotas.PARTS])))
        return rows

    return split


def _by_rate(over: dict, contract) -> Lines:
    rates = {quotas.VISITS: contract.over_visit_amount, quotas.HOURS: contract.over_hour_amount}
    return [
        billing.ChargeLine(_OVER + kind, "other", _told(_over_words()[kind]), over[kind].over, rate, CUSTOMER, reason=contract.number)
        for kind, rate in rates.items() if kind in over and rate is not None
    ]


def _over_words() -> dict[str, Any]:
    return {
        quotas.VISITS: lambda: _("超出合同次数"), quotas.HOURS: lambda: _("超出合同工时"), quotas.PARTS: lambda: _("超出合同配件数"),
    }


def _told(say) -> str:
    return wording.stored(say)


def give_back(order, *, actor: Actor, at: dt.datetime) -> None:
    """The job is not done, or not done any more: its quota is free again."""
    if order.entitlement.get("contract"):
        entitlement.give_back(Source.of(order), actor=actor, at=at)


def needs_new_price(order) -> bool:
    """Whether an order whose quota was given back must be priced anew before it is audited again: others used it meanwhile."""
    if not is_under_contract(order):
        return False
    source = Source.of(order)
    return bool(contracts.last_uses(source)) and not contracts.standing_uses(source)


@whole()
def send_back(order, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """It is to be done again; what it took of a contract's quota is free until it is done. Gives back the order."""
    order = work.send_back(order, reason=reason, version=version, actor=actor, at=at)
    give_back(order, actor=actor, at=at)
    return order


def note_job(order, *, is_planned: bool = False, at: dt.datetime) -> None:
    """An order under a contract is written down with it."""
    contract = order.entitlement.get("contract") if order.entitlement else None
    if contract:
        entitlement.note_job(contract["id"], source=Source.of(order), is_planned=is_planned, at=at)


def materials_of(order) -> list:
    """The order's part lines, for pricing it anew."""
    return list(orders.materials_of(order))
