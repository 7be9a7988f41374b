"""A customer's unit is exchanged for another one: the new one is his, its warranty follows the policy, the old one is ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.work import queries as orders
from aftercare.flows import lending
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@dataclass
class Exchanged:
    """The old unit, now without owner; the new one; the warranty line of the new one, where there is one."""

    old: Any
    new: Any
    cover: Any = None


@whole()
def exchange(
    unit, *, new_serial: str, on: dt.date, reason: str, product=None, version: int | None = None, actor: Actor,
    at: dt.datetime,
) -> Exchanged:
    """Give the owner another unit for this one on that day.

    The old unit keeps its file and its ledger: when it is refurbished and sold again, its warranty neither starts anew
    nor is it forgotten. Refuses without an owner, a reason, a new serial number, or with the old one's.
    """
    if unit.customer_id is None:
        raise RuleBroken(_("这台设备还没有客户"), code="no_owner", field="new_serial")
    if not reason.strip():
        raise RuleBroken(_("请填写理由"), code="reason_missing", field="reason")
    if not new_serial.strip():
        raise RuleBroken(_("请扫描或输入新机序列号"), code="serial_missing", field="new_serial")
    customer = unit.customer
    old = assets.release_owner(unit, on=on, reason=reason, version=version, actor=actor, at=at)
    new = assets.register_asset(
        product=product or unit.product, serial=new_serial, customer=customer, branch_id=unit.branch_id, delivered_on=on,
        place=unit.place, actor=actor, at=at,
    )
    if new.pk == old.pk:
        raise RuleBroken(_("新旧序列号相同"), code="same_serial", field="new_serial")
    cover = entitlement.register_exchange(
        new, old, on=on, source=Source("assets.asset", old.pk, old.number), actor=actor, at=at
    )
    assets.note_exchange(old, new, on=on, reason=reason, actor=actor, at=at)
    return Exchanged(old, new, cover)


@whole()
def undo(old, *, reason: str, actor: Actor, at: dt.datetime) -> Exchanged:
    """Take an exchange back: the old unit is the customer's again, the new one's warranty is reversed and it is ours.

    Needs the right to undo exchanges, not the one to make them. Refuses as `assets.undo_exchange` does, and once the new
    unit was served (`exchange_used`): its orders tell of a unit that is the customer's.
    """
    actor.require("assets.undo_exchange", branch_id=old.branch_id)
    standing = queries.find_exchange(old)
    if standing is not None:
        served = [order for order in orders.list_of_asset(standing.new_id, Actor.system("exchange")) if order.status != "cancelled"]
        if served:
            raise WrongState(_("换上的设备已有服务单 %(number)s，不能撤销换机") % {"number": served[0].number}, code="exchange_used")
    old, new = assets.undo_exchange(old, reason=reason, actor=actor, at=at)
    entitlement.reverse_source(
        Source("assets.asset", old.pk, old.number), reason=reason, actor=lending.trusted(actor), at=at
    )
    return Exchanged(old, new)
