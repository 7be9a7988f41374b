"""Commission of an audited order, worked out from plain values so that anyone can do it again (PAY-01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aftercare.foundation import money
from aftercare.foundation.sources import Source

# A repair of the same fault within so many days of the first is the first one's fault and is not paid again.
REPEAT_DAYS = 30
_PERCENT = Decimal(100)


@dataclass(frozen=True)
class FirstJob:
    """What an engineer was paid for the job that had to be repeated.

    `paid_amount` is his commission less what was taken back of it; `accrual_id` names the commission line.
    """

    accrual_id: int
    employee_id: int
    branch_id: int
    paid_amount: Decimal
    source_number: str


@dataclass(frozen=True)
class AuditedWork:
    """One engineer's share of an audited order.

    `category_ids` is the path of the product's category, the root first. Amounts are before the customer's discount,
    in CNY. `overdue_minutes` are working minutes after the limit. `share` is his part of the team's work, 0 to 1.
    `round` counts audits of the same order, so that an order audited again after a reversal is paid again.
    """

    source: Source
    employee_id: int
    branch_id: int
    audited_on: dt.date
    work_type_id: int | None = None
    work_type_name: str = ""
    category_ids: tuple[int, ...] = ()
    category_name: str = ""
    mode: str = ""
    grade: str = ""
    labour_amount: Decimal = Decimal(0)
    part_amount: Decimal = Decimal(0)
    finished_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    overdue_minutes: int = 0
    repeat_of: Source | None = None
    repeat_finished_at: dt.datetime | None = None
    share: Decimal = Decimal(1)
    round: int = 1

    @property
    def repeat_days(self) -> int | None:
        """Whole days between the first job's end and this one's; None when it repeats nothing."""
        if self.repeat_of is None or self.repeat_finished_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.repeat_finished_at).days

    @property
    def is_repeat(self) -> bool:
        """True when it repeats another job within the time for which that one answers."""
        days = self.repeat_days
        return self.repeat_of is not None and (days is None or days <= REPEAT_DAYS)


@dataclass(frozen=True)
class RateLine:
    """One commission rate; an empty condition means any. Percent are of labour and of parts."""

    id: int
    version: int
    valid_from: dt.date
    valid_to: dt.date | None = None
    work_type_id: int | None = None
    category_id: int | None = None
    mode: str = ""
    grade: str = ""
    amount: Decimal = Decimal(0)
    labour_percent: Decimal = Decimal(0)
    part_percent: Decimal = Decimal(0)


@dataclass(frozen=True)
class DeductionLine:
    """One rule of deduction: a step of the overdue ladder, or what a repeat repair costs."""

    id: int
    version: int
    cause: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    over_minutes: int = 0
    amount: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One accrual: whose, what kind, how much, and the explanation from which it follows."""

    key: str
    kind: str
    employee_id: int
    branch_id: int
    amount: Decimal
    explanation: dict[str, Any] = field(hash=False)
    deducts_id: int | None = None


def is_valid_on(line: RateLine | DeductionLine, day: dt.date) -> bool:
    """Both ends of the validity are inside it."""
    return line.valid_from <= day and (line.valid_to is None or day <= line.valid_to)


def matches(rate: RateLine, work: AuditedWork) -> bool:
    """True when every condition the rate names is met, on the day of the audit."""
    return (
        is_valid_on(rate, work.audited_on)
        and rate.work_type_id in (None, work.work_type_id)
        and (rate.category_id is None or rate.category_id in work.category_ids)
        and rate.mode in ("", work.mode)
        and rate.grade in ("", work.grade)
    )


def specificity(rate: RateLine, category_ids: Sequence[int]) -> tuple:
    """How exactly a rate fits: more conditions first, then work type, deeper category, mode, grade."""
    depth = category_ids.index(rate.category_id) + 1 if rate.category_id in category_ids else 0
    named = (rate.work_type_id is not None, depth > 0, bool(rate.mode), bool(rate.grade))
    return (sum(named), named[0], depth, named[2], named[3])


def choose_rate(work: AuditedWork, rates: Iterable[RateLine]) -> RateLine | None:
    """The most specific valid rate; None when none fits."""
    fitting = [rate for rate in rates if matches(rate, work)]
    return max(fitting, key=lambda rate: (specificity(rate, work.category_ids), rate.id), default=None)


def choose_step(work: AuditedWork, ladder: Iterable[DeductionLine]) -> DeductionLine | None:
    """The highest step of the overdue ladder that was passed."""
    passed = [
        step for step in ladder
        if step.cause == "overdue" and is_valid_on(step, work.audited_on) and work.overdue_minutes > step.over_minutes
    ]
    return max(passed, key=lambda step: (step.over_minutes, step.id), default=None)


def choose_repeat(work: AuditedWork, deductions: Iterable[DeductionLine]) -> DeductionLine | None:
    """The rule for repeat repairs of that day."""
    valid = [line for line in deductions if line.cause == "repeat" and is_valid_on(line, work.audited_on)]
    return max(valid, key=lambda line: (line.valid_from, line.id), default=None)


