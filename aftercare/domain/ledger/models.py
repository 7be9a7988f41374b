from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.money import MoneyField


class Chart(models.TextChoices):
    """The accounts that every installation has."""

    RECEIVABLE = "receivable", _("应收客户款")
    ENGINEER_CASH = "engineer_cash", _("工程师手中现金")
    CASH_DESK = "cash_desk", _("现金")
    BANK = "bank", _("银行存款")
    SUPPLIER_CLAIM = "supplier_claim", _("应收供应商索赔")
    OUTLET_CLAIM = "outlet_claim", _("应收网点承担")
    PAYABLE = "payable", _("应付账款")
    PURCHASES = "purchases", _("材料采购")
    INPUT_TAX = "input_tax", _("进项税额")
    PRICE_DIFFERENCE = "price_difference", _("采购价差")
    DISCOUNTS = "discounts", _("减免")
    WARRANTY_COST = "warranty_cost", _("保修成本")
    CONTRACT_COST = "contract_cost", _("合同服务成本")
    COMPANY_COST = "company_cost", _("公司承担成本")
    REVENUE_LABOUR = "revenue_labour", _("人工费收入")
    REVENUE_PART = "revenue_part", _("配件费收入")
    REVENUE_TRAVEL = "revenue_travel", _("上门费收入")
    REVENUE_INSPECTION = "revenue_inspection", _("检测费收入")
    REVENUE_CONTRACT = "revenue_contract", _("维保合同收入")
    REVENUE_OTHER = "revenue_other", _("其他收入")
    STOCK = "stock", _("库存商品")
    COST_SALES = "cost_sales", _("配件销售成本")
    OUTLET_ACCOUNT = "outlet_account", _("网点往来")
    SUPPLY_CLEARING = "supply_clearing", _("网点供货待结")


class Account(models.Model):
    """Where money stands: receivable, cash in the engineer's hand, cash desk, bank, revenue, warranty cost …"""

    code = models.CharField(_("科目"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        verbose_name = _("科目")


class Entry(models.Model):
    """One booking; its lines sum to zero per currency. Append-only; mended by one reversal."""

    at = models.DateTimeField(_("业务时间"))
    day = models.DateField(_("入账日"), db_index=True)
    booked_at = models.DateTimeField(_("入账时间"), auto_now_add=True)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    key = models.CharField(_("业务键"), max_length=80)
    memo = models.CharField(_("摘要"), max_length=200, blank=True)
    actor_name = models.CharField(_("经办"), max_length=80)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, verbose_name=_("冲销"), related_name="reversal")

    class Meta:
        verbose_name = _("凭证")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "key"], name="entry_once"),
        ]


class Line(models.Model):
    """One side of a booking: positive debits, negative credits the account of that party."""

    entry = models.ForeignKey(Entry, models.PROTECT, verbose_name=_("凭证"), related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("科目"), related_name="+")
    party_kind = models.CharField(_("往来种类"), max_length=40, blank=True)
    party_id = models.BigIntegerField(_("往来"), default=0)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    amount = MoneyField(_("金额"))

    class Meta:
        verbose_name = _("分录")
        indexes = [models.Index(fields=["account", "party_kind", "party_id", "id"], name="line_party")]


class Balance(models.Model):
    """What the lines of an account and party sum to: a projection that a check rebuilds and compares."""

    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("科目"), related_name="+")
    party_kind = models.CharField(_("往来种类"), max_length=40, blank=True)
    party_id = models.BigIntegerField(_("往来"), default=0)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    amount = MoneyField(_("余额"), default=0)

    class Meta:
        verbose_name = _("余额")
        constraints = [
            models.UniqueConstraint(fields=["account", "party_kind", "party_id", "currency"], name="balance_once")
        ]


class Period(models.Model):
    """Bookings on or before this day are refused for the branch (or all, when empty)."""

    branch = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("机构"), related_name="+")
    closed_to = models.DateField(_("已结账至"))
    closed_at = models.DateTimeField(_("结账时间"))
    closed_by = models.CharField(_("结账人"), max_length=80)

    class Meta:
        verbose_name = _("会计期间")
