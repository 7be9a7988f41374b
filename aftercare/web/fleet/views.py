"""How all units stand: in warranty, ending soon, out, doubtful; as a list and as a workbook.

States are worked out by the rules while the list is walked, never kept: a list cannot say otherwise than a file.
"""

from __future__ import annotations

import tempfile
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import access, queries
from aftercare.foundation import clock, spreadsheet
from aftercare.foundation.access import Actor
from aftercare.web.pages.cells import EMPTY
from aftercare.web.policy import actor_of, page

SIZE = 80
# Units looked at for one page, and for a count; what lies beyond is told as such.
PAGE_CAP, COUNT_CAP, ROW_CAP = 20_000, 50_000, 200_000
SOON = 30
TONES = {"in_warranty": "ok", "contract": "info", "goodwill": "warn", "not_started": "violet", "out": "mute",
         "doubtful": "bad", "unknown": "mute"}
TABS = (
    ("", gettext_lazy("全部"), (), None),
    ("soon", gettext_lazy("30 天内到期"), (), SOON),
    ("in_warranty", gettext_lazy("保内"), ("in_warranty",), None),
    ("contract", gettext_lazy("合同内"), ("contract",), None),
    ("out", gettext_lazy("已过保"), ("out",), None),
    ("doubtful", gettext_lazy("待判定"), ("doubtful",), None),
    ("unknown", gettext_lazy("无条款"), ("unknown", "not_started"), None),
)
COLUMNS = (gettext_lazy("设备编号"), gettext_lazy("产品"), gettext_lazy("序列号"), gettext_lazy("客户"), gettext_lazy("保修"),
           gettext_lazy("依据"), gettext_lazy("起"), gettext_lazy("止"), gettext_lazy("剩余天数"), gettext_lazy("疑点"))
# On telephones the state, the last day and the days left stand on the right; what else is there is on the unit's page.
_CLASSES = {4: ' class="c-end"', 5: ' class="c-opt"', 6: ' class="c-opt"', 7: ' class="c-end"', 8: ' class="num c-opt"'}


def rows_of(actor: Actor, query: Any) -> QuerySet:
    """The units he may see, narrowed by category and search."""
    rows = assets.searched(assets.list_assets(actor), query.get("q", ""))
    category = query.get("category", "")
    if category.isdigit():
        rows = rows.filter(product__category_id=int(category))
    return rows.select_related(None)


def _walk(request: HttpRequest, actor: Actor, before: int | None = None):
    _key, _label, states, within = next((tab for tab in TABS if tab[0] == request.GET.get("tab", "")), TABS[0])
    days = request.GET.get("days", "")
    within = int(days) if days.isdigit() else within
    return queries.walk_fleet(rows_of(actor, request.GET), at=clock.now(), states=states, within_days=within, before=before)


@page(access.VIEW)
def show(request: HttpRequest) -> HttpResponse:
    """The list; a state that is rare may need a second step to be found further back."""
    actor = actor_of(request)
    if request.GET.get("part") == "count":
        return HttpResponse(_count(request, actor))
    before = request.GET.get("before", "")
    found, reached, seen = [], None, 0
    for one in _walk(request, actor, int(before) if before.isdigit() else None):
        if isinstance(one, int):
            reached, seen = one, seen + 1000
            if seen >= PAGE_CAP:
                break
            continue
        found.append(one)
        if len(found) == SIZE:
            reached = one.asset_id
            break
    else:
        reached = None
    is_part = bool(request.headers.get("HX-Request"))
    context = _context(request, actor, found, reached)
    return render(request, "layouts/register_list.html" if is_part else "layouts/register.html", context)