def calculate_lines(
    work: AuditedWork, rates: Iterable[RateLine], deductions: Iterable[DeductionLine], first: Sequence[FirstJob] = (),
) -> list[Line]:
    """Accrual lines of one engineer for one audited order; `first` is needed when it repeats another.

    A repeat earns nothing (a line of 0 says so) and costs those who did the first job what the rule says.
    """
    deductions = list(deductions)
    if work.is_repeat:
        return [_unpaid(work), *_calculate_repeat(work, deductions, first)]
    earned = _calculate_commission(work, rates)
    late = _calculate_overdue(work, deductions, earned.amount)
    return [earned, late] if late else [earned]


def _calculate_commission(work: AuditedWork, rates: Iterable[RateLine]) -> Line:
    rate = choose_rate(work, rates)
    if rate is None:
        return _line(work, "commission", Decimal(0), None, [("no_rate", "0")])
    labour = work.labour_amount * rate.labour_percent / _PERCENT
    parts = work.part_amount * rate.part_percent / _PERCENT
    whole = rate.amount + labour + parts
    steps = [("fixed", str(rate.amount))]
    if rate.labour_percent:
        steps.append(("labour", f"{work.labour_amount} × {_plain(rate.labour_percent)}% = {money.rounded(labour)}"))
    if rate.part_percent:
        steps.append(("parts", f"{work.part_amount} × {_plain(rate.part_percent)}% = {money.rounded(parts)}"))
    if work.share != 1:
        steps.append(("share", _plain(work.share)))
    amount = money.rounded(whole * work.share)
    return _line(work, "commission", amount, _told(rate), [*steps, ("amount", str(amount))])


def _calculate_overdue(work: AuditedWork, ladder: Iterable[DeductionLine], earned: Decimal) -> Line | None:
    step = choose_step(work, ladder) if work.overdue_minutes > 0 else None
    if step is None:
        return None
    taken = earned * step.percent / _PERCENT
    amount = -money.rounded(step.amount * work.share + taken)
    steps = [("overdue", str(work.overdue_minutes)), ("step", str(step.over_minutes)), ("fixed", str(step.amount))]
    if step.percent:
        steps.append(("of_commission", f"{earned} × {_plain(step.percent)}% = {money.rounded(taken)}"))
    line = _line(work, "overdue", amount, _told(step), [*steps, ("amount", str(amount))])
    line.explanation["inputs"]["earned"] = str(earned)
    return line


def _unpaid(work: AuditedWork) -> Line:
    number = work.repeat_of.number if work.repeat_of else ""
    return _line(work, "commission", Decimal(0), None, [("repeat_unpaid", number), ("amount", "0.00")])


def _calculate_repeat(work: AuditedWork, deductions: list[DeductionLine], first: Sequence[FirstJob]) -> list[Line]:
    rule = choose_repeat(work, deductions)
    if rule is None:
        return []
    lines = []
    for job in first:
        taken = max(job.paid_amount, Decimal(0)) * rule.percent / _PERCENT
        amount = -money.rounded(rule.amount + taken)
        if not amount:
            continue
        steps = [("repeat_of", job.source_number), ("fixed", str(rule.amount))]
        if rule.percent:
            steps.append(
                ("of_commission", f"{job.paid_amount} × {_plain(rule.percent)}% = {money.rounded(taken)}")
            )
        explanation = _explain(work, _told(rule), [*steps, ("amount", str(amount))])
        explanation["inputs"]["first_paid"] = str(job.paid_amount)
        key = f"{work.round}:repeat:{work.employee_id}:{job.accrual_id}"
        lines.append(Line(key, "repeat", job.employee_id, job.branch_id, amount, explanation, job.accrual_id))
    return lines


def _line(work: AuditedWork, kind: str, amount: Decimal, rule: dict | None, steps: list[tuple[str, str]]) -> Line:
    key = f"{work.round}:{kind}:{work.employee_id}"
    amount = money.rounded(amount)
    return Line(key, kind, work.employee_id, work.branch_id, amount, _explain(work, rule, steps))


def _told(rule: RateLine | DeductionLine) -> dict[str, Any]:
    """The rule as it was, so that the line can be worked out again when the rule has long been changed."""
    told = {"rule": "rate" if isinstance(rule, RateLine) else "deduction"}
    for name, value in vars(rule).items():
        told[name] = str(value) if isinstance(value, (Decimal, dt.date)) else value
    return told


