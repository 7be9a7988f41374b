"""服务单: registering, reading, editing and moving orders."""

import base64
import datetime as dt
from typing import Any, Literal

from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from aftercare.api import calls, orders
from aftercare.api import work_bodies as bodies
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Number, RegionCode, Sought, Write
from aftercare.api.moves import add_moves
from aftercare.api.orders import CardRow, Mode, Order, OrderRow, Registered, Result, ServiceClass, Status, VisitRow
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import Row, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import actions as words
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.domain.work import actions
from aftercare.domain.work import queries as work
from aftercare.domain.work.lifecycle import ORDER
from aftercare.flows import judge_cover, moves, register_request, repair_bench
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Work orders")
PATH = "/work-orders/{number}"
ORDERS = {
    "-created_at": ("-created_at", "-id"),
    "created_at": ("created_at", "id"),
    "-id": ("-id",),
}


class OrderFilters(BaseModel):
    """What narrows orders. `q` finds numbers, customers, telephones, serial numbers, products and faults."""

    model_config = ConfigDict(defer_build=True)

    q: Sought = Field("", description="Text to look for.")
    status: list[Status] | None = None
    open: bool | None = None
    late: bool | None = None
    soon: bool | None = Field(None, description="Due within four hours.")
    region: RegionCode | None = Field(None, description="Code of a region; a city or province takes all its districts.")
    branch: Number | None = Field(None, description="Number of the branch.")
    outlet: Number | None = Field(None, description="Number of the outlet.")
    engineer: Number | None = Field(None, description="Number of the engineer.")
    customer: Number | None = Field(None, description="Number of the customer.")
    asset: Number | None = Field(None, description="Number of the unit.")
    work_type: Number | None = Field(None, description="Code of the work type.")
    category: Id | None = None
    mode: Mode | None = None
    service_class: ServiceClass | None = None
    result: Result | None = None
    urgent: bool | None = None
    repeat: bool | None = None
    external_id: Number | None = None
    created_from: Day | None = None
    created_to: Day | None = None
    planned_on: Day | None = None
    finished_from: Day | None = None
    finished_to: Day | None = None


class OrdersAsked(OrderFilters, Asking):
    """Filters and order of the list."""

    order: Literal[tuple(ORDERS)] = "-created_at"


class Visits(Row):
    """The trips, first one first."""

    items: list[VisitRow]


def get(number: str, actor: Actor):
    """The order of that number, with all that its answer needs."""
    return one_of(Order, work.list_orders(actor).defer(None), actor, number=number)


def bare(number: str, actor: Actor):
    """The order of that number, enough for a move."""
    return work.get_order(number, actor, joined=False)


@routes.list("/work-orders", OrderRow)
def list_work_orders(request, asked: Query[OrdersAsked]):
    """List orders, newest first."""
    actor = calls.caller(request)
    return page_of(OrderRow, narrowed(asked, actor), actor, order=ORDERS[asked.order], asked=asked)


def narrowed(asked: OrderFilters, actor: Actor):
    """The orders he may see, narrowed by the filters of the list."""
    rows = work.list_orders(
        actor, at=clock.now(), text=asked.q, status=asked.status, open=asked.open, late=asked.late, soon=asked.soon,
        region=asked.region, mode=asked.mode, service_class=asked.service_class, result=asked.result,
        urgent=asked.urgent, repeat=asked.repeat, category=asked.category, created_from=asked.created_from,
        created_to=asked.created_to, planned_on=asked.planned_on, finished_from=asked.finished_from,
        finished_to=asked.finished_to,
    )
    named = {
        "branch__number": asked.branch, "outlet__number": asked.outlet, "engineer__number": asked.engineer,
        "customer__number": asked.customer, "asset__number": asked.asset, "work_type__code": asked.work_type,
        "external_id": asked.external_id,
    }
    return rows.filter(**{column: value for column, value in named.items() if value})


