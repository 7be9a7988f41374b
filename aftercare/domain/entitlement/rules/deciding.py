"""Who pays for a job on a unit on a day: terms, days, ledger lines in; one explained decision out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from aftercare.domain.entitlement.rules.terms import STAND_INS, covers_by_terms
from aftercare.domain.entitlement.rules.values import (
    ADMINISTRATIVE,
    CONTRACT,
    KINDS,
    PAID,
    PAYERS,
    WARRANTY,
    Cover,
    Decision,
    TermLine,
    Unit,
)

# Flags after which a base cover is not given without a person's decision (WAR-03).
SUSPICIOUS = frozenset({
    "serial_without_sale", "sale_unknown", "sold_after_invoice", "invoice_for_other_serial", "sale_before_production",
})


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
        known = any(unit.day_of(rule) for rule in STAND_INS["sale"])
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
