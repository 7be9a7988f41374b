"""Goods that go back to their supplier: refused at inspection, too much, wrong, or found bad later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.ledger import actions as ledger
from aftercare.domain.purchasing import access, facts, rules
from aftercare.domain.purchasing.actions.invoicing import DIFFERENCE, INPUT_TAX, PARTY, PAYABLE, PURCHASES
from aftercare.domain.purchasing.actions.papers import ZERO, move_counts, opened, require_lines, require_reason
from aftercare.domain.purchasing.actions.receiving import update_arrival
from aftercare.domain.purchasing.lifecycle import SUPPLIER_RETURN
from aftercare.domain.purchasing.models import Order, Receipt, ReceiptLine, ReturnLine, SupplierReturn
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import require_amount
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState, at_line
from aftercare.foundation.sources import Source

Kind, Remedy = ReceiptLine.Kind, ReceiptLine.Remedy


def create_return(
    receipt: Receipt, *, remedy: str, lines: Iterable[Mapping[str, Any]], actor: Actor, at: dt.datetime, remark: str = ""
) -> SupplierReturn:
    """Write down what goes back: lines of line_id (of the receipt), qty, reason, and is_good for goods found bad after inspection."""
    if remedy not in Remedy.values:
        raise RuleBroken(_("没有这种处理方式"), code="unknown_remedy", field="remedy")
    if receipt.status != "judged":
        raise WrongState(_("到货还没有验收"), code="not_inspected")
    known = {row.pk: row for row in ReceiptLine.objects.filter(receipt=receipt).select_related("order_line", "part")}
    made = []
    for index, given in enumerate(require_lines(lines)):
        row = known.get(given["line_id"])
        if row is None:
            raise NotFound(_("没有找到这一行"), kind="purchasing.receiptline")
        with at_line(index):
            line = ReturnLine(receipt_line=row, is_good=bool(given.get("is_good")), qty=require_quantity(given["qty"]),
                              reason=require_reason(str(given.get("reason") or row.reason)))
            _require_left(line, made)
        made.append(line)
    net, tax = rules.totals(_priced(made))
    with transaction.atomic():
        paper = SupplierReturn(**opened("PT", actor, at), branch_id=receipt.branch_id, receipt=receipt, supplier_id=receipt.supplier_id,
                               remedy=remedy, net_amount=net, tax_amount=tax, remark=remark[:500])
        open_new(paper, actor=actor, at=at, permission=access.RETURN_GOODS, fact=lambda row: facts.ReturnWritten(row.pk, row.number))
        for line in made:
            line.supplier_return = paper
            line.save(force_insert=True)
        return paper


def _priced(lines: Iterable[ReturnLine]):
    # Wrong goods were never ordered: nothing is owed for them, nothing credited.
    for line in lines:
        ordered = line.receipt_line.order_line if line.receipt_line.kind_of == Kind.ORDERED else None
        if ordered is not None:
            yield line.qty, ordered.price_amount, ordered.tax_percent


def _require_left(line: ReturnLine, others: Iterable[ReturnLine]) -> None:
    row = line.receipt_line
    gone = sum(
        ReturnLine.objects.filter(receipt_line=row, is_good=line.is_good).exclude(supplier_return__status="cancelled")
        .exclude(pk=line.pk).values_list("qty", flat=True), ZERO,
    ) + sum((one.qty for one in others if one.receipt_line_id == row.pk and one.is_good == line.is_good), ZERO)
    left = (row.accepted_qty if line.is_good else row.rejected_qty) - gone
    if line.qty > left:
        raise RuleBroken(_("%(part)s 可退数量只有 %(qty)s") % {"part": row.part.name, "qty": f"{left.normalize():f}"},
                         code="more_than_returnable", field="qty", line=row.pk)


@SUPPLIER_RETURN.move("ship")
def ship_return(paper: SupplierReturn, *, actor: Actor, at: dt.datetime) -> facts.ReturnShipped:
    """The goods leave the house. Good ones that go back are open on the order again (`replace`) or given up (`credit`)."""
    order = Order.objects.select_for_update().get(pk=paper.receipt.order_id)
    lines = list(ReturnLine.objects.filter(supplier_return=paper).select_related("receipt_line", "receipt_line__order_line", "receipt_line__part")
                 .order_by("id"))
    outside = inventory.ensure_outside("supplier", actor=actor, at=at)
    apart = inventory.ensure_quarantine(paper.branch_id, actor=actor, at=at)
    moves = []
    for line in lines:
        row = line.receipt_line
        _require_left(line, ())
        row.refresh_from_db(fields=["returned_qty"])
        move_counts(row, returned_qty=line.qty)
        condition = "good" if line.is_good else "defective" if row.kind_of == Kind.ORDERED else "return"
        for spot, lot, qty in _spots(line, paper.receipt.place_id) if line.is_good else [(apart.pk, row.lot, line.qty)]:
            moves.append(inventory.MoveLine(part_id=row.part_id, qty=qty, from_place=spot, to_place=outside.pk, from_condition=condition,
                                            to_condition=condition, lot=lot, line=f"r{line.pk}"))
        if line.is_good and row.order_line_id:
            ordered = row.order_line
            ordered.refresh_from_db(fields=["kept_qty", "rejected_qty", "cancelled_qty"])
            over = order.status != "sent" or paper.remedy == Remedy.CREDIT
            give_up = min(line.qty, ordered.qty - ordered.cancelled_qty) if over else ZERO
            move_counts(ordered, kept_qty=-line.qty, rejected_qty=line.qty, cancelled_qty=give_up)
    inventory.post(source=Source.of(paper), key="ship", at=at, lines=moves, actor=actor, reason=inventory.Reason.SUPPLIER_RETURN)
    if order.status == "sent":
        update_arrival(order, actor, at)
    revise(paper, shipped_at=at)
    return facts.ReturnShipped(paper.pk, paper.number)


def _spots(line: ReturnLine, place_id: int) -> list[tuple[int, str, Decimal]]:
    left, found = line.qty, []
    for spot, lot, free in stock.free_lots(line.receipt_line.part_id, place_id):
        if left and lot == line.receipt_line.lot:
            found.append((spot, lot, min(left, free)))
            left -= found[-1][2]
    return [*found, (place_id, line.receipt_line.lot, left)] if left else found


@SUPPLIER_RETURN.move("settle")
def settle_return(
    paper: SupplierReturn, *, actor: Actor, at: dt.datetime, credit_number: str = "", credit_amount: Decimal | None = None
) -> facts.ReturnSettled:
    """The supplier has replaced the goods, or credited them: then his credit note lowers what is owed to him.

    `credit_amount` is the note's total with tax (default: what the goods cost); what was never invoiced is credited with 0.
    """
    amount = ZERO
    if paper.remedy == Remedy.CREDIT:
        currency = paper.receipt.order.currency
        gross = paper.net_amount + paper.tax_amount
        amount = gross if credit_amount is None else require_amount(credit_amount, field="credit_amount", currency=currency)
        if amount and not credit_number.strip():
            raise RuleBroken(_("请填写红字发票或贷项号码"), code="number_missing", field="credit_number")
        if amount:
            net, tax = (paper.net_amount, paper.tax_amount) if amount == gross else rules.split_gross(amount, paper.net_amount, paper.tax_amount)
            lines = [(PAYABLE, (PARTY, paper.supplier_id), amount), (PURCHASES, None, -paper.net_amount), (INPUT_TAX, None, -tax),
                     (DIFFERENCE, None, paper.net_amount - net)]
            ledger.post(source=Source.of(paper), key="credit", at=at, lines=[line for line in lines if line[2]], actor=actor,
                        branch_id=paper.branch_id, memo=credit_number.strip(), currency=currency)
            _lower_invoiced(paper)
    revise(paper, credit_number=credit_number.strip()[:40], credit_amount=amount)
    return facts.ReturnSettled(paper.pk, f"{amount}")


def _lower_invoiced(paper: SupplierReturn) -> None:
    """What is credited is not invoiced any more, so that a replacement may be."""
    for line in ReturnLine.objects.filter(supplier_return=paper).select_related("receipt_line", "receipt_line__order_line"):
        ordered = line.receipt_line.order_line
        if ordered is not None and line.receipt_line.kind_of == Kind.ORDERED:
            ordered.refresh_from_db(fields=["invoiced_qty"])
            move_counts(ordered, invoiced_qty=-min(line.qty, ordered.invoiced_qty))


@SUPPLIER_RETURN.move("cancel")
def cancel_return(paper: SupplierReturn, *, actor: Actor, at: dt.datetime, reason: str) -> facts.ReturnCancelled:
    """The goods stay; only before they left."""
    return facts.ReturnCancelled(paper.pk, require_reason(reason))
