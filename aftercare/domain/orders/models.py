from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.orders.lifecycle import SaleStatus
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Sale(Subject):
    """配件出库: parts that leave the store for a customer, a dealer, an outlet or an engineer; or are ordered first."""

    class Kind(models.TextChoices):
        RETAIL = "retail", _("客户购买")
        WARRANTY = "warranty", _("保修更换")
        PAID = "paid", _("收费更换")
        DEALER = "dealer", _("经销商备货")
        OUTLET = "outlet", _("网点供货")
        ENGINEER = "engineer", _("工程师领用")

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=SaleStatus, default=SaleStatus.DRAFT)
    kind_of = models.CharField(_("出库类型"), max_length=10, choices=Kind, default=Kind.RETAIL)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    place_id = models.BigIntegerField(_("出库库位"))
    place_name = models.CharField(_("出库库位"), max_length=80)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    outlet = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("网点"), related_name="+")
    engineer = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("工程师"), related_name="+")
    # The unit a replaced part goes into, or the order it belongs to, as people call it.
    reference = models.CharField(_("相关单据或序列号"), max_length=60, blank=True)
    memo = models.CharField(_("说明"), max_length=200, blank=True)
    amount = MoneyField(_("金额"), default=0)
    deposit_amount = MoneyField(_("定金"), default=0)
    wanted_on = models.DateField(_("期望到货"), null=True)
    created_at = models.DateTimeField(_("开单时间"))
    ordered_at = models.DateTimeField(_("预订时间"), null=True)
    arrived_at = models.DateTimeField(_("到货时间"), null=True)
    done_at = models.DateTimeField(_("出库时间"), null=True)
    made_by_name = models.CharField(_("开单人"), max_length=80)

    class Meta:
        verbose_name = _("配件出库")
        indexes = [
            models.Index(fields=["branch", "-id"], name="sale_branch"),
            models.Index(fields=["status", "-id"], name="sale_status"),
        ]

    def __str__(self) -> str:
        return self.number

    def people_shown(self):
        return (self.engineer_id,)

    def branches_shown(self):
        return [pk for pk in (self.branch_id, self.outlet_id) if pk]

    def mentions(self):
        return [("parties.customer", self.customer_id)] if self.customer_id else []


class SaleLine(models.Model):
    """One part of a sale; `returned_qty` is what came back of it."""

    sale = models.ForeignKey(Sale, models.PROTECT, verbose_name=_("配件出库"), related_name="lines")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    serial = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    qty = QuantityField(_("数量"))
    returned_qty = QuantityField(_("已退数量"), default=0)
    price_amount = MoneyField(_("单价"), default=0)

    class Meta:
        verbose_name = _("配件出库明细")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="sale_line_positive"),
            models.CheckConstraint(
                condition=models.Q(returned_qty__gte=0, returned_qty__lte=models.F("qty")), name="sale_returned_within"
            ),
        ]


class Notice(models.Model):
    """A customer was told, or tried to be: about what, by which way, when, by whom. Append-only; its number counts from one."""

    class About(models.TextChoices):
        ARRIVED = "part_arrived", _("配件已到")
        WAITING = "waiting_part", _("等待配件")
        DELAY = "delay", _("延期")
        REPAIRED = "repaired", _("已修好")
        QUOTE = "quote", _("待确认报价")

    class Channel(models.TextChoices):
        PHONE = "phone", _("电话")
        SMS = "sms", _("短信")
        WECHAT = "wechat", _("微信")
        COUNTER = "counter", _("当面")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("已告知")
        MESSAGE = "message", _("已留言")
        NOT_REACHED = "not_reached", _("未联系上")

    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    # Whose work it is; he sees what was told of it.
    employee = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("工程师"), related_name="+")
    outlet = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("网点"), related_name="+")
    about = models.CharField(_("通知事项"), max_length=14, choices=About)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome, default=Outcome.REACHED)
    told_to = models.CharField(_("接听人"), max_length=60, blank=True)
    channel = models.CharField(_("方式"), max_length=8, choices=Channel)
    count = models.PositiveSmallIntegerField(_("第几次"))
    at = models.DateTimeField(_("通知时间"))
    actor_name = models.CharField(_("经办"), max_length=80)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("客户通知")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "about", "count"], name="customer_notice_once")
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="notice_customer")]


class Duty(models.Model):
    """待通知: a customer is to be told of something, since a moment on; until he was reached, or it is no longer so.

    Opened and closed by what happens to the document (`flows.telling`), never by hand. `tries` and `last_at` count what was noted.
    """

    class End(models.TextChoices):
        TOLD = "told", _("已通知")
        OVER = "over", _("不再需要")

    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    employee = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("工程师"), related_name="+")
    outlet = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("网点"), related_name="+")
    about = models.CharField(_("通知事项"), max_length=14, choices=Notice.About)
    because = models.CharField(_("情况"), max_length=200, blank=True)
    since = models.DateTimeField(_("起"))
    tries = models.PositiveSmallIntegerField(_("已联系次数"), default=0)
    last_at = models.DateTimeField(_("上次联系"), null=True)
    ended_at = models.DateTimeField(_("了结时间"), null=True)
    end = models.CharField(_("了结"), max_length=6, choices=End, blank=True)

    class Meta:
        verbose_name = _("待通知")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "about", "since"], name="duty_once"),
            models.UniqueConstraint(fields=["source_kind", "source_id", "about"], name="duty_open_once", condition=models.Q(ended_at=None)),
        ]
        indexes = [
            models.Index(fields=["branch", "since", "id"], name="duty_open", condition=models.Q(ended_at=None)),
            models.Index(fields=["customer", "-id"], name="duty_customer"),
        ]
