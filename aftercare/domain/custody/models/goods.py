from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.custody.lifecycle import Status
from aftercare.foundation.subjects import Subject


class Custody(Subject):
    """客户商品登记: a customer's thing in our hands, with a receipt. At most one open custody per item."""

    Status = Status

    number = models.CharField(_("收条号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.HELD)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, verbose_name=_("客户"), related_name="+")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, verbose_name=_("设备"), related_name="+")
    item = models.CharField(_("物品"), max_length=200)
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    source_number = models.CharField(_("来源单号"), max_length=40, blank=True)
    place = models.CharField(_("存放位置"), max_length=60, blank=True)
    appearance = models.JSONField(_("外观"), default=list)
    accessories = models.JSONField(_("随机附件"), default=list)
    limit_amount = models.DecimalField(_("超过此价先联系"), max_digits=16, decimal_places=2, null=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    received_by = models.CharField(_("经手人"), max_length=80)
    returned_at = models.DateTimeField(_("交还时间"), null=True)
    returned_to = models.CharField(_("取件人"), max_length=80, blank=True)
    code = models.CharField(_("取件码"), max_length=12, blank=True)
    # Since when its owner may fetch it, and how many steps of the ladder for unclaimed things were made.
    ready_at = models.DateTimeField(_("可取时间"), null=True)
    stage = models.PositiveSmallIntegerField(_("催取阶段"), default=0)
    disposal = models.CharField(_("处置说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("客户商品登记")
        constraints = [
            models.UniqueConstraint(
                fields=["asset"], name="custody_open_once", condition=models.Q(status="held") & models.Q(asset__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["source_kind", "source_id"], name="custody_source"),
            models.Index(fields=["branch", "ready_at"], name="custody_waiting", condition=models.Q(status="held", ready_at__isnull=False)),
        ]

    def mentions(self):
        return [(self.source_kind, self.source_id), ("parties.customer", self.customer_id), ("assets.asset", self.asset_id)]


class Reminder(models.Model):
    """One step of the ladder for an unclaimed thing: made once, and told to the owner afterwards."""

    class Stage(models.IntegerChoices):
        FIRST = 1, _("第一次提醒")
        SECOND = 2, _("第二次提醒")
        NOTICE = 3, _("催领通知书")

    class Channel(models.TextChoices):
        PHONE = "phone", _("电话")
        SMS = "sms", _("短信")
        WECHAT = "wechat", _("微信")
        LETTER = "letter", _("挂号信")
        COUNTER = "counter", _("当面")

    number = models.CharField(_("通知编号"), max_length=24, unique=True)
    custody = models.ForeignKey(Custody, models.PROTECT, verbose_name=_("客户商品登记"), related_name="reminders")
    stage = models.PositiveSmallIntegerField(_("阶段"), choices=Stage)
    made_at = models.DateTimeField(_("生成时间"))
    days = models.PositiveIntegerField(_("已等天数"))
    # By which day the letter asks the owner to come; it counts from the day on which the letter was made.
    until_on = models.DateField(_("限期"), null=True)
    told_at = models.DateTimeField(_("通知时间"), null=True)
    told_by = models.CharField(_("通知人"), max_length=80, blank=True)
    channel = models.CharField(_("通知方式"), max_length=8, choices=Channel, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("催取记录")
        constraints = [models.UniqueConstraint(fields=["custody", "stage"], name="reminder_once")]
