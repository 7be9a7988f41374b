"""The decision for stored units: reads what the rules need, in few statements."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
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
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.transactions import is_born


def local_day(asset, at: dt.datetime) -> dt.date:
    """The calendar day of that moment where the unit is served: warranties end at midnight of the branch's zone."""
    return clock.local_day(at, people.zone_of(asset.branch_id))


def decide(
    *, asset_id: int | None = None, product_id: int | None = None, on: dt.date, job: rules.Job | None = None
) -> rules.Decision:
    """Who pays for a job on that unit on that day (the branch's calendar), explained; at most four statements.

    For callers who have shown that they may see the unit. Without a unit nothing is known that could make it free:
    the answer is paid, and tells the product's term.
    """
    if asset_id is None:
        return _for_product(product_id, on)
    return decide_many([asset_id], on, job=job)[asset_id]


def decide_many(asset_ids: Iterable[int], on: dt.date, *, job: rules.Job | None = None) -> dict[int, rules.Decision]:
    """The decisions for many units on one day, by unit id; at most four statements however many."""
    ids = list(dict.fromkeys(asset_ids))
    return _decide({asset.pk: asset for asset in assets.load_for_decision(ids)}, ids, on, job)


def decide_new(asset, *, on: dt.date, job: rules.Job | None = None) -> rules.Decision:
    """The decision for a unit that the running journey itself registered (its product at hand): no ledger can be there."""
    return _decide({asset.pk: asset}, [asset.pk], on, job, has_ledger=False)[asset.pk]


def _decide(units: dict, ids: list[int], on: dt.date, job, *, has_ledger: bool = True) -> dict[int, rules.Decision]:
    plain, book = plain_units(units)
    ledgers = load_ledgers(units) if has_ledger else {}
    contracts = load_contracts(units, plain, on)
    return {pk: _with_contract(plain.get(pk), book, ledgers.get(pk, []), on, job, contracts.get(pk)) for pk in ids}


def _with_contract(unit, book, ledger: list, on: dt.date, job, contract) -> rules.Decision:
    if contract is None:
        return rules.decide(unit, book, ledger, on, job)
    decision = rules.decide(unit, book, ledger, on, job, (cover_of_contract(contract),))
    return dataclasses.replace(decision, contract=contract.promise)


def load_contracts(units: dict, plain: dict[int, rules.Unit], on: dt.date) -> dict:
    """The contract that counts for each of these loaded units on that day, by unit id; one statement for all."""
    chains = [unit.categories for unit in plain.values()]
    parents = {pk: above for chain in chains for pk, above in itertools.pairwise(chain)}
    return coverage.find_contracts([one for one in units.values() if not _is_new_owner(one)], parents, on)


def cover_of_contract(contract) -> rules.Cover:
    """A contract's coverage as a further cover of its unit."""
    return rules.Cover(
        kind="contract", name=contract.name, component="", starts_on=contract.starts_on, ends_on=contract.ends_on,
        covers_parts=contract.covers_parts, covers_labour=contract.covers_labour, covers_travel=contract.covers_travel,
        service_class=rules.CONTRACT, evidence=contract.number,
    )


def _is_new_owner(asset) -> bool:
    """A customer that this very journey made has no contract yet: nothing to look for."""
    return asset.customer_id is None or ("customer" in asset._state.fields_cache and is_born(asset.customer))


def plain_units(units: dict) -> tuple[dict[int, rules.Unit], rules.TermBook]:
    """Units as the rules know them, by id, and the terms that could concern them."""
    plain = {pk: unit_of(asset) for pk, asset in units.items()}
    terms = load_terms(plain.values()) if units else []
    if any(term.region for term in terms):
        plain = {pk: dataclasses.replace(unit, regions=_regions(units[pk])) for pk, unit in plain.items()}
    return plain, rules.TermBook(terms)


def covers_by_terms(asset) -> list[rules.Cover]:
    """The covers that the terms as they are today give a unit; two statements."""
    (loaded,) = assets.load_for_decision([asset.pk])
    plain, book = plain_units({loaded.pk: loaded})
    return rules.covers_by_terms(book, plain[loaded.pk])


def _for_product(product_id: int | None, on: dt.date) -> rules.Decision:
    decision = rules.decide(None, [], [], on)
    if product_id is None:
        return decision
    names = Term.objects.filter(product_id=product_id, component="", kind_of=Term.Kind.UNIT).order_by("-valid_from")
    name = names.values_list("name", flat=True).first() or ""
    return dataclasses.replace(decision, term_name=name) if name else decision


def unit_of(asset) -> rules.Unit:
    """A unit's row in the words of the rules, its region left out."""
    return rules.Unit(
        product_id=asset.product_id, categories=_categories(asset.product),
        serial=asset.serial_key, invoice_serial=serials.serial_key(asset.invoice_serial),
        invoice_number=asset.invoice_number, order_number=asset.order_number, made_on=asset.made_on,
        made_year=asset.made_year, sold_on=asset.sold_on, invoiced_on=asset.invoiced_on,
        delivered_on=asset.delivered_on, installed_on=asset.installed_on, registered_on=asset.registered_on,
        reading=asset.reading, read_on=asset.read_on,
    )


def _categories(product) -> tuple[int, ...]:
    # The chain comes joined with the unit; where it is longer, or the product came otherwise, the tree is read.
    chain, above = [], product
    name, pk = "category", product.category_id
    while pk is not None:
        if not above._meta.get_field(name).is_cached(above):
            return tuple(trees.ancestry(product.category_id, catalog.category_parents()))
        above = getattr(above, name)
        chain.append(above.pk)
        name, pk = "parent", above.parent_id
        if pk in chain:
            break
    return tuple(chain)


def _regions(asset) -> tuple[str, ...]:
    customer = asset.customer if asset.customer_id else None
    region = customer.region if customer is not None and customer.region_id else None
    return tuple(people.region_chain(region.code)) if region is not None else ()
