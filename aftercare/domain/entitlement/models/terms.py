"""Warranty terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.subjects import Subject


class Term(Subject):
    """A warranty term as dated data: for a product, a category or all; for the whole unit or a component."""

    class Start(models.TextChoices):
        SALE = "sale", _("销售日")
        INVOICE = "invoice", _("开票日")
        DELIVERY = "delivery", _("交付日")
        INSTALLATION = "installation", _("安装日")
        REGISTRATION = "registration", _("登记日")
        PRODUCTION = "production", _("生产日")

    name = models.CharField(_("条款"), max_length=120)
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True, verbose_name=_("产品"), related_name="+")
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, verbose_name=_("品类"), related_name="+")
    component = models.CharField(_("部件"), max_length=80, blank=True)
    months = models.PositiveSmallIntegerField(_("月数"), default=0)
    days = models.PositiveSmallIntegerField(_("天数"), default=0)
    starts = models.CharField(_("起算"), max_length=12, choices=Start, default=Start.SALE)
    grace_months = models.PositiveSmallIntegerField(_("生产日后推月数"), default=0)
    covers_parts = models.BooleanField(_("含配件"), default=True)
    covers_labour = models.BooleanField(_("含人工"), default=True)
    covers_travel = models.BooleanField(_("含上门"), default=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("保修条款")

    def __str__(self) -> str:
        return self.name
