"""A part that was lacking has come: promise it to the line that waits, and tell the order or the sale."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.orders import queries as sales
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import prepare_parts, sell_parts
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def serve(request, *, actor: Actor, at: dt.datetime) -> bool:
    """Promise the goods to the request's line and close the request; False while there is not enough.

    Doing it again finds the request closed and changes nothing. The order stays in its state: a person decides when
    work goes on; he is told by a fact on the order.
    """
    if request.status != "open":
        return False
    if request.source_kind == "orders.sale":
        return sell_parts.serve(sales.get_sale(request.source_id, actor), request, actor=actor, at=at)
    if request.source_kind != "work.workorder":
        return False
    order = orders.get_order(request.source_id, actor, joined=False)
    rows = orders.read_materials(order)
    row = next((one for one in rows if prepare_parts.key_of(one) == request.line), None)
    if row is None:
        inventory.cancel(request, actor=actor, at=at)
        return False
    try:
        inventory.reserve(source=Source.of(order), actor=actor, at=at, lines=[
            inventory.ReserveLine(request.line, row.part_id, request.place_id, row.qty - row.used_qty, row.new_serial)
        ])
    except inventory.Shortage:
        return False
    row.reserved_qty, row.place_id = row.qty - row.used_qty, request.place_id
    work.note_stock([row])
    inventory.fill(request, actor=actor, at=at)
    ready = all(one.reserved_qty + one.used_qty >= one.qty for one in rows)
    work.note_parts_arrived(order, part_id=row.part_id, ready=ready, actor=actor, at=at)
    return True
