"""Instalments of contracts become bills by their day; a contract that ends early has its bills put right."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as contracts
from aftercare.foundation import wording
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

_FOR_BILLS = ("billing.view_bill", "billing.edit_charges", "billing.finalise", "billing.reverse")


@whole()
def bill_instalment(instalment, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """Make the instalment's bill and make it final: the customer owes it from now on. Gives back the instalment.

    Of two who do it at once one does; the bill of an instalment is one by the database.
    """
    instalment = entitlement.note_billed(instalment, version=version, actor=actor, at=at)
    lent = _lent(actor, instalment.contract.branch_id)
    _write(instalment, instalment.amount, lent, at)
    billing.finalise(Source.of(instalment), actor=lent, at=at)
    return instalment


def bill_due(*, day: dt.date, actor: Actor, at: dt.datetime) -> int:
    """Bill every instalment whose day has come; how many. One that fails does not stop the others."""
    done = 0
    for instalment in contracts.instalments_due(actor, day):
        bill_instalment(instalment, actor=actor, at=at)
        done += 1
    return done


@whole()
def end(contract, *, last_on: dt.date, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """End the contract early: instalments are cut to what is earned, and bills that were made are made anew for less.

    What was paid beyond it stands as overpaid in the list of what is not settled, to be refunded. Gives back the contract.
    """
    before = {row.pk: row for row in contracts.instalments_of(contract)}
    contract = entitlement.end(contract, last_on=last_on, reason=reason, version=version, actor=actor, at=at)
    for row in contracts.instalments_of(contract):
        old = before[row.pk]
        if old.status == "billed" and row.amount != old.amount:
            _make_anew(row, reason, actor, at)
    return contract


def _make_anew(instalment, reason: str, actor: Actor, at: dt.datetime) -> None:
    source, lent = Source.of(instalment), _lent(actor, instalment.contract.branch_id)
    billing.reverse_final(source, reason=reason, actor=lent, at=at)
    _write(instalment, instalment.amount, lent, at)
    billing.finalise(source, actor=lent, at=at)


def _write(instalment, amount: Decimal, actor: Actor, at: dt.datetime) -> None:
    contract = instalment.contract
    name = wording.stored(lambda: _("维保合同 %(number)s 第 %(n)s 期") % {"number": contract.number, "n": instalment.sequence})
    billing.set_charges(
        Source.of(instalment), branch_id=contract.branch_id, customer_id=contract.customer_id,
        lines=[billing.ChargeLine("1", "contract", name, Decimal(1), amount)] if amount else [], actor=actor, at=at,
    )


def _lent(actor: Actor, branch_id: int) -> Actor:
    """Whoever may bill or end a contract may make the bills that follow from it, though he may make no other ones."""
    here = Reach(branches=frozenset({branch_id}))
    lent = {name: (actor.reach(name) or Reach()) | here for name in _FOR_BILLS}
    return replace(actor, reaches={**actor.reaches, **lent})


def bills_of(instalments) -> dict[int, Any]:
    """The bills of these instalments, by instalment id; one statement."""
    return bills.bills_of("entitlement.instalment", [row.pk for row in instalments])
