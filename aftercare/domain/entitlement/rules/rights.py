"""What a customer may ask for under consumer law (三包): rules, a unit and its repairs in; each right with its reasons out.

Every rule is a line of data with the text and article it stands on. A right is told `yes` (may be asked for now), `proof`
(yes as soon as the papers named are shown) or `no`; the reasons are data, so that words and decision cannot part.
Days run as in the Civil Code (民法典 201): the first day is not counted, so 7 days from 1 March end with 8 March.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from aftercare.domain.entitlement.rules.dates import cover_end
from aftercare.domain.entitlement.rules.terms import STAND_INS
from aftercare.domain.entitlement.rules.values import Unit

YES, PROOF, NO = "yes", "proof", "no"
# In the order in which they are told: the one that gives most first.
REMEDIES = ("refund", "exchange", "refund_less", "repair")
KINDS = ("early", "period", "repeat", "slow_parts", "slow_repair", "distance")
PROOFS = ("invoice", "card", "repair_record")
EXCLUSIONS = ("misuse", "opened", "liquid", "force_majeure", "altered_proof", "serial_mismatch", "no_proof", "custom_made", "unsealed")
_RANK = {YES: 2, PROOF: 1, NO: 0}
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class RuleLine:
    """A rule as plain values. `repairs` counts for `repeat`, `limit_days` for `slow_…`, `day_rate` (% of the price a day)
    for a refund less depreciation. A fallback holds only where no other text rules the unit."""

    id: int
    name: str
    law: str
    article: str
    kind: str
    remedies: tuple[str, ...]
    category_id: int | None = None
    components: tuple[str, ...] = ()
    starts: str = "invoice"
    months: int = 0
    days: int = 0
    repairs: int = 2
    limit_days: int = 0
    day_rate: Decimal | None = None
    is_put_off: bool = True
    is_fallback: bool = False
    proofs: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    valid_from: dt.date = dt.date(1900, 1, 1)
    valid_to: dt.date | None = None
    is_checked: bool = False


@dataclass(frozen=True)
class Repair:
    """A repair of the unit: from the day it was handed over or asked for to the day it was done (None: not yet)."""

    number: str
    starts_on: dt.date
    ends_on: dt.date | None
    fault: str = ""
    fault_name: str = ""
    is_covered: bool = True
    is_fixing: bool = True
    waits_for_parts: bool = False
    is_current: bool = False


@dataclass(frozen=True)
class Situation:
    """What is known on the day: the fault (a code, empty: unknown), the broken part, papers shown, losses of right found."""

    unit: Unit
    on: dt.date
    fault: str = ""
    component: str = ""
    repairs: tuple[Repair, ...] = ()
    proofs: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    is_distance: bool = False
    price: Decimal | None = None

    @property
    def shown(self) -> frozenset[str]:
        """The papers at hand: those told, the invoice the unit's file names, the record of repairs that we keep."""
        own = {"invoice"} if self.unit.invoice_number else set()
        return self.proofs | own | ({"repair_record"} if self.repairs else set())

    @property
    def losses(self) -> frozenset[str]:
        """Why rights may be lost: what was found, and an invoice for another serial number."""
        serials = self.unit.invoice_serial, self.unit.serial
        return self.exclusions | ({"serial_mismatch"} if all(serials) and serials[0] != serials[1] else set())


@dataclass(frozen=True)
class Finding:
    """One rule applied to the situation."""

    rule: RuleLine
    status: str
    reasons: list[dict[str, Any]]
    missing: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    starts_on: dt.date | None = None
    until: dt.date | None = None
    is_provisional: bool = False


@dataclass(frozen=True)
class Right:
    """One thing a customer may ask for: yes, no, or yes with a paper still to be shown; why, until when, what changes it."""

    remedy: str
    status: str
    reasons: list[dict[str, Any]]
    missing: list[str]
    changes: list[dict[str, Any]]
    rule_id: int | None = None
    law: str = ""
    article: str = ""
    is_checked: bool = False
    starts_on: dt.date | None = None
    until: dt.date | None = None
    fee_amount: Decimal | None = None

    @property
    def is_given(self) -> bool:
        """True when it may be asked for now, nothing missing."""
        return self.status == YES


