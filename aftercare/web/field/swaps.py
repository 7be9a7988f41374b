"""The swap of a component on the telephone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from aftercare.domain.work import access, queries
from aftercare.web.field import shown
from aftercare.web.field.views import frame
from aftercare.web.policy import actor_of, page
from aftercare.web.work import swaps


@page(access.PERFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, key: str) -> HttpResponse:
    """The form in the frame of the telephone's pages."""
    order = queries.get_order(key, actor_of(request))
    back = shown.address_of(order)
    extra = frame(request, title=order.number, back_url=back)
    return swaps.answer(request, order, back, "field/swap.html", extra)
