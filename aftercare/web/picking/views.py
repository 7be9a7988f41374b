"""The pick list: orders with promised or lacking parts, the next appointment first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.inventory import access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import queries
from aftercare.flows import prepare_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.policy import actor_of, page

ORDER = "work.workorder"
MOST = 400
_LAST = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


@page(access.RECEIVE)
def show(request: HttpRequest) -> HttpResponse:
    """The list with a button for each order."""
    actor = actor_of(request)
    context = {"title": _("拣货单"), "jobs": build(actor), "zone": actor.zone}
    return render(request, "picking/list.html", context)


@page(access.RECEIVE)
def print_sheet(request: HttpRequest) -> HttpResponse:
    """The same on paper, to walk along the shelves with."""
    actor = actor_of(request)
    context = {
        "title": _("拣货单"), "jobs": [job for job in build(actor) if job["ready"]], "zone": actor.zone, "size": "a5",
        "back_url": "/picking/", "note": _("A5 横向"), "now": clock.now(), "who": actor.name,
    }  # fmt: skip
    return render(request, "picking/print.html", context)


def build(actor: Actor) -> list[dict[str, Any]]:
    """Orders with what lies ready in the store for them and what is still lacking."""
    ready, lacking = {}, {}
    for row in stock.promised_in_stores(actor, ORDER)[:MOST]:
        ready.setdefault(row.source_id, []).append(row)
    for row in stock.list_requests(actor).filter(source_kind=ORDER, status="open").order_by("pk")[:MOST]:
        lacking.setdefault(row.source_id, []).append(row)
    orders = queries.get_orders({*ready, *lacking}, actor)
    jobs = [
        {
            "order": order, "url": f"/orders/{order.number}/", "ready": ready.get(pk, []), "lacking": lacking.get(pk, []),
            "may_issue": bool(ready.get(pk)) and bool(order.engineer_id) and order.mode != "bench"
            and prepare_parts.may_carry(order, actor),
        }
        for pk, order in orders.items()
    ]  # fmt: skip
    return sorted(jobs, key=lambda job: (not job["may_issue"], job["order"].planned_at or _LAST, job["order"].pk))
