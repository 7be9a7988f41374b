"""The list page of a register: full page, table part for htmx, count on demand, spreadsheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from aftercare.domain.people import queries as people
from aftercare.foundation import clock, paging
from aftercare.foundation.access import Actor
from aftercare.web.markup import conditional_escape, format_html
from aftercare.web.pages.cells import Shown
from aftercare.web.pages.registers import Column, Register
from aftercare.web.policy import actor_of, page

# A broad filter costs the same on five thousand and on five million rows.
COUNT_CAP = 10_000


def view(register: Register):
    """The list view of a register, with its policy."""

    @page(register.permission)
    def show(request: HttpRequest) -> HttpResponse:
        if request.GET.get("part") == "count":
            return HttpResponse(_tell_count(register, request))
        shown = Shown(actor_of(request), clock.now())
        is_part = bool(request.headers.get("HX-Request"))
        context = build(register, request, shown)
        return render(request, "layouts/register_list.html" if is_part else "layouts/register.html", context)

    show.register = register
    return show


def build(register: Register, request: HttpRequest, shown: Shown) -> dict[str, Any]:
    """Context of the list layouts for one page of rows."""
    rows = register.narrowed(shown.actor, request.GET)
    sort = request.GET.get("sort", "")
    found = paging.page(rows, order=register.column_order(sort), cursor=request.GET.get("cursor"), size=register.size)
    kept = list(people.saved_views(shown.actor.employee_id, register.slug)) if shown.actor.employee_id else []
    columns = _chosen(register, kept)
    count = format_html('<span hx-get="{}" hx-trigger="load">…</span>', _with(request, part="count", cursor=None))
    create = register.create
    tools = [
        {"label": _("导出"), "url": f"{register.home}export.xlsx{_with(request, cursor=None)}", "icon": "down"}
    ]
    if register.summary:
        tools.insert(0, {"label": _("汇总"), "url": f"{register.summary}{_with(request, cursor=None, sort=None)}", "icon": "chart"})
    tools += [{"label": label, "url": url, "icon": "list"} for label, url, permission in register.links if shown.actor.holds(permission)]
    if create and shown.actor.holds(create[2]):
        tools.append({"label": create[0], "url": create[1], "icon": "plus", "primary": True})
    return {
        "title": register.title,
        "columns": _columns(columns, sort, request),
        "choices": _choices(register, columns) if shown.actor.employee_id else None,
        "body": draw_rows(register, found.rows, shown, columns),
        "empty": _empty(register, shown.actor, request),
        "pickable": bool(register.bulk),
        "bulk": {"url": f"{register.home}bulk", "actions": [(b.key, b.label) for b in register.bulk]}
        if register.bulk
        else None,
        "tabs": _tabs(register, shown.actor, request),
        "views": _views(kept, request),
        "kept_views": [view for view in kept if view.name],
        "search": {"value": request.GET.get("q", ""), "placeholder": register.search_hint} if register.search else None,
        "filters": filters_of(register, shown.actor, request),
        "keep": [(k, request.GET[k]) for k in ("tab", "sort") if request.GET.get(k)],
        "filtered": any(request.GET.get(f.key) for f in register.filters) or request.GET.get("q"),
        "list_url": request.path,
        "save_view": f"/views/{register.slug}/save",
        "choose_columns": f"/views/{register.slug}/columns",
        "tools": tools,
        "keys": True,
        "pager": {
            "text": format_html(_("共 {} 条"), count),
            "previous_url": _with(request, cursor=found.previous) if found.previous else "",
            "next_url": _with(request, cursor=found.next) if found.next else "",
        },
    }


def draw_rows(register: Register, rows: list, shown: Shown, chosen: list[Column] | None = None) -> SafeString:
    """All rows as one string: a template per cell would cost ten times the whole page."""
    columns = [(c.cell, f"<td{_marks(c)}>") for c in chosen or register.usual_columns()]
    lines = []
    for row in rows:
        cells = "".join([f"{head}{cell(row, shown)}</td>" for cell, head in columns])
        peek = f' data-peek="{conditional_escape(register.peek(row))}"' if register.peek else ""
        lines.append(f"<tr{peek}>{_pick(row) if register.bulk else ''}{cells}</tr>")
    return mark_safe("".join(lines))


def _marks(column: Any) -> SafeString:
    """Attributes of a column's cells: its class, and for figures their name, which telephones show beside them."""
    css = format_html(' class="{}"', column.css) if column.css else ""
    name = format_html(' data-l="{}"', column.label) if "num" in column.css.split() else ""
    return mark_safe(f"{css}{name}")


