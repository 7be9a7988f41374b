"""Ctrl+K: pages by name, orders, customers and units by what was typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as orders
from aftercare.foundation.access import Actor
from aftercare.web import navigation
from aftercare.web.policy import actor_of, page
from aftercare.web.reports import offered


@page()
def search(request: HttpRequest) -> HttpResponse:
    """Groups of links; only what the reader may open."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    groups = [{"label": _("页面"), "entries": _pages(text, actor)}]
    if text:
        if actor.holds("work.view_order"):
            groups.append({"label": _("服务单"), "entries": _orders(text, actor)})
        if actor.holds("parties.view_customer"):
            groups.append({"label": _("客户"), "entries": _customers(text, actor)})
        if actor.holds("assets.view_asset"):
            groups.append({"label": _("设备"), "entries": _units(text, actor)})
    return render(request, "components/palette_results.html", {"groups": [g for g in groups if g["entries"]]})


def _pages(text: str, actor: Actor) -> list[dict]:
    found = {
        entry.url: {"label": str(entry.label), "url": entry.url, "icon": entry.icon}
        for group, entries in navigation.sections(actor)
        for entry in entries
        if text.casefold() in f"{entry.label} {group.label}".casefold()
    }
    if text:  # reports have no entries of their own, and people know them by name
        for report in offered.list_reports(actor):
            if text.casefold() in str(report["label"]).casefold():
                found.setdefault(report["url"], {"label": str(report["label"]), "url": report["url"], "icon": "chart"})
    return list(found.values())[:8]


def _orders(text: str, actor: Actor) -> list[dict]:
    return [
        {
            "label": f"{order.number} {order.title}",
            "detail": order.get_status_display(),
            "url": f"/orders/{order.number}/",
            "icon": "list",
        }
        for order in orders.list_orders(actor, text=text).order_by("-created_at", "-id")[:6]
    ]


def _customers(text: str, actor: Actor) -> list[dict]:
    return [
        {
            "label": found.name,
            "detail": parties.shown_phone(found, actor),
            "url": f"/desk/?customer={found.number}",
            "icon": "users",
        }
        for found in parties.identify(text, actor, limit=6).customers
    ]


def _units(text: str, actor: Actor) -> list[dict]:
    return [
        {
            "label": f"{unit.product.name} {unit.serial}",
            "detail": unit.number,
            "url": f"/assets/{unit.number}/",
            "icon": "box",
        }
        for unit in assets.find_by_serial(text, actor, limit=6)
    ]
