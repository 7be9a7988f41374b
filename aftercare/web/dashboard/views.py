"""The first page of each role; every figure leads to the list it counts."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aftercare.domain.work.lifecycle import Status
from aftercare.foundation import clock
from aftercare.reports import dashboards, work_lists
from aftercare.web.dashboard import first_steps
from aftercare.web.policy import actor_of, page
from aftercare.web.work import shown

_TONES = {"good": "ok", "warn": "warn", "bad": "bad"}


@page()
def show(request: HttpRequest) -> HttpResponse:
    """The dashboard of one's role, or of another one that one may open (`?role=`); engineers go to their telephone page."""
    actor, at = actor_of(request), clock.now()
    roles = dashboards.roles_of(actor)
    if roles[:1] == ["engineer"]:
        return redirect("/field/")
    if not roles:
        return render(request, "dashboard/nothing.html", {"title": _("工作台")})
    found = dashboards.calculate(actor, at=at, role=request.GET.get("role", ""))
    lists = work_lists.calculate(actor, at=at)
    context = {
        "title": _("仪表盘"), "shown_at": found.at, "kpis": [_kpi(figure) for figure in found.figures], "now": at,
        "zone": actor.zone, "lists": lists, "role": found.role,
        "roles": [{"code": code, "label": dashboards.ROLES[code][0]} for code in roles if code != "engineer"],
        "points": [{"label": f"{day:%m-%d}", "values": [new, done]} for day, new, done in lists.days or []],
        "names": [_("新增"), _("完成")], "most_state": max([n for _state, n in lists.states], default=1),
        "states": [
            {"label": Status(state).label, "value": n, "url": f"/orders/?tab=all&status={state}"} for state, n in lists.states
        ],
        "late": _orders(lists.late), "pool": _orders(lists.pool), "load": _load(lists.load),
        "most": max([n for *_x, n in lists.load or []], default=1),
        "steps": first_steps.list_steps(actor) if not any(figure.value for figure in found.figures) else None,
    }  # fmt: skip
    return render(request, "dashboard/dashboard.html", context)


def _orders(rows: list | None) -> list[dict] | None:
    return None if rows is None else [{"order": order, "status": shown.status_of(order)} for order in rows]


def _load(rows: list | None) -> list[dict] | None:
    if rows is None:
        return None
    return [{"label": name, "value": n, "url": f"/orders/?tab=open&engineer={pk}"} for pk, name, n in rows]


def _kpi(figure: dashboards.Figure) -> dict:
    value = figure.value
    if value is None:
        text = "—"
    elif figure.kind == "percent":
        text = f"{Decimal(value) * 100:.1f}%"
    else:
        text = f"{value:,.0f}"
    return {
        "label": figure.label, "value": text, "prefix": "¥" if figure.kind == "money" else "",
        "tone": _TONES.get(figure.tone, "") if figure.value else "", "url": address_of(figure),
    }  # fmt: skip


def address_of(figure: dashboards.Figure) -> str:
    """The list behind a figure, narrowed to the rows it counts."""
    if not figure.register:
        return ""
    query: dict[str, str] = {}
    for name, value in figure.filters.items():
        query |= _WORDS[figure.register](name, value)
    return f"/{figure.register}/?{urlencode(query)}" if query else f"/{figure.register}/"


def _order_words(name: str, value) -> dict[str, str]:
    if name in ("late", "soon"):
        return {"tab": "open", "limit": name}
    if name == "status":
        return {"tab": "all", "status": value[0]}
    if name == "created_from":
        return {"tab": "all", "created": "today"}
    return {"engineer": str(value)} if name == "engineer" else {}


_TABS = {"undone": "undone", "due": "due", "below": "short", "overdue": "late"}


def _tab_words(name: str, value) -> dict[str, str]:
    if name in _TABS:
        return {"tab": _TABS[name]}
    if name == "status":
        return {"tab": value[0] if len(value) == 1 else "open"}
    return {name: f"{value}"}


_WORDS = {"orders": _order_words} | dict.fromkeys(("contacts", "callbacks", "stock", "part-requests", "statements", "purchase-orders", "purchase-requests",
                                                "receipts", "supplier-invoices"), _tab_words)
