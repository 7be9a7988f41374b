"""Every write of sales. Stock and money of a sale are moved by its journey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.orders import access, facts, rules
from aftercare.domain.orders.actions import notices
from aftercare.domain.orders.lifecycle import SALE
from aftercare.domain.orders.models import Notice, Sale, SaleLine
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, money, numbering
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import RuleBroken, at_line
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

ZERO = Decimal(0)


def open_sale(
    *, kind: str, branch_id: int, place_id: int, place_name: str, lines: Sequence[Mapping[str, Any]], customer_id: int | None = None,
    outlet_id: int | None = None, engineer_id: int | None = None, reference: str = "", memo: str = "",
    wanted_on: dt.date | None = None, actor: Actor, at: dt.datetime,
) -> Sale:
    """Write a sale: lines of part_id, qty, price_amount, serial. Refuses a kind without the party it is for (`party_needed`)."""
    if kind not in rules.WAYS:
        raise RuleBroken(_("没有这种出库类型"), code="no_such_kind", field="kind")
    party = rules.WAYS[kind].party
    told = {"customer": customer_id, "outlet": outlet_id, "engineer": engineer_id}
    # A stranger may buy at the counter; all else is for somebody.
    if not told[party] and kind != Sale.Kind.RETAIL:
        raise RuleBroken(_("请选择对方：客户、网点或工程师"), code="party_needed", field=party)
    sale = Sale(
        number=numbering.take("PS", clock.local_day(at, people.zone_of(branch_id))), kind_of=kind, branch_id=branch_id,
        place_id=place_id, place_name=place_name[:80], reference=reference.strip()[:60], memo=memo.strip()[:200],
        wanted_on=wanted_on, created_at=at, made_by_name=actor.name[:80],
        **{f"{name}_id": pk if name == party else None for name, pk in told.items()},
    )
    with step():
        open_new(sale, actor=actor, at=at, permission=access.SELL)
        amount = _write_lines(sale, lines)
        Sale.objects.filter(pk=sale.pk).update(amount=amount)
        sale.amount = amount
    return sale


@SALE.move("rewrite")
def rewrite(
    sale: Sale, *, actor: Actor, at: dt.datetime, lines: Sequence[Mapping[str, Any]] | None = None, memo: str | None = None,
    wanted_on: dt.date | None = None,
) -> None:
    """Change a sale before anything of it was promised; `lines` replace all lines."""
    fields: dict[str, Any] = {}
    if lines is not None:
        SaleLine.objects.filter(sale=sale).delete()
        fields["amount"] = _write_lines(sale, lines)
    if memo is not None:
        fields["memo"] = memo.strip()[:200]
    if wanted_on is not None:
        fields["wanted_on"] = wanted_on
    revise(sale, **fields)


def _write_lines(sale: Sale, lines: Sequence[Mapping[str, Any]]) -> Decimal:
    if not lines:
        raise RuleBroken(_("没有明细行"), code="no_lines", field="lines")
    rows = []
    for index, line in enumerate(lines):
        with at_line(index):
            rows.append(SaleLine(
                sale=sale, part_id=line["part_id"], qty=require_quantity(line["qty"]), serial=(line.get("serial") or "").strip()[:60],
                price_amount=money.require_amount(line["price_amount"], field="price_amount"),
            ))
    SaleLine.objects.bulk_create(rows)
    return sum((money.rounded(row.qty * row.price_amount) for row in rows), ZERO)


@SALE.move("place_order")
def place_order(sale: Sale, *, actor: Actor, at: dt.datetime, deposit: Decimal = ZERO) -> facts.SaleOrdered:
    """The customer wants it as soon as it has come; he may have paid a deposit."""
    if sale.kind_of in (Sale.Kind.OUTLET, Sale.Kind.ENGINEER):
        raise RuleBroken(_("网点和工程师用调拨申请，不用预订"), code="not_orderable", field="kind")
    if not sale.customer_id:
        raise RuleBroken(_("预订须登记客户"), code="party_needed", field="customer")
    deposit = money.require_amount(deposit, field="deposit")
    if deposit > (sale.amount if rules.WAYS[sale.kind_of].payer == "customer" else ZERO):
        raise RuleBroken(_("定金不能超过客户应付的金额"), code="deposit_too_large", field="deposit")
    revise(sale, deposit_amount=deposit, ordered_at=at)
    return facts.SaleOrdered(sale.pk, deposit)


@SALE.move("arrive")
def arrive(sale: Sale, *, actor: Actor, at: dt.datetime) -> facts.SaleArrived:
    """All that was ordered lies ready."""
    revise(sale, arrived_at=at)
    return facts.SaleArrived(sale.pk)


@SALE.move("hand_out")
def hand_out(sale: Sale, *, actor: Actor, at: dt.datetime) -> facts.SaleHandedOut:
    """The goods leave the store."""
    revise(sale, done_at=at)
    return facts.SaleHandedOut(sale.pk, sale.kind_of, sale.amount)


@SALE.move("cancel")
def cancel(sale: Sale, *, actor: Actor, at: dt.datetime, reason: str) -> facts.SaleCancelled:
    """Give it up before goods leave."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    revise(sale, deposit_amount=ZERO)
    return facts.SaleCancelled(sale.pk)


@SALE.move("take_back")
def take_back(sale: Sale, *, actor: Actor, at: dt.datetime, lines: Mapping[int, Decimal], reason: str) -> facts.SaleTakenBack:
    """Sold parts come back: how many more of each line, never more than it had. The sale's amount falls with them."""
    if not reason.strip():
        raise RuleBroken(_("请填写原因"), code="reason_needed", field="reason")
    rows = {row.pk: row for row in SaleLine.objects.filter(sale=sale)}
    back = {pk: require_quantity(qty) for pk, qty in lines.items() if Decimal(qty)}
    if not back:
        raise RuleBroken(_("请填写退货数量"), code="no_lines", field="lines")
    for pk, qty in back.items():
        if pk not in rows or rows[pk].returned_qty + qty > rows[pk].qty:
            raise RuleBroken(_("退货数量超过已售数量"), code="more_than_sold", field="lines")
        rows[pk].returned_qty += qty
        SaleLine.objects.filter(pk=pk).update(returned_qty=rows[pk].returned_qty)
    kept = sum((money.rounded((row.qty - row.returned_qty) * row.price_amount) for row in rows.values()), ZERO)
    fallen = sale.amount - kept
    revise(sale, amount=kept)
    return facts.SaleTakenBack(sale.pk, fallen)


@SALE.move("notify")
def notify(
    sale: Sale, *, actor: Actor, at: dt.datetime, channel: str, outcome: str = "reached", told_to: str = "", note: str = "",
) -> facts.CustomerNotified:
    """The customer was told that his parts have come."""
    return notices.tell(
        Source.of(sale), Notice.About.ARRIVED, notices.Party(sale.branch_id, sale.customer_id, sale.engineer_id, sale.outlet_id),
        channel=channel, outcome=outcome, told_to=told_to, note=note, actor=actor, at=at)


def trusted(actor: Actor) -> Actor:
    """The same person with the grants of the product itself: the sale's own move has asked already."""
    return replace(actor, reaches=Actor.system("").reaches, scopes=None)
