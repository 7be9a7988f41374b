"""Reads of this room: rates, lines with their explanation, statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.settlement import rules
from aftercare.domain.settlement.models import Accrual, Deduction, Rate, Statement
from aftercare.foundation import access, kept
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source
from aftercare.foundation.spreadsheet import Column

# What each step of an explanation is called.
STEP_LABELS = {
    "no_rate": gettext_lazy("没有适用的提成标准"),
    "fixed": gettext_lazy("固定金额"),
    "labour": gettext_lazy("人工费提成"),
    "parts": gettext_lazy("配件费提成"),
    "share": gettext_lazy("本人份额"),
    "overdue": gettext_lazy("超时（工作分钟）"),
    "step": gettext_lazy("适用档位：超过（工作分钟）"),
    "of_commission": gettext_lazy("按提成扣"),
    "repeat_unpaid": gettext_lazy("返修不计提成，首修单"),
    "repeat_of": gettext_lazy("返修，首修单"),
    "reason": gettext_lazy("事由"),
    "reverses": gettext_lazy("冲销明细"),
    "amount": gettext_lazy("金额"),
}

EXPORT_COLUMNS = (
    Column(gettext_lazy("月份"), "date"), Column(gettext_lazy("工号")), Column(gettext_lazy("工程师")),
    Column(gettext_lazy("机构")), Column(gettext_lazy("状态")), Column(gettext_lazy("单数"), "integer"),
    Column(gettext_lazy("岗位工资"), "money"), Column(gettext_lazy("提成"), "money"),
    Column(gettext_lazy("扣款"), "money"), Column(gettext_lazy("应发"), "money"),
)
LINE_COLUMNS = (
    Column(gettext_lazy("时间"), "instant"), Column(gettext_lazy("单号"), width=20), Column(gettext_lazy("种类")),
    Column(gettext_lazy("金额"), "money"), Column(gettext_lazy("计算说明"), width=60),
)


def list_rates(actor: Actor) -> QuerySet[Rate]:
    """Commission rates, newest validity first."""
    return access.visible(Rate, actor).select_related("work_type", "category").order_by("-valid_from", "-id")


def list_deductions(actor: Actor) -> QuerySet[Deduction]:
    """Rules of deduction, by cause and step."""
    return access.visible(Deduction, actor).order_by("cause", "over_minutes", "-valid_from")


def get_rate(rate_id: int, actor: Actor) -> Rate:
    """One rate; refuses when there is none."""
    return _get(list_rates(actor), pk=rate_id)


def get_deduction(deduction_id: int, actor: Actor) -> Deduction:
    """One rule of deduction; refuses when there is none."""
    return _get(list_deductions(actor), pk=deduction_id)


def find_rates(work: rules.AuditedWork) -> list[rules.RateLine]:
    """The rates that may fit this work, as plain values."""
    rates = kept.setting("settlement.rates", lambda: [rate_line(rate) for rate in Rate.objects.all()])
    return [rate for rate in rates if _may_fit(rate, work)]


def _may_fit(rate: rules.RateLine, work: rules.AuditedWork) -> bool:
    return (
        rate.work_type_id in (None, work.work_type_id) and (rate.category_id is None or rate.category_id in work.category_ids)
        and rate.mode in ("", work.mode) and rate.grade in ("", work.grade) and rate.valid_from <= work.audited_on
        and (rate.valid_to is None or rate.valid_to >= work.audited_on)
    )


def rate_line(rate: Rate) -> rules.RateLine:
    """A rate as plain values."""
    return rules.RateLine(
        id=rate.pk, version=rate.version, valid_from=rate.valid_from, valid_to=rate.valid_to,
        work_type_id=rate.work_type_id, category_id=rate.category_id, mode=rate.mode, grade=rate.grade,
        amount=rate.amount, labour_percent=rate.labour_percent, part_percent=rate.part_percent,
    )


def find_deductions(day: dt.date) -> list[rules.DeductionLine]:
    """The rules of deduction valid on that day, as plain values."""
    lines = kept.setting("settlement.deductions", lambda: _deduction_lines(Deduction.objects.all()))
    return [line for line in lines if line.valid_from <= day and (line.valid_to is None or line.valid_to >= day)]


def _deduction_lines(rows: Iterable[Deduction]) -> list[rules.DeductionLine]:
    return [
        rules.DeductionLine(
            id=d.pk, version=d.version, cause=d.cause, valid_from=d.valid_from, valid_to=d.valid_to,
            over_minutes=d.over_minutes, amount=d.amount, percent=d.percent,
        )
        for d in rows
    ]


def find_first_jobs(source: Source) -> list[rules.FirstJob]:
    """What was paid for a job that is now repeated, less what was taken back already; reversed lines left out."""
    paid = (
        Accrual.objects.filter(source_kind=source.kind, source_id=source.id, kind_of=Accrual.Kind.COMMISSION,
                               reverses=None, reversal=None)
        .annotate(taken=Sum("deductions__amount"))
    )
    return [
        rules.FirstJob(a.pk, a.employee_id, a.branch_id, a.amount + (a.taken or Decimal(0)), a.source_number)
        for a in paid
    ]


def list_statements(actor: Actor, *, month: dt.date | None = None) -> QuerySet[Statement]:
    """Monthly statements as far as the actor may see them."""
    statements = access.visible(Statement, actor).select_related("employee", "branch")
    return statements.filter(month=rules.month_of(month)) if month else statements


def get_statement(number: str, actor: Actor) -> Statement:
    """One statement by its number; refuses when there is none to be seen."""
    return _get(list_statements(actor), number=number)


def find_statement(employee_id: int, month: dt.date, actor: Actor) -> Statement | None:
    """An engineer's month, if it was begun."""
    return list_statements(actor, month=month).filter(employee_id=employee_id).first()


