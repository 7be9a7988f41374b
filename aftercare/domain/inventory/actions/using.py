"""Parts of a document used for the customer, and taken back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.actions import booking, picking
from aftercare.domain.inventory.actions.booking import Step
from aftercare.domain.inventory.actions.places import CUSTOMER_CODE, ensure_outside
from aftercare.domain.inventory.actions.promising import release
from aftercare.domain.inventory.models import Place, Reason, Reservation, StockMove
from aftercare.domain.inventory.rules import Key, UseLine
from aftercare.foundation import clock, plans
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


@dataclass
class Papers:
    """What the document has promised and moved so far."""

    held: dict[str, list[Reservation]]
    moves: list[StockMove]
    customer: Place | None
    # by line, part and lot: what the customer has got and not given back
    used: dict[tuple[str, int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def promised(self, line: str) -> list[Reservation]:
        """The portions still promised to the line."""
        return [row for row in self.held.get(line, ()) if row.qty]

    def all_promised(self) -> list[Reservation]:
        """All portions still promised to the document."""
        return [row for rows in self.held.values() for row in rows if row.qty]

    def used_lots(self, line: UseLine) -> list[tuple[str, int, str]]:
        """What the line has used of its part (of its lot, when it names one), newest first."""
        keys = [
            key for key, qty in self.used.items()
            if qty and key[:2] == (line.line, line.part_id) and (not line.serial or key[2] == line.serial)
        ]
        return keys[::-1]

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
    papers = read_papers(source)
    wanted = _wanted(papers, lines)
    places = _places(papers, wanted)
    customer = papers.customer or ensure_outside(Place.Kind.CUSTOMER, actor=actor, at=at)
    use = _Use(papers, customer, places, reason, clock.local_day(at, actor.zone), wanted)
    for line in wanted:
        same = papers.used_lots(line)
        for key, qty in list(papers.used.items()):
            if key[0] == line.line and qty and key not in same:
                use.bring_back(key, qty)
        more = line.qty - sum((papers.used[key] for key in same), ZERO)
        if more > 0:
            use.take(line, more)
        for key in same:
            back = min(papers.used[key], -more) if more < 0 else ZERO
            if back:
                use.bring_back(key, back)
                more += back
    if not use.steps:
        return []
    moves = booking.book(use.steps, source=source, actor=actor, at=at, promises=use.promises)
    lower(use.left)
    return moves


@dataclass
class _Use:
    """The steps of one use of parts, and what they do to the document's promises."""

    papers: Papers
    customer: Place
    places: dict[int, Place]
    reason: str
    today: dt.date
    wanted: list[UseLine]
    steps: list[Step] = field(default_factory=list)
    promises: dict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    left: dict[int, Decimal] = field(default_factory=dict)
    taken: dict[Key, Decimal] = field(default_factory=dict)
    # What all lines may take from free stock; read with the first line that needs it.
    spots: dict[Key, rules.Spot] | None = None

    def take(self, line: UseLine, more: Decimal) -> None:
        """Use that much more: first what is promised to the line there, then what is free there."""
        held = self.papers.promised(line.line)
        if line.place_id is None and not self.papers.held.get(line.line):
            raise RuleBroken(_("请选择领料库位"), code="place_needed", field="place")
        # What was carried out for the line is used before what still lies promised in the store.
        fitting = _fitting(self.papers.held.get(line.line, ()), line)
        for row in fitting:
            part = min(row.qty, more)
            if part:
                more -= part
                self.left[row.pk] = part
                self._step(line, row.place, row.lot, part, part)
        freed = more
        for row in held:
            # Used from elsewhere than promised: the promise there is no longer needed.
            part = min(row.qty, freed) if row not in fitting else ZERO
            if part:
                freed -= part
                self.left[row.pk] = part
                self.promises[Key(row.place_id, row.part_id, rules.GOOD, row.lot)] -= part
        if more:
            self._take_free(line, more)

    def _wish(self, line: UseLine) -> Key:
        place_id = line.place_id if line.place_id is not None else self.papers.held[line.line][0].place_id
        return Key(place_id, line.part_id, rules.GOOD, line.serial)

    def _take_free(self, line: UseLine, more: Decimal) -> None:
        wish = self._wish(line)
        if self.spots is None:
            told = [one for one in self.wanted if one.qty and (one.place_id is not None or self.papers.held.get(one.line))]
            self.spots = picking.plan([self._wish(one) for one in told if not one.serial])
        chosen = [] if line.serial else picking.choose(self.spots, wish, more, taken=self.taken, today=self.today)
        rest = more - sum((qty for _key, qty in chosen), ZERO)
        if rest:  # what is not there is asked for at the place itself, whose refusal tells what lacks
            chosen = [(wish, more)]
        for key, qty in chosen:
            place = self.places.get(key.place_id) or booking.places_by_id([key.place_id])[key.place_id]
            self._step(line, place, key.lot, qty, ZERO)

    def _step(self, line: UseLine, place: Place, lot: str, qty: Decimal, promised: Decimal) -> None:
        self.steps.append(Step(
            key=self.papers.next_key("use", line.line, len(self.steps)), line=line.line, part_id=line.part_id, qty=qty,
            from_place=place, to_place=self.customer, reason=self.reason, lot=lot, promised=promised,
        ))

    def bring_back(self, what: tuple[str, int, str], qty: Decimal) -> None:
        """What the line used goes back to where it came from."""
        self.steps += _bring_back(self.papers, what, qty, self.customer, len(self.steps))