def _context(request: HttpRequest, actor: Actor, found: list, reached: int | None) -> dict[str, Any]:
    count = format_html('<span hx-get="{}" hx-trigger="load">…</span>', _with(request, part="count", before=None))
    categories = [(str(c.pk), c.name) for c in catalog.list_categories(actor).filter(is_active=True).order_by("name")[:200]]
    return {
        "title": _("保修总览"),
        "columns": [{"label": label, "cls": "num" if label == COLUMNS[8] else "", "sort_url": "", "direction": ""} for label in COLUMNS],
        "body": mark_safe("".join(_line(one) for one in found)),
        "empty": {"title": _("没有符合条件的设备")},
        "tabs": [{"label": label, "url": f"/fleet/?tab={key}", "current": key == request.GET.get("tab", ""), "count": None}
                 for key, label, _states, _within in TABS],
        "search": {"value": request.GET.get("q", ""), "placeholder": _("序列号 / 设备编号 / 产品")},
        "filters": [
            {"name": "category", "label": _("品类"), "value": request.GET.get("category", ""), "kind": "text", "choices": categories},
            {"name": "days", "label": _("几天内到期"), "value": request.GET.get("days", ""), "kind": "number", "choices": None},
        ],
        "keep": [("tab", request.GET["tab"])] if request.GET.get("tab") else [],
        "filtered": any(request.GET.get(name) for name in ("category", "days", "q")),
        "list_url": request.path,
        "tools": [{"label": _("导出"), "url": f"/fleet/export.xlsx{_with(request, before=None)}", "icon": "down"}],
        "keys": True,
        "pager": {
            "text": format_html(_("共 {} 台"), count),
            "previous_url": _with(request, before=None) if request.GET.get("before") else "",
            "next_url": _with(request, before=reached) if reached else "",
        },
    }  # fmt: skip


def _line(one: queries.Standing) -> str:
    flags = _("、").join(queries.reason_text({"code": flag}) for flag in one.flags)
    left = "" if one.days_left is None else f"{one.days_left:,}"
    cells = (
        format_html('<a class="lead" href="/assets/{}/">{}</a>', one.number, one.number), conditional_escape(one.product),
        conditional_escape(one.serial) or EMPTY, conditional_escape(one.customer) or EMPTY,
        format_html('<span class="pill tone-{}">{}</span>', TONES[one.state], queries.state_label(one.state)),
        conditional_escape(one.cover) or EMPTY, one.starts_on.isoformat() if one.starts_on else EMPTY,
        one.ends_on.isoformat() if one.ends_on else EMPTY, left or EMPTY,
        format_html('<span class="t-warn">{}</span>', flags) if flags else EMPTY,
    )  # fmt: skip
    return "<tr>" + "".join(f'<td{_CLASSES.get(at, "")}>{cell}</td>' for at, cell in enumerate(cells)) + "</tr>"


def _count(request: HttpRequest, actor: Actor) -> str:
    found = seen = 0
    for one in _walk(request, actor):
        if isinstance(one, int):
            seen += 1000
            if seen >= COUNT_CAP:
                return f"{found:,}+"
        else:
            found += 1
    return f"{found:,}"


@page(access.VIEW)
def export(request: HttpRequest) -> FileResponse:
    """The same units as a workbook."""
    actor = actor_of(request)
    kinds = ["text"] * 6 + ["date", "date", "quantity", "text"]
    columns = [spreadsheet.Column(str(label), kind) for label, kind in zip(COLUMNS, kinds, strict=True)]
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, columns, _values(request, actor), title=str(_("保修总览")), zone_name=actor.zone)
    file.seek(0)
    name = f"fleet-{clock.now().astimezone(clock.zone(actor.zone)):%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


def _values(request: HttpRequest, actor: Actor):
    count = 0
    for one in _walk(request, actor):
        if isinstance(one, int):
            continue
        count += 1
        if count > ROW_CAP:
            return
        flags = _("、").join(queries.reason_text({"code": flag}) for flag in one.flags)
        yield (one.number, one.product, one.serial, one.customer, queries.state_label(one.state), one.cover, one.starts_on,
               one.ends_on, one.days_left, flags)


def _with(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    query.pop("part", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return "?" + query.urlencode()
