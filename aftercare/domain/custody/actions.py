"""Every write of this room."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from aftercare.domain.custody import access as permissions
from aftercare.domain.custody import facts, rules
from aftercare.domain.custody.lifecycle import CUSTODY, Status
from aftercare.domain.custody.models import Custody
from aftercare.foundation import clock, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import require_amount
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source


def receive(
    *, customer, item: str, branch_id: int, asset=None, source: Source | None = None, appearance=(), accessories=(),
    limit_amount: Decimal | None = None, place: str = "", note: str = "", actor: Actor, at: dt.datetime,
) -> Custody:
    """Take a customer's thing in against a receipt.

    Refuses a thing without a name, and a unit that is in our hands already (`already_held`). `limit_amount` in CNY:
    above it the customer is called before work.
    """
    if not item.strip():
        raise RuleBroken(_("请写明收到的物品"), code="item_missing", field="item")
    if asset is not None and Custody.objects.filter(asset=asset, status=Status.HELD).exists():
        raise WrongState(_("这台设备已在我方保管，不能重复接收"), code="already_held")
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
    return open_new(
        custody, actor=actor, at=at, permission=permissions.RECEIVE, verb="custody.custody.receive",
        fact=lambda c: facts.ItemReceived(custody_id=c.pk, number=c.number, item=c.item),
    )


@CUSTODY.move("move_to")
def move_to(custody: Custody, *, actor: Actor, at: dt.datetime, place: str):
    """It lies at another place now."""
    if not place.strip():
        raise RuleBroken(_("请写明存放位置"), code="place_missing", field="place")
    revise(custody, place=place.strip()[:60])
    return facts.ItemMoved(custody_id=custody.pk, place=custody.place)


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
    without = "" if code.strip() else reason
    return facts.ItemReturned(custody_id=custody.pk, returned_to=returned_to, without_receipt=without)


@CUSTODY.move("void_receipt")
def void_receipt(custody: Custody, *, actor: Actor, at: dt.datetime, reason: str):
    """The receipt was a mistake; its number stays taken."""
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing", field="reason")
    revise(custody, returned_at=None)
    return facts.ReceiptVoided(custody_id=custody.pk, reason=reason)
