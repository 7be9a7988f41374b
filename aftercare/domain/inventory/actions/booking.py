"""The only writer of stock: moves, balances and costs change here, together or not at all.

Order of locks, the same for everybody: reservations by line, balances by key, costs by branch and part.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory import queries, rules
from aftercare.domain.inventory.actions import costing, locking
from aftercare.domain.inventory.actions.locking import Row, decimal, for_update, lock
from aftercare.domain.inventory.models import Balance, Place, StockMove
from aftercare.domain.inventory.rules import Key, Shift
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, plans
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound, Refusal, RuleBroken, WrongState
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


class Shortage(RuleBroken):
    """Not enough free stock. `params["lines"]` tells which lines lack what and how much is available.

    Nothing was changed, and the caller's transaction stays usable: he may go on and request the parts instead.
    """

    default_code = "short_stock"


@dataclass
class Step:
    """One move about to be booked."""

    key: str
    part_id: int
    qty: Decimal
    from_place: Place
    to_place: Place
    reason: str
    line: str = ""
    from_condition: str = rules.GOOD
    to_condition: str = rules.GOOD
    lot: str = ""
    is_serial: bool = False
    unit_cost: Decimal | None = None
    reverses_id: int | None = None
    # Part of `qty` that was promised to this document and leaves the promise with the move.
    promised: Decimal = ZERO

    def from_key(self) -> Key:
        return Key(self.from_place.pk, self.part_id, self.from_condition, self.lot)

    def to_key(self) -> Key:
        return Key(self.to_place.pk, self.part_id, self.to_condition, self.lot)


def all_or_nothing(body: Callable) -> Callable:
    """One transaction without a savepoint of its own, yet a refused call leaves an outer transaction usable.

    The body refuses before its first lasting write, or undoes what it wrote. Only `WrongState`, which the loser of a
    race meets half way, spoils the outer transaction too.
    """

    @functools.wraps(body)
    def run(*args, **kwargs):
        with transaction.atomic(savepoint=False):
            try:
                return body(*args, **kwargs)
            except WrongState:
                raise
            except Refusal as met:
                refusal = met
        raise refusal

    return run


def book(
    steps: Sequence[Step], *, source: Source, actor: Actor, at: dt.datetime, memo: str = "",
    promises: Mapping[Key, Decimal] | None = None, day: dt.date | None = None, is_late_refused: bool = False, is_alone: bool = False,
) -> list[StockMove]:
    """Book these moves at once; the same keys a second time change nothing and give back the first moves.

    `promises` are further changes of what is reserved. Refuses with `Shortage` when any balance would not stay whole.
    They stand on the branch's day of `at` (`day`, when the caller has worked it out). When that day is closed they are
    booked today and `at` stays true; with `is_late_refused` they are refused (`period_closed`). `is_alone`: one person books
    without a paper, which ends at the value above which the branch wants two (`second_person_needed`).
    """
    day = _day(steps, at, day, is_late_refused)
    _mark_serials(steps)
    shifts = merge(steps, promises or {})
    _ensure_rows(steps)
    rows = lock(shifts)
    try:
        _require_serials(steps)
        require_enough(shifts, rows)
    except RuleBroken:
        # A repeat of what took the last unit finds none left; it is answered, not refused.
        booked = _find_booked(steps, source)
        if booked:
            return booked
        raise
    costs = costing.value(steps)
    if is_alone:
        _require_one_is_enough(steps)
    moves = [_move(step, source, actor, at, day, memo) for step in steps]
    if moves:
        new = insert_once(moves)
        if len(new) != len(moves):
            booked = _find_booked(steps, source) if not new else []
            if not booked:
                raise WrongState(_("这个业务键已用于另一笔出入库"), code="key_reused")
            return booked
    apply(shifts, rows)
    costing.write(costs)
    return moves


def _day(steps: Sequence[Step], at: dt.datetime, day: dt.date | None, is_late_refused: bool) -> dt.date:
    inside = {p.branch_id for step in steps for p in (step.from_place, step.to_place) if p.is_inside and p.branch_id}
    zone, closed_to = people.zone_of(min(inside, default=None)), queries.closed_to(inside)
    day = day or clock.local_day(at, zone)
    if closed_to is None or day > closed_to:
        return day
    if is_late_refused:
        raise RuleBroken(
            _("%(day)s 及之前的库存已结账") % {"day": closed_to}, code="period_closed", field="at", closed_to=f"{closed_to}"
        )
    # The one place that asks what day it is: a late paper tells when it happened, not when it reached the books.
    return rules.booking_day(day, closed_to, clock.local_day(clock.now(), zone))


def _require_one_is_enough(steps: Sequence[Step]) -> None:
    # What stays in the house at its value costs nothing here: a bin is tidied by one person.
    value = money.rounded(sum((step.qty * step.unit_cost for step in steps), ZERO))
    inside = {place.branch_id for step in steps for place in (step.from_place, step.to_place) if place.is_inside} if value else ()
    for branch_id in sorted(inside):
        limit = queries.rule_of(branch_id).two_person_amount
        if rules.needs_second_person(value, limit, is_writer=True):
            raise RuleBroken(
                _("金额 %(value)s 超过 %(limit)s，请填出入库单，由另一人过账") % {"value": value, "limit": limit}, code="second_person_needed"
            )


def merge(steps: Iterable[Step], promises: Mapping[Key, Decimal]) -> dict[Key, Shift]:
    """All changes of a document by balance, so that each balance is touched once."""
    shifts: dict[Key, Shift] = {}
    for step in steps:
        if step.from_place.is_inside:
            shift = shifts.setdefault(step.from_key(), Shift())
            shift.on_hand -= step.qty
            shift.reserved -= step.promised
            shift.lines.append(step.line)
            shift.is_serial |= step.is_serial
        if step.to_place.is_inside:
            shift = shifts.setdefault(step.to_key(), Shift())
            shift.on_hand += step.qty
            shift.is_serial |= step.is_serial
    for key, qty in promises.items():
        shifts.setdefault(key, Shift()).reserved += qty
    return {key: shift for key, shift in shifts.items() if shift.on_hand or shift.reserved}


def require_enough(shifts: Mapping[Key, Shift], rows: Mapping[Key, Row]) -> None:
    """Refuse with a list of the lines that lack stock. The rows are locked, so what is seen holds."""
    lacking = []
    for key, shift in shifts.items():
        row = rows.get(key)
        on_hand, reserved = (row.on_hand_qty, row.reserved_qty) if row else (ZERO, ZERO)
        if not rules.is_enough(on_hand, reserved, shift):
            wanted = -shift.on_hand if shift.on_hand < 0 else shift.reserved
            free = on_hand - reserved
            if shift.on_hand < 0 and shift.reserved < 0:
                free -= shift.reserved  # one's own promise is available to oneself
            lacking.append((key, wanted, max(free, ZERO), shift.lines))
    if lacking:
        raise shortage(lacking)


def shortage(lacking: list[tuple[Key, Decimal, Decimal, list[str]]]) -> RuleBroken:
    """The refusal for what lacks: (key, wanted, free, lines) each; for a serial part without number the refusal for that."""
    parts = {
        pk: (code, name, is_serial)
        for pk, code, name, is_serial in _parts({key.part_id for key, *_rest in lacking})
        .values_list("pk", "code", "name", "is_serial")
    }
    for key, *_rest in lacking:
        _code, name, is_serial = parts.get(key.part_id, ("", "", False))
        if is_serial and not key.lot:
            return _serial_needed(name, key.part_id)
    lines = [
        {"line": line, "part_id": key.part_id, "part_code": parts.get(key.part_id, ("", ""))[0],
         "part": parts.get(key.part_id, ("", ""))[1], "place_id": key.place_id, "serial": key.lot,
         "wanted_qty": shown(wanted), "available_qty": shown(free)}
        for key, wanted, free, of_lines in lacking
        for line in (dict.fromkeys(of_lines) or [""])
    ]
    told = _("；").join(
        _("%(part)s 需要 %(wanted)s，可用 %(available)s")
        % {"part": line["part"] or line["part_id"], "wanted": line["wanted_qty"], "available": line["available_qty"]}
        for line in lines
    )
    return Shortage(_("库存不足：%(lines)s") % {"lines": told}, lines=lines)


def _serial_needed(part: str, part_id: int) -> RuleBroken:
    return RuleBroken(_("%(part)s 按序列号管理，请填写序列号") % {"part": part}, code="serial_needed", field="serial", part_id=part_id)


def _lot_needed(part: str, part_id: int) -> RuleBroken:
    return RuleBroken(_("%(part)s 按批次管理，请填写批次号") % {"part": part}, code="lot_needed", field="serial", part_id=part_id)


def apply(shifts: Mapping[Key, Shift], rows: Mapping[Key, Row]) -> None:
    """Change the balances by conditional update; the number of rows hit decides, the check constraints are the belt."""
    down = [(rows[key].pk, shift) for key, shift in shifts.items() if shift.on_hand <= 0]
    up = [(rows[key].pk, shift) for key, shift in shifts.items() if shift.on_hand > 0]
    if not any(shift.is_serial for _pk, shift in up):
        down, up = down + up, []
    # A serial number leaves its place before it comes to the next one: it is never in two.
    for part in (down, up):
        if part and sum(map(_shift, locking.portions(part))) != len(part):
            raise WrongState(_("库存刚被他人改动，请重试"), code="stock_changed")


def _shift(changes: Sequence[tuple[int, Shift]]) -> int:
    values: list = []
    for pk, shift in changes:
        values += [pk, shift.on_hand, shift.reserved]
    # ROUND takes away what binary fractions add on SQLite.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_balance AS b SET on_hand_qty = ROUND(b.on_hand_qty + d.column2, 3), "
            "reserved_qty = ROUND(b.reserved_qty + d.column3, 3) FROM (VALUES "
            + ", ".join(["(%s, CAST(%s AS NUMERIC), CAST(%s AS NUMERIC))"] * len(changes))
            + ") AS d WHERE b.id = d.column1 AND ROUND(b.on_hand_qty + d.column2, 3) >= 0 "
            "AND ROUND(b.reserved_qty + d.column3, 3) >= 0 "
            "AND ROUND(b.on_hand_qty + d.column2 - b.reserved_qty - d.column3, 3) >= 0",
            values,
        )
        return cursor.rowcount


def _mark_serials(steps: Sequence[Step]) -> None:
    """Note which steps move a serial number; refuses what is no part, and a numbered part that comes without its number.

    Goods that leave a place need no look: without its number a serial part lies nowhere.
    """
    without = {step.part_id for step in steps if not step.lot and step.to_place.is_inside and not step.from_place.is_inside}
    wanted = without | {step.part_id for step in steps if step.lot}
    if not wanted:
        return
    known = {pk: more for pk, *more in _parts(wanted).values_list("pk", "name", "is_serial", "is_lot")}
    require_known(wanted, known)
    for pk in sorted(without):
        name, is_serial, is_lot = known[pk]
        if is_serial or is_lot:
            raise _serial_needed(name, pk) if is_serial else _lot_needed(name, pk)
    for step in steps:
        step.is_serial = bool(step.lot) and known[step.part_id][1]


def require_parts(ids: Iterable[int]) -> None:
    """Refuse ids that are no part's, before the database does it at the end of the transaction. One statement."""
    wanted = set(ids)
    require_known(wanted, set(_parts(wanted).values_list("pk", flat=True)))


