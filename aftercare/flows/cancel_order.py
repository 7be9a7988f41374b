"""An order that will not be done: parts go free, requests end, the customer's thing is accounted for."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as receipts
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import contract_use, lend_loaner, quoting
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def cancel(
    order, *, reason: str, item: str = "", returned_to: str = "", code: str = "", loaner_reason: str = "", version: int | None = None,
    actor: Actor, at: dt.datetime,
):
    """Cancel the order. `item` says what becomes of a thing we hold for it: "returned" (with the receipt's code) or
    "void" (it never came in); without it such an order is refused (`item_held`). It does not go back while
    its loaner is out (`loaner_out`), unless `loaner_reason` says why. Gives back the order.
    """
    order = work.cancel(order, reason=reason, version=version, actor=actor, at=at)
    quoting.end_with(order, reason=reason, actor=actor, at=at)
    source = Source.of(order)
    inventory.release(source=source, actor=actor, at=at)
    inventory.cancel_requests(source=source, actor=actor, at=at, reason=reason)
    contract_use.give_back(order, actor=actor, at=at)
    rows = [row for row in orders.read_materials(order) if row.reserved_qty]
    for row in rows:
        row.reserved_qty = 0
    work.note_stock(rows)
    held = receipts.find_held_for(source)
    if held is None:
        return order
    if item == "returned":
        lend_loaner.require_no_loaner(lend_loaner.loans_out(held), loaner_reason, actor=actor, at=at)
        custody.hand_back(held, returned_to=returned_to, code=code, reason="" if code else reason, actor=actor, at=at)
    elif item == "void":
        custody.void_receipt(held, reason=reason, actor=actor, at=at)
    else:
        raise WrongState(
            _("客户的物品还在我方（%(number)s），请先交还或作废收条") % {"number": held.number}, code="item_held", field="item",
            custody=held.number,
        )
    return order
