"""A transfer's page and its printed sheet."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.purchasing import access, actions, queries
from aftercare.domain.purchasing.lifecycle import TRANSFER
from aftercare.web.pages import timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.policy import actor_of, page
from aftercare.web.transfers.registers import TONES, address_of

DOOR = MoveDoor(
    slug="transfers",
    lifecycle=TRANSFER,
    load=queries.get_transfer,
    address=address_of,
    runs={"reject": actions.reject_transfer, "cancel": actions.cancel_transfer},
    asks={"reason": lambda actor, row: forms.CharField(label=_("原因"), max_length=200)},
    open_moves=queries.open_transfer_moves,
)


@page(access.VIEW_TRANSFER)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What was asked for, what was sent, what became of it, and who has to act."""
    actor = actor_of(request)
    row = queries.get_transfer(key, actor)
    lots = queries.transfer_lots_of(row)
    names = {move.name for move in queries.open_transfer_moves(row, actor)}
    open_rows = [lot for lot in lots if lot.transit_qty or lot.damaged_qty]
    context = {
        "row": row, "title": f"{row.from_place.name} → {row.to_place.name}", "number": row.number, "list_label": _t("要货与调拨"),
        "list_url": "/transfers/", "status": {"label": row.get_status_display(), "tone": TONES[row.status]},
        "moves": DOOR.buttons(row, actor), "lines": queries.transfer_lines_of(row), "lots": lots,
        "may_approve": "approve" in names, "may_ship": "ship" in names,
        "may_receive": "receive" in names and any(lot.transit_qty for lot in lots),
        "may_settle": "settle" in names and row.arrivals and open_rows, "has_difference": row.arrivals and open_rows,
        "events": timelines.events(row.kind, row.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "transfers/transfer.html", context)


@page(access.VIEW_TRANSFER)
def print_sheet(request: HttpRequest, key: str) -> HttpResponse:
    """调拨单 on A4, which goes with the goods."""
    actor = actor_of(request)
    row = queries.get_transfer(key, actor)
    context = {
        "row": row, "lines": queries.transfer_lines_of(row), "lots": queries.transfer_lots_of(row), "heading": _t("调拨单"),
        "title": f"{_t('调拨单')} {row.number}", "size": "a4", "back_url": address_of(row), "note": "A4", "zone": actor.zone,
        "link": request.build_absolute_uri(address_of(row)),
    }  # fmt: skip
    return render(request, "transfers/print.html", context)
