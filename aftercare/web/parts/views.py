from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.catalog import access, queries
from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import queries as stock
from aftercare.foundation import clock
from aftercare.web.pages import timelines
from aftercare.web.parts.forms import load
from aftercare.web.policy import actor_of, page


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A part: what it is, its price today and its dated prices, where it lies."""
    actor = actor_of(request)
    part = load(key, actor)
    today = clock.local_day(clock.now(), actor.zone)
    context = {
        "part": part,
        "price": queries.part_price(part, today),
        "prices": list(queries.list_part_prices(actor).filter(part=part).order_by("-valid_from")[:50]),
        "balances": list(stock.balances(actor).filter(part=part).order_by("place__code")[:100])
        if actor.holds(stock_access.VIEW_STOCK)
        else [],
        "today": today,
        "may_edit": actor.holds(access.EDIT),
        "may_price": actor.holds(access.EDIT_PRICE),
        "events": timelines.events("catalog.part", part.pk, limit=20),
    }
    return render(request, "parts/part.html", context)