def _fitting(rows: Iterable[Reservation], line: UseLine) -> list[Reservation]:
    """What is promised of what the line uses: that part, that lot, from that place or a bin of it.

    Of a line that was issued in part, what was carried out to a van goes before what still lies in the store.
    """
    same = [row for row in rows if row.part_id == line.part_id and line.serial in ("", row.lot)]
    near = [row for row in same if line.place_id in (None, row.place_id, row.place.parent_id)]
    carried = [row for row in same if row.place.kind_of == Place.Kind.VAN] if near else []
    return [row for row in (*carried, *(one for one in near if one not in carried)) if row.qty]


def _bring_back(
    papers: Papers, what: tuple[str, int, str], back: Decimal, customer: Place, offset: int
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
SELECT r.id, r.line, r.portion, r.part_id, r.lot, r.qty, p.id, p.code, p.kind_of, p.branch_id, p.employee_id, p.parent_id,
  (SELECT count(*) FROM inventory_stockmove m WHERE m.source_kind = r.source_kind AND m.source_id = r.source_id),
  (SELECT c.id FROM inventory_place c WHERE c.code = %s)
FROM inventory_reservation r JOIN inventory_place p ON p.id = r.place_id
WHERE r.source_kind = %s AND r.source_id = %s ORDER BY r.line, r.portion"""


def read_papers(source: Source) -> Papers:
    """Reservations of the document, locked, and its moves so far; one statement when there are no moves yet."""
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS + booking.for_update("r"), [CUSTOMER_CODE, source.kind, source.id])
        found = cursor.fetchall()
    rows: dict[str, list[Reservation]] = defaultdict(list)
    for pk, line, portion, part_id, lot, qty, place_id, code, kind, branch_id, employee_id, parent_id, *_rest in found:
        place = Place(pk=place_id, code=code, kind_of=kind, branch_id=branch_id, employee_id=employee_id, parent_id=parent_id)
        rows[line].append(Reservation(
            pk=pk, line=line, portion=portion, part_id=part_id, lot=lot, qty=booking.decimal(qty), place=place
        ))
    moves: list[StockMove] = []
    if not found or found[0][-2]:
        moves = plans.rows(_moved, source.kind, source.id)
    customer = None
    if found and found[0][-1]:
        customer = Place(pk=found[0][-1], code=CUSTOMER_CODE, kind_of=Place.Kind.CUSTOMER)
    papers = Papers(rows, moves, customer)
    for move in moves:
        sign = (move.to_place.kind_of == Place.Kind.CUSTOMER) - (move.from_place.kind_of == Place.Kind.CUSTOMER)
        papers.used[move.line, move.part_id, move.lot] += sign * move.qty
    return papers


def _moved(kind: str, source_id: int) -> QuerySet[StockMove]:
    rows = StockMove.objects.filter(source_kind=kind, source_id=source_id)
    return rows.select_related("from_place", "to_place").order_by("pk")


def _wanted(papers: Papers, lines: Sequence[UseLine | tuple] | None) -> list[UseLine]:
    if lines is None:
        return [
            UseLine(line, rows[0].part_id, _used_of(papers, line, rows) + sum(row.qty for row in rows))
            for line in papers.held if (rows := papers.promised(line))
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


def _used_of(papers: Papers, line: str, rows: list[Reservation]) -> Decimal:
    return sum((qty for key, qty in papers.used.items() if key[:2] == (line, rows[0].part_id)), ZERO)


def _places(papers: Papers, wanted: Iterable[UseLine]) -> dict[int, Place]:
    known = {row.place_id: row.place for rows in papers.held.values() for row in rows}
    # A depot is named where its bins are meant: only what is not promised there has to be read.
    near = {row.place.parent_id for row in papers.all_promised()} | set(known)
    missing = {line.place_id for line in wanted if line.place_id is not None and line.qty} - near
    return known | booking.places_by_id(missing) if missing else known


def lower(left: dict[int, Decimal]) -> None:
    """Take what was used off the promises (by their id); the rows are locked since `read_papers`."""
    if not left:
        return
    values: list = []
    for pk, used in left.items():
        values += [pk, used]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_reservation AS r SET qty = ROUND(r.qty - d.column2, 3) FROM (VALUES "
            + ", ".join(["(%s, CAST(%s AS NUMERIC))"] * len(left))
            + ") AS d WHERE r.id = d.column1 AND ROUND(r.qty - d.column2, 3) >= 0",
            values,
        )
        if cursor.rowcount != len(left):
            raise WrongState(_("库存刚被他人改动，请重试"), code="stock_changed")


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
