"""Reads of warranty terms."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import Term
from aftercare.foundation import access, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound


def list_terms(actor: Actor) -> QuerySet[Term]:
    """The warranty terms, old ones too."""
    return access.visible(Term, actor).select_related("product", "category")


def get_term(term_id: int, actor: Actor) -> Term:
    """That term; refuses an unknown one."""
    found = list_terms(actor).filter(pk=term_id).first()
    if found is None:
        raise NotFound(_("没有找到条款"), kind="entitlement.term", key=str(term_id))
    return found


def load_terms(units: Iterable[rules.Unit]) -> list[rules.TermLine]:
    """The terms that could concern these units; one statement."""
    units = list(units)
    products = {unit.product_id for unit in units}
    categories = {pk for unit in units for pk in unit.categories}
    some = Q(product_id=None) | Q(product_id__in=products), Q(category_id=None) | Q(category_id__in=categories)
    # An import's batch reads them all once: which of them concern a unit, the rules tell again.
    rows = transactions.remember("entitlement.terms", lambda: list(Term.objects.all())) if transactions.gathers() else Term.objects.filter(*some)
    return [
        rules.TermLine(row.pk, row.name, row.product_id, row.category_id, row.component, row.months, row.days,
                       row.starts, row.grace_months, row.covers_parts, row.covers_labour, row.covers_travel,
                       row.valid_from, row.valid_to)
        for row in rows
    ]
