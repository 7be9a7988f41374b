"""What the terms give a unit: the start of each, and the most specific one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from aftercare.domain.entitlement.rules.dates import cover_end
from aftercare.domain.entitlement.rules.values import Cover, TermLine, Unit

# Where the day that a start rule asks for is missing, these are taken instead, first known first (provisional).
STAND_INS = {
    "sale": ("sale", "invoice", "delivery", "installation", "registration", "production"),
    "invoice": ("invoice", "sale", "delivery", "installation", "registration", "production"),
    "delivery": ("delivery", "sale", "invoice", "installation", "registration", "production"),
    "installation": ("installation", "delivery", "sale", "invoice", "registration", "production"),
    "registration": ("registration", "sale", "invoice", "delivery", "installation", "production"),
    "production": ("production",),
}


def start_of(term: TermLine, unit: Unit) -> tuple[dt.date | None, str]:
    """The day from which the term runs, and the rule that gave it (other than the term's own: provisional)."""
    for rule in STAND_INS[term.starts]:
        day = unit.day_of(rule, term.grace_months)
        if day is not None:
            return day, rule
    return None, ""


def covers_by_terms(terms: Iterable[TermLine], unit: Unit) -> list[Cover]:
    """The covers that the terms give the unit: for the whole and for each component the most specific valid one.

    A term must be valid on the day from which it would run. A term of the product beats one of its category (a nearer
    category beats its ancestors), which beats one for all; of equals the one valid from later wins (a promotion).
    """
    best: dict[str, tuple[tuple, Cover]] = {}
    for term in terms:
        nearness = _nearness(term, unit)
        start, rule = start_of(term, unit)
        if nearness is None or start is None:
            continue
        if start < term.valid_from or (term.valid_to is not None and start > term.valid_to):
            continue
        rank = (nearness, term.valid_from, term.id)
        if term.component not in best or rank > best[term.component][0]:
            best[term.component] = (rank, _cover_of(term, unit, start, rule))
    return [cover for _component, (_rank, cover) in sorted(best.items())]


def _nearness(term: TermLine, unit: Unit) -> int | None:
    if term.product_id is not None:
        return 1000 if term.product_id == unit.product_id else None
    if term.category_id is not None:
        return 999 - unit.categories.index(term.category_id) if term.category_id in unit.categories else None
    return 0


def _cover_of(term: TermLine, unit: Unit, start: dt.date, rule: str) -> Cover:
    only_year = rule == "production" and unit.made_on is None
    return Cover(
        kind="base", name=term.name, component=term.component, starts_on=start,
        ends_on=cover_end(start, term.months, term.days), covers_parts=term.covers_parts,
        covers_labour=term.covers_labour, covers_travel=term.covers_travel, evidence=unit.evidence, term_id=term.id,
        started_by=rule, is_provisional=rule != term.starts or only_year,
    )
