"""Warranty terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement.models.promises import Promise
from aftercare.foundation.money import ZERO, MoneyField
from aftercare.foundation.subjects import Subject


class Term(Subject, Promise):
    """A warranty term as dated data: for a product, a category or all; for the whole unit or a component."""

    is_setting = True

    class Kind(models.TextChoices):
        UNIT = "unit", _("购机保修")
        PART = "part", _("更换的配件")
        EXCHANGE = "exchange", _("换新的整机")
        EXTENSION = "extension", _("延保产品")

    class Start(models.TextChoices):
        SALE = "sale", _("销售日")
        INVOICE = "invoice", _("开票日")
        DELIVERY = "delivery", _("交付日")
        INSTALLATION = "installation", _("安装日")
        REGISTRATION = "registration", _("登记日")
        PRODUCTION = "production", _("生产日")
        FIRST = "first", _("其中最早的一天")

    class Policy(models.TextChoices):
        RESTART = "restart", _("重新起算")
        INHERIT = "inherit", _("继承剩余期限")
        LONGER = "longer", _("两者取长")

    kind_of = models.CharField(_("用于"), max_length=10, choices=Kind, default=Kind.UNIT)
    name = models.CharField(_("条款"), max_length=120)
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True, verbose_name=_("产品"), related_name="+")
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, verbose_name=_("品类"), related_name="+")
    region = models.ForeignKey("people.Region", models.PROTECT, null=True, verbose_name=_("区域"), related_name="+")
    component = models.CharField(_("部件"), max_length=80, blank=True)
    promotion = models.CharField(_("促销活动"), max_length=80, blank=True)
    months = models.PositiveSmallIntegerField(_("月数"), default=0)
    days = models.PositiveSmallIntegerField(_("天数"), default=0)
    starts = models.CharField(_("起算"), max_length=12, choices=Start, default=Start.SALE)
    # For `first`: the days among which the earliest known one counts.
    starts_among = models.JSONField(_("在这些日期中取最早"), default=list)
    grace_months = models.PositiveSmallIntegerField(_("生产日后推月数"), default=0)
    policy = models.CharField(_("更换后的保修"), max_length=8, choices=Policy, default=Policy.RESTART)
    price_amount = MoneyField(_("售价"), default=ZERO)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("保修条款")

    def __str__(self) -> str:
        return self.name
