"""The bench in four steps: take in with part lines, confirm (repairer and parts), start, done (parts used).

Each step is made of the ordinary moves and flows; only the counter's usual choices are filled in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from aftercare.domain.work import actions as work
from aftercare.flows import begin_work, finding, finish_visit, prepare_parts, register_request
from aftercare.foundation.access import Actor
from aftercare.foundation.transactions import whole


@whole()
def create(
    *, branch_id: int, customer, product, serial: str = "", fault="", title: str = "", lines: Iterable[Mapping] = (),
    actor: Actor, at: dt.datetime, **values,
) -> register_request.Registered:
    """Register a repair on the bench with its part lines (part, qty); further values as of `register_request.register`."""
    given = {"mode": "bench", "channel": "counter", "with_contact": False, **values}
    return register_request.register(
        branch_id=branch_id, customer=customer, product=product, serial=serial, fault=fault or None,
        title=title or ("" if fault else str(getattr(product, "name", product) or "")), lines=lines, actor=actor, at=at,
        **given,
    )


@whole()
def confirm(order, *, engineer=None, version: int | None = None, actor: Actor, at: dt.datetime) -> prepare_parts.Prepared:
    """A repairer takes it (the actor, unless named), and stock is promised to every line or to none (`short_stock`)."""
    order = work.take(order, engineer=finding.find_engineer(engineer, actor), version=version, actor=actor, at=at)
    return prepare_parts.reserve(order, request_short=False, actor=actor, at=at)


def start(order, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """Work on the bench begins."""
    return begin_work.start(order, version=version, actor=actor, at=at)


@whole()
def done(order, *, findings: str = "", to_collect: bool = False, actor: Actor, at: dt.datetime, **values: Any):
    """Parts are used, charges written; done, or repaired and waiting for its owner (`to_collect`)."""
    end = finish_visit.repair if to_collect else finish_visit.finish
    return end(order, findings=findings or order.title, actor=actor, at=at, **values)
