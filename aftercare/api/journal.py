"""The journal's log, and the reactions that wait or failed."""

import datetime as dt
from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.fields import Id, Instant, Name, Plain
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Row, page_of
from aftercare.api.timeline import Happening, told
from aftercare.domain.journal import delivering
from aftercare.domain.journal import queries as journal
from aftercare.foundation import paging
from aftercare.foundation.access import Actor

routes = Routes("Journal")


class FactsPage(Row):
    """A page of the log."""

    items: list[Happening]
    next: str | None
    previous: str | None


class FactsAsked(Asking):
    """Filters of the log. `q` is a document's number."""

    kind: Annotated[Plain, Field(max_length=40)] | None = Field(None, examples=["work.workorder"])
    object_id: Id | None = None
    actor_id: Id | None = None
    verb: Annotated[Plain, Field(max_length=60)] | None = Field(None, examples=["work.order.dispatch"])
    name: Annotated[Plain, Field(max_length=60)] | None = Field(None, description="Name of the fact.")
    since: Instant | None = None
    until: Instant | None = None
    order: Literal["-id", "id"] = "-id"


class DeliveryRow(Row):
    """A reaction to a fact: waiting, running, done or dead."""

    id: int
    reaction: str
    state: Literal["waiting", "running", "done", "dead"]
    due_at: dt.datetime
    attempts: int
    error: str
    finished_at: dt.datetime | None
    fact_name: Annotated[str, From("fact__name")]
    fact_number: Annotated[str, From("fact__number")]
    fact_at: Annotated[dt.datetime, From("fact__at")]


class DeliveriesAsked(Asking):
    """Filters of the list."""

    state: list[Literal["waiting", "running", "done", "dead"]] | None = None
    reaction: Name | None = None
    order: Literal["-id", "id"] = "-id"


def facts(actor: Actor) -> QuerySet:
    """The log as far as the caller may see it."""
    return journal.list_facts(actor)


@routes.read("/facts", FactsPage)
def list_facts(request, asked: Query[FactsAsked]):
    """Search the log, newest first."""
    actor = calls.caller(request)
    actor.require_anywhere("journal.view_fact")
    rows = facts(actor)
    if asked.q:
        rows = rows.filter(number=asked.q)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.object_id:
        rows = rows.filter(object_id=asked.object_id)
    if asked.actor_id:
        rows = rows.filter(actor_id=asked.actor_id)
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    if asked.name:
        rows = rows.filter(name=asked.name)
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__lt=asked.until)
    page = paging.page(rows, order=(asked.order,), cursor=asked.cursor or None, size=asked.limit)
    return {"items": [told(fact, actor) for fact in page.rows], "next": page.next, "previous": page.previous}


@routes.list("/deliveries", DeliveryRow)
def list_deliveries(request, asked: Query[DeliveriesAsked]):
    """List reactions, newest first: what waits, runs, is done or dead."""
    actor = calls.caller(request)
    rows = journal.list_deliveries(actor)
    if asked.state:
        rows = rows.filter(state__in=asked.state)
    if asked.reaction:
        rows = rows.filter(reaction=asked.reaction)
    return page_of(DeliveryRow, rows, actor, order=(asked.order,), asked=asked)


@routes.act("/deliveries/{delivery_id}/revive", DeliveryRow)
def revive_delivery(request, delivery_id: Id):
    """Send a dead reaction round again."""
    actor = calls.caller(request)
    delivery = delivering.revive(delivery_id, actor=actor, at=calls.moment(request, None))
    return DeliveryRow.of(delivery, actor)
