"""What holds for a unit on a day: which covers, which lines, which doubts. The quick half of a decision.

A fleet report asks only this; `deciding` puts the same finding into reasons. So a list never says otherwise than a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from aftercare.domain.entitlement.rules.terms import TermBook
from aftercare.domain.entitlement.rules.values import (
    ADMINISTRATIVE,
    CONTRACT,
    KINDS,
    PAID,
    WARRANTY,
    Cover,
    Job,
    Unit,
)

# Flags after which a base cover is not given without a person's decision (WAR-03).
SUSPICIOUS = frozenset({
    "serial_without_sale", "sale_unknown", "sold_after_invoice", "invoice_for_other_serial", "sale_before_production",
})
# The repair of the same fault from which on people must look: consumer rules give exchange or refund after two.
THIRD = 3
STATES = ("in_warranty", "contract", "goodwill", "not_started", "out", "doubtful", "unknown")
_ORDER = {WARRANTY: 3, CONTRACT: 2, ADMINISTRATIVE: 1, PAID: 0}
_STATE_OF = {WARRANTY: "in_warranty", CONTRACT: "contract", ADMINISTRATIVE: "goodwill"}
_NO_JOB = Job()


class Finding:
    """What holds for one unit on one day; `chosen` is the cover that bears each kind of line, or None."""

    __slots__ = ("active", "base", "chosen", "dropped", "flags", "given", "letter", "on", "shown", "suspicious", "unit")

    def __init__(self, unit: Unit, on: dt.date) -> None:
        self.unit, self.on = unit, on
        self.dropped: list[tuple[str, Cover]] = []
        self.shown: Cover | None = None

    @property
    def state(self) -> str:
        """One word of STATES for lists."""
        if self.letter != PAID:
            return _STATE_OF[self.letter]
        if self.suspicious:
            return "doubtful"
        if self.shown is None:
            return "unknown"
        return "not_started" if self.shown.starts_on > self.on else "out"

    @property
    def ends_on(self) -> dt.date | None:
        """The last day of the cover that holds, else of the one that ended last; None where there is none."""
        return self.shown.ends_on if self.shown is not None else None


def flags_of(unit: Unit, covers: Sequence[Cover] = ()) -> list[str]:
    """What looks wrong with the unit's papers and days, in a fixed order."""
    found = []
    sold_on, invoiced_on = unit.sold_on, unit.invoiced_on
    if not unit.has_sale and not (
        covers and all(c.started_by == "production" and not c.is_provisional for c in covers)
    ):
        found.append("serial_without_sale" if unit.serial else "sale_unknown")
    if sold_on and invoiced_on and sold_on > invoiced_on:
        found.append("sold_after_invoice")
    if unit.invoice_serial and unit.serial and unit.invoice_serial != unit.serial:
        found.append("invoice_for_other_serial")
    sold = min(sold_on, invoiced_on) if sold_on and invoiced_on else sold_on or invoiced_on
    if sold and ((unit.made_on and sold < unit.made_on) or (unit.made_year and sold.year < unit.made_year)):
        found.append("sale_before_production")
    return found


def judge(
    unit: Unit, book: TermBook, ledger: Sequence[Cover], on: dt.date, job: Job | None = None,
    coverage: Sequence[Cover] = (),
) -> Finding:
    """What holds on that day.

    Where the ledger ever had a base cover it alone tells the base (a reversed one is no cover), else the terms do.
    Extensions, part and exchange covers, goodwill and contracts (`coverage`) are added. Repair days put the end of base
    and extension off. What a suspicious unit was given by terms does not count; what we gave or sold ourselves does.
    """
    found = Finding(unit, on)
    job = job or _NO_JOB
    if ledger:
        base, others = _by_ledger(unit, book, ledger)
    else:
        base, others = book.covers(unit), []
    if coverage:
        others = [*others, *coverage]
    flags = flags_of(unit, base)
    found.suspicious = not SUSPICIOUS.isdisjoint(flags)
    for cover in base:
        if cover.is_provisional:
            flags.append("provisional_start")
            break
    if len(job.earlier) >= THIRD - 1:
        flags.append("third_claim")
    found.base, found.flags = base, flags
    found.given = others if found.suspicious else base + others if others else base
    found.active = [c for c in found.given if not c.component and c.starts_on <= on <= c.ends_on and _stands(c, found, job)]
    _choose(found)
    return found


