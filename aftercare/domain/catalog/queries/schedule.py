"""What the fee schedule says: which line wins for a job, what each fee comes to, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.catalog import rules
from aftercare.domain.catalog.models import Category, LabourPrice, Part, PartPrice, WorkType
from aftercare.domain.people import queries as people
from aftercare.foundation import kept, money

# The columns of the schedule in their order of weight.
COLUMNS = (
    gettext_lazy("工种"), gettext_lazy("品类"), gettext_lazy("区域"), gettext_lazy("城区或郊区"), gettext_lazy("客户等级"),
    gettext_lazy("客户类型"), gettext_lazy("服务类别"),
)  # fmt: skip
FEES = LabourPrice.Fee.choices
KINDS_OF_CUSTOMER = {"person": gettext_lazy("个人"), "company": gettext_lazy("单位"), "dealer": gettext_lazy("经销商"), "store": gettext_lazy("门店")}
CLASSES = {"A": gettext_lazy("收费"), "B": gettext_lazy("合同"), "C": gettext_lazy("保内免费"), "D": gettext_lazy("行政")}


@dataclass(frozen=True)
class Job:
    """What a price depends on. `km` is the way there, `minutes` the time taken, `standard` the work type's usual minutes.

    `started_at` is the local time of arrival, `is_holiday` whether the branch is closed that day.
    """

    on: dt.date
    work_type_id: int | None = None
    category_id: int | None = None
    region_code: str = ""
    is_urban: bool | None = None
    customer_grade: str = ""
    customer_kind: str = ""
    service_class: str = ""
    km: Decimal | None = None
    minutes: int | None = None
    standard: int = 60
    is_holiday: bool = False
    started_at: dt.time | None = None


@dataclass(frozen=True)
class Fee:
    """One fee of a job: so many at that price, by that line."""

    fee: str
    qty: int
    price: Decimal
    line: LabourPrice

    @property
    def amount(self) -> Decimal:
        """What it comes to."""
        return money.rounded(self.qty * self.price)


def ancestry(category_id: int | None) -> list[int]:
    """A category and its ancestors, nearest first; one statement, none without category."""
    if category_id is None:
        return []
    return rules.ancestry(category_id, category_parents())


def category_parents() -> dict[int, int | None]:
    """Every category's parent, for walks up the tree; one statement."""
    return kept.setting("catalog.parents", lambda: dict(Category.objects.values_list("pk", "parent_id")))


def subtree(category_id: int) -> list[int]:
    """A category and all below it; no statement while the tree is kept in memory."""
    return rules.subtree(category_id, category_parents())


def labour_price(
    work_type: WorkType | int | None, category: Category | int | None, region_class: bool | None, customer_class: str,
    cover: str, on: dt.date, *, fee: str = "labour",
) -> Decimal | None:
    """The fee (`labour`, `travel` or `inspection`) by the schedule on that day; None where the schedule has a gap.

    The most specific valid line wins; the columns weigh as in `COLUMNS` (a nearer category or region before a wider one).
    At most two statements.
    """
    return labour_prices([fee], work_type, category, region_class, customer_class, cover, on).get(fee)


def labour_prices(
    fees: Iterable[str], work_type: WorkType | int | None, category: Category | int | None, region_class: bool | None,
    customer_class: str, cover: str, on: dt.date,
) -> dict[str, Decimal]:
    """Several fees of one job as of `labour_price`; gaps are left out. At most two statements in all."""
    job = Job(on, _id(work_type), _id(category), is_urban=region_class, customer_kind=customer_class, service_class=cover)
    return {fee: found.price for fee, found in price_job(fees, job).items()}


def price_job(fees: Iterable[str], job: Job) -> dict[str, Fee]:
    """What these fees come to for a job; those that do not apply, or have no line, are left out. At most two statements.

    A surcharge in percent is of the labour fee, which must be among `fees`.
    """
    wanted = [fee for fee in fees if _applies(fee, job)]
    found: dict[str, Fee] = {}
    rows = _valid(wanted, job.on)
    asked = _asked(job, rows)
    for fee in wanted:
        lines = [_line(row) for row in rows if row.fee == fee and _fits(row, job)]
        best = rules.most_specific(lines, asked, job.on)
        if best is not None:
            row = best.value
            qty = rules.periods(job.minutes or 0, job.standard, row.per_minutes or 30) if fee == "time" else 1
            if qty:
                found[fee] = Fee(fee, qty, row.amount, row)
    return {fee: _in_percent(one, found.get("labour")) for fee, one in found.items()}


def _in_percent(fee: Fee, labour: Fee | None) -> Fee:
    if fee.line.percent is None:
        return fee
    return Fee(fee.fee, 1, money.rounded((labour.amount if labour else money.ZERO) * fee.line.percent / 100), fee.line)


def _applies(fee: str, job: Job) -> bool:
    return {"distance": job.km is not None, "time": job.minutes is not None, "holiday": job.is_holiday,
            "night": job.started_at is not None}.get(fee, True)


