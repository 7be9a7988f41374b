"""What stands beside the figures of a dashboard: two weeks of work, who has how much, and what waits for someone.

Worked out at most every 30 seconds for the same person; each list shows its first rows and leads to the whole.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import translation

from aftercare.domain.entitlement import queries as contracts
from aftercare.domain.feedback import queries as feedback
from aftercare.domain.inventory import queries as inventory
from aftercare.domain.work import lifecycle
from aftercare.domain.work import queries as work
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.reports import access, cash
from aftercare.reports.dashboards import KEPT_SECONDS

SHOWN = 8
DAYS = 14


@dataclass
class WorkLists:
    """The lists as far as the actor may see them; None where he may not."""

    # A day, registered, finished.
    days: list[tuple[dt.date, int, int]] | None = None
    # A state, how many orders.
    states: list[tuple[str, int]] = field(default_factory=list)
    late: list[Any] | None = None
    # An engineer's id, name, open orders.
    load: list[tuple[int, str, int]] | None = None
    pool: list[Any] | None = None
    short: list[Any] | None = None
    unsettled: list[Any] | None = None
    callbacks: list[Any] | None = None
    # Customers and owners to be told that a contract ends.
    notices: list[Any] | None = None


def calculate(actor: Actor, *, at: dt.datetime) -> WorkLists:
    """The lists of the actor, kept for 30 seconds. At most ten statements."""
    key = f"work_lists:{actor.kind}:{actor.id}:{hash(frozenset(actor.reaches.items()))}:{translation.get_language()}"
    kept = cache.get(key)
    if kept is None:
        kept = _calculate(actor, at)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _calculate(actor: Actor, at: dt.datetime) -> WorkLists:
    lists = WorkLists()
    if actor.holds("work.view_order"):
        counts = work.count_by_status(actor)
        lists.days = _days(actor, at)
        lists.states = [(state, counts[state]) for state in lifecycle.Status.values if state in lifecycle.OPEN and counts[state]]
        lists.late = list(work.list_orders(actor, at=at, late=True).order_by("due_at", "id")[:SHOWN])
    if actor.holds("work.dispatch"):
        lists.load = _load(actor)
        lists.pool = list(work.pool(actor, at=at)[:SHOWN])
    if actor.holds("inventory.move") and actor.holds("inventory.view_stock"):
        lists.short = list(inventory.list_requests(actor).filter(status="open").order_by("id")[:SHOWN])
    if actor.holds(access.VIEW_CASH):
        lists.unsettled = list(cash.list_unsettled(actor)[:SHOWN])
    if actor.holds("feedback.answer"):
        lists.callbacks = list(feedback.list_queue(actor)[:SHOWN])
    if actor.holds("entitlement.keep_contract"):
        lists.notices = list(contracts.list_notices(actor)[:SHOWN])
    return lists


def _days(actor: Actor, at: dt.datetime) -> list[tuple[dt.date, int, int]]:
    today = clock.local_day(at, actor.zone)
    days = [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    zone, start = clock.zone(actor.zone), clock.day_bounds(days[0], actor.zone)[0]
    found = []
    for column in ("created_at", "finished_at"):
        rows = work.list_orders(actor).filter(**{f"{column}__gte": start}).select_related(None).order_by()
        found.append(dict(rows.values_list(TruncDate(column, tzinfo=zone)).annotate(n=Count("pk"))))
    return [(day, found[0].get(day, 0), found[1].get(day, 0)) for day in days]


def _load(actor: Actor) -> list[tuple[int, str, int]]:
    rows = work.list_orders(actor, status=work.RUNNING).filter(engineer__isnull=False).select_related(None).order_by()
    grouped = rows.values_list("engineer_id", "engineer__name").annotate(n=Count("pk")).order_by("-n", "engineer_id")
    return list(grouped[:10])
