from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.money import MoneyField
from aftercare.foundation.search import SearchField
from aftercare.foundation.subjects import Subject


class Customer(Subject):
    """A person, company, dealer or store that we serve."""

    class Kind(models.TextChoices):
        PERSON = "person", _("个人")
        COMPANY = "company", _("单位")
        DEALER = "dealer", _("经销商")
        STORE = "store", _("门店")

    number = models.CharField(_("客户编号"), max_length=24, unique=True)
    kind_of = models.CharField(_("类型"), max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("名称"), max_length=120)
    name_key = models.CharField(_("名称比对"), max_length=120, db_index=True, editable=False)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    grade = models.CharField(_("等级"), max_length=20, blank=True)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    region = models.ForeignKey("people.Region", models.PROTECT, null=True, verbose_name=_("区域"), related_name="+")
    address = models.CharField(_("地址"), max_length=250, blank=True)
    group = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("所属集团"), related_name="members")
    credit_limit_amount = MoneyField(_("信用额度"), default=0)
    credit_days = models.PositiveSmallIntegerField(_("账期（天）"), default=0)
    tags = models.JSONField(_("标签"), default=list)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    consent_at = models.DateTimeField(_("同意联系的时间"), null=True)
    consent_channel = models.CharField(_("同意的渠道"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("建档时间"))
    search = SearchField(_("搜索词"))

    class Meta:
        verbose_name = _("客户")
        indexes = [models.Index(fields=["-created_at", "-id"], name="customer_new"),
                   models.Index(fields=["branch", "-created_at", "-id"], name="customer_branch_new")]

    def __str__(self) -> str:
        return self.name


class Phone(models.Model):
    """A telephone number of a customer; `digits` is what is compared, `tail` its reverse for the last digits."""

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("客户"), related_name="phones")
    shown = models.CharField(_("电话"), max_length=30)
    digits = models.CharField(_("数字"), max_length=20, db_index=True)
    tail = models.CharField(_("倒序数字"), max_length=20, db_index=True)
    label = models.CharField(_("说明"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("电话")
        constraints = [models.UniqueConstraint(fields=["customer", "digits"], name="phone_once_per_customer")]


class Address(models.Model):
    """A further address (site) of a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("客户"), related_name="addresses")
    label = models.CharField(_("说明"), max_length=20, blank=True)
    region = models.ForeignKey("people.Region", models.PROTECT, null=True, verbose_name=_("区域"), related_name="+")
    text = models.CharField(_("地址"), max_length=250)

    class Meta:
        verbose_name = _("地址")


class Person(models.Model):
    """Someone to speak to at a company, dealer or store."""

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("客户"), related_name="persons")
    name = models.CharField(_("姓名"), max_length=60)
    role = models.CharField(_("职务"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("联系人")


class Supplier(Subject):
    """供应商: from whom parts are bought, and on what terms. A register of the whole company."""

    number = models.CharField(_("供应商编号"), max_length=24, unique=True)
    name = models.CharField(_("供应商"), max_length=120)
    name_key = models.CharField(_("名称比对"), max_length=120, unique=True, editable=False)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    address = models.CharField(_("地址"), max_length=250, blank=True)
    tax_number = models.CharField(_("纳税人识别号"), max_length=30, blank=True)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    tax_percent = models.DecimalField(_("税率（%）"), max_digits=5, decimal_places=2, default=13)
    lead_days = models.PositiveSmallIntegerField(_("交货期（天）"), default=7)
    payment_days = models.PositiveSmallIntegerField(_("付款期（天）"), default=30)
    is_active = models.BooleanField(_("启用"), default=True)
    remark = models.CharField(_("备注"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("建档时间"))
    search = SearchField(_("搜索词"))

    class Meta:
        verbose_name = _("供应商")

    def __str__(self) -> str:
        return self.name


class Flag(models.Model):
    """A warning on a customer, with its reason and the day on which it ends by itself (empty: until it is lifted)."""

    class Kind(models.TextChoices):
        BLOCK = "block", _("停止服务")
        ABUSE = "abuse", _("滥用保修")
        WATCH = "watch", _("注意")

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("客户"), related_name="flags")
    kind_of = models.CharField(_("标记"), max_length=8, choices=Kind)
    reason = models.CharField(_("理由"), max_length=200)
    until_on = models.DateField(_("到期日"), null=True)
    made_at = models.DateTimeField(_("时间"))
    actor_name = models.CharField(_("经办"), max_length=80)
    lifted_at = models.DateTimeField(_("解除时间"), null=True)
    lifted_by = models.CharField(_("解除人"), max_length=80, blank=True)
    lift_reason = models.CharField(_("解除理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("客户标记")
        indexes = [models.Index(fields=["customer", "lifted_at"], name="flag_in_force")]
