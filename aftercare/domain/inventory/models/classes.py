"""Classes of parts by what was used of them: kept month by month."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Classification(Subject):
    """配件分类: one computation for a branch and a month, with the thresholds it used; a later one of the same month replaces it."""

    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    # First day of the month; counted is what was used in the twelve months before it.
    month = models.DateField(_("月份"))
    a_percent = models.DecimalField(_("A 类累计比例"), max_digits=5, decimal_places=2)
    b_percent = models.DecimalField(_("B 类累计比例"), max_digits=5, decimal_places=2)
    x_variation = models.DecimalField(_("X 类变异系数上限"), max_digits=5, decimal_places=2)
    y_variation = models.DecimalField(_("Y 类变异系数上限"), max_digits=5, decimal_places=2)
    parts = models.PositiveIntegerField(_("配件数"), default=0)
    computed_at = models.DateTimeField(_("计算时间"))
    computed_by = models.CharField(_("计算人"), max_length=80)

    class Meta:
        verbose_name = _("配件分类")
        constraints = [models.UniqueConstraint(fields=["branch", "month"], name="classified_once")]

    @property
    def number_shown(self) -> str:
        return f"{self.month:%Y-%m}"


class PartClass(models.Model):
    """The class of one part in one computation, with the figures behind it."""

    class Abc(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"

    class Xyz(models.TextChoices):
        X = "X", "X"
        Y = "Y", "Y"
        Z = "Z", "Z"

    classification = models.ForeignKey(Classification, models.PROTECT, verbose_name=_("配件分类"), related_name="rows")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    abc = models.CharField(_("ABC 分类"), max_length=1, choices=Abc)
    xyz = models.CharField(_("XYZ 分类"), max_length=1, choices=Xyz)
    rank = models.PositiveIntegerField(_("名次"))
    usage_qty = QuantityField(_("用量"))
    usage_amount = models.DecimalField(_("用量金额"), max_digits=20, decimal_places=6)
    # Per cent of the branch's usage value up to and with this part.
    share_percent = models.DecimalField(_("累计比例"), max_digits=7, decimal_places=4)
    # Standard deviation of the monthly usage over its mean; empty when nothing was used.
    variation = models.DecimalField(_("变异系数"), max_digits=8, decimal_places=4, null=True)
    # What lay in the branch and what it was worth when this was computed.
    stock_qty = QuantityField(_("库存数量"))
    stock_amount = models.DecimalField(_("库存金额"), max_digits=20, decimal_places=6)

    class Meta:
        verbose_name = _("配件分类明细")
        constraints = [models.UniqueConstraint(fields=["classification", "part"], name="part_classified_once")]
        indexes = [models.Index(fields=["classification", "rank"], name="part_class_rank")]
