"""Goods that suppliers bring: received into inspection, judged, or taken back when booked by mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import access, facts, rules
from aftercare.domain.purchasing.actions.ordering import arrival_fields
from aftercare.domain.purchasing.actions.papers import (
    ZERO,
    by_line,
    move_counts,
    opened,
    quantity_or_zero,
    require_lines,
    require_reason,
    trusted,
)
from aftercare.domain.purchasing.lifecycle import ORDER, RECEIPT
from aftercare.domain.purchasing.models import Order, OrderLine, Receipt, ReceiptLine
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState, at_line
from aftercare.foundation.sources import Source

GOOD, INSPECTION, DEFECTIVE, SET_APART = "good", "inspection", "defective", "return"
Kind = ReceiptLine.Kind


@ORDER.move("receive")
def receive(
    order: Order, *, actor: Actor, at: dt.datetime, lines: Iterable[Mapping[str, Any]], delivery_note: str = "",
    keep_excess: bool = False, remark: str = "",
) -> facts.DeliveryReceived:
    """Goods came: lines of line_id (None: a part nobody ordered, then part_id) and qty, optionally noted_qty, lot, expires_on.

    They lie in inspection at the order's place, at the order's price. What exceeds the ceiling is refused (`over_delivery`)
    unless `keep_excess` sets it apart in quarantine, like wrong parts; neither is the company's until it is bought.
    A serial part is received one by one, its number as `lot`. The receipt is `order.receipt_made`.
    """
    lines = require_lines(lines)
    known = {line.pk: line for line in OrderLine.objects.filter(order=order).select_related("part").order_by("id")}
    receipt = Receipt(
        **(opened("GR", actor, at) | {"remark": remark[:500]}), branch_id=order.branch_id, order=order, supplier_id=order.supplier_id,
        place_id=order.place_id, delivery_note=delivery_note.strip()[:60], arrived_at=at,
    )
    open_new(receipt, actor=actor, at=at, permission=access.RECEIVE)
    made: list[ReceiptLine] = []
    for index, line in enumerate(lines):
        with at_line(index):
            made += _came(order, known, line, keep_excess)
    for row in made:
        row.receipt = receipt
        row.save(force_insert=True)
    _book_arrival(order, receipt, made, actor, at)
    revise(order, **arrival_fields(known.values(), order, clock.local_day(at, actor.zone)))
    order.receipt_made = receipt
    return facts.DeliveryReceived(order.pk, receipt.pk, receipt.number)


def _came(order: Order, known: dict[int, OrderLine], given: Mapping[str, Any], keep_excess: bool) -> list[ReceiptLine]:
    qty = require_quantity(given["qty"])
    noted = given.get("noted_qty")
    common = {
        "lot": str(given.get("lot") or "").strip()[:60], "expires_on": given.get("expires_on") or None,
        "noted_qty": None if noted in (None, "") else quantity_or_zero(noted, field="noted_qty"),
    }
    if not given.get("line_id"):
        if not given.get("part_id"):
            raise RuleBroken(_("请选择配件"), code="part_missing", field="part")
        return [ReceiptLine(part_id=given["part_id"], kind_of=Kind.WRONG, qty=qty, rejected_qty=qty,
                            reason=str(given.get("reason") or _("错货"))[:200], **common)]
    line = known.get(given["line_id"])
    if line is None:
        raise NotFound(_("没有找到这一行"), kind="purchasing.orderline")
    keep, excess = rules.split_excess(qty, line.kept_qty, max(line.ceiling_qty - line.cancelled_qty, ZERO))
    if excess and not keep_excess:
        raise RuleBroken(
            _("%(part)s 超出订购数量 %(excess)s，请核对，或选择超出部分暂存待退") % {"part": line.part.name, "excess": f"{excess.normalize():f}"},
            code="over_delivery", field="qty", line=line.pk, excess=f"{excess}",
        )
    made = []
    if keep:
        move_counts(line, kept_qty=keep, inspecting_qty=keep)
        cost = (line.price_amount * order.exchange_rate).quantize(Decimal("0.000001"))
        made.append(ReceiptLine(order_line=line, part_id=line.part_id, qty=keep, unit_cost_amount=cost, **common))
    if excess:
        made.append(ReceiptLine(order_line=line, part_id=line.part_id, kind_of=Kind.EXCESS, qty=excess, rejected_qty=excess,
                                reason=wording.stored(lambda: _("超出订购数量")), **(common | {"noted_qty": None})))
    return made


def _book_arrival(order: Order, receipt: Receipt, made: list[ReceiptLine], actor: Actor, at: dt.datetime) -> None:
    apart = None
    if any(row.kind_of != Kind.ORDERED for row in made):
        apart = inventory.ensure_quarantine(order.branch_id, actor=actor, at=at)
    for place, condition, key in ((order.place, INSPECTION, "arrive"), (apart, SET_APART, "apart")):
        lines = [
            inventory.ReceiveLine(row.part_id, row.qty, row.unit_cost_amount, row.lot, row.expires_on, line=f"g{row.pk}")
            for row in made if (row.kind_of == Kind.ORDERED) == (condition == INSPECTION)
        ]
        if lines:
            inventory.receive(place, lines=lines, source=Source.of(receipt), key=key, condition=condition, memo=receipt.delivery_note,
                              actor=trusted(actor), at=at)


@RECEIPT.move("inspect")
def inspect(
    receipt: Receipt, *, actor: Actor, at: dt.datetime, verdicts: Iterable[Mapping[str, Any]] = (), place_id: int | None = None
) -> facts.DeliveryInspected:
    """Judge what came: for each line accepted_qty and rejected_qty, together all of it; a line not spoken of is good.

    Good goods go to `place_id`, or by default to their home bin, and serve who waits. Rejected ones go into
    quarantine as defective, with a reason and a remedy: `replace` (the supplier brings it again: it is open) or `credit`.
    """
    rows = {row.pk: row for row in ReceiptLine.objects.filter(receipt=receipt).select_related("part", "order_line").order_by("id")}
    spoken = by_line(verdicts, "line_id")
    for pk in spoken:
        if pk not in rows or rows[pk].kind_of != Kind.ORDERED:
            raise NotFound(_("没有找到这一行"), kind="purchasing.receiptline")
    order = _locked_order(receipt)
    home = receipt.place if place_id in (None, receipt.place_id) else _inside(place_id, receipt, actor)
    bins = stock.home_bins({row.part_id for row in rows.values()}, home.pk)
    rejected = 0
    moves = []
    for row in rows.values():
        if row.kind_of != Kind.ORDERED:
            continue
        _judge(row, spoken.get(row.pk, {}))
        rejected += bool(row.rejected_qty)
        moves += _moves_of(row, receipt, bins.get(row.part_id, home).pk, actor, at)
    source = Source.of(receipt)
    if moves:
        inventory.post(source=source, key="inspect", at=at, lines=moves, actor=actor, reason=inventory.Reason.STATE)
    _settle_order(order, actor, at)
    revise(receipt, judged_at=at, judged_by=actor.name[:80])
    good = [row.part_id for row in rows.values() if row.accepted_qty]
    inventory.announce_arrival(home, good, actor=actor, at=at, note=receipt.number)
    return facts.DeliveryInspected(receipt.pk, receipt.number, rejected)


def _locked_order(receipt: Receipt) -> Order:
    # Whoever changes what came of an order holds its row first, so that counts and picture agree.
    return Order.objects.select_for_update().get(pk=receipt.order_id)


def _inside(place_id: int, receipt: Receipt, actor: Actor):
    place = stock.get_place(place_id, actor)
    if place.branch_id != receipt.branch_id or place.kind_of == "transit":
        raise RuleBroken(_("只能收到本机构的库位"), code="place_outside", field="place")
    return place


def _judge(row: ReceiptLine, given: Mapping[str, Any]) -> None:
    rejected = quantity_or_zero(given.get("rejected_qty"), field="rejected_qty")
    accepted = row.qty - rejected if given.get("accepted_qty") in (None, "") else quantity_or_zero(given["accepted_qty"], field="accepted_qty")
    if not rules.is_verdict_whole(row.qty, accepted, rejected):
        raise RuleBroken(
            _("%(part)s：合格与不合格之和应等于实收 %(qty)s") % {"part": row.part.name, "qty": f"{row.qty.normalize():f}"},
            code="verdict_not_whole", field="accepted_qty", line=row.pk,
        )
    reason, remedy = "", ""
    if rejected:
        reason = require_reason(str(given.get("reason") or ""))
        remedy = given.get("remedy") or ReceiptLine.Remedy.REPLACE
        if remedy not in ReceiptLine.Remedy.values:
            raise RuleBroken(_("没有这种处理方式"), code="unknown_remedy", field="remedy")
    ReceiptLine.objects.filter(pk=row.pk).update(accepted_qty=accepted, rejected_qty=rejected, reason=reason, remedy=remedy)
    row.accepted_qty, row.rejected_qty, row.reason, row.remedy = accepted, rejected, reason, remedy
    line = row.order_line
    line.refresh_from_db(fields=["kept_qty", "inspecting_qty", "rejected_qty", "cancelled_qty"])
    give_up = min(rejected, line.qty - line.cancelled_qty) if remedy == ReceiptLine.Remedy.CREDIT else ZERO
    move_counts(line, inspecting_qty=-row.qty, kept_qty=-rejected, rejected_qty=rejected, cancelled_qty=give_up)


def _moves_of(row: ReceiptLine, receipt: Receipt, home: int, actor: Actor, at: dt.datetime) -> list:
    moves = []
    common = {"part_id": row.part_id, "from_place": receipt.place_id, "from_condition": INSPECTION, "lot": row.lot}
    if row.accepted_qty:
        moves.append(inventory.MoveLine(qty=row.accepted_qty, to_place=home, to_condition=GOOD, line=f"g{row.pk}a", **common))
    if row.rejected_qty:
        apart = inventory.ensure_quarantine(receipt.branch_id, actor=actor, at=at)
        moves.append(inventory.MoveLine(qty=row.rejected_qty, to_place=apart.pk, to_condition=DEFECTIVE, line=f"g{row.pk}r", **common))
    return moves


@RECEIPT.move("undo")
def undo(receipt: Receipt, *, actor: Actor, at: dt.datetime, reason: str) -> facts.DeliveryUndone:
    """The receipt was booked by mistake: its moves are reversed, and the order is open again. Only before it is judged."""
    reason = require_reason(reason)
    order = _locked_order(receipt)
    moves = [move for move in stock.moves_of(Source.of(receipt)) if move.reverses_id is None]
    inventory.reverse(moves, actor=trusted(actor), at=at, reason=reason)
    for row in ReceiptLine.objects.filter(receipt=receipt, kind_of=Kind.ORDERED).select_related("order_line"):
        line = row.order_line
        line.refresh_from_db(fields=["kept_qty", "inspecting_qty"])
        move_counts(line, kept_qty=-row.qty, inspecting_qty=-row.qty)
    _settle_order(order, actor, at)
    return facts.DeliveryUndone(receipt.pk, reason)


def _settle_order(order: Order, actor: Actor, at: dt.datetime) -> None:
    if order.status != "sent":
        raise WrongState(_("采购订单已结束"), code="order_over")
    update_arrival(order, actor, at)


def update_arrival(order: Order, actor: Actor, at: dt.datetime) -> None:
    """Bring the order's own picture of its arrival up to date, for who holds its row."""
    fields = arrival_fields(OrderLine.objects.filter(order=order), order, clock.local_day(at, actor.zone))
    changed = {name: value for name, value in fields.items() if getattr(order, name) != value}
    if changed:
        revise(order, actor=trusted(actor), at=at, permission=access.RECEIVE, verb="purchasing.order.arrive", **changed)
