"""The engineer counts his own van on his telephone: blind, by scan or down the list, and hands the count in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import access
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.web.field.views import frame
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.stocktakes import counting


def address_of(row) -> str:
    """The engineer's page of a count."""
    return f"/field/counts/{row.number}/"


def _own(key: str, actor: Actor):
    row = stock.get_stocktake(key, actor)
    if actor.employee_id is None or row.place.employee_id != actor.employee_id:
        raise NotFound(_("没有找到盘点单"), kind="inventory.stocktake")
    return row


@page(access.PERFORM, stock_access.COUNT)
def count(request: HttpRequest, key: str) -> HttpResponse:
    """One count: the field for the scanner, what was counted last with its number, what is left, what he has counted."""
    row = _own(key, actor_of(request))
    answered, context = counting.take(request, row, address_of(row))
    return answered if answered is not None else _show(request, row, context)


def _show(request: HttpRequest, row, context: dict) -> HttpResponse:
    why = stock.why_not_count(row, actor_of(request)) if context["is_open"] else None
    last = next((line for line in context["done"] if str(line.position) == str(context["last"])), None)
    context |= frame(
        request, title=_("盘点"), sub=f"{row.place.name} · {row.number}", back_url="/field/van/", here=address_of(row), last_line=last,
        why_not=why[1] if why else "", done=context["counted"], total=context["every"], rows=context["done"],
    )
    return render(request, "field/count.html", context, status=context["status"])


@page(access.PERFORM, stock_access.COUNT)
@require_POST
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """Close his round; what must be counted again goes to somebody else, else the count waits for approval."""
    row = _own(key, actor_of(request))

    def act(*, actor: Actor, at) -> str:
        after = inventory.finish_round(row, rest_is_zero="rest_is_zero" in request.POST, actor=actor, at=at)
        return "/field/van/" if after.status != "counting" else address_of(row)

    try:
        return perform(request, f"field.count:{key}", act, done=_("已提交盘点"))
    except RuleBroken as refused:
        return _show(request, row, counting.context_of(request, row, refused))
