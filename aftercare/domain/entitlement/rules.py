"""Who pays for a job on a unit on a day: terms, days, ledger lines in; one explained decision out. No Django.

**Months** are counted as the Civil Code does (民法典 201-203): the first day is not counted, the corresponding day of the
last month is the last day, a missing one is that month's end, and the last day counts until midnight in the branch's
zone. So twelve months from 2025-03-15 end with 2026-03-15, and from 2024-02-29 with 2025-02-28.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

PAID, CONTRACT, WARRANTY, ADMINISTRATIVE = "A", "B", "C", "D"
CLASSES = (PAID, CONTRACT, WARRANTY, ADMINISTRATIVE)
PAYERS = {PAID: "customer", CONTRACT: "contract", WARRANTY: "maker", ADMINISTRATIVE: "company"}
KINDS = ("parts", "labour", "travel")

# Flags after which a base cover is not given without a person's decision (WAR-03).
SUSPICIOUS = frozenset({
    "serial_without_sale", "sale_unknown", "sold_after_invoice", "invoice_for_other_serial", "sale_before_production",
})
# Where the day that a start rule asks for is missing, these are taken instead, first known first (provisional).
_STAND_INS = {
    "sale": ("sale", "invoice", "delivery", "installation", "registration", "production"),
    "invoice": ("invoice", "sale", "delivery", "installation", "registration", "production"),
    "delivery": ("delivery", "sale", "invoice", "installation", "registration", "production"),
    "installation": ("installation", "delivery", "sale", "invoice", "registration", "production"),
    "registration": ("registration", "sale", "invoice", "delivery", "installation", "production"),
    "production": ("production",),
}


def add_months(day: dt.date, months: int) -> dt.date:
    """The corresponding day `months` later; where that month lacks it, the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cover_end(start: dt.date, months: int = 0, days: int = 0) -> dt.date:
    """The last day, still covered, of a term that runs from `start`: months first, then days."""
    return add_months(start, months) + dt.timedelta(days=days)


@dataclass(frozen=True)
class Unit:
    """What is known of a unit: its kind, its days (unknown ones None), its papers."""

    product_id: int | None = None
    categories: tuple[int, ...] = ()
    serial: str = ""
    invoice_serial: str = ""
    invoice_number: str = ""
    order_number: str = ""
    made_on: dt.date | None = None
    made_year: int | None = None
    sold_on: dt.date | None = None
    invoiced_on: dt.date | None = None
    delivered_on: dt.date | None = None
    installed_on: dt.date | None = None
    registered_on: dt.date | None = None

    @property
    def has_sale(self) -> bool:
        """True when anything at all shows that the unit was sold."""
        return bool(self.sold_on or self.invoiced_on or self.invoice_number or self.order_number)

    @property
    def evidence(self) -> str:
        """The papers that show the sale."""
        return " / ".join(filter(None, (self.invoice_number, self.order_number)))

    def day_of(self, start: str, grace_months: int = 0) -> dt.date | None:
        """The day that a start rule asks for; production is pushed back by the months of grace.

        Of a year alone its last day is taken: doubt about the day is not the customer's.
        """
        if start != "production":
            return {"sale": self.sold_on, "invoice": self.invoiced_on, "delivery": self.delivered_on,
                    "installation": self.installed_on, "registration": self.registered_on}[start]
        made_on = self.made_on or (dt.date(self.made_year, 12, 31) if self.made_year else None)
        return add_months(made_on, grace_months) if made_on else None


@dataclass(frozen=True)
class TermLine:
    """A warranty term as plain values."""

    id: int
    name: str
    product_id: int | None
    category_id: int | None
    component: str
    months: int
    days: int
    starts: str
    grace_months: int
    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class Cover:
    """A span of cover for the unit (`component` empty) or one of its components; both days count."""

    kind: str
    name: str
    component: str
    starts_on: dt.date
    ends_on: dt.date
    covers_parts: bool = True
    covers_labour: bool = True
    covers_travel: bool = True
    service_class: str = WARRANTY
    evidence: str = ""
    term_id: int | None = None
    started_by: str = ""
    is_provisional: bool = False
    is_reversed: bool = False
    extra_days: int = 0

    def is_active(self, on: dt.date) -> bool:
        """True when the cover holds on that day."""
        return self.starts_on <= on <= self.ends_on


