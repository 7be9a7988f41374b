"""Closed periods, what lay where at their end, and the rules of a branch for its stock documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory.models.places import Place
from aftercare.domain.inventory.models.stock import Condition
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Period(models.Model):
    """Moves on or before this day are refused for the branch (or for all, when empty)."""

    branch = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("机构"), related_name="+")
    closed_to = models.DateField(_("已结账至"))
    closed_at = models.DateTimeField(_("结账时间"))
    closed_by = models.CharField(_("结账人"), max_length=80)
    # True when what lay where at the end of that day was written down.
    is_kept = models.BooleanField(_("已留存期末库存"), default=False)

    class Meta:
        verbose_name = _("库存期间")
        constraints = [models.UniqueConstraint(fields=["branch", "closed_to"], name="period_once")]


class Snapshot(models.Model):
    """What lay somewhere at the end of a closed day: makes questions about a past day quick. Made from the moves alone."""

    day = models.DateField(_("日期"))
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("库位"), related_name="+")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+", db_index=False)
    condition = models.CharField(_("状态"), max_length=10, choices=Condition)
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    qty = QuantityField(_("数量"))

    class Meta:
        verbose_name = _("期末库存")
        constraints = [models.UniqueConstraint(fields=["day", "place", "part", "condition", "lot"], name="snapshot_once")]
        indexes = [models.Index(fields=["part", "day"], name="snapshot_part")]


class BranchRule(Subject):
    """How a branch wants its stock documents: from which value on two people, how far back a day may lie."""

    branch = models.OneToOneField("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    # Above this value who wrote a document may not post it; empty: one person may always do both.
    two_person_amount = MoneyField(_("双人复核起点金额"), null=True)
    # How many days back a document's own day may lie to be booked on it; older ones are booked today.
    back_days = models.PositiveSmallIntegerField(_("可补记天数"), default=3)

    class Meta:
        verbose_name = _("库存单据规则")
