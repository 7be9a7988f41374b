"""What a keeper does: goods in, goods moved, counted, taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, facts
from aftercare.domain.inventory.actions import booking, lots, picking
from aftercare.domain.inventory.actions.booking import Step
from aftercare.domain.inventory.actions.places import ensure_outside
from aftercare.domain.inventory.models import Place, Reason, StockMove, StocktakeLine
from aftercare.domain.inventory.rules import GOOD, MoveLine, ReceiveLine
from aftercare.foundation import clock, quantity
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

ZERO = Decimal(0)
# What keepers book without a paper stands in the ledger under the place itself.
BY_HAND = "inventory.place"


@booking.all_or_nothing
def post(
    *, source: Source, key: str, at: dt.datetime, lines: Sequence[MoveLine], actor: Actor, reason: str = Reason.TRANSFER,
    memo: str = "", day: dt.date | None = None,
) -> list[StockMove]:
    """Book moves of a document: the same source and key twice book once and give back the first moves.

    It asks for no permission; verbs that people start do.
    """
    return _book(lines, source=source, key=key, at=at, actor=actor, reason=reason, memo=memo, day=day)


def _book(
    lines: Sequence[MoveLine], *, source: Source, key: str, at: dt.datetime, actor: Actor, reason: str, memo: str = "",
    day: dt.date | None = None, **manner: bool,
) -> list[StockMove]:
    if not lines:
        raise RuleBroken(_("没有明细行"), code="no_lines", field="lines")
    places = booking.places_by_id({place for line in lines for place in (line.from_place, line.to_place)})
    steps = [
        _step(line, places, key=f"{key}:{number}", reason=reason) for number, line in enumerate(lines, start=1)
    ]
    return booking.book(steps, source=source, actor=actor, at=at, memo=memo, day=day, **manner)


def _step(line: MoveLine, places: dict[int, Place], *, key: str, reason: str) -> Step:
    here, there = places[line.from_place], places[line.to_place]
    if here == there and line.from_condition == line.to_condition:
        raise RuleBroken(_("来源与去向相同"), code="same_place", field="to_place")
    if not here.is_inside and not there.is_inside:
        raise RuleBroken(_("来源与去向至少有一个是公司内部库位"), code="both_outside", field="to_place")
    if there.is_inside and not there.is_active:
        raise RuleBroken(_("库位已停用"), code="place_closed", field="to_place")
    if line.unit_cost is not None and line.unit_cost < 0:
        raise RuleBroken(_("成本不能为负"), code="negative_cost", field="unit_cost")
    return Step(
        key=key, line=line.line, part_id=line.part_id, qty=require_quantity(line.qty), from_place=here, to_place=there,
        reason=reason, from_condition=line.from_condition, to_condition=line.to_condition, lot=line.serial or line.lot,
        unit_cost=line.unit_cost,
    )


@booking.all_or_nothing
def receive(
    place: Place, *, lines: Sequence[ReceiveLine | tuple], actor: Actor, at: dt.datetime, source: Source | None = None,
    key: str = "receive", reason: str = Reason.RECEIPT, condition: str = GOOD, memo: str = "", from_kind: str = Place.Kind.SUPPLIER,
    day: dt.date | None = None,
) -> list[StockMove]:
    """Goods come in from outside: lines as `ReceiveLine` (bin, lot with expiry and condition of its own, or the call's).

    Without `source` each call is a receipt of its own, so give one when a call may be repeated.
    """
    actor.require(access.RECEIVE, branch_id=place.branch_id, people=(place.employee_id,))
    require_on_shelf(place, "place")
    outside = ensure_outside(from_kind, actor=actor, at=at)
    rows = [ReceiveLine(*line) for line in lines]
    _require_bins(place, {row.place_id for row in rows if row.place_id not in (None, place.pk)})
    lots.ensure(rows, at=at)
    moves = [
        MoveLine(part_id=row.part_id, qty=row.qty, from_place=outside.pk, to_place=row.place_id or place.pk,
                 to_condition=row.condition or condition, from_condition=row.condition or condition,
                 unit_cost=row.unit_cost, serial=row.serial, line=row.line)
        for row in rows
    ]
    booked = _book_at(place, moves, source, key, at=at, actor=actor, reason=reason, memo=memo, day=day)
    good = tuple(sorted({move.part_id for move in booked if move.to_condition == GOOD}))
    arrived = facts.GoodsArrived(place.pk, place.branch_id, good) if good else None
    record_about(place, verb="inventory.place.receive", actor=actor, at=at, fact=arrived, note=memo)
    return booked


def _require_bins(place: Place, ids: set[int]) -> None:
    """Refuse a bin that lies in another depot."""
    if ids and Place.objects.filter(pk__in=ids, parent_id=place.pk).count() != len(ids):
        raise RuleBroken(_("货位不在这个库里"), code="bin_elsewhere", field="bin")


@booking.all_or_nothing
def transfer(
    *, from_place: Place, to_place: Place, lines: Sequence[tuple], actor: Actor, at: dt.datetime,
    source: Source | None = None, key: str = "transfer", memo: str = "", day: dt.date | None = None, reason: str = "",
    condition: str = GOOD, from_bins: bool = True,
) -> list[StockMove]:
    """A keeper moves free goods: lines of (part_id, qty, serial or lot or "", bin id or None).

    Where no bin is told, bins serve for their depot, what expires first before the rest; not with `from_bins=False`, when
    somebody has the goods of the place itself in his hands.
    """
    if source is None:
        _require_within(from_place, to_place)
    for place in (from_place, to_place):
        if place.is_inside:
            actor.require(access.MOVE, branch_id=place.branch_id, people=(place.employee_id,))
    moves = [
        MoveLine(part_id=key.part_id, qty=qty, from_place=key.place_id, to_place=to_place.pk, serial=key.lot,
                 from_condition=condition, to_condition=condition)
        for key, qty in _from_bins(from_place, lines, condition, clock.local_day(at, actor.zone), from_bins=from_bins)
    ]
    reason = reason or (Reason.SCRAP if to_place.kind_of == Place.Kind.SCRAP else Reason.TRANSFER)
    booked = _book_at(from_place, moves, source, key, at=at, actor=actor, reason=reason, memo=memo, day=day)
    record_about(from_place, verb="inventory.place.transfer", actor=actor, at=at, note=memo,
                 fact=facts.GoodsMoved(from_place.pk, to_place.pk, _part_ids(booked)))
    if to_place.is_inside:
        arrived = facts.GoodsArrived(to_place.pk, to_place.branch_id, _part_ids(booked)) if condition == GOOD else None
        record_about(to_place, verb="inventory.place.arrive", actor=actor, at=at, fact=arrived)
    return booked


def _require_within(from_place: Place, to_place: Place) -> None:
    """By hand goods go from shelf to shelf, or to scrap: all else has its paper, a sale, a receipt, a stocktake, a transfer."""
    if not from_place.is_inside:
        raise RuleBroken(_("请选择公司内部的库位"), code="bad_places", field="from_place")
    if not to_place.is_inside and to_place.kind_of != Place.Kind.SCRAP:
        raise RuleBroken(_("只能移到公司内部库位或报废；销售、退货、盘点请用各自的单据"), code="bad_places", field="to_place")
    require_on_shelf(from_place, "from_place")
    require_on_shelf(to_place, "to_place")


def require_on_shelf(place: Place | None, field: str) -> None:
    """Refuse goods under way: the transfer that sent them accounts for every piece."""
    if place is not None and place.kind_of == Place.Kind.TRANSIT:
        raise RuleBroken(_("在途的货由调拨单签收或处理差异"), code="under_way", field=field)


def _from_bins(
    place: Place, lines: Sequence[tuple], condition: str, today: dt.date, *, from_bins: bool
) -> list[tuple[booking.Key, Decimal]]:
    """What each line takes from where: the place itself, or its bins and lots where it does not hold enough."""
    wishes = [
        (booking.Key((rest[1] if len(rest) > 1 else None) or place.pk, part_id, condition, rest[0] if rest else ""),
         require_quantity(qty))
        for part_id, qty, *rest in lines
    ]
    if not from_bins:
        return wishes
    spots = picking.plan([wish for wish, _qty in wishes if not wish.lot]) if place.is_inside else {}
    taken: dict[booking.Key, Decimal] = {}
    chosen: list[tuple[booking.Key, Decimal]] = []
    for wish, qty in wishes:
        found = picking.choose(spots, wish, qty, taken=taken, today=today) if not wish.lot else []
        enough = sum((part for _key, part in found), ZERO) == qty
        chosen += found if enough else [(wish, qty)]
    return chosen


@booking.all_or_nothing
def count(
    place: Place, *, lines: Sequence[tuple], actor: Actor, at: dt.datetime, source: Source | None = None, reason: str = "",
) -> list[StockMove]:
    """Book what was counted: lines of (part_id, counted quantity, condition, lot). The difference goes to a place of its own.

    Refuses (`short_stock`) to count below what is promised to documents: release those first.
    """
    actor.require(access.ADJUST, branch_id=place.branch_id)
    require_on_shelf(place, "place")
    outside = ensure_outside(Place.Kind.DIFFERENCE, actor=actor, at=at)
    counted: dict[tuple, Decimal] = {}
    for part_id, qty, *rest in lines:
        condition, lot = (rest[0] if rest else GOOD), (rest[1] if len(rest) > 1 else "")
        if Decimal(qty) < 0:
            raise RuleBroken(_("数量不能为负"), code="negative_quantity", field="qty")
        counted[place.pk, part_id, condition, lot] = Decimal(qty)
    _require_no_stocktake(place, counted)
    rows = booking.lock([booking.Key(*key) for key in counted])
    moves = []
    for key, qty in sorted(counted.items()):
        row = rows.get(booking.Key(*key))
        difference = qty - (row.on_hand_qty if row else ZERO)
        here, there = (outside.pk, place.pk) if difference > 0 else (place.pk, outside.pk)
        if difference:
            moves.append(MoveLine(key[1], abs(difference), here, there, key[2], key[2], lot=key[3]))
    if not moves:
        return []
    try:
        booked = _book_at(place, moves, source, "count", at=at, actor=actor, reason=Reason.COUNT, memo=reason)
    except booking.Shortage as short:
        told = _("盘到的少于已占用的数量，请先释放占用：%(parts)s")
        raise booking.Shortage(told % {"parts": _("、").join({line["part"] for line in short.params["lines"]})}, **short.params) from None
    record_about(place, verb="inventory.place.count", actor=actor, at=at, note=reason,
                 fact=facts.StockCounted(place.pk, _part_ids(booked)))
    return booked


def _require_no_stocktake(place: Place, counted: Iterable[tuple]) -> None:
    """Refuse what a stocktake is counting: it would book the same difference a second time."""
    keys = set(counted)
    rows = StocktakeLine.objects.filter(place=place, is_open=True, part_id__in={key[1] for key in keys}).select_related("stocktake")
    for row in rows:
        if (row.place_id, row.part_id, row.condition, row.lot) in keys:
            raise RuleBroken(
                _("这些配件正在盘点单 %(number)s 里盘点") % {"number": row.stocktake.number}, code="in_stocktake", field="place",
                number=row.stocktake.number,
            )


@booking.all_or_nothing
def change_condition(
    place: Place, *, lines: Sequence[tuple], from_condition: str, to_condition: str, actor: Actor, at: dt.datetime,
    source: Source | None = None, key: str = "state", memo: str = "", day: dt.date | None = None,
) -> list[StockMove]:
    """Goods at a place become another condition: lines of (part_id, qty, serial or lot or "", bin id or None)."""
    actor.require(access.ADJUST, branch_id=place.branch_id)
    require_on_shelf(place, "place")
    moves = [
        MoveLine(part_id=part_id, qty=qty, from_place=spot, to_place=spot, from_condition=from_condition,
                 to_condition=to_condition, serial=(rest[0] if rest else ""))
        for part_id, qty, *rest in lines for spot in [(rest[1] if len(rest) > 1 else None) or place.pk]
    ]
    booked = _book_at(place, moves, source, key, at=at, actor=actor, reason=Reason.STATE, memo=memo, day=day)
    arrived = facts.GoodsArrived(place.pk, place.branch_id, _part_ids(booked)) if to_condition == GOOD else None
    record_about(place, verb="inventory.place.change_condition", actor=actor, at=at, note=memo, fact=arrived)
    return booked


def undo_booking(moves: Sequence[StockMove], *, actor: Actor, at: dt.datetime, reason: str) -> list[StockMove]:
    """A keeper takes back what was booked by hand; what a paper booked is taken back by that paper, with its counters and money."""
    for move in moves:
        if move.source_kind != BY_HAND:
            raise RuleBroken(
                _("这笔流水由单据 %(number)s 产生，请在该单据上撤销") % {"number": move.source_number}, code="paper_booked", field="moves"
            )
    return reverse(moves, actor=actor, at=at, reason=reason)


@booking.all_or_nothing
def reverse(moves: Sequence[StockMove], *, actor: Actor, at: dt.datetime, reason: str) -> list[StockMove]:
    """Take bookings of one document back by moves the other way, each once; a second time is refused (`reversed_already`).

    What went out comes back at the cost it left with; what came in leaves at today's average.
    """
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    ids = [move.pk for move in moves]
    if StockMove.objects.filter(reverses_id__in=ids).exists():
        raise WrongState(_("这笔流水已冲销"), code="reversed_already")
    rows = list(
        visible(StockMove, actor, access.REVERSE).filter(pk__in=ids).select_related("from_place", "to_place").order_by("-pk")
    )
    if not rows or len(rows) != len(set(ids)):
        raise NotFound(_("没有找到流水"), kind="inventory.stockmove")
    source = Source(rows[0].source_kind, rows[0].source_id, rows[0].source_number)
    steps = []
    for move in rows:
        if (move.source_kind, move.source_id) != (source.kind, source.id):
            raise RuleBroken(_("一次只能冲销一张单据的流水"), code="one_document", field="moves")
        if move.reverses_id:
            raise WrongState(_("冲销流水不能再冲销"), code="reversal_of_reversal")
        if move.to_place.kind_of == Place.Kind.CUSTOMER and _still_used(move) < move.qty:
            raise WrongState(_("已退回的用料不能再冲销"), code="returned_already")
        steps.append(Step(
            key=f"reverse:{move.pk}", line=move.line, part_id=move.part_id, qty=move.qty, from_place=move.to_place,
            to_place=move.from_place, reason=Reason.REVERSAL, from_condition=move.to_condition,
            to_condition=move.from_condition, lot=move.lot, reverses_id=move.pk,
            unit_cost=None if move.to_place.is_inside else move.unit_cost,
        ))
    booked = booking.book(steps, source=source, actor=actor, at=at, memo=reason)
    place = next(p for p in (rows[0].from_place, rows[0].to_place) if p.is_inside)
    record_about(place, verb="inventory.place.reverse", actor=actor, at=at, note=reason,
                 fact=facts.MovesReversed(tuple(sorted(ids))))
    return booked


def _still_used(move: StockMove) -> Decimal:
    """What the customer still has of what this line of the document used."""
    rows = StockMove.objects.filter(
        source_kind=move.source_kind, source_id=move.source_id, line=move.line, part_id=move.part_id, lot=move.lot
    )
    out = rows.filter(to_place__kind_of=Place.Kind.CUSTOMER).aggregate(n=quantity.summed("qty"))["n"] or ZERO
    return out - (rows.filter(from_place__kind_of=Place.Kind.CUSTOMER).aggregate(n=quantity.summed("qty"))["n"] or ZERO)


def _book_at(place: Place, moves: list[MoveLine], source: Source | None, key: str, **rest) -> list[StockMove]:
    """Book for a paper, or without one for the place itself; then each call stands for itself."""
    if source is None:
        # A keeper who types an earlier day learns that it is closed; a late paper of somebody else is booked today.
        source, key = Source(place.kind, place.pk, place.code), f"{key}-{uuid.uuid4().hex[:16]}"
        rest |= {"is_late_refused": True, "is_alone": rest["actor"].kind != "system"}
    return _book(moves, source=source, key=key, **rest)


def _part_ids(moves: Sequence[StockMove]) -> tuple[int, ...]:
    return tuple(sorted({move.part_id for move in moves}))