@dataclass(frozen=True)
class Answer:
    """Every right of the unit on that day."""

    on: dt.date
    rights: list[Right]

    def right(self, remedy: str) -> Right:
        """The right to that remedy; a KeyError for an unknown one."""
        return {right.remedy: right for right in self.rights}[remedy]

    @property
    def best(self) -> Right | None:
        """The one that gives most of those that hold; None when none does."""
        return next((r for r in self.rights if r.status == YES), None) or next((r for r in self.rights if r.status == PROOF), None)

    def as_data(self) -> dict[str, Any]:
        """As JSON values, to be kept with the claim that it answered."""
        return {"on": self.on.isoformat(), "rights": [
            asdict(right) | {"starts_on": _iso(right.starts_on), "until": _iso(right.until),
                             "fee_amount": None if right.fee_amount is None else str(right.fee_amount)}
            for right in self.rights
        ]}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Answer:
        """The answer that `as_data` was taken of."""
        rights = []
        for row in data["rights"]:
            days = {name: dt.date.fromisoformat(row[name]) if row.get(name) else None for name in ("starts_on", "until")}
            fee = row.get("fee_amount")
            rights.append(Right(**{k: v for k, v in row.items() if k in Right.__dataclass_fields__} | days
                                | {"fee_amount": Decimal(fee) if fee is not None else None}))
        return cls(dt.date.fromisoformat(data["on"]), rights)


def ask(rules: Iterable[RuleLine], situation: Situation) -> Answer:
    """What the customer may ask for: for every remedy the rule that gives most, or the one that comes nearest to it."""
    findings = [_find(rule, situation) for rule in applicable(rules, situation.unit, situation.on)]
    return Answer(situation.on, [_right(remedy, findings, situation) for remedy in REMEDIES])


def applicable(rules: Iterable[RuleLine], unit: Unit, on: dt.date) -> list[RuleLine]:
    """The rules that concern the unit: of each kind those of the nearest category, in force on the day the unit was sold.

    A fallback stays only when no other text (distance sale aside) concerns it.
    """
    fitting: list[tuple[int, RuleLine]] = []
    for rule in rules:
        day = _start(rule, unit)[0] or on
        if day < rule.valid_from or (rule.valid_to is not None and day > rule.valid_to):
            continue
        if rule.category_id is None:
            fitting.append((len(unit.categories) + 1, rule))
        elif rule.category_id in unit.categories:
            fitting.append((unit.categories.index(rule.category_id), rule))
    if any(not rule.is_fallback and rule.kind != "distance" for _far, rule in fitting):
        fitting = [(far, rule) for far, rule in fitting if not rule.is_fallback]
    nearest: dict[tuple, int] = {}
    for far, rule in fitting:
        key = (rule.kind, bool(rule.components))
        nearest[key] = min(far, nearest.get(key, far))
    return [rule for far, rule in fitting if far == nearest[rule.kind, bool(rule.components)]]


# --- one rule ------------------------------------------------------------------------------------------------------


