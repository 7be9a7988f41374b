"""What becomes of a row of the ledger: acknowledged, extended, late, back, passed on, lost. Money is moved by the journey."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts, rules
from aftercare.domain.custody.actions import giving, keepings, loaners, papers, tools
from aftercare.domain.custody.lifecycle import HOLDING
from aftercare.domain.custody.models import Holding, HoldingSignature, Reminder
from aftercare.foundation import money
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState
from aftercare.foundation.transactions import step

_ROOMS = {"tool": tools, "paper": papers}


@HOLDING.move("acknowledge")
def acknowledge(holding: Holding, *, actor: Actor, at: dt.datetime):
    """The holder himself says that he has it; nobody says it for him, and once is enough."""
    if actor.employee_id is None or actor.employee_id != holding.employee_id:
        raise NotAllowed(_("只有领用人本人可以确认"), code="not_the_holder")
    if holding.acknowledged_at is not None:
        raise WrongState(_("已经确认过"), code="acknowledged_already")
    revise(holding, acknowledged_at=at, signed_name=holding.signed_name or actor.name[:80])
    return facts.ReceiptAcknowledged(holding.pk)


@HOLDING.move("extend")
def extend(holding: Holding, *, actor: Actor, at: dt.datetime, due_on: dt.date):
    """It is due later."""
    giving.require_due(due_on, giving.today_at(holding.branch_id, at))
    if holding.due_on is not None and due_on <= holding.due_on:
        raise RuleBroken(_("续借日期须晚于现在的应还日期"), code="not_later", field="due_on")
    revise(holding, due_on=due_on)
    return facts.TermExtended(holding.pk, due_on.isoformat())


@HOLDING.move("remind")
def remind_return(holding: Holding, *, actor: Actor, at: dt.datetime, channel: str = "", note: str = ""):
    """Its holder is reminded of a thing that is late; once a day. `channel` empty: made by the day, still to be told."""
    today = giving.today_at(holding.branch_id, at)
    if holding.due_on is None or holding.due_on >= today:
        raise WrongState(_("还没有逾期"), code="not_late")
    if channel and channel not in Reminder.Channel.values:
        raise RuleBroken(_("没有这种通知方式"), code="no_such_channel", field="channel")
    if holding.reminded_on == today and not channel:
        raise WrongState(_("今天已经催过"), code="reminded_already")
    revise(holding, reminders=holding.reminders + 1, reminded_on=today)
    return facts.ReturnReminded(holding.pk, holding.reminders, channel)


def sign_holding(holding: Holding, *, way: str, name: str, image: bytes, actor: Actor, at: dt.datetime) -> Holding:
    """The holder signs by hand for what he got (`out`) or gave back (`back`), once each (`signed_already`)."""
    if way not in HoldingSignature.Way.values or (way == "back") == (holding.status == "out"):
        raise WrongState(_("现在不能签这一联"), code="wrong_way")
    if not image:
        raise RuleBroken(_("请签名"), code="signature_missing", field="signature")
    name = (name.strip() or holding.holder)[:80]
    with step():
        if not giving.sign(holding, way, name, image, at):
            raise WrongState(_("已经签过名"), code="signed_already")
        fields = {"signed_name": name, "acknowledged_at": holding.acknowledged_at or at} if way == "out" else {}
        return revise(holding, actor=actor, at=at, permission=permissions.LEND, verb="custody.holding.sign",
                      fact=facts.ReceiptSigned(holding.pk, way, name), **fields)


def note_holding(holding: Holding, *, text: str, actor: Actor, at: dt.datetime) -> Holding:
    """Add a word to its row, e.g. why it may stay out."""
    note = f"{holding.note}\n{text.strip()}".strip()[-500:]
    return revise(holding, actor=actor, at=at, permission=permissions.LEND, verb="custody.holding.note", note=note, because=text.strip()[:200])


@HOLDING.move("bring_back")
def bring_back(holding: Holding, *, actor: Actor, at: dt.datetime, in_state: str = "", missing=()):
    """The customer brought the loaner; it is looked at before the deposit goes back. `missing`: accessories that lack."""
    _require_kind(holding, "loaner")
    loaners.bring_in(holding.loaner, actor=actor, at=at)
    revise(holding, back_at=at, back_by=actor.name[:80], in_state=in_state.strip()[:200], missing=rules.cleaned_list(missing))
    return facts.ThingBack(holding.pk, holding.item, holding.holder)


@HOLDING.move("inspect")
def inspect(
    holding: Holding, *, actor: Actor, at: dt.datetime, in_state: str = "", damage: str = "", missing=None,
    compensation_amount: Decimal = money.ZERO, is_fit: bool = True,
):
    """The loaner was looked at: its state, damage and what the customer pays for it (CNY); fit to be lent again or set aside."""
    _require_kind(holding, "loaner")
    amount = _compensation(compensation_amount, damage)
    state = in_state.strip()[:200] or holding.in_state
    (loaners.pass_inspection if is_fit else loaners.set_aside)(holding.loaner, state=state, actor=actor, at=at)
    lacks = holding.missing if missing is None else rules.cleaned_list(missing)
    revise(holding, in_state=state, damage=damage.strip()[:200], compensation_amount=amount, missing=lacks)
    keepings.close(at, holding=holding)
    return facts.ThingBack(holding.pk, holding.item, holding.holder, holding.damage, str(amount))


@HOLDING.move("take_back")
def take_back(
    holding: Holding, *, actor: Actor, at: dt.datetime, in_state: str = "", damage: str = "",
    compensation_amount: Decimal = money.ZERO, signed_name: str = "", signature: bytes | None = None,
):
    """A tool or paper is back in the store, with what was found and what its holder pays for it (CNY)."""
    _require_kind(holding, "tool", "paper")
    giving.sign(holding, "back", signed_name or holding.holder, signature, at)
    amount = _compensation(compensation_amount, damage)
    _ROOMS[holding.kind_of].come_in(_thing(holding), actor=actor, at=at)
    revise(holding, back_at=at, back_by=actor.name[:80], in_state=in_state.strip()[:200], damage=damage.strip()[:200],
           compensation_amount=amount)
    keepings.close(at, holding=holding)
    return facts.ThingBack(holding.pk, holding.item, holding.holder, holding.damage, str(amount))


@HOLDING.move("hand_over")
def hand_over(
    holding: Holding, *, actor: Actor, at: dt.datetime, employee: Any, due_on: dt.date | None = None, note: str = "",
    signed_name: str = "", signature: bytes | None = None,
):
    """Straight to another employee, whose own row begins; it stands in `passed_to`."""
    _require_kind(holding, "tool", "paper")
    if employee is not None and employee.pk == holding.employee_id:
        raise RuleBroken(_("不能移交给本人"), code="same_holder", field="employee")
    keepings.close(at, holding=holding)
    thing = _ROOMS[holding.kind_of].pass_on(
        _thing(holding), employee=employee, due_on=due_on, note=note, signed_name=signed_name, signature=signature,
        out_state=holding.out_state, actor=actor, at=at,
    )
    revise(holding, back_at=at, back_by=employee.name[:80])
    holding.passed_to = thing.holding
    return facts.ThingPassedOn(holding.pk, holding.item, holding.holder, employee.name, thing.holding_id)


@HOLDING.move("lose")
def lose(holding: Holding, *, actor: Actor, at: dt.datetime, reason: str, compensation_amount: Decimal = money.ZERO):
    """Whoever has it cannot give it back; what he pays for it in CNY."""
    amount = _compensation(compensation_amount, reason)
    if not reason.strip():
        raise RuleBroken(_("请写明遗失经过"), code="reason_missing", field="reason")
    if holding.kind_of == "loaner":
        loaners.lose_loaner(holding.loaner, actor=actor, at=at)
    elif holding.kind_of == "tool":
        tools.lose_tool(holding.tool, actor=actor, at=at)
    else:
        papers.lose_paper(holding.paper, actor=actor, at=at)
    revise(holding, back_at=at, back_by=actor.name[:80], damage=reason.strip()[:200], compensation_amount=amount)
    keepings.close(at, holding=holding)
    return facts.ThingLost(holding.pk, holding.item, holding.holder, str(amount))


def _thing(holding: Holding):
    return getattr(holding, holding.kind_of)


def _compensation(amount: Decimal, why: str) -> Decimal:
    amount = money.require_amount(amount, field="compensation_amount")
    if amount and not why.strip():
        raise RuleBroken(_("收取赔偿须写明损坏或遗失情况"), code="damage_missing", field="damage")
    return amount


def _require_kind(holding: Holding, *kinds: str) -> None:
    if holding.kind_of not in kinds:
        raise WrongState(_("这类物品不能这样办理"), code="wrong_kind")
