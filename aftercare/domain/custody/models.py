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

    class Meta:
        verbose_name = _("客户商品登记")
        constraints = [
            models.UniqueConstraint(
                fields=["asset"], name="custody_open_once", condition=models.Q(status="held") & models.Q(asset__isnull=False)
            )
        ]
        indexes = [models.Index(fields=["source_kind", "source_id"], name="custody_source")]

    def mentions(self):
        return [(self.source_kind, self.source_id), ("parties.customer", self.customer_id), ("assets.asset", self.asset_id)]
