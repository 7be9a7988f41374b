"""客户通知: what customers are to be told of their orders, and what they were told - repaired, price, part come, waiting, late."""

import datetime as dt
from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Number, Plain, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, page_of
from aftercare.api.stock import Memo
from aftercare.domain.orders import queries
from aftercare.flows import telling

routes = Routes("Notices to customers")
Channel = Literal["phone", "sms", "wechat", "counter"]
About = Literal["part_arrived", "waiting_part", "delay", "repaired", "quote"]
Outcome = Literal["reached", "message", "not_reached"]
Paper = Literal["work.workorder", "orders.sale", "cases.contact"]
Name = Annotated[Plain, Field(max_length=60)]


class NoticeRow(Row):
    """A customer was told, or tried to be: about what, when, by whom, by which way, for which time."""

    source_kind: str
    source_number: str
    customer: Annotated[str | None, From("customer__number")]
    about: About
    channel: Channel
    outcome: Outcome
    told_to: str
    count: int
    at: dt.datetime
    actor_name: str
    note: str


class DueNoticeRow(Row):
    """A customer is to be told of something since then; `tries` counts the calls that did not reach him."""

    source_kind: str
    source_number: str
    customer: Annotated[str | None, From("customer__number")]
    customer_name: Annotated[str | None, From("customer__name")]
    branch: Annotated[str, From("branch__number")]
    about: About
    because: str
    since: dt.datetime
    tries: int
    last_at: dt.datetime | None


class Told(Write):
    """The customer of a document was told, or could not be reached (`outcome`)."""

    source_kind: Paper
    source_number: Number
    about: About
    channel: Channel
    outcome: Outcome = "reached"
    told_to: Name = Field("", description="Who was told, when not the customer himself.")
    note: Memo = ""


class NoticesAsked(Asking):
    """Filters of the notices. `q` is the number of a document."""

    about: About | None = None
    outcome: Outcome | None = None
    customer: Number | None = None


class DueAsked(Asking):
    """Filters of what is to be told. `q` is the number of a document."""

    about: About | None = None
    customer: Number | None = None
    branch: Number | None = None


def _narrowed(rows, asked):
    equal = {"source_number": asked.q, "about": asked.about, "customer__number": asked.customer}
    return rows.filter(**{name: value for name, value in equal.items() if value})


@routes.list("/notices", NoticeRow)
def list_notices(request, asked: Query[NoticesAsked]):
    """List what customers were told, newest first."""
    actor = calls.caller(request)
    rows = _narrowed(queries.list_notices(actor), asked)
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    return page_of(NoticeRow, rows, actor, order=("-id",), asked=asked)


@routes.list("/due-notices", DueNoticeRow)
def list_due_notices(request, asked: Query[DueAsked]):
    """List what customers are to be told and have not been, longest waiting first."""
    actor = calls.caller(request)
    rows = _narrowed(queries.list_duties(actor), asked)
    if asked.branch:
        rows = rows.filter(branch__number=asked.branch)
    return page_of(DueNoticeRow, rows, actor, order=("since", "id"), asked=asked)


@routes.act("/notices", NoticeRow)
def tell_customer(request, body: Told):
    """Write down that the customer of a document was told about something; the answer counts for which time.

    Reached, or with a message left, it is told; `not_reached` it stays among `/due-notices` with one more try.
    """
    actor = calls.caller(request)
    row = telling.tell(
        telling.find_paper(body.source_kind, body.source_number, actor), about=body.about, channel=body.channel, outcome=body.outcome,
        told_to=body.told_to, note=body.note, actor=actor, at=calls.moment(request, body.at))
    return NoticeRow.of(row, actor)
