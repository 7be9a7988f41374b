from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.search import SearchField
from aftercare.foundation.subjects import Subject


class Category(Subject):
    """A node of the category tree of products."""

    is_setting = True

    code = models.CharField(_("编码"), max_length=40, unique=True)
    name = models.CharField(_("品类"), max_length=80)
    name_key = models.CharField(_("名称比对"), max_length=80, unique=True, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("上级"), related_name="children")
    needs_certificate = models.BooleanField(_("须持证上岗"), default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("并入"), related_name="merged")
    is_active = models.BooleanField(_("启用"), default=True)
    uses = models.PositiveIntegerField(_("使用次数"), default=0)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("品类")

    def __str__(self) -> str:
        return self.name


class Product(Subject):
    """A model that is sold. `title_key` is its folded name, `name_key` the same with the brand: unique."""

    code = models.CharField(_("型号"), max_length=80, blank=True)
    name = models.CharField(_("产品"), max_length=160)
    name_key = models.CharField(_("名称比对"), max_length=300, unique=True, editable=False)
    title_key = models.CharField(_("型号比对"), max_length=160, blank=True, db_index=True, editable=False)
    aliases = models.JSONField(_("别名"), default=list)
    alias_keys = models.TextField(_("别名比对"), blank=True, editable=False)
    brand = models.CharField(_("品牌"), max_length=120, blank=True)
    maker = models.CharField(_("生产厂家"), max_length=120, blank=True)
    unit = models.CharField(_("单位"), max_length=10, default="台")
    category = models.ForeignKey(Category, models.PROTECT, null=True, verbose_name=_("品类"), related_name="products")
    gtin = models.CharField(_("商品条码"), max_length=14, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("并入"), related_name="merged")
    is_active = models.BooleanField(_("启用"), default=True)
    is_new = models.BooleanField(_("新词条"), default=False)
    uses = models.PositiveIntegerField(_("使用次数"), default=0)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)
    search = SearchField(_("搜索词"))

    class Meta:
        verbose_name = _("产品")
        indexes = [
            models.Index(fields=["-uses", "id"], name="product_uses"),
            models.Index(fields=["gtin"], name="product_gtin", condition=~models.Q(gtin="")),
        ]

    def __str__(self) -> str:
        return self.name


class Part(Subject):
    """What is stocked and used in repair."""

    code = models.CharField(_("配件编码"), max_length=60, unique=True)
    name = models.CharField(_("配件"), max_length=120)
    unit = models.CharField(_("单位"), max_length=10, default="个")
    category = models.ForeignKey(Category, models.PROTECT, null=True, verbose_name=_("适用品类"), related_name="parts")
    price_amount = MoneyField(_("单价"), default=0)
    gtin = models.CharField(_("商品条码"), max_length=14, blank=True)
    is_serial = models.BooleanField(_("按序列号管理"), default=False)
    is_lot = models.BooleanField(_("按批次管理"), default=False)
    is_returnable = models.BooleanField(_("旧件返还"), default=False)
    warranty_months = models.PositiveSmallIntegerField(_("配件保修月数"), default=3)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("并入"), related_name="merged")
    is_active = models.BooleanField(_("启用"), default=True)
    uses = models.PositiveIntegerField(_("使用次数"), default=0)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)
    search = SearchField(_("搜索词"))

    class Meta:
        verbose_name = _("配件")
        indexes = [models.Index(fields=["gtin"], name="part_gtin", condition=~models.Q(gtin=""))]

    def __str__(self) -> str:
        return self.name


class Code(Subject):
    """A dictionary entry: fault, cause, solution, colour … of a category or of all."""

    class Kind(models.TextChoices):
        FAULT = "fault", _("故障现象")
        CAUSE = "cause", _("故障原因")
        SOLUTION = "solution", _("解决措施")
        COLOUR = "colour", _("颜色")
        GRADE = "grade", _("客户等级")
        BARRIER = "barrier", _("不能修复的原因")

    kind_of = models.CharField(_("词典"), max_length=10, choices=Kind)
    code = models.CharField(_("编码"), max_length=40, blank=True)
    name = models.CharField(_("词条"), max_length=160)
    name_key = models.CharField(_("名称比对"), max_length=160, editable=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, verbose_name=_("品类"), related_name="codes")
    aliases = models.JSONField(_("别名"), default=list)
    alias_keys = models.TextField(_("别名比对"), blank=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("并入"), related_name="merged")
    is_active = models.BooleanField(_("启用"), default=True)
    is_new = models.BooleanField(_("新词条"), default=False)
    uses = models.PositiveIntegerField(_("使用次数"), default=0)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("词条")
        constraints = [models.UniqueConstraint(fields=["kind_of", "name_key"], name="code_once")]
        indexes = [models.Index(fields=["kind_of", "-uses", "id"], name="code_uses")]

    def __str__(self) -> str:
        return self.name


class WorkType(Subject):
    """工种: what kind of job it is; carries its usual time and its time limits."""

    is_setting = True

    code = models.CharField(_("编码"), max_length=20, unique=True)
    name = models.CharField(_("工种"), max_length=60)
    minutes = models.PositiveSmallIntegerField(_("标准工时（分）"), default=60)
    is_repair = models.BooleanField(_("维修类"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    name_key = models.CharField(_("名称比对"), max_length=60, blank=True, editable=False)
    uses = models.PositiveIntegerField(_("使用次数"), default=0)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("工种")
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="work_type_once", condition=~models.Q(name_key=""))
        ]

    def __str__(self) -> str:
        return self.name


