from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement.lifecycle.contracts import ContractStatus, InstalmentStatus, VisitStatus
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class ServiceContract(Subject):
    """维保合同: what we promise a customer for a price and a period. Its cover lies in its dates and pauses, not in its state."""

    Status = ContractStatus

    class OverUse(models.TextChoices):
        RATE = "rate", _("按合同单价")
        SCHEDULE = "schedule", _("按收费标准")

    number = models.CharField(_("合同号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=ContractStatus, default=ContractStatus.DRAFT)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, verbose_name=_("客户"), related_name="+")
    owner = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("负责人"), related_name="+")
    name = models.CharField(_("合同名称"), max_length=120)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    # What was agreed at the start: a suspension puts the end off, so that these many days are served whatever happens.
    agreed_days = models.PositiveIntegerField(_("约定天数"), default=0, editable=False)
    price_amount = MoneyField(_("合同金额"), default=0)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    covers_parts = models.BooleanField(_("含配件"), default=True)
    covers_labour = models.BooleanField(_("含人工"), default=True)
    covers_travel = models.BooleanField(_("含上门"), default=True)
    respond_minutes = models.PositiveIntegerField(_("响应时限（工作分钟）"), null=True)
    repair_minutes = models.PositiveIntegerField(_("修复时限（工作分钟）"), null=True)
    over_use = models.CharField(_("超出额度"), max_length=8, choices=OverUse, default=OverUse.SCHEDULE)
    over_visit_amount = MoneyField(_("超出每次"), null=True)
    over_hour_amount = MoneyField(_("超出每小时"), null=True)
    over_part_percent = models.DecimalField(_("超出配件按标价的百分比"), max_digits=5, decimal_places=2, null=True)
    counts_planned = models.BooleanField(_("计划保养计入次数"), default=False)
    renews = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("续自"), related_name="renewal")
    signed_at = models.DateTimeField(_("生效时间"), null=True)
    remark = models.TextField(_("备注"), blank=True)
    created_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("维保合同")
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="contract_span"),
            models.CheckConstraint(condition=models.Q(price_amount__gte=0), name="contract_price"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="contract_customer"),
            models.Index(fields=["status", "ends_on", "id"], name="contract_ending"),
            models.Index(fields=["branch", "-id"], name="contract_branch"),
        ]

    def mentions(self):
        return [("parties.customer", self.customer_id)]

    def people_shown(self):
        return (self.owner_id,)


class ContractScope(models.Model):
    """A line of a contract's coverage: a unit, a category, a site; empty ones do not narrow."""

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="scopes")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, verbose_name=_("设备"), related_name="+")
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, verbose_name=_("品类"), related_name="+")
    site = models.CharField(_("地点"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("合同覆盖范围")
        constraints = [
            models.UniqueConstraint(fields=["contract", "asset"], name="scope_unit_once", condition=models.Q(asset__isnull=False))
        ]


class ContractPause(models.Model):
    """Days on which a contract stands still; both count, an open one has no last day yet."""

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="pauses")
    from_on = models.DateField(_("起"))
    to_on = models.DateField(_("止"), null=True)
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        verbose_name = _("合同暂停")
        constraints = [
            models.UniqueConstraint(fields=["contract"], name="one_open_pause", condition=models.Q(to_on=None))
        ]


class Instalment(Subject):
    """分期: a part of a contract's price with the day it is due; its bill is made by then."""

    Status = InstalmentStatus

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="instalments")
    sequence = models.PositiveSmallIntegerField(_("期次"))
    status = models.CharField(_("状态"), max_length=10, choices=InstalmentStatus, default=InstalmentStatus.PLANNED)
    due_on = models.DateField(_("应付日"))
    amount = MoneyField(_("金额"))

    class Meta:
        verbose_name = _("合同分期")
        constraints = [models.UniqueConstraint(fields=["contract", "sequence"], name="instalment_once")]
        indexes = [models.Index(fields=["status", "due_on", "id"], name="instalment_due")]

    @property
    def number_shown(self) -> str:
        """`HT261122000001-2`: the contract's number and which instalment it is."""
        return f"{self.contract.number}-{self.sequence}"

    @property
    def branch_shown(self) -> int:
        return self.contract.branch_id

    def mentions(self):
        return [("entitlement.servicecontract", self.contract_id)]


class VisitRule(models.Model):
    """保养计划: every so many weeks or months; 31 as the day of the month is its last day."""

    class Unit(models.TextChoices):
        WEEK = "week", _("周")
        MONTH = "month", _("月")

    class Holidays(models.TextChoices):
        NEXT = "next", _("顺延到下一个工作日")
        PREVIOUS = "previous", _("提前到上一个工作日")
        KEEP = "keep", _("不调整")

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="visit_rules")
    title = models.CharField(_("保养内容"), max_length=120)
    work_type = models.ForeignKey("catalog.WorkType", models.PROTECT, verbose_name=_("工种"), related_name="+")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, verbose_name=_("设备"), related_name="+")
    first_on = models.DateField(_("首次"))
    every = models.PositiveSmallIntegerField(_("每"), default=1)
    unit = models.CharField(_("单位"), max_length=5, choices=Unit, default=Unit.MONTH)
    month_day = models.PositiveSmallIntegerField(_("每月几日"), default=0)
    holidays = models.CharField(_("遇节假日"), max_length=8, choices=Holidays, default=Holidays.NEXT)
    lead_days = models.PositiveSmallIntegerField(_("提前几天开单"), default=7)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("保养计划")
        constraints = [models.CheckConstraint(condition=models.Q(every__gt=0), name="visit_rule_every")]


