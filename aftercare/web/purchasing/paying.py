"""Invoices of suppliers and goods that go back: registers, forms, pages."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.purchasing import access, actions, queries
from aftercare.domain.purchasing.lifecycle import INVOICE, SUPPLIER_RETURN
from aftercare.foundation.money import shown_price
from aftercare.foundation.quantity import shown
from aftercare.web.pages import cells, fields
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.line_forms import TEMPLATE, ByLine, qty
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.registers import Column, Register, Tab
from aftercare.web.policy import actor_of, page
from aftercare.web.purchasing.registers import BRANCH
from aftercare.web.purchasing.views import document, reason
from aftercare.web.suppliers.forms import price
from aftercare.web.suppliers.registers import SUPPLIER

INVOICE_TONES = {"entered": "mute", "blocked": "bad", "posted": "ok", "voided": "struck", "reversed": "struck"}
RETURN_TONES = {"draft": "warn", "shipped": "info", "settled": "ok", "cancelled": "struck"}
DIFFERENCES = {
    "more_than_ordered": _("超出订购数量"), "more_than_received": _("超出验收合格数量"), "price_differs": _("单价与订单不符"),
    "tax_differs": _("税率与订单不符"), "total_differs": _("价税合计与明细不符"),
}  # fmt: skip


def invoice_address(row) -> str:
    """The page of an invoice."""
    return f"/supplier-invoices/{row.number}/"


def return_address(row) -> str:
    """The page of a return."""
    return f"/supplier-returns/{row.number}/"


INVOICES = Register(
    slug="supplier-invoices",
    title=pgettext_lazy("list", "供应商发票"),
    permission=access.VIEW,
    rows=queries.list_invoices,
    address=invoice_address,
    search=lambda rows, text, actor: rows.filter(number__istartswith=text) | rows.filter(invoice_number__istartswith=text)
    | queries.for_order_number(rows, text.upper()),
    search_hint=_("单号 / 发票号码 / 订单号"),
    default_tab="all",
    tabs=(
        Tab("blocked", _("差异冻结"), lambda rows: rows.filter(status="blocked")),
        Tab("posted", _("已过账"), lambda rows: rows.filter(status="posted")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", invoice_address)),
        Column("status", _("状态"), cells.pill("status", INVOICE_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("supplier", _("供应商"), cells.text("supplier.name"), css="c-text", export=lambda r, s: r.supplier.name),
        Column("invoice_number", _("发票号码"), cells.text("invoice_number")),
        Column("order", _("采购订单"), cells.text("order.number"), css="c-opt", export=lambda r, s: r.order.number),
        Column("invoice_on", _("开票日期"), cells.day("invoice_on"), css="c-opt", kind="date"),
        Column("due_on", _("应付日期"), cells.day("due_on"), kind="date"),
        Column("currency", _("币种"), cells.text("currency"), css="c-opt"),
        Column("total_amount", _("价税合计"), cells.money("total_amount"), css="num", kind="money"),
    ),
    filters=(BRANCH, SUPPLIER),
    empty=_("没有供应商发票：在采购订单上录入"),
)
RETURNS = Register(
    slug="supplier-returns",
    title=pgettext_lazy("list", "采购退货"),
    permission=access.VIEW,
    rows=queries.list_returns,
    address=return_address,
    search=lambda rows, text, actor: rows.filter(number__istartswith=text) | rows.filter(receipt__number=text),
    search_hint=_("单号 / 到货单号"),
    default_tab="open",
    tabs=(
        Tab("open", _("进行中"), lambda rows: rows.filter(status__in=["draft", "shipped"])),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", return_address)),
        Column("status", _("状态"), cells.pill("status", RETURN_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("supplier", _("供应商"), cells.text("supplier.name"), css="c-text", export=lambda r, s: r.supplier.name),
        Column("receipt", _("到货单"), cells.text("receipt.number"), export=lambda r, s: r.receipt.number),
        Column("remedy", pgettext_lazy("goods", "处理"), cells.choice("remedy"), export=lambda r, s: r.get_remedy_display()),
        Column("net_amount", _("不含税金额"), cells.money("net_amount"), css="num", kind="money"),
        Column("shipped_at", _("退出时间"), cells.moment("shipped_at"), css="c-opt", kind="moment"),
        Column("credit_number", _("红字发票或贷项号码"), cells.text("credit_number"), css="c-opt"),
        Column("credit_amount", _("退款金额"), cells.money("credit_amount"), css="num c-opt", kind="money"),
    ),
    filters=(BRANCH, SUPPLIER),
    empty=_("没有采购退货"),
)
INVOICE_DOOR = MoveDoor(
    slug="supplier-invoices", lifecycle=INVOICE, load=queries.get_invoice, address=invoice_address,
    runs={"post": actions.post, "release": actions.release, "void": actions.void, "reverse": actions.reverse}, asks={"reason": reason},
    open_moves=queries.open_invoice_moves,
)  # fmt: skip
RETURN_DOOR = MoveDoor(
    slug="supplier-returns", lifecycle=SUPPLIER_RETURN, load=queries.get_return, address=return_address,
    runs={"ship": actions.ship_return, "settle": actions.settle_return, "cancel": actions.cancel_return},
    asks={
        "reason": reason,
        "credit_number": lambda actor, row: forms.CharField(label=_("红字发票或贷项号码"), max_length=40) if row.remedy == "credit" else None,
        "credit_amount": lambda actor, row: fields.money(_("退款金额（含税）"), initial=row.net_amount + row.tax_amount)
        if row.remedy == "credit" else None,
    },
    more={"settle": ("credit_number", "credit_amount")},
    open_moves=queries.open_return_moves,
)  # fmt: skip


class InvoiceForm(ByLine):
    """A supplier's invoice for an order."""

    invoice_number = fields.text(_("发票号码"), 40, required=True)
    invoice_on = fields.day(_("开票日期"))
    total_amount = fields.money(_("价税合计"), required=False, help_text=_("发票上的合计，留空按明细计算"))
    remark = fields.text(_("备注"), 500)
    told = (
        (_("配件"), lambda line: line.part.name), (_("编码"), lambda line: line.part.code), (_("采购订单"), lambda line: line.order.number),
        (_("订购数量"), lambda line: shown(line.qty)), (_("合格数量"), lambda line: shown(line.kept_qty - line.inspecting_qty)), (_("已开票数量"), lambda line: shown(line.invoiced_qty)),
    )  # fmt: skip
    columns = (("qty", _("开票数量"), qty), ("price_amount", _("不含税单价"), lambda: price("", required=False)),
               ("tax_percent", _("税率（%）"), lambda: forms.DecimalField(min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False)))  # fmt: skip

    def read(self, row):
        own = queries.lines_of(row)
        for line in own:
            line.order = row
        # His paper may charge for other orders too; they stand below with nothing filled in.
        return [*own, *queries.not_invoiced(row, self.given_actor)]

    def first(self, line):
        if line.order_id != self.row_id:
            return {"price_amount": shown(line.price_amount), "tax_percent": shown(line.tax_percent)}
        left = max(line.kept_qty - line.inspecting_qty - line.invoiced_qty, line.qty * 0)
        return {"qty": shown(left) if left else "", "price_amount": shown(line.price_amount), "tax_percent": shown(line.tax_percent)}


