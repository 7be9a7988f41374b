from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.search import SearchField
from aftercare.foundation.subjects import Subject


class Asset(Subject):
    """One unit of a product at an owner, by serial number where it has one (the installed base).

    Unknown days stay empty; a year alone is kept as a year.
    """

    number = models.CharField(_("设备编号"), max_length=24, unique=True)
    product = models.ForeignKey("catalog.Product", models.PROTECT, verbose_name=_("产品"), related_name="+")
    serial = models.CharField(_("序列号"), max_length=60, blank=True)
    serial_key = models.CharField(_("序列号比对"), max_length=60, blank=True, db_index=True, editable=False)
    maker_key = models.CharField(_("厂家比对"), max_length=120, blank=True, editable=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("上级设备"), related_name="components")
    seller = models.CharField(_("销售商"), max_length=120, blank=True)
    order_number = models.CharField(_("销售单号"), max_length=60, blank=True)
    invoice_number = models.CharField(_("发票号"), max_length=60, blank=True)
    invoice_serial = models.CharField(_("发票上的序列号"), max_length=60, blank=True)
    made_on = models.DateField(_("生产日期"), null=True)
    made_year = models.PositiveSmallIntegerField(_("生产年份"), null=True)
    sold_on = models.DateField(_("销售日期"), null=True)
    invoiced_on = models.DateField(_("开票日期"), null=True)
    delivered_on = models.DateField(_("交付日期"), null=True)
    installed_on = models.DateField(_("安装日期"), null=True)
    registered_on = models.DateField(_("登记日期"), null=True)
    place = models.CharField(_("安装地点"), max_length=250, blank=True)
    revision = models.CharField(_("版本级别"), max_length=40, blank=True)
    colour = models.CharField(_("颜色"), max_length=40, blank=True)
    # The newest reading of its counter (prints, hours, cycles), kept from `Reading` for decisions.
    reading = models.PositiveIntegerField(_("读数"), null=True)
    read_on = models.DateField(_("读数日期"), null=True)
    token = models.CharField(_("二维码标识"), max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("建档时间"))
    search = SearchField(_("搜索词"))

    class Meta:
        verbose_name = _("设备档案")
        constraints = [
            models.UniqueConstraint(
                fields=["maker_key", "serial_key"], name="serial_once_per_maker", condition=~models.Q(serial_key="")
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="asset_customer"),
            models.Index(fields=["-created_at", "-id"], name="asset_new"),
        ]

    def mentions(self):
        return [("parties.customer", self.customer_id)]


class Ownership(models.Model):
    """Who owned the unit from when to when (empty `from_on`: unknown since when); the newest one is open."""

    asset = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("设备"), related_name="ownerships")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, verbose_name=_("客户"), related_name="+")
    from_on = models.DateField(_("起"), null=True)
    to_on = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("所有权")
        constraints = [
            models.UniqueConstraint(fields=["asset"], name="one_owner_now", condition=models.Q(to_on=None))
        ]


class Reading(models.Model):
    """What a unit's counter showed on a day, as somebody claimed it. Append-only; the newest day counts."""

    asset = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("设备"), related_name="readings")
    value = models.PositiveIntegerField(_("读数"))
    on = models.DateField(_("读数日期"))
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("时间"))
    actor_name = models.CharField(_("经办"), max_length=80)

    class Meta:
        verbose_name = _("读数")
        indexes = [models.Index(fields=["asset", "-on", "-id"], name="reading_newest")]


class Placement(models.Model):
    """In which unit a component sat from when to when (empty `from_on`: unknown since when); the newest one is open."""

    component = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("部件"), related_name="placements")
    unit = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("所在设备"), related_name="contents")
    from_on = models.DateField(_("起"), null=True)
    to_on = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("部件位置")
        constraints = [
            models.UniqueConstraint(fields=["component"], name="one_place_now", condition=models.Q(to_on=None))
        ]


class Swap(models.Model):
    """One component taken out of a unit and another put in, for a document. Append-only; undone by a reversal."""

    unit = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("设备"), related_name="swaps")
    old = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("拆下的部件"), related_name="+")
    new = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("装上的部件"), related_name="+")
    on = models.DateField(_("更换日期"))
    # Whether the part taken out stayed with the customer.
    is_old_kept = models.BooleanField(_("旧件留给客户"), default=False)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("冲销"), related_name="reversal")
    made_at = models.DateTimeField(_("时间"))
    actor_name = models.CharField(_("经办"), max_length=80)

    class Meta:
        verbose_name = _("部件更换")
        indexes = [models.Index(fields=["source_kind", "source_id"], name="swap_source")]