def _pick(row: Any) -> SafeString:
    return format_html(
        '<td class="c-pick"><label><input type="checkbox" name="pk" value="{}" form="bulk" aria-label="{}"></label></td>',
        row.pk,
        getattr(row, "number", row.pk),
    )


def _chosen(register: Register, kept: list) -> list[Column]:
    """The columns that he chose, kept as a view without a name; else the list's own."""
    layout = next((view.query for view in kept if not view.name), "")
    return register.chosen_columns(layout.split(",")) if layout else register.usual_columns()


def _choices(register: Register, columns: list[Column]) -> list[dict]:
    seen = {column.key for column in columns}
    return [
        {"key": c.key, "label": c.label, "on": c.key in seen, "fixed": number == 0}
        for number, c in enumerate(register.columns)
        if c.on_page or c.can_show
    ]


def _empty(register: Register, actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """What an empty list says, and the way out: the filters away, or the first row."""
    told = {"title": register.empty or _("没有符合条件的记录")}
    if request.GET.get("q") or any(request.GET.get(f.key) for f in register.filters):
        return {"title": _("没有符合条件的记录"), "url": request.path, "label": _("清除条件")}
    way = register.create or register.first
    return told | {"url": way[1], "label": way[0]} if way and actor.holds(way[2]) else told


def _columns(columns: list[Column], sort: str, request: HttpRequest) -> list[dict]:
    heads = []
    for column in columns:
        is_current = bool(column.order) and sort.lstrip("-") == column.key
        is_down = is_current and sort.startswith("-")
        # The first click sorts as people expect of that column: deadlines ascending, dates newest first.
        following = ("" if is_down else "-") if is_current else ("-" if column.first == "desc" else "")
        heads.append(
            {
                "label": column.label,
                "cls": column.css,
                "sort_url": _with(request, sort=following + column.key, cursor=None) if column.order else "",
                "direction": "" if not is_current else "descending" if is_down else "ascending",
            }
        )
    return heads


def _tabs(register: Register, actor: Actor, request: HttpRequest) -> list[dict]:
    current = request.GET.get("tab", register.default_tab)
    counts = register.tab_counts(actor) if register.tab_counts else {}
    return [
        {
            "label": tab.label,
            "url": f"{request.path}?tab={tab.key}",
            "current": tab.key == current,
            "count": tab.count(actor) if tab.count else counts.get(tab.key),
        }
        for tab in register.tabs
    ]


def _views(kept: list, request: HttpRequest) -> list[dict]:
    return [
        {"label": v.name, "url": f"{request.path}?{v.query}", "current": request.GET.urlencode() == v.query}
        for v in kept
        if v.name
    ]


def filters_of(register: Register, actor: Actor, request: HttpRequest) -> list[dict]:
    """The chips above the list."""
    return [
        {
            "name": f.key,
            "label": f.label,
            "value": request.GET.get(f.key, ""),
            "kind": f.input,
            "choices": list(f.choices(actor)) if f.choices else None,
        }
        for f in register.filters
        if not f.quiet or request.GET.get(f.key)
    ]


def _tell_count(register: Register, request: HttpRequest) -> str:
    rows = register.narrowed(actor_of(request), request.GET)
    found = rows.order_by().values("pk")[: COUNT_CAP + 1].count()
    return f"{COUNT_CAP:,}+" if found > COUNT_CAP else f"{found:,}"


def _with(request: HttpRequest, **changes) -> str:
    query = request.GET.copy()
    query.pop("part", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return "?" + query.urlencode()
