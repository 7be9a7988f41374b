"""Suppliers' invoices: entered, matched with order and receipt, blocked by differences, posted, reversed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.ledger import actions as ledger
from aftercare.domain.ledger import queries as books
from aftercare.domain.purchasing import access, facts, rules
from aftercare.domain.purchasing.actions.papers import (
    ZERO,
    move_counts,
    opened,
    require_lines,
    require_price,
    require_reason,
)
from aftercare.domain.purchasing.lifecycle import INVOICE
from aftercare.domain.purchasing.models import Invoice, InvoiceLine, Order, OrderLine
from aftercare.domain.purchasing.queries import terms
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import require_amount
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState, at_line
from aftercare.foundation.sources import Source

PAYABLE, PURCHASES, INPUT_TAX, DIFFERENCE = "payable", "purchases", "input_tax", "price_difference"
PARTY = "parties.supplier"


def enter_invoice(
    order: Order, *, invoice_number: str, invoice_on: dt.date, lines: Iterable[Mapping[str, Any]], actor: Actor, at: dt.datetime,
    total_amount: Decimal | None = None, remark: str = "", more_orders: Iterable[Order] = (),
) -> Invoice:
    """Enter a supplier's invoice: lines of line_id, qty, and optionally price_amount and tax_percent (default: the order's).

    It may charge for `more_orders` of the same supplier, branch and currency (`orders_differ`); `order` is the one it is filed under.

    It is matched at once: posted when it agrees with what was ordered and received, else blocked with its differences.
    The same number of a supplier is entered once (`invoice_twice`). `total_amount` is what the paper says, with tax.
    """
    if invoice_on > clock.local_day(at, actor.zone):
        raise RuleBroken(_("发票日期不能晚于今天"), code="future_day", field="invoice_on")
    if not invoice_number.strip():
        raise RuleBroken(_("请填写发票号码"), code="number_missing", field="invoice_number")
    orders = [order, *(one for one in more_orders if one.pk != order.pk)]
    if len({(one.supplier_id, one.branch_id, one.currency) for one in orders}) > 1:
        raise RuleBroken(_("一张发票只能对同一供应商、同一机构、同一币种的订单"), code="orders_differ", field="lines")
    known = {line.pk: line for line in OrderLine.objects.filter(order__in=orders)}
    made = []
    for index, given in enumerate(require_lines(lines)):
        with at_line(index):
            made.append(_made_line(known, given))
    if len({line.order_line_id for line in made}) != len(made):
        raise RuleBroken(_("同一行不能开两次"), code="line_twice", field="lines")
    net, tax = sum((line.net_amount for line in made), ZERO), sum((line.tax_amount for line in made), ZERO)
    total = net + tax if total_amount is None else require_amount(total_amount, field="total_amount", currency=order.currency)
    try:
        with transaction.atomic():
            invoice = Invoice(
                **opened("FP", actor, at), branch_id=order.branch_id, order=order, supplier_id=order.supplier_id,
                invoice_number=invoice_number.strip()[:40], invoice_on=invoice_on,
                due_on=invoice_on + dt.timedelta(days=order.payment_days), currency=order.currency, net_amount=net, tax_amount=tax,
                total_amount=total, remark=remark[:500],
            )
            invoice.order_ids = sorted(known[line.order_line_id].order_id for line in made)
            open_new(invoice, actor=actor, at=at, permission=access.ENTER_INVOICE,
                     fact=lambda row: facts.InvoiceEntered(row.pk, row.number, row.invoice_number))
            for line in made:
                line.invoice = invoice
                line.save(force_insert=True)
            found = match(invoice, day=clock.local_day(at, actor.zone))
            return (block if found else post)(invoice, actor=actor, at=at)
    except IntegrityError as error:
        if "invoice" not in f"{error}":
            raise
        raise RuleBroken(_("这家供应商的这张发票已经录入"), code="invoice_twice", field="invoice_number") from error


def _made_line(known: Mapping[int, OrderLine], given: Mapping[str, Any]) -> InvoiceLine:
    line = known.get(given["line_id"])
    if line is None:
        raise NotFound(_("没有找到这一行"), kind="purchasing.orderline")
    price, percent = given.get("price_amount"), given.get("tax_percent")
    row = InvoiceLine(
        order_line=line, qty=require_quantity(given["qty"]), price_amount=line.price_amount if price in (None, "") else require_price(price),
        tax_percent=line.tax_percent if percent in (None, "") else Decimal(percent),
    )
    row.net_amount, row.tax_amount = rules.line_amounts(row.qty, row.price_amount, row.tax_percent)
    return row


def match(invoice: Invoice, *, day: dt.date) -> list[dict[str, str]]:
    """What does not agree between order, receipt and invoice, line by line; nothing when all is within tolerance."""
    rule = terms.tolerance_on(day, invoice.supplier_id)
    rows = InvoiceLine.objects.filter(invoice=invoice).select_related("order_line", "order_line__part").order_by("id")
    lines = [
        rules.MatchLine(
            f"{row.order_line.part.name}", row.qty, row.price_amount, row.tax_percent, row.order_line.price_amount, row.order_line.tax_percent,
            max(row.order_line.ceiling_qty - row.order_line.cancelled_qty, ZERO), row.order_line.kept_qty - row.order_line.inspecting_qty,
            row.order_line.invoiced_qty,
        )
        for row in rows
    ]
    found = rules.match(lines, rules.Allowed(rule.price_percent, rule.price_amount), stated=invoice.total_amount,
                        computed=invoice.net_amount + invoice.tax_amount)
    return [one._asdict() | {"expected": f"{one.expected}", "found": f"{one.found}"} for one in found]


def _lock(invoice: Invoice) -> None:
    # Receipts and other invoices of its orders wait, so that what is matched is what is posted. One order of locks for all.
    ids = InvoiceLine.objects.filter(invoice=invoice).values("order_line__order_id")
    list(Order.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


@INVOICE.move("block")
def block(invoice: Invoice, *, actor: Actor, at: dt.datetime) -> facts.InvoiceBlocked:
    """It does not agree; nothing is payable until the differences are gone or released."""
    found = match(invoice, day=clock.local_day(at, actor.zone))
    revise(invoice, differences=found)
    return facts.InvoiceBlocked(invoice.pk, [one["code"] for one in found])


@INVOICE.move("post")
def post(invoice: Invoice, *, actor: Actor, at: dt.datetime) -> facts.InvoicePosted:
    """Match again and make it payable; refuses with the differences (`does_not_match`)."""
    _lock(invoice)
    found = match(invoice, day=clock.local_day(at, actor.zone))
    if found:
        raise RuleBroken(_("与订单或到货不符，不能过账"), code="does_not_match", differences=found)
    return _book(invoice, actor, at)


@INVOICE.move("release")
def release(invoice: Invoice, *, actor: Actor, at: dt.datetime, reason: str) -> facts.InvoicePosted:
    """Make it payable in spite of its differences, with a reason; never by who entered it. Never more than was ordered."""
    reason = require_reason(reason)
    if actor.employee_id is not None and actor.employee_id == invoice.author_id:
        raise RuleBroken(_("不能放行自己录入的发票"), code="own_invoice")
    _lock(invoice)
    revise(invoice, released_by=actor.name[:80], release_reason=reason, differences=match(invoice, day=clock.local_day(at, actor.zone)))
    return _book(invoice, actor, at)


def _book(invoice: Invoice, actor: Actor, at: dt.datetime) -> facts.InvoicePosted:
    expected = ZERO
    for row in InvoiceLine.objects.filter(invoice=invoice).select_related("order_line").order_by("order_line_id"):
        move_counts(row.order_line, invoiced_qty=row.qty)
        expected += rules.line_amounts(row.qty, row.order_line.price_amount, ZERO)[0]
    difference = invoice.total_amount - invoice.tax_amount - expected
    lines = [(PURCHASES, None, expected), (INPUT_TAX, None, invoice.tax_amount), (DIFFERENCE, None, difference),
             (PAYABLE, (PARTY, invoice.supplier_id), -invoice.total_amount)]
    ledger.post(source=Source.of(invoice), key="post", at=at, lines=[line for line in lines if line[2]], actor=actor,
                branch_id=invoice.branch_id, memo=invoice.invoice_number, currency=invoice.currency)
    revise(invoice, posted_at=at)
    return facts.InvoicePosted(invoice.pk, f"{invoice.total_amount}", f"{difference}")


@INVOICE.move("void")
def void(invoice: Invoice, *, actor: Actor, at: dt.datetime, reason: str) -> facts.InvoiceEnded:
    """It goes back to the supplier, or was entered by mistake; its number may be entered again."""
    return facts.InvoiceEnded(invoice.pk, require_reason(reason))


@INVOICE.move("reverse")
def reverse(invoice: Invoice, *, actor: Actor, at: dt.datetime, reason: str) -> facts.InvoiceEnded:
    """Take a posted invoice back in the books."""
    reason = require_reason(reason)
    entry = books.find_entry(Source.of(invoice), "post")
    if entry is None:
        raise WrongState(_("没有找到这张发票的凭证"), code="not_posted")
    _lock(invoice)
    for row in InvoiceLine.objects.filter(invoice=invoice).select_related("order_line").order_by("order_line_id"):
        move_counts(row.order_line, invoiced_qty=-min(row.qty, row.order_line.invoiced_qty))
    ledger.reverse(entry, key="reverse", actor=actor, at=at, memo=reason)
    return facts.InvoiceEnded(invoice.pk, reason)
