"""Parts of an order: lines, promises of stock, issue, return; and the money of an order."""

from typing import Any

from aftercare.api import calls, orders
from aftercare.api import work_bodies as bodies
from aftercare.api.answers import Answer
from aftercare.api.fields import Id, Number
from aftercare.api.orders import Order
from aftercare.api.routes import Routes
from aftercare.api.work_orders import bare
from aftercare.flows import prepare_parts
from aftercare.foundation.access import Actor

routes = Routes("Work orders")
PATH = "/work-orders/{number}/parts"


def _answer(order: Any, actor: Actor) -> Answer:
    return orders.answer(order, actor)


@routes.act(PATH, Order, match=True)
def add_parts(request, number: Number, body: bodies.NewLines):
    """Write part lines on the order; stock is promised to them, what lacks is requested."""
    actor = calls.caller(request)
    order = bare(number, actor)
    prepare_parts.add(order, lines=calls.part_lines(body.lines), reserve=body.reserve, request_short=body.request_short,
                      version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at))
    return _answer(order, actor)


@routes.edit(PATH + "/{line}", Order)
def edit_part_line(request, number: Number, line: Id, body: bodies.LineEdit):
    """Change a part line; its promise of stock follows. `If-Match` is the order's version."""
    actor = calls.caller(request)
    order = bare(number, actor)
    prepare_parts.change(order, line, version=calls.version_edited(request), actor=actor,
                         at=calls.moment(request, body.at), **calls.edits(body))
    return _answer(order, actor)


@routes.remove(PATH + "/{line}", Order, match=True)
def remove_part_line(request, number: Number, line: Id):
    """Take a part line off; its promise of stock ends."""
    actor = calls.caller(request)
    order = bare(number, actor)
    prepare_parts.remove(order, line, version=calls.version_seen(request), actor=actor, at=calls.moment(request, None))
    return _answer(order, actor)


@routes.act(PATH + "/reserve", Order)
def reserve_parts(request, number: Number, body: bodies.Reserve):
    """Promise stock to every line that has not got it yet."""
    actor = calls.caller(request)
    order = bare(number, actor)
    prepare_parts.reserve(order, request_short=body.request_short, actor=actor, at=calls.moment(request, body.at))
    return _answer(order, actor)


@routes.act(PATH + "/issue", Order)
def issue_parts(request, number: Number, body: bodies.Issue):
    """Move what is promised into the engineer's van or another place."""
    actor = calls.caller(request)
    order = bare(number, actor)
    prepare_parts.issue(order, to_place_id=body.to_place_id, material_id=body.line, actor=actor,
                        at=calls.moment(request, body.at))
    return _answer(order, actor)


@routes.act(PATH + "/return", Order)
def return_parts(request, number: Number, body: bodies.BringBack):
    """Bring what was issued and not used back to the depot."""
    actor = calls.caller(request)
    order = bare(number, actor)
    prepare_parts.return_unused(order, to_place_id=body.to_place_id, actor=actor, at=calls.moment(request, body.at))
    return _answer(order, actor)
