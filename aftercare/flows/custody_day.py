"""The morning of custody: what may be fetched, who is to be reminded of what lies here, and of what he has of ours."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as things
from aftercare.domain.work import queries as orders
from aftercare.foundation.access import Actor
from aftercare.foundation.transactions import whole

logger = logging.getLogger("aftercare.flows")
_MANY = 500


def run(*, actor: Actor, at: dt.datetime) -> tuple[int, list[str]]:
    """Make what the day has due, each thing by itself; how many were made, and what failed. Safe to run again."""
    problems: list[str] = []
    _each(_unsure(actor), lambda row: row[1](row[0], actor=actor, at=at, **row[2]), problems)
    made = _each(things.list_due(at), lambda row: custody.remind(row, actor=actor, at=at), problems)
    made += _each(things.list_late_due(at), lambda row: custody.remind_return(row, actor=actor, at=at), problems)
    return made, problems


def _each(rows: Iterable, act: Callable, problems: list[str]) -> int:
    done = 0
    for row in rows:
        try:
            with whole():
                act(row)
            done += 1
        except Exception as error:  # one that fails does not stop the others; the operator is told of it
            logger.exception("custody of %s failed", row)
            problems.append(f"{type(error).__name__}: {error}")
    return done


def _unsure(actor: Actor) -> Iterable[tuple]:
    """Things held for an order: ready since it was done or given up, and not ready when it is worked on again."""
    after = 0
    while rows := things.to_be_judged_ready(after, _MANY):
        known = orders.get_orders([row.source_id for row in rows], actor)
        for row in rows:
            order = known.get(row.source_id)
            if order is None:
                continue
            is_running = order.status in orders.RUNNING
            if row.ready_at is None and not is_running:
                yield row, custody.mark_ready, {"ready_at": order.finished_at}
            elif row.ready_at is not None and is_running:
                yield row, custody.unmark_ready, {}
        after = rows[-1].pk