@dataclass(frozen=True)
class Decision:
    """Who pays, why, and until when. Free are only the kinds that are covered; see `is_free` for a part line."""

    service_class: str
    payer: str
    covers_parts: bool = False
    covers_labour: bool = False
    covers_travel: bool = False
    term_name: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    evidence: str = ""
    reasons: list[dict[str, Any]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    on: dt.date | None = None

    @property
    def in_warranty(self) -> bool:
        """True for 保内: free in warranty."""
        return self.service_class == WARRANTY

    @property
    def payers(self) -> dict[str, str]:
        """Who pays for parts, labour and travel."""
        free = PAYERS[self.service_class] if self.service_class != PAID else PAYERS[WARRANTY]
        return {kind: free if getattr(self, f"covers_{kind}") else PAYERS[PAID] for kind in KINDS}

    def is_free(self, kind: str, part_name: str = "") -> bool:
        """Whether a line of that kind (parts, labour, travel) is free; a part may be so by its component's cover."""
        if getattr(self, f"covers_{kind}"):
            return True
        return any(row["is_active"] and row[f"covers_{kind}"] for row in self.components
                   if part_name and row["component"].casefold() in part_name.casefold())

    def as_data(self) -> dict[str, Any]:
        """The decision as JSON values, to be kept with the document that it was made for."""
        data = asdict(self)
        for name in ("starts_on", "ends_on", "on"):
            data[name] = data[name].isoformat() if data[name] else None
        return data | {"payers": self.payers}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Decision:
        """The decision that `as_data` was taken of."""
        values = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        for name in ("starts_on", "ends_on", "on"):
            values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
        return cls(**values)


# --- terms --------------------------------------------------------------------------------------------------------


def start_of(term: TermLine, unit: Unit) -> tuple[dt.date | None, str]:
    """The day from which the term runs, and the rule that gave it (other than the term's own: provisional)."""
    for rule in _STAND_INS[term.starts]:
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


def flags_of(unit: Unit, covers: Sequence[Cover] = ()) -> list[str]:
    """What looks wrong with the unit's papers and days, in a fixed order."""
    found = []
    by_production = bool(covers) and all(c.started_by == "production" and not c.is_provisional for c in covers)
    if not unit.has_sale and not by_production:
        found.append("serial_without_sale" if unit.serial else "sale_unknown")
    if unit.sold_on and unit.invoiced_on and unit.sold_on > unit.invoiced_on:
        found.append("sold_after_invoice")
    if unit.invoice_serial and unit.serial and unit.invoice_serial != unit.serial:
        found.append("invoice_for_other_serial")
    sold = min((day for day in (unit.sold_on, unit.invoiced_on) if day), default=None)
    if sold and ((unit.made_on and sold < unit.made_on) or (unit.made_year and sold.year < unit.made_year)):
        found.append("sale_before_production")
    return found


# --- the decision -------------------------------------------------------------------------------------------------


def decide(unit: Unit | None, terms: Iterable[TermLine], ledger: Sequence[Cover], on: dt.date) -> Decision:
    """The decision for that day.

    Where the ledger ever had a base cover it alone tells the base (a reversed one is no cover), else the terms do.
    Extensions, part and exchange covers and goodwill are added. Repair days put the end of base and extension off. A
    suspicious unit is
    paid for by the customer unless goodwill, or a cover that we gave ourselves (part, exchange, extension), holds.
    """
    if unit is None:
        return Decision(PAID, PAYERS[PAID], reasons=[reason("unit_unknown")], on=on)
    live = [cover for cover in ledger if not cover.is_reversed and cover.kind != "repair_days"]
    base = ([cover for cover in live if cover.kind == "base"] if any(c.kind == "base" for c in ledger)
            else covers_by_terms(terms, unit))
    repairs = [cover for cover in ledger if cover.kind == "repair_days" and not cover.is_reversed]
    others = [cover for cover in live if cover.kind != "base"]
    first = min((cover.starts_on for cover in base), default=None)
    base = [lengthened(cover, repairs, first) for cover in base]
    others = [lengthened(c, repairs, first or c.starts_on) if c.kind == "extension" else c for c in others]
    flags = flags_of(unit, base)
    suspicious = SUSPICIOUS.intersection(flags)
    given = others if suspicious else base + others
    if any(cover.is_provisional for cover in base):
        flags.append("provisional_start")
    return _decision(unit, on, given, base, flags, bool(suspicious))


def lengthened(cover: Cover, repairs: Iterable[Cover], first: dt.date) -> Cover:
    """The cover with its end put off by the days in repair, both days of a repair counted, a shared day once.

    A repair counts when it began from the unit's `first` covered day on and not after the cover's end as it then was.
    """
    end, counted = cover.ends_on, dt.date.min
    for repair in sorted(repairs, key=lambda r: (r.starts_on, r.ends_on)):
        if first <= repair.starts_on <= end and repair.ends_on > counted:
            since = max(repair.starts_on - dt.timedelta(days=1), counted)
            end += repair.ends_on - since
            counted = repair.ends_on
    return replace(cover, ends_on=end, extra_days=(end - cover.ends_on).days)


def _decision(unit, on, given, base, flags, suspicious) -> Decision:
    active = [cover for cover in given if not cover.component and cover.is_active(on)]
    reasons = [reason(flag) for flag in flags]
    components = _components(given, on)
    if not active:
        shown = _shown([cover for cover in (*given, *base) if not cover.component], on)
        reasons += _why_not(unit, shown, on, suspicious) + _put_off(shown)
        if any(row["is_active"] for row in components):
            reasons.append(reason("component_only"))
        return Decision(PAID, PAYERS[PAID], term_name=shown.name if shown else "", evidence=unit.evidence,
                        starts_on=shown.starts_on if shown else None, ends_on=shown.ends_on if shown else None,
                        reasons=reasons, flags=flags, components=components, on=on)
    letters = {cover.service_class for cover in active}
    letter = next(c for c in (WARRANTY, CONTRACT, ADMINISTRATIVE) if c in letters)
    shown = max((c for c in active if c.service_class == letter), key=lambda c: (c.ends_on, c.kind == "base"))
    reasons.append(reason("within", term=shown.name, start=shown.starts_on, end=shown.ends_on))
    if shown.started_by:
        reasons.append(reason("started_by", rule=shown.started_by, day=shown.starts_on))
    reasons += _put_off(shown)
    covers = {kind: any(getattr(c, f"covers_{kind}") for c in active) for kind in KINDS}
    reasons += [reason(f"{kind}_not_covered") for kind in KINDS if not covers[kind]]
    return Decision(
        letter, PAYERS[letter], covers["parts"], covers["labour"], covers["travel"], shown.name, shown.starts_on,
        shown.ends_on, shown.evidence or unit.evidence, reasons, flags, components, on,
    )


def _shown(covers: list[Cover], on: dt.date) -> Cover | None:
    # The cover people speak of when none holds: the one that ended last, else the one that begins first.
    past = [cover for cover in covers if cover.ends_on < on]
    if past:
        return max(past, key=lambda c: c.ends_on)
    return min(covers, key=lambda c: c.starts_on, default=None)


def _why_not(unit: Unit, shown: Cover | None, on: dt.date, suspicious: bool) -> list[dict[str, Any]]:
    if suspicious:
        return [reason("needs_decision")]
    if shown is None:
        known = any(unit.day_of(rule) for rule in _STAND_INS["sale"])
        return [reason("no_term" if known else "no_start")]
    if shown.starts_on > on:
        return [reason("not_started", term=shown.name, start=shown.starts_on)]
    return [reason("expired", term=shown.name, end=shown.ends_on)]


def _put_off(shown: Cover | None) -> list[dict[str, Any]]:
    return [reason("repair_days", days=shown.extra_days)] if shown and shown.extra_days else []


def _components(given: Iterable[Cover], on: dt.date) -> list[dict[str, Any]]:
    rows = []
    for cover in given:
        if cover.component:
            rows.append({
                "component": cover.component, "term_name": cover.name, "starts_on": cover.starts_on.isoformat(),
                "ends_on": cover.ends_on.isoformat(), "covers_parts": cover.covers_parts,
                "covers_labour": cover.covers_labour, "covers_travel": cover.covers_travel,
                "is_active": cover.is_active(on),
            })
    return rows


def reason(code: str, **params: Any) -> dict[str, Any]:
    """One reason as JSON values: a stable code and what it speaks of."""
    return {"code": code, "params": {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in params.items()}}


def overridden(decision: Decision, *, service_class: str, why: str, by: str) -> Decision:
    """The decision as a person changed it: all kinds free, or (class A) all paid; the former class stays told."""
    free = service_class != PAID
    told = reason("overridden", before=decision.service_class, after=service_class, reason=why, by=by)
    return replace(decision, service_class=service_class, payer=PAYERS[service_class], covers_parts=free,
                   covers_labour=free, covers_travel=free, reasons=[*decision.reasons, told],
                   components=decision.components if free else [])
