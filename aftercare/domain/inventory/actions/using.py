"""Parts of a document on their way: issued to a van, used, taken back, brought back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.actions import booking
from aftercare.domain.inventory.actions.booking import Step
from aftercare.domain.inventory.actions.places import CUSTOMER_CODE, ensure_outside
from aftercare.domain.inventory.actions.promising import release
from aftercare.domain.inventory.models import Place, Reason, Reservation, StockMove
from aftercare.domain.inventory.rules import Key, UseLine
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


@dataclass
class _Papers:
    """What the document has promised and moved so far."""

    reservations: dict[str, Reservation]
    moves: list[StockMove]
    customer: Place | None
    # by line, part and lot: what the customer has got and not given back
    used: dict[tuple[str, int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def lot_of(self, line: UseLine) -> str:
        """The serial number or lot that the line uses: its own, or the one promised to it."""
        held = self.reservations.get(line.line)
        return line.serial or (held.lot if held and held.part_id == line.part_id else "")

    def next_key(self, verb: str, line: str, offset: int = 0) -> str:
        return f"{verb}:{line}:{len(self.moves) + offset}"


@booking.all_or_nothing
def consume(
    *, source: Source, actor: Actor, at: dt.datetime, lines: Sequence[UseLine | tuple] | None = None,
    reason: str = Reason.USE,
) -> list[StockMove]:
    """Book parts as used for the customer; gives back the moves made.

    Without `lines` everything still promised to the document is used. With lines, `qty` is what the line has used
    **in total**: the same call twice books once, a smaller quantity brings the rest back to where it came from.
    What is promised to the line is used first, then free stock of the line's place, never what others were promised.
    """
    papers = _read(source)
    wanted = _wanted(papers, lines)
    places = _places(papers, wanted)
    customer = papers.customer or ensure_outside(Place.Kind.CUSTOMER, actor=actor, at=at)
    steps: list[Step] = []
    promises: dict[Key, Decimal] = defaultdict(Decimal)
    left: dict[str, Decimal] = {}
    for line in wanted:
        lot = papers.lot_of(line)
        for (used_line, part_id, used_lot), qty in list(papers.used.items()):
            if used_line == line.line and qty and (part_id, used_lot) != (line.part_id, lot):
                steps += _bring_back(papers, (used_line, part_id, used_lot), qty, customer, len(steps))
        more = line.qty - papers.used[line.line, line.part_id, lot]
        if more > 0:
            steps.append(_use(papers, line, more, places, customer, reason, promises, left, len(steps)))
        elif more < 0:
            steps += _bring_back(papers, (line.line, line.part_id, lot), -more, customer, len(steps))
    if not steps:
        return []
    moves = booking.book(steps, source=source, actor=actor, at=at, promises=promises)
    _lower(papers, left)
    return moves


def _use(
    papers: _Papers, line: UseLine, more: Decimal, places: dict[int, Place], customer: Place, reason: str,
    promises: dict[Key, Decimal], left: dict[str, Decimal], offset: int,
) -> Step:
    held = papers.reservations.get(line.line)
    if held is None and line.place_id is None:
        raise RuleBroken(_("请选择领料库位"), code="place_needed", field="place")
    place = held.place if line.place_id is None else places[line.place_id]
    serial = papers.lot_of(line)
    promised = ZERO
    if held and held.qty:
        freed = min(held.qty, more)
        left[line.line] = freed
        if (held.place_id, held.part_id, held.lot) == (place.pk, line.part_id, serial):
            promised = freed
        else:
            # Used from elsewhere than promised: the promise there is no longer needed.
            promises[Key(held.place_id, held.part_id, rules.GOOD, held.lot)] -= freed
    return Step(
        key=papers.next_key("use", line.line, offset), line=line.line, part_id=line.part_id, qty=more, from_place=place,
        to_place=customer, reason=reason, lot=serial, promised=promised,
    )


def _bring_back(
    papers: _Papers, what: tuple[str, int, str], back: Decimal, customer: Place, offset: int
) -> list[Step]:
    """Steps from the customer to where the line's parts came from, newest first."""
    line, part_id, lot = what
    moves = [m for m in papers.moves if (m.line, m.part_id, m.lot) == what]
    returned: dict[int, Decimal] = defaultdict(Decimal)
    for move in moves:
        if move.from_place_id == customer.pk:
            returned[move.to_place_id] += move.qty
    steps: list[Step] = []
    for move in reversed(moves):
        if move.to_place_id != customer.pk:
            continue
        already = min(move.qty, returned[move.from_place_id])
        returned[move.from_place_id] -= already
        qty = min(move.qty - already, back)
        if qty:
            back -= qty
            steps.append(Step(
                key=papers.next_key("unuse", line, offset + len(steps)), line=line, part_id=part_id, qty=qty,
                from_place=customer, to_place=move.from_place, reason=Reason.UNUSE, lot=lot, unit_cost=move.unit_cost,
            ))
    return steps


