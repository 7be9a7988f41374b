"""What becomes of a counted stocktake: booked by another person, sent back, given up, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, facts, queries, rules
from aftercare.domain.inventory.actions import booking, costing, found, keeping, supplying
from aftercare.domain.inventory.actions.booking import Row, Step
from aftercare.domain.inventory.actions.found import Find
from aftercare.domain.inventory.actions.places import ensure_outside
from aftercare.domain.inventory.actions.stocktakes import work_out
from aftercare.domain.inventory.lifecycle import STOCKTAKE
from aftercare.domain.inventory.models import CountRule, Place, Reason, StockMove, Stocktake, StocktakeLine
from aftercare.domain.inventory.rules import GOOD, Key
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, together
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity, shown
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState
from aftercare.foundation.sources import Source

ZERO = Decimal(0)
State = StocktakeLine.State
# So many differences are booked by one statement; what a statement may hold is limited.
_BATCH = 300


@STOCKTAKE.move("approve_stocktake")
def approve_stocktake(
    stocktake: Stocktake, *, reasons: Mapping[int, str] | None = None, reason: str = "", move_serials: bool = False, actor: Actor,
    at: dt.datetime,
) -> facts.StocktakeSettled:
    """Book the differences to the count difference's place, each with its reason (`reasons` by line, else `reason`).

    Refuses who has counted any of it (`counter_may_not_approve`); a large one without the right for it; when papers that came
    late have changed what the books said (`book_changed`: work out anew, look again); a line that would go below what is
    promised, naming the documents (`below_reserved`). Booked on the day of the count when that is open and near, else today.

    A serial number that was only put into another bin of this count is moved there. One that the books know outside of this count
    is refused (`serial_elsewhere`), or with `move_serials` moved here by the same posting, by who may move stock there.
    """
    _require_auditor(stocktake, actor)
    lines = list(StocktakeLine.objects.filter(stocktake=stocktake).select_related("part", "place").order_by("position"))
    _write_reasons(lines, reasons or {}, reason)
    differing = sorted((line for line in lines if line.difference_qty), key=queries.key_of)
    finds = found.look(stocktake, differing, may_move=move_serials, actor=actor)
    rows = _lock(stocktake, differing, finds)
    found.require_there(finds, rows)
    _require_unchanged(stocktake, lines)
    _require_floor(differing, rows)
    rule = queries.rule_of(stocktake.branch_id)
    today = clock.local_day(at, people.zone_of(stocktake.branch_id))
    day = rules.document_day(stocktake.counted_on, today, rule.back_days, queries.closed_to([stocktake.branch_id]))
    _book(stocktake, differing, finds, day=day, actor=actor, at=at)
    found.tell(finds, stocktake, actor=actor, at=at)
    StocktakeLine.objects.filter(stocktake=stocktake).update(is_open=False)
    revise(stocktake, booked_on=day, approved_by_name=actor.name[:80], approved_at=at)
    more = {line.part_id for line in differing if line.difference_qty > 0 and line.condition == GOOD}
    supplying.announce_arrival(stocktake.place, more, actor=actor, at=at, note=stocktake.number)
    return facts.StocktakeSettled(stocktake.pk, f"{day}", len(differing))


def _require_auditor(stocktake: Stocktake, actor: Actor) -> None:
    if queries.is_counter(stocktake, actor):
        raise NotAllowed(_("参与盘点的人不能审核这张盘点单"), code="counter_may_not_approve")
    limit = queries.count_rule_of(stocktake.branch_id).approve_amount
    if limit is not None and (stocktake.value_amount or ZERO) > limit and not actor.may(access.APPROVE_LARGE_COUNT, branch_id=stocktake.branch_id):
        raise NotAllowed(
            _("差异金额 %(value)s 超过 %(limit)s，须由有权审核大额差异的人审核") % {"value": stocktake.value_amount, "limit": limit},
            code="large_difference", permission=access.APPROVE_LARGE_COUNT,
        )


def _write_reasons(lines: Sequence[StocktakeLine], reasons: Mapping[int, str], rest: str) -> None:
    without = []
    for line in lines:
        line.reason = ((reasons.get(line.position) or rest).strip()[:120]) if line.difference_qty else ""
        if line.difference_qty and not line.reason:
            without.append(line.position)
    if without:
        told = "、".join(str(n) for n in without[:10])
        raise RuleBroken(_("有差异的行要写原因：第 %(n)s 行") % {"n": told}, code="reason_needed", field="reasons", positions=without[:100])
    together.write([line for line in lines if line.reason], ["reason"])


def _lock(stocktake: Stocktake, lines: Sequence[StocktakeLine], finds: Sequence[Find]) -> dict[Key, Row]:
    """Lock all balances, then all costs, in the order that everybody keeps; from now on what is read holds."""
    rows = booking.lock({*(queries.key_of(line) for line in lines), *(find.key for find in finds)})
    parts = {stocktake.branch_id: {line.part_id for line in lines if line.condition in rules.VALUED}}
    for find in finds:
        if find.key.condition in rules.VALUED:
            parts.setdefault(find.place.branch_id, set()).add(find.key.part_id)
    for branch_id in sorted(parts):
        costing.lock_parts(branch_id, parts[branch_id])
    return rows


def _require_unchanged(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> None:
    points = [(queries.key_of(line), line.counted_at) for line in lines]
    now = queries.book_at(points, zone_name=people.zone_of(stocktake.branch_id))
    changed = [line.position for line, expected in zip(lines, now, strict=True) if expected != line.expected_qty]
    if changed:
        told = "、".join(str(n) for n in changed[:10])
        raise RuleBroken(
            _("盘点之后补记了盘点之前的出入库，应有数变了：第 %(n)s 行。请重算差异后再审核") % {"n": told}, code="book_changed",
            field="lines", positions=changed[:100],
        )


def _require_floor(lines: Sequence[StocktakeLine], rows: Mapping[Key, Row]) -> None:
    """A count may go down to what is promised to documents, not below it."""
    low = []
    for line in lines:
        row = rows.get(queries.key_of(line))
        on_hand, reserved = (row.on_hand_qty, row.reserved_qty) if row else (ZERO, ZERO)
        if on_hand + line.difference_qty < reserved:
            low.append((line, on_hand + line.difference_qty, reserved))
    if not low:
        return
    holders = queries.holders_of([queries.key_of(line) for line, _left, _reserved in low])
    told = [_low_line(line, left, reserved, holders.get(queries.key_of(line), [])) for line, left, reserved in low]
    words = _("；").join(
        _("第 %(n)s 行 %(part)s 盘后只剩 %(left)s，已占用 %(reserved)s（%(documents)s）")
        % {"n": one["position"], "part": one["part"], "left": one["left_qty"], "reserved": one["reserved_qty"],
           "documents": "、".join(one["documents"]) or "—"}
        for one in told
    )
    raise RuleBroken(_("不能盘到占用数以下：%(lines)s") % {"lines": words}, code="below_reserved", field="lines", lines=told)


def _low_line(line: StocktakeLine, left: Decimal, reserved: Decimal, holders: list[tuple[str, Decimal]]) -> dict[str, Any]:
    return {"position": line.position, "part_code": line.part.code, "part": line.part.name, "lot": line.lot, "left_qty": shown(left),
            "reserved_qty": shown(reserved), "documents": list(dict.fromkeys(number for number, _qty in holders))}


def _book(
    stocktake: Stocktake, lines: Sequence[StocktakeLine], finds: Sequence[Find], *, day: dt.date, actor: Actor, at: dt.datetime
) -> None:
    outside, source = ensure_outside(Place.Kind.DIFFERENCE, actor=actor, at=at), Source.of(stocktake)
    # What was only laid elsewhere is moved: neither found nor lost.
    moved = {find.line.pk: find for find in finds}
    laid = {find.lost.pk for find in finds if find.lost is not None}
    by_reason: dict[str, list[Step]] = {}
    for line in lines:
        if line.pk not in laid:
            step = found.step(moved[line.pk]) if line.pk in moved else _step(line, outside)
            by_reason.setdefault(line.reason, []).append(step)
    for reason, steps in by_reason.items():
        for begin in range(0, len(steps), _BATCH):
            booking.book(steps[begin : begin + _BATCH], source=source, actor=actor, at=at, memo=reason, day=day)


def _step(line: StocktakeLine, outside: Place) -> Step:
    here, there = (outside, line.place) if line.difference_qty > 0 else (line.place, outside)
    return Step(key=f"count:{line.position}", line=str(line.position), part_id=line.part_id, qty=abs(line.difference_qty), from_place=here,
                to_place=there, reason=Reason.COUNT, from_condition=line.condition, to_condition=line.condition, lot=line.lot)


@STOCKTAKE.move("recalculate")
def recalculate(stocktake: Stocktake, *, actor: Actor, at: dt.datetime) -> None:
    """Work the differences out anew, with papers that were written since for goods that had moved before the count."""
    lines = list(StocktakeLine.objects.filter(stocktake=stocktake).order_by("position"))
    revise(stocktake, value_amount=work_out(stocktake, lines))


@STOCKTAKE.move("send_back_stocktake")
def send_back_stocktake(
    stocktake: Stocktake, *, reason: str, lines: Iterable[int] = (), actor: Actor, at: dt.datetime
) -> facts.RoundClosed:
    """Have lines (by position; none told: all that differ) counted once more, by people who have not counted them.

    Who sends back has seen the differences and counts no more.
    """
    _require_reason(reason)
    wanted = set(lines)
    rows = StocktakeLine.objects.filter(stocktake=stocktake)
    rows = rows.filter(position__in=wanted) if wanted else rows.exclude(difference_qty=0)
    sent = rows.update(state=State.RECOUNT, is_sent_back=True)
    if not sent or (wanted and sent != len(wanted)):
        raise RuleBroken(_("没有要复盘的行"), code="nothing_to_recount", field="lines")
    revise(stocktake, round=stocktake.round + 1, reviewer=queries.person_of(actor), value_amount=None)
    return facts.RoundClosed(stocktake.pk, stocktake.round - 1, sent)


@STOCKTAKE.move("cancel_stocktake")
def cancel_stocktake(stocktake: Stocktake, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Give a stocktake up; nothing is booked."""
    _require_reason(reason)
    StocktakeLine.objects.filter(stocktake=stocktake).update(is_open=False)


