"""What follows from a fact by itself: the table, and the functions the worker runs. Each is safe to run twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from aftercare.domain.feedback import actions as feedback
from aftercare.domain.feedback import queries as callbacks
from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import claim_supplier, old_parts, serve_waiting, telling
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

# Fact name -> names of its reactions, in the order in which they are tried.
TABLE: dict[str, tuple[str, ...]] = {
    "OrderAudited": ("schedule_callback", "collect_claims"),
    "AuditReversed": ("withdraw_callback", "withdraw_claims"),
    "GoodsArrived": ("serve_waiting_orders",),
    "MovesReversed": ("follow_reversed_use",),
    **{name: ("follow_order",) for name in telling.FACTS_OF_ORDERS},
    **{name: ("follow_sale",) for name in telling.FACTS_OF_SALES},
}


def schedule_callback(fact, *, at: dt.datetime) -> None:
    """Call the customer by the end of the next working day after the audit; once per round of audit."""
    actor = Actor.system("reactions")
    order = orders.get_order(fact.object_id, actor, joined=False)
    if order.customer_id is None or order.audit_round != fact.data["round"]:
        return
    feedback.schedule_callback(
        Source.of(order), customer_id=order.customer_id, branch_id=order.branch_id, engineer_id=order.engineer_id,
        subject=order.title, due_at=people.due_in_days(order.branch_id, fact.at, 1), cycle=order.audit_round, actor=actor,
        at=at,
    )


def withdraw_callback(fact, *, at: dt.datetime) -> None:
    """A call-back for an audit that was reversed is not made, unless it was made already."""
    actor = Actor.system("reactions")
    source = Source(fact.kind, fact.object_id, fact.number)
    callback = callbacks.find_callback(source, cycle=fact.data["round"])
    if callback is not None and callback.status == "open":
        feedback.cancel(callback, reason=fact.data["reason"], actor=actor, at=at)


def serve_waiting_orders(fact, *, at: dt.datetime) -> None:
    """Goods came: serve the requests for them, oldest first, and tell the orders that wait."""
    for request in stock.open_requests(fact.data["part_ids"], branch_id=fact.data["branch_id"]):
        serve_waiting.serve(request, actor=Actor.system("reactions"), at=at)


def follow_reversed_use(fact, *, at: dt.datetime) -> None:
    """Stock was taken back: old parts of replacements that did not happen are not owed."""
    old_parts.follow_reversal(fact, at=at)


REACTIONS: dict[str, Callable] = {
    function.__name__: function for function in (
        schedule_callback, withdraw_callback, claim_supplier.collect_claims, claim_supplier.withdraw_claims, serve_waiting_orders,
        follow_reversed_use, telling.follow_order, telling.follow_sale,
    )
}


def run(name: str, fact, *, at: dt.datetime) -> None:
    """Run one reaction to a fact of the journal; a KeyError tells a name that is not there."""
    REACTIONS[name](fact, at=at)