def _explain(work: AuditedWork, rule: dict | None, steps: list[tuple[str, str]]) -> dict[str, Any]:
    repeat = work.repeat_of
    return {
        "rule": rule,
        "inputs": {
            "source": {"kind": work.source.kind, "id": work.source.id, "number": work.source.number},
            "employee_id": work.employee_id, "branch_id": work.branch_id, "grade": work.grade,
            "audited_on": work.audited_on.isoformat(), "round": work.round, "mode": work.mode,
            "work_type_id": work.work_type_id, "work_type": work.work_type_name,
            "category_ids": list(work.category_ids), "category": work.category_name,
            "labour_amount": str(work.labour_amount), "part_amount": str(work.part_amount),
            "finished_at": work.finished_at.isoformat() if work.finished_at else None,
            "due_at": work.due_at.isoformat() if work.due_at else None,
            "overdue_minutes": work.overdue_minutes, "share": str(work.share),
            "repeat_of": {"kind": repeat.kind, "id": repeat.id, "number": repeat.number} if repeat else None,
            "repeat_finished_at": work.repeat_finished_at.isoformat() if work.repeat_finished_at else None,
        },
        "steps": [list(step) for step in steps],
    }


def recalculate(kind: str, explanation: dict[str, Any], deducts_id: int | None = None) -> Decimal | None:
    """The amount that follows from a line's own explanation; None where it was given by hand."""
    if "inputs" not in explanation:
        return None
    work, rule = _revive_work(explanation["inputs"]), explanation["rule"]
    if kind == "commission":
        rates = [_revive(RateLine, rule)] if rule else []
        return (_unpaid(work) if work.is_repeat else _calculate_commission(work, rates)).amount
    step = _revive(DeductionLine, rule)
    if kind == "overdue":
        line = _calculate_overdue(work, [step], Decimal(explanation["inputs"]["earned"]))
        return line.amount if line else Decimal(0)
    first = FirstJob(deducts_id or 0, 0, 0, Decimal(explanation["inputs"]["first_paid"]), "")
    lines = _calculate_repeat(work, [step], [first])
    return lines[0].amount if lines else Decimal(0)


def _revive_work(inputs: dict[str, Any]) -> AuditedWork:
    def moment(name: str) -> dt.datetime | None:
        return dt.datetime.fromisoformat(inputs[name]) if inputs[name] else None

    return AuditedWork(
        source=Source(**inputs["source"]), employee_id=inputs["employee_id"], branch_id=inputs["branch_id"],
        audited_on=dt.date.fromisoformat(inputs["audited_on"]), work_type_id=inputs["work_type_id"],
        work_type_name=inputs["work_type"], category_ids=tuple(inputs["category_ids"]),
        category_name=inputs["category"], mode=inputs["mode"], grade=inputs["grade"],
        labour_amount=Decimal(inputs["labour_amount"]), part_amount=Decimal(inputs["part_amount"]),
        finished_at=moment("finished_at"), due_at=moment("due_at"), overdue_minutes=inputs["overdue_minutes"],
        repeat_of=Source(**inputs["repeat_of"]) if inputs["repeat_of"] else None,
        repeat_finished_at=moment("repeat_finished_at"), share=Decimal(inputs["share"]), round=inputs["round"],
    )


def _revive(kind: type, told: dict[str, Any]):
    values = {name: value for name, value in told.items() if name != "rule"}
    for name in ("valid_from", "valid_to"):
        values[name] = dt.date.fromisoformat(values[name]) if values[name] else None
    for name in ("amount", "percent", "labour_percent", "part_percent"):
        if name in values:
            values[name] = Decimal(values[name])
    return kind(**values)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def overlap(one: tuple[dt.date, dt.date | None], other: tuple[dt.date, dt.date | None]) -> bool:
    """True when two validities (both ends inside, None for open) share a day."""
    return (one[1] is None or other[0] <= one[1]) and (other[1] is None or one[0] <= other[1])


def month_of(day: dt.date) -> dt.date:
    """The month's first day."""
    return day.replace(day=1)


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class Totals:
    """Sums of a month's lines: what was earned, what was taken off (not negative), and the whole with the wage."""

    commission_amount: Decimal
    deduction_amount: Decimal
    total_amount: Decimal
    orders: int
    last_accrual: int


def calculate_totals(base: Decimal, lines: Iterable[tuple[int, str, Decimal, str, int, bool]]) -> Totals:
    """Totals of (accrual id, kind, amount, source kind, source id, is a reversal).

    Commission and rewards count as earned, with their reversals; overdue, repeat and penalty count as deducted.
    An order counts once; when its commission was reversed in the same month it does not count.
    """
    earned, taken, last, orders = Decimal(0), Decimal(0), 0, {}
    for accrual_id, kind, amount, source_kind, source_id, is_reversal in lines:
        if kind in ("commission", "reward"):
            earned += amount
        else:
            taken -= amount
        if kind == "commission":
            source = (source_kind, source_id)
            orders[source] = orders.get(source, 0) + (-1 if is_reversal else 1)
        last = max(last, accrual_id)
    counted = sum(1 for times in orders.values() if times > 0)
    return Totals(money.rounded(earned), money.rounded(taken), money.rounded(base + earned - taken), counted, last)
