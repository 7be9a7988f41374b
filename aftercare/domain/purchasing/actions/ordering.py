"""Orders to suppliers: written, sent, confirmed, amended, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.purchasing import access, facts, rules
from aftercare.domain.purchasing.actions.papers import (
    ZERO,
    move_counts,
    opened,
    require_lines,
    require_price,
    require_reason,
)
from aftercare.domain.purchasing.actions.requesting import give_back, take_up
from aftercare.domain.purchasing.lifecycle import ORDER
from aftercare.domain.purchasing.models import Order, OrderLine, Revision
from aftercare.domain.purchasing.queries import terms
from aftercare.foundation import clock
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState, at_line

_FIELDS = frozenset({"remark", "exchange_rate", "payment_days", "expected_on"})


def create_order(
    *, supplier, place, lines: Iterable[Mapping[str, Any]], actor: Actor, at: dt.datetime, expected_on: dt.date | None = None,
    exchange_rate: Decimal = Decimal(1), remark: str = "",
) -> Order:
    """Write an order: lines of part_id, qty, and optionally price_amount (without tax), tax_percent, expected_on, request_line_id.

    A line without price takes the supplier's valid one; without that it is refused (`price_missing`). A line that answers a
    request takes up what that line has open, never more (`more_than_requested`).
    """
    if not supplier.is_active:
        raise RuleBroken(_("这家供应商已停用"), code="supplier_closed", field="supplier")
    if not place.is_store or place.branch_id is None:
        raise RuleBroken(_("只能收到公司内部库位"), code="place_outside", field="place")
    lines = require_lines(lines)
    day = clock.local_day(at, actor.zone)
    with transaction.atomic():
        order = Order(
            **opened("PO", actor, at), branch_id=place.branch_id, supplier=supplier, place=place, currency=supplier.currency,
            exchange_rate=_rate(exchange_rate, supplier.currency), payment_days=supplier.payment_days, remark=remark[:500],
            expected_on=expected_on or day + dt.timedelta(days=supplier.lead_days),
        )
        made = _made_lines(order, lines, day)
        order.net_amount, order.tax_amount = _totals(made)
        open_new(order, actor=actor, at=at, permission=access.ORDER,
                 fact=lambda row: facts.OrderDrafted(row.pk, row.number, row.supplier_id))
        _insert(order, made, actor, at)
        return order


def edit_order(
    order: Order, *, version: int | None = None, lines: Iterable[Mapping[str, Any]] | None = None, actor: Actor, at: dt.datetime, **fields
) -> Order:
    """Change an order before it is sent; with `lines` all its lines are written anew."""
    for name in fields:
        if name not in _FIELDS:
            raise RuleBroken(_("不能修改这一项"), code="unknown_field", field=name)
    if "exchange_rate" in fields:
        fields["exchange_rate"] = _rate(fields["exchange_rate"], order.currency)
    with transaction.atomic():
        order = revise(order, actor=actor, at=at, permission=access.ORDER, version=version, **fields)
        if order.status != "draft":
            raise WrongState(_("订单已下达，只能变更"), code="sent_already")
        if lines is not None:
            made = _made_lines(order, require_lines(lines), clock.local_day(at, actor.zone))
            give_back(_lines(order), actor=actor, at=at)
            OrderLine.objects.filter(order=order).delete()
            _insert(order, made, actor, at)
            net, tax = _totals(made)
            order = revise(order, actor=actor, at=at, permission=access.ORDER, net_amount=net, tax_amount=tax)
        return order


@ORDER.move("send")
def send(order: Order, *, actor: Actor, at: dt.datetime) -> facts.OrderSent:
    """The order goes to its supplier: prices are frozen, and each line gets the most that may be kept of it.

    What no approved request covers (a line without one, or a price above the approved one) needs the right for its amount,
    and somebody else than who wrote the order.
    """
    lines = _lines(order)
    if not lines:
        raise RuleBroken(_("没有明细行"), code="no_lines", field="lines")
    day = clock.local_day(at, actor.zone)
    rule = terms.tolerance_on(day, order.supplier_id)
    _require_approved(order, _uncovered(order, lines, rule.price_percent), actor, day)
    for line in lines:
        OrderLine.objects.filter(pk=line.pk).update(
            ceiling_qty=rules.ceiling(line.qty, rule.over_percent), expected_on=line.expected_on or order.expected_on
        )
    due = max(line.expected_on or order.expected_on for line in lines)
    revise(order, sent_at=at, expected_on=due)
    return facts.OrderSent(order.pk, order.supplier_id, f"{due}")


@ORDER.move("confirm")
def confirm(order: Order, *, actor: Actor, at: dt.datetime, expected_on: dt.date) -> facts.DeliveryConfirmed:
    """The supplier told when he delivers what is open."""
    for line in _lines(order):
        if line.open_qty:
            OrderLine.objects.filter(pk=line.pk).update(expected_on=expected_on)
    revise(order, expected_on=expected_on)
    return facts.DeliveryConfirmed(order.pk, f"{expected_on}")


@ORDER.move("amend")
def amend(
    order: Order, *, actor: Actor, at: dt.datetime, reason: str, changes: Mapping[int, Mapping[str, Any]] | None = None,
    added: Iterable[Mapping[str, Any]] = (),
) -> facts.OrderAmended:
    """Change a sent order by agreement with the supplier: `changes` maps a line's id to its new qty, price_amount, expected_on.

    The order as it was is kept as a numbered revision. A price that goods came for already stays (`line_started`); a
    quantity never falls below what came (`below_received`). What the change adds needs approval like at sending.
    """
    reason = require_reason(reason)
    if not changes and not added:
        raise RuleBroken(_("没有要变更的内容"), code="nothing_changed", field="lines")
    day = clock.local_day(at, actor.zone)
    rule = terms.tolerance_on(day, order.supplier_id)
    lines = _lines(order)
    before = _uncovered(order, lines, rule.price_percent)
    Revision(order=order, number=order.revision, at=at, actor_name=actor.name[:80], reason=reason,
             before=_snapshot(order, lines)).save(force_insert=True)
    by_id = {line.pk: line for line in lines}
    for pk, change in (changes or {}).items():
        if pk not in by_id:
            raise NotFound(_("没有找到这一行"), kind="purchasing.orderline")
        _amend_line(by_id[pk], change, rule.over_percent)
    made = _made_lines(order, list(added), day)
    for line in made:
        line.ceiling_qty = rules.ceiling(line.qty, rule.over_percent)
    _insert(order, made, actor, at)
    lines = _lines(order)
    more = _uncovered(order, lines, rule.price_percent) - before
    _require_approved(order, more, actor, day)
    net, tax = _totals(lines)
    due = max((line.expected_on for line in lines if line.expected_on), default=order.expected_on)
    revise(order, revision=order.revision + 1, net_amount=net, tax_amount=tax, expected_on=due, **arrival_fields(lines, order, day))
    return facts.OrderAmended(order.pk, order.revision, reason)


def _amend_line(line: OrderLine, change: Mapping[str, Any], over_percent: Decimal) -> None:
    values: dict[str, Any] = {}
    if change.get("price_amount") not in (None, "", line.price_amount):
        if line.kept_qty or line.rejected_qty or line.invoiced_qty:
            raise RuleBroken(_("%(part)s 已到货或已开票，不能改价") % {"part": line.part.name}, code="line_started", field="price_amount")
        values["price_amount"] = require_price(change["price_amount"])
    if change.get("qty") not in (None, "", line.qty):
        qty = require_quantity(change["qty"])
        if qty < line.kept_qty + line.cancelled_qty:
            raise RuleBroken(_("%(part)s 不能少于已收数量") % {"part": line.part.name}, code="below_received", field="qty")
        values |= {"qty": qty, "ceiling_qty": max(rules.ceiling(qty, over_percent), line.kept_qty)}
    if change.get("expected_on"):
        values["expected_on"] = change["expected_on"]
    if values:
        OrderLine.objects.filter(pk=line.pk).update(**values)


@ORDER.move("close")
def close(order: Order, *, actor: Actor, at: dt.datetime, reason: str = "") -> facts.OrderEnded:
    """Nothing more is expected: what is open is cancelled, for which a reason is needed. Refuses while goods are in inspection."""
    lines = _lines(order)
    if any(line.inspecting_qty for line in lines):
        raise WrongState(_("还有到货没有验收"), code="not_inspected")
    if any(line.open_qty for line in lines):
        reason = require_reason(reason)
    give_back(lines, actor=actor, at=at)
    for line in lines:
        move_counts(line, cancelled_qty=line.open_qty)
    revise(order, **arrival_fields(lines, order, clock.local_day(at, actor.zone)))
    return facts.OrderEnded(order.pk, reason)


@ORDER.move("cancel")
def cancel(order: Order, *, actor: Actor, at: dt.datetime, reason: str) -> facts.OrderEnded:
    """The order is not wanted any more; refuses when something came already (`delivered_already`): close it instead."""
    reason = require_reason(reason)
    lines = _lines(order)
    if any(line.kept_qty or line.rejected_qty for line in lines):
        raise WrongState(_("已有到货，请改用完结"), code="delivered_already")
    give_back(lines, actor=actor, at=at)
    for line in lines:
        move_counts(line, cancelled_qty=line.open_qty)
    return facts.OrderEnded(order.pk, reason)


def arrival_fields(lines: Iterable[OrderLine], order: Order, day: dt.date) -> dict[str, Any]:
    """How far an order has arrived, from its lines."""
    arrival = rules.arrival_of((line.qty, line.cancelled_qty, line.kept_qty, line.rejected_qty) for line in lines)
    return {"arrival": arrival, "full_on": (order.full_on or day) if arrival == "full" else None}


def _lines(order: Order) -> list[OrderLine]:
    rows = OrderLine.objects.filter(order=order).select_related("part", "request_line", "request_line__request")
    return list(rows.order_by("id"))


def _rate(rate: Decimal, currency: str) -> Decimal:
    rate = Decimal(rate)
    if not 0 < rate < 10**6 or (currency == "CNY" and rate != 1):
        raise RuleBroken(_("汇率不正确"), code="bad_rate", field="exchange_rate")
    return rate


def _made_lines(order: Order, lines: list[Mapping[str, Any]], day: dt.date) -> list[OrderLine]:
    without = [line["part_id"] for line in lines if line.get("price_amount") in (None, "")]
    known = terms.prices_on(day, without, supplier_id=order.supplier_id) if without else {}
    made = []
    for index, line in enumerate(lines):
        with at_line(index):
            made.append(_made_line(order, line, known))
    return made


def _made_line(order: Order, line: Mapping[str, Any], known: Mapping[int, list]) -> OrderLine:
    price, tax = line.get("price_amount"), line.get("tax_percent")
    if price in (None, ""):
        if line["part_id"] not in known:
            raise RuleBroken(_("请填写单价，这家供应商没有这个配件的有效价格"), code="price_missing", field="price_amount")
        price = known[line["part_id"]][0].price_amount
    return OrderLine(
        order=order, part_id=line["part_id"], qty=require_quantity(line["qty"]), price_amount=require_price(price),
        tax_percent=order.supplier.tax_percent if tax in (None, "") else tax, expected_on=line.get("expected_on") or None,
        request_line_id=line.get("request_line_id") or None,
    )


def _insert(order: Order, made: list[OrderLine], actor: Actor, at: dt.datetime) -> None:
    take_up(made, actor=actor, at=at)
    for line in made:
        line.order = order
        line.save(force_insert=True)


def _totals(lines: Iterable[OrderLine]) -> tuple[Decimal, Decimal]:
    return rules.totals((line.qty - line.cancelled_qty, line.price_amount, line.tax_percent) for line in lines)


def _uncovered(order: Order, lines: Iterable[OrderLine], price_percent: Decimal) -> Decimal:
    """What no request has approved, in CNY: lines without one, and what prices exceed the approved ones beyond tolerance."""
    total = ZERO
    for line in lines:
        approved = ZERO
        asked = line.request_line
        if asked is not None and asked.price_amount:
            limit = asked.price_amount * (100 + price_percent) / 100
            covered = min(line.qty, asked.qty)
            price = line.price_amount * order.exchange_rate
            approved = covered * (price if price <= limit else asked.price_amount)
        total += max(line.net_amount * order.exchange_rate - approved, ZERO)
    return total


def _require_approved(order: Order, amount: Decimal, actor: Actor, day: dt.date) -> None:
    if amount <= 0:
        return
    if not terms.may_approve(actor, amount, branch_id=order.branch_id, day=day):
        raise not_allowed(terms.required_right(amount, day))
    if actor.employee_id is not None and actor.employee_id == order.author_id:
        raise RuleBroken(_("没有经过审批的采购，要由制单人以外的人下达"), code="own_order", field="lines")


def _snapshot(order: Order, lines: Iterable[OrderLine]) -> dict:
    return {
        "net_amount": f"{order.net_amount}", "tax_amount": f"{order.tax_amount}", "expected_on": f"{order.expected_on or ''}",
        "lines": [
            {"id": line.pk, "part": line.part.code, "name": line.part.name, "qty": f"{line.qty}", "price_amount": f"{line.price_amount}",
             "expected_on": f"{line.expected_on or ''}"}
            for line in lines
        ],
    }