class PlannedVisit(Subject):
    """计划保养: one visit of a rule, named for ever by the day of the rule; `visit_on` is when it is made."""

    Status = VisitStatus

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="planned_visits")
    rule = models.ForeignKey(VisitRule, models.PROTECT, verbose_name=_("保养计划"), related_name="planned_visits")
    period_on = models.DateField(_("计划日"))
    visit_on = models.DateField(_("上门日"))
    # A day chosen by a person stays, whatever the calendar says later.
    is_fixed = models.BooleanField(_("人工定日"), default=False)
    status = models.CharField(_("状态"), max_length=8, choices=VisitStatus, default=VisitStatus.PLANNED)
    order_number = models.CharField(_("服务单号"), max_length=24, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("计划保养")
        constraints = [models.UniqueConstraint(fields=["rule", "period_on"], name="visit_of_period_once")]
        indexes = [
            models.Index(fields=["status", "visit_on", "id"], name="visit_due"),
            models.Index(fields=["contract", "visit_on", "id"], name="visit_contract"),
        ]

    @property
    def number_shown(self) -> str:
        """`HT261122000001/2026-03-31`: the contract's number and the day of the rule."""
        return f"{self.contract.number}/{self.period_on}"

    @property
    def branch_shown(self) -> int:
        return self.contract.branch_id

    def mentions(self):
        return [("entitlement.servicecontract", self.contract_id)]


class ContractNotice(models.Model):
    """到期提醒: that a contract ends is to be told to its customer and to its owner; once each, and who did it when."""

    class Audience(models.TextChoices):
        CUSTOMER = "customer", _("客户")
        OWNER = "owner", _("负责人")

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="notices")
    audience = models.CharField(_("通知对象"), max_length=8, choices=Audience)
    ends_on = models.DateField(_("到期日"))
    made_at = models.DateTimeField(_("生成时间"))
    done_at = models.DateTimeField(_("办理时间"), null=True)
    done_by = models.CharField(_("办理人"), max_length=80, blank=True)
    outcome = models.CharField(_("结果"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("到期提醒")
        constraints = [models.UniqueConstraint(fields=["contract", "audience", "ends_on"], name="notice_once")]
        indexes = [models.Index(fields=["ends_on", "id"], name="notice_open", condition=models.Q(done_at=None))]


class ContractJob(models.Model):
    """A job done under a contract: the document, and whether it is one of the planned visits."""

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="jobs")
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    is_planned = models.BooleanField(_("计划保养"), default=False)
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("合同服务")
        constraints = [models.UniqueConstraint(fields=["source_kind", "source_id"], name="job_of_one_contract")]
        indexes = [models.Index(fields=["contract", "-id"], name="job_contract")]


class QuotaKind(models.TextChoices):
    VISITS = "visits", _("上门次数")
    HOURS = "hours", _("工时（小时）")
    PARTS = "parts", _("配件（件）")


class QuotaEntry(models.Model):
    """A line of a contract's quota ledger: granted, used, lapsed. Append-only; a use is taken back by its reversal.

    `qty` is what the balance moves by; `over_qty` went beyond the quota and was priced, it never touched the balance.
    """

    class Cause(models.TextChoices):
        GRANT = "grant", _("约定")
        USE = "use", _("使用")
        REVERSAL = "reversal", _("冲回")
        LAPSE = "lapse", _("到期作废")

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="quota_entries")
    kind_of = models.CharField(_("额度"), max_length=8, choices=QuotaKind)
    cause = models.CharField(_("原因"), max_length=8, choices=Cause)
    qty = QuantityField(_("数量"))
    over_qty = QuantityField(_("超出"), default=0)
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    source_number = models.CharField(_("来源单号"), max_length=40, blank=True)
    key = models.CharField(_("业务键"), max_length=40)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("冲回"), related_name="reversal")
    made_at = models.DateTimeField(_("时间"))
    actor_name = models.CharField(_("经办"), max_length=80)

    class Meta:
        verbose_name = _("额度流水")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "kind_of", "source_kind", "source_id", "key"], name="quota_entry_once"
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "id"], name="quota_contract"),
            models.Index(fields=["source_kind", "source_id"], name="quota_source"),
        ]


class QuotaBalance(models.Model):
    """What is left of a contract's quota: a projection of its ledger, and the row two jobs take their turns at."""

    contract = models.ForeignKey(ServiceContract, models.PROTECT, verbose_name=_("合同"), related_name="quotas")
    kind_of = models.CharField(_("额度"), max_length=8, choices=QuotaKind)
    granted_qty = QuantityField(_("约定"), default=0)
    left_qty = QuantityField(_("剩余"), default=0)
    over_qty = QuantityField(_("超出"), default=0)

    class Meta:
        verbose_name = _("合同额度")
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind_of"], name="quota_once"),
            models.CheckConstraint(
                condition=models.Q(left_qty__gte=0) & models.Q(left_qty__lte=models.F("granted_qty")), name="quota_not_below_zero"
            ),
        ]
