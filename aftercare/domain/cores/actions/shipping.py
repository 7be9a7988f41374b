"""Shipments to the factory: filled by scanning, sent, and answered piece by piece."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.cores import access, facts, queries
from aftercare.domain.cores.actions.papers import require_reason, trusted
from aftercare.domain.cores.actions.stocking import CONDITION
from aftercare.domain.cores.lifecycle import CORE, SHIPMENT, CoreStatus, ShipmentStatus
from aftercare.domain.cores.models import CoreReturn, CoreShipment
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

# A box is carried by one person and counted by another.
MOST_PIECES = 300


def open_shipment(
    *, branch_id: int, supplier=None, receiver: str = "", remark: str = "", actor: Actor, at: dt.datetime,
) -> CoreShipment:
    """Begin a shipment of a branch's old parts to a factory; nothing is in it yet."""
    day = clock.local_day(at, people.zone_of(branch_id))
    return open_new(
        CoreShipment(number=numbering.take("OS", day), branch_id=branch_id, supplier=supplier, receiver=receiver.strip()[:200],
                     remark=remark.strip()[:500], created_at=at, created_by=actor.name[:80]),
        actor=actor, at=at, permission=access.SHIP, fact=lambda row: facts.ShipmentOpened(row.pk, row.number),
    )


def revise_shipment(shipment: CoreShipment, *, version: int, actor: Actor, at: dt.datetime, **fields: Any) -> CoreShipment:
    """Change factory, receiver or remark of a draft; of a posted one carrier and tracking number too."""
    known = {"supplier", "receiver", "remark"} if shipment.status == ShipmentStatus.DRAFT else {"carrier", "tracking_number", "remark"}
    for name in fields:
        if name not in known:
            raise RuleBroken(_("不能修改这一项"), code="not_editable", field=name)
    return revise(shipment, actor=actor, at=at, permission=access.SHIP, version=version, **fields)


@SHIPMENT.move("add")
def add(shipment: CoreShipment, *, actor: Actor, at: dt.datetime, core: CoreReturn):
    """Put an old part of the same branch into the box; refuses one that lies in a box already (`in_shipment`)."""
    if core.branch_id != shipment.branch_id:
        raise RuleBroken(_("这件旧件属于别的机构"), code="other_branch", field="core")
    if CoreReturn.objects.filter(shipment=shipment).count() >= MOST_PIECES:
        raise RuleBroken(_("一张寄厂单最多 %(most)s 件") % {"most": MOST_PIECES}, code="too_many_pieces", field="core")
    _box(core, shipment=shipment, actor=trusted(actor), at=at)
    return facts.CoreBoxed(core.pk, shipment.pk, True)


@CORE.move("box")
def _box(core: CoreReturn, *, actor: Actor, at: dt.datetime, shipment: CoreShipment):
    if core.shipment_id is not None:
        raise RuleBroken(_("这件已装进寄厂单 %(number)s") % {"number": core.shipment.number}, code="in_shipment", field="core",
                         shipment=core.shipment.number)
    revise(core, shipment=shipment)
    return facts.CoreBoxed(core.pk, shipment.pk, True)


@SHIPMENT.move("remove")
def remove(shipment: CoreShipment, *, actor: Actor, at: dt.datetime, core: CoreReturn):
    """Take an old part out of the box again."""
    if core.shipment_id != shipment.pk:
        raise RuleBroken(_("这件不在这张寄厂单里"), code="not_in_shipment", field="core")
    _unbox(core, actor=trusted(actor), at=at)
    return facts.CoreBoxed(core.pk, shipment.pk, False)


@CORE.move("unbox")
def _unbox(core: CoreReturn, *, actor: Actor, at: dt.datetime):
    shipment_id = core.shipment_id
    revise(core, shipment=None)
    return facts.CoreBoxed(core.pk, shipment_id, False)


