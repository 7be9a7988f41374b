"""Orders grouped and summed: the filters of the list, by what, across what; every figure leads to its orders."""

from __future__ import annotations

import calendar
import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from aftercare.foundation import clock, spreadsheet
from aftercare.reports import order_summary
from aftercare.web.pages import lists
from aftercare.web.policy import actor_of, page
from aftercare.web.work.registers import ORDERS

PATH = "/orders/summary/"
OWN = ("by", "across", "measure")
# Under which name the list narrows to a group.
_NAMES = {"service_class": "class"}
_UNLINKED = {"product", "result"}


def _asked(request: HttpRequest) -> order_summary.Summary:
    query = request.GET
    by, across, measure = (query.get(name, "") for name in OWN)
    by = by if by in order_summary.GROUPS else "status"
    across = across if across in order_summary.ACROSS and across != by else ""
    rows = ORDERS.narrowed(actor_of(request), _narrowing(query))
    measure = measure if measure in order_summary.MEASURES else "orders"
    return order_summary.calculate(rows, by=by, across=across, measure=measure, at=clock.now())


def _narrowing(query: Any) -> dict[str, str]:
    """The list's own filters; without a tab all orders are summed, not only the open ones."""
    return {"tab": "all"} | {name: value for name, value in query.items() if name not in OWN}


@page(ORDERS.permission)
def show(request: HttpRequest) -> HttpResponse:
    """The table; htmx gets what changes with the filters."""
    found = _asked(request)
    actor = actor_of(request)
    kept = {k: v for k, v in _narrowing(request.GET).items() if v}
    chosen = [
        _chip("by", _("按什么分组"), found.by, [(key, label) for key, (label, *_r) in order_summary.GROUPS.items()]),
        _chip("across", _("横向展开"), found.across, [(k, order_summary.GROUPS[k][0]) for k in order_summary.ACROSS if k != found.by]),
    ]
    if found.across:
        chosen.append(_chip("measure", _("单数"), found.measure, list(order_summary.MEASURES.items())))
    query = request.GET.urlencode()
    context = {
        "title": _("服务单汇总"), "found": found, "list_url": PATH, "heading": order_summary.GROUPS[found.by][0],
        "search": {"value": request.GET.get("q", ""), "placeholder": ORDERS.search_hint},
        "filters": chosen + lists.filters_of(ORDERS, actor, request),
        "tabs": _tabs(request), "keep": [("tab", kept["tab"])],
        "filtered": any(name not in (*OWN, "tab") for name in kept),
        "tools": [
            {"label": _("清单"), "url": f"/orders/?{urlencode(kept)}", "icon": "list"},
            {"label": _("导出"), "url": f"{PATH}export.xlsx?{query}", "icon": "down"},
        ],
        "lines": [{"line": line, "url": _address(found.by, line.key, kept)} for line in found.lines],
        "is_money": found.measure == "amount",
    }  # fmt: skip
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "work/summary_part.html" if is_part else "work/summary.html", context)


@page(ORDERS.permission)
def export(request: HttpRequest) -> FileResponse:
    """The table as a workbook."""
    found, actor = _asked(request), actor_of(request)
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, order_summary.columns_of(found), order_summary.rows(found), title=_("服务单汇总"), zone_name=actor.zone)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"orders-by-{found.by}-{clock.local_day(clock.now(), actor.zone):%Y%m%d}.xlsx")


def _chip(name: str, label: str, value: str, choices: list) -> dict:
    return {"name": name, "label": label, "value": value, "kind": "text", "choices": choices}


def _tabs(request: HttpRequest) -> list[dict]:
    current = _narrowing(request.GET)["tab"]
    query = {name: value for name, value in request.GET.items() if name != "tab" and value}
    return [
        {"label": tab.label, "url": f"{PATH}?{urlencode(query | {'tab': tab.key})}", "current": tab.key == current, "count": None}
        for tab in ORDERS.tabs
    ]


def _address(by: str, key: Any, kept: dict[str, str]) -> str:
    """The list of a group's orders; empty where the list knows no such filter."""
    if key in (None, "") or by in _UNLINKED:
        return ""
    name, value = _NAMES.get(by, by), f"{key}"
    if by == "month":
        last = calendar.monthrange(key.year, key.month)[1]
        name, value = "created", f"{key:%Y-%m}-01..{key:%Y-%m}-{last:02d}"
    return f"/orders/?{urlencode(kept | {name: value})}"