class ServiceLevel(Subject):
    """服务时限: limits for arrival and for repair in working minutes; an empty column means any."""

    is_setting = True

    work_type = models.ForeignKey(WorkType, models.PROTECT, null=True, verbose_name=_("工种"))
    category = models.ForeignKey(Category, models.PROTECT, null=True, verbose_name=_("品类"))
    is_urban = models.BooleanField(_("城区"), null=True)
    urgent = models.BooleanField(_("加急"), default=False)
    respond_minutes = models.PositiveIntegerField(_("到达时限（工作分钟）"))
    repair_minutes = models.PositiveIntegerField(_("修复时限（工作分钟）"))

    class Meta:
        verbose_name = _("服务时限")


class LabourPrice(Subject):
    """A line of the fee schedule; an empty column means any; the most specific valid line wins."""

    is_setting = True

    class Fee(models.TextChoices):
        LABOUR = "labour", _("人工费")
        TRAVEL = "travel", _("上门费")
        INSPECTION = "inspection", _("检测费")
        DISTANCE = "distance", _("远程费")
        TIME = "time", _("超时工时费")
        HOLIDAY = "holiday", _("节假日加价")
        NIGHT = "night", _("夜间加价")

    work_type = models.ForeignKey(WorkType, models.PROTECT, null=True, verbose_name=_("工种"))
    category = models.ForeignKey(Category, models.PROTECT, null=True, verbose_name=_("品类"))
    region = models.ForeignKey("people.Region", models.PROTECT, null=True, verbose_name=_("区域"), related_name="+")
    is_urban = models.BooleanField(_("城区"), null=True)
    customer_grade = models.CharField(_("客户等级"), max_length=20, blank=True)
    customer_kind = models.CharField(_("客户类型"), max_length=8, blank=True)
    service_class = models.CharField(_("服务类别"), max_length=1, blank=True)
    fee = models.CharField(_("费用种类"), max_length=10, choices=Fee, default=Fee.LABOUR)
    amount = MoneyField(_("金额"))
    # Of a surcharge: percent of the labour fee instead of an amount.
    percent = models.DecimalField(_("按人工费（%）"), max_digits=6, decimal_places=3, null=True)
    # Of the distance fee: the band, above the first kilometre and up to the last.
    from_km = models.PositiveSmallIntegerField(_("超过公里"), null=True)
    to_km = models.PositiveSmallIntegerField(_("至公里"), null=True)
    # Of the time fee: the amount is for each started period of so many minutes beyond the work type's usual ones.
    per_minutes = models.PositiveSmallIntegerField(_("每（分钟）"), null=True)
    # Of the night surcharge: local time of arrival.
    from_time = models.TimeField(_("自"), null=True)
    to_time = models.TimeField(_("至"), null=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("工时价")


class PartPrice(Subject):
    """A dated price of a part; before the first one the part's own price holds."""

    part = models.ForeignKey(Part, models.PROTECT, verbose_name=_("配件"), related_name="prices")
    customer_grade = models.CharField(_("客户等级"), max_length=20, blank=True)
    customer_kind = models.CharField(_("客户类型"), max_length=8, blank=True)
    amount = MoneyField(_("金额"))
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)

    class Meta:
        verbose_name = _("配件价")


class Pack(models.Model):
    """How a part comes besides its base unit: a box of 12, with the article code printed on it."""

    part = models.ForeignKey(Part, models.PROTECT, verbose_name=_("配件"), related_name="packs")
    name = models.CharField(_("包装"), max_length=20)
    per_qty = QuantityField(_("每包装数量"))
    gtin = models.CharField(_("商品条码"), max_length=14, blank=True)

    class Meta:
        verbose_name = _("包装")
        constraints = [
            models.UniqueConstraint(fields=["part", "name"], name="pack_once"),
            models.UniqueConstraint(fields=["gtin"], name="pack_gtin_once", condition=~models.Q(gtin="")),
            models.CheckConstraint(condition=models.Q(per_qty__gt=0), name="pack_positive"),
        ]


class ArticleCode(models.Model):
    """A further code (GTIN) under which a part in its base unit, or a product, comes: another maker's, an older print."""

    gtin = models.CharField(_("商品条码"), max_length=14, unique=True)
    part = models.ForeignKey(Part, models.PROTECT, null=True, verbose_name=_("配件"), related_name="article_codes")
    product = models.ForeignKey(Product, models.PROTECT, null=True, verbose_name=_("产品"), related_name="article_codes")
    note = models.CharField(_("备注"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("另有条码")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(part=None, product__isnull=False) | models.Q(part__isnull=False, product=None),
                name="article_code_of_one",
            )
        ]


class Fitting(models.Model):
    """A line of a product's bill of material: which part sits where in it, and how many."""

    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("产品"), related_name="fittings")
    part = models.ForeignKey(Part, models.PROTECT, verbose_name=_("配件"), related_name="fittings")
    position = models.CharField(_("位置"), max_length=40, blank=True)
    qty = QuantityField(_("数量"), default=1)
    note = models.CharField(_("备注"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("物料清单")
        constraints = [
            models.UniqueConstraint(fields=["product", "part", "position"], name="fitting_once"),
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="fitting_positive"),
        ]


class Substitute(models.Model):
    """What may be used instead of a part, the lowest rank first; `is_mutual` when each may stand for the other."""

    part = models.ForeignKey(Part, models.PROTECT, verbose_name=_("配件"), related_name="substitutes")
    substitute = models.ForeignKey(Part, models.PROTECT, verbose_name=_("替代件"), related_name="+")
    rank = models.PositiveSmallIntegerField(_("顺序"), default=1)
    is_mutual = models.BooleanField(_("互为替代"), default=False)
    note = models.CharField(_("备注"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("替代件")
        constraints = [
            models.UniqueConstraint(fields=["part", "substitute"], name="substitute_once"),
            models.CheckConstraint(condition=~models.Q(part=models.F("substitute")), name="substitute_is_another"),
        ]
