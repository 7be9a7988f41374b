"""Lists of orders with a declared set of filters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import queries as people
from aftercare.domain.work.lifecycle import Status
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation import access, clock, search
from aftercare.foundation.access import Actor

ORDER_SORT = ("-created_at", "-id")
# The nearest repair limit first; orders whose limit no longer runs come last.
DUE_SORT = ("due_key", "id")
SOON = dt.timedelta(hours=4)


@dataclass(frozen=True)
class Filter:
    """A filter a list understands: its name, label, sort of value and, for a choice, the choices."""

    name: str
    label: Any
    kind: str  # choice | choices | flag | day | text | ref
    choices: tuple = ()


ORDER_FILTERS: dict[str, Filter] = {
    f.name: f
    for f in (
        Filter("text", _("搜索"), "text"),
        Filter("status", _("状态"), "choices", tuple(Status.choices)),
        Filter("open", _("未完结"), "flag"),
        Filter("late", _("已超时"), "flag"),
        Filter("soon", _("即将超时"), "flag"),
        Filter("region", _("区域"), "ref"),
        Filter("branch", _("机构"), "ref"),
        Filter("outlet", _("网点"), "ref"),
        Filter("engineer", _("工程师"), "ref"),
        Filter("customer", _("客户"), "ref"),
        Filter("asset", _("设备"), "ref"),
        Filter("work_type", _("工种"), "ref"),
        Filter("category", _("品类"), "ref"),
        Filter("product", _("产品"), "ref"),
        Filter("fault", _("故障代码"), "ref"),
        Filter("mode", _("方式"), "choice", tuple(WorkOrder.Mode.choices)),
        Filter("service_class", _("服务类别"), "choice", tuple(WorkOrder.ServiceClass.choices)),
        Filter("result", _("结果"), "choice", tuple(WorkOrder.Result.choices[1:])),
        Filter("urgent", _("加急"), "flag"),
        Filter("repeat", _("返修"), "flag"),
        Filter("created_from", _("登记自"), "day"),
        Filter("created_to", _("登记至"), "day"),
        Filter("planned_on", _("预约日"), "day"),
        Filter("finished_from", _("完工自"), "day"),
        Filter("finished_to", _("完工至"), "day"),
    )
}
_REFS = {name: f"{name}_id" for name in ("branch", "outlet", "engineer", "customer", "asset", "work_type", "category", "product", "fault")}
_PLAIN = {"mode": "mode", "service_class": "service_class", "result": "result", **_REFS}


# What a list shows of other rows; the rest of them, and the order's long texts, are read when asked for.
_SHOWN = {
    "customer": ("number", "name", "phone", "grade", "kind_of", "branch_id"),
    "product": ("name", "code", "brand", "category_id"),
    "asset": ("number", "serial", "product_id", "customer_id", "branch_id"),
    "engineer": ("number", "name", "phone", "branch_id"),
    "region": ("code", "name", "is_urban"),
    "branch": ("number", "name", "zone", "kind_of"),
    "outlet": ("number", "name"),
    "work_type": ("code", "name", "minutes", "is_repair"),
}
_LONG = {"search", "detail", "entitlement", "findings", "quote", "is_open"}
_COLUMNS = (
    *(field.name for field in WorkOrder._meta.concrete_fields if field.name not in _LONG),
    *(f"{name}__{column}" for name, columns in _SHOWN.items() for column in columns),
)


def list_orders(actor: Actor, *, at: dt.datetime | None = None, **filters) -> QuerySet[WorkOrder]:
    """Orders the actor may see, joined with what a list shows; page by ORDER_SORT.

    Filters are those of ORDER_FILTERS; empty values are ignored, an unknown name raises LookupError. Days are local
    days of the actor, both ends inclusive. `region` is a division's id or code: a city or province takes all its
    districts. `late` and `soon` need `at`.
    """
    rows = access.visible(WorkOrder, actor).select_related(*_SHOWN).only(*_COLUMNS)
    return narrow_orders(rows, zone=actor.zone, at=at, **filters)


def narrow_orders(rows: QuerySet[WorkOrder], *, zone: str, at: dt.datetime | None = None, **filters) -> QuerySet[WorkOrder]:
    """Rows already limited to what may be seen, narrowed by the filters of `list_orders`; `zone` is that of the days."""
    for name, value in filters.items():
        if name not in ORDER_FILTERS:
            raise LookupError(name)
        if value not in (None, "", (), []):
            rows = _narrow(rows, zone, name, value, at)
    return rows


def _narrow(rows, zone: str, name: str, value, at) -> QuerySet[WorkOrder]:
    kind = ORDER_FILTERS[name].kind
    if kind == "day":
        return _days(rows, zone, name, value)
    if name == "text":
        return _text(rows, str(value).strip())
    if name == "region":
        return _region(rows, value)
    if name == "status" or name in _PLAIN:
        column = _PLAIN.get(name, name)
        many = isinstance(value, (list, tuple, set, frozenset))
        return rows.filter(**{f"{column}__in": sorted(value)} if many else {column: value})
    return _flag(rows, name, value, at)


def _flag(rows, name: str, value, at: dt.datetime | None):
    if name in ("late", "soon"):
        if not value:
            return rows
        if at is None:
            raise LookupError(f"{name} needs at")
        return rows.filter(due_key__lt=at) if name == "late" else rows.filter(due_key__gte=at, due_key__lt=at + SOON)
    if name == "open":
        return rows.filter(is_open=bool(value))
    if name == "repeat":
        return rows.filter(repeat_of__isnull=not value)
    return rows.filter(**{name: value})


def _days(rows, zone: str, name: str, day: dt.date):
    start, end = clock.day_bounds(day, zone)
    if name == "planned_on":
        return rows.filter(planned_at__gte=start, planned_at__lt=end)
    column, side = name.rsplit("_", 1)
    return rows.filter(**{f"{column}_at__gte": start} if side == "from" else {f"{column}_at__lt": end})


def _region(rows, value):
    code = str(value)
    if not code.isdigit():
        return rows.filter(region__code=code)
    if isinstance(value, int) or len(code) < 6:
        return rows.filter(region_id=int(code))
    if not code.endswith("00"):
        # Looked up first: joined by its code, the orders of a district are collected and sorted before the first is shown.
        found = people.region_ids(code)
        return rows.filter(region_id=found[0]) if found else rows.none()
    # The districts by themselves: joined by a range of codes, PostgreSQL takes a whole city for a handful of rows.
    return rows.filter(region_id__walked=people.region_ids(code))


def _text(rows, text: str):
    """Told by its shape: a number by range on its index, everything else by grams (telephone, serial, Chinese)."""
    number = text.upper()
    if number.startswith("WO") and number[2:].isdigit():
        return rows.filter(number=number) if len(number) >= 14 else rows.filter(Q(number__gte=number, number__lt=number + "~"))
    if number.startswith("LD") and number[2:].isdigit():
        return rows.filter(contact_number=number)
    return search.narrow(rows, text)
