"""回访: calls to customers after service, and what they say."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Instant, Number, Plain, Write
from aftercare.api.moves import OpenMove, add_moves, open_moves
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import PHONE, From, Made, Row, again, one_of, page_of
from aftercare.api.timeline import add_timeline
from aftercare.domain.feedback import queries as feedback
from aftercare.domain.feedback.lifecycle import CALLBACK
from aftercare.domain.people import queries as people
from aftercare.flows import answer_callback
from aftercare.foundation import clock
from aftercare.foundation.access import Actor

routes = Routes("Feedback")
PATH = "/callbacks/{number}"
Status = Literal["open", "answered", "unreached", "cancelled"]
Level = Annotated[int, Field(ge=1, le=4, description="4 very good, 3 good, 2 fair, 1 bad")]


class CallbackRow(Row):
    """A call-back in a list."""

    people_columns = ("engineer_id",)

    number: str
    status: Status
    customer: Annotated[str, From("customer__number")]
    customer_name: Annotated[str, From("customer__name")]
    phone: Annotated[str, From("customer__phone"), PHONE]
    engineer: Annotated[str | None, From("engineer__number")]
    engineer_name: Annotated[str | None, From("engineer__name")]
    branch: Annotated[str, From("branch__number")]
    subject: str
    source_kind: str
    source_number: str
    tries: int
    due_at: dt.datetime
    created_at: dt.datetime
    answered_at: dt.datetime | None
    attitude: int | None
    skill: int | None
    punctuality: int | None
    promise: int | None
    version: int


class Callback(CallbackRow):
    """A call-back in full. A dissatisfied answer names the complaint it led to."""

    cycle: int
    comment: str
    answered_by: Annotated[str | None, From("answered_by__number")]
    complaint_number: str
    moves: Annotated[list[OpenMove], Made(open_moves(CALLBACK))]


class Satisfaction(Row):
    """Figures of the call-backs finished in a time."""

    answered: int
    unreached: int
    satisfied_rate: Decimal | None


class CallbacksAsked(Asking):
    """Filters of the list, the most urgent first. `q` is the number of the call-back or document."""

    status: Status | None = None
    due: bool | None = Field(None, description="Only what is due by now and open.")
    branch: Number | None = None
    customer: Number | None = None
    engineer: Number | None = None
    order: Literal["due_at", "-id"] = "due_at"


class AnswerGiven(Write):
    """What the customer says, by aspect."""

    attitude: Level
    skill: Level
    punctuality: Level
    promise: Level
    comment: Annotated[Plain, Field(max_length=1000)] = ""


class Miss(Write):
    """Nobody answered; when to call again (default: by the rule)."""

    again_at: Instant | None = None


def _get(number: str, actor: Actor):
    return one_of(Callback, feedback.list_callbacks(actor), actor, number=number)


def _answer(row, actor: Actor) -> Answer:
    row = again(Callback, row)
    return Answer(Callback.of(row, actor), version=row.version)


@routes.list("/callbacks", CallbackRow)
def list_callbacks(request, asked: Query[CallbacksAsked]):
    """List call-backs."""
    actor = calls.caller(request)
    rows = feedback.list_queue(actor, due_until=clock.now()) if asked.due else feedback.list_callbacks(actor)
    if asked.q:
        rows = rows.filter(number=asked.q) | rows.filter(source_number=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    if asked.customer:
        rows = rows.filter(customer__number=asked.customer)
    if asked.engineer:
        rows = rows.filter(engineer__number=asked.engineer)
    order = ("due_at", "id") if asked.order == "due_at" else ("-id",)
    return page_of(CallbackRow, rows, actor, order=order, asked=asked)


@routes.read(PATH, Callback)
def get_callback(request, number: Number):
    """One call-back."""
    actor = calls.caller(request)
    row = _get(number, actor)
    return Answer(Callback.of(row, actor), version=row.version)


def _given(callback, body: AnswerGiven, *, actor: Actor, at: dt.datetime, version: int | None):
    given = body.model_dump(exclude={"at"})
    return answer_callback.answer(callback, version=version, actor=actor, at=at, **given)["callback"]


add_moves(routes, CALLBACK, path=PATH, noun="callback", answers=Callback, get=_get, answer=_answer,
          bodies={"answer": AnswerGiven, "miss": Miss}, performs={"answer": _given})
add_timeline(routes, PATH, "callback", _get)


@routes.read("/satisfaction", Satisfaction)
def get_satisfaction(request, since: Day, until: Day, branch: Number | None = None, engineer: Number | None = None):
    """Satisfaction between two local days, both included."""
    actor = calls.caller(request)
    actor.require_anywhere("feedback.view_callback")
    found = feedback.calculate_satisfaction(
        actor, since=clock.day_bounds(since, actor.zone)[0], until=clock.day_bounds(until, actor.zone)[1],
        branch_id=people.get_branch(branch, actor).pk if branch else None,
        engineer_id=people.get_employee(engineer, actor).pk if engineer else None,
    )
    return Satisfaction.of(found, actor)
