"""What may be used instead of a part that lacks, where it lies, and taking it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import queries as orders
from aftercare.flows import prepare_parts
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import whole


@dataclass(frozen=True)
class Offer:
    """A substitute, and how much of it is free at the places asked for and elsewhere in sight."""

    part: object
    here_qty: Decimal
    elsewhere_qty: Decimal


def offers(part_id: int, *, place_ids: Iterable[int] = (), actor: Actor) -> list[Offer]:
    """The substitutes of a part, those that lie here first, then by their rank."""
    places = list(place_ids)
    parts = catalog.substitutes_of([part_id]).get(part_id, [])
    if not parts:
        return []
    free = stock.free_by_place([part.pk for part in parts], actor=actor, hidden=stock.hidden_from(actor))
    near = stock.bins_of(places).keys() | set(places)
    found = []
    for part in parts:
        spots = {place: qty for (of, place), qty in free.items() if of == part.pk}
        here = sum((qty for place, qty in spots.items() if place in near), Decimal(0))
        found.append(Offer(part, here, sum(spots.values(), Decimal(0)) - here))
    return sorted(found, key=lambda offer: offer.here_qty <= 0)


@whole()
def use_instead(request, *, part_id: int, actor: Actor, at: dt.datetime):
    """An order takes a substitute for what it lacks: its line names the other part from now on, the request is closed.

    Refuses what is no substitute (`no_substitute`); what is lacking of the substitute too is requested in its turn.
    """
    part = next((one for one in catalog.substitutes_of([request.part_id]).get(request.part_id, []) if one.pk == part_id), None)
    if part is None:
        raise RuleBroken(_("这个配件不是登记的替代件"), code="no_substitute", field="part")
    if request.source_kind != "work.workorder" or request.status != "open":
        raise RuleBroken(_("只有服务单的待补货申请可以改用替代件"), code="not_substitutable", field="part")
    order = orders.get_order(request.source_id, actor)
    material = prepare_parts.material_of(order, int(request.line[1:]))
    qty = material.qty - material.used_qty
    if material.used_qty:
        raise RuleBroken(_("这一行已用了一部分，请另加一行"), code="used_already", field="part")
    inventory.cancel(request, actor=actor, at=at, reason=wording.stored(lambda: _("改用 %(part)s") % {"part": part.code}))
    prepare_parts.remove(order, material.pk, actor=actor, at=at)
    order = orders.get_order(order.pk, actor)
    return prepare_parts.add(order, lines=[{"part": part, "qty": qty, "place_id": request.place_id}], actor=actor, at=at)
