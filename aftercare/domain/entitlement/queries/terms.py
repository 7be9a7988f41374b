"""Reads of warranty terms."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import Term
from aftercare.foundation import access, kept
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound


def list_terms(actor: Actor) -> QuerySet[Term]:
    """The warranty terms, old ones too."""
    return access.visible(Term, actor).select_related("product", "category", "region")


def get_term(term_id: int, actor: Actor) -> Term:
    """That term; refuses an unknown one."""
    found = list_terms(actor).filter(pk=term_id).first()
    if found is None:
        raise NotFound(_("没有找到条款"), kind="entitlement.term", key=str(term_id))
    return found


def extensions_for(asset, on: dt.date) -> QuerySet[Term]:
    """The extensions for sale on that day that name the unit's product, its category or all; the sale itself looks closer."""
    chain = catalog.ancestry(asset.product.category_id)
    rows = Term.objects.filter(Q(product_id=None) | Q(product_id=asset.product_id), kind_of=Term.Kind.EXTENSION, valid_from__lte=on)
    rows = rows.filter(Q(category_id=None) | Q(category_id__in=chain))
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("name", "id")


def load_terms(units: Iterable[rules.Unit]) -> list[rules.TermLine]:
    """The terms that could concern these units, from memory: they are settings."""
    book = kept.setting("entitlement.terms", _by_target)
    products, categories = {None}, {None}
    for unit in units:
        products.add(unit.product_id)
        categories.update(unit.categories)
    found = [line for product in products for category in categories for line in book.get((product, category), ())]
    return sorted(found, key=lambda line: line.id)


def _by_target() -> dict[tuple[int | None, int | None], list[rules.TermLine]]:
    """All terms by the product and the category that they are for."""
    book: dict[tuple[int | None, int | None], list[rules.TermLine]] = defaultdict(list)
    for row in _terms():
        book[row.product_id, row.category_id].append(term_line(row))
    return dict(book)


def load_all_terms() -> rules.TermBook:
    """Every term, sorted for looking up: for a whole fleet; one statement."""
    return rules.TermBook(term_line(row) for row in _terms())


def term_line(row: Term) -> rules.TermLine:
    """A term's row in the words of the rules."""
    return rules.TermLine(
        row.pk, row.name, row.product_id, row.category_id, row.component, row.months, row.days, row.starts,
        row.grace_months, row.covers_parts, row.covers_labour, row.covers_travel, row.valid_from, row.valid_to,
        row.kind_of, row.region.code if row.region_id else "", row.promotion, tuple(row.starts_among), row.policy,
        row.parts_percent, row.labour_percent, row.travel_percent, row.borne_by, row.cycles, row.cycle_unit,
        frozenset(row.excluded_codes), row.counts_repair_days,
    )


def _terms() -> QuerySet[Term]:
    return Term.objects.select_related("region")
