"""A loaner goes to a customer with its deposit, and comes back: looked at, compensated, settled. Thing and money together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as things
from aftercare.flows import lending, refunding
from aftercare.foundation import wording
from aftercare.foundation.access import Actor
from aftercare.foundation.money import require_amount
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ZERO = Decimal(0)


@whole()
def lend(
    loaner, *, customer, document: Any = None, deposit_amount: Decimal | None = None, method: str = "cash", version: int | None = None,
    actor: Actor, at: dt.datetime, **given: Any,
):
    """Lend it against an order or a receipt (`document`), with the deposit taken and receipted at once; gives back the loan.

    `deposit_amount` in CNY: None takes what the rule says, nothing takes none. Further values as of `custody.lend_loaner`.
    """
    source = source_of(document)
    loan = custody.lend_loaner(
        loaner, customer=customer, source=source, deposit_amount=deposit_amount, version=version, actor=actor, at=at, **given
    )
    if loan.deposit_amount:
        trusted = lending.trusted(actor)
        billing.set_charges(Source.of(loan), lines=[], branch_id=loan.branch_id, customer_id=loan.customer_id, actor=trusted, at=at)
        billing.collect(Source.of(loan), amount=loan.deposit_amount, method=method, collected_by_id=actor.employee_id, at_desk=True,
                        deposit=True, actor=trusted, at=at)
    return loan


def source_of(document: Any) -> Source | None:
    """The document a loan is for; a receipt that was written for an order stands for the order."""
    if document is None:
        return None
    if document.kind == "custody.custody" and document.source_kind:
        return Source(document.source_kind, document.source_id, document.source_number)
    return Source.of(document)


@whole()
def settle(
    loan, *, compensation_amount: Decimal = ZERO, amount: Decimal | None = None, method: str = "cash", version: int | None = None,
    actor: Actor, at: dt.datetime, **found: Any,
):
    """Look at a loaner that came back and settle it: compensation (CNY) comes off the deposit, the rest of it goes back.

    What the deposit does not cover stays owed, less `amount` collected now. `found`: in_state, damage, missing, is_fit.
    """
    loan = custody.inspect(loan, compensation_amount=compensation_amount, version=version, actor=actor, at=at, **found)
    return _close(loan, _("备用机赔偿 %(item)s"), amount, method, actor, at)


@whole()
def lose(
    loan, *, reason: str, compensation_amount: Decimal = ZERO, amount: Decimal | None = None, method: str = "cash",
    version: int | None = None, actor: Actor, at: dt.datetime,
):
    """The customer cannot give it back: what he pays for it (CNY) comes off the deposit, the rest stays owed or goes back."""
    loan = custody.lose(loan, reason=reason, compensation_amount=compensation_amount, version=version, actor=actor, at=at)
    return _close(loan, _("备用机遗失赔偿 %(item)s"), amount, method, actor, at)


def _close(loan, words: str, amount: Decimal | None, method: str, actor: Actor, at: dt.datetime):
    source, trusted, due = Source.of(loan), lending.trusted(actor), loan.compensation_amount
    if not due and bills.find_bill(source) is None:
        return loan
    name = wording.stored(lambda: words % {"item": loan.item})
    lines = [billing.ChargeLine("1", "other", name[:120], Decimal(1), due, reason=loan.damage)] if due else []
    billing.set_charges(source, lines=lines, branch_id=loan.branch_id, customer_id=loan.customer_id, actor=trusted, at=at)
    refunding.pay_back(source, due, _("退还备用机押金 %(number)s") % {"number": loan.number}, actor, at)
    billing.finalise(source, actor=trusted, at=at)
    if amount:
        billing.collect(source, amount=require_amount(Decimal(amount), field="amount"), method=method, collected_by_id=actor.employee_id,
                        at_desk=True, actor=trusted, at=at)
    return loan


def loans_out(*documents: Any) -> list:
    """The loaners that are still with a customer because of these documents (orders, receipts); one statement each."""
    sources = {source for source in map(source_of, documents) if source is not None}
    return [loan for source in sources for loan in things.loans_of(source) if loan.status == "out"]


def require_no_loaner(loans: Iterable[Any], reason: str, *, actor: Actor, at: dt.datetime) -> None:
    """Refuse to hand a repaired thing back while its loaner is out (`loaner_out`), unless the reason says why it stays."""
    for loan in loans:
        if not reason.strip():
            raise RuleBroken(
                _("备用机 %(item)s（%(number)s）还在客户处，请先收回；确需先交还时写明原因") % {"item": loan.item, "number": loan.number},
                code="loaner_out", field="loaner_reason", loan=loan.number,
            )
        custody.note_holding(loan, text=reason, actor=lending.trusted(actor), at=at)
