from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.cores.lifecycle import BillStatus, CoreStatus, ShipmentStatus
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


def _key(model, label, **options):
    return models.ForeignKey(model, models.PROTECT, verbose_name=label, related_name="+", **options)


class Blocking(models.TextChoices):
    NONE = "none", _("不影响")
    WARN = "warn", _("提醒")
    BLOCK = "block", _("不能锁定")


class CoreRule(Subject):
    """旧件返还规则: whether an old part comes back, until when, what it costs when it does not; an empty condition means any."""

    is_setting = True

    branch = _key("people.Branch", _("机构"), null=True)
    category = _key("catalog.Category", _("品类"), null=True)
    part = _key("catalog.Part", _("配件"), null=True)
    is_returned = models.BooleanField(_("要返还"), default=True)
    is_paid_too = models.BooleanField(_("客户付费的也要返还"), default=False)
    days = models.PositiveSmallIntegerField(_("期限（工作日）"))
    charge_amount = MoneyField(_("逾期每件扣款"), default=0)
    is_charge_lifted = models.BooleanField(_("补交后冲回扣款"), default=True)
    blocking = models.CharField(_("逾期时月结算"), max_length=5, choices=Blocking, default=Blocking.NONE)
    credit_amount = MoneyField(_("厂家每件应结"), null=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("旧件返还规则")
        constraints = [
            models.CheckConstraint(condition=models.Q(charge_amount__gte=0), name="core_rule_charge"),
            models.CheckConstraint(condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")), name="core_rule_dates"),
        ]

    @property
    def branch_shown(self) -> int | None:
        """Rules are the whole company's, also where they name a branch."""
        return None


class CoreShipment(Subject):
    """旧件寄厂单: old parts collected in one shipment to the factory."""

    Status = ShipmentStatus

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=ShipmentStatus, default=ShipmentStatus.DRAFT)
    branch = _key("people.Branch", _("机构"))
    supplier = _key("parties.Supplier", _("厂家"), null=True)
    receiver = models.CharField(_("收件人"), max_length=200, blank=True)
    carrier = models.CharField(_("承运人"), max_length=60, blank=True)
    tracking_number = models.CharField(_("运单号"), max_length=60, blank=True)
    remark = models.CharField(_("备注"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("制单时间"))
    created_by = models.CharField(_("制单人"), max_length=80)
    posted_at = models.DateTimeField(_("寄出时间"), null=True)
    posted_by = models.CharField(_("寄出人"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("旧件寄厂单")
        indexes = [models.Index(fields=["branch", "-id"], name="core_shipment_branch"),
                   models.Index(fields=["status", "-id"], name="core_shipment_status")]


class CoreReturn(Subject):
    """旧件返还: an old part that must come back, from the replacement to the factory's credit."""

    Status = CoreStatus

    # The tag's number, printed and scanned.
    number = models.CharField(_("标签号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=12, choices=CoreStatus, default=CoreStatus.OWED)
    branch = _key("people.Branch", _("机构"))
    # Who owes it: the outlet where the order was given to one, else the engineer, who is named either way.
    employee = _key("people.Employee", _("工程师"), null=True)
    outlet = _key("people.Branch", _("网点"), null=True)
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    line = models.CharField(_("行"), max_length=40)
    piece = models.PositiveSmallIntegerField(_("件次"), default=1)
    part = _key("catalog.Part", _("配件"))
    qty = QuantityField(_("数量"))
    serial = models.CharField(_("旧件序列号"), max_length=60, blank=True)
    # What of it nobody asks for any more: the replacement was taken back while the old part lay here already.
    surplus_qty = QuantityField(_("不再需要"), default=0)
    rule = _key("cores.CoreRule", _("规则"), null=True)
    rule_version = models.PositiveIntegerField(_("规则版本"), default=0)
    owed_at = models.DateTimeField(_("更换时间"))
    due_on = models.DateField(_("应交日期"))
    charge_amount = MoneyField(_("逾期每件扣款"), default=0)
    is_charge_lifted = models.BooleanField(_("补交后冲回扣款"), default=True)
    blocking = models.CharField(_("逾期时月结算"), max_length=5, choices=Blocking, default=Blocking.NONE)
    credit_expected_amount = MoneyField(_("厂家每件应结"), null=True)
    reminded_on = models.DateField(_("提醒日期"), null=True)
    reminders = models.PositiveSmallIntegerField(_("提醒次数"), default=0)
    charged_at = models.DateTimeField(_("扣款时间"), null=True)
    charged_amount = MoneyField(_("已扣款"), default=0)
    charges = models.PositiveSmallIntegerField(_("扣款次数"), default=0)
    received_at = models.DateTimeField(_("收件时间"), null=True)
    received_by = models.CharField(_("收件人"), max_length=80, blank=True)
    received_serial = models.CharField(_("收到的序列号"), max_length=60, blank=True)
    mismatch_reason = models.CharField(_("序列号不符说明"), max_length=200, blank=True)
    # How often it was handed in, so that each time has a key of its own in the stock ledger.
    arrivals = models.PositiveSmallIntegerField(_("收件次数"), default=0)
    place = _key("inventory.Place", _("存放库位"), null=True)
    lot = models.CharField(_("库存序列号"), max_length=60, blank=True)
    shipment = models.ForeignKey(CoreShipment, models.PROTECT, null=True, verbose_name=_("寄厂单"), related_name="pieces")
    credit_amount = MoneyField(_("厂家结算"), null=True)
    credited_at = models.DateTimeField(_("结算时间"), null=True)
    outcome = models.CharField(_("处理说明"), max_length=200, blank=True)
    into_part = _key("catalog.Part", _("翻新成"), null=True)
    closed_at = models.DateTimeField(_("了结时间"), null=True)

    class Meta:
        verbose_name = _("旧件返还")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "line", "piece"], name="core_once"),
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="core_positive"),
            models.CheckConstraint(condition=models.Q(surplus_qty__gte=0, surplus_qty__lte=models.F("qty")), name="core_surplus_in_qty"),
            models.CheckConstraint(
                condition=~models.Q(status__in=["shipped", "credited", "refused"]) | models.Q(shipment__isnull=False), name="core_shipped_in_one"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="core_branch"),
            models.Index(fields=["status", "-id"], name="core_status"),
            models.Index(fields=["employee", "status", "due_on"], name="core_employee"),
            models.Index(fields=["outlet", "status", "due_on"], name="core_outlet"),
            models.Index(fields=["due_on", "id"], name="core_due", condition=models.Q(status="owed")),
            models.Index(fields=["serial"], name="core_serial"),
        ]

    @property
    def asked_qty(self):
        """How much of it is still asked for, or was when it was done with; nothing of a withdrawn one."""
        return self.qty - self.surplus_qty if self.status != CoreStatus.CANCELLED else self.qty - self.qty

    def mentions(self):
        """It appears on its order's timeline, and on its shipment's."""
        found = [(self.source_kind, self.source_id)]
        return [*found, ("cores.coreshipment", self.shipment_id)] if self.shipment_id else found

    def people_shown(self):
        return (self.employee_id,)

    def branches_shown(self) -> list[int]:
        """The branch that gets it, and the outlet that owes it."""
        return [self.branch_id, self.outlet_id] if self.outlet_id else [self.branch_id]


class CoreCharge(models.Model):
    """What an engineer or outlet pays for an overdue old part. Append-only; taken back by one reversal."""

    core = models.ForeignKey(CoreReturn, models.PROTECT, verbose_name=_("旧件"), related_name="charge_lines")
    round = models.PositiveSmallIntegerField(_("次数"))
    at = models.DateTimeField(_("时间"))
    amount = MoneyField(_("金额"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    employee = _key("people.Employee", _("工程师"), null=True)
    outlet = _key("people.Branch", _("网点"), null=True)
    # The line of the engineer's month that says the same.
    accrual_id = models.BigIntegerField(_("提成明细"), null=True)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    actor_name = models.CharField(_("经办"), max_length=80)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("冲销"), related_name="reversal")

    class Meta:
        verbose_name = _("旧件扣款")
        constraints = [models.UniqueConstraint(fields=["core", "round"], name="core_charged_once", condition=models.Q(reverses=None))]
        indexes = [models.Index(fields=["outlet", "id"], name="core_charge_outlet")]


class CoreBill(Subject):
    """网点旧件扣款单: what an outlet pays for the overdue old parts of a month, a line for each charge and each one taken back."""

    Status = BillStatus

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=BillStatus, default=BillStatus.OPEN)
    outlet = _key("people.Branch", _("网点"))
    # Who collects it: the branch above the outlet.
    branch = _key("people.Branch", _("机构"))
    month = models.DateField(_("月份"))
    amount = MoneyField(_("金额"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    made_at = models.DateTimeField(_("出账时间"))
    objection = models.CharField(_("异议"), max_length=200, blank=True)
    reply = models.CharField(_("答复"), max_length=200, blank=True)
    collected_at = models.DateTimeField(_("收款时间"), null=True)
    collected_by = models.CharField(_("收款人"), max_length=80, blank=True)
    method = models.CharField(_("收款方式"), max_length=12, blank=True)
    reference = models.CharField(_("收款凭证号"), max_length=60, blank=True)
    waived_reason = models.CharField(_("豁免原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("网点旧件扣款单")
        constraints = [models.UniqueConstraint(fields=["outlet", "month"], name="core_bill_once")]
        indexes = [models.Index(fields=["branch", "-id"], name="core_bill_branch"), models.Index(fields=["status", "-id"], name="core_bill_status")]

    def branches_shown(self) -> list[int]:
        """The branch that collects it, and the outlet that owes it."""
        return [self.branch_id, self.outlet_id]

    def mentions(self):
        return [("people.branch", self.outlet_id)]


class CoreBillLine(models.Model):
    """A charge on an outlet's bill. Append-only; a charge stands on one bill."""

    bill = models.ForeignKey(CoreBill, models.PROTECT, verbose_name=_("网点旧件扣款单"), related_name="lines")
    charge = models.OneToOneField(CoreCharge, models.PROTECT, verbose_name=_("旧件扣款"), related_name="bill_line")
    amount = MoneyField(_("金额"))

    class Meta:
        verbose_name = _("扣款单明细")