def _unit(request, body: bodies.Unit) -> dict[str, Any]:
    return {
        "branch_id": calls.branch_id(request, body.branch), "customer": body.customer, "phone": body.phone,
        "customer_name": body.customer_name, "region_code": body.region or "", "region": body.region_name, "address": body.address,
        "product": body.product, "brand": body.brand, "category": body.category, "serial": body.serial,
        "asset": body.asset, "asset_details": body.unit.model_dump(exclude_none=True) if body.unit else None,
        "fault": body.fault or None, "title": body.title, "detail": body.detail, "work_type": body.work_type or None,
        "urgent": body.urgent, "limit_amount": body.limit_amount,
        "intake": body.intake.model_dump() if body.intake else None, "lines": calls.part_lines(body.lines),
        "open_anyway": body.open_anyway, "external_id": body.external_id, "planned_minutes": body.planned_minutes,
        "actor": calls.caller(request), "at": calls.moment(request, body.at),
    }


@routes.create("/work-orders", Registered)
def create_work_order(request, body: bodies.NewOrder):
    """Register a request: the contact, an unknown customer or unit, the decision who pays, and the order."""
    found = register_request.register(kind=body.kind, channel=body.channel, mode=body.mode, caller=body.caller,
                                      **_unit(request, body))
    answer = orders.registered(found, calls.caller(request))
    if found.order is None:
        return calls.created(answer, "contacts", found.contact.number)
    return calls.created(answer, "work-orders", found.order.number)


@routes.create("/repairs", Registered)
def create_repair(request, body: bodies.NewRepair):
    """Take a thing in for repair on the bench, with its part lines."""
    found = repair_bench.create(**_unit(request, body))
    return calls.created(orders.registered(found, calls.caller(request)), "work-orders", found.order.number)


@routes.act("/repairs/{number}/confirm", Order, match=True)
def confirm_repair(request, number: Number, body: bodies.Confirm):
    """A repairer takes it, and stock is promised to every line or to none (`short_stock`)."""
    actor = calls.caller(request)
    prepared = repair_bench.confirm(bare(number, actor), engineer=body.engineer, version=calls.version_seen(request),
                                    actor=actor, at=calls.moment(request, body.at))
    return orders.answer(prepared.order, actor)


@routes.act("/repairs/{number}/start", Order, match=True)
def start_repair(request, number: Number, body: Write):
    """Work on the bench begins."""
    actor = calls.caller(request)
    order = repair_bench.start(bare(number, actor), version=calls.version_seen(request), actor=actor,
                               at=calls.moment(request, body.at))
    return orders.answer(order, actor)


@routes.act("/repairs/{number}/done", Order, match=True)
def done_repair(request, number: Number, body: bodies.DoneOnBench):
    """Parts are used and charges written; done, or repaired and waiting for its owner."""
    actor = calls.caller(request)
    order = bare(number, actor)
    at = calls.moment(request, body.at)
    finished = repair_bench.done(order, to_collect=body.to_collect, version=calls.version_seen(request), actor=actor,
                                 at=at, **_end(order, body, actor, at))
    return orders.answer(finished.order, actor)


@routes.read(PATH, Order)
def get_work_order(request, number: Number):
    """One order."""
    actor = calls.caller(request)
    order = get(number, actor)
    return Answer(Order.of(order, actor), version=order.version)


@routes.edit(PATH, Order)
def edit_work_order(request, number: Number, body: bodies.OrderEdit):
    """Correct an order before the audit."""
    actor = calls.caller(request)
    order, at = get(number, actor), calls.moment(request, body.at)
    fields = calls.edits(body)
    for kind in ("fault", "cause", "solution"):
        if fields.get(kind):
            fields[kind] = _word(kind, fields[kind], order, actor, at)
    if fields.get("region"):
        fields["region"] = people.get_region(fields["region"])
    if fields.get("work_type"):
        fields["work_type"] = calls.found(catalog.find_work_type(fields["work_type"]))
    if fields.get("asset"):
        fields["asset"] = assets.get_asset(fields["asset"], actor)
    if fields.get("customer"):
        fields["customer"] = parties.get_customer(fields["customer"], actor)
    order = actions.edit_order(order, version=calls.version_edited(request), actor=actor, at=at, **fields)
    return orders.answer(order, actor)


