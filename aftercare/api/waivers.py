"""减免申请: requests to let off part of a charge, decided by another person; limits by role."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Number, Plain, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.api.work_orders import get as get_order
from aftercare.domain.billing import actions
from aftercare.domain.billing import queries as billing
from aftercare.domain.billing.lifecycle import WAIVER
from aftercare.domain.people import queries as people
from aftercare.flows import charging
from aftercare.foundation.access import Actor

routes = Routes("Waivers")
PATH = "/waivers/{number}"
Status = Literal["pending", "approved", "refused", "withdrawn"]


class WaiverRow(Row):
    """A request to let off."""

    number: str
    status: Status
    source_kind: Annotated[str, From("bill__source_kind")]
    source_number: Annotated[str, From("bill__source_number")]
    branch: Annotated[str, From("branch__number")]
    line: str
    name: str
    charge_amount: Decimal
    amount: Decimal
    reason: str
    asked_name: str
    asked_at: dt.datetime
    decided_name: str
    decided_at: dt.datetime | None
    answer: str
    version: int


class Waiver(WaiverRow):
    """A request, with the moves open to the caller."""

    moves: Annotated[list[OpenMove], Made(open_moves(WAIVER))]


class WaiverAnswer(Row):
    """What came of asking: let off at once (`request` null), or a request that another decides."""

    request: WaiverRow | None


class WaiverLimitRow(Row):
    """How much holders of a role (null: everybody else) may let off without another; null: no limit."""

    role: Annotated[str | None, From("role__code")]
    limit_amount: Decimal | None


class WaiversAsked(Asking):
    """Filters of the list. `q` is the number of the request."""

    status: Status | None = None


class NewWaiver(Write):
    """How much of a charge is to be let off, in all, and why."""

    line: Annotated[Plain, Field(min_length=1, max_length=40)]
    amount: Annotated[Amount, Field(gt=0)]
    reason: Annotated[Plain, Field(min_length=1, max_length=200)]


class NewWaiverLimit(Write):
    """A limit for a role."""

    role: Number | None = Field(None, description="Code of the role; null: everybody else.")
    amount: Amount | None = None


def _get(number: str, actor: Actor):
    return one_of(Waiver, billing.list_waivers(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Waiver, row)
    return Answer(Waiver.of(row, actor), version=row.version)


@routes.list("/waivers", WaiverRow)
def list_waivers(request, asked: Query[WaiversAsked]):
    """List requests to let off, newest first."""
    actor = calls.caller(request)
    rows = billing.list_waivers(actor)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.q:
        rows = rows.filter(number=asked.q)
    return page_of(WaiverRow, rows, actor, order=("-id",), asked=asked)


@routes.read(PATH, Waiver)
def get_waiver(request, number: Number):
    """One request."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Waiver.of(row, actor), version=row.version)


@routes.act("/work-orders/{number}/waivers", WaiverAnswer)
def ask_waiver(request, number: Number, body: NewWaiver):
    """Let off part of a charge where the caller may himself; above his limit it becomes a request."""
    actor = calls.caller(request)
    made = charging.ask_waiver(get_order(number, actor), line=body.line, amount=body.amount, reason=body.reason, actor=actor,
                               at=calls.moment(request, body.at))
    return {"request": WaiverRow.of(again(WaiverRow, made), actor) if made is not None else None}


def _approve(row, body, *, actor: Actor, at: dt.datetime, version: int | None):
    return charging.approve_waiver(row, version=version, actor=actor, at=at)


add_moves(routes, WAIVER, path=PATH, noun="waiver", answers=Waiver, get=_get, answer=_answer, performs={"approve": _approve})
add_timeline(routes, PATH, "waiver", _get)


@routes.list("/waiver-limits", WaiverLimitRow)
def list_waiver_limits(request, asked: Query[Asking]):
    """List who may let off how much without another."""
    actor = calls.caller(request)
    return page_of(WaiverLimitRow, billing.list_limits(actor), actor, order=("id",), asked=asked)


@routes.act("/waiver-limits", WaiverLimitRow)
def set_waiver_limit(request, body: NewWaiverLimit):
    """Set how much holders of a role may let off without another."""
    actor = calls.caller(request)
    role = calls.found(people.list_roles(actor).filter(code=body.role).first()) if body.role else None
    row = actions.set_limit(role_id=role.pk if role else None, amount=body.amount, actor=actor, at=calls.moment(request, body.at))
    return WaiverLimitRow.of(again(WaiverLimitRow, row), actor)
