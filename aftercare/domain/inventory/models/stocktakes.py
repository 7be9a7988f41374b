"""Stocktakes: what shall be counted, what was counted by whom, and the rules of a branch for it."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory.lifecycle import StocktakeStatus
from aftercare.domain.inventory.models.places import Place
from aftercare.domain.inventory.models.stock import Condition
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Stocktake(Subject):
    """盘点单: lines drawn from the books and hidden from who counts; rounds of counting; differences booked once."""

    class Scope(models.TextChoices):
        WHOLE = "whole", _("整库")
        BINS = "bins", _("指定货位")
        CYCLE = "cycle", _("循环盘点")
        PARTS = "parts", _("指定配件")

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=StocktakeStatus, default=StocktakeStatus.COUNTING)
    scope_of = models.CharField(_("盘点范围"), max_length=10, choices=Scope)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("库位"), related_name="+")
    # The class of parts that a cycle counts: A, B or C.
    abc = models.CharField(_("ABC 分类"), max_length=1, blank=True)
    # Ids of the bins or parts that were chosen.
    chosen = models.JSONField(_("指定内容"), default=list, blank=True, editable=False)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    memo = models.CharField(_("说明"), max_length=200, blank=True)
    planned_by_name = models.CharField(_("安排人"), max_length=80)
    created_at = models.DateTimeField(_("安排时间"))
    # The branch's day of the last count, and the day on which the differences stand in the books.
    counted_on = models.DateField(_("盘点日期"), null=True)
    booked_on = models.DateField(_("入账日"), null=True)
    # Sum of the differences without their signs, as they were submitted. No history: who counts must not read it there.
    value_amount = MoneyField(_("差异金额"), null=True, editable=False)
    reviewer = models.CharField(_("退回人"), max_length=60, blank=True, editable=False)
    approved_by_name = models.CharField(_("审核人"), max_length=80, blank=True)
    approved_at = models.DateTimeField(_("审核时间"), null=True)

    class Meta:
        verbose_name = _("盘点单")
        indexes = [
            models.Index(fields=["branch", "-id"], name="stocktake_branch"),
            models.Index(fields=["status", "-id"], name="stocktake_open", condition=models.Q(status__in=["counting", "submitted"])),
        ]

    def __str__(self) -> str:
        return self.number

    def people_shown(self):
        return (self.place.employee_id,)


class StocktakeLine(models.Model):
    """One part in one bin, in one condition, of one lot. Everything from `book_qty` on is hidden from who counts."""

    class State(models.TextChoices):
        OPEN = "open", _("待盘")
        RECOUNT = "recount", _("待复盘")
        AGREED = "agreed", _("已定")
        DISPUTED = "disputed", _("有争议")

    stocktake = models.ForeignKey(Stocktake, models.PROTECT, verbose_name=_("盘点单"), related_name="lines")
    position = models.PositiveIntegerField(_("行号"))
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("货位"), related_name="+")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    condition = models.CharField(_("状态"), max_length=10, choices=Condition, default=Condition.GOOD)
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    is_unexpected = models.BooleanField(_("账外"), default=False)
    # True until the stocktake is settled or cancelled: nobody else counts the same thing meanwhile.
    is_open = models.BooleanField(_("未结"), default=True)
    state = models.CharField(_("盘点状态"), max_length=10, choices=State, default=State.OPEN)
    # The auditor wants it counted once more, whatever the first count says.
    is_sent_back = models.BooleanField(_("退回复盘"), default=False)
    # The last round in which it was counted, 0: never.
    counted_round = models.PositiveSmallIntegerField(_("已盘轮次"), default=0)
    # What the books said when the lines were drawn.
    book_qty = QuantityField(_("账面数"), default=0)
    # The count that stands: how much, when, by whom; what the books said at that very moment; what differs.
    counted_qty = QuantityField(_("实盘数"), null=True)
    counted_at = models.DateTimeField(_("盘点时间"), null=True)
    counted_by_name = models.CharField(_("盘点人"), max_length=80, blank=True)
    expected_qty = QuantityField(_("应有数"), null=True)
    difference_qty = QuantityField(_("差异数"), null=True)
    difference_amount = MoneyField(_("差异金额"), null=True)
    reason = models.CharField(_("差异原因"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("盘点明细")
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "position"], name="stocktake_line_once"),
            models.UniqueConstraint(fields=["stocktake", "place", "part", "condition", "lot"], name="stocktake_key_once"),
            models.UniqueConstraint(
                fields=["place", "part", "condition", "lot"], condition=models.Q(is_open=True), name="counted_in_one_stocktake"
            ),
        ]
        indexes = [models.Index(fields=["part", "place"], name="stocktake_line_part")]


class CountEntry(models.Model):
    """What somebody counted of a line at a moment; append-only. Of one person in one round the last one counts."""

    line = models.ForeignKey(StocktakeLine, models.PROTECT, verbose_name=_("盘点明细"), related_name="entries")
    round = models.PositiveSmallIntegerField(_("轮次"))
    qty = QuantityField(_("实盘数"))
    at = models.DateTimeField(_("盘点时间"))
    counter = models.CharField(_("盘点人标识"), max_length=60)
    counter_name = models.CharField(_("盘点人"), max_length=80)
    note = models.CharField(_("备注"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("实盘记录")
        constraints = [models.CheckConstraint(condition=models.Q(qty__gte=0), name="counted_not_negative")]


class CountRule(Subject):
    """How a branch counts and classifies its stock. A threshold that is empty is not asked."""

    branch = models.OneToOneField("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    recount_qty = QuantityField(_("复盘起点数量"), null=True)
    recount_percent = models.DecimalField(_("复盘起点比例"), max_digits=6, decimal_places=2, null=True, default=Decimal(5))
    recount_amount = MoneyField(_("复盘起点金额"), null=True, default=Decimal(500))
    # Differences worth more than this need the right to approve large ones; empty: any auditor of counts may.
    approve_amount = MoneyField(_("大额差异起点金额"), null=True, default=Decimal(5000))
    # Whether an engineer counts his own van and an outlet its own store.
    is_own_count = models.BooleanField(_("允许自盘"), default=False)
    cycle_a_days = models.PositiveSmallIntegerField(_("A 类盘点周期（天）"), default=30)
    cycle_b_days = models.PositiveSmallIntegerField(_("B 类盘点周期（天）"), default=90)
    cycle_c_days = models.PositiveSmallIntegerField(_("C 类盘点周期（天）"), default=180)
    a_percent = models.DecimalField(_("A 类累计比例"), max_digits=5, decimal_places=2, default=Decimal(80))
    b_percent = models.DecimalField(_("B 类累计比例"), max_digits=5, decimal_places=2, default=Decimal(95))
    x_variation = models.DecimalField(_("X 类变异系数上限"), max_digits=5, decimal_places=2, default=Decimal("0.50"))
    y_variation = models.DecimalField(_("Y 类变异系数上限"), max_digits=5, decimal_places=2, default=Decimal("1.00"))
    slow_days = models.PositiveSmallIntegerField(_("呆滞天数"), default=180)
    dead_days = models.PositiveSmallIntegerField(_("死库存天数"), default=365)

    class Meta:
        verbose_name = _("盘点与分类规则")
