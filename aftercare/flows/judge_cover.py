"""Another decision who pays: on the unit's timeline, on the order, and in its charges together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import rules
from aftercare.domain.work import actions as work
from aftercare.flows import charging
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def override(
    order, *, service_class: str, reason: str, percents: Mapping[str, int] | None = None, version: int | None = None,
    actor: Actor, at: dt.datetime,
):
    """Put the order into another service class with a reason; a bill that was begun is worked out anew.

    `percents` tells how many per cent of parts, labour and travel are borne for the customer (default: all).

    Gives back the order. Refuses without the right, without a reason, and after the audit.
    """
    before = (
        rules.Decision.from_data(order.entitlement)
        if order.entitlement
        else rules.Decision(order.service_class, "customer")
    )
    decision = entitlement.override(
        before,
        service_class=service_class,
        reason=reason,
        percents=percents,
        asset=order.asset if order.asset_id else None,
        branch_id=order.branch_id,
        actor=actor,
        at=at,
    )
    order = work.stamp_entitlement(order, decision, reason=reason, version=version, actor=actor, at=at)
    if bills.find_bill(Source.of(order)) is not None:
        charging.price(order, actor=actor, at=at)
    return order