class ReturnForm(ByLine):
    """What goes back of a receipt."""

    remedy = forms.ChoiceField(label=pgettext_lazy("goods", "处理"), choices=[("credit", _("退款")), ("replace", _("补货"))])
    remark = fields.text(_("备注"), 500)
    told = (
        (_("配件"), lambda line: line.part.name), (_("批次或序列号"), lambda line: line.lot), (_("种类"), lambda line: line.get_kind_of_display()),
        (_("隔离库数量"), lambda line: shown(line.rejected_qty)), (_("合格数量"), lambda line: shown(line.accepted_qty)),
    )  # fmt: skip
    columns = (("qty", _("隔离品退货"), qty), ("good_qty", _("合格品退货"), qty), ("reason", _("原因"), lambda: fields.text("", 200)))

    def read(self, row):
        return queries.receipt_lines_of(row)

    def first(self, line):
        left = line.rejected_qty - min(line.returned_qty, line.rejected_qty)
        return {"qty": shown(left) if left else "", "reason": line.reason}


def save_invoice(order, cleaned, *, actor, at, version):
    """Enter an invoice."""
    header = {"total_amount": cleaned["total_amount"]} if cleaned["total_amount"] is not None else {}
    charged = {pk: given for pk, given in cleaned["by_line"].items() if given["qty"]}
    more = {line.order_id: line.order for line in queries.not_invoiced(order, actor) if line.pk in charged}
    row = actions.enter_invoice(
        order, more_orders=more.values(), invoice_number=cleaned["invoice_number"], invoice_on=cleaned["invoice_on"], remark=cleaned["remark"], actor=actor, at=at,
        lines=[{"line_id": pk, **given} for pk, given in charged.items()], **header)
    return invoice_address(row)


