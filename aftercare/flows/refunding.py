"""Money goes back to who paid it: receipts are voided, newest first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.flows import lending
from aftercare.foundation.access import Actor
from aftercare.foundation.money import ZERO
from aftercare.foundation.sources import Source


def pay_back(source: Source, keep: Decimal, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Give back what was paid above `keep`, newest receipt first; of a receipt that is kept in part a new one is written.

    For journeys that have asked for their own right already.
    """
    trusted = lending.trusted(actor)
    standing = [row for row in bills.collections_of(source) if row.status != "voided"]
    over = sum((row.amount for row in standing), ZERO) - keep
    for row in sorted(standing, key=lambda one: -one.pk):
        if over <= 0:
            return
        billing.void(row, reason=reason, actor=trusted, at=at)
        rest = row.amount - over
        over -= row.amount
        if rest > 0:
            billing.collect(source, amount=rest, method=row.method, collected_by_id=actor.employee_id, at_desk=True, deposit=True,
                            actor=trusted, at=at)
