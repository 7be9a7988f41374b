from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.custody.lifecycle import HoldingStatus
from aftercare.foundation.money import MoneyField
from aftercare.foundation.subjects import Subject

_OPEN = models.Q(status__in=["out", "checking"])


def _one_of(kind: str, holder: str) -> models.Q:
    """That kind of thing is named and no other, and so is who has it."""
    things = {f"{name}__isnull": name != kind for name in ("loaner", "tool", "paper")}
    return models.Q(kind_of=kind, **things, customer__isnull=holder != "customer", employee__isnull=holder != "employee")


class Holding(Subject):
    """借出领用: the ledger of our own things with others, a row each time. The database allows one open row per thing."""

    Status = HoldingStatus

    class Kind(models.TextChoices):
        LOANER = "loaner", _("备用机")
        TOOL = "tool", _("工具仪器")
        PAPER = "paper", _("借阅资料")

    number = models.CharField(_("单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=HoldingStatus, default=HoldingStatus.OUT)
    kind_of = models.CharField(_("种类"), max_length=8, choices=Kind)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    loaner = models.ForeignKey("custody.Loaner", models.PROTECT, null=True, verbose_name=_("备用机"), related_name="holdings")
    tool = models.ForeignKey("custody.Tool", models.PROTECT, null=True, verbose_name=_("工具仪器"), related_name="holdings")
    paper = models.ForeignKey("custody.Paper", models.PROTECT, null=True, verbose_name=_("借阅资料"), related_name="holdings")
    # As it was called when it was given; stands on printed sheets.
    item = models.CharField(_("物品"), max_length=200)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    employee = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("持有人"), related_name="+")
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    source_number = models.CharField(_("来源单号"), max_length=40, blank=True)
    out_at = models.DateTimeField(_("发出时间"))
    out_by = models.CharField(_("发出人"), max_length=80)
    out_state = models.CharField(_("发出时成色"), max_length=200, blank=True)
    accessories = models.JSONField(_("随机附件"), default=list)
    due_on = models.DateField(_("应还日期"), null=True)
    deposit_amount = MoneyField(_("押金"), default=0)
    # By hand on a screen, or the holder's own word in his sign-in.
    signed_name = models.CharField(_("签收人"), max_length=80, blank=True)
    acknowledged_at = models.DateTimeField(_("确认时间"), null=True)
    reminders = models.PositiveSmallIntegerField(_("催还次数"), default=0)
    reminded_on = models.DateField(_("上次催还"), null=True)
    back_at = models.DateTimeField(_("归还时间"), null=True)
    back_by = models.CharField(_("接收人"), max_length=80, blank=True)
    in_state = models.CharField(_("归还时成色"), max_length=200, blank=True)
    missing = models.JSONField(_("缺少附件"), default=list)
    damage = models.CharField(_("损坏情况"), max_length=200, blank=True)
    compensation_amount = MoneyField(_("赔偿"), default=0)
    note = models.CharField(_("备注"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("借出领用")
        constraints = [
            *(
                models.UniqueConstraint(fields=[name], name=f"holding_{name}_once", condition=_OPEN & models.Q(**{f"{name}__isnull": False}))
                for name in ("loaner", "tool", "paper")
            ),
            models.CheckConstraint(
                name="holding_one_thing", condition=_one_of("loaner", "customer") | _one_of("tool", "employee") | _one_of("paper", "employee")
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "status"], name="holding_employee"),
            models.Index(fields=["customer", "-id"], name="holding_customer"),
            models.Index(fields=["source_kind", "source_id"], name="holding_source"),
            models.Index(fields=["branch", "-id"], name="holding_branch"),
            models.Index(fields=["due_on"], name="holding_due", condition=models.Q(status="out")),
        ]

    def people_shown(self):
        return (self.employee_id,)

    @property
    def holder(self) -> str:
        """Who has it, by name."""
        return self.customer.name if self.customer_id else self.employee.name

    @property
    def thing_kind(self) -> str:
        """`custody.loaner`, `custody.tool` or `custody.paper`."""
        return f"custody.{self.kind_of}"

    @property
    def thing_id(self) -> int:
        """The thing's id in its own register."""
        return getattr(self, f"{self.kind_of}_id")

    def mentions(self):
        return [
            (self.thing_kind, self.thing_id), (self.source_kind, self.source_id), ("parties.customer", self.customer_id),
            ("people.employee", self.employee_id),
        ]


class HoldingSignature(models.Model):
    """Signed by hand when a thing was given (`out`) or came back (`back`): the picture and who signed."""

    class Way(models.TextChoices):
        OUT = "out", _("发出")
        BACK = "back", _("归还")

    holding = models.ForeignKey(Holding, models.PROTECT, verbose_name=_("借出领用"), related_name="signatures")
    way = models.CharField(_("环节"), max_length=4, choices=Way)
    name = models.CharField(_("签名人"), max_length=80)
    image = models.BinaryField(_("图片"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("领用签名")
        constraints = [models.UniqueConstraint(fields=["holding", "way"], name="holding_signed_once")]
