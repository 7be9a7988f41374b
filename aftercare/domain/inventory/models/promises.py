"""What documents were promised, and what they lack."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory.lifecycle import RequestStatus
from aftercare.domain.inventory.models.places import Place
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Reservation(models.Model):
    """Quantity promised to one line of a document. `qty` is what is still promised; zero when used or released.

    A line served from several bins or lots has several portions, counted from 0.
    """

    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    line = models.CharField(_("行"), max_length=40)
    portion = models.PositiveSmallIntegerField(_("分次"), default=0)
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("库位"), related_name="+")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    qty = QuantityField(_("占用数量"))
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("占用")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "line", "portion"], name="reservation_once"),
            models.CheckConstraint(condition=models.Q(qty__gte=0), name="reservation_not_negative"),
        ]
        indexes = [models.Index(fields=["part", "place"], name="reservation_part", condition=models.Q(qty__gt=0))]


class PartRequest(Subject):
    """What a document lacks: short stock that somebody has to bring."""

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=RequestStatus, default=RequestStatus.OPEN)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("库位"), related_name="+")
    qty = QuantityField(_("数量"))
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    line = models.CharField(_("行"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("时间"))
    # When goods come, the higher is served first, of equals the older.
    priority = models.SmallIntegerField(_("优先级"), default=0)

    class Meta:
        verbose_name = _("缺件申请")
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "line", "part"], condition=models.Q(status="open"), name="one_open_request"
            )
        ]
        indexes = [models.Index(fields=["part", "-priority", "id"], name="request_open", condition=models.Q(status="open"))]

    def mentions(self):
        return [(self.source_kind, self.source_id)]
