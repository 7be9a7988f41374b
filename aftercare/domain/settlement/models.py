from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.settlement.lifecycle import Status
from aftercare.foundation.money import MoneyField
from aftercare.foundation.subjects import Subject


class Rate(Subject):
    """Commission for one audited order of a kind; an empty column means any; the most specific valid line wins."""

    is_setting = True

    work_type = models.ForeignKey("catalog.WorkType", models.PROTECT, null=True, verbose_name=_("工种"), related_name="+")
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, verbose_name=_("品类"), related_name="+")
    mode = models.CharField(_("方式"), max_length=10, blank=True)
    grade = models.CharField(_("技术等级"), max_length=20, blank=True)
    amount = MoneyField(_("每单金额"), default=0)
    labour_percent = models.DecimalField(_("人工费比例（%）"), max_digits=6, decimal_places=3, default=0)
    part_percent = models.DecimalField(_("配件费比例（%）"), max_digits=6, decimal_places=3, default=0)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("提成标准")


class Deduction(Subject):
    """期限扣费 and 返修扣费: how much an overdue or a repeat repair costs the engineer."""

    is_setting = True

    class Cause(models.TextChoices):
        OVERDUE = "overdue", _("超时")
        REPEAT = "repeat", _("返修")

    cause = models.CharField(_("原因"), max_length=10, choices=Cause)
    over_minutes = models.PositiveIntegerField(_("超过（工作分钟）"), default=0)
    amount = MoneyField(_("扣款"), default=0)
    percent = models.DecimalField(_("扣提成比例（%）"), max_digits=6, decimal_places=3, default=0)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("扣费规则")


class Accrual(models.Model):
    """One line of what an engineer earns or loses for an audited order. Append-only; reversed, never edited."""

    class Kind(models.TextChoices):
        COMMISSION = "commission", _("提成")
        OVERDUE = "overdue", _("超时扣款")
        REPEAT = "repeat", _("返修扣款")
        REWARD = "reward", _("奖励")
        PENALTY = "penalty", _("处罚")

    employee = models.ForeignKey("people.Employee", models.PROTECT, verbose_name=_("工程师"), related_name="+")
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    month = models.DateField(_("月份"))
    at = models.DateTimeField(_("时间"))
    kind_of = models.CharField(_("种类"), max_length=10, choices=Kind)
    amount = MoneyField(_("金额"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    key = models.CharField(_("业务键"), max_length=80)
    # How the amount came about: rule id and version, inputs, steps; enough for anyone to recompute it.
    explanation = models.JSONField(_("计算说明"), default=dict)
    # A repeat repair takes back from this commission line of the first job.
    deducts = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("扣自"), related_name="deductions")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("冲销"), related_name="reversal")

    class Meta:
        verbose_name = _("提成明细")
        constraints = [models.UniqueConstraint(fields=["source_kind", "source_id", "key"], name="accrual_once")]
        indexes = [models.Index(fields=["employee", "month", "id"], name="accrual_month")]


class Statement(Subject):
    """An engineer's month: post wage, commission, deductions; locked after review, then unchangeable."""

    Status = Status

    number = models.CharField(_("单号"), max_length=24, unique=True)
    employee = models.ForeignKey("people.Employee", models.PROTECT, verbose_name=_("工程师"), related_name="+")
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    month = models.DateField(_("月份"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    base_amount = MoneyField(_("岗位工资"), default=0)
    commission_amount = MoneyField(_("提成"), default=0)
    deduction_amount = MoneyField(_("扣款"), default=0)
    total_amount = MoneyField(_("应发"), default=0)
    orders = models.PositiveIntegerField(_("单数"), default=0)
    last_accrual = models.BigIntegerField(_("计至明细"), default=0)
    appeal = models.CharField(_("异议"), max_length=500, blank=True)
    locked_at = models.DateTimeField(_("锁定时间"), null=True)

    class Meta:
        verbose_name = _("月度结算单")
        constraints = [models.UniqueConstraint(fields=["employee", "month"], name="statement_once")]

    def mentions(self):
        return [("people.employee", self.employee_id)]

    def people_shown(self):
        return (self.employee_id,)
