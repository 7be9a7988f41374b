"""Consumer-rights rules, and what customers claimed under them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.entitlement.lifecycle.rights import RightStatus, RuleStatus
from aftercare.domain.entitlement.models.terms import Term
from aftercare.foundation.money import MoneyField
from aftercare.foundation.subjects import Subject


class RightRule(Subject):
    """三包规则: one condition of a legal text, what may be asked for under it, and where the text says so.

    A rule that nobody has checked is used, and says so wherever it is told.
    """

    is_setting = True
    Status = RuleStatus

    class Kind(models.TextChoices):
        EARLY = "early", _("购买初期出现故障")
        PERIOD = "period", _("三包有效期内出现故障")
        REPEAT = "repeat", _("同一故障多次修理")
        SLOW_PARTS = "slow_parts", _("待配件超期")
        SLOW_REPAIR = "slow_repair", _("修理超期")
        DISTANCE = "distance", _("远程购物无理由退货")

    # From which set of texts it was loaded, so that loading again changes nothing; empty for one made by hand.
    key = models.CharField(_("来源键"), max_length=120, blank=True, editable=False)
    status = models.CharField(_("状态"), max_length=8, choices=RuleStatus, default=RuleStatus.DRAFT)
    name = models.CharField(_("规则"), max_length=120)
    law = models.CharField(_("法规"), max_length=120)
    article = models.CharField(_("条款号"), max_length=60, blank=True)
    kind_of = models.CharField(_("情形"), max_length=12, choices=Kind)
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, verbose_name=_("品类"), related_name="+")
    components = models.JSONField(_("主要部件"), default=list)
    remedies = models.JSONField(_("可以主张"), default=list)
    starts = models.CharField(_("起算"), max_length=12, choices=Term.Start, default=Term.Start.INVOICE)
    months = models.PositiveSmallIntegerField(_("月数"), default=0)
    days = models.PositiveSmallIntegerField(_("天数"), default=0)
    repairs = models.PositiveSmallIntegerField(_("修理次数"), default=2)
    limit_days = models.PositiveSmallIntegerField(_("修理期限（天）"), default=0)
    day_rate = models.DecimalField(_("日折旧率（%）"), max_digits=6, decimal_places=3, null=True)
    is_put_off = models.BooleanField(_("扣除修理占用时间"), default=True)
    is_fallback = models.BooleanField(_("仅在没有其他规定时适用"), default=False)
    proofs = models.JSONField(_("所需凭证"), default=list)
    exclusions = models.JSONField(_("丧失权利的情形"), default=list)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    checked_by = models.CharField(_("核对人"), max_length=80, blank=True)
    checked_at = models.DateTimeField(_("核对时间"), null=True)

    class Meta:
        verbose_name = _("三包规则")
        constraints = [models.UniqueConstraint(fields=["key"], name="right_rule_loaded_once", condition=~models.Q(key=""))]

    def __str__(self) -> str:
        return self.name


class RightClaim(Subject):
    """三包诉求: what a customer asked for, what the rules said on that day, and what we answered."""

    Status = RightStatus

    class Remedy(models.TextChoices):
        REFUND = "refund", pgettext_lazy("right", "退货")
        EXCHANGE = "exchange", pgettext_lazy("right", "换货")
        REFUND_LESS = "refund_less", pgettext_lazy("right", "退货（扣折旧）")
        REPAIR = "repair", pgettext_lazy("right", "免费修理")

    number = models.CharField(_("诉求号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=RightStatus, default=RightStatus.CLAIMED)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, verbose_name=_("设备"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    source_number = models.CharField(_("来源单号"), max_length=40, blank=True)
    remedy = models.CharField(_("诉求"), max_length=12, choices=Remedy)
    fault = models.ForeignKey("catalog.Code", models.PROTECT, null=True, verbose_name=_("故障代码"), related_name="+")
    component = models.CharField(_("故障部件"), max_length=80, blank=True)
    claimant = models.CharField(_("提出人"), max_length=80, blank=True)
    told = models.CharField(_("客户陈述"), max_length=500, blank=True)
    proofs = models.JSONField(_("已出示凭证"), default=list)
    exclusions = models.JSONField(_("认定的丧失权利情形"), default=list)
    is_distance = models.BooleanField(_("远程购买"), default=False)
    price_amount = MoneyField(_("发票价格"), null=True)
    fee_amount = MoneyField(_("折旧费"), null=True)
    # The day whose rights count: the one on which the customer asked, however late we answer.
    claimed_on = models.DateField(_("提出日期"))
    claimed_at = models.DateTimeField(_("登记时间"))
    claimed_by = models.CharField(_("登记人"), max_length=80, blank=True)
    ruling = models.JSONField(_("规则判定"), default=dict)
    reply = models.CharField(_("答复"), max_length=500, blank=True)
    is_against_rule = models.BooleanField(_("与规则不符"), default=False)
    decided_at = models.DateTimeField(_("答复时间"), null=True)
    decided_by = models.CharField(_("答复人"), max_length=80, blank=True)
    note = models.CharField(_("办理结果"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("三包诉求")
        constraints = [
            # The same right of a unit is asked for once at a time.
            models.UniqueConstraint(fields=["asset", "remedy"], name="right_claim_open_once", condition=models.Q(status="claimed")),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="right_branch"),
            models.Index(fields=["status", "-id"], name="right_status"),
            models.Index(fields=["customer", "-id"], name="right_customer"),
            models.Index(fields=["source_kind", "source_id"], name="right_source"),
        ]

    def mentions(self):
        own = [("assets.asset", self.asset_id), ("parties.customer", self.customer_id)]
        return [*own, (self.source_kind, self.source_id)] if self.source_kind else own
