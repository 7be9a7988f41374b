"""The bill of material of the unit at hand, on the telephone: parts are picked by where they sit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import BEFORE_WORK, IN_WORK, Status
from aftercare.flows import bills_of_material
from aftercare.foundation import clock
from aftercare.web.field import shown
from aftercare.web.field.views import frame
from aftercare.web.policy import actor_of, page


@page(access.PERFORM)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Each part of the model with its picture, what is free in his van and store, and a button that takes it."""
    actor = actor_of(request)
    order = queries.get_order(key, actor)
    places = bills_of_material.places_near(branch_id=order.outlet_id or order.branch_id, employee_id=order.engineer_id)
    day = clock.local_day(clock.now(), actor.zone)
    # Whoever does the job sees what lies in his van and in the store that serves it, as in the box for parts.
    lines = bills_of_material.shown(order.product, on=day, places=places, actor=actor, sees_stock=True) if order.product_id else []
    taken = {row.part_id: row.qty for row in queries.materials_of(order)}
    context = frame(
        request, title=order.product.name if order.product_id else order.number, sub=order.number, back_url=shown.address_of(order),
        url=shown.address_of(order), lines=[{"line": line, "taken": taken.get(line.part.pk)} for line in lines],
        may_parts=order.status in BEFORE_WORK | IN_WORK | {Status.REPAIRED, Status.REWORK},
    )
    return render(request, "field/model.html", context)
