"""Loaners: the register, and the lending to a customer. Deposits are taken by the journey."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.assets import rules as serials
from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts, rules
from aftercare.domain.custody.actions import giving, keepings
from aftercare.domain.custody.lifecycle import LOANER
from aftercare.domain.custody.models import Loaner
from aftercare.foundation import money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source

_EDITED = {"value_amount", "deposit_amount", "state", "accessories", "place", "note", "serial", "branch"}


def create_loaner(
    *, product: Any, serial: str, branch_id: int, value_amount: Decimal = money.ZERO, deposit_amount: Decimal | None = None,
    state: str = "", accessories=(), place: str = "", note: str = "", actor: Actor, at: dt.datetime,
) -> Loaner:
    """Put a unit of ours into the register of loaners; refuses `already_exists` for the same product and serial number."""
    fields = _checked(dict(
        value_amount=value_amount, deposit_amount=deposit_amount, state=state, accessories=accessories, place=place, note=note, serial=serial))
    loaner = Loaner(number=numbering.take("BY", digits=5), product=product, branch_id=branch_id, **fields)
    try:
        with transaction.atomic():
            return open_new(loaner, actor=actor, at=at, permission=permissions.KEEP, verb="custody.loaner.register")
    except IntegrityError as error:
        raise _taken() from error


def edit_loaner(loaner: Loaner, *, version: int, actor: Actor, at: dt.datetime, **fields: Any) -> Loaner:
    """Change what is written of it; another branch needs the right there too."""
    if unknown := set(fields) - _EDITED:
        raise TypeError(f"not to be edited: {sorted(unknown)}")
    branch = fields.get("branch")
    if branch is not None and branch.pk != loaner.branch_id:
        actor.require(permissions.KEEP, branch_id=branch.pk)
        giving.require_free(loaner)
    try:
        with transaction.atomic():
            fresh = revise(loaner, actor=actor, at=at, permission=permissions.KEEP, version=version, **_checked(fields))
            if "serial" in fields and fresh.holding_id is not None:
                keepings.rename(fresh.holding)
            return fresh
    except IntegrityError as error:
        raise _taken() from error


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    if "serial" in fields:
        fields["serial"] = fields["serial"].strip()[:60]
        fields["serial_key"] = serials.serial_key(fields["serial"])
        if not fields["serial_key"]:
            raise RuleBroken(_("请填写序列号"), code="serial_missing", field="serial")
    for name in ("value_amount", "deposit_amount"):
        if fields.get(name) is not None:
            fields[name] = money.require_amount(fields[name], field=name)
    if "accessories" in fields:
        fields["accessories"] = rules.cleaned_list(fields["accessories"])
    return fields


def _taken() -> RuleBroken:
    return RuleBroken(_("这台设备已登记为备用机"), code="already_exists", field="serial")


def lend_loaner(loaner: Loaner, *, version: int | None = None, actor: Actor, at: dt.datetime, **given: Any):
    """Lend it to a customer: `customer`, `due_on` (default by the rule), `deposit_amount` (agreed, default by the rule), `source`,
    `out_state`, `accessories`, `signed_name`, `signature`, `note`. Gives back the row of the ledger.

    Of many who want the same one exactly one gets it: the move claims the row, and the database allows one open row.
    """
    giving.require_free(loaner)
    giving.require_not_received(loaner)
    return _lend(loaner, version=version, actor=actor, at=at, **given).holding


@LOANER.move("lend")
def _lend(
    loaner: Loaner, *, actor: Actor, at: dt.datetime, customer: Any, due_on: dt.date | None = None,
    deposit_amount: Decimal | None = None, source: Source | None = None, out_state: str = "", accessories=None, **given: Any,
):
    if customer is None:
        raise RuleBroken(_("请选择客户"), code="customer_missing", field="customer")
    rule = giving.rule_of(loaner)
    deposit = rules.calculate_deposit(rule, loaner.value_amount, loaner.deposit_amount) if deposit_amount is None else deposit_amount
    due = due_on or giving.today_at(loaner.branch_id, at) + dt.timedelta(days=rule.loan_days)
    holding = giving.give(
        loaner, item=str(loaner), customer=customer, due_on=due, source=source, out_state=out_state or loaner.state,
        accessories=loaner.accessories if accessories is None else accessories,
        deposit_amount=money.require_amount(deposit, field="deposit_amount"), actor=actor, at=at, **given,
    )
    revise(loaner, holding=holding)
    return facts.ThingGiven(holding.pk, "loaner", holding.item, holding.holder, due.isoformat())


@LOANER.move("bring_back")
def bring_in(loaner: Loaner, *, actor: Actor, at: dt.datetime):
    """It is with us again, to be looked at. Follows from the row of the ledger."""


@LOANER.move("pass_inspection")
def pass_inspection(loaner: Loaner, *, actor: Actor, at: dt.datetime, state: str = ""):
    """It is fit to be lent again."""
    revise(loaner, holding=None, **({"state": state} if state else {}))


@LOANER.move("set_aside")
def set_aside(loaner: Loaner, *, actor: Actor, at: dt.datetime, state: str = ""):
    """It is not lent again before it was mended."""
    revise(loaner, holding=None, **({"state": state} if state else {}))


@LOANER.move("lose")
def lose_loaner(loaner: Loaner, *, actor: Actor, at: dt.datetime):
    """The customer cannot give it back."""
    revise(loaner, holding=None)


@LOANER.move("suspend")
def suspend_loaner(loaner: Loaner, *, actor: Actor, at: dt.datetime, reason: str):
    """Not to be lent for now: broken, under repair."""
    _require_reason(reason)


@LOANER.move("restore")
def restore_loaner(loaner: Loaner, *, actor: Actor, at: dt.datetime, reason: str):
    """To be lent again: mended, or found."""
    _require_reason(reason)


@LOANER.move("retire")
def retire_loaner(loaner: Loaner, *, actor: Actor, at: dt.datetime, reason: str):
    """Out of the register for good: sold, scrapped, written off. Its serial number may be registered anew."""
    _require_reason(reason)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing", field="reason")
