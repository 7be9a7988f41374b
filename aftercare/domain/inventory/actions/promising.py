"""Promising stock to the lines of a document, and letting it go again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.actions import booking
from aftercare.domain.inventory.models import Reservation
from aftercare.domain.inventory.rules import Key, ReserveLine, Shift
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


@booking.all_or_nothing
def reserve(*, source: Source, lines: Sequence[ReserveLine | tuple], actor: Actor, at: dt.datetime) -> list[Reservation]:
    """Promise stock to all these lines of the document, or to none of them (`Shortage` tells what lacks).

    `qty` of a line is what shall be promised after the call: the same call twice promises once, a changed quantity,
    part or place adjusts, 0 releases. Lines that are not named stay as they are.
    """
    wanted = _require_lines(lines)
    made = _insert_missing(source, wanted, at)
    shifts: dict[Key, Shift] = {}
    kept = {}
    for row in made:
        shift = shifts.setdefault(_key(row), Shift())
        shift.reserved += row.qty
        shift.lines.append(row.line)
    if len(made) != len(wanted):
        kept = _adjust(source, wanted, {row.line for row in made}, shifts)
    shifts = {key: shift for key, shift in shifts.items() if shift.reserved}
    if shifts:
        rows = booking.lock(shifts)
        try:
            booking.require_enough(shifts, rows)
        except booking.Shortage:
            Reservation.objects.filter(pk__in=[row.pk for row in made]).delete()
            raise
        booking.apply(shifts, rows)
    if kept:
        Reservation.objects.bulk_update(kept.values(), ["qty", "place", "part", "lot"])
    return [*made, *kept.values()]


def _require_lines(lines: Sequence[ReserveLine | tuple]) -> list[ReserveLine]:
    wanted = sorted((ReserveLine(*line) for line in lines), key=lambda line: line.line)
    if len({line.line for line in wanted}) != len(wanted):
        raise RuleBroken(_("同一行不能占用两次"), code="line_twice", field="lines")
    clean = []
    for line in wanted:
        qty = ZERO if Decimal(line.qty) == 0 else require_quantity(line.qty)
        if line.serial and qty not in (0, 1):
            raise RuleBroken(_("一个序列号的数量只能是 1"), code="serial_is_single", field="qty")
        clean.append(line._replace(qty=qty, line=str(line.line)))
    return clean


def _insert_missing(source: Source, wanted: list[ReserveLine], at: dt.datetime) -> list[Reservation]:
    """Insert the lines that are not there yet. A twin call waits here for the first one, and then finds them there."""
    rows = [
        Reservation(source_kind=source.kind, source_id=source.id, source_number=source.number, line=line.line,
                    place_id=line.place_id, part_id=line.part_id, lot=line.serial, qty=line.qty, made_at=at)
        for line in wanted if line.qty
    ]
    if not rows:
        return []
    new = insert_once(rows)
    if len(new) == len(rows):
        return rows
    return list(Reservation.objects.filter(pk__in=new)) if new else []


def _adjust(source: Source, wanted: list[ReserveLine], made: set[str], shifts: dict[Key, Shift]) -> dict[str, Reservation]:
    """Bring lines that were promised before to what is wanted now; gives back the rows to write."""
    changed = {}
    by_line = {line.line: line for line in wanted if line.line not in made}
    for row in of_source(source).filter(line__in=by_line).order_by("line").select_for_update():
        line = by_line[row.line]
        goal = (line.place_id, line.part_id, line.serial, line.qty)
        if goal == (row.place_id, row.part_id, row.lot, row.qty):
            continue
        if row.qty:
            shifts.setdefault(_key(row), Shift()).reserved -= row.qty
        row.place_id, row.part_id, row.lot, row.qty = goal
        shift = shifts.setdefault(_key(row), Shift())
        shift.reserved += row.qty
        shift.lines.append(row.line)
        changed[row.line] = row
    return changed


@booking.all_or_nothing
def release(
    *, source: Source, actor: Actor, at: dt.datetime, line: str | None = None, lines: Iterable[str] | None = None
) -> list[Reservation]:
    """Let go what is still promised to the document, or to these lines of it. Nothing promised is nothing to do."""
    rows = of_source(source).filter(qty__gt=0)
    if line is not None or lines is not None:
        rows = rows.filter(line__in=[line] if line is not None else list(lines))
    held = list(rows.order_by("line").select_for_update())
    if not held:
        return []
    shifts: dict[Key, Shift] = {}
    for row in held:
        shifts.setdefault(_key(row), Shift()).reserved -= row.qty
        row.qty = ZERO
    booking.apply(shifts, booking.lock(shifts))
    Reservation.objects.filter(pk__in=[row.pk for row in held]).update(qty=ZERO)
    return held


def of_source(source: Source) -> QuerySet[Reservation]:
    """All reservations of the document, used up or not."""
    return Reservation.objects.filter(source_kind=source.kind, source_id=source.id)


def _key(row: Reservation) -> Key:
    return Key(row.place_id, row.part_id, rules.GOOD, row.lot)
