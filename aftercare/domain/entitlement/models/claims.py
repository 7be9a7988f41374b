from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement.lifecycle.claims import ClaimStatus
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.subjects import Subject


class ClaimAgreement(Subject):
    """索赔约定: who reimburses warranty work on which brands, and how much of what it cost us."""

    is_setting = True

    # The supplier of the register; where there is none, `name` alone says who it is. Else it repeats his name.
    supplier = models.OneToOneField("parties.Supplier", models.PROTECT, null=True, verbose_name=_("供应商档案"), related_name="+")
    name = models.CharField(_("供应商"), max_length=120, unique=True)
    brands = models.JSONField(_("品牌"), default=list)
    part_percent = models.DecimalField(_("配件赔付比例"), max_digits=5, decimal_places=2, default=100)
    labour_percent = models.DecimalField(_("人工赔付比例"), max_digits=5, decimal_places=2, default=100)
    travel_percent = models.DecimalField(_("上门赔付比例"), max_digits=5, decimal_places=2, default=100)
    contact = models.CharField(_("联系方式"), max_length=200, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("索赔约定")

    def __str__(self) -> str:
        return self.name


class SupplierClaim(Subject):
    """索赔单: what one supplier is asked to reimburse, sent to him together and answered line by line."""

    Status = ClaimStatus

    number = models.CharField(_("索赔单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=ClaimStatus, default=ClaimStatus.OPEN)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    agreement = models.ForeignKey(ClaimAgreement, models.PROTECT, verbose_name=_("供应商"), related_name="claims")
    claimed_amount = MoneyField(_("索赔金额"), default=0)
    cost_amount = MoneyField(_("成本"), default=0)
    accepted_amount = MoneyField(_("认可金额"), default=0)
    reimbursed_amount = MoneyField(_("赔付金额"), default=0)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    created_at = models.DateTimeField(_("建立时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    reimbursed_at = models.DateTimeField(_("赔付时间"), null=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("索赔单")
        indexes = [
            models.Index(fields=["branch", "-id"], name="claim_branch"),
            models.Index(fields=["agreement", "-id"], name="claim_supplier"),
        ]


class ClaimLine(models.Model):
    """索赔明细: one charge of an audited order that the supplier should bear, with what it cost us.

    `claim` is empty until it is batched. A line that was not sent is taken off when its audit is reversed; one that was
    sent stays and is marked. The same charge of the same round of audit is collected once.
    """

    class Kind(models.TextChoices):
        PART = "part", _("配件费")
        LABOUR = "labour", _("人工费")
        TRAVEL = "travel", _("上门费")
        OTHER = "other", _("其他")

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("认可")
        PARTLY = "partly", _("部分认可")
        REJECTED = "rejected", _("拒绝")

    claim = models.ForeignKey(SupplierClaim, models.PROTECT, null=True, verbose_name=_("索赔单"), related_name="lines")
    agreement = models.ForeignKey(ClaimAgreement, models.PROTECT, null=True, verbose_name=_("供应商"), related_name="+")
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    round = models.PositiveSmallIntegerField(_("审核轮次"), default=1)
    line = models.CharField(_("行"), max_length=40)
    kind_of = models.CharField(_("种类"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    qty = QuantityField(_("数量"), default=1)
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, verbose_name=_("设备"), related_name="+")
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True, verbose_name=_("产品"), related_name="+")
    fault = models.CharField(_("故障"), max_length=160, blank=True)
    # Where the charge was booked at the audit, and how much: what the claim takes over from there.
    account = models.CharField(_("科目"), max_length=24)
    party_kind = models.CharField(_("往来种类"), max_length=40, blank=True)
    party_id = models.BigIntegerField(_("往来"), default=0)
    booked_amount = MoneyField(_("入账金额"))
    cost_amount = MoneyField(_("成本"))
    claimed_amount = MoneyField(_("索赔金额"))
    audited_on = models.DateField(_("审核日"))
    answer = models.CharField(_("答复"), max_length=10, choices=Answer, blank=True)
    accepted_amount = MoneyField(_("认可金额"), default=0)
    answer_reason = models.CharField(_("答复理由"), max_length=200, blank=True)
    is_dropped = models.BooleanField(_("已撤下"), default=False)
    is_reversed = models.BooleanField(_("审核已冲销"), default=False)

    class Meta:
        verbose_name = _("索赔明细")
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "round", "line"], name="claim_line_once"),
            # Over all rounds: a charge that lies in a claim, or waits for one, is not claimed a second time.
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "line"], name="claim_line_live_once",
                condition=models.Q(is_dropped=False),
            ),
        ]
        indexes = [
            models.Index(fields=["agreement", "id"], name="claim_line_waiting", condition=models.Q(claim=None, is_dropped=False)),
            models.Index(fields=["claim", "id"], name="claim_line_claim"),
            models.Index(fields=["audited_on", "id"], name="claim_line_day"),
        ]