# Reservations of a document with their places, how often it has moved goods, and where the customer is: all in one.
_PAPERS = """
SELECT r.id, r.line, r.part_id, r.lot, r.qty, p.id, p.code, p.kind_of, p.branch_id, p.employee_id,
  (SELECT count(*) FROM inventory_stockmove m WHERE m.source_kind = r.source_kind AND m.source_id = r.source_id),
  (SELECT c.id FROM inventory_place c WHERE c.code = %s)
FROM inventory_reservation r JOIN inventory_place p ON p.id = r.place_id
WHERE r.source_kind = %s AND r.source_id = %s ORDER BY r.line"""


def _read(source: Source) -> _Papers:
    """Reservations of the document, locked, and its moves so far; one statement when there are no moves yet."""
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS + booking.for_update("r"), [CUSTOMER_CODE, source.kind, source.id])
        found = cursor.fetchall()
    rows = {}
    for pk, line, part_id, lot, qty, place_id, code, kind, branch_id, employee_id, *_rest in found:
        place = Place(pk=place_id, code=code, kind_of=kind, branch_id=branch_id, employee_id=employee_id)
        rows[line] = Reservation(pk=pk, line=line, part_id=part_id, lot=lot, qty=booking.decimal(qty), place=place)
    moves: list[StockMove] = []
    if not found or found[0][-2]:
        moves = list(
            StockMove.objects.filter(source_kind=source.kind, source_id=source.id)
            .select_related("from_place", "to_place").order_by("pk")
        )
    customer = None
    if found and found[0][-1]:
        customer = Place(pk=found[0][-1], code=CUSTOMER_CODE, kind_of=Place.Kind.CUSTOMER)
    papers = _Papers(rows, moves, customer)
    for move in moves:
        sign = (move.to_place.kind_of == Place.Kind.CUSTOMER) - (move.from_place.kind_of == Place.Kind.CUSTOMER)
        papers.used[move.line, move.part_id, move.lot] += sign * move.qty
    return papers


def _wanted(papers: _Papers, lines: Sequence[UseLine | tuple] | None) -> list[UseLine]:
    if lines is None:
        return [
            UseLine(row.line, row.part_id, papers.used[row.line, row.part_id, row.lot] + row.qty, row.place_id, row.lot)
            for row in papers.reservations.values() if row.qty
        ]
    wanted = [UseLine(*line) for line in lines]
    if len({line.line for line in wanted}) != len(wanted):
        raise RuleBroken(_("同一行不能使用两次"), code="line_twice", field="lines")
    clean = []
    for line in wanted:
        qty = ZERO if Decimal(line.qty) == 0 else require_quantity(line.qty)
        if line.serial and qty not in (0, 1):
            raise RuleBroken(_("一个序列号的数量只能是 1"), code="serial_is_single", field="qty")
        clean.append(line._replace(qty=qty, line=str(line.line)))
    return sorted(clean)


def _places(papers: _Papers, wanted: Iterable[UseLine]) -> dict[int, Place]:
    known = {row.place_id: row.place for row in papers.reservations.values()}
    missing = {line.place_id for line in wanted if line.place_id is not None and line.qty} - set(known)
    return known | booking.places_by_id(missing) if missing else known


