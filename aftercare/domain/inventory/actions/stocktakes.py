"""Stocktakes: drawn up from the books, counted blind in rounds, handed in for approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, facts, queries, rules
from aftercare.domain.inventory.actions import booking
from aftercare.domain.inventory.lifecycle import STOCKTAKE
from aftercare.domain.inventory.models import Balance, CountEntry, Place, Stocktake, StocktakeLine
from aftercare.domain.inventory.rules import GOOD, Key
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, numbering, together
from aftercare.foundation.access import Actor
from aftercare.foundation.append_only import insert_once
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotAllowed, RuleBroken
from aftercare.foundation.transactions import step

ZERO = Decimal(0)
Scope = Stocktake.Scope
State = StocktakeLine.State
_BATCH = 500


class CountLine(NamedTuple):
    """What was counted: of which part, where (None: in the place itself), in what condition, of which lot or serial number.

    `adds` adds to what the same person has counted of it in this round, e.g. scan by scan.
    """

    part_id: int
    qty: Decimal
    place_id: int | None = None
    condition: str = GOOD
    lot: str = ""
    adds: bool = False
    note: str = ""


def plan_stocktake(
    place: Place, *, scope: str, bins: Iterable[int] = (), parts: Iterable[int] = (), abc: str = "", memo: str = "",
    actor: Actor, at: dt.datetime,
) -> Stocktake:
    """Draw up what shall be counted at a place and in its bins: all of it, some bins, some parts, or what is due by its class.

    What the books say now is kept with each line and told to nobody before the counting is over. Refuses what is being
    counted in another stocktake (`counted_elsewhere`).
    """
    chosen = _require_scope(place, scope, bins, parts, abc)
    zone = people.zone_of(place.branch_id)
    today = clock.local_day(at, zone)
    stocktake = Stocktake(
        number=numbering.take("PD", today), scope_of=scope, branch_id=place.branch_id, place=place, chosen=chosen,
        abc=abc if scope == Scope.CYCLE else "", memo=memo.strip()[:200], planned_by_name=actor.name[:80], created_at=at,
    )
    if scope == Scope.CYCLE:
        chosen = sorted(queries.due_parts(place, today=today, abc=abc))
        if not chosen:
            raise RuleBroken(_("没有到期的配件"), code="nothing_due", field="abc")
    lines = _draw(place, scope, chosen)
    with step():
        open_new(stocktake, actor=actor, at=at, permission=access.PLAN_COUNT, people=(place.employee_id,),
                 fact=lambda row: facts.StocktakePlanned(row.pk, len(lines)))
        _insert(stocktake, lines, first=1)
    return stocktake


def _require_scope(place: Place, scope: str, bins: Iterable[int], parts: Iterable[int], abc: str) -> list[int]:
    # Goods under way lie nowhere that one could go and look.
    if not place.is_inside or place.parent_id or place.kind_of == Place.Kind.TRANSIT:
        raise RuleBroken(_("请选择公司内部的库，不是货位"), code="bad_place", field="place")
    if scope not in Scope.values:
        raise RuleBroken(_("没有这种盘点范围"), code="bad_scope", field="scope")
    if abc not in ("", "A", "B", "C"):
        raise RuleBroken(_("分类应为 A、B 或 C"), code="bad_class", field="abc")
    chosen = sorted(set(bins if scope == Scope.BINS else parts if scope == Scope.PARTS else ()))
    if scope == Scope.BINS and (not chosen or Place.objects.filter(pk__in=chosen, parent=place).count() != len(chosen)):
        raise RuleBroken(_("请选择这个库里的货位"), code="bin_elsewhere", field="bins")
    if scope == Scope.PARTS and not chosen:
        raise RuleBroken(_("请至少选择一个配件"), code="no_parts", field="parts")
    return chosen


def _draw(place: Place, scope: str, chosen: list[int]) -> list[StocktakeLine]:
    """The lines of that scope: what the books know there, and a chosen part that they do not know."""
    rows = Balance.objects.filter(Q(place=place) | Q(place__parent=place), on_hand_qty__gt=0)
    if scope == Scope.BINS:
        rows = rows.filter(place_id__in=chosen)
    elif scope != Scope.WHOLE:
        rows = rows.filter(part_id__in=chosen)
    lines = [
        StocktakeLine(place_id=row.place_id, part_id=row.part_id, condition=row.condition, lot=row.lot, book_qty=row.on_hand_qty)
        for row in rows.order_by("place__position", "place__code", "part__code", "condition", "lot")
    ]
    if scope == Scope.PARTS:
        numbered = _numbered(chosen)
        known = {line.part_id for line in lines}
        lines += [StocktakeLine(place_id=place.pk, part_id=pk) for pk in chosen if pk not in known and not numbered.get(pk)]
    return lines


def _numbered(part_ids: Iterable[int]) -> dict[int, str]:
    """Which of these parts need a serial number or a lot; refuses what is no part."""
    wanted = set(part_ids)
    parts = Balance._meta.get_field("part").related_model._default_manager
    rows = {pk: more for pk, *more in parts.filter(pk__in=wanted).values_list("pk", "is_serial", "is_lot")}
    booking.require_known(wanted, rows)
    return {pk: "serial" if is_serial else "lot" for pk, (is_serial, is_lot) in rows.items() if is_serial or is_lot}


def _insert(stocktake: Stocktake, lines: Sequence[StocktakeLine], *, first: int) -> None:
    """Write the lines; the database refuses one that is open in another stocktake."""
    for position, line in enumerate(lines, start=first):
        line.stocktake, line.position = stocktake, position
    for begin in range(0, len(lines), _BATCH):
        part = lines[begin : begin + _BATCH]
        if len(insert_once(part)) != len(part):
            raise _counted_elsewhere(part)


def _counted_elsewhere(lines: Sequence[StocktakeLine]) -> RuleBroken:
    keys = {queries.key_of(line) for line in lines}
    rows = StocktakeLine.objects.filter(is_open=True, part_id__in={key.part_id for key in keys}).select_related("stocktake", "part")
    for row in rows:
        if queries.key_of(row) in keys and row.stocktake_id != lines[0].stocktake_id:
            return RuleBroken(
                _("%(part)s 正在盘点单 %(number)s 里盘点") % {"part": row.part.name, "number": row.stocktake.number},
                code="counted_elsewhere", field="place", number=row.stocktake.number,
            )
    return RuleBroken(_("同一内容正在另一张盘点单里盘点"), code="counted_elsewhere", field="place")


@STOCKTAKE.move("record_counts")
def record_counts(
    stocktake: Stocktake, *, lines: Sequence[CountLine | tuple], actor: Actor, at: dt.datetime
) -> facts.LinesCounted:
    """Write down what was counted at that moment; a later entry of the same person in the same round replaces his earlier one.

    What was not on the list is added to it. Refuses who has counted the line in an earlier round (`another_person_needed`),
    a line that is settled (`line_settled`), a place that is not counted here (`place_not_counted`).
    """
    _require_counter(stocktake, actor)
    if at < stocktake.created_at:
        raise RuleBroken(_("盘点时间早于安排盘点的时间"), code="before_planning", field="at")
    wanted = _read_lines(stocktake, lines)
    known = _lines_by_key(stocktake, wanted)
    _add_unexpected(stocktake, [key for key in wanted if key not in known])
    known |= _lines_by_key(stocktake, [key for key in wanted if key not in known])
    rows = [known[key] for key in wanted]
    _require_another(stocktake, rows, actor)
    own = queries.own_counts(stocktake, actor)
    CountEntry.objects.bulk_create([
        _entry(stocktake, known[key], line.qty + (own.get(known[key].pk, ZERO) if line.adds else ZERO), actor, at, note=line.note)
        for key, line in wanted.items()
    ])
    StocktakeLine.objects.filter(pk__in=[row.pk for row in rows]).update(counted_round=stocktake.round)
    return facts.LinesCounted(stocktake.pk, stocktake.round, len(rows))


def _entry(stocktake: Stocktake, line: StocktakeLine, qty: Decimal, actor: Actor, at: dt.datetime, *, note: str = "") -> CountEntry:
    return CountEntry(line=line, round=stocktake.round, qty=qty, at=at, counter=queries.person_of(actor),
                      counter_name=actor.name[:80], note=note.strip()[:120])


def _require_counter(stocktake: Stocktake, actor: Actor) -> None:
    refused = queries.why_not_count(stocktake, actor)
    if refused is not None:
        raise NotAllowed(refused[1], code=refused[0])


def _read_lines(stocktake: Stocktake, lines: Sequence[CountLine | tuple]) -> dict[Key, CountLine]:
    """What was counted, by key; refuses what cannot be."""
    rows = [CountLine(*line) for line in lines]
    if not rows:
        raise RuleBroken(_("没有明细行"), code="no_lines", field="lines")
    _require_places(stocktake, {row.place_id or stocktake.place_id for row in rows})
    numbered = _numbered(row.part_id for row in rows)
    wanted: dict[Key, CountLine] = {}
    for row in rows:
        qty = ZERO if Decimal(row.qty) == 0 else require_quantity(row.qty)
        lot, needs = row.lot.strip(), numbered.get(row.part_id, "")
        if needs and not lot:
            told = _("按序列号管理的配件，请填写序列号") if needs == "serial" else _("按批次管理的配件，请填写批次号")
            raise RuleBroken(told, code=f"{needs}_needed", field="lot")
        key = Key(row.place_id or stocktake.place_id, row.part_id, row.condition or GOOD, lot)
        if row.adds and key in wanted:
            qty += wanted[key].qty
        if needs == "serial" and qty not in (0, 1):
            raise RuleBroken(_("一个序列号的数量只能是 1"), code="serial_is_single", field="qty")
        # A serial number that is scanned twice is one thing seen twice.
        wanted[key] = row._replace(qty=qty, lot=lot, adds=row.adds and needs != "serial")
    return wanted


def _require_places(stocktake: Stocktake, ids: set[int]) -> None:
    allowed = set(stocktake.chosen) if stocktake.scope_of == Scope.BINS else set(queries.bins_of([stocktake.place_id])) | {stocktake.place_id}
    if ids - allowed:
        raise RuleBroken(_("这个货位不在本次盘点范围内"), code="place_not_counted", field="bin")


def _lines_by_key(stocktake: Stocktake, keys: Iterable[Key]) -> dict[Key, StocktakeLine]:
    keys = set(keys)
    if not keys:
        return {}
    rows = StocktakeLine.objects.filter(stocktake=stocktake, part_id__in={key.part_id for key in keys})
    return {queries.key_of(row): row for row in rows if queries.key_of(row) in keys}


def _add_unexpected(stocktake: Stocktake, keys: Sequence[Key]) -> None:
    if not keys:
        return
    last = StocktakeLine.objects.filter(stocktake=stocktake).aggregate(last=Max("position"))["last"] or 0
    here = Balance.objects.filter(place_id__in={key.place_id for key in keys}, part_id__in={key.part_id for key in keys})
    book = {Key(row.place_id, row.part_id, row.condition, row.lot): row.on_hand_qty for row in here}
    rows = [
        StocktakeLine(place_id=key.place_id, part_id=key.part_id, condition=key.condition, lot=key.lot, is_unexpected=True,
                      book_qty=book.get(key, ZERO))
        for key in keys
    ]
    _insert(stocktake, rows, first=last + 1)


def _require_another(stocktake: Stocktake, lines: Sequence[StocktakeLine], actor: Actor) -> None:
    done = next((line for line in lines if line.state not in (State.OPEN, State.RECOUNT)), None)
    if done is not None:
        raise RuleBroken(_("第 %(n)s 行已定，不再盘点") % {"n": done.position}, code="line_settled", field="lines", position=done.position)
    again = [line.pk for line in lines if line.state == State.RECOUNT]
    before = CountEntry.objects.filter(line_id__in=again, round__lt=stocktake.round, counter=queries.person_of(actor))
    mine = before.values_list("line__position", flat=True).order_by("line__position").first() if again else None
    if mine is not None:
        raise RuleBroken(_("第 %(n)s 行您已盘过，复盘须由他人进行") % {"n": mine}, code="another_person_needed", field="lines", position=mine)


def finish_round(stocktake: Stocktake, *, rest_is_zero: bool = False, version: int | None = None, actor: Actor, at: dt.datetime) -> Stocktake:
    """Close the round; when nothing must be counted again, hand the stocktake in at once. All or nothing."""
    with step():
        stocktake = close_round(stocktake, rest_is_zero=rest_is_zero, version=version, actor=actor, at=at)
        if not StocktakeLine.objects.filter(stocktake=stocktake, state__in=[State.OPEN, State.RECOUNT]).exists():
            stocktake = submit_stocktake(stocktake, actor=actor, at=at)
    return stocktake


@STOCKTAKE.move("close_round")
def close_round(stocktake: Stocktake, *, rest_is_zero: bool = False, actor: Actor, at: dt.datetime) -> facts.RoundClosed:
    """Judge what was counted in this round: which counts stand, and which lines somebody else must count again.

    Only here it shows what differs, so that nobody can find out the books by trying quantities. Refuses while lines are not
    counted (`lines_not_counted`); with `rest_is_zero` they are entered as none found, by who closes the round.
    """
    _require_counter(stocktake, actor)
    lines = list(StocktakeLine.objects.filter(stocktake=stocktake, state__in=[State.OPEN, State.RECOUNT]).order_by("position"))
    left = [line for line in lines if line.counted_round < stocktake.round]
    if left and not rest_is_zero:
        raise RuleBroken(_("还有 %(n)s 行没有盘") % {"n": len(left)}, code="lines_not_counted", field="lines",
                         positions=[line.position for line in left[:100]])
    if left:
        _require_another(stocktake, left, actor)
        CountEntry.objects.bulk_create([_entry(stocktake, line, ZERO, actor, at) for line in left], batch_size=_BATCH)
        for line in left:
            line.counted_round = stocktake.round
    again = _judge(stocktake, lines)
    round_ = stocktake.round
    if again:
        revise(stocktake, round=round_ + 1)
    return facts.RoundClosed(stocktake.pk, round_, again)


def _judge(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> int:
    """Decide each line by its counts; gives back how many must be counted again."""
    rule, units = queries.count_rule_of(stocktake.branch_id), queries.value_per_unit(stocktake.branch_id, lines)
    tolerance = rules.Tolerance(rule.recount_qty, rule.recount_percent, rule.recount_amount)
    entries = queries.counts_of(line.pk for line in lines)
    points = [(queries.key_of(line), entry.at) for line in lines for entry in entries[line.pk]]
    expected = iter(queries.book_at(points, zone_name=people.zone_of(stocktake.branch_id)))
    for line in lines:
        mine = entries[line.pk]
        counts = [rules.Count(entry.counter, entry.qty, next(expected)) for entry in mine]
        verdict = rules.judge_counts(counts, units[line.pk], tolerance, again=line.is_sent_back)
        if verdict.stands is None:
            line.state = State.RECOUNT
            continue
        entry, count = mine[verdict.stands], counts[verdict.stands]
        line.state = State.DISPUTED if verdict.is_disputed else State.AGREED
        line.counted_qty, line.counted_at, line.counted_by_name = entry.qty, entry.at, entry.counter_name
        line.expected_qty, line.difference_qty = count.expected, count.difference
        line.difference_amount = money.rounded(count.difference * units[line.pk])
    together.write(lines, _JUDGED)
    return sum(line.state == State.RECOUNT for line in lines)


_JUDGED = ["state", "counted_round", "counted_qty", "counted_at", "counted_by_name", "expected_qty", "difference_qty", "difference_amount"]


@STOCKTAKE.move("submit_stocktake")
def submit_stocktake(stocktake: Stocktake, *, actor: Actor, at: dt.datetime) -> None:
    """Hand it in: the differences are worked out and kept as the auditor will see them. Refuses while a line is not settled."""
    lines = list(StocktakeLine.objects.filter(stocktake=stocktake).order_by("position"))
    open_ = [line.position for line in lines if line.state in (State.OPEN, State.RECOUNT)]
    if open_:
        raise RuleBroken(_("还有 %(n)s 行没有定") % {"n": len(open_)}, code="lines_not_settled", field="lines", positions=open_[:100])
    last = max((line.counted_at for line in lines), default=at)
    revise(stocktake, counted_on=clock.local_day(last, people.zone_of(stocktake.branch_id)), value_amount=work_out(stocktake, lines))


def work_out(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> Decimal:
    """Work the differences of these lines out anew from the ledger and keep them; gives back their value without signs."""
    units = queries.value_per_unit(stocktake.branch_id, lines)
    points = [(queries.key_of(line), line.counted_at) for line in lines]
    for line, expected in zip(lines, queries.book_at(points, zone_name=people.zone_of(stocktake.branch_id)), strict=True):
        line.expected_qty, line.difference_qty = expected, line.counted_qty - expected
        line.difference_amount = money.rounded(line.difference_qty * units[line.pk])
    together.write(lines, ["expected_qty", "difference_qty", "difference_amount"])
    return sum((abs(line.difference_amount) for line in lines), ZERO)
