"""Take over one line of an old register: the contact, its unit and order, how it ended, what was paid.

The same steps as at the desk and at the end of a job, with the record's own day. What the register does not know stays
unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.people import queries as people
from aftercare.domain.work import actions as work
from aftercare.flows import register_request
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def take_over(
    request: Mapping[str, Any], *, is_done: bool, happened_at: dt.datetime | None, findings: str = "",
    result: str = "", barrier: str = "", engineer_name: str = "", fee: Decimal | None = None, actor: Actor, at: dt.datetime,
):
    """Register `request` (the inputs of `register_request.register`) on its own day and, when it is done, end it.

    `happened_at` None means that the register does not know the day: then it is registered now and has no day of
    completion. `barrier` is why it could not be repaired (a word of that dictionary), `fee` what the customer paid.
    """
    when = happened_at or at
    found = register_request.register(**request, open_anyway=True, actor=actor, at=when)
    if found.order is None or not is_done:
        return found
    engineer = people.find_employee_by_name(engineer_name, branch_id=found.order.branch_id) if engineer_name else None
    if engineer_name and engineer is None:
        findings = f"{findings}\n{engineer_name}".strip()
    found.order = work.backfill(
        found.order, findings=findings, result=result or "unknown", cause=barrier or None, engineer=engineer,
        is_dated=happened_at is not None, actor=actor, at=when,
    )
    if fee:
        _paid(found.order, fee, actor=actor, at=when)
    return found


def _paid(order, fee: Decimal, *, actor: Actor, at: dt.datetime) -> None:
    # What was paid then is the whole price: today's schedule has no say in it.
    line = billing.ChargeLine(line="labour", kind="labour", name=wording.stored(lambda: _("登记簿收费")), qty=Decimal(1), price=fee)
    bill = billing.set_charges(
        Source.of(order), lines=[line], branch_id=order.branch_id, customer_id=order.customer_id,
        employee_id=order.engineer_id, actor=actor, at=at,
    )
    work.set_amount(order, amount=bill.due_amount, actor=actor, at=at)
    billing.collect(bill, amount=bill.due_amount, method="cash", at_desk=True, actor=actor, at=at)
