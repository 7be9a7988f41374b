"""Promising stock to the lines of a document, and letting it go again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.actions import booking, picking
from aftercare.domain.inventory.models import Place, Reservation
from aftercare.domain.inventory.rules import Key, ReserveLine, Shift
from aftercare.foundation import clock, plans
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
    part or place adjusts, 0 releases. Lines that are not named stay as they are. A depot serves from its bins and lots,
    what expires first before the rest and nothing that has expired; such a line may get several portions. What was issued of a
    line to a van already stays with it, and only the rest is promised at its place.
    """
    wanted = _require_lines(lines)
    made = _insert_missing(source, wanted, at)
    held: dict[str, list[Reservation]] = defaultdict(list)
    for row in made:
        held[row.line].append(row)
    fresh = set(held)
    if len(made) != len(wanted):
        _read_held(source, {line.line for line in wanted} - fresh, held)
        wanted = [line for line in wanted if line.line in fresh or not _is_served(line, held[line.line])]
    if not wanted:
        return [row for rows in held.values() for row in rows]
    before = {row.pk: (_key(row), row.qty) for line in wanted if line.line not in fresh for row in held[line.line] if row.qty}
    spots = picking.lock_spots([_wish(line) for line in wanted if line.qty], exact=[key for key, _qty in before.values()])
    try:
        portions = _choose(wanted, spots, before, held, clock.local_day(at, actor.zone))
    except RuleBroken:
        Reservation.objects.filter(pk__in=[row.pk for row in made]).delete()
        raise
    shifts = _shifts(portions, before)
    if shifts:
        booking.apply(shifts, {key: booking.Row(spot.pk, spot.on_hand, spot.reserved) for key, spot in spots.items()})
    written = _write(source, wanted, portions, held, at)
    done = {line.line for line in wanted}
    return [*written, *(row for line, rows in held.items() if line not in done for row in rows)]


def _read_held(source: Source, names: set[str], held: dict[str, list[Reservation]]) -> None:
    """The portions that these lines were promised before, locked."""
    rows = of_source(source).filter(line__in=names).select_related("place").order_by("line", "portion")
    for row in rows.select_for_update(of=("self",)):
        held[row.line].append(row)


def _is_served(line: ReserveLine, rows: list[Reservation]) -> bool:
    """True when the line has got already just what it wants."""
    rows = [row for row in rows if row.qty]
    if sum((row.qty for row in rows), ZERO) != line.qty:
        return False
    carried = {key for key, _qty in _carried(line, rows)}
    return all(
        row.part_id == line.part_id and (line.place_id in (row.place_id, row.place.parent_id) or _key(row) in carried)
        and (row.lot == line.serial or not line.serial) for row in rows
    )


def _wish(line: ReserveLine) -> Key:
    return Key(line.place_id, line.part_id, rules.GOOD, line.serial)


def _choose(
    wanted: list[ReserveLine], spots: dict[Key, rules.Spot], before: dict[int, tuple[Key, Decimal]],
    held: dict[str, list[Reservation]], today: dt.date,
) -> dict[str, list[tuple[Key, Decimal]]]:
    """From where each line is served; refuses when any of them lacks stock."""
    taken: dict[Key, Decimal] = defaultdict(Decimal)
    for key, qty in before.values():
        taken[key] -= qty  # one's own promise is available to oneself
    own = dict(taken)
    portions, short = {}, False
    for line in wanted:
        is_held = any(row.pk in before for row in held[line.line])
        kept = _carried(line, held[line.line]) if is_held else []
        for key, qty in kept:
            taken[key] += qty
        rest = line.qty - sum((qty for _key, qty in kept), ZERO)
        portions[line.line] = [*kept, *(picking.choose(spots, _wish(line), rest, taken=taken, today=today) if rest else ())]
        short |= sum((qty for _key, qty in portions[line.line]), ZERO) < line.qty
    if short:
        raise booking.shortage(_lacking(wanted, spots, own, today))
    return portions