def list_stale(limit: int = 500) -> list[Statement]:
    """Open statements with lines that their totals do not count yet, oldest month first."""
    newest = Accrual.objects.filter(employee_id=OuterRef("employee_id"), month=OuterRef("month")).order_by("-id").values("id")[:1]
    rows = Statement.objects.exclude(status=Statement.Status.LOCKED).alias(newest=Subquery(newest))
    return list(rows.filter(newest__gt=F("last_accrual")).select_related("employee").order_by("month", "id")[:limit])


def list_locked() -> Iterator[Statement]:
    """Every locked statement, one after the other: for `aftercare check`."""
    return Statement.objects.filter(status=Statement.Status.LOCKED).order_by("id").iterator(200)


def find_overlapping_rates() -> list[tuple[int, int]]:
    """Pairs of rates with the same conditions that share a day; none unless the tables were edited by hand."""
    same: dict[tuple, list[Rate]] = {}
    for rate in Rate.objects.order_by("id"):
        same.setdefault((rate.work_type_id, rate.category_id, rate.mode, rate.grade), []).append(rate)
    return [
        (one.pk, two.pk)
        for rates in same.values()
        for index, one in enumerate(rates)
        for two in rates[index + 1 :]
        if rules.overlap((one.valid_from, one.valid_to), (two.valid_from, two.valid_to))
    ]


def list_lines(statement: Statement) -> QuerySet[Accrual]:
    """The lines of a statement, oldest first; of a locked one exactly those it was locked with."""
    lines = lines_of_month(statement)
    return lines.filter(pk__lte=statement.last_accrual) if statement.status == Statement.Status.LOCKED else lines


def lines_of_month(statement: Statement) -> QuerySet[Accrual]:
    """Every line booked in the statement's month, oldest first: what it is closed with."""
    return Accrual.objects.filter(employee_id=statement.employee_id, month=statement.month).order_by("id")


def list_accruals(actor: Actor) -> QuerySet[Accrual]:
    """All lines as far as the actor may see them."""
    return access.visible(Accrual, actor).select_related("employee")


def list_accruals_of(source: Source, actor: Actor) -> list[Accrual]:
    """What an order earned or cost whom, oldest first."""
    lines = list_accruals(actor).filter(source_kind=source.kind, source_id=source.id)
    return list(lines.order_by("id"))


def calculate_totals(statement: Statement, lines: QuerySet[Accrual] | None = None) -> rules.Totals:
    """The totals that follow from the statement's lines, or from those given."""
    lines = (list_lines(statement) if lines is None else lines).values_list("id", "kind_of", "amount", "source_kind", "source_id", "reverses_id")
    return rules.calculate_totals(statement.base_amount, ((*line[:5], line[5] is not None) for line in lines))


@dataclass(frozen=True)
class Recomputation:
    """The proof of a statement: totals worked out anew, and what does not fit (in the user's words)."""

    totals: rules.Totals
    problems: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """True when every line and every total is what the explanation says."""
        return not self.problems


def recompute(statement: Statement) -> Recomputation:
    """Work out every line from its own explanation, and the totals from the lines."""
    problems, originals = [], {}
    for line in list_lines(statement).select_related("reverses"):
        originals[line.pk] = line
        expected = -line.reverses.amount if line.reverses else rules.recalculate(
            line.kind_of, line.explanation, line.deducts_id
        )
        if expected is not None and expected != line.amount:
            problems.append(
                _("%(number)s 的%(kind)s应为 %(expected)s，账上是 %(amount)s") % {
                    "number": line.source_number, "kind": line.get_kind_of_display(), "expected": expected,
                    "amount": line.amount,
                }
            )
    totals = calculate_totals(statement)
    for name in ("commission_amount", "deduction_amount", "total_amount", "orders"):
        if getattr(statement, name) != getattr(totals, name):
            label = Statement._meta.get_field(name).verbose_name
            problems.append(
                _("%(label)s应为 %(expected)s，单上是 %(amount)s") % {
                    "label": label, "expected": getattr(totals, name), "amount": getattr(statement, name)
                }
            )
    return Recomputation(totals, tuple(problems))


def explain(accrual: Accrual) -> list[tuple[str, str]]:
    """The explanation of a line as (label, value), in the user's language."""
    steps = accrual.explanation.get("steps", [])
    return [(str(STEP_LABELS.get(code, code)), value) for code, value in steps]


def sentence(accrual: Accrual) -> str:
    """The explanation in one line."""
    return _("；").join(f"{label} {value}".strip() for label, value in explain(accrual))


def rule_named(accrual: Accrual) -> tuple[str, int, int] | None:
    """Which rule made the line: ("rate" or "deduction", id, version)."""
    rule = accrual.explanation.get("rule")
    return (rule["rule"], rule["id"], rule["version"]) if rule else None


def export_rows(actor: Actor, *, month: dt.date) -> Iterator[tuple]:
    """Rows of a month's statements for `EXPORT_COLUMNS`."""
    for s in list_statements(actor, month=month).order_by("branch_id", "employee__number").iterator(500):
        yield (s.month, s.employee.number, s.employee.name, s.branch.name, s.get_status_display(), s.orders,
               s.base_amount, s.commission_amount, s.deduction_amount, s.total_amount)


def line_rows(statement: Statement) -> Iterator[tuple]:
    """Rows of a statement's lines for `LINE_COLUMNS`."""
    for line in list_lines(statement).iterator(500):
        yield line.at, line.source_number, line.get_kind_of_display(), line.amount, sentence(line)


def _get(rows: QuerySet, **key):
    found = rows.filter(**key).first()
    if found is None:
        raise NotFound(_("没有找到"))
    return found