def _find(rule: RuleLine, at: Situation) -> Finding:
    start, started_by = _start(rule, at.unit)
    if start is None:
        return Finding(rule, NO, [reason("no_start")], changes=[reason("show_day")])
    end, extra = window(rule, start, at)
    lost = sorted(at.losses & set(rule.exclusions), key=EXCLUSIONS.index)
    length = {"months": rule.months, "days": rule.days}
    span = {"rule": started_by, "start": start, "end": end, **length}
    put_off = [reason("put_off", days=extra)] if extra else []
    shared = {"starts_on": start, "until": end, "is_provisional": started_by != rule.starts}
    if lost:
        return Finding(rule, NO, [reason("lost", what=lost)], changes=[reason("if_not_lost", what=lost)], **shared)
    if at.on < start:
        return Finding(rule, NO, [reason("not_yet", start=start)], **shared)
    if at.on > end:
        return Finding(rule, NO, [reason("too_late", **span), *put_off], changes=[reason("only_goodwill")], **shared)
    reasons = [reason("in_time", **span), *put_off]
    holds, more, changes = _condition(rule, at, start, end)
    reasons += more
    if not holds:
        # What failed is told first, the window after it.
        return Finding(rule, NO, [*more, *reasons[: len(reasons) - len(more)]], changes=changes, **shared)
    missing = [paper for paper in rule.proofs if paper not in at.shown]
    changes = [reason("show_papers", what=missing)] if missing else []
    changes.append(reason("ends_after", end=end))
    return Finding(rule, PROOF if missing else YES, reasons, missing, changes, **shared)


def _condition(rule: RuleLine, at: Situation, start: dt.date, end: dt.date) -> tuple[bool, list, list]:
    """Whether what the rule asks for beside its window is so: (it is, reasons, what would change it)."""
    if rule.components:
        named = at.component.casefold()
        if not named or not any(part.casefold() in named for part in rule.components):
            return False, [reason("only_parts", what=list(rule.components))], [reason("if_part", what=list(rule.components), end=end)]
    if rule.kind == "repeat":
        return _repeated(rule, at, start, end)
    if rule.kind in ("slow_parts", "slow_repair"):
        return _slow(rule, at, start, end)
    if rule.kind == "distance" and not at.is_distance:
        return False, [reason("not_distance")], [reason("if_distance")]
    return True, [], []


def counted(at: Situation, start: dt.date, end: dt.date) -> list[Repair]:
    """The repairs that count: done, covered, meant to fix a fault that has a code, begun within the period."""
    return [
        repair for repair in at.repairs
        if repair.ends_on and repair.ends_on <= at.on and repair.is_covered and repair.is_fixing and not repair.is_current
        and repair.fault and start <= repair.starts_on <= end
    ]


def _repeated(rule: RuleLine, at: Situation, start: dt.date, end: dt.date) -> tuple[bool, list, list]:
    done = counted(at, start, end)
    if not at.fault:
        most = _most_repaired(done)
        changes = [reason("if_same_fault", fault=most[0].fault_name or most[0].fault, n=len(most), needed=rule.repairs)] if most else []
        return False, [reason("fault_unknown", needed=rule.repairs)], changes
    same = [repair for repair in done if repair.fault == at.fault]
    told = reason("repaired", n=len(same), needed=rule.repairs, numbers=[repair.number for repair in same])
    if len(same) >= rule.repairs:
        return True, [told], []
    return False, [told], [reason("if_repaired", left=rule.repairs - len(same))]


def _most_repaired(done: Sequence[Repair]) -> list[Repair]:
    groups: dict[str, list[Repair]] = {}
    for repair in done:
        groups.setdefault(repair.fault, []).append(repair)
    return max(groups.values(), key=len, default=[])


def _slow(rule: RuleLine, at: Situation, start: dt.date, end: dt.date) -> tuple[bool, list, list]:
    waits = rule.kind == "slow_parts"
    running = [r for r in at.repairs if r.ends_on is None and r.waits_for_parts == waits and start <= r.starts_on <= min(end, at.on)]
    if not running:
        return False, [reason("no_repair_running" if not waits else "no_wait_for_parts", limit=rule.limit_days)], []
    oldest = min(running, key=lambda r: r.starts_on)
    days = (at.on - oldest.starts_on).days
    told = reason("in_repair", days=days, limit=rule.limit_days, since=oldest.starts_on, number=oldest.number)
    if days > rule.limit_days:
        return True, [told], []
    return False, [told], [reason("if_unfinished", day=oldest.starts_on + dt.timedelta(days=rule.limit_days + 1))]


