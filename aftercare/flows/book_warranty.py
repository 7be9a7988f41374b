"""What an audit writes into warranty ledgers: parts put in, components swapped, days in repair. Undone with the audit."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import lending
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

# Marks a swap that was undone together with an audit: the next audit makes it again.
WITH_AUDIT = "flows.audit_reversed"


def book(order, *, actor: Actor, at: dt.datetime) -> None:
    """Book what the audited order did to the warranties of its unit; called again it books nothing twice."""
    if order.asset_id is None or order.finished_at is None:
        return
    source, lent = Source.of(order), lending.for_unit(order, actor)
    zone = actor.zone if order.branch_id == actor.branch_id else people.zone_of(order.branch_id)
    done_on = clock.local_day(order.finished_at, zone)
    swaps = units.swaps_of(source.kind, source.id)
    if _swap_again(swaps, source, lent, at):
        swaps = units.swaps_of(source.kind, source.id)
    swaps = units.standing_swaps(swaps)
    used = [row for row in orders.read_materials(order) if row.used_qty]
    lines = [
        entitlement.Replacement(row.part.name, row.part.warranty_months, row.new_serial)
        for row in used if not any(_same_part(row, swap) for swap in swaps)
    ]
    lines += [
        entitlement.Replacement(
            swap.new.product.name, next((row.part.warranty_months for row in used if _same_part(row, swap)), 0),
            swap.new.serial, holder=swap.new,
        )
        for swap in swaps
    ]
    if lines:
        entitlement.register_replacements(order.asset, lines, on=done_on, source=source, actor=lent, at=at)
    _book_days(order, clock.local_day(order.created_at, zone), done_on, source, lent, at)


def _same_part(row, swap) -> bool:
    return bool(row.new_serial) and row.new_serial.strip().upper() == swap.new.serial.strip().upper()


def _book_days(order, since: dt.date, until: dt.date, source: Source, lent: Actor, at: dt.datetime) -> None:
    # A repair done on the day it was asked for took the owner no day of use. What ended before did not lose any.
    ends_on = order.entitlement.get("ends_on")
    if not order.work_type.is_repair or until <= since or not ends_on or dt.date.fromisoformat(ends_on) < since:
        return
    entitlement.add_repair_days(order.asset, starts_on=since, ends_on=until, source=source, actor=lent, at=at)


def take_back(order, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Reverse all that the audit booked, and take the swaps back: structure and both warranties are as before."""
    if order.asset_id is None:
        return
    source, lent = Source.of(order), lending.for_unit(order, actor)
    entitlement.reverse_source(source, reason=reason, actor=lent, at=at)
    mark = Source(WITH_AUDIT, order.pk, order.number)
    for swap in reversed(units.standing_swaps(units.swaps_of(source.kind, source.id))):
        assets.reverse_swap(swap, reason=reason, source=mark, actor=lent, at=at)


def _swap_again(swaps: list, source: Source, lent: Actor, at: dt.datetime) -> bool:
    pending: dict[tuple[int, int], object] = {}
    for swap in swaps:
        if swap.reverses_id is None:
            undone = hasattr(swap, "reversal") and swap.reversal.source_kind == WITH_AUDIT
            pending[swap.old_id, swap.new_id] = swap if undone else None
    again = [swap for swap in pending.values() if swap]
    for swap in again:
        assets.swap_component(
            swap.unit, old=swap.old, product=swap.new.product, new_serial=swap.new.serial, on=clock.local_day(at, lent.zone),
            is_old_kept=swap.is_old_kept, reason=swap.reason, source=source, actor=lent, at=at,
        )
    return bool(again)
