"""A supplier's page: terms, prices, orders under way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.parties import access as parties
from aftercare.domain.parties import queries as suppliers
from aftercare.domain.purchasing import access, queries
from aftercare.foundation import clock
from aftercare.web.pages import timelines
from aftercare.web.policy import actor_of, page

MOST = 50


@page(parties.VIEW_SUPPLIER)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What a supplier offers on which terms, and what he has still to bring."""
    actor = actor_of(request)
    row = suppliers.get_supplier(key, actor)
    may_see = actor.holds(access.VIEW)
    context = {
        "row": row, "title": row.name, "number": row.number, "list_label": _("供应商"), "list_url": "/suppliers/",
        "status": {"label": _("启用") if row.is_active else _("停用"), "tone": "ok" if row.is_active else "mute"},
        "may_edit": actor.holds(parties.EDIT_SUPPLIER), "may_order": actor.holds(access.ORDER), "may_see": may_see,
        "prices": list(queries.list_prices(actor).filter(supplier=row).order_by("part__code", "-valid_from")[:MOST]),
        "orders": list(queries.list_orders(actor).filter(supplier=row).order_by("-id")[:MOST]) if may_see else [],
        "today": clock.local_day(clock.now(), actor.zone),
        "events": timelines.events("parties.supplier", row.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "purchasing/supplier.html", context)
