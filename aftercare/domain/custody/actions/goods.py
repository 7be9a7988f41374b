"""Customers' goods: in against a receipt, where they lie, the ladder when nobody comes, out again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts, queries, rules
from aftercare.domain.custody.actions import keepings
from aftercare.domain.custody.lifecycle import CUSTODY
from aftercare.domain.custody.models import Custody, Reminder
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import require_amount
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import race


def receive(
    *, customer, item: str, branch_id: int, asset=None, source: Source | None = None, appearance=(), accessories=(),
    limit_amount: Decimal | None = None, place: str = "", note: str = "", actor: Actor, at: dt.datetime,
) -> Custody:
    """Take a customer's thing in against a receipt.

    Refuses a thing without a name, a unit that is in our hands already (`already_held`), and a loaner of ours that is
    out (`own_loaner`). `limit_amount` in CNY: above it the customer is called before work.
    """
    if not item.strip():
        raise RuleBroken(_("请写明收到的物品"), code="item_missing", field="item")
    _require_free(asset)
    if limit_amount is not None:
        require_amount(limit_amount, field="limit_amount")
    number = numbering.take("SJ", clock.local_day(at, actor.zone))
    custody = Custody(
        number=number, branch_id=branch_id, customer=customer, asset=asset, item=item.strip()[:200],
        source_kind=source.kind if source else "", source_id=source.id if source else 0,
        source_number=source.number if source else "", place=place, appearance=rules.cleaned_list(appearance),
        accessories=rules.cleaned_list(accessories), limit_amount=limit_amount, note=note[:500], received_at=at,
        received_by=actor.name[:80], code=rules.calculate_code(settings.SECRET_KEY.encode(), number),
    )
    try:
        with race():
            open_new(
                custody, actor=actor, at=at, permission=permissions.RECEIVE, verb="custody.custody.receive",
                fact=lambda c: facts.ItemReceived(custody_id=c.pk, number=c.number, item=c.item),
            )
            keepings.open_for_goods(custody)
    except IntegrityError:
        _require_free(asset)  # by now it is seen who was quicker
        raise
    return custody


def _require_free(asset) -> None:
    held = queries.what_holds(asset) if asset is not None else ""
    if held == "held":
        raise WrongState(_("这台设备已在我方保管，不能重复接收"), code="already_held")
    if held:
        raise WrongState(_("这是我方借出的备用机，请在备用机里收回，不能当客户商品接收"), code="own_loaner")


@CUSTODY.move("move_to")
def move_to(custody: Custody, *, actor: Actor, at: dt.datetime, place: str):
    """It lies at another place now."""
    if not place.strip():
        raise RuleBroken(_("请写明存放位置"), code="place_missing", field="place")
    before = custody.place
    revise(custody, place=place.strip()[:60])
    return facts.ItemMoved(custody_id=custody.pk, place=custody.place, before=before)


@CUSTODY.move("hand_back")
def hand_back(
    custody: Custody, *, actor: Actor, at: dt.datetime, returned_to: str = "", code: str = "", reason: str = ""
):
    """Give the thing back against the receipt's code; without a receipt a reason must be written."""
    wrong = rules.require_release(custody.code, code, reason)
    if wrong == "wrong_code":
        raise RuleBroken(_("取件码不对"), code=wrong, field="code")
    if wrong:
        raise RuleBroken(_("请输入收条上的取件码；没有收条时请写明核实方式"), code=wrong, field="code")
    revise(custody, returned_at=at, returned_to=returned_to[:80])
    keepings.close(at, custody=custody)
    without = "" if code.strip() else reason
    return facts.ItemReturned(custody_id=custody.pk, returned_to=returned_to, without_receipt=without)


@CUSTODY.move("void_receipt")
def void_receipt(custody: Custody, *, actor: Actor, at: dt.datetime, reason: str):
    """The receipt was a mistake; its number stays taken."""
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing", field="reason")
    revise(custody, returned_at=None)
    keepings.close(at, custody=custody)
    return facts.ReceiptVoided(custody_id=custody.pk, reason=reason)


@CUSTODY.move("mark_ready")
def mark_ready(custody: Custody, *, actor: Actor, at: dt.datetime, ready_at: dt.datetime | None = None):
    """Its owner may fetch it, since `ready_at` (default: now); the ladder for unclaimed things counts from there."""
    revise(custody, ready_at=ready_at or at)
    return facts.ItemReady(custody.pk, custody.ready_at.isoformat())