@SHIPMENT.move("post")
def post_shipment(shipment: CoreShipment, *, actor: Actor, at: dt.datetime, carrier: str = "", tracking_number: str = ""):
    """It goes off: every piece leaves stock for the factory. Refuses an empty box, and one without carrier or tracking number."""
    pieces = queries.pieces_of(shipment)
    if not pieces:
        raise RuleBroken(_("寄厂单里还没有旧件"), code="no_lines", field="lines")
    for name, text in (("carrier", carrier), ("tracking_number", tracking_number)):
        if not text.strip():
            raise RuleBroken(_("请填写承运人和运单号"), code="tracking_missing", field=name)
    outside = inventory.ensure_outside("supplier", actor=actor, at=at)
    inventory.post(
        source=Source.of(shipment), key="post", at=at, actor=actor, reason=inventory.Reason.SUPPLIER_RETURN, memo=tracking_number.strip(),
        lines=[inventory.MoveLine(part_id=row.part_id, qty=row.qty, from_place=row.place_id, to_place=outside.pk, from_condition=CONDITION,
                                  to_condition=CONDITION, lot=row.lot, line=f"c{row.pk}") for row in pieces],
    )
    for row in pieces:
        _ship(row, actor=trusted(actor), at=at)
    revise(shipment, carrier=carrier.strip()[:60], tracking_number=tracking_number.strip()[:60], posted_at=at, posted_by=actor.name[:80])
    return facts.ShipmentPosted(shipment.pk, len(pieces), carrier.strip(), tracking_number.strip())


@CORE.move("ship")
def _ship(core: CoreReturn, *, actor: Actor, at: dt.datetime):
    return facts.CoreShipped(core.pk, core.shipment_id)


@SHIPMENT.move("cancel")
def cancel_shipment(shipment: CoreShipment, *, actor: Actor, at: dt.datetime, reason: str):
    """It is given up before it went; what lay in the box lies on the shelf again."""
    reason = require_reason(reason)
    for row in queries.pieces_of(shipment):
        _unbox(row, actor=trusted(actor), at=at)
    return facts.ShipmentEnded(shipment.pk, reason)


@SHIPMENT.move("reverse")
def reverse_shipment(shipment: CoreShipment, *, actor: Actor, at: dt.datetime, reason: str):
    """It came back or never went: every piece lies on the shelf again. Refuses once the factory answered for one of them."""
    reason = require_reason(reason)
    pieces = queries.pieces_of(shipment)
    answered = [row.number for row in pieces if row.status != CoreStatus.SHIPPED]
    if answered:
        raise RuleBroken(_("已有 %(count)s 件登记了厂家结算，请先撤回") % {"count": len(answered)}, code="answered_already", tags=answered[:20])
    outside = inventory.ensure_outside("supplier", actor=actor, at=at)
    inventory.post(
        source=Source.of(shipment), key="reverse", at=at, actor=actor, reason=inventory.Reason.OLD_PART, memo=reason,
        lines=[inventory.MoveLine(part_id=row.part_id, qty=row.qty, from_place=outside.pk, to_place=row.place_id, from_condition=CONDITION,
                                  to_condition=CONDITION, lot=row.lot, line=f"c{row.pk}") for row in pieces],
    )
    for row in pieces:
        _unship(row, actor=trusted(actor), at=at)
    return facts.ShipmentEnded(shipment.pk, reason)


@CORE.move("unship")
def _unship(core: CoreReturn, *, actor: Actor, at: dt.datetime):
    shipment_id = core.shipment_id
    revise(core, shipment=None)
    return facts.CoreBoxed(core.pk, shipment_id, False)


def credit(core: CoreReturn, *, amount: Decimal, reason: str = "", actor: Actor, at: dt.datetime, version: int | None = None) -> CoreReturn:
    """Write down what the factory credits for the piece, in CNY for all of its quantity.

    Less than the terms expect needs a reason (`reason_needed`); nothing at all is a refusal (`refuse`).
    """
    with whole():
        _hold(core)
        core = _credit(core, amount=amount, reason=reason, actor=actor, at=at, version=version)
        _settle(core, actor, at)
        return core


