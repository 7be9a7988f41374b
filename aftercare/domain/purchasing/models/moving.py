from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.purchasing.lifecycle import TransferStatus
from aftercare.domain.purchasing.models.papers import Paper, key
from aftercare.foundation.quantity import QuantityField


class Transfer(Paper):
    """调拨单: a store asks another one for goods; they are on their way until each of them is accounted for.

    `branch` is the one that gets them.
    """

    status = models.CharField(_("状态"), max_length=10, choices=TransferStatus, default=TransferStatus.REQUESTED)
    from_branch = key("people.Branch", _("发货机构"))
    from_place = key("inventory.Place", _("发货库位"))
    to_place = key("inventory.Place", _("收货库位"))
    transit = key("inventory.Place", _("在途库位"), null=True)
    needed_on = models.DateField(_("需要日期"), null=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    decided_by = models.CharField(_("批准人"), max_length=80, blank=True)
    decision = models.CharField(_("批准意见"), max_length=200, blank=True)
    shipped_at = models.DateTimeField(_("发货时间"), null=True)
    shipped_by = models.CharField(_("发货人"), max_length=80, blank=True)
    received_at = models.DateTimeField(_("签收时间"), null=True)
    received_by = models.CharField(_("签收人"), max_length=80, blank=True)
    settled_by = models.CharField(_("差异处理人"), max_length=80, blank=True)
    # How often goods came, so that each receipt has a key of its own in the stock ledger.
    arrivals = models.PositiveSmallIntegerField(_("签收次数"), default=0)

    class Meta:
        verbose_name = _("调拨单")
        indexes = [models.Index(fields=["from_branch", "-id"], name="transfer_from"),
                   models.Index(fields=["status", "-id"], name="transfer_status")]

    def branches_shown(self) -> list[int]:
        """Both sides see it."""
        return [self.branch_id, self.from_branch_id]


class TransferLine(models.Model):
    """One part that is asked for, and how much of it is let go."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, verbose_name=_("调拨单"), related_name="lines")
    part = key("catalog.Part", _("配件"))
    qty = QuantityField(_("要货数量"))
    approved_qty = QuantityField(_("批准数量"), null=True)
    shipped_qty = QuantityField(_("已发数量"), default=0)

    class Meta:
        verbose_name = _("调拨明细")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="transfer_line_positive"),
            models.UniqueConstraint(fields=["transfer", "part"], name="part_once_in_transfer"),
        ]


class TransferLot(models.Model):
    """What was sent of a lot (or without lots, of a part): shipped = under way + received + damaged + lost + sent back."""

    class Bearer(models.TextChoices):
        SENDER = "sender", _("发货方（货在原库）")
        CARRIER = "carrier", _("承运人")
        RECEIVER = "receiver", _("收货方")
        COMPANY = "company", _("公司承担")

    line = models.ForeignKey(TransferLine, models.CASCADE, verbose_name=_("调拨明细"), related_name="lots")
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    shipped_qty = QuantityField(_("已发数量"))
    transit_qty = QuantityField(_("在途数量"))
    received_qty = QuantityField(_("完好签收"), default=0)
    damaged_qty = QuantityField(_("破损签收"), default=0)
    lost_qty = QuantityField(_("短少"), default=0)
    back_qty = QuantityField(_("退回原库"), default=0)
    bearer = models.CharField(_("责任方"), max_length=10, choices=Bearer, blank=True)
    reason = models.CharField(_("差异原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("调拨批次")
        constraints = [
            models.UniqueConstraint(fields=["line", "lot"], name="lot_once_in_line"),
            models.CheckConstraint(condition=models.Q(transit_qty__gte=0, transit_qty__lte=models.F("shipped_qty")), name="transit_was_shipped"),
            models.CheckConstraint(
                condition=models.Q(received_qty__gte=0, damaged_qty__gte=0, lost_qty__gte=0, back_qty__gte=0), name="transfer_lot_counts"
            ),
        ]
