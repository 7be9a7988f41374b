"""The part card: all about one part."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from aftercare.domain.catalog import access, queries
from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.inventory.rules import average
from aftercare.domain.purchasing import access as supply_access
from aftercare.domain.purchasing import queries as supply
from aftercare.flows import substituting
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.files import shown as files
from aftercare.web.pages import sources, timelines
from aftercare.web.parts.forms import load
from aftercare.web.parts.registers import address_of
from aftercare.web.policy import actor_of, page
from aftercare.web.prices.registers import CUSTOMERS


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A part: its prices, where it lies, its moves, promises, requests, cost, packs, substitutes, where it is used."""
    actor = actor_of(request)
    part = load(key, actor)
    if part.merged_into_id and "old" not in request.GET:
        return redirect(address_of(part.merged_into))
    today = clock.local_day(clock.now(), actor.zone)
    attached = files.section(part, actor, *(("catalog.part", pk) for pk in queries.merged_ids(part)))
    context = {
        "part": part,
        "price": queries.part_price(part, today),
        "prices": _prices(part, actor),
        "codes": queries.article_codes_of(part),
        "replaces": queries.replaced_by(part.pk),
        "supplier_prices": _supplier_prices(part, actor, today),
        "packs": queries.packs_of([part.pk]).get(part.pk, []),
        "fittings": queries.used_in(part.pk)[:100],
        "today": today,
        "may_edit": actor.holds(access.EDIT),
        "may_merge": actor.holds(access.MERGE),
        "attached": attached,
        "picture": next((tile for tile in attached["files"] if tile["is_picture"]), None),
        "may_price": actor.holds(access.EDIT_PRICE),
        "events": timelines.events("catalog.part", part.pk, limit=20),
        **(_stock(part, actor) if actor.holds(stock_access.VIEW_STOCK) else {}),
    }
    return render(request, "parts/part.html", context)


def _prices(part, actor: Actor) -> list:
    """Its dated prices, each with the customers it is for."""
    rows = list(queries.list_part_prices(actor).filter(part=part).order_by("-valid_from")[:50])
    kinds = dict(CUSTOMERS)
    for row in rows:
        row.whom = " ".join(str(text) for text in (row.customer_grade, kinds.get(row.customer_kind, "")) if text)
    return rows


def _supplier_prices(part, actor: Actor, day) -> list:
    """What suppliers ask for it today, the cheapest first, for who may see purchasing prices."""
    if not actor.holds(supply_access.VIEW_TERMS):
        return []
    rows = supply.list_prices(actor).filter(part=part, valid_from__lte=day).exclude(valid_to__lt=day)
    return list(rows.order_by("price_amount", "pk")[:20])


def _stock(part, actor: Actor) -> dict:
    balances = list(stock.seen_balances(actor).filter(part=part).order_by("place__code", "lot")[:100])
    lots = stock.lots_of([part.pk]) if any(row.lot for row in balances) else {}
    for row in balances:
        row.expires_on = lots[part.pk, row.lot].expires_on if (part.pk, row.lot) in lots else None
    promises = list(stock.promised(part.pk, actor)[:50])
    for row in promises:
        row.address = sources.address_of(row.source_kind, row.source_number)
    requests = list(stock.list_requests(actor).filter(part=part, status="open").order_by("-priority", "pk")[:50])
    costs = stock.costs_of(part.pk, actor) if actor.holds(stock_access.VIEW_COST) else []
    return {
        "balances": balances, "promises": promises, "requests": requests,
        "recent": stock.recent_moves(actor, part_id=part.pk, limit=15),
        "costs": [(row, average(row.qty, row.value_amount)) for row in costs],
        "classes": stock.class_history(part.pk, actor, limit=6) if actor.holds(stock_access.VIEW_COST) else [],
        "offers": substituting.offers(part.pk, actor=actor),
        "on_hand": sum(row.seen_qty for row in balances if row.condition == "good" and not row.is_counting),
        "reserved": sum(row.held_qty for row in balances if not row.is_counting), "is_counting": any(row.is_counting for row in balances), "lacking": sum(row.qty for row in requests),
    }  # fmt: skip
