"""What an order looks like through the API: rows, the order in full, its part lines, trips and repair card."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from aftercare.api.answers import Answer
from aftercare.api.moves import OpenMove
from aftercare.api.rows import ADDRESS, PHONE, From, Made, Row, again, children
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.work import queries as work
from aftercare.foundation.access import Actor

Status = Literal[
    "pending", "dispatched", "accepted", "scheduled", "en_route", "working", "waiting_part", "hard", "quoting", "repaired",
    "done", "rework", "inspected", "audited", "settled", "closed", "cancelled",
]
Mode = Literal["on_site", "bench", "outside", "remote"]
ServiceClass = Literal["A", "B", "C", "D"]
Result = Literal["", "fixed", "repairable", "end_of_life", "no_fault", "unrepaired", "unknown"]


class OrderRow(Row):
    """An order in a list."""

    people_columns = ("engineer_id",)

    number: str
    status: Status
    mode: Mode
    service_class: ServiceClass
    urgent: bool
    title: str
    work_type: Annotated[str, From("work_type__name")]
    customer: Annotated[str | None, From("customer__number")]
    customer_name: Annotated[str | None, From("customer__name")]
    contact_name: str
    phone: Annotated[str, PHONE]
    address: Annotated[str, ADDRESS]
    region: Annotated[str | None, From("region__code")]
    region_name: Annotated[str | None, From("region__name")]
    asset: Annotated[str | None, From("asset__number")]
    serial: Annotated[str | None, From("asset__serial")]
    product: Annotated[str | None, From("product__name")]
    branch: Annotated[str, From("branch__number")]
    outlet: Annotated[str | None, From("outlet__number")]
    engineer: Annotated[str | None, From("engineer__number")]
    engineer_name: Annotated[str | None, From("engineer__name")]
    planned_at: dt.datetime | None
    respond_due_at: dt.datetime | None
    due_at: dt.datetime | None
    created_at: dt.datetime
    finished_at: dt.datetime | None
    result: Result
    amount: Decimal
    version: int


class MaterialRow(Row):
    """A part line of an order: planned, promised, used."""

    id: int
    part_id: int
    part: Annotated[str, From("part__code")]
    part_name: Annotated[str, From("part__name")]
    place: Annotated[str | None, From("place__code")]
    qty: Decimal
    reserved_qty: Decimal
    used_qty: Decimal
    price_amount: Decimal
    is_free: bool
    free_reason: str
    old_serial: str
    new_serial: str


class VisitRow(Row):
    """One trip of an engineer, or one session on the bench."""

    sequence: int
    engineer: Annotated[str, From("engineer__number")]
    engineer_name: Annotated[str, From("engineer__name")]
    assigned_at: dt.datetime
    reply: str
    reply_reason: str
    set_out_at: dt.datetime | None
    arrived_at: dt.datetime | None
    left_at: dt.datetime | None
    outcome: str


def _materials(order, actor: Actor) -> list[dict]:
    return children(MaterialRow, work.materials_of(order).model, "order_id", order.pk, actor)


def _moves(order, actor: Actor) -> list[dict]:
    return [
        {"name": move.name, "label": str(move.label), "asks": list(move.asks), "primary": move.primary,
         "danger": move.danger}
        for move in work.open_moves(order, actor)
    ]


class Order(OrderRow):
    """An order in full, with its part lines and the moves open to the caller."""

    id: int
    product_id: int | None
    fault: Annotated[str | None, From("fault__name")]
    cause: Annotated[str | None, From("cause__name")]
    solution: Annotated[str | None, From("solution__name")]
    detail: str
    findings: str
    limit_amount: Decimal | None
    quote: dict[str, Any]
    entitlement: dict[str, Any]
    entitlement_text: Annotated[
        str, Made(lambda order, actor: entitlement.sentence(order.entitlement) if order.entitlement else "")
    ]
    repeat_of: Annotated[str | None, From("repeat_of__number")]
    contact_number: str
    external_id: str
    planned_minutes: int
    refusals: int
    visit_count: int
    created_by: Annotated[str | None, From("created_by__number")]
    dispatched_at: dt.datetime | None
    accepted_at: dt.datetime | None
    arrived_at: dt.datetime | None
    minutes: int | None
    signed_name: str
    inspected_by: Annotated[str | None, From("inspected_by__number")]
    inspected_at: dt.datetime | None
    audited_by: Annotated[str | None, From("audited_by__number")]
    audited_at: dt.datetime | None
    audit_round: int
    closed_at: dt.datetime | None
    materials: Annotated[list[MaterialRow], Made(_materials)]
    moves: Annotated[list[OpenMove], Made(_moves)]


class Registered(Row):
    """What came of a request: the order (null for what is no work), what was made anew, what to look at."""

    order: Order | None
    contact: str | None
    customer: str | None
    asset: str | None
    custody: str | None
    made: list[str]
    warnings: list[dict[str, Any]]


class CardRow(Row):
    """The repair card: what was inspected, tested, concluded on the bench."""

    inspection: str
    tests: list[dict[str, Any]]
    minutes: int
    bench: str
    conclusion: str
    version: int


def answer(order, actor: Actor) -> Answer:
    """The order in full as it is now, with its version."""
    order = again(Order, order)
    return Answer(Order.of(order, actor), version=order.version)


def registered(found, actor: Actor) -> Answer:
    """What came of a request, as an answer."""
    order = again(Order, found.order) if found.order is not None else None
    return Answer({
        "order": Order.of(order, actor) if order is not None else None,
        "contact": found.contact.number if found.contact else None,
        "customer": found.customer.number if found.customer else None,
        "asset": found.asset.number if found.asset else None,
        "custody": found.custody.number if found.custody else None,
        "made": list(found.made),
        "warnings": list(found.warnings),
    }, version=order.version if order is not None else None)