@CORE.move("credit")
def _credit(core: CoreReturn, *, actor: Actor, at: dt.datetime, amount: Decimal, reason: str = ""):
    amount = money.require_amount(amount, field="amount", minimum=Decimal("0.01"))
    expected = None if core.credit_expected_amount is None else money.rounded(core.credit_expected_amount * core.qty)
    if expected is not None and amount < expected and not reason.strip():
        raise RuleBroken(_("少于应结 %(expected)s，请填写原因") % {"expected": expected}, code="reason_needed", field="reason",
                         expected=str(expected))
    revise(core, credit_amount=amount, credited_at=at, closed_at=at, outcome=reason.strip()[:200])
    return facts.CoreCredited(core.pk, str(amount), "" if expected is None else str(expected), reason.strip())


def refuse(core: CoreReturn, *, reason: str, actor: Actor, at: dt.datetime, version: int | None = None) -> CoreReturn:
    """The factory credits nothing for the piece, and says why."""
    with whole():
        _hold(core)
        core = _refuse(core, reason=reason, actor=actor, at=at, version=version)
        _settle(core, actor, at)
        return core


@CORE.move("refuse")
def _refuse(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    reason = require_reason(reason)
    revise(core, credit_amount=Decimal("0.00"), credited_at=at, closed_at=at, outcome=reason)
    return facts.CoreCredited(core.pk, "0.00", "" if core.credit_expected_amount is None else str(core.credit_expected_amount), reason)


def answer(shipment: CoreShipment, *, answers: Iterable[tuple[CoreReturn, Decimal, str]], actor: Actor, at: dt.datetime) -> CoreShipment:
    """Write down what the factory says of several pieces at once, all or nothing: (piece, amount in CNY, reason) each.

    An amount of zero is a refusal. Pieces that are not named wait on.
    """
    rows = list(answers)
    if not rows:
        raise RuleBroken(_("请至少填写一件"), code="no_lines", field="lines")
    with whole():
        for core, amount, reason in rows:
            if core.shipment_id != shipment.pk:
                raise RuleBroken(_("这件不在这张寄厂单里"), code="not_in_shipment", field="core")
            if amount:
                credit(core, amount=amount, reason=reason, actor=actor, at=at)
            else:
                refuse(core, reason=reason, actor=actor, at=at)
        return queries.get_shipment(shipment.pk, trusted(actor))


def reopen(core: CoreReturn, *, reason: str, actor: Actor, at: dt.datetime, version: int | None = None) -> CoreReturn:
    """Take the factory's answer back: it was written down for the wrong piece, or the factory thinks again."""
    with whole():
        shipment = _hold(core)
        core = _reopen(core, reason=reason, actor=actor, at=at, version=version)
        if shipment is not None and shipment.status == ShipmentStatus.SETTLED:
            _unsettle(shipment, actor=trusted(actor), at=at)
        return core


@CORE.move("reopen")
def _reopen(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    reason = require_reason(reason)
    revise(core, credit_amount=None, credited_at=None, closed_at=None, outcome="")
    return facts.CoreCreditReopened(core.pk, reason)


def _hold(core: CoreReturn) -> CoreShipment | None:
    # Two who answer for the last two pieces take their turns here, so that the second sees that all are answered.
    return CoreShipment.objects.select_for_update().filter(pk=core.shipment_id).first()


def _settle(core: CoreReturn, actor: Actor, at: dt.datetime) -> None:
    """The shipment is settled once no piece of it waits for the factory's answer."""
    if not CoreReturn.objects.filter(shipment_id=core.shipment_id, status=CoreStatus.SHIPPED).exists():
        _close(core.shipment, actor=trusted(actor), at=at)


@SHIPMENT.move("settle")
def _close(shipment: CoreShipment, *, actor: Actor, at: dt.datetime):
    return None


@SHIPMENT.move("unsettle")
def _unsettle(shipment: CoreShipment, *, actor: Actor, at: dt.datetime):
    return None
