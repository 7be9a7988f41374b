"""Who pays for a job on a unit on a day: terms, days, ledger lines, contracts in; one explained decision out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from aftercare.domain.entitlement.rules.judging import Finding, is_used_up, judge
from aftercare.domain.entitlement.rules.terms import STAND_INS, TermBook
from aftercare.domain.entitlement.rules.values import (
    FOR_CUSTOMER,
    KINDS,
    PAID,
    PAYERS,
    Cover,
    Decision,
    Job,
    Line,
    TermLine,
    Unit,
)


def decide(
    unit: Unit | None, terms: Iterable[TermLine] | TermBook, ledger: Sequence[Cover], on: dt.date,
    job: Job | None = None, coverage: Sequence[Cover] = (),
) -> Decision:
    """The decision for that day, explained; see `judging.judge` for what holds."""
    if unit is None:
        return Decision(PAID, PAYERS[PAID], reasons=[reason("unit_unknown")], on=on, lines=_lines({}),
                        changes=[reason("register_unit")])
    book = terms if isinstance(terms, TermBook) else TermBook(terms)
    return explain(judge(unit, book, ledger, on, job, coverage), job or Job())


def explain(found: Finding, job: Job) -> Decision:
    """The finding as a decision with its reasons and with what would change it."""
    unit, on, shown = found.unit, found.on, found.shown
    components = _components(found, job)
    reasons = [reason(flag) for flag in found.flags]
    if "third_claim" in found.flags:
        reasons[-1] = reason("third_claim", count=len(job.earlier) + 1, numbers=", ".join(job.earlier))
    reasons += _why_paid(found, job) if found.letter == PAID else _why_free(found)
    if found.letter == PAID and any(row["is_active"] for row in components):
        reasons.append(reason("component_only"))
    chosen = found.chosen
    payer = shown.payer if found.letter != PAID else PAYERS[PAID]
    return Decision(
        service_class=found.letter, payer=payer, covers_parts=bool(chosen["parts"]), covers_labour=bool(chosen["labour"]),
        covers_travel=bool(chosen["travel"]), term_name=shown.name if shown else "",
        starts_on=shown.starts_on if shown else None, ends_on=shown.ends_on if shown else None,
        evidence=(shown.evidence if shown and found.letter != PAID else "") or unit.evidence, reasons=reasons,
        flags=found.flags, components=components, on=on, lines=_lines(chosen), changes=_changes(found, job),
        excludes=sorted({pk for cover in found.given for pk in cover.excluded}),
    )


def _lines(chosen: Mapping[str, Cover | None]) -> dict[str, dict[str, Any]]:
    return {kind: asdict(_line(chosen.get(kind), kind)) for kind in KINDS}


def _line(cover: Cover | None, kind: str) -> Line:
    if cover is None:
        return FOR_CUSTOMER
    return Line(cover.verdict, cover.payer, cover.percent(kind), cover.name, cover.starts_on.isoformat(),
                cover.ends_on.isoformat())


def _why_free(found: Finding) -> list[dict[str, Any]]:
    shown = found.shown
    told = [reason("within", term=shown.name, start=shown.starts_on, end=shown.ends_on)]
    if shown.started_by:
        told.append(reason("started_by", rule=shown.started_by, day=shown.starts_on))
    told += _put_off(shown)
    if shown.cycles:
        told.append(reason("cycles_left", cycles=shown.cycles, unit=shown.cycle_unit))
    for kind in KINDS:
        cover = found.chosen[kind]
        if cover is None:
            told.append(reason(f"{kind}_not_covered"))
        elif cover.percent(kind) < 100:
            told.append(reason(f"{kind}_shared", percent=cover.percent(kind)))
    return told


def _why_paid(found: Finding, job: Job) -> list[dict[str, Any]]:
    shown, unit = found.shown, found.unit
    for why, cover in found.dropped:
        if why == "excluded":
            code = next(name for pk, name in job.codes.items() if pk in cover.excluded)
            return [reason("excluded", term=cover.name, end=cover.ends_on, what=code)]
        return [reason("used_up", term=cover.name, cycles=cover.cycles, unit=cover.cycle_unit, reading=unit.reading,
                       day=unit.read_on or found.on)]
    if found.suspicious:
        return [reason("needs_decision"), *_put_off(shown)]
    if shown is None:
        known = any(unit.day_of(rule) for rule in STAND_INS["sale"])
        return [reason("no_term" if known else "no_start")]
    if shown.starts_on > found.on:
        return [reason("not_started", term=shown.name, start=shown.starts_on), *_put_off(shown)]
    return [reason("expired", term=shown.name, end=shown.ends_on), *_put_off(shown)]


def _put_off(shown: Cover | None) -> list[dict[str, Any]]:
    return [reason("repair_days", days=shown.extra_days)] if shown and shown.extra_days else []


# What would clear each doubt about a unit's papers.
_CLEARS = {
    "serial_without_sale": "show_sale", "sale_unknown": "show_sale", "sold_after_invoice": "check_days",
    "invoice_for_other_serial": "show_own_invoice", "sale_before_production": "check_days",
}


def _changes(found: Finding, job: Job) -> list[dict[str, Any]]:
    shown = found.shown
    if found.letter != PAID:
        told = [reason("ends_after", end=shown.ends_on)]
        if "provisional_start" in found.flags:
            told.insert(0, reason("start_may_move"))
        elif shown.excluded:
            told.insert(0, reason("if_excluded", end=shown.ends_on))
        return told
    if found.dropped:
        return [reason("other_cause" if found.dropped[0][0] == "excluded" else "check_reading")]
    cleared = dict.fromkeys(_CLEARS[flag] for flag in found.flags if flag in _CLEARS)
    if cleared:
        return [reason(code) for code in cleared]
    if shown is None:
        return [reason("set_term" if any(found.unit.day_of(rule) for rule in STAND_INS["sale"]) else "show_sale")]
    if shown.starts_on > found.on:
        return [reason("starts_later", start=shown.starts_on)]
    return [reason("check_start" if "provisional_start" in found.flags else "extend_cover")]


def _components(found: Finding, job: Job) -> list[dict[str, Any]]:
    rows = []
    for cover in found.given:
        if not cover.component:
            continue
        stands = cover.excluded.isdisjoint(job.codes) and not is_used_up(cover, found.unit, found.on)
        rows.append({
            "component": cover.component, "term_name": cover.name, "starts_on": cover.starts_on.isoformat(),
            "ends_on": cover.ends_on.isoformat(), "covers_parts": cover.covers_parts,
            "covers_labour": cover.covers_labour, "covers_travel": cover.covers_travel,
            "is_active": stands and cover.is_active(found.on), "payer": cover.payer, "verdict": cover.verdict,
            **{f"{kind}_percent": cover.percent(kind) for kind in KINDS},
        })
    return rows


def reason(code: str, **params: Any) -> dict[str, Any]:
    """One reason as JSON values: a stable code and what it speaks of."""
    return {"code": code, "params": {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in params.items()}}


def overridden(
    decision: Decision, *, service_class: str, why: str, by: str, percents: Mapping[str, int] | None = None
) -> Decision:
    """The decision as a person changed it; the former class stays told.

    All kinds free, or (class A) all paid; `percents` tells for each kind how many per cent are borne for the customer.
    """
    free = service_class != PAID
    shares = {kind: (percents or {}).get(kind, 100) if free else 0 for kind in KINDS}
    payer = PAYERS[service_class]
    verdict = {"B": "contract", "C": "free", "D": "goodwill"}.get(service_class, "paid")
    lines = {kind: asdict(Line(verdict, payer, share) if share else FOR_CUSTOMER) for kind, share in shares.items()}
    told = reason("overridden", before=decision.service_class, after=service_class, reason=why, by=by)
    return replace(decision, service_class=service_class, payer=payer, covers_parts=bool(shares["parts"]),
                   covers_labour=bool(shares["labour"]), covers_travel=bool(shares["travel"]), lines=lines,
                   reasons=[*decision.reasons, told], components=decision.components if free else [],
                   changes=[reason("only_by_decision")])
