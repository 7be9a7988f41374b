from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.purchasing.lifecycle import InvoiceStatus, ReturnStatus
from aftercare.domain.purchasing.models.buying import Order, OrderLine, Receipt, ReceiptLine
from aftercare.domain.purchasing.models.papers import Paper, PriceField, key, percent
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField


class Invoice(Paper):
    """供应商发票: matched with what was ordered and received; payable once it is posted.

    `differences` are what the match found, line by line; a paper that has any is blocked until they are gone or released.
    """

    status = models.CharField(_("状态"), max_length=10, choices=InvoiceStatus, default=InvoiceStatus.ENTERED)
    order = key(Order, _("采购订单"))
    supplier = key("parties.Supplier", _("供应商"))
    invoice_number = models.CharField(_("发票号码"), max_length=40)
    invoice_on = models.DateField(_("开票日期"))
    due_on = models.DateField(_("应付日期"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    net_amount = MoneyField(_("不含税金额"))
    tax_amount = MoneyField(_("税额"))
    # What the supplier's paper says in all; the lines may differ from it by rounding.
    total_amount = MoneyField(_("价税合计"))
    differences = models.JSONField(_("差异"), default=list)
    released_by = models.CharField(_("放行人"), max_length=80, blank=True)
    release_reason = models.CharField(_("放行原因"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("过账时间"), null=True)

    class Meta:
        verbose_name = _("供应商发票")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "invoice_number"], name="invoice_once",
                                    condition=~models.Q(status__in=["voided", "reversed"])),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="invoice_status")]

    # All orders that its lines belong to, where they are known before the lines are written.
    order_ids: ClassVar[list[int]] = []

    def mentions(self):
        orders = self.order_ids or self.lines.order_by().values_list("order_line__order_id", flat=True)
        return [*(("purchasing.order", pk) for pk in sorted({self.order_id, *orders})), ("parties.supplier", self.supplier_id)]


class InvoiceLine(models.Model):
    """What a supplier charges for a line of the order."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, verbose_name=_("供应商发票"), related_name="lines")
    order_line = key(OrderLine, _("采购订单明细"))
    qty = QuantityField(_("数量"))
    price_amount = PriceField(_("不含税单价"))
    tax_percent = percent(_("税率（%）"))
    net_amount = MoneyField(_("不含税金额"))
    tax_amount = MoneyField(_("税额"))

    class Meta:
        verbose_name = _("发票明细")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="invoice_line_positive"),
            models.UniqueConstraint(fields=["invoice", "order_line"], name="order_line_once_in_invoice"),
        ]


class SupplierReturn(Paper):
    """采购退货: goods that go back to their supplier, to be replaced or credited."""

    status = models.CharField(_("状态"), max_length=10, choices=ReturnStatus, default=ReturnStatus.DRAFT)
    receipt = key(Receipt, _("到货单"))
    supplier = key("parties.Supplier", _("供应商"))
    remedy = models.CharField(_("处理"), max_length=8, choices=ReceiptLine.Remedy)
    net_amount = MoneyField(_("不含税金额"), default=0)
    tax_amount = MoneyField(_("税额"), default=0)
    shipped_at = models.DateTimeField(_("退出时间"), null=True)
    credit_number = models.CharField(_("红字发票或贷项号码"), max_length=40, blank=True)
    credit_amount = MoneyField(_("退款金额"), default=0)

    class Meta:
        verbose_name = _("采购退货单")
        indexes = [models.Index(fields=["receipt"], name="supplier_return_receipt")]

    def mentions(self):
        return [("purchasing.receipt", self.receipt_id), ("parties.supplier", self.supplier_id)]


class ReturnLine(models.Model):
    """What goes back of one thing that came."""

    supplier_return = models.ForeignKey(SupplierReturn, models.CASCADE, verbose_name=_("采购退货单"), related_name="lines")
    receipt_line = key(ReceiptLine, _("到货明细"))
    # Good goods are found to be bad after inspection; others lie in quarantine.
    is_good = models.BooleanField(_("验收合格后退货"), default=False)
    qty = QuantityField(_("数量"))
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        verbose_name = _("退货明细")
        constraints = [models.CheckConstraint(condition=models.Q(qty__gt=0), name="return_line_positive")]