def require_known(wanted: Iterable[int], known: Container[int]) -> None:
    """Refuse (`unknown_part`) the first of these ids that is not known."""
    for pk in sorted(wanted):
        if pk not in known:
            raise RuleBroken(_("没有配件 %(code)s") % {"code": pk}, code="unknown_part", field="part_id")


def _parts(ids: Iterable[int]) -> QuerySet:
    # Only what the foreign key leads to; the catalogue's own module of tables is not imported.
    return Balance._meta.get_field("part").related_model._default_manager.filter(pk__in=ids)


def _ensure_rows(steps: Sequence[Step]) -> None:
    wanted = {step.to_key(): step.is_serial for step in steps if step.to_place.is_inside}
    if wanted:
        insert_once([
            Balance(place_id=key.place_id, part_id=key.part_id, condition=key.condition, lot=key.lot, is_serial=wanted[key])
            for key in sorted(wanted)
        ])


def _require_serials(steps: Sequence[Step]) -> None:
    """A serial number is one thing, and one that comes into the house is not there already."""
    arriving = [step for step in steps if step.to_place.is_inside and not step.from_place.is_inside]
    for step in steps:
        if step.is_serial and step.qty != 1:
            raise RuleBroken(_("一个序列号的数量只能是 1"), code="serial_is_single", field="qty")
    for step in arriving:
        if not step.is_serial:
            continue
        elsewhere = Balance.objects.filter(part_id=step.part_id, lot=step.lot, is_serial=True, on_hand_qty__gt=0).first()
        if elsewhere is not None:
            raise RuleBroken(
                _("序列号 %(serial)s 已在库") % {"serial": step.lot}, code="serial_in_stock", field="serial",
                place_id=elsewhere.place_id,
            )


