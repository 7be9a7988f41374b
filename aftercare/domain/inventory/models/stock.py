"""The ledger of moves and what follows from it: balances and costs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory.models.places import Place
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class Condition(models.TextChoices):
    GOOD = "good", _("良品")
    INSPECTION = "inspection", _("待检")
    DEFECTIVE = "defective", _("不良品")
    RETURN = "return", _("待返还")


class Lot(Subject):
    """A lot of a part: when it expires and when it first came. Parts without lots have none; a serial number is no lot."""

    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    number = models.CharField(_("批次号"), max_length=60)
    # The last day on which it may be used, in the branch's own days.
    expires_on = models.DateField(_("有效期至"), null=True)
    received_at = models.DateTimeField(_("首次入库"))

    class Meta:
        verbose_name = _("批次")
        constraints = [models.UniqueConstraint(fields=["part", "number"], name="lot_once")]
        indexes = [models.Index(fields=["expires_on", "id"], name="lot_expiry", condition=models.Q(expires_on__isnull=False))]

    def __str__(self) -> str:
        return self.number


class Balance(models.Model):
    """What is on hand and promised: the projection of the moves, and the lock of every stock write."""

    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("库位"), related_name="+")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    condition = models.CharField(_("状态"), max_length=10, choices=Condition, default=Condition.GOOD)
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    # True when `lot` is the serial number of one single thing.
    is_serial = models.BooleanField(_("序列号"), default=False)
    on_hand_qty = QuantityField(_("在库"), default=0)
    reserved_qty = QuantityField(_("占用"), default=0)
    min_qty = QuantityField(_("下限"), default=0)
    max_qty = QuantityField(_("上限"), default=0)

    class Meta:
        verbose_name = _("库存")
        constraints = [
            models.UniqueConstraint(fields=["place", "part", "condition", "lot"], name="stock_once"),
            models.CheckConstraint(condition=models.Q(on_hand_qty__gte=0), name="stock_not_negative"),
            models.CheckConstraint(condition=models.Q(reserved_qty__gte=0), name="reserved_not_negative"),
            models.CheckConstraint(
                condition=models.Q(reserved_qty__lte=models.F("on_hand_qty")), name="reserved_in_stock"
            ),
            models.CheckConstraint(
                condition=models.Q(is_serial=False) | models.Q(on_hand_qty__lte=1), name="serial_is_single"
            ),
            models.UniqueConstraint(
                fields=["part", "lot"], condition=models.Q(is_serial=True, on_hand_qty__gt=0), name="serial_in_one_place"
            ),
        ]


class Cost(models.Model):
    """Moving average of a part in a valuation area (branch): value and quantity, exact."""

    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    qty = QuantityField(_("数量"), default=0)
    value_amount = models.DecimalField(_("金额"), max_digits=20, decimal_places=6, default=0)

    class Meta:
        verbose_name = _("成本")
        constraints = [models.UniqueConstraint(fields=["branch", "part"], name="cost_once")]


class Reason(models.TextChoices):
    OPENING = "opening", _("期初")
    RECEIPT = "receipt", _("采购入库")
    SUPPLIER_RETURN = "supplier_return", _("采购退货")
    TRANSFER = "transfer", _("调拨")
    ISSUE = "issue", _("领料")
    RETURN = "return", _("退料")
    USE = "use", _("维修用料")
    USE_WARRANTY = "use_warranty", _("保修更换")
    USE_PAID = "use_paid", _("收费更换")
    UNUSE = "unuse", _("用料退回")
    SALE = "sale", _("配件销售")
    DEALER = "dealer", _("经销商备货")
    OUTLET = "outlet", _("网点供货")
    OLD_PART = "old_part", _("旧件回收")
    COUNT = "count", _("盘点差异")
    SCRAP = "scrap", _("报废")
    STATE = "state", _("状态调整")
    REVERSAL = "reversal", _("冲销")


class StockMove(models.Model):
    """One row of the stock ledger; never changed. A thing goes from a place to a place.

    `unit_cost` is what one unit carried over the border of a valuation area; 0 where no border was crossed.
    """

    at = models.DateTimeField(_("业务时间"))
    # The day on which it stands in the books: its own where that was open, else the day it was written down.
    day = models.DateField(_("入账日"))
    booked_at = models.DateTimeField(_("入账时间"), auto_now_add=True)
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    qty = QuantityField(_("数量"))
    lot = models.CharField(_("批次或序列号"), max_length=60, blank=True)
    from_place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("从"), related_name="+")
    to_place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("到"), related_name="+")
    from_condition = models.CharField(_("原状态"), max_length=10, choices=Condition, default=Condition.GOOD)
    to_condition = models.CharField(_("新状态"), max_length=10, choices=Condition, default=Condition.GOOD)
    unit_cost = models.DecimalField(_("单位成本"), max_digits=18, decimal_places=6, default=0)
    reason = models.CharField(_("出入库类型"), max_length=20, choices=Reason)
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    line = models.CharField(_("行"), max_length=40, blank=True)
    key = models.CharField(_("业务键"), max_length=80)
    memo = models.CharField(_("说明"), max_length=200, blank=True)
    actor_name = models.CharField(_("经办"), max_length=80)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("冲销"), related_name="reversal")

    class Meta:
        verbose_name = _("出入库流水")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "key"], name="move_once"),
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="move_positive"),
        ]
        indexes = [
            models.Index(fields=["part", "-id"], name="move_part"),
            models.Index(fields=["day", "id"], name="move_day"),
            models.Index(fields=["from_place", "-id"], name="move_from"),
            models.Index(fields=["to_place", "-id"], name="move_to"),
        ]
