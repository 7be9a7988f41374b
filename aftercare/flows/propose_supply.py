"""What should be bought: from what documents lack, and from lower and upper limits; each wish becomes a request once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import access, rules
from aftercare.domain.purchasing import actions as purchasing
from aftercare.domain.purchasing import queries as supply
from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ZERO = Decimal(0)


class Target(NamedTuple):
    """What shall lie at a place of a part: below `min_qty` it is filled up to `max_qty`."""

    place: Any
    part: Any
    min_qty: Decimal
    max_qty: Decimal


@dataclass(frozen=True)
class Proposal:
    """One part at one place: what is there, promised, on its way and asked for, and what should be bought from whom."""

    place: Any
    part: Any
    min_qty: Decimal
    max_qty: Decimal
    on_hand_qty: Decimal
    reserved_qty: Decimal
    on_order_qty: Decimal
    transit_qty: Decimal
    # What documents lack and what other stores ask for: it goes off what is there.
    wanted_qty: Decimal
    # What is asked for and not ordered: it counts as coming.
    requested_qty: Decimal
    projected_qty: Decimal
    propose_qty: Decimal
    supplier: Any = None
    price_amount: Decimal | None = None


def limits(actor: Actor, branch_id: int | None) -> list[Target]:
    """Targets from the lower and upper limits that keepers set. A forecast gives targets of the same shape instead."""
    rows = stock.balances(actor, empty=True).filter(max_qty__gt=0, condition="good", lot="")
    if branch_id is not None:
        rows = rows.filter(place__branch_id=branch_id)
    return [Target(row.place, row.part, row.min_qty, row.max_qty) for row in rows.order_by("place_id", "part_id")]


def propose(
    actor: Actor, *, at: dt.datetime, branch_id: int | None = None,
    targets: Callable[[Actor, int | None], list[Target]] = limits,
) -> list[Proposal]:
    """What should be bought now. At most eleven statements, however many parts.

    Projected = on hand − reserved + on order + in inspection + in transit + requested − what documents lack; below the lower
    limit it is filled up to the upper one, in whole packs of the cheapest valid supplier. What the actor counts blind is left
    out until it is counted.
    """
    if not actor.holds(access.ORDER):
        actor.require_anywhere(access.REQUEST)
    hidden = stock.hidden_at(actor)
    wanted = [target for target in targets(actor, branch_id) if (target.place.pk, target.part.pk) not in hidden]
    if not wanted:
        return []
    places, parts = {t.place.pk for t in wanted}, {t.part.pk for t in wanted}
    here = stock.levels(places, parts)
    on_order, inspecting = supply.on_order(places, parts), supply.awaiting_inspection(places, parts)
    transit, requested = supply.in_transit(places, parts), supply.requested(places, parts)
    lacking, to_send = _lacking(places, parts), supply.to_send(places, parts)
    prices = supply.prices_on(clock.local_day(at, actor.zone), parts)
    found = []
    for target in wanted:
        key = target.place.pk, target.part.pk
        on_hand, reserved = here.get(key, (ZERO, ZERO))
        wished = lacking.get(key, ZERO) + to_send.get(key, ZERO)
        coming = on_order.get(key, ZERO) + inspecting.get(key, ZERO)
        projected = on_hand - reserved + coming + transit.get(key, ZERO) + requested.get(key, ZERO) - wished
        if projected >= target.min_qty:
            continue
        price = next(iter(prices.get(target.part.pk, [])), None)
        pack, least = (price.pack_qty, price.min_qty) if price else (Decimal(1), ZERO)
        qty = rules.rounded_to_packs(target.max_qty - projected, pack, least)
        found.append(Proposal(
            *target, on_hand, reserved, coming, transit.get(key, ZERO), wished, requested.get(key, ZERO), projected, qty,
            price.supplier if price else None, price.price_amount if price else None,
        ))
    return found


def _lacking(places: Iterable[int], parts: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    found: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for request in stock.open_requests(parts):
        if request.place_id in places:
            found[request.place_id, request.part_id] += request.qty
    return found


@whole()
def request_proposals(
    *, actor: Actor, at: dt.datetime, branch_id: int | None = None, chosen: Mapping[tuple[int, int], Decimal] | None = None,
) -> list:
    """Requests of what is proposed now, one for each place and supplier; `chosen` names (place, part) and their quantities.

    Run twice, or by two at once, it asks once: the first number taken makes the second caller wait, and what he then finds
    requested counts as coming.
    """
    numbering.take("RUN")
    groups: dict[tuple, list[Proposal]] = defaultdict(list)
    for one in propose(actor, at=at, branch_id=branch_id):
        if chosen is None or (one.place.pk, one.part.pk) in chosen:
            groups[one.place.pk, one.supplier.pk if one.supplier else None].append(one)
    made = []
    for ones in groups.values():
        lines = [{"part_id": one.part.pk, "qty": (chosen or {}).get((one.place.pk, one.part.pk)) or one.propose_qty,
                  "price_amount": one.price_amount if one.supplier and one.supplier.currency == "CNY" else None} for one in ones]
        made.append(purchasing.create_request(place=ones[0].place, supplier=ones[0].supplier, lines=lines, origin="reorder", actor=actor, at=at))
    return made


@whole()
def request_shortages(shortages: Iterable, *, actor: Actor, at: dt.datetime) -> list:
    """Requests of what documents lack (缺件申请), one for each place where it is wanted; each lack is asked for once.

    Those that are filled, cancelled or asked for already are left out.
    """
    shortages = [one for one in shortages if one.status == "open"]
    asked = supply.requested_shortages([one.pk for one in shortages])
    groups: dict[int, list] = defaultdict(list)
    for one in shortages:
        if one.pk not in asked:
            groups[one.place_id].append(one)
    return [
        purchasing.create_request(place=ones[0].place, origin="shortage", actor=actor, at=at, lines=[
            {"part_id": one.part_id, "qty": one.qty, "shortage_id": one.pk, "source": Source(one.source_kind, one.source_id, one.source_number)}
            for one in ones
        ])
        for ones in groups.values()
    ]
