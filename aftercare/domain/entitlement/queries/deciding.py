"""The decision for stored units: reads what the rules need, in few statements."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from aftercare.domain.assets import queries as assets
from aftercare.domain.assets import rules as serials
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.catalog import rules as trees
from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import Term
from aftercare.domain.entitlement.queries import coverage
from aftercare.domain.entitlement.queries.ledger import load_ledgers
from aftercare.domain.entitlement.queries.terms import load_terms
from aftercare.foundation.transactions import is_born


def decide(
    *, asset_id: int | None = None, product_id: int | None = None, on: dt.date, fault: str = "", work_type=None
) -> rules.Decision:
    """Who pays for a job on that unit on that day (the branch's calendar), explained; at most four statements.

    For callers who have shown that they may see the unit. Without a unit nothing is known that could make it free:
    the answer is paid, and tells the product's term. `fault` and `work_type` do not change the answer today.
    """
    if asset_id is None:
        return _for_product(product_id, on)
    return decide_many([asset_id], on)[asset_id]


def decide_many(asset_ids: Iterable[int], on: dt.date) -> dict[int, rules.Decision]:
    """The decisions for many units on one day, by unit id; four statements however many."""
    ids = list(dict.fromkeys(asset_ids))
    return _decide({asset.pk: asset for asset in assets.load_for_decision(ids)}, ids, on)


def decide_new(asset, *, on: dt.date) -> rules.Decision:
    """The decision for a unit that the running journey itself registered (its product at hand): no ledger can be there."""
    return _decide({asset.pk: asset}, [asset.pk], on, has_ledger=False)[asset.pk]


def _decide(units: dict, ids: list[int], on: dt.date, *, has_ledger: bool = True) -> dict[int, rules.Decision]:
    parents = _parents(units.values())
    plain = {pk: _unit(asset, parents) for pk, asset in units.items()}
    terms = load_terms(plain.values()) if units else []
    ledgers = load_ledgers(units) if has_ledger else {}
    contracts = coverage.find_contracts([u for u in units.values() if not _is_new_owner(u)], parents, on)
    return {pk: _with_contract(plain.get(pk), terms, ledgers.get(pk, []), on, contracts.get(pk)) for pk in ids}


def _with_contract(unit, terms, ledger: list, on: dt.date, contract) -> rules.Decision:
    if contract is None:
        return rules.decide(unit, terms, ledger, on)
    decision = rules.decide(unit, terms, [*ledger, _cover_of(contract)], on)
    return dataclasses.replace(decision, contract=contract.promise)


def _cover_of(contract) -> rules.Cover:
    return rules.Cover(
        kind="contract", name=contract.name, component="", starts_on=contract.starts_on, ends_on=contract.ends_on,
        covers_parts=contract.covers_parts, covers_labour=contract.covers_labour, covers_travel=contract.covers_travel,
        service_class=rules.CONTRACT, evidence=contract.number,
    )


def _is_new_owner(asset) -> bool:
    """A customer that this very journey made has no contract yet: nothing to look for."""
    return asset.customer_id is None or ("customer" in asset._state.fields_cache and is_born(asset.customer))


def _parents(units: Iterable) -> dict[int, int | None]:
    """The parents of the units' categories, from what was read with them; a deeper tree costs a statement."""
    known: dict[int, int | None] = {}
    for asset in units:
        node = asset.product.category
        while node is not None:
            known[node.pk] = node.parent_id
            if node.parent_id is not None and "parent" not in node._state.fields_cache:
                return catalog.category_parents()
            node = node.parent
    return known


def covers_by_terms(asset) -> list[rules.Cover]:
    """The covers that the terms as they are today give a unit; three statements."""
    (loaded,) = assets.load_for_decision([asset.pk])
    unit = _unit(loaded, catalog.category_parents())
    return rules.covers_by_terms(load_terms([unit]), unit)


def _for_product(product_id: int | None, on: dt.date) -> rules.Decision:
    decision = rules.decide(None, [], [], on)
    if product_id is None:
        return decision
    names = Term.objects.filter(product_id=product_id, component="").order_by("-valid_from").values_list("name", flat=True)
    name = names.first() or ""
    return dataclasses.replace(decision, term_name=name) if name else decision


def _unit(asset, parents: dict[int, int | None]) -> rules.Unit:
    return rules.Unit(
        product_id=asset.product_id, categories=tuple(trees.ancestry(asset.product.category_id, parents)),
        serial=asset.serial_key, invoice_serial=serials.serial_key(asset.invoice_serial),
        invoice_number=asset.invoice_number, order_number=asset.order_number, made_on=asset.made_on,
        made_year=asset.made_year, sold_on=asset.sold_on, invoiced_on=asset.invoiced_on,
        delivered_on=asset.delivered_on, installed_on=asset.installed_on, registered_on=asset.registered_on,
    )
