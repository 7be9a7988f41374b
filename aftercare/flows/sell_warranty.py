"""An extension is sold: its cover in the unit's ledger and its bill in one step; taken back together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as covers
from aftercare.flows import lending, refunding
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.money import ZERO
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def sell(unit, term, *, collect: Decimal | None = None, method: str = "cash", actor: Actor, at: dt.datetime, **given: Any):
    """Sell an extension; its customer owes the price from now on. Gives back the line of the warranty ledger.

    `collect` is what he pays at the desk at once (CNY), by who may collect. Free ones make no bill. Refuses as
    `entitlement.sell_extension` does, and a priced one for a unit without an owner (`no_owner`).
    """
    entry = entitlement.sell_extension(unit, term, actor=actor, at=at, **given)
    if not entry.price_amount:
        return entry
    if unit.customer_id is None:
        raise RuleBroken(_("这台设备还没有客户，收费的延保没有人付款"), code="no_owner", field="term")
    source, trusted = source_of(entry), lending.trusted(actor)
    name = wording.stored(lambda: _("延保：%(name)s（%(unit)s）") % {"name": entry.name, "unit": unit.serial or unit.number})
    billing.set_charges(
        source, branch_id=unit.branch_id, customer_id=unit.customer_id, actor=trusted, at=at,
        lines=[billing.ChargeLine("1", "other", name[:120], Decimal(1), entry.price_amount, reason=entry.evidence)],
    )
    billing.finalise(source, actor=trusted, at=at)
    if collect:
        billing.collect(source, amount=collect, method=method, collected_by_id=actor.employee_id, at_desk=True, actor=actor, at=at)
    return entry


@whole()
def take_back(entry, *, reason: str, actor: Actor, at: dt.datetime):
    """Reverse a line of the ledger, with a reason; of a sold extension its bill, too: what was paid goes back.

    Gives back the reversal. A line is reversed once, whoever comes first.
    """
    reversal = entitlement.reverse_entry(entry, reason=reason, actor=actor, at=at)
    source = source_of(covers.first_line(entry))
    bill = bills.find_bill(source)
    if bill is not None:
        trusted = lending.trusted(actor)
        if bill.status == "final":
            bill = billing.reverse_final(source, reason=reason, actor=trusted, at=at)
        billing.charge(bill, lines=[], actor=trusted, at=at)
        refunding.pay_back(source, ZERO, reason, actor, at)
        billing.finalise(source, actor=trusted, at=at)
    return reversal


def source_of(entry) -> Source:
    """The document of the sale: the line as it was first written, named by its unit."""
    return Source("entitlement.warrantyentry", entry.pk, f"{entry.asset.number}-{entry.pk}")


def bills_of(entries) -> dict[int, Any]:
    """The bills of sold extensions among these lines, by the id of the line; one statement, none where nothing was sold."""
    sold = [entry.pk for entry in entries if entry.kind_of == "extension" and entry.price_amount]
    return bills.bills_of("entitlement.warrantyentry", sold) if sold else {}
