"""A shipment's page: filled by scanning while it is a draft, sent, printed, answered."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from aftercare.domain.cores import access, actions, queries
from aftercare.domain.cores.lifecycle import SHIPMENT
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, Refusal
from aftercare.web.cores.registers import SHIPMENT_TONES, TONES, shipment_address, who
from aftercare.web.pages import timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


def _text(label, length=60):
    return lambda actor, row: forms.CharField(label=label, max_length=length)


DOOR = MoveDoor(
    slug="core-shipments",
    lifecycle=SHIPMENT,
    load=queries.get_shipment,
    address=shipment_address,
    runs={"post": actions.post_shipment, "cancel": actions.cancel_shipment, "reverse": actions.reverse_shipment},
    asks={"reason": _text(_("原因"), 200), "carrier": _text(_("承运人")), "tracking_number": _text(_("运单号"))},
    open_moves=queries.open_shipment_moves,
)


@page(access.VIEW_SHIPMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The shipment with its pieces. POST: one scanned tag or serial number goes into the box."""
    actor = actor_of(request)
    row = queries.get_shipment(key, actor)
    refusal, code = "", request.POST.get("code", "").strip()[:60]
    if request.method == "POST":

        def act(*, actor: Actor, at) -> str:
            actions.add(row, core=queries.find_to_box(code, actor), actor=actor, at=at)
            return shipment_address(row)

        try:
            return perform(request, f"cores.box:{row.number}", act)
        except NotAllowed:
            raise
        except Refusal as refused:
            refusal = str(refused.message)
    pieces = queries.pieces_of(row)
    context = {
        "row": row, "title": row.supplier.name if row.supplier else _t("旧件寄厂"), "number": row.number, "list_label": _t("旧件寄厂"),
        "list_url": "/core-shipments/", "sub": row.branch.name, "refusal": refusal, "code": code,
        "status": {"label": row.get_status_display(), "tone": SHIPMENT_TONES[row.status]}, "moves": DOOR.buttons(row, actor),
        "pieces": [{"core": core, "who": who(core), "tone": TONES[core.status]} for core in pieces], "figures": queries.figures_of(pieces),
        "may_fill": row.status == "draft" and actor.may(access.SHIP, branch_id=row.branch_id),
        "may_edit": row.status in ("draft", "posted") and actor.may(access.SHIP, branch_id=row.branch_id),
        "may_answer": row.status == "posted" and actor.may(access.CREDIT, branch_id=row.branch_id),
        "events": timelines.events(row.kind, row.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "cores/shipment.html", context, status=422 if refusal else 200)


@page(access.SHIP)
@require_POST
def take_out(request: HttpRequest, key: str, core: str) -> HttpResponse:
    """A piece is taken out of the box."""
    actor = actor_of(request)
    row, piece = queries.get_shipment(key, actor), queries.get_core(core, actor)

    def act(*, actor: Actor, at) -> str:
        actions.remove(row, core=piece, actor=actor, at=at)
        return shipment_address(row)

    return perform(request, f"cores.unbox:{key}:{core}", act, done=_t("已移出"))


@page(access.VIEW_SHIPMENT)
def print_sheet(request: HttpRequest, key: str) -> HttpResponse:
    """The packing list on A4, which lies in the box."""
    row = queries.get_shipment(key, actor_of(request))
    pieces = queries.pieces_of(row)
    context = {
        "row": row, "pieces": [{"core": core, "who": who(core)} for core in pieces], "heading": _t("旧件寄厂清单"), "size": "a4",
        "title": f"{_t('旧件寄厂清单')} {row.number}", "back_url": shipment_address(row), "note": "A4",
        "link": request.build_absolute_uri(shipment_address(row)), "count": len(pieces),
    }  # fmt: skip
    return render(request, "cores/print_shipment.html", context)