def _carried(line: ReserveLine, rows: list[Reservation]) -> list[tuple[Key, Decimal]]:
    """What of a line that was issued in part lies in a van: it stays promised there, up to what the line wants."""
    if not any(line.place_id in (row.place_id, row.place.parent_id) for row in rows):
        return []
    kept, left = [], line.qty
    for row in rows:
        qty = min(row.qty, left) if row.place.kind_of == Place.Kind.VAN and row.place_id != line.place_id and row.part_id == line.part_id else ZERO
        if qty:
            kept.append((_key(row), qty))
            left -= qty
    return kept


def _lacking(wanted: list[ReserveLine], spots: dict[Key, rules.Spot], own: dict[Key, Decimal], today: dt.date) -> list:
    """What lacks, by what was wished: (key, wanted on top of what is promised, free, lines)."""
    by_wish: dict[Key, list[ReserveLine]] = defaultdict(list)
    for line in wanted:
        if line.qty:
            by_wish[_wish(line)].append(line)
    lacking = []
    for wish, lines in by_wish.items():
        fitting = [spot for spot in spots.values() if rules.serves(spot, wish) and not rules.is_expired(spot, today)]
        free = sum((spot.on_hand - spot.reserved for spot in fitting), ZERO)
        more = sum((line.qty for line in lines), ZERO) + sum((own.get(spot.key, ZERO) for spot in fitting), ZERO)
        if more > free:
            lacking.append((wish, more, max(free, ZERO), [line.line for line in lines]))
    # Wishes that share bins may lack only together: then all of them are told.
    return lacking or [
        (wish, sum((line.qty for line in lines), ZERO), ZERO, [line.line for line in lines]) for wish, lines in by_wish.items()
    ]


def _shifts(portions: dict[str, list[tuple[Key, Decimal]]], before: dict[int, tuple[Key, Decimal]]) -> dict[Key, Shift]:
    shifts: dict[Key, Shift] = {}
    for key, qty in before.values():
        shifts.setdefault(key, Shift()).reserved -= qty
    for chosen in portions.values():
        for key, qty in chosen:
            shifts.setdefault(key, Shift()).reserved += qty
    return {key: shift for key, shift in shifts.items() if shift.reserved}


def _write(
    source: Source, wanted: list[ReserveLine], portions: dict[str, list[tuple[Key, Decimal]]],
    held: dict[str, list[Reservation]], at: dt.datetime,
) -> list[Reservation]:
    """Bring the rows of these lines to what was chosen; portions no longer needed keep 0."""
    changed, new, rows = [], [], []
    for line in wanted:
        goals = portions[line.line]
        have = held[line.line]
        for index in range(max(len(goals), len(have))):
            key, qty = goals[index] if index < len(goals) else (None, ZERO)
            row = have[index] if index < len(have) else None
            if row is None:
                row = Reservation(source_kind=source.kind, source_id=source.id, source_number=source.number, line=line.line,
                                  portion=index, place_id=key.place_id, part_id=key.part_id, lot=key.lot, qty=qty, made_at=at)
                new.append(row)
            else:
                key = key or _key(row)
                if (_key(row), row.qty) != (key, qty):
                    row.place_id, row.part_id, row.lot, row.qty = key.place_id, key.part_id, key.lot, qty
                    changed.append(row)
            rows.append(row)
    if changed:
        Reservation.objects.bulk_update(changed, ["qty", "place", "part", "lot"])
    if new:
        insert_once(new)
    return rows


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


def _held_by(kind: str, source_id: int) -> QuerySet[Reservation]:
    rows = Reservation.objects.filter(source_kind=kind, source_id=source_id, qty__gt=0)
    return rows.order_by("line", "portion").select_for_update()


@booking.all_or_nothing
def release(
    *, source: Source, actor: Actor, at: dt.datetime, line: str | None = None, lines: Iterable[str] | None = None
) -> list[Reservation]:
    """Let go what is still promised to the document, or to these lines of it. Nothing promised is nothing to do."""
    if line is None and lines is None:
        held = plans.rows(_held_by, source.kind, source.id)
    else:
        held = list(_held_by(source.kind, source.id).filter(line__in=[line] if line is not None else list(lines)))
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
