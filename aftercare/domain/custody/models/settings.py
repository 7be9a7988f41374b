from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.money import MoneyField
from aftercare.foundation.subjects import Subject


class CustodyRule(Subject):
    """The company's rules of custody, or those of one branch where they differ. Days count whole days since 'ready'."""

    is_setting = True

    class Leaving(models.TextChoices):
        BLOCK = "block", _("不得离职")
        WARN = "warn", _("提醒，可写明原因继续")

    branch = models.OneToOneField("people.Branch", models.PROTECT, null=True, verbose_name=_("机构"), related_name="+")
    first_days = models.PositiveSmallIntegerField(_("第一次提醒（天）"), default=15)
    second_days = models.PositiveSmallIntegerField(_("第二次提醒（天）"), default=30)
    notice_days = models.PositiveSmallIntegerField(_("催领通知书（天）"), default=60)
    wait_days = models.PositiveSmallIntegerField(_("通知后可处置（天）"), default=60)
    loan_days = models.PositiveSmallIntegerField(_("备用机借期（天）"), default=15)
    deposit_percent = models.PositiveSmallIntegerField(_("押金占价值（%）"), default=30)
    least_deposit_amount = MoneyField(_("最低押金"), default=0)
    paper_days = models.PositiveSmallIntegerField(_("资料借期（天）"), default=7)
    overdue_days = models.PositiveSmallIntegerField(_("逾期催还间隔（天）"), default=3)
    calibration_days = models.PositiveSmallIntegerField(_("校准到期提醒（天）"), default=30)
    leaving = models.CharField(_("离职时有未还物品"), max_length=8, choices=Leaving, default=Leaving.BLOCK)

    class Meta:
        verbose_name = _("保管规则")
        constraints = [models.UniqueConstraint(models.Value(1), name="custody_rule_company", condition=models.Q(branch=None))]
