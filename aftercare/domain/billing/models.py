from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing.lifecycle import BillStatus, CollectionStatus, WaiverStatus
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Bill(Subject):
    """The money of one source document: its charges, what was collected, and whether it is final."""

    Status = BillStatus

    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    status = models.CharField(_("状态"), max_length=10, choices=BillStatus, default=BillStatus.DRAFT)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    # Who does the work: he sees the bill, writes its charges and collects it on site.
    employee = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("负责人"), related_name="+")
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    # Customer's part of the charges, and what he has paid of it; projections of charges and collections.
    due_amount = MoneyField(_("客户应付"), default=0)
    covered_amount = MoneyField(_("保修等承担"), default=0)
    paid_amount = MoneyField(_("已收"), default=0)
    final_at = models.DateTimeField(_("确定时间"), null=True)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    # Lines that were divided by hand: {line: {shares: [{payer, percent, amount, party}], reason, by}}.
    shares = models.JSONField(_("分摊"), default=dict)

    class Meta:
        verbose_name = _("账单")
        constraints = [models.UniqueConstraint(fields=["source_kind", "source_id"], name="bill_once")]
        indexes = [
            models.Index(fields=["customer", "-id"], name="bill_customer"),
            models.Index(fields=["branch", "-id"], name="bill_unpaid", condition=models.Q(due_amount__gt=models.F("paid_amount"))),
        ]

    @property
    def number_shown(self) -> str:
        """A bill is called by the number of its document."""
        return self.source_number

    @property
    def open_amount(self):
        """What the customer still owes; below zero when he paid more."""
        return self.due_amount - self.paid_amount

    def mentions(self):
        return [(self.source_kind, self.source_id), ("parties.customer", self.customer_id)]

    def people_shown(self):
        return (self.employee_id,)


class Charge(models.Model):
    """费用: one line of money of a bill: labour, part, call-out …; who pays it and why."""

    class Kind(models.TextChoices):
        LABOUR = "labour", _("人工费")
        PART = "part", _("配件费")
        TRAVEL = "travel", _("上门费")
        INSPECTION = "inspection", _("检测费")
        CONTRACT = "contract", _("维保合同费")
        OTHER = "other", _("其他")

    class Payer(models.TextChoices):
        CUSTOMER = "customer", _("客户")
        WARRANTY = "warranty", _("保修")
        CONTRACT = "contract", _("合同")
        SUPPLIER = "supplier", _("供应商")
        OUTLET = "outlet", _("网点")
        COMPANY = "company", _("公司")

    bill = models.ForeignKey(Bill, models.PROTECT, verbose_name=_("账单"), related_name="charges")
    line = models.CharField(_("行"), max_length=40)
    kind_of = models.CharField(_("种类"), max_length=10, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    qty = QuantityField(_("数量"), default=1)
    price_amount = MoneyField(_("单价"))
    amount = MoneyField(_("金额"))
    payer = models.CharField(_("承担方"), max_length=10, choices=Payer, default=Payer.CUSTOMER)
    waived_amount = MoneyField(_("减免"), default=0)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    # A line of several payers has a row for each: the line they share, this payer's percent, and who he is.
    base_line = models.CharField(_("所属行"), max_length=40, blank=True)
    share_percent = models.DecimalField(_("比例（%）"), max_digits=6, decimal_places=3, null=True)
    party_kind = models.CharField(_("承担单位种类"), max_length=40, blank=True)
    party_id = models.BigIntegerField(_("承担单位"), null=True)

    class Meta:
        verbose_name = _("费用")
        constraints = [models.UniqueConstraint(fields=["bill", "line"], name="charge_once")]

    @property
    def is_shared(self) -> bool:
        """True when other payers bear parts of the same line."""
        return self.line != self.base_line

    @property
    def net_amount(self):
        """What this payer bears after what was let off."""
        return self.amount - self.waived_amount


class Collection(Subject):
    """Money received from the customer: on site, at the counter or by transfer; remitted the same day."""

    Status = CollectionStatus

    class Method(models.TextChoices):
        CASH = "cash", _("现金")
        WECHAT = "wechat", _("微信")
        ALIPAY = "alipay", _("支付宝")
        CARD = "card", _("刷卡")
        TRANSFER = "transfer", _("转账")

    number = models.CharField(_("收据号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=CollectionStatus, default=CollectionStatus.HELD)
    bill = models.ForeignKey(Bill, models.PROTECT, verbose_name=_("账单"), related_name="collections")
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    collected_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("收款人"), related_name="+")
    method = models.CharField(_("方式"), max_length=10, choices=Method, default=Method.CASH)
    amount = MoneyField(_("金额"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    at = models.DateTimeField(_("收款时间"))
    day = models.DateField(_("收款日"), db_index=True)
    remitted_at = models.DateTimeField(_("交款时间"), null=True)
    remitted_to = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("交款给"), related_name="+")

    class Meta:
        verbose_name = _("收款")
        indexes = [
            models.Index(fields=["branch", "day", "id"], name="collection_day"),
            models.Index(fields=["branch", "id"], name="collection_held", condition=models.Q(status="held")),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="collection_positive")]

    def mentions(self):
        return [
            (self.bill.source_kind, self.bill.source_id), ("billing.bill", self.bill_id), ("parties.customer", self.customer_id)
        ]

    def people_shown(self):
        return (self.collected_by_id,)


class WaiverRequest(Subject):
    """减免申请: somebody asks that part of a charge be let off, beyond what he may himself."""

    Status = WaiverStatus

    number = models.CharField(_("申请号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=WaiverStatus, default=WaiverStatus.PENDING)
    bill = models.ForeignKey(Bill, models.PROTECT, verbose_name=_("账单"), related_name="waivers")
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    line = models.CharField(_("行"), max_length=40)
    name = models.CharField(_("费用"), max_length=120)
    charge_amount = MoneyField(_("费用金额"))
    amount = MoneyField(_("减免金额"))
    reason = models.CharField(_("原因"), max_length=200)
    asked_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("申请人"), related_name="+")
    asked_name = models.CharField(_("申请人姓名"), max_length=80)
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("批准人"), related_name="+")
    decided_name = models.CharField(_("批准人姓名"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    answer = models.CharField(_("批复"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("减免申请")
        indexes = [models.Index(fields=["branch", "-id"], name="waiver_branch"), models.Index(fields=["status", "-id"], name="waiver_status")]
        constraints = [
            models.UniqueConstraint(fields=["bill", "line"], name="waiver_asked_once", condition=models.Q(status="pending")),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="waiver_positive"),
        ]

    def mentions(self):
        return [(self.bill.source_kind, self.bill.source_id), ("billing.bill", self.bill_id)]

    def people_shown(self):
        return (self.asked_by_id,)


class WaiverLimit(Subject):
    """减免权限: how much holders of a role may let off without another; without role: everybody else."""

    role = models.OneToOneField("people.Role", models.PROTECT, null=True, verbose_name=_("角色"), related_name="+")
    limit_amount = MoneyField(_("减免限额"), null=True)

    class Meta:
        verbose_name = _("减免权限")
        constraints = [models.UniqueConstraint(models.Value(1), name="waiver_limit_rest", condition=models.Q(role=None))]