def window(rule: RuleLine, start: dt.date, at: Situation) -> tuple[dt.date, int]:
    """The last day of the rule, and by how many days repairs put it off; both days of a repair count, a shared day once.

    A repair counts when it began on a day of the rule as it then stood; one that is not done counts until today.
    """
    end = cover_end(start, rule.months, rule.days)
    if not rule.is_put_off:
        return end, 0
    last, counted_until = end, dt.date.min
    for repair in sorted(at.repairs, key=lambda r: (r.starts_on, r.ends_on or dt.date.max)):
        done = min(repair.ends_on or at.on, at.on)
        if repair.is_covered and start <= repair.starts_on <= last and done > counted_until and done >= repair.starts_on:
            last += done - max(repair.starts_on - dt.timedelta(days=1), counted_until)
            counted_until = done
    return last, (last - end).days


def _start(rule: RuleLine, unit: Unit) -> tuple[dt.date | None, str]:
    for name in STAND_INS[rule.starts]:
        day = unit.day_of(name)
        if day is not None:
            return day, name
    return None, ""


# --- one remedy ----------------------------------------------------------------------------------------------------


def _right(remedy: str, findings: Sequence[Finding], at: Situation) -> Right:
    own = [finding for finding in findings if remedy in finding.rule.remedies]
    if not own:
        return Right(remedy, NO, [reason("no_rule")], [], [])
    # Of those that hold the one that needs least and lasts longest; of those that do not, the one that is nearest to it.
    best = max(own, key=lambda f: (_RANK[f.status], f.status == NO and (f.rule.kind == "distance") == at.is_distance,
                                   f.status == NO and bool(f.changes), f.until or dt.date.min, -f.rule.id))
    if best.status == NO and best.rule.components:
        # The main parts' longer period is what would change the answer; the whole unit's own end is the answer.
        whole = max((f for f in own if not f.rule.components), key=lambda f: f.until or dt.date.min, default=None)
        best = replace(whole, changes=[*best.changes, *whole.changes]) if whole else best
    found = Right(
        remedy, best.status, list(best.reasons), best.missing, best.changes, best.rule.id, best.rule.law, best.rule.article,
        best.rule.is_checked, best.starts_on, best.until,
    )
    if best.is_provisional and best.starts_on is not None:
        found = replace(found, reasons=[*found.reasons, reason("provisional_start")])
    return _less(found, best, at) if remedy == "refund_less" and best.status != NO else found


def _less(right: Right, finding: Finding, at: Situation) -> Right:
    """The refund with its depreciation: the rate a day for the days in use; days in repair are not use."""
    rate = finding.rule.day_rate
    if rate is None or finding.starts_on is None:
        return replace(right, reasons=[*right.reasons, reason("rate_unknown")])
    days = max((at.on - finding.starts_on).days - days_in_repair(at, finding.starts_on), 0)
    fee = depreciation(at.price, rate, days)
    told = reason("depreciation", rate=str(rate), days=days, fee="" if fee is None else str(fee))
    return replace(right, reasons=[*right.reasons, told], fee_amount=fee)


def days_in_repair(at: Situation, start: dt.date) -> int:
    """The days since `start` on which the unit was in repair, up to the day asked about; a shared day once."""
    days, until = 0, start
    for repair in sorted(at.repairs, key=lambda r: (r.starts_on, r.ends_on or dt.date.max)):
        done = min(repair.ends_on or at.on, at.on)
        if repair.is_covered and repair.starts_on >= start and done >= repair.starts_on and done > until:
            days += (done - max(repair.starts_on - dt.timedelta(days=1), until)).days
            until = done
    return days


def depreciation(price: Decimal | None, rate: Decimal, days: int) -> Decimal | None:
    """The fee for that many days in use at `rate` per cent a day, to the cent, at most the price; None without a price."""
    if price is None:
        return None
    return min(price, (price * rate * days / 100).quantize(_CENT, ROUND_HALF_UP))


def reason(code: str, **params: Any) -> dict[str, Any]:
    """One reason as JSON values: a stable code and what it speaks of."""
    return {"code": code, "params": {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in params.items()}}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