@STOCKTAKE.move("reverse_stocktake")
def reverse_stocktake(stocktake: Stocktake, *, reason: str, actor: Actor, at: dt.datetime) -> facts.StocktakeReversed:
    """Take all bookings of a stocktake back by their mirror images; refuses when found goods are no longer there."""
    _require_reason(reason)
    source = Source.of(stocktake)
    moves = list(StockMove.objects.filter(source_kind=source.kind, source_id=source.id, reverses=None, reversal=None))
    if not moves:
        raise WrongState(_("这张盘点单没有可冲销的流水"), code="reversed_already")
    keeping.reverse(moves, actor=actor, at=at, reason=reason)
    return facts.StocktakeReversed(stocktake.pk)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")


_RULE_FIELDS = frozenset({
    "recount_qty", "recount_percent", "recount_amount", "approve_amount", "is_own_count", "cycle_a_days", "cycle_b_days", "cycle_c_days",
    "a_percent", "b_percent", "x_variation", "y_variation", "slow_days", "dead_days",
})  # fmt: skip


def set_count_rule(branch_id: int, *, version: int | None = None, actor: Actor, at: dt.datetime, **fields: Any) -> CountRule:
    """How a branch counts and classifies: named fields change, the others stay."""
    unknown = set(fields) - _RULE_FIELDS
    if unknown:
        raise RuleBroken(_("这些字段不能修改"), code="not_editable", field=min(unknown))
    rule = queries.count_rule_of(branch_id)
    told = {name: getattr(rule, name) for name in _RULE_FIELDS} | fields
    if told["recount_qty"] is not None:
        told["recount_qty"] = require_quantity(told["recount_qty"], field="recount_qty")
    for name in ("recount_amount", "approve_amount"):
        if told[name] is not None:
            told[name] = money.require_amount(told[name], field=name)
    if told["recount_percent"] is not None and not 0 <= told["recount_percent"] <= 1000:
        raise RuleBroken(_("比例应在 0 到 1000 之间"), code="bad_percent", field="recount_percent")
    if not 0 < told["a_percent"] < told["b_percent"] <= 100:
        raise RuleBroken(_("A 类比例应小于 B 类比例，都在 0 到 100 之间"), code="bad_percent", field="b_percent")
    if not 0 < told["x_variation"] < told["y_variation"] < 100:
        raise RuleBroken(_("X 类变异系数应小于 Y 类"), code="bad_variation", field="y_variation")
    for name in ("cycle_a_days", "cycle_b_days", "cycle_c_days", "slow_days", "dead_days"):
        if not 1 <= told[name] <= 3660:
            raise RuleBroken(_("天数应在 1 到 3660 之间"), code="bad_days", field=name)
    if told["slow_days"] > told["dead_days"]:
        raise RuleBroken(_("呆滞天数不能大于死库存天数"), code="bad_days", field="dead_days")
    if rule.pk is None:
        for name, value in told.items():
            setattr(rule, name, value)
        return open_new(rule, actor=actor, at=at, permission=access.EDIT_RULES)
    return revise(rule, actor=actor, at=at, permission=access.EDIT_RULES, version=version, **told)
