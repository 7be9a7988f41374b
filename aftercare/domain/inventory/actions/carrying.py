"""What is promised to a document carried from place to place: issued to a van, whole or in part, and brought back unused."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.actions import booking
from aftercare.domain.inventory.actions.booking import Step
from aftercare.domain.inventory.actions.using import Papers, lower, read_papers
from aftercare.domain.inventory.models import Place, Reason, Reservation, StockMove
from aftercare.domain.inventory.rules import Key
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.foundation.sources import Source

ZERO = Decimal(0)


@booking.all_or_nothing
def issue(
    *, source: Source, to_place_id: int, actor: Actor, at: dt.datetime, line: str | None = None, reason: str = Reason.ISSUE,
    parts: Sequence[tuple[str, int | None, Decimal]] | None = None,
) -> list[StockMove]:
    """Move what is promised to the document (or to that line) to another place, e.g. the engineer's van.

    The promise goes with the goods. What is there already stays; so the same call twice moves once. `parts` of (line, portion
    or None for any, qty) move only so much of it: the rest stays where it is, promised as before (`more_than_promised`).
    """
    papers = read_papers(source)
    named = {line} if line is not None else {name for name, _portion, _qty in parts or ()}
    if named - papers.held.keys():
        raise NotFound(_("没有找到占用"), kind="inventory.reservation")
    held = [row for row in papers.all_promised() if row.place_id != to_place_id and (line is None or row.line == line)]
    going = [(row, row.qty) for row in held] if parts is None else _parts(held, parts)
    if not going:
        return []
    to_place = booking.places_by_id([to_place_id])[to_place_id]
    if not to_place.is_inside:
        raise RuleBroken(_("只能领到公司内部库位"), code="place_outside", field="to_place")
    steps, promises = [], defaultdict(Decimal)
    for row, qty in going:
        steps.append(_carry(papers, row, qty, to_place, reason, len(steps)))
        promises[Key(to_place_id, row.part_id, rules.GOOD, row.lot)] += qty
    moves = booking.book(steps, source=source, actor=actor, at=at, promises=promises)
    _follow(source, papers, going, to_place, at)
    return moves


def _parts(held: Sequence[Reservation], parts: Sequence[tuple[str, int | None, Decimal]]) -> list[tuple[Reservation, Decimal]]:
    """How much of each portion goes: as many portions of the line as it takes, in their order."""
    left = {row.pk: row.qty for row in held}
    for name, portion, asked in parts:
        qty = require_quantity(asked)
        for row in held:
            if row.line == str(name) and portion in (None, row.portion):
                took = min(left[row.pk], qty)
                left[row.pk] -= took
                qty -= took
        if qty:
            raise RuleBroken(_("领料数量超过占用数量"), code="more_than_promised", field="lines")
    return [(row, row.qty - left[row.pk]) for row in held if row.qty != left[row.pk]]


def _follow(source: Source, papers: Papers, going: Sequence[tuple[Reservation, Decimal]], to_place: Place, at: dt.datetime) -> None:
    """The promise goes where the goods went: a whole portion with its row, of a part a portion of its own."""
    whole = [row.pk for row, qty in going if qty == row.qty]
    if whole:
        Reservation.objects.filter(pk__in=whole).update(place_id=to_place.pk)
    lower({row.pk: qty for row, qty in going if qty != row.qty})
    last = {line: max(row.portion for row in rows) for line, rows in papers.held.items()}
    made = []
    for row, qty in going:
        if qty != row.qty:
            last[row.line] += 1
            made.append(Reservation(
                source_kind=source.kind, source_id=source.id, source_number=source.number, line=row.line, portion=last[row.line],
                place_id=to_place.pk, part_id=row.part_id, lot=row.lot, qty=qty, made_at=at,
            ))
    if made:
        insert_once(made)


@booking.all_or_nothing
def return_unused(
    *, source: Source, to_place_id: int, actor: Actor, at: dt.datetime,
    lines: Sequence[tuple] | None = None,
) -> list[StockMove]:
    """Bring back what was issued and not used: goods go to `to_place`, their promise ends.

    Without `lines` all that is still promised, else lines of (line, qty, lot or "" for any). The same call twice returns once.
    """
    papers = read_papers(source)
    to_place = booking.places_by_id([to_place_id])[to_place_id]
    if not to_place.is_inside:
        raise RuleBroken(_("只能退到公司内部库位"), code="place_outside", field="to_place")
    wanted = {(line, ""): sum(row.qty for row in rows) for line in papers.held if (rows := papers.promised(line))}
    if lines is not None:
        named = {(str(line), rest[0] if rest else ""): require_quantity(qty) for line, qty, *rest in lines}
        if any(qty > sum((row.qty for row in papers.promised(line) if lot in ("", row.lot)), ZERO) for (line, lot), qty in named.items()):
            raise RuleBroken(_("退回数量超过未用数量"), code="more_than_unused", field="lines")
        wanted = named
    steps, promises, left = [], defaultdict(Decimal), {}
    for (line, lot), qty in wanted.items():
        # What was carried out comes back before the promise of what never left ends.
        for row in sorted(papers.promised(line), key=lambda row: to_place_id in (row.place_id, row.place.parent_id)):
            part = min(row.qty, qty) if lot in ("", row.lot) else ZERO
            if not part:
                continue
            qty -= part
            left[row.pk] = left.get(row.pk, ZERO) + part
            if to_place_id in (row.place_id, row.place.parent_id):
                promises[Key(row.place_id, row.part_id, rules.GOOD, row.lot)] -= part
            else:
                steps.append(_carry(papers, row, part, to_place, Reason.RETURN, len(steps)))
    if not wanted:
        return []
    moves = booking.book(steps, source=source, actor=actor, at=at, promises=promises)
    lower(left)
    return moves


def _carry(papers: Papers, row: Reservation, qty: Decimal, to_place: Place, reason: str, offset: int) -> Step:
    return Step(
        key=papers.next_key(str(reason), row.line, offset), line=row.line, part_id=row.part_id, qty=qty,
        from_place=row.place, to_place=to_place, reason=reason, lot=row.lot, promised=qty,
    )
