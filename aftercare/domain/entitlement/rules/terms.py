"""What the terms give a unit: the start of each, and the one that wins.

For the whole unit and for each component one term holds: a dated promotion before ordinary terms, then the product's
before its category's (a nearer category before its ancestors) before one for all, then the narrower region, then the
one valid from later. A term must be valid on the day from which it would run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

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
# Spans kept by a book; a fleet's units share their days, and memory stays small where they do not.
_KEPT = 100_000


def start_of(term: TermLine, unit: Unit) -> tuple[dt.date | None, str]:
    """The day from which the term runs, and the rule that gave it (other than the term's own: provisional)."""
    if term.starts == "first":
        known = [(day, rule) for rule in term.starts_among if (day := unit.day_of(rule, term.grace_months)) is not None]
        if known:
            return min(known)
    for rule in STAND_INS["sale" if term.starts == "first" else term.starts]:
        day = unit.day_of(rule, term.grace_months)
        if day is not None:
            return day, rule
    return None, ""


@dataclass(frozen=True)
class Considered:
    """What became of a term that could concern a unit: `wins`, `weaker`, `not_valid` (on its start day), `no_start`."""

    term: TermLine
    outcome: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    started_by: str = ""


class TermBook:
    """Terms sorted for looking up: made once, asked for many units."""

    def __init__(self, terms: Iterable[TermLine]) -> None:
        # By what they are for: a unit meets the terms of its product, of its categories, and those for all.
        self._by_target: dict[tuple[str, int | None, int | None], list[TermLine]] = {}
        for term in terms:
            target = (term.kind, term.product_id, None if term.product_id is not None else term.category_id)
            self._by_target.setdefault(target, []).append(term)
        self._candidates: dict[tuple, tuple[tuple[str, tuple[TermLine, ...]], ...]] = {}
        self._spans: dict[tuple, Cover] = {}

    def candidates(self, unit: Unit, kind: str = "unit") -> tuple[tuple[str, tuple[TermLine, ...]], ...]:
        """By component (empty: the whole unit), the terms that fit the unit, the strongest first."""
        key = (kind, unit.product_id, unit.categories, unit.regions)
        found = self._candidates.get(key)
        if found is None:
            ranked: dict[str, list[tuple[tuple, TermLine]]] = {}
            targets = [(kind, None, None), (kind, unit.product_id, None), *((kind, None, pk) for pk in unit.categories)]
            for term in (term for target in dict.fromkeys(targets) for term in self._by_target.get(target, ())):
                rank = _rank(term, unit)
                if rank is not None:
                    ranked.setdefault(term.component, []).append((rank, term))
            found = self._candidates[key] = tuple(
                (component, tuple(term for _rank_, term in sorted(rows, key=lambda row: row[0], reverse=True)))
                for component, rows in sorted(ranked.items())
            )
        return found

    def covers(self, unit: Unit) -> list[Cover]:
        """The base covers of the unit by the terms; `evidence` is left to who shows them."""
        found = []
        for _component, terms in self.candidates(unit):
            for term in terms:
                start, rule = start_of(term, unit)
                if start is None or start < term.valid_from or (term.valid_to is not None and start > term.valid_to):
                    continue
                found.append(self._span(term, start, rule, rule == "production" and unit.made_on is None))
                break
        return found

    def considered(self, unit: Unit) -> list[Considered]:
        """Each term for units sold that fits this one, strongest first, with what became of it."""
        rows = []
        for _component, terms in self.candidates(unit):
            is_taken = False
            for term in terms:
                start, rule = start_of(term, unit)
                if start is None:
                    rows.append(Considered(term, "no_start"))
                    continue
                is_valid = term.valid_from <= start and (term.valid_to is None or start <= term.valid_to)
                outcome = "not_valid" if not is_valid else "weaker" if is_taken else "wins"
                is_taken = is_taken or is_valid
                rows.append(Considered(term, outcome, start, cover_end(start, term.months, term.days), rule))
        return rows

    def _span(self, term: TermLine, start: dt.date, rule: str, only_year: bool) -> Cover:
        key = (term.id, start, rule, only_year)
        cover = self._spans.get(key)
        if cover is None:
            if len(self._spans) >= _KEPT:
                self._spans.clear()
            is_own = rule == term.starts or (term.starts == "first" and rule in term.starts_among)
            cover = self._spans[key] = cover_of(
                term, start, kind="base", started_by=rule, is_provisional=not is_own or only_year
            )
        return cover


def cover_of(term: TermLine, start: dt.date, *, kind: str, ends_on: dt.date | None = None, **more) -> Cover:
    """The cover that a term gives from that day on."""
    return Cover(
        kind=kind, name=term.name, component=term.component, starts_on=start,
        ends_on=ends_on or cover_end(start, term.months, term.days), covers_parts=term.covers_parts,
        covers_labour=term.covers_labour, covers_travel=term.covers_travel, term_id=term.id,
        parts_percent=term.parts_percent, labour_percent=term.labour_percent, travel_percent=term.travel_percent,
        borne_by=term.borne_by, cycles=term.cycles, cycle_unit=term.cycle_unit, excluded=term.excluded,
        counts_repair_days=term.counts_repair_days, **more,
    )


def covers_by_terms(terms: Iterable[TermLine] | TermBook, unit: Unit) -> list[Cover]:
    """The covers that the terms give the unit, with the papers that show its sale."""
    book = terms if isinstance(terms, TermBook) else TermBook(terms)
    return [replace(cover, evidence=unit.evidence) for cover in book.covers(unit)]


def replacement_cover(
    book: TermBook, unit: Unit, *, kind: str, component: str, on: dt.date, replaced: Cover | None, fallback_months: int = 0
) -> Cover | None:
    """The own warranty of a replaced part (`part`) or an exchanged unit (`exchange`) that is in from that day.

    By the term's policy it runs anew, takes over what was left of the cover of what was replaced, or the longer of
    both. Without a term the part's own months count (`fallback_months`); None where nothing is given.
    """
    term = next(
        (term for name, terms in reversed(book.candidates(unit, kind)) if name.casefold() in component.casefold()
         for term in terms if term.valid_from <= on and (term.valid_to is None or on <= term.valid_to)), None,
    )
    named = component if kind == "part" else ""
    if term is None:
        if not fallback_months:
            return None
        return Cover(kind=kind, name=component, component=named, starts_on=on, ends_on=cover_end(on, fallback_months),
                     covers_labour=False, covers_travel=False, started_by="replacement")
    left = replaced.ends_on if replaced is not None and replaced.ends_on >= on else None
    anew = cover_end(on, term.months, term.days) if term.months + term.days else None
    ends_on = {"restart": anew, "inherit": left, "longer": max((d for d in (anew, left) if d), default=None)}[term.policy]
    if ends_on is None:
        return None
    return replace(cover_of(term, on, kind=kind, ends_on=ends_on, started_by="replacement"), component=named)


def inherited(replaced: Cover, *, kind: str, on: dt.date) -> Cover:
    """What was left of a cover, for what takes the place of the thing that it covered."""
    return replace(replaced, kind=kind, starts_on=on, component="", started_by="replacement", is_provisional=False,
                   extra_days=0)


def _rank(term: TermLine, unit: Unit) -> tuple | None:
    nearness = _nearness(term, unit)
    if nearness is None or (term.region and term.region not in unit.regions):
        return None
    narrow = 100 - unit.regions.index(term.region) if term.region else 0
    return (bool(term.promotion), nearness, narrow, term.valid_from, term.id)


def _nearness(term: TermLine, unit: Unit) -> int | None:
    if term.product_id is not None:
        return 1000 if term.product_id == unit.product_id else None
    if term.category_id is not None:
        return 999 - unit.categories.index(term.category_id) if term.category_id in unit.categories else None
    return 0
