"""Components of a unit: where each sat from when to when, and swaps of an old serial number for a new one."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.assets import facts, rules
from aftercare.domain.assets.access import EDIT
from aftercare.domain.assets.actions.units import register_asset, release_owner, take_over
from aftercare.domain.assets.models import Asset, Placement, Swap
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import apart, step


def place_component(
    component: Asset, *, unit: Asset | None, on: dt.date | None, version: int | None = None, actor: Actor, at: dt.datetime
) -> Asset:
    """Put a component into a unit, or (None) take it out; where it sat before is closed and kept."""
    with step():
        fresh = revise(component, actor=actor, at=at, permission=EDIT, version=version, parent=unit,
                       verb="assets.asset.place_component")
        note_place(component, unit.pk if unit is not None else None, on)
    return fresh


def note_place(component: Asset, unit_id: int | None, on: dt.date | None) -> None:
    """Close the place where the component sat and open the one where it sits now."""
    Placement.objects.filter(component=component, to_on=None).update(to_on=on)
    if unit_id is not None:
        Placement.objects.create(component=component, unit_id=unit_id, from_on=on)


def swap_component(
    unit: Asset, *, old: Asset | None = None, old_serial: str = "", product=None, new_serial: str, on: dt.date,
    is_old_kept: bool = False, reason: str = "", source: Source | None = None, actor: Actor, at: dt.datetime,
) -> Swap:
    """Take a component out of the unit and put another in; both keep their own files, days and warranties.

    The old one is a component of the unit, or a serial number that nobody had registered (then it is, now). It stays
    with the customer when `is_old_kept`, else it is in our hands. `product` defaults to the old one's. Refuses the same
    number twice (`same_serial`), a new one that sits in another unit (`component_placed`) or is another's
    (`serial_taken`), an old one that sits elsewhere (`not_component`), a day in the future.
    """
    if not new_serial.strip():
        raise RuleBroken(_("请扫描或输入新件序列号"), code="serial_missing", field="new_serial")
    if on > clock.local_day(at, actor.zone):
        raise RuleBroken(_("日期不能晚于今天"), code="future_date", field="on")
    with step():
        product = product or (old.product if old is not None else None)
        if product is None:
            raise RuleBroken(_("请写明是什么部件"), code="product_missing", field="product")
        old = old or _find_old(unit, old_serial, product, actor, at)
        if old.parent_id != unit.pk:
            raise RuleBroken(_("这个部件不在这台设备上"), code="not_component", field="old")
        if old.serial_key and old.serial_key == rules.serial_key(new_serial):
            raise RuleBroken(_("新旧序列号相同"), code="same_serial", field="new_serial")
        new = _new_component(unit, product, new_serial, actor, at)
        swap = _exchange(unit, old, new, on, is_old_kept, actor, at)
        swap.reason, swap.made_at, swap.actor_name = reason.strip()[:200], at, actor.name[:80]
        swap.source_kind, swap.source_id = (source.kind, source.id) if source else ("", 0)
        swap.save(force_insert=True)
        record_about(unit, verb="assets.asset.swap_component", actor=actor, at=at, note=reason,
                     fact=facts.ComponentSwapped(unit.pk, swap.pk, old.serial or old.number, new.serial, on))
    return swap


def reverse_swap(swap: Swap, *, reason: str, source: Source | None = None, actor: Actor, at: dt.datetime) -> Swap:
    """Undo a swap: the new component comes out, the old one goes back in; once. Refuses when more was changed since."""
    # Afresh: what was swapped may have been written since.
    swap = Swap.objects.select_related("unit__customer", "old__product", "new__product").get(pk=swap.pk)
    unit = swap.unit
    if swap.new.parent_id != unit.pk or swap.old.parent_id is not None:
        raise WrongState(_("部件之后又变动过，不能撤销更换"), code="swapped_again")
    today = clock.local_day(at, actor.zone)
    try:
        with apart():
            back = _exchange(unit, swap.new, swap.old, today, False, actor, at)
            back.reverses, back.reason, back.made_at, back.actor_name = swap, reason.strip()[:200], at, actor.name[:80]
            back.source_kind, back.source_id = (source.kind, source.id) if source else (swap.source_kind, swap.source_id)
            back.save(force_insert=True)
            record_about(unit, verb="assets.asset.reverse_swap", actor=actor, at=at, note=reason,
                         fact=facts.SwapReversed(unit.pk, swap.pk, back.pk))
    except IntegrityError:
        raise WrongState(_("这次更换已撤销"), code="already_reversed") from None
    return back


def _exchange(unit: Asset, out: Asset, into: Asset, on: dt.date, is_kept: bool, actor: Actor, at: dt.datetime) -> Swap:
    # The row that goes out is claimed first: of two swaps of one component the second is refused.
    out = place_component(out, unit=None, on=on, actor=actor, at=at)
    if not is_kept and out.customer_id is not None:
        out = release_owner(out, on=on, actor=actor, at=at)
    into = place_component(into, unit=unit, on=on, actor=actor, at=at)
    if unit.customer_id is not None and into.customer_id != unit.customer_id:
        into = take_over(into, unit.customer, on, actor=actor, at=at)
    return Swap(unit=unit, old=out, new=into, on=on, is_old_kept=is_kept)


def _find_old(unit: Asset, old_serial: str, product, actor: Actor, at: dt.datetime) -> Asset:
    key = rules.serial_key(old_serial)
    if not key:
        raise RuleBroken(_("请选择拆下的部件，或输入旧件序列号"), code="old_missing", field="old_serial")
    known = next((one for one in unit.components.select_related("product") if one.serial_key == key), None)
    if known is not None:
        return known
    made = register_asset(product=product, serial=old_serial, customer=unit.customer, branch_id=unit.branch_id,
                          parent=unit, actor=actor, at=at)
    if made.parent_id != unit.pk:
        raise RuleBroken(_("这个部件不在这台设备上"), code="not_component", field="old_serial")
    return made


def _new_component(unit: Asset, product, serial: str, actor: Actor, at: dt.datetime) -> Asset:
    new = register_asset(product=product, serial=serial, customer=unit.customer, branch_id=unit.branch_id, actor=actor, at=at)
    if new.pk == unit.pk or new.parent_id is not None:
        raise RuleBroken(_("这个序列号已装在另一台设备上"), code="component_placed", field="new_serial")
    return new
