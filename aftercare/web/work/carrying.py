"""Parts of an order carried between the store and the engineer's van, from the order and from the pick list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import OPEN
from aftercare.flows import prepare_parts
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.work import shown

WAYS = {
    "reserve": (_("占用配件"), prepare_parts.reserve),
    "issue": (_("发到随车库"), prepare_parts.issue),
    "return": (_("退回配件库"), prepare_parts.return_unused),
}


def open_ways(order: Any, rows: Iterable[Any], actor: Actor, carried: Mapping[int, Any]) -> list[dict]:
    """What he may do now with the parts of the order: name and label, in the order of doing. `carried`: issued in part, by line."""
    rows = list(rows)
    if not rows or order.status not in OPEN or not prepare_parts.may_carry(order, actor):
        return []
    in_van = {row.place is not None and row.place.kind_of == "van" for row in rows if row.reserved_qty}
    found = []
    if any(row.qty > row.used_qty + row.reserved_qty and not row.used_qty for row in rows):
        found.append("reserve")
    if False in in_van and order.engineer_id and order.mode != "bench":
        found.append("issue")
    if True in in_van or carried:
        found.append("return")
    return [{"name": name, "label": WAYS[name][0]} for name in found]


@page(access.VIEW)
@require_POST
def carry(request: HttpRequest, key: str) -> HttpResponse:
    """Promise what lacks, hand out what is promised, or bring back what was not used."""
    order = queries.get_order(key, actor_of(request))
    way = request.POST.get("way", "")
    if way not in WAYS:
        raise NotFound("")
    label, run = WAYS[way]

    def act(*, actor: Actor, at) -> str:
        run(order, actor=actor, at=at)
        return _next(request) or shown.address_of(order)

    return perform(request, f"orders.{way}:{key}", act, done=_t("已%s") % label)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if wanted.startswith("/picking/") else ""
