"""Stock documents: written as drafts, then posted; only drafts can be changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory.lifecycle import DocumentStatus
from aftercare.domain.inventory.models.places import Place
from aftercare.domain.inventory.models.stock import Condition
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Document(Subject):
    """出入库单: goods in, out, from place to place, to scrap, or into another condition; booked when it is posted."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("入库单")
        ISSUE = "issue", _("领用单")
        TRANSFER = "transfer", _("移库单")
        SCRAP = "scrap", _("报废单")
        STATE = "state", _("状态调整单")

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=DocumentStatus, default=DocumentStatus.DRAFT)
    kind_of = models.CharField(_("单据类型"), max_length=10, choices=Kind)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    from_place = models.ForeignKey(Place, models.PROTECT, null=True, verbose_name=_("从"), related_name="+")
    to_place = models.ForeignKey(Place, models.PROTECT, null=True, verbose_name=_("到"), related_name="+")
    from_condition = models.CharField(_("原状态"), max_length=10, choices=Condition, default=Condition.GOOD)
    to_condition = models.CharField(_("新状态"), max_length=10, choices=Condition, default=Condition.GOOD)
    # The true day of what happened, and the day on which it stands in the books.
    dated_on = models.DateField(_("单据日期"))
    booked_on = models.DateField(_("入账日"), null=True)
    memo = models.CharField(_("说明"), max_length=200, blank=True)
    value_amount = MoneyField(_("金额"), default=0)
    written_by_kind = models.CharField(_("制单人种类"), max_length=20, editable=False)
    written_by_id = models.BigIntegerField(_("制单人"), null=True, editable=False)
    written_by_name = models.CharField(_("制单人"), max_length=80)
    created_at = models.DateTimeField(_("制单时间"))
    posted_by_name = models.CharField(_("过账人"), max_length=80, blank=True)
    posted_at = models.DateTimeField(_("过账时间"), null=True)

    class Meta:
        verbose_name = _("出入库单")
        indexes = [
            models.Index(fields=["branch", "-id"], name="document_branch"),
            models.Index(fields=["status", "-id"], name="document_open", condition=models.Q(status="draft")),
        ]

    def __str__(self) -> str:
        return self.number


class DocumentLine(models.Model):
    """One part on a stock document. `qty` is in the part's base unit; what was typed in packs is kept beside it."""

    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("出入库单"), related_name="lines")
    position = models.PositiveSmallIntegerField(_("行号"))
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    qty = QuantityField(_("数量"))
    pack = models.CharField(_("包装"), max_length=20, blank=True)
    pack_qty = QuantityField(_("包装数"), null=True)
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True)
    bin = models.ForeignKey(Place, models.PROTECT, null=True, verbose_name=_("货位"), related_name="+")
    unit_cost = models.DecimalField(_("单位成本"), max_digits=18, decimal_places=6, null=True)
    note = models.CharField(_("备注"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("出入库单明细")
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="document_line_once"),
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="document_line_positive"),
        ]
