"""Two lists that become papers with one click: what has to be bought, and what should be asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.inventory import queries as stock
from aftercare.domain.parties import queries as suppliers
from aftercare.domain.people import queries as people
from aftercare.domain.purchasing import access, actions, queries
from aftercare.flows import propose_supply
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.web.pages import fields
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.purchasing.registers import order_address

MOST = 300


@page(access.ORDER)
def to_buy(request: HttpRequest) -> HttpResponse:
    """Approved lines that are not ordered, with who offers them at which price."""
    actor = actor_of(request)
    lines = list(queries.lines_to_order(actor)[:MOST])
    prices = queries.prices_on(clock.local_day(clock.now(), actor.zone), {line.part_id for line in lines})
    context = {
        "title": _("待订购"), "zone": actor.zone, "suppliers": list(suppliers.list_suppliers(actor, active=True).order_by("name")[:MOST]),
        "rows": [{"line": line, "open_qty": line.qty - line.ordered_qty, "offers": prices.get(line.part_id, [])[:3]} for line in lines],
    }  # fmt: skip
    return render(request, "purchasing/to_buy.html", context)


@page(access.ORDER)
@require_POST
def order_lines(request: HttpRequest) -> HttpResponse:
    """A draft order of the lines picked, to one supplier."""

    def act(*, actor: Actor, at) -> str:
        ids = [int(one) for one in request.POST.getlist("pick") if one.isdigit()]
        if not ids:
            raise RuleBroken(_("请先勾选要订购的行"), code="nothing_picked")
        lines = queries.get_lines(ids, actor)
        if len({line.request.place_id for line in lines}) > 1:
            raise RuleBroken(_("一张订单只能收到一个库位"), code="one_place")
        if request.POST.get("way") == "ask":
            return _ask(lines, request.POST.get("supplier", ""), actor, at)
        if not request.POST.get("supplier"):
            raise RuleBroken(_("请选择供应商"), code="supplier_missing", field="supplier")
        supplier = suppliers.get_supplier(fields.whole(request.POST["supplier"]), actor)
        prices = queries.prices_on(clock.local_day(at, actor.zone), {line.part_id for line in lines}, supplier_id=supplier.pk)
        order = actions.create_order(
            supplier=supplier, place=lines[0].request.place, actor=actor, at=at,
            lines=[{"part_id": line.part_id, "qty": line.qty - line.ordered_qty, "request_line_id": line.pk,
                    "price_amount": None if line.part_id in prices else line.price_amount} for line in lines],
        )
        return order_address(order)

    return perform(request, "purchase_order.from_lines", act, done=_("已生成单据"))


def _ask(lines: list, chosen: str, actor: Actor, at) -> str:
    """An enquiry to everybody who has a price for these parts, and to the supplier chosen."""
    offered = queries.prices_on(clock.local_day(at, actor.zone), {line.part_id for line in lines})
    asked = {price.supplier_id: price.supplier for prices in offered.values() for price in prices}
    if chosen.isdigit():
        asked[int(chosen)] = suppliers.get_supplier(int(chosen), actor)
    enquiry = actions.create_enquiry(
        place=lines[0].request.place, suppliers=asked.values(), actor=actor, at=at,
        lines=[{"part_id": line.part_id, "qty": line.qty - line.ordered_qty, "request_line_id": line.pk} for line in lines],
    )
    return f"/enquiries/{enquiry.number}/"


@page(access.REQUEST, access.ORDER)
def reorder(request: HttpRequest) -> HttpResponse:
    """What should be bought by the limits, with all that was counted."""
    actor = actor_of(request)
    branch = request.GET.get("branch", "")
    found = propose_supply.propose(actor, at=clock.now(), branch_id=int(branch) if branch.isdigit() else None)
    context = {
        "title": _("补货建议"), "rows": found, "zone": actor.zone, "branch": branch, "may_request": actor.holds(access.REQUEST),
        "branches": list(people.list_branches(actor)),
    }  # fmt: skip
    return render(request, "purchasing/reorder.html", context)


@page(access.REQUEST)
@require_POST
def request_reorder(request: HttpRequest) -> HttpResponse:
    """Requests of the proposals picked, grouped by place and supplier."""

    def act(*, actor: Actor, at) -> str:
        chosen = {}
        for one in request.POST.getlist("pick"):
            place_id, _dash, part_id = one.partition("-")
            chosen[fields.whole(place_id), fields.whole(part_id)] = None
        if not chosen:
            raise RuleBroken(_("请先勾选要申请的配件"), code="nothing_picked")
        propose_supply.request_proposals(chosen=chosen, actor=actor, at=at)
        return "/purchase-requests/"

    return perform(request, "purchase_request.reorder", act, done=_("已生成采购申请"))


@page(access.REQUEST)
@require_POST
def request_shortage(request: HttpRequest) -> HttpResponse:
    """What a part request lacks shall be bought."""

    def act(*, actor: Actor, at) -> str:
        shortage = stock.get_request(request.POST.get("number", ""), actor)
        made = propose_supply.request_shortages([shortage], actor=actor, at=at)
        if not made:
            raise RuleBroken(_("这些缺件已经申请采购"), code="requested_already")
        return f"/purchase-requests/{made[0].number}/"

    return perform(request, "purchase_request.shortage", act, done=_("已生成采购申请"))
