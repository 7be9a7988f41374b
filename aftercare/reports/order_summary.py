"""Orders grouped and summed (ANA-02): counts and money by one thing, and across a second one as a pivot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from aftercare.domain.work import lifecycle
from aftercare.domain.work import queries as work
from aftercare.foundation import money
from aftercare.foundation.spreadsheet import Column

# By what orders are grouped: name -> (label, column of the key, column of its name; empty: the key itself).
GROUPS: dict[str, tuple[Any, str, str]] = {
    "status": (_("状态"), "status", ""),
    "month": (_("登记月份"), "month", ""),
    "branch": (_("机构"), "branch_id", "branch__name"),
    "engineer": (_("工程师"), "engineer_id", "engineer__name"),
    "outlet": (_("网点"), "outlet_id", "outlet__name"),
    "work_type": (_("服务类型"), "work_type_id", "work_type__name"),
    "category": (_("品类"), "category_id", "category__name"),
    "product": (_("产品"), "product_id", "product__name"),
    "region": (_("区域"), "region__code", "region__name"),
    "service_class": (_("服务类别"), "service_class", ""),
    "mode": (_("方式"), "mode", ""),
    "result": (_("结果"), "result", ""),
    "customer": (_("客户"), "customer_id", "customer__name"),
}
# What may stand across: few enough to fit beside each other.
ACROSS = ("status", "month", "branch", "work_type", "service_class", "mode", "result")
MEASURES = {"orders": _("单数"), "amount": _("应收")}
MOST_LINES, MOST_HEADS = 500, 24
_CHOICES = {name: dict(found.choices) for name, found in work.ORDER_FILTERS.items() if found.choices}


@dataclass(frozen=True)
class Line:
    """One group: how many orders, of them open, late and finished, what they come to, and its values across by key."""

    key: Any
    name: str
    orders: int
    open: int
    late: int
    finished: int
    amount: Decimal
    across: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Summary:
    """The lines, most orders first (months newest first), the total of all of them, and the heads across."""

    by: str
    across: str
    measure: str
    heads: tuple[tuple[Any, str], ...]
    lines: tuple[Line, ...]
    total: Line
    is_cut: bool


def calculate(rows: QuerySet, *, by: str, across: str = "", measure: str = "orders", at: dt.datetime) -> Summary:
    """Sum the orders of `rows`, which are already limited to what may be seen. One statement, two with `across`."""
    _label, key, name = GROUPS[by]
    plain = rows.select_related(None).order_by()
    columns = [key, name] if name else [key]
    found = plain.values(*columns).annotate(**_figures(at))
    found = list(found.order_by("-month") if by == "month" else found.order_by("-orders", key))
    heads, cells = _pivot(plain, key, across, measure) if across else ((), {})
    lines = tuple(
        _line(row[key], tell(by, row[key], row[name] if name else None), row, _cells(cells, row[key], heads)) for row in found
    )
    total = _line(None, "", _total(found), tuple(_sum(line.across[n] for line in lines) for n in range(len(heads))))
    return Summary(by, across, measure, heads, lines[:MOST_LINES], total, len(lines) > MOST_LINES)


def columns_of(summary: Summary) -> list[Column]:
    """The headings for a workbook."""
    kind = "money" if summary.measure == "amount" else "integer"
    return [
        Column(GROUPS[summary.by][0], width=24), Column(_("单数"), "integer"), Column(_("未完成"), "integer"),
        Column(_("已超时"), "integer"), Column(_("已完工"), "integer"), Column(_("应收"), "money"),
        *(Column(label, kind) for _key, label in summary.heads),
    ]


def rows(summary: Summary) -> Iterator[tuple]:
    """Rows for `columns_of`, the total last."""
    for line in summary.lines:
        yield (line.name, line.orders, line.open, line.late, line.finished, line.amount, *line.across)
    total = summary.total
    yield (str(_("合计")), total.orders, total.open, total.late, total.finished, total.amount, *total.across)


def tell(by: str, key: Any, name: str | None) -> str:
    """What a group is called."""
    if key in (None, ""):
        return "—"
    if by == "month":
        return f"{key:%Y-%m}"
    if by in _CHOICES:
        return str(_CHOICES[by].get(key, key))
    return name or str(key)


def _figures(at: dt.datetime) -> dict[str, Any]:
    return {
        "orders": Count("pk"), "open": Count("pk", filter=Q(is_open=True)), "late": Count("pk", filter=Q(due_key__lt=at)),
        "finished": Count("pk", filter=Q(status__in=sorted(lifecycle.FINISHED))), "amount_sum": Sum("amount"),
    }


def _pivot(plain: QuerySet, key: str, across: str, measure: str) -> tuple[tuple, dict]:
    _label, column, name = GROUPS[across]
    value = Sum("amount") if measure == "amount" else Count("pk")
    columns = dict.fromkeys(filter(None, (key, column, name)))
    found = list(plain.values(*columns).annotate(value=value).order_by())
    named = {row[column]: tell(across, row[column], row[name] if name else None) for row in found}
    order = sorted(named, key=lambda k: _place(across, k, named[k]))[-MOST_HEADS:]
    return tuple((k, named[k]) for k in order), {(row[key], row[column]): row["value"] for row in found}


def _place(across: str, key: Any, name: str) -> Any:
    if across in _CHOICES:
        known = list(_CHOICES[across])
        return (known.index(key) if key in known else -1, "")
    return (0, f"{key}" if across == "month" else name)


def _cells(cells: dict, key: Any, heads: tuple) -> tuple:
    return tuple(cells.get((key, head)) or 0 for head, _name in heads)


def _total(found: list[dict]) -> dict[str, Any]:
    return {name: _sum(row[name] or 0 for row in found) for name in ("orders", "open", "late", "finished", "amount_sum")}


def _sum(values) -> Any:
    return sum(values)


def _line(key: Any, name: str, row: dict, across: tuple) -> Line:
    amount = money.ZERO + (row["amount_sum"] or 0)
    return Line(key, name, row["orders"], row["open"], row["late"], row["finished"], amount, across)