@CUSTODY.move("unmark_ready")
def unmark_ready(custody: Custody, *, actor: Actor, at: dt.datetime):
    """It may not be fetched yet after all. Steps of the ladder that were made stay made."""
    revise(custody, ready_at=None)
    return facts.ItemReady(custody.pk, "")


@CUSTODY.move("remind")
def remind(custody: Custody, *, actor: Actor, at: dt.datetime):
    """Make the step of the ladder that is due today; refuses when none is (`not_due`). Each step is made once, by the database.

    The third is the legal notice: a letter with a number of its own, which names the day by which the owner must come.
    It rests on the Civil Code of the PRC (民法典), art. 783 (who made or repaired a thing may keep it until he is paid),
    art. 453 (60 days at least before a lien is realised) and art. 570 (deposit with a notary, 提存). Check before use: which
    of them a branch may lean on is for its lawyer.
    """
    zone = people.zone_of(custody.branch_id)
    rule, today = queries.rule_at(custody.branch_id), clock.local_day(at, zone)
    last = queries.last_reminder(custody)
    stage = None
    if custody.ready_at is not None:
        stage = rules.due_stage(
            rule, today=today, ready_on=clock.local_day(custody.ready_at, zone), stage=custody.stage,
            last_on=clock.local_day(last.made_at, zone) if last else None,
        )
    if stage is None:
        raise WrongState(_("还没有到下一次提醒的时间"), code="not_due")
    days = (today - clock.local_day(custody.ready_at, zone)).days
    reminder = Reminder(
        number=numbering.take("TZ", today), custody=custody, stage=stage, made_at=at, days=days,
        until_on=today + dt.timedelta(days=rule.wait_days) if stage == rules.NOTICE else None,
    )
    if not insert_once([reminder]):
        raise WrongState(_("这一步提醒已经生成"), code="reminded_already")
    revise(custody, stage=stage)
    return facts.CollectionReminded(custody.pk, stage, days, reminder.number)


@CUSTODY.move("note_told")
def note_told(custody: Custody, *, actor: Actor, at: dt.datetime, channel: str, note: str = ""):
    """The owner was told of the last step, by telephone, message, letter or at the counter; once."""
    if channel not in Reminder.Channel.values:
        raise RuleBroken(_("没有这种通知方式"), code="no_such_channel", field="channel")
    last = queries.last_reminder(custody)
    if last is None:
        raise WrongState(_("还没有生成催取提醒"), code="nothing_to_tell")
    if last.stage == rules.NOTICE and channel not in (Reminder.Channel.LETTER, Reminder.Channel.COUNTER):
        raise RuleBroken(_("催领通知书须以挂号信寄出或当面送达"), code="notice_by_letter", field="channel")
    told = Reminder.objects.filter(pk=last.pk, told_at=None)
    if told.update(told_at=at, told_by=actor.name[:80], channel=channel, note=note.strip()[:200]) != 1:
        raise WrongState(_("这一步已登记过通知"), code="told_already")
    return facts.OwnerTold(custody.pk, last.stage, channel)


@CUSTODY.move("dispose")
def dispose(custody: Custody, *, actor: Actor, at: dt.datetime, reason: str):
    """Dispose of an unclaimed thing: only after the legal notice was served and its term is over (`notice_needed`, `too_early`).

    Both the letter's own last day and `wait_days` since it was served must be past. The reason tells what became of it.
    """
    if not reason.strip():
        raise RuleBroken(_("请写明处置方式和原因"), code="reason_missing", field="reason")
    last = queries.last_reminder(custody)
    if last is None or last.stage != rules.NOTICE or last.told_at is None:
        raise WrongState(_("须先送达催领通知书，才能处置"), code="notice_needed")
    zone = people.zone_of(custody.branch_id)
    wait = dt.timedelta(days=queries.rule_at(custody.branch_id).wait_days)
    free_on = max(last.until_on, clock.local_day(last.told_at, zone) + wait)
    if clock.local_day(at, zone) <= free_on:
        raise WrongState(
            _("催领通知书的期限到 %(day)s，之后才能处置") % {"day": free_on.isoformat()}, code="too_early", day=free_on.isoformat()
        )
    revise(custody, disposal=reason.strip()[:200])
    keepings.close(at, custody=custody)
    return facts.ItemDisposed(custody.pk, reason.strip(), last.number)
