from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.catalog import access, queries
from aftercare.foundation import clock
from aftercare.web.policy import actor_of, page
from aftercare.web.prices.registers import FEES

# A list to hang on the wall: who wants all parts takes the export.
MOST_PARTS = 400


@page(access.VIEW)
def public(request: HttpRequest) -> HttpResponse:
    """The price list for customers, valid today, on A4: fees by kind and prices of parts."""
    actor = actor_of(request)
    today = clock.local_day(clock.now(), actor.zone)
    valid = queries.list_labour_prices(actor).filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
    lines = list(
        valid.filter(service_class__in=("", "A")).order_by("work_type__position", "category__name", "is_urban")
    )
    parts = list(queries.list_parts(actor).filter(is_active=True).order_by("-uses", "id")[:MOST_PARTS])
    prices = queries.part_prices(parts, today)
    context = {
        "title": _("维修收费标准"),
        "size": "a4",
        "back_url": "/prices/",
        "today": today,
        "fees": [{"label": label, "lines": [x for x in lines if x.fee == fee]} for fee, label in FEES],
        "parts": [{"row": p, "price": prices[p.pk]} for p in parts if prices[p.pk]],
    }
    return render(request, "prices/public.html", context)
