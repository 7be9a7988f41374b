"""What a cover promises: stood in a term, and copied into the ledger line that it gave."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Bearer(models.TextChoices):
    """Who bears what the customer does not pay."""

    MAKER = "maker", _("厂家")
    SUPPLIER = "supplier", _("供应商")
    COMPANY = "company", _("本公司")


class Promise(models.Model):
    """Which kinds of a job's lines are covered, to how many per cent, by whom; what ends or excludes it."""

    covers_parts = models.BooleanField(_("含配件"), default=True)
    covers_labour = models.BooleanField(_("含人工"), default=True)
    covers_travel = models.BooleanField(_("含上门"), default=True)
    parts_percent = models.PositiveSmallIntegerField(_("配件承担比例（%）"), default=100)
    labour_percent = models.PositiveSmallIntegerField(_("人工承担比例（%）"), default=100)
    travel_percent = models.PositiveSmallIntegerField(_("上门承担比例（%）"), default=100)
    borne_by = models.CharField(_("由谁承担"), max_length=10, choices=Bearer, default=Bearer.MAKER)
    cycles = models.PositiveIntegerField(_("使用次数上限"), default=0)
    cycle_unit = models.CharField(_("计数单位"), max_length=12, blank=True)
    # Ids of fault and cause codes, for which the cover does not stand (liquid, misuse).
    excluded_codes = models.JSONField(_("不保的故障和原因"), default=list)
    counts_repair_days = models.BooleanField(_("修理占用顺延"), default=True)

    class Meta:
        abstract = True