def _lower(papers: _Papers, left: dict[str, Decimal]) -> None:
    """Take what was used off the promises; the rows are locked since `_read`."""
    if not left:
        return
    values: list = []
    for line, used in left.items():
        values += [papers.reservations[line].pk, used]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_reservation AS r SET qty = ROUND(r.qty - d.column2, 3) FROM (VALUES "
            + ", ".join(["(%s, CAST(%s AS NUMERIC))"] * len(left))
            + ") AS d WHERE r.id = d.column1 AND ROUND(r.qty - d.column2, 3) >= 0",
            values,
        )
        if cursor.rowcount != len(left):
            raise WrongState(_("库存刚被他人改动，请重试"), code="stock_changed")


@booking.all_or_nothing
def issue(
    *, source: Source, to_place_id: int, actor: Actor, at: dt.datetime, line: str | None = None
) -> list[StockMove]:
    """Move what is promised to the document (or to that line) to another place, e.g. the engineer's van.

    The promise goes with the goods. What is there already stays; so the same call twice moves once.
    """
    papers = _read(source)
    held = [
        row for row in papers.reservations.values()
        if row.qty and row.place_id != to_place_id and (line is None or row.line == line)
    ]
    if line is not None and line not in papers.reservations:
        raise NotFound(_("没有找到占用"), kind="inventory.reservation")
    if not held:
        return []
    to_place = booking.places_by_id([to_place_id])[to_place_id]
    if not to_place.is_inside:
        raise RuleBroken(_("只能领到公司内部库位"), code="place_outside", field="to_place")
    steps, promises = [], defaultdict(Decimal)
    for row in held:
        steps.append(_carry(papers, row, row.qty, to_place, Reason.ISSUE, len(steps)))
        promises[Key(to_place_id, row.part_id, rules.GOOD, row.lot)] += row.qty
    moves = booking.book(steps, source=source, actor=actor, at=at, promises=promises)
    Reservation.objects.filter(pk__in=[row.pk for row in held]).update(place_id=to_place_id)
    return moves


@booking.all_or_nothing
def return_unused(
    *, source: Source, to_place_id: int, actor: Actor, at: dt.datetime,
    lines: Sequence[tuple[str, Decimal]] | None = None,
) -> list[StockMove]:
    """Bring back what was issued and not used: goods go to `to_place`, their promise ends.

    Without `lines` all that is still promised. The same call twice returns once.
    """
    papers = _read(source)
    to_place = booking.places_by_id([to_place_id])[to_place_id]
    if not to_place.is_inside:
        raise RuleBroken(_("只能退到公司内部库位"), code="place_outside", field="to_place")
    wanted = {row.line: row.qty for row in papers.reservations.values() if row.qty}
    if lines is not None:
        named = {str(line): require_quantity(qty) for line, qty in lines}
        if any(qty > wanted.get(line, ZERO) for line, qty in named.items()):
            raise RuleBroken(_("退回数量超过未用数量"), code="more_than_unused", field="lines")
        wanted = named
    steps, promises = [], defaultdict(Decimal)
    for line, qty in wanted.items():
        row = papers.reservations[line]
        if row.place_id == to_place_id:
            promises[Key(row.place_id, row.part_id, rules.GOOD, row.lot)] -= qty
        else:
            steps.append(_carry(papers, row, qty, to_place, Reason.RETURN, len(steps)))
    if not wanted:
        return []
    moves = booking.book(steps, source=source, actor=actor, at=at, promises=promises)
    _lower(papers, wanted)
    return moves


def _carry(papers: _Papers, row: Reservation, qty: Decimal, to_place: Place, reason: str, offset: int) -> Step:
    return Step(
        key=papers.next_key(str(reason), row.line, offset), line=row.line, part_id=row.part_id, qty=qty,
        from_place=row.place, to_place=to_place, reason=reason, lot=row.lot, promised=qty,
    )


def take_back(*, source: Source, actor: Actor, at: dt.datetime) -> list[StockMove]:
    """Undo the document's whole use of parts and let go of its promises: for a cancelled or reversed document."""
    with transaction.atomic(savepoint=False):
        release(source=source, actor=actor, at=at)
        used = dict(
            StockMove.objects.filter(
                source_kind=source.kind, source_id=source.id, to_place__kind_of=Place.Kind.CUSTOMER
            ).order_by("line").values_list("line", "part_id")
        )
        if not used:
            return []
        nothing = [UseLine(line, part_id, ZERO) for line, part_id in used.items()]
        return consume(source=source, lines=nothing, actor=actor, at=at)
