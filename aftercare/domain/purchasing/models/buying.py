from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.purchasing.lifecycle import OrderStatus, ReceiptStatus, RequestStatus
from aftercare.domain.purchasing.models.papers import Paper, PriceField, key, percent
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class SupplierPrice(Subject):
    """What a supplier asks for a part, from when to when, and how many go into a pack."""

    supplier = key("parties.Supplier", _("供应商"))
    part = key("catalog.Part", _("配件"))
    supplier_code = models.CharField(_("供方编码"), max_length=60, blank=True)
    price_amount = PriceField(_("不含税单价"))
    pack_qty = QuantityField(_("包装数量"), default=1)
    min_qty = QuantityField(_("最小订量"), default=0)
    lead_days = models.PositiveSmallIntegerField(_("交货期（天）"), null=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("供应价")
        indexes = [models.Index(fields=["part", "valid_from"], name="supplier_price_part")]


class ApprovalLevel(Subject):
    """Who approves requests: up to this amount whoever holds that right; without amount all that is above."""

    class Right(models.TextChoices):
        APPROVE = "purchasing.approve", _("审批采购申请")
        LARGE = "purchasing.approve_large", _("审批大额采购申请")
        TOP = "purchasing.approve_top", _("审批特大额采购申请")

    name = models.CharField(_("级别"), max_length=40)
    up_to_amount = MoneyField(_("金额上限"), null=True)
    right = models.CharField(_("审批权限"), max_length=40, choices=Right)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("审批级别")


class Tolerance(Subject):
    """How far receipts and invoices may differ from what was ordered; a supplier's own rule goes before the general one."""

    supplier = key("parties.Supplier", _("供应商"), null=True)
    over_percent = percent(_("超收允差（%）"), default=0)
    price_percent = percent(_("单价允差（%）"), default=0)
    price_amount = MoneyField(_("每行金额允差"), default=0)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("允差规则")


class Request(Paper):
    """采购申请: what somebody wants bought; approved by who may for its amount, never by who asks."""

    class Origin(models.TextChoices):
        MANUAL = "manual", _("手工")
        SHORTAGE = "shortage", _("缺件")
        REORDER = "reorder", _("补货建议")

    status = models.CharField(_("状态"), max_length=10, choices=RequestStatus, default=RequestStatus.DRAFT)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin, default=Origin.MANUAL)
    place = key("inventory.Place", _("收货库位"))
    supplier = key("parties.Supplier", _("建议供应商"), null=True)
    needed_on = models.DateField(_("需要日期"), null=True)
    total_amount = MoneyField(_("预计金额"), default=0)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decided_by = models.CharField(_("审批人"), max_length=80, blank=True)
    decision = models.CharField(_("审批意见"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("采购申请")
        indexes = [models.Index(fields=["status", "-id"], name="purchase_request_status")]

    def people_shown(self):
        return (self.author_id,)


class RequestLine(models.Model):
    """One part of a request, and the document because of which it is wanted."""

    request = models.ForeignKey(Request, models.CASCADE, verbose_name=_("采购申请"), related_name="lines")
    part = key("catalog.Part", _("配件"))
    qty = QuantityField(_("数量"))
    ordered_qty = QuantityField(_("已订数量"), default=0)
    price_amount = PriceField(_("预计单价"), default=0)
    needed_on = models.DateField(_("需要日期"), null=True)
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    source_number = models.CharField(_("来源单号"), max_length=40, blank=True)
    # The part request (缺件申请) that this line answers, by id; it is asked for once.
    shortage_id = models.BigIntegerField(_("缺件申请"), null=True)
    is_live = models.BooleanField(_("有效"), default=True, editable=False)

    class Meta:
        verbose_name = _("采购申请明细")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="request_line_positive"),
            models.CheckConstraint(condition=models.Q(ordered_qty__lte=models.F("qty")), name="not_ordered_beyond_request"),
            models.UniqueConstraint(fields=["shortage_id"], condition=models.Q(is_live=True), name="shortage_requested_once"),
        ]
        indexes = [models.Index(fields=["source_kind", "source_id"], name="request_line_source"),
                   models.Index(fields=["part"], name="request_line_open", condition=models.Q(is_live=True))]


