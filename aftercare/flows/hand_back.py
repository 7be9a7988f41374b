"""Back to its owner against the receipt, with the money collected."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as receipts
from aftercare.domain.work import actions as work
from aftercare.flows import charging, lend_loaner, lending
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def collect(
    order, *, amount: Decimal | None = None, method: str = "cash", returned_to: str = "", code: str = "",
    no_receipt_reason: str = "", owed_reason: str = "", loaner_reason: str = "", version: int | None = None, actor: Actor, at: dt.datetime,
) -> dict[str, Any]:
    """Hand the repaired thing over: money (CNY), receipt, order in one step; gives back order, collection, custody.

    Refuses when something stays owed (`unpaid`) unless `owed_reason` says why, a wrong or missing receipt code unless
    `no_receipt_reason` says how the person was recognised, and a loaner that is still out (`loaner_out`) unless
    `loaner_reason` says why it stays there.
    """
    source = Source.of(order)
    lend_loaner.require_no_loaner(lend_loaner.loans_out(order), loaner_reason, actor=actor, at=at)
    order = work.hand_over(order, returned_to=returned_to, code=code, version=version, actor=actor, at=at)
    collection = None
    if amount is not None and Decimal(amount):
        collection = billing.collect(
            source, amount=Decimal(amount), method=method, collected_by_id=actor.employee_id, at_desk=True,
            actor=lending.for_bill(order, actor), at=at,
        )
    owed = charging.owed(order)
    if owed > 0 and not owed_reason.strip():
        raise RuleBroken(
            _("还有 %(owed)s 元未收，请先收款或写明挂账原因") % {"owed": owed}, code="unpaid", field="amount", owed=str(owed)
        )
    held = receipts.find_held_for(source)
    if held is not None:
        held = custody.hand_back(
            held, returned_to=returned_to, code=code, reason=no_receipt_reason, actor=actor, at=at
        )
    return {"order": order, "collection": collection, "custody": held}


@whole()
def give_back(held, *, loaner_reason: str = "", version: int | None = None, actor: Actor, at: dt.datetime, **given: Any):
    """Hand back a thing against its receipt alone; refuses as `custody.hand_back`, and while its loaner is out (`loaner_out`)."""
    lend_loaner.require_no_loaner(lend_loaner.loans_out(held), loaner_reason, actor=actor, at=at)
    return custody.hand_back(held, version=version, actor=actor, at=at, **given)
