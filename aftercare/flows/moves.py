"""The one entry for a move of an order: the journey around it where there is one, else the bare move.

Doors call `make`, so that a button and the API never go round what a move brings with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from aftercare.domain.work import actions as work
from aftercare.flows import (
    audit_order,
    begin_work,
    cancel_order,
    contract_use,
    dispatch_order,
    finding,
    finish_visit,
    hand_back,
    quoting,
)
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound


def _order_of(answer: Any):
    if isinstance(answer, dict):
        return answer["order"]
    return getattr(answer, "order", None) or answer


def _named(move: Callable) -> Callable:
    """A bare move whose `engineer` may be told by number."""

    def run(order, *, actor: Actor, at: dt.datetime, engineer=None, **inputs):
        if engineer not in (None, ""):
            inputs["engineer"] = finding.find_engineer(engineer, actor)
        return move(order, actor=actor, at=at, **inputs)

    return run


# Moves that bring something with them. What is missing here is a bare move of `work.actions`.
JOURNEYS: dict[str, Callable] = {
    "dispatch": dispatch_order.assign,
    "arrive": begin_work.arrive,
    "start": begin_work.start,
    "complete": finish_visit.finish,
    "finish_repair": finish_visit.repair,
    "hand_over": hand_back.collect,
    "audit": audit_order.audit,
    "reverse_audit": audit_order.reverse,
    "settle": audit_order.settle,
    "cancel": cancel_order.cancel,
    "send_back": contract_use.send_back,
    "lapse_quote": quoting.lapse_by_move,
    "request_quote": quoting.ask_by_move,
    "accept_quote": quoting.accept_by_move,
    "refuse_quote": quoting.refuse_by_move,
    "take": _named(work.take),
    "accept": _named(work.accept),
    "resume": _named(work.resume),
    "backfill": _named(work.backfill),
}


def find(name: str) -> Callable:
    """The function that makes this move with all it brings; NotFound for an unknown name."""
    from aftercare.domain.work.lifecycle import ORDER

    if name not in ORDER.moves:
        raise NotFound(name, kind="work.move")
    return JOURNEYS.get(name) or ORDER.actions[name]


def make(order, name: str, *, actor: Actor, at: dt.datetime, version: int | None = None, **inputs):
    """Make the move and give back the order as it is now."""
    return _order_of(find(name)(order, actor=actor, at=at, version=version, **inputs))