def _by_ledger(unit: Unit, book: TermBook, ledger: Sequence[Cover]) -> tuple[list[Cover], list[Cover]]:
    live = [cover for cover in ledger if not cover.is_reversed and cover.kind != "repair_days"]
    base = [c for c in live if c.kind == "base"] if any(c.kind == "base" for c in ledger) else book.covers(unit)
    others = [cover for cover in live if cover.kind != "base"]
    repairs = [cover for cover in ledger if cover.kind == "repair_days" and not cover.is_reversed]
    if repairs:
        first = min((cover.starts_on for cover in base), default=None)
        base = [lengthened(cover, repairs, first) for cover in base]
        others = [lengthened(c, repairs, first or c.starts_on) if c.kind == "extension" else c for c in others]
    return base, others


def lengthened(cover: Cover, repairs: Iterable[Cover], first: dt.date) -> Cover:
    """The cover with its end put off by the days in repair, both days of a repair counted, a shared day once.

    A repair counts when it began from the unit's `first` covered day on and not after the cover's end as it then was;
    not at all where the term says that days in repair do not count.
    """
    if not cover.counts_repair_days:
        return cover
    end, counted = cover.ends_on, dt.date.min
    for repair in sorted(repairs, key=lambda r: (r.starts_on, r.ends_on)):
        if first <= repair.starts_on <= end and repair.ends_on > counted:
            since = max(repair.starts_on - dt.timedelta(days=1), counted)
            end += repair.ends_on - since
            counted = repair.ends_on
    return replace(cover, ends_on=end, extra_days=(end - cover.ends_on).days)


def is_used_up(cover: Cover, unit: Unit, on: dt.date) -> bool:
    """True when a reading taken by that day shows that the cover's cycles are used up."""
    return bool(
        cover.cycles and unit.reading is not None and (unit.read_on is None or unit.read_on <= on)
        and unit.reading - cover.cycles_from > cover.cycles
    )


def _stands(cover: Cover, found: Finding, job: Job) -> bool:
    if cover.excluded and not cover.excluded.isdisjoint(job.codes):
        found.dropped.append(("excluded", cover))
        return False
    if cover.cycles and is_used_up(cover, found.unit, found.on):
        found.dropped.append(("used_up", cover))
        return False
    return True


def _choose(found: Finding) -> None:
    active = found.active
    if not active:
        found.letter, found.chosen = PAID, dict.fromkeys(KINDS)
        found.shown = _past_or_next(found)
        return
    if len(active) == 1:
        only = active[0]
        found.chosen = {
            "parts": only if only.covers_parts and only.parts_percent else None,
            "labour": only if only.covers_labour and only.labour_percent else None,
            "travel": only if only.covers_travel and only.travel_percent else None,
        }
        found.letter, found.shown = only.service_class, only
        return
    found.chosen = {}
    for kind in KINDS:
        best = max(active, key=lambda c, k=kind: (c.percent(k), _ORDER[c.service_class], c.kind == "base", c.ends_on))
        found.chosen[kind] = best if best.percent(kind) else None
    found.letter = max((c.service_class for c in found.chosen.values() if c), key=_ORDER.__getitem__)
    of_letter = [c for c in active if c.service_class == found.letter]
    found.shown = max(of_letter, key=lambda c: (c.ends_on, c.kind == "base"))


def _past_or_next(found: Finding) -> Cover | None:
    # The cover people speak of when none holds: the one that was dropped, else the one that ended last, else the next.
    if found.dropped:
        return max((cover for _why, cover in found.dropped), key=lambda c: c.ends_on)
    covers = [c for c in (*found.given, *(found.base if found.suspicious else ())) if not c.component]
    past = [cover for cover in covers if cover.ends_on < found.on]
    if past:
        return max(past, key=lambda c: c.ends_on)
    return min(covers, key=lambda c: c.starts_on, default=None)
