from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.feedback.lifecycle import Status
from aftercare.foundation.subjects import Subject


class Callback(Subject):
    """回访: one survey of one customer after one service. One per closure cycle of its source."""

    Status = Status

    class Level(models.IntegerChoices):
        VERY_GOOD = 4, _("很满意")
        GOOD = 3, _("满意")
        FAIR = 2, _("一般")
        BAD = 1, _("不满意")

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, verbose_name=_("客户"), related_name="+")
    engineer = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("工程师"), related_name="+")
    source_kind = models.CharField(_("来源种类"), max_length=40)
    source_id = models.BigIntegerField(_("来源"))
    source_number = models.CharField(_("来源单号"), max_length=40)
    cycle = models.PositiveSmallIntegerField(_("轮次"), default=1)
    subject = models.CharField(_("服务内容"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("生成时间"))
    due_at = models.DateTimeField(_("应回访时间"))
    tries = models.PositiveSmallIntegerField(_("拨打次数"), default=0)
    answered_at = models.DateTimeField(_("回访时间"), null=True)
    answered_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("回访员"), related_name="+")
    attitude = models.PositiveSmallIntegerField(_("服务态度"), choices=Level, null=True)
    skill = models.PositiveSmallIntegerField(_("技术水平"), choices=Level, null=True)
    punctuality = models.PositiveSmallIntegerField(_("到达及时"), choices=Level, null=True)
    promise = models.PositiveSmallIntegerField(_("承诺兑现"), choices=Level, null=True)
    comment = models.CharField(_("意见"), max_length=1000, blank=True)
    complaint_number = models.CharField(_("投诉登记"), max_length=24, blank=True)

    class Meta:
        verbose_name = _("回访")
        constraints = [models.UniqueConstraint(fields=["source_kind", "source_id", "cycle"], name="callback_once")]
        indexes = [
            models.Index(fields=["branch", "status", "due_at", "id"], name="callback_queue"),
            models.Index(fields=["due_at", "id"], name="callback_due"),
            models.Index(fields=["due_at", "id"], name="callback_open", condition=models.Q(status="open")),
            models.Index(fields=["due_at"], name="callback_unreached", condition=models.Q(status="unreached")),
            models.Index(fields=["answered_at"], name="callback_answered", condition=models.Q(status="answered")),
        ]

    def mentions(self):
        return [(self.source_kind, self.source_id), ("parties.customer", self.customer_id)]

    def people_shown(self):
        return (self.engineer_id, self.answered_by_id)
