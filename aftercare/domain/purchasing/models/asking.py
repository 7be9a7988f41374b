from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.purchasing.lifecycle import EnquiryStatus
from aftercare.domain.purchasing.models.buying import RequestLine
from aftercare.domain.purchasing.models.papers import Paper, PriceField, key
from aftercare.foundation.quantity import QuantityField


class Enquiry(Paper):
    """询价单: several suppliers are asked what they would charge; one is chosen for each part, with a reason."""

    status = models.CharField(_("状态"), max_length=10, choices=EnquiryStatus, default=EnquiryStatus.OPEN)
    place = key("inventory.Place", _("收货库位"))
    answer_by = models.DateField(_("答复期限"), null=True)
    decided_at = models.DateTimeField(_("定标时间"), null=True)
    decided_by = models.CharField(_("定标人"), max_length=80, blank=True)
    reason = models.CharField(_("定标理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("询价单")


class EnquiryLine(models.Model):
    """One part that is asked about."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, verbose_name=_("询价单"), related_name="lines")
    part = key("catalog.Part", _("配件"))
    qty = QuantityField(_("数量"))
    request_line = key(RequestLine, _("采购申请明细"), null=True)

    class Meta:
        verbose_name = _("询价明细")
        constraints = [models.CheckConstraint(condition=models.Q(qty__gt=0), name="enquiry_line_positive")]


class Offer(models.Model):
    """One supplier who was asked, and what he answered."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, verbose_name=_("询价单"), related_name="offers")
    supplier = key("parties.Supplier", _("供应商"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    lead_days = models.PositiveSmallIntegerField(_("交货期（天）"), null=True)
    valid_until = models.DateField(_("报价有效期"), null=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("报价")
        constraints = [models.UniqueConstraint(fields=["enquiry", "supplier"], name="asked_once")]


class OfferLine(models.Model):
    """The price of one supplier for one part, without tax."""

    offer = models.ForeignKey(Offer, models.CASCADE, verbose_name=_("报价"), related_name="lines")
    line = key(EnquiryLine, _("询价明细"))
    price_amount = PriceField(_("不含税单价"))
    is_chosen = models.BooleanField(_("中标"), default=False)

    class Meta:
        verbose_name = _("报价明细")
        constraints = [
            models.UniqueConstraint(fields=["offer", "line"], name="priced_once"),
            models.UniqueConstraint(fields=["line"], condition=models.Q(is_chosen=True), name="chosen_once"),
        ]
