"""At the counter: old parts come in by tag or serial number, or need not come."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.assets import rules as serials
from aftercare.domain.cores import access, facts, queries
from aftercare.domain.cores.actions import charging
from aftercare.domain.cores.actions.papers import require_reason, trusted
from aftercare.domain.cores.actions.stocking import put_away, take_out
from aftercare.domain.cores.lifecycle import CORE
from aftercare.domain.cores.models import CoreReturn
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, numbering, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity, shown
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source


@CORE.move("receive")
def receive(
    core: CoreReturn, *, actor: Actor, at: dt.datetime, serial: str = "", reason: str = "", qty: Decimal | None = None,
):
    """Take an old part in: it lies in the branch's depot, to be returned. Less than all leaves the rest owed by a tag of its own.

    `serial` is what stands on the piece; refuses none where one is expected (`serial_expected`) and another one than
    expected (`wrong_serial`) unless a reason says why it is taken all the same. A charge is taken back as the terms say.
    """
    # Who takes it in sits where it is to come, not at the outlet that owes it.
    actor.require(access.RECEIVE, branch_id=core.branch_id)
    seen = serials.serial_key(serial)
    told = _require_serial(core, seen, reason.strip())
    given = core.qty if qty is None else require_quantity(qty)
    if given > core.qty:
        raise RuleBroken(_("应交只有 %(qty)s") % {"qty": shown(core.qty)}, code="more_than_owed", field="qty")
    day = clock.local_day(at, people.zone_of(core.branch_id))
    is_lifted = core.charged_amount > 0 and core.is_charge_lifted
    if is_lifted:
        charging.reverse_charge(core, reason=wording.stored(lambda: _("补交旧件")), actor=actor, at=at)
    if given < core.qty:
        _leave_rest(core, core.qty - given, is_lifted, actor, at)
        revise(core, qty=given)
    put_away(core, seen, actor=actor, at=at)
    revise(core, received_at=at, received_by=actor.name[:80], received_serial=seen, mismatch_reason=told)
    late = max((day - core.due_on).days, 0)
    return facts.CoreReceived(core.pk, shown(given), seen, core.serial if told else "", told, late)


def _require_serial(core: CoreReturn, seen: str, reason: str) -> str:
    """Why another number than the expected one is taken; empty when the number is right or none is expected."""
    if not seen and queries.expected_serial(core):
        raise RuleBroken(_("请再扫旧件上的序列号"), code="serial_expected", field="serial", expected=core.serial, tag=core.number)
    if not core.serial or seen == core.serial:
        return ""
    if not reason:
        raise RuleBroken(
            _("序列号不符：应交 %(expected)s，收到 %(seen)s") % {"expected": core.serial, "seen": seen}, code="wrong_serial", field="serial",
            expected=core.serial, seen=seen, tag=core.number,
        )
    return require_reason(reason)


def _leave_rest(core: CoreReturn, qty: Decimal, is_lifted: bool, actor: Actor, at: dt.datetime) -> CoreReturn:
    """What was not brought is owed on, with a tag of its own and the same terms."""
    same = ("branch_id", "employee_id", "outlet_id", "source_kind", "source_id", "source_number", "line", "part_id", "serial", "rule_id",
            "rule_version", "owed_at", "due_on", "charge_amount", "is_charge_lifted", "blocking", "credit_expected_amount", "reminded_on",
            "reminders")  # fmt: skip
    source = Source(core.source_kind, core.source_id, core.source_number)
    rest = CoreReturn(
        **{name: getattr(core, name) for name in same}, qty=qty, piece=queries.last_piece(source, core.line) + 1,
        number=numbering.take("OP", clock.local_day(at, people.zone_of(core.branch_id))),
        # What was charged and stays charged was charged for all of it.
        charged_at=None if is_lifted else core.charged_at,
    )
    return open_new(
        rest, actor=trusted(actor), at=at, permission=access.FOLLOW, verb="cores.corereturn.owe", note=core.number,
        fact=lambda row: facts.CoreOwed(row.pk, row.number, row.part_id, shown(row.qty), row.due_on.isoformat()),
    )


@CORE.move("undo_receive")
def undo_receive(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    """It was taken in by mistake: it leaves the depot and is owed again, due as before."""
    reason = require_reason(reason)
    actor.require(access.RECEIVE, branch_id=core.branch_id)
    require_unboxed(core)
    if core.surplus_qty:
        raise RuleBroken(_("这件已不需要返还，请用退还旧件"), code="not_demanded")
    take_out(core, inventory.ensure_outside("customer", actor=actor, at=at), key="undo", actor=actor, at=at)
    revise(core, received_at=None, received_by="", received_serial="", mismatch_reason="", place=None, lot="")
    return facts.CoreUnreceived(core.pk, reason)


@CORE.move("hand_back")
def hand_back(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    """The replacement was taken back: the old part goes to who had brought it, and nothing is owed."""
    reason = require_reason(reason)
    require_unboxed(core)
    if core.surplus_qty != core.qty:
        raise RuleBroken(_("用料没有撤销，旧件仍需返还"), code="still_demanded")
    take_out(core, inventory.ensure_outside("customer", actor=actor, at=at), key="back", actor=actor, at=at)
    revise(core, closed_at=at, outcome=reason)
    return facts.CoreHandedBack(core.pk, reason)


@CORE.move("waive")
def waive(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    """It need not come back; what was charged for it is taken back."""
    reason = require_reason(reason)
    if actor.employee_id is not None and actor.employee_id == core.employee_id:
        raise RuleBroken(_("不能免交自己的旧件"), code="own_core")
    charging.reverse_charge(core, reason=reason, actor=actor, at=at)
    revise(core, closed_at=at, outcome=reason)
    return facts.CoreWaived(core.pk, reason)


@CORE.move("reclaim")
def reclaim(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    """It is to come back after all, due as before; when overdue it is charged by the next day's run."""
    reason = require_reason(reason)
    if core.surplus_qty:
        raise RuleBroken(_("用料已经撤销，这件不用返还"), code="not_demanded")
    revise(core, closed_at=None, outcome="", charged_at=None)
    return facts.CoreReclaimed(core.pk, reason)


def require_unboxed(core: CoreReturn) -> None:
    """Refuse a piece that lies in a box to the factory."""
    if core.shipment_id is not None:
        raise RuleBroken(_("这件已装进寄厂单 %(number)s，请先移出") % {"number": core.shipment.number}, code="in_shipment",
                         shipment=core.shipment.number)