def _move(step: Step, source: Source, actor: Actor, at: dt.datetime, day: dt.date, memo: str) -> StockMove:
    return StockMove(
        at=at, day=day, part_id=step.part_id, qty=step.qty, lot=step.lot, from_place=step.from_place, to_place=step.to_place,
        from_condition=step.from_condition, to_condition=step.to_condition, unit_cost=step.unit_cost or ZERO,
        reason=step.reason, source_kind=source.kind, source_id=source.id, source_number=source.number, line=step.line,
        key=step.key, memo=memo[:200], actor_name=actor.name[:80], reverses_id=step.reverses_id,
    )


def _find_booked(steps: Sequence[Step], source: Source) -> list[StockMove]:
    """The moves booked under these keys when they are all there and say the same; else none."""
    found = StockMove.objects.filter(
        source_kind=source.kind, source_id=source.id, key__in=[step.key for step in steps]
    ).order_by("pk")
    same = {(m.key, m.part_id, m.qty, m.from_place_id, m.to_place_id) for m in found}
    wanted = {(s.key, s.part_id, s.qty, s.from_place.pk, s.to_place.pk) for s in steps}
    return list(found) if same == wanted else []


def _places(ids: Iterable[int]) -> QuerySet[Place]:
    return Place.objects.filter(pk__in=ids)


def places_by_id(ids: Iterable[int]) -> dict[int, Place]:
    """The places of these ids; refuses an unknown one."""
    wanted = set(ids)
    found = {place.pk: place for place in plans.rows(_places, sorted(wanted))}
    if len(found) != len(wanted):
        raise NotFound(_("没有找到库位"), kind="inventory.place")
    return found


__all__ = ["Row", "Shortage", "Step", "all_or_nothing", "apply", "book", "decimal", "for_update", "insert_once", "lock", "merge", "places_by_id",
           "require_enough", "require_known", "require_parts", "shortage"]  # fmt: skip
