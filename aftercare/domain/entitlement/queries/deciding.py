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
from aftercare.domain.entitlement.queries.ledger import load_ledgers
from aftercare.domain.entitlement.queries.terms import load_terms


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
    parents = catalog.category_parents() if units else {}
    plain = {pk: _unit(asset, parents) for pk, asset in units.items()}
    terms = load_terms(plain.values()) if units else []
    ledgers = load_ledgers(units) if has_ledger else {}
    return {pk: rules.decide(plain.get(pk), terms, ledgers.get(pk, []), on) for pk in ids}


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
