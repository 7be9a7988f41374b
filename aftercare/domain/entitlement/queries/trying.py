"""Trying terms out: a stored unit, or days that one types, against the terms as they are; nothing is written."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.catalog import rules as trees
from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.queries.deciding import cover_of_contract, load_contracts, plain_units
from aftercare.domain.entitlement.queries.explaining import sentence
from aftercare.domain.entitlement.queries.ledger import load_ledgers
from aftercare.domain.entitlement.queries.terms import load_terms
from aftercare.domain.people import queries as people


@dataclass(frozen=True)
class Trial:
    """The decision, its words in each language, and what became of each term that could concern the unit."""

    decision: rules.Decision
    sentences: dict[str, str]
    terms: list[rules.Considered]
    has_ledger: bool


def try_out(
    *, on: dt.date, asset=None, product=None, region_code: str = "", days: dict[str, Any] | None = None,
    job: rules.Job | None = None,
) -> Trial:
    """Decide for a stored unit (`days` take the place of its own), or for a product with the days given.

    For callers who have shown that they may see the unit.
    """
    ledger, coverage = [], ()
    if asset is not None:
        (loaded,) = assets.load_for_decision([asset.pk])
        plain, book = plain_units({loaded.pk: loaded})
        unit = plain[loaded.pk]
        ledger = load_ledgers([loaded.pk]).get(loaded.pk, [])
        contract = load_contracts({loaded.pk: loaded}, plain, on).get(loaded.pk)
        coverage = (cover_of_contract(contract),) if contract is not None else ()
    else:
        unit, book = _imagined(product)
    changed = {name: value for name, value in (days or {}).items() if value not in (None, "")}
    if region_code:
        changed["regions"] = tuple(people.region_chain(region_code))
    unit = dataclasses.replace(unit, **changed)
    decision = rules.decide(unit, book, ledger, on, job, coverage)
    return Trial(decision, in_every_language(decision), book.considered(unit), any(c.kind == "base" for c in ledger))


def in_every_language(decision: rules.Decision) -> dict[str, str]:
    """The decision's two sentences in each language of the product."""
    told = {}
    for code in ("zh-hans", "zh-hant", "en"):
        with translation.override(code):
            told[code] = sentence(decision)
    return told


def _imagined(product) -> tuple[rules.Unit, rules.TermBook]:
    parents = catalog.category_parents()
    categories = tuple(trees.ancestry(product.category_id, parents)) if product is not None else ()
    # A sale is taken for shown: what is tried out is the terms, not the papers.
    unit = rules.Unit(product_id=product.pk if product is not None else None, categories=categories, order_number="*")
    return unit, rules.TermBook(load_terms([unit]))