def _fits(row: LabourPrice, job: Job) -> bool:
    if row.fee == "distance":
        return rules.in_band(job.km, row.from_km, row.to_km)
    if row.fee == "night" and row.from_time and row.to_time:
        return rules.at_night(job.started_at, row.from_time, row.to_time)
    return True


def _valid(fees: Iterable[str], on: dt.date) -> list[LabourPrice]:
    fees = set(fees)
    schedule = kept.setting("catalog.fees", lambda: list(LabourPrice.objects.select_related("region")))
    return [row for row in schedule if row.fee in fees and row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)]


def wants_of(row: LabourPrice) -> tuple[Any, ...]:
    """The columns of a line as compared, None for any."""
    return (row.work_type_id, row.category_id, row.region.code if row.region_id else None, row.is_urban,
            row.customer_grade or None, row.customer_kind or None, row.service_class or None)


def _line(row: LabourPrice) -> rules.Line:
    return rules.Line(wants_of(row), row.valid_from, row.valid_to, row)


def _asked(job: Job, rows: list[LabourPrice]) -> tuple:
    has_category = any(row.category_id for row in rows)
    return (
        _one(job.work_type_id), ancestry(job.category_id) if has_category else [], people.region_chain(job.region_code),
        _one(job.is_urban), _one(job.customer_grade or None), _one(job.customer_kind or None), _one(job.service_class or None),
    )


def explain(fee: str, job: Job) -> tuple[Fee | None, list[dict]]:
    """A fee and why: every line valid that day with `verdict` (won, beaten, differs) and the word that decided (`why`)."""
    labour = price_job(["labour", fee], job)
    rows = list(
        LabourPrice.objects.select_related("region", "work_type", "category").filter(fee=fee, valid_from__lte=job.on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=job.on)).order_by("id")
    )
    fitting = [row for row in rows if _applies(fee, job) and _fits(row, job)]
    told = [
        {"line": one.line.value, "verdict": one.verdict, "why": "" if one.verdict == "won" else _why(one)}
        for one in rules.judge([_line(row) for row in fitting], _asked(job, rows), job.on)
    ]
    told += [{"line": row, "verdict": "differs", "why": _("公里数或时间不符")} for row in rows if row not in fitting]
    return labour.get(fee), told


def _why(verdict: rules.Verdict) -> str:
    if verdict.column is None:
        return _("另一条生效更晚")
    column = COLUMNS[verdict.column]
    return _("%(column)s不符") % {"column": column} if verdict.verdict == "differs" else _("另一条的%(column)s更具体") % {"column": column}


def line_label(row: LabourPrice) -> str:
    """The combination of a line in words: `维修 · 空调 · 郊区`; 不限 for one that names nothing."""
    urban = {True: _("城区"), False: _("郊区")}.get(row.is_urban, "")
    words = [
        row.work_type.name if row.work_type_id else "", row.category.name if row.category_id else "",
        row.region.name if row.region_id else "", urban, row.customer_grade, str(KINDS_OF_CUSTOMER.get(row.customer_kind, row.customer_kind)),
        str(CLASSES.get(row.service_class, row.service_class)), band_label(row),
    ]
    return " · ".join(word for word in words if word) or _("不限")


def band_label(row: LabourPrice) -> str:
    """The band, period or hours of a line in words; empty where it has none."""
    if row.fee == "distance" and (row.from_km is not None or row.to_km is not None):
        return f"{row.from_km or 0}–{row.to_km or '∞'} km"
    if row.fee == "time" and row.per_minutes:
        return _("每 %(n)s 分钟") % {"n": row.per_minutes}
    if row.fee == "night" and row.from_time and row.to_time:
        return f"{row.from_time:%H:%M}–{row.to_time:%H:%M}"
    return ""


def part_price(part: Part, on: dt.date, *, grade: str = "", kind: str = "") -> Decimal:
    """The part's price on that day: its dated price, else the price of its own row."""
    return part_prices([part], on, grade=grade, kind=kind)[part.pk]


def part_prices(parts: Iterable[Part], on: dt.date, *, grade: str = "", kind: str = "") -> dict[int, Decimal]:
    """Prices of several parts on that day for that grade and kind of customer, by part id; one statement.

    A price for the grade goes before one for the kind, that before one for all, that before the part's own.
    """
    prices = {part.pk: part.price_amount for part in parts}
    dated = PartPrice.objects.filter(part_id__in=prices, valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    ranks: dict[int, tuple] = {}
    for part_id, amount, of_grade, of_kind, since in dated.values_list("part_id", "amount", "customer_grade", "customer_kind", "valid_from"):
        if of_grade not in ("", grade) or of_kind not in ("", kind):
            continue
        rank = (bool(of_grade), bool(of_kind), since)
        if part_id not in ranks or rank > ranks[part_id]:
            ranks[part_id], prices[part_id] = rank, amount
    return prices


def _id(row) -> int | None:
    return row.pk if isinstance(row, Model) else row


def _one(value) -> tuple:
    return () if value is None else (value,)
