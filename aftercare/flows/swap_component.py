"""On site: a component's old serial number out, a new one in, from the order that it is done for.

The structure changes at once, so that the next engineer sees what is there; the new part's own warranty is booked by the
audit of the order, and the reversal of the audit takes both back.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.work.lifecycle import OPEN
from aftercare.flows import finding, lending, old_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole


@whole()
def swap(
    order, *, new_serial: str, old: str | int | None = None, old_serial: str = "", product=None, is_old_kept: bool = False,
    reason: str = "", on: dt.date | None = None, actor: Actor, at: dt.datetime,
):
    """Swap a component of the order's unit; gives back the swap.

    `old` is the number or id of a registered component; else `old_serial` and `product` tell a part that nobody had
    registered. Refuses who neither performs nor edits the order, an order without a unit (`unit_missing`), one that is
    audited or ended (`edit_closed`).
    """
    require_mine(order, actor)
    if order.asset_id is None:
        raise RuleBroken(_("请先登记这张单的设备"), code="unit_missing", field="new_serial")
    lent = lending.for_unit(order, actor)
    component = _component(order, old)
    known, _made = finding.ensure_product(product, category="", brand="", actor=lent, at=at) if product else (None, False)
    made = assets.swap_component(
        order.asset, old=component, old_serial=old_serial, product=known, new_serial=new_serial,
        on=on or clock.local_day(at, actor.zone), is_old_kept=is_old_kept, reason=reason, source=Source.of(order), actor=lent,
        at=at,
    )
    old_parts.follow_again(order, actor=actor, at=at)  # told after the work was finished
    return made


@whole()
def undo(order, *, swap_id: int, reason: str, actor: Actor, at: dt.datetime):
    """Take a swap of this order back before its audit, with a reason; gives back the reversal."""
    require_mine(order, actor)
    if not reason.strip():
        raise RuleBroken(_("请填写理由"), code="reason_missing", field="reason")
    source = Source.of(order)
    found = next((one for one in units.swaps_of(source.kind, source.id) if one.pk == swap_id), None)
    if found is None or found.reverses_id is not None:
        raise NotFound(_("没有找到这次更换"), kind="assets.swap", key=str(swap_id))
    back = assets.reverse_swap(found, reason=reason, actor=lending.for_unit(order, actor), at=at)
    old_parts.follow_again(order, actor=actor, at=at)
    return back


def require_mine(order, actor: Actor) -> None:
    """Refuses who neither performs nor edits the order, and an order that is audited or ended."""
    if not actor.may("work.perform", branch_id=order.branch_id, people=order.people_shown()):
        actor.require("work.edit", branch_id=order.branch_id)
    if order.status not in OPEN:
        raise WrongState(_("已审核或已结束的单据不能修改"), code="edit_closed")


def _component(order, old: str | int | None):
    if old in (None, ""):
        return None
    found = next((one for one in units.list_components(order.asset) if old in (one.pk, one.number, str(one.pk))), None)
    if found is None:
        raise RuleBroken(_("这个部件不在这台设备上"), code="not_component", field="old")
    return found
