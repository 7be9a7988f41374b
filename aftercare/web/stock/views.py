from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.inventory.lifecycle import REQUEST
from aftercare.domain.purchasing import queries as purchasing
from aftercare.flows import substituting
from aftercare.web.pages import sources, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.purchasing import shown as supply
from aftercare.web.stock import requests
from aftercare.web.stock.registers import TONES, request_address

DOOR = MoveDoor(
    slug="part-requests",
    lifecycle=REQUEST,
    load=queries.get_request,
    address=request_address,
    runs={"fill": actions.fill, "cancel": actions.cancel},
    asks={"reason": lambda actor, row: forms.CharField(label=_("原因"), max_length=200)},
)


@page(access.VIEW_STOCK)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A part request: what is lacking, for which document, where it lies elsewhere."""
    actor = actor_of(request)
    row = queries.get_request(key, actor)
    context = {
        "row": row,
        "title": row.part.name,
        "number": row.number,
        "list_label": _now("缺件申请"),
        "list_url": "/part-requests/",
        "status": {"label": row.get_status_display(), "tone": TONES[row.status]},
        "moves": DOOR.buttons(row, actor),
        "source_url": sources.address_of(row.source_kind, row.source_number),
        "elsewhere": list(
            queries.seen_balances(actor).filter(part_id=row.part_id, condition="good").order_by("place__code")[:50]
        ),
        "offers": substituting.offers(row.part_id, place_ids=[row.place_id], actor=actor),
        # What is bought for it already, and the button that asks for it otherwise.
        "bought": purchasing.requests_of_shortage(row.pk) if actor.holds("purchasing.view_request") else [],
        "may_buy": row.status == "open" and actor.may("purchasing.request", branch_id=row.branch_id),
        "supply": [one for one in supply.supply(row.source_kind, row.source_id, actor) if one["part"].pk == row.part_id],
        "priority": requests.priority_label(row.priority), "notices": requests.notices_of(row, actor),
        "may_rank": row.status == "open" and actor.may(access.MOVE, branch_id=row.branch_id), "may_tell": requests.may_tell(row, actor),
        "may_swap": row.status == "open" and row.source_kind == "work.workorder" and actor.holds("work.perform"),
        "events": timelines.events("inventory.partrequest", row.pk, zone_name=actor.zone),
    }
    return render(request, "stock/request.html", context)


@page(access.VIEW_STOCK)
@require_POST
def use_instead(request: HttpRequest, key: str) -> HttpResponse:
    """The order takes a substitute for what it lacks."""
    row = queries.get_request(key, actor_of(request))

    def act(*, actor, at) -> str:
        substituting.use_instead(row, part_id=int(request.POST.get("part") or 0), actor=actor, at=at)
        return sources.address_of(row.source_kind, row.source_number)

    return perform(request, f"use_instead:{key}", act, done=_now("已改用替代件"))