class Order(Paper):
    """采购订单: one supplier, frozen prices. Changed freely before it is sent, afterwards by numbered amendments."""

    class Arrival(models.TextChoices):
        WAITING = "waiting", _("未到货")
        PARTIAL = "partial", _("部分到货")
        FULL = "full", _("已到齐")

    status = models.CharField(_("状态"), max_length=10, choices=OrderStatus, default=OrderStatus.DRAFT)
    arrival = models.CharField(_("到货"), max_length=8, choices=Arrival, default=Arrival.WAITING)
    supplier = key("parties.Supplier", _("供应商"))
    place = key("inventory.Place", _("收货库位"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    # What one unit of the currency costs in CNY; stock is valued in CNY.
    exchange_rate = models.DecimalField(_("汇率"), max_digits=12, decimal_places=6, default=1)
    payment_days = models.PositiveSmallIntegerField(_("付款期（天）"), default=30)
    revision = models.PositiveSmallIntegerField(_("变更版次"), default=0)
    net_amount = MoneyField(_("不含税金额"), default=0)
    tax_amount = MoneyField(_("税额"), default=0)
    sent_at = models.DateTimeField(_("下单时间"), null=True)
    expected_on = models.DateField(_("预计到货"), null=True)
    # When the last line had come in full; before that empty.
    full_on = models.DateField(_("到齐日期"), null=True)

    class Meta:
        verbose_name = _("采购订单")
        indexes = [
            models.Index(fields=["supplier", "-id"], name="purchase_order_supplier"),
            models.Index(fields=["expected_on"], name="purchase_order_due", condition=models.Q(status="sent")),
        ]

    @property
    def gross_amount(self):
        """With tax, in the order's currency."""
        return self.net_amount + self.tax_amount

    def mentions(self):
        return [("parties.supplier", self.supplier_id)]


class OrderLine(models.Model):
    """One part of an order.

    `kept_qty` has come and was not given back, `inspecting_qty` of it is not judged yet; `rejected_qty` came and was refused.
    Open is what was ordered, less what is cancelled, less what is kept.
    """

    order = models.ForeignKey(Order, models.CASCADE, verbose_name=_("采购订单"), related_name="lines")
    request_line = key(RequestLine, _("采购申请明细"), null=True)
    part = key("catalog.Part", _("配件"))
    qty = QuantityField(_("数量"))
    price_amount = PriceField(_("不含税单价"))
    tax_percent = percent(_("税率（%）"), default=13)
    expected_on = models.DateField(_("预计到货"), null=True)
    kept_qty = QuantityField(_("已收数量"), default=0)
    inspecting_qty = QuantityField(_("待检数量"), default=0)
    rejected_qty = QuantityField(_("拒收数量"), default=0)
    cancelled_qty = QuantityField(_("取消数量"), default=0)
    invoiced_qty = QuantityField(_("已开票数量"), default=0)
    # What may be kept at most: the quantity with its tolerance, fixed when the order is sent.
    ceiling_qty = QuantityField(_("收货上限"), default=0)

    class Meta:
        verbose_name = _("采购订单明细")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="order_line_positive"),
            models.CheckConstraint(condition=models.Q(kept_qty__gte=0, kept_qty__lte=models.F("ceiling_qty")), name="kept_within_ceiling"),
            models.CheckConstraint(condition=models.Q(inspecting_qty__gte=0, inspecting_qty__lte=models.F("kept_qty")),
                                   name="inspecting_is_kept"),
            models.CheckConstraint(condition=models.Q(cancelled_qty__gte=0, cancelled_qty__lte=models.F("qty")), name="cancelled_was_ordered"),
            models.CheckConstraint(condition=models.Q(rejected_qty__gte=0, invoiced_qty__gte=0), name="order_line_counts"),
        ]

    @property
    def open_qty(self):
        """What the supplier has still to bring."""
        return max(self.qty - self.cancelled_qty - self.kept_qty, self.qty * 0)

    @property
    def net_amount(self):
        """Quantity at its price without tax, unrounded."""
        return self.qty * self.price_amount


class Revision(models.Model):
    """The order as it was before an amendment; append-only."""

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("采购订单"), related_name="revisions")
    number = models.PositiveSmallIntegerField(_("版次"))
    at = models.DateTimeField(_("时间"))
    actor_name = models.CharField(_("经办"), max_length=80)
    reason = models.CharField(_("原因"), max_length=200)
    before = models.JSONField(_("变更前"))

    class Meta:
        verbose_name = _("订单变更")
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="revision_once")]


class Receipt(Paper):
    """到货单: what a supplier brought. It lies in inspection until it is judged."""

    status = models.CharField(_("状态"), max_length=10, choices=ReceiptStatus, default=ReceiptStatus.INSPECTING)
    order = key(Order, _("采购订单"))
    supplier = key("parties.Supplier", _("供应商"))
    place = key("inventory.Place", _("收货库位"))
    delivery_note = models.CharField(_("送货单号"), max_length=60, blank=True)
    arrived_at = models.DateTimeField(_("到货时间"))
    judged_at = models.DateTimeField(_("验收时间"), null=True)
    judged_by = models.CharField(_("验收人"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("到货单")
        indexes = [models.Index(fields=["order"], name="receipt_order"),
                   models.Index(fields=["supplier", "arrived_at"], name="receipt_supplier")]

    def mentions(self):
        return [("purchasing.order", self.order_id), ("parties.supplier", self.supplier_id)]


class ReceiptLine(models.Model):
    """One thing that came: of the order, more than ordered, or a part that nobody ordered."""

    class Kind(models.TextChoices):
        ORDERED = "ordered", _("订购")
        EXCESS = "excess", _("超收")
        WRONG = "wrong", _("错货")

    class Remedy(models.TextChoices):
        REPLACE = "replace", _("补货")
        CREDIT = "credit", _("退款")

    receipt = models.ForeignKey(Receipt, models.CASCADE, verbose_name=_("到货单"), related_name="lines")
    order_line = key(OrderLine, _("采购订单明细"), null=True)
    part = key("catalog.Part", _("配件"))
    kind_of = models.CharField(_("种类"), max_length=8, choices=Kind, default=Kind.ORDERED)
    qty = QuantityField(_("实收数量"))
    noted_qty = QuantityField(_("送货单数量"), null=True)
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True)
    unit_cost_amount = models.DecimalField(_("单位成本"), max_digits=18, decimal_places=6, default=0)
    accepted_qty = QuantityField(_("合格数量"), default=0)
    rejected_qty = QuantityField(_("不合格数量"), default=0)
    returned_qty = QuantityField(_("已退数量"), default=0)
    remedy = models.CharField(_("处理"), max_length=8, choices=Remedy, blank=True)
    reason = models.CharField(_("不合格原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("到货明细")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="receipt_line_positive"),
            models.CheckConstraint(condition=models.Q(returned_qty__gte=0, returned_qty__lte=models.F("qty")), name="returned_was_received"),
        ]
