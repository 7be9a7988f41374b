"""派工: the pool by time limit, engineers suggested with reasons, the board of a day, an engineer's own list."""

from typing import Annotated, Any

from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Day, Number, RegionCode
from aftercare.api.orders import OrderRow
from aftercare.api.routes import Routes
from aftercare.api.rows import From, Made, Row
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as work
from aftercare.foundation import clock

routes = Routes("Dispatching")


class OrderList(Row):
    """Orders."""

    items: list[OrderRow]


class ReasonRow(Row):
    """Why an engineer is suggested."""

    code: str
    text: str


class EngineerSuggested(Row):
    """An engineer for the job; `refused` says why he cannot be sent."""

    engineer: Annotated[str, From("number")]
    name: str
    branch: str
    score: int
    load: int
    reasons: Annotated[list[ReasonRow], Made(lambda row, actor: [
        {"code": code, "text": work.reason_sentence(code, params)} for code, params in row.reasons
    ])]
    refused: str | None
    refused_text: Annotated[str, Made(lambda row, actor: work.reason_sentence(row.refused, {}) if row.refused else "")]


class EngineersSuggested(Row):
    """Engineers, the best first."""

    items: list[EngineerSuggested]


class BoardRow(Row):
    """An engineer and his orders of the day."""

    engineer: str
    name: str
    orders: list[OrderRow]


class Board(Row):
    """The board of a branch for a local day."""

    day: str
    items: list[BoardRow]


class SolutionRow(Row):
    """What helped in similar orders."""

    cause_id: int | None
    cause: str
    solution_id: int
    solution: str
    times: int


class Solutions(Row):
    """What helped before, the most frequent first."""

    items: list[SolutionRow]


@routes.read("/dispatch/pool", OrderList)
def get_pool(request, branch: Number | None = None, region: RegionCode | None = None,
             limit: Annotated[int, Field(ge=1, le=200)] = 80):
    """Orders that wait for an engineer: left over and refused first, then urgent, then by time limit."""
    actor = calls.caller(request)
    actor.require_anywhere("work.view_order")
    rows = work.pool(actor, at=clock.now(), region_code=region or "",
                     branch_id=people.get_branch(branch, actor).pk if branch else None)
    return {"items": OrderRow.many(rows[:limit], actor)}


@routes.read("/work-orders/{number}/suggestions", EngineersSuggested)
def suggest_engineers(request, number: Number):
    """Engineers for an order, the best first, with reasons in the language asked for."""
    actor = calls.caller(request)
    order = work.get_order(number, actor)
    return {"items": EngineerSuggested.many(work.suggest_engineers(order, at=clock.now(), actor=actor), actor)}


@routes.read("/work-orders/{number}/solutions", Solutions)
def suggest_solutions(request, number: Number):
    """What solved similar orders."""
    actor = calls.caller(request)
    order = work.get_order(number, actor)
    found = work.suggested_solutions(product_id=order.product_id, category_id=order.category_id, fault_id=order.fault_id)
    return {"items": SolutionRow.many(found, actor)}


@routes.read("/dispatch/board", Board)
def get_board(request, branch: Number | None = None, day: Day | None = None):
    """Each engineer of a branch with his orders of a local day."""
    actor = calls.caller(request)
    actor.require_anywhere("work.view_order")
    day = day or clock.local_day(clock.now(), actor.zone)
    found: list[tuple[Any, list]] = work.board(calls.branch_id(request, branch), day=day, actor=actor)
    return {"day": day.isoformat(), "items": [
        {"engineer": engineer.number, "name": engineer.name, "orders": OrderRow.many(rows, actor)}
        for engineer, rows in found
    ]}


@routes.read("/my-day", OrderList)
def get_my_day(request, day: Day | None = None):
    """The calling engineer's own list of a local day."""
    actor = calls.caller(request)
    if actor.employee_id is None:
        return {"items": []}
    day = day or clock.local_day(clock.now(), actor.zone)
    return {"items": OrderRow.many(work.day_of_engineer(actor.employee_id, day=day, actor=actor), actor)}