def save_return(receipt, cleaned, *, actor, at, version):
    """Write down what goes back."""
    lines = []
    for pk, given in cleaned["by_line"].items():
        for name, is_good in (("qty", False), ("good_qty", True)):
            if given[name]:
                lines.append({"line_id": pk, "qty": given[name], "is_good": is_good, "reason": given["reason"]})
    return return_address(actions.create_return(receipt, remedy=cleaned["remedy"], remark=cleaned["remark"], lines=lines, actor=actor, at=at))


INVOICE_PAGE = EditPage(
    name="supplier_invoice", title=_("录入发票"), permission=access.ENTER_INVOICE, list_label=_("采购订单"), list_url="/purchase-orders/",
    form=InvoiceForm.build, save=save_invoice, load=queries.get_order, template=TEMPLATE,
    sections=((_("发票"), ("invoice_number", "invoice_on", "total_amount", "remark")),),
)  # fmt: skip
RETURN_PAGE = EditPage(
    name="supplier_return", title=_("采购退货"), permission=access.RETURN_GOODS, list_label=_("到货单"), list_url="/receipts/",
    form=ReturnForm.build, save=save_return, load=queries.get_receipt, template=TEMPLATE, sections=((_("采购退货"), ("remedy", "remark")),),
)  # fmt: skip


@page(access.VIEW)
def show_invoice(request: HttpRequest, key: str) -> HttpResponse:
    """What is charged, what was ordered and received, and what does not agree."""
    actor = actor_of(request)
    row = queries.get_invoice(key, actor)
    context = document(row, actor, label=_t("供应商发票"), url="/supplier-invoices/", tones=INVOICE_TONES, door=INVOICE_DOOR,
                       title=f"{row.supplier.name} {row.invoice_number}")
    lines = queries.invoice_lines_of(row)
    context |= {"lines": lines, "orders": sorted({line.order_line.order.number for line in lines} | {row.order.number}), "differences": [_difference(one) for one in row.differences]}
    return render(request, "purchasing/invoice.html", context)


def _difference(one: dict) -> dict:
    """What does not agree, in words; its numbers stand in the paper as text."""
    told = shown_price if one["code"] == "price_differs" else (lambda value: f"{value:,.2f}") if one["code"] == "total_differs" else shown
    return one | {"label": DIFFERENCES[one["code"]], "expected_shown": _number(one["expected"], told), "found_shown": _number(one["found"], told)}


def _number(text: str, told) -> str:
    try:
        return told(Decimal(text))
    except ArithmeticError:
        return text


@page(access.VIEW)
def show_return(request: HttpRequest, key: str) -> HttpResponse:
    """What goes back and what the supplier does about it."""
    actor = actor_of(request)
    row = queries.get_return(key, actor)
    context = document(row, actor, label=_t("采购退货"), url="/supplier-returns/", tones=RETURN_TONES, door=RETURN_DOOR, title=row.supplier.name)
    context |= {"lines": queries.return_lines_of(row), "print_url": f"{return_address(row)}print/"}
    return render(request, "purchasing/return.html", context)


@page(access.VIEW)
def print_return(request: HttpRequest, key: str) -> HttpResponse:
    """采购退货单 on A4, which goes with the goods."""
    actor = actor_of(request)
    row = queries.get_return(key, actor)
    context = {
        "row": row, "lines": queries.return_lines_of(row), "title": f"{_t('采购退货单')} {row.number}", "heading": _t("采购退货单"), "size": "a4",
        "back_url": return_address(row), "note": "A4", "zone": actor.zone, "link": request.build_absolute_uri(return_address(row)),
    }  # fmt: skip
    return render(request, "purchasing/print_return.html", context)
