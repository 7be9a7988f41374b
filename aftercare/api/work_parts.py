"""Parts of an order: lines, promises of stock, issue, return; and the money of an order."""

from typing import Any

from django.utils.translation import gettext as _

from aftercare.api import calls, orders
from aftercare.api import work_bodies as bodies
from aftercare.api.answers import Answer
from aftercare.api.fields import Id, Number
from aftercare.api.orders import Order
from aftercare.api.routes import Routes
from aftercare.api.work_orders import bare
from aftercare.flows import prepare_parts
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

routes = Routes("Work orders")
PATH = "/work-orders/{number}/parts"


def _line(body: bodies.Issue | bodies.BringBack) -> int:
    if body.line is None:
        raise RuleBroken(_("写了数量就要写是哪一行"), code="line_needed", field="line")
    return body.line


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
    """Move what is promised into the engineer's van or another place. What of a line stays behind stays promised."""
    actor = calls.caller(request)
    order = bare(number, actor)
    parts = [(_line(body), None, body.qty)] if body.qty is not None else None
    prepare_parts.issue(order, to_place_id=body.to_place_id, material_id=None if parts else body.line, parts=parts, actor=actor,
                        at=calls.moment(request, body.at))
    return _answer(order, actor)


@routes.act(PATH + "/return", Order)
def return_parts(request, number: Number, body: bodies.BringBack):
    """Bring what was issued and not used back to the depot."""
    actor = calls.caller(request)
    order = bare(number, actor)
    rows = [prepare_parts.material_of(order, _line(body))] if body.line or body.qty is not None else []
    lines = [(row.pk, body.qty or row.reserved_qty, "") for row in rows] or None
    prepare_parts.return_unused(order, to_place_id=body.to_place_id, lines=lines, actor=actor, at=calls.moment(request, body.at))
    return _answer(order, actor)
