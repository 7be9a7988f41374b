"""The page of a product model: pictures, what it is, its bill of material, warranty, fees, and how it does in the field."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aftercare.domain.assets import access as asset_access
from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import access, queries
from aftercare.domain.entitlement import access as cover_access
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.work import access as work_access
from aftercare.domain.work import queries as orders
from aftercare.flows import bills_of_material
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.files import shown as files
from aftercare.web.pages import timelines
from aftercare.web.policy import actor_of, page
from aftercare.web.products.forms import load_product

_MOST_FEES = 14
_DAYS = ("sold_on", "invoiced_on", "delivered_on", "installed_on", "registered_on")


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """All about one product model; one that was merged leads to the other."""
    actor = actor_of(request)
    product = load_product(key, actor)
    if product.merged_into_id and "old" not in request.GET:
        return redirect(f"/products/{product.merged_into_id}/")
    today = clock.local_day(clock.now(), actor.zone)
    attached = files.section(product, actor, *(("catalog.product", pk) for pk in queries.merged_ids(product)))
    context = {
        "product": product, "path": category_path(product.category_id, actor), "today": today,
        "attached": attached, "picture": next((tile for tile in attached["files"] if tile["is_picture"]), None),
        "lines": lines_of(product, actor, today), "terms": _terms(product, actor, today), "fees": _fees(product, actor, today),
        "codes": queries.article_codes_of(product), "facts": facts_of(product), "may_edit": actor.holds(access.EDIT),
        "may_merge": actor.holds(access.MERGE),
        "events": timelines.events("catalog.product", product.pk, limit=20), **_in_the_field(product, actor),
    }  # fmt: skip
    return render(request, "products/product.html", context)


@page(access.VIEW)
def peek(request: HttpRequest, key: str) -> HttpResponse:
    """The product in the drawer."""
    actor = actor_of(request)
    product = load_product(key, actor)
    today = clock.local_day(clock.now(), actor.zone)
    context = {
        "product": product, "title": product.name, "number": product.code, "url": f"/products/{product.pk}/",
        "path": category_path(product.category_id, actor), "facts": facts_of(product), "lines": lines_of(product, actor, today)[:12],
        "picture": bills_of_material.picture_of(product, actor=actor), **_in_the_field(product, actor),
    }  # fmt: skip
    return render(request, "products/peek.html", context)


def lines_of(product: Any, actor: Actor, day: dt.date) -> list:
    """The bill of material with the stock of the reader's branch."""
    places = bills_of_material.places_near(branch_id=actor.branch_id)
    return bills_of_material.shown(product, on=day, places=places, actor=actor)


def category_path(category_id: int | None, actor: Actor) -> list:
    """The category with those above it, the widest first."""
    chain = queries.ancestry(category_id)
    known = {row.pk: row for row in queries.list_categories(actor).filter(pk__in=chain)} if chain else {}
    return [known[pk] for pk in reversed(chain) if pk in known]


def facts_of(product: Any) -> list[dict]:
    """What stands in its file; what is empty is left out."""
    rows = [
        (_("型号"), product.code), (_("品牌"), product.brand), (_("生产厂家"), product.maker), (_("商品条码"), product.gtin),
        (_("单位"), product.unit), (_("别名"), "、".join(product.aliases)),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows if value]


def _terms(product: Any, actor: Actor, day: dt.date) -> list[dict]:
    """The terms that hold for a unit sold and installed today."""
    if not actor.holds(cover_access.VIEW):
        return []
    trial = entitlement.try_out(on=day, product=product, days=dict.fromkeys(_DAYS, day))
    return [
        {"term": one.term, "starts": entitlement.start_label(one.started_by) if one.started_by else "", "ends_on": one.ends_on}
        for one in trial.terms if one.outcome == "wins"
    ]


def _fees(product: Any, actor: Actor, day: dt.date) -> dict:
    """The lines of the fee schedule that can win for this product on that day, the closest first."""
    chain = queries.ancestry(product.category_id)
    rows = queries.list_labour_prices(actor).filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    found = list(rows.filter(Q(category=None) | Q(category_id__in=chain)).order_by("fee", "work_type__position", "id")[:100])
    order = [fee for fee, _label in queries.FEES]
    found.sort(key=lambda row: (order.index(row.fee), chain.index(row.category_id) if row.category_id in chain else len(chain)))
    return {"more": max(len(found) - _MOST_FEES, 0), "lines": [{"row": row, "label": queries.line_label(row)} for row in found[:_MOST_FEES]]}


def _in_the_field(product: Any, actor: Actor) -> dict:
    told: dict[str, Any] = {"units": None, "troubles": None}
    if actor.holds(asset_access.VIEW):
        told["units"] = assets.list_assets(actor).filter(product_id=product.pk).count()
    if actor.holds(work_access.VIEW):
        told["troubles"] = found = orders.troubles_of_product(product.pk, actor)
        told["most"] = max((n for _pk, _name, n in found.faults), default=0)
    return told
