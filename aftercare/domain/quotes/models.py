import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.quotes.lifecycle import Status
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Quote(Subject):
    """报价单: the price the customer agrees to before paid work. Its lines never change once it was sent."""

    Status = Status

    number = models.CharField(_("报价单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT)
    round = models.PositiveSmallIntegerField(_("第几次报价"), default=1)
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    outlet = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("网点"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    employee = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("工程师"), related_name="+")
    subject = models.CharField(_("事由"), max_length=160)
    unit = models.CharField(_("设备"), max_length=200, blank=True)
    service_class = models.CharField(_("服务类别"), max_length=1, default="A")
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    total_amount = MoneyField(_("客户应付"), default=0)
    covered_amount = MoneyField(_("保修等承担"), default=0)
    inspection_amount = MoneyField(_("不修时的检测费"), default=0)
    # A lump sum binds by its total, whatever lines the work comes to in the end.
    is_lump = models.BooleanField(_("一口价"), default=False)
    tax_note = models.CharField(_("税费说明"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    valid_days = models.PositiveSmallIntegerField(_("有效天数"), default=15)
    # The first moment at which the prices hold no more: midnight after the last day.
    valid_until = models.DateTimeField(_("有效期至"), null=True)
    made_by = models.CharField(_("报价人"), max_length=80)
    created_at = models.DateTimeField(_("制单时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    # The link: its digest, and which one it is of those the quote had.
    link_digest = models.CharField(_("链接摘要"), max_length=64, blank=True, editable=False, db_index=True)
    link_series = models.PositiveSmallIntegerField(_("链接序号"), default=0, editable=False)
    seen_at = models.DateTimeField(_("客户首次打开"), null=True, editable=False)

    class Meta:
        verbose_name = _("报价单")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "round"], name="quote_round_once"),
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], name="quote_current_once",
                condition=models.Q(status__in=["draft", "sent", "accepted"]),
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="quote_branch"),
            models.Index(fields=["status", "valid_until"], name="quote_valid"),
            models.Index(fields=["customer", "-id"], name="quote_customer"),
        ]

    @property
    def last_moment(self) -> dt.datetime | None:
        """The last moment of the last day on which the prices hold, as it is told to people; None before it was sent."""
        return self.valid_until - dt.timedelta(seconds=1) if self.valid_until else None

    def mentions(self):
        return [(self.source_kind, self.source_id), ("parties.customer", self.customer_id)]

    def people_shown(self):
        return (self.employee_id,)

    def branches_shown(self):
        return [pk for pk in (self.branch_id, self.outlet_id) if pk]


class QuoteLine(models.Model):
    """One line of a quote, with the price as it was; append-only: a change is a new quote."""

    quote = models.ForeignKey(Quote, models.PROTECT, verbose_name=_("报价单"), related_name="lines")
    position = models.PositiveSmallIntegerField(_("行号"))
    kind_of = models.CharField(_("种类"), max_length=10)
    name = models.CharField(_("名称"), max_length=120)
    qty = QuantityField(_("数量"), default=1)
    price_amount = MoneyField(_("单价"))
    amount = MoneyField(_("金额"))
    customer_amount = MoneyField(_("客户承担"))
    payer = models.CharField(_("承担方"), max_length=10, default="customer")

    class Meta:
        verbose_name = _("报价行")
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="quote_line_once")]


class Consent(models.Model):
    """The customer's answer to a quote: who, when, how, with which evidence. Append-only, one for each quote."""

    class Channel(models.TextChoices):
        PORTAL = "portal", _("客户链接")
        SIGNATURE = "signature", _("签名")
        CALL = "call", _("电话录音")
        COUNTER = "counter", _("柜台")

    quote = models.OneToOneField(Quote, models.PROTECT, verbose_name=_("报价单"), related_name="consent")
    agreed = models.BooleanField(_("同意"))
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    name = models.CharField(_("答复人"), max_length=80)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    evidence = models.JSONField(_("凭据"), default=dict)
    picture = models.BinaryField(_("签名图"), null=True)
    at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("记录人"), max_length=80)

    class Meta:
        verbose_name = _("客户答复")


class Policy(Subject):
    """The company's rules for quotes, or those of one branch where they differ."""

    class AtStart(models.TextChoices):
        OFF = "off", _("允许")
        WARN = "warn", _("提醒并记录")
        REFUSE = "refuse", _("拒绝")

    is_setting = True

    branch = models.OneToOneField("people.Branch", models.PROTECT, null=True, verbose_name=_("机构"), related_name="+")
    # Above it paid work may not start without consent; empty: no limit.
    free_limit_amount = MoneyField(_("免报价限额"), null=True)
    valid_days = models.PositiveSmallIntegerField(_("有效天数"), default=15)
    inspection_amount = MoneyField(_("不修时的检测费"), null=True)
    tax_note = models.CharField(_("税费说明"), max_length=120, blank=True)
    at_start = models.CharField(_("未经同意就开工"), max_length=8, choices=AtStart, default=AtStart.OFF)

    class Meta:
        verbose_name = _("报价规则")
        constraints = [
            models.UniqueConstraint(models.Value(1), name="quote_policy_company", condition=models.Q(branch=None))
        ]
