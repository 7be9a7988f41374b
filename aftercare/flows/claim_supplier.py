"""Warranty work of audited orders that a supplier reimburses, collected line by line; taken off when the audit is reversed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as claims
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import queries as orders
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.money import ZERO, rounded
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

# Where the audit booked what these payers bear.
_ACCOUNTS = {"warranty": "warranty_cost", "supplier": "supplier_claim"}
_KINDS = {"part": "part", "labour": "labour", "travel": "travel"}


@whole()
def collect(order, *, at: dt.datetime, zone: str) -> int:
    """Note every charge of the audited order that its supplier should bear; gives back how many were new. Safe to repeat.

    The maker's warranty is claimed where there is an agreement for the product's brand; what the decision puts to a
    supplier by name is always noted. Cost: parts at what they were worth when they left, the rest at its price.
    """
    source = Source.of(order)
    charges = [row for row in bills.charges_of(source) if row.payer in _ACCOUNTS and row.net_amount]
    if not charges:
        return 0
    agreement = claims.agreement_for(order.product.brand if order.product_id else "")
    costs = _part_costs(source)
    day = clock.local_day(at, zone)
    return entitlement.collect_lines([
        {
            "agreement": agreement, "branch_id": order.branch_id, "source_kind": source.kind, "source_id": source.id,
            "source_number": source.number, "round": order.audit_round, "line": row.line,
            "kind_of": _KINDS.get(row.kind_of, "other"), "name": row.name, "qty": row.qty, "asset_id": order.asset_id,
            "product_id": order.product_id, "fault": order.title[:160], "account": _ACCOUNTS[row.payer],
            "party_kind": row.party_kind, "party_id": row.party_id or 0, "booked_amount": row.net_amount,
            "cost_amount": _cost_of(row, costs), "claimed_amount": _claimed(row, agreement), "audited_on": day,
        }
        for row in charges if row.payer == "supplier" or agreement is not None
    ])


def _part_costs(source: Source) -> dict[str, Decimal]:
    """What the parts of each line cost (moving average when they left), unrounded."""
    costs: dict[str, Decimal] = {}
    for move in stock.moves_of(source):
        sign = (move.to_place.kind_of == "customer") - (move.from_place.kind_of == "customer")
        costs[move.line] = costs.get(move.line, ZERO) + sign * move.qty * move.unit_cost
    return costs


def _cost_of(row, costs: dict[str, Decimal]) -> Decimal:
    if row.kind_of != "part":
        return row.net_amount
    whole_cost = costs.get(row.base_line or row.line, ZERO)
    # Of a part that several bear each bears his share of the cost, too.
    full = rounded(row.qty * row.price_amount)
    return rounded(whole_cost * row.amount / full) if full and row.is_shared else rounded(whole_cost)


def _claimed(row, agreement) -> Decimal:
    if agreement is None:
        return row.net_amount
    percent = {"part": agreement.part_percent, "travel": agreement.travel_percent}.get(row.kind_of, agreement.labour_percent)
    return rounded(row.net_amount * percent / 100)


def collect_claims(fact, *, at: dt.datetime) -> None:
    """After an audit: note what suppliers should bear, once per round; nothing when it was reversed meanwhile."""
    order = orders.get_order(fact.object_id, Actor.system("reactions"))
    if order.audit_round == fact.data["round"] and order.audited_at is not None:
        collect(order, at=order.audited_at, zone=Actor.system("reactions").zone)


def withdraw_claims(fact, *, at: dt.datetime) -> None:
    """After an audit was reversed: take off what was not sent, mark what was."""
    entitlement.withdraw_lines(Source(fact.kind, fact.object_id, fact.number))
