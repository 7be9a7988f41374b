"""Component swaps on site: an old serial number out, a new one in, for an order."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Day, Id, Number, Plain, Write
from aftercare.api.routes import Routes
from aftercare.api.rows import From, Made, Row
from aftercare.domain.assets import queries as assets
from aftercare.domain.work import queries as orders
from aftercare.flows import swap_component
from aftercare.foundation.sources import Source

routes = Routes("Work orders")
PATH = "/work-orders/{number}/swaps"
Serial = Annotated[Plain, Field(max_length=60)]


class SwapRow(Row):
    """A swap: what came out, what went in; a reversal names the swap that it undoes."""

    id: int
    unit: Annotated[str, From("unit__number")]
    old: Annotated[str, From("old__number")]
    old_serial: Annotated[str, From("old__serial")]
    new: Annotated[str, From("new__number")]
    new_serial: Annotated[str, From("new__serial")]
    on: dt.date
    reason: str
    reverses_id: int | None
    is_reversed: Annotated[bool, Made(lambda swap, actor: hasattr(swap, "reversal"))]


class Swaps(Row):
    """The swaps of an order, first one first."""

    items: list[SwapRow]


class NewSwap(Write):
    """What comes out and what goes in. `old` is a registered component; else `old_serial` and `product` tell it."""

    new_serial: Annotated[Plain, Field(min_length=1, max_length=60)] = Field(examples=["CMP-2026-0042"])
    old: Number | None = Field(None, description="Number of the component that comes out.")
    old_serial: Serial = Field("", description="Its serial number where it was never registered.")
    product_id: Id | None = None
    is_old_kept: bool = Field(False, description="The old part stays with the customer.")
    on: Day | None = None
    reason: Annotated[Plain, Field(max_length=200)] = ""


class Undo(Write):
    """Why the swap is taken back."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]


def _all(order, actor) -> dict:
    source = Source.of(order)
    return {"items": SwapRow.many(assets.swaps_of(source.kind, source.id), actor)}


@routes.read(PATH, Swaps)
def list_component_swaps(request, number: Number):
    """The swaps made for the order."""
    actor = calls.caller(request)
    actor.require_anywhere("work.view_order")
    return _all(orders.get_order(number, actor), actor)


@routes.act(PATH, Swaps)
def swap_component_of_order(request, number: Number, body: NewSwap):
    """Swap a component of the order's unit; its own warranty is booked by the audit, and undone with it."""
    actor = calls.caller(request)
    order = orders.get_order(number, actor)
    swap_component.swap(
        order, old=body.old, old_serial=body.old_serial, product=body.product_id, new_serial=body.new_serial,
        is_old_kept=body.is_old_kept, on=body.on, reason=body.reason, actor=actor, at=calls.moment(request, body.at),
    )
    return _all(order, actor)


@routes.act(PATH + "/{swap_id}/undo", Swaps)
def undo_component_swap(request, number: Number, swap_id: Id, body: Undo):
    """Take a swap back before the audit."""
    actor = calls.caller(request)
    order = orders.get_order(number, actor)
    swap_component.undo(order, swap_id=swap_id, reason=body.reason, actor=actor, at=calls.moment(request, body.at))
    return _all(order, actor)
