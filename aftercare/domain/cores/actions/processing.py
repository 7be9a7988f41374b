"""Old parts that are dealt with here: thrown away, or made good again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.assets import rules as serials
from aftercare.domain.cores import facts
from aftercare.domain.cores.actions.papers import require_reason
from aftercare.domain.cores.actions.receiving import require_unboxed
from aftercare.domain.cores.actions.stocking import take_out
from aftercare.domain.cores.lifecycle import CORE
from aftercare.domain.cores.models import CoreReturn
from aftercare.domain.inventory import actions as inventory
from aftercare.foundation import money
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source

# In what condition a refurbished part may enter stock.
_CONDITIONS = ("good", "inspection")


@CORE.move("scrap")
def scrap(core: CoreReturn, *, actor: Actor, at: dt.datetime, reason: str):
    """It is worth nothing: it leaves stock as scrap."""
    reason = require_reason(reason)
    require_unboxed(core)
    take_out(core, inventory.ensure_outside("scrap", actor=actor, at=at), key="scrap", actor=actor, at=at, reason=inventory.Reason.SCRAP)
    revise(core, closed_at=at, outcome=reason)
    return facts.CoreScrapped(core.pk, reason)


@CORE.move("refurbish")
def refurbish(
    core: CoreReturn, *, actor: Actor, at: dt.datetime, part=None, unit_cost: Decimal = Decimal(0), condition: str = "good",
    serial: str = "", place=None, reason: str = "",
):
    """Make it good again: the old piece leaves stock, and as many of `part` (default: the same) enter it.

    `unit_cost` is what the work on one of them cost, in CNY: the old piece itself carries no value, so that is all the new
    one is worth. `condition` is good or inspection; a part kept by serial numbers needs one (default: the old one's).
    """
    require_unboxed(core)
    into = part or core.part
    if condition not in _CONDITIONS:
        raise RuleBroken(_("翻新件只能是良品或待检"), code="bad_condition", field="condition")
    cost = money.require_amount(unit_cost, field="unit_cost")
    place = place or core.place
    if place.branch_id != core.branch_id or not place.is_inside:
        raise RuleBroken(_("只能入本机构的库位"), code="place_elsewhere", field="place")
    number = serials.serial_key(serial) or core.lot
    if into.is_serial and (not number or core.qty != 1):
        raise RuleBroken(_("%(part)s 按序列号管理，请填写序列号") % {"part": into.name}, code="serial_needed", field="serial")
    if into.is_lot and not number:
        number = core.number
    outside = inventory.ensure_outside("difference", actor=actor, at=at)
    take_out(core, outside, key="renew-out", actor=actor, at=at)
    inventory.post(
        source=Source.of(core), key=f"renew-in{core.arrivals}", at=at, actor=actor, reason=inventory.Reason.OLD_PART,
        memo=f"{core.number} {reason.strip()}".strip(),
        lines=[inventory.MoveLine(part_id=into.pk, qty=core.qty, from_place=outside.pk, to_place=place.pk, from_condition=condition,
                                  to_condition=condition, lot=number if into.is_serial or into.is_lot else "", unit_cost=cost)],
    )
    if condition == "good":
        inventory.announce_arrival(place, [into.pk], actor=actor, at=at, note=core.number)
    revise(core, closed_at=at, into_part=into, outcome=reason.strip()[:200])
    return facts.CoreRefurbished(core.pk, into.pk, str(cost))