def _word(kind: str, text: str | None, order, actor: Actor, at: dt.datetime):
    """A dictionary entry as typed; a new word is added."""
    if not text:
        return None
    return words.ensure_code(kind, text, category=order.category, actor=actor, at=at)[0]


def _end(order, body: bodies.EndOfRepair, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    return {
        "findings": body.findings, "minutes": body.minutes, "result": body.result,
        **{kind: _word(kind, getattr(body, kind), order, actor, at) for kind in ("fault", "cause", "solution")},
        "used": None if body.used is None else {row.line: row.qty for row in body.used},
        "lines": calls.part_lines(body.lines),
        "fees": [fee.model_dump() for fee in body.fees],
    }


def _make(name: str):
    """The move with the body's fields as they are."""

    def perform(order, body: Write, *, actor: Actor, at: dt.datetime, version: int | None):
        inputs = {field: value for field, value in body.model_dump(exclude={"at"}).items()
                  if field in body.model_fields_set}
        return moves.make(order, name, actor=actor, at=at, version=version, **inputs)

    return perform


def _finish_repair(order, body: bodies.EndOfRepair, *, actor: Actor, at: dt.datetime, version: int | None):
    return moves.make(order, "finish_repair", actor=actor, at=at, version=version, **_end(order, body, actor, at))


def _complete(order, body: bodies.Complete, *, actor: Actor, at: dt.datetime, version: int | None):
    return moves.make(
        order, "complete", actor=actor, at=at, version=version, signed_name=body.signed_name,
        signature=base64.b64decode(body.signature) if body.signature else None, claimed_at=body.claimed_at, distance_km=body.distance_km,
        collect=body.collect.model_dump() if body.collect else None, **_end(order, body, actor, at),
    )


BODIES: dict[str, type[Write]] = {
    "dispatch": bodies.Dispatch, "take": bodies.Engineer, "accept": bodies.Engineer, "schedule": bodies.Schedule,
    "set_out": bodies.OnTheWay, "arrive": bodies.OnTheWay, "resume": bodies.Engineer, "request_quote": bodies.AskQuote,
    "finish_repair": bodies.EndOfRepair, "complete": bodies.Complete, "hand_over": bodies.HandOver,
    "inspect": bodies.Note, "audit": bodies.Note, "settle": bodies.Settle, "cancel": bodies.Cancel,
    "backfill": bodies.Backfill,
}
add_moves(
    routes, ORDER, path=PATH, noun="work_order", answers=Order, get=bare, answer=orders.answer, bodies=BODIES,
    performs={name: _make(name) for name in ORDER.moves} | {"finish_repair": _finish_repair, "complete": _complete},
)
add_timeline(routes, PATH, "work_order", bare)


@routes.read(PATH + "/visits", Visits)
def list_work_order_visits(request, number: Number):
    """The order's trips."""
    actor = calls.caller(request)
    return {"items": VisitRow.many(work.visits_of(bare(number, actor)), actor)}


@routes.read(PATH + "/card", CardRow)
def get_repair_card(request, number: Number):
    """The order's repair card."""
    actor = calls.caller(request)
    card = calls.found(work.card_of(bare(number, actor)))
    return Answer(CardRow.of(card, actor), version=card.version)


@routes.act(PATH + "/card", CardRow, match=True)
def write_repair_card(request, number: Number, body: bodies.CardEdit):
    """Write on the repair card; it is made with the first words."""
    actor = calls.caller(request)
    fields = calls.edits(body)
    if "tests" in fields:
        fields["tests"] = [test.model_dump() for test in fields["tests"]]
    card = actions.write_card(bare(number, actor), version=calls.version_seen(request), actor=actor,
                              at=calls.moment(request, body.at), **fields)
    return Answer(CardRow.of(card, actor), version=card.version)


@routes.act(PATH + "/entitlement", Order, match=True)
def restamp_work_order(request, number: Number, body: bodies.Restamp):
    """Change who pays for the order, with a reason that is kept."""
    actor = calls.caller(request)
    order = judge_cover.override(
        get(number, actor), service_class=body.service_class, reason=body.reason, percents=body.percents,
        version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at),
    )
    return orders.answer(order, actor)
