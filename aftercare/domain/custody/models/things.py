from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.custody.lifecycle import LoanerStatus, PaperStatus, ToolStatus
from aftercare.foundation.money import MoneyField
from aftercare.foundation.subjects import Subject


class Loaner(Subject):
    """备用机: a unit of ours that is lent to a customer during his repair. `holding` is who has it now."""

    Status = LoanerStatus

    number = models.CharField(_("备用机号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=LoanerStatus, default=LoanerStatus.AVAILABLE)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    product = models.ForeignKey("catalog.Product", models.PROTECT, verbose_name=_("产品"), related_name="+")
    serial = models.CharField(_("序列号"), max_length=60)
    serial_key = models.CharField(_("序列号（比对）"), max_length=60, editable=False)
    value_amount = MoneyField(_("价值"), default=0)
    # Empty: by the rule's share of the value.
    deposit_amount = MoneyField(_("押金"), null=True)
    state = models.CharField(_("成色"), max_length=200, blank=True)
    accessories = models.JSONField(_("随机附件"), default=list)
    place = models.CharField(_("存放位置"), max_length=60, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    holding = models.ForeignKey("custody.Holding", models.PROTECT, null=True, verbose_name=_("当前借出"), related_name="+")

    class Meta:
        verbose_name = _("备用机")
        constraints = [
            models.UniqueConstraint(fields=["product", "serial_key"], name="loaner_serial_once", condition=~models.Q(status="retired"))
        ]
        indexes = [models.Index(fields=["branch", "status"], name="loaner_branch")]

    def __str__(self) -> str:
        return f"{self.product.name} {self.serial}"


class Tool(Subject):
    """工具仪器: issued to employees. With `calibration_months` it is issued only while its calibration holds."""

    Status = ToolStatus

    class Kind(models.TextChoices):
        TOOL = "tool", _("工具")
        INSTRUMENT = "instrument", _("仪器")
        PROTECTIVE = "protective", _("防护用品")
        OTHER = "other", _("其他")

    number = models.CharField(_("工具编号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=ToolStatus, default=ToolStatus.IN_STORE)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    name = models.CharField(_("名称"), max_length=80)
    kind_of = models.CharField(_("种类"), max_length=12, choices=Kind, default=Kind.TOOL)
    model = models.CharField(_("型号"), max_length=60, blank=True)
    serial = models.CharField(_("出厂编号"), max_length=60, blank=True)
    purchased_on = models.DateField(_("购置日期"), null=True)
    value_amount = MoneyField(_("购置价"), default=0)
    calibration_months = models.PositiveSmallIntegerField(_("校准周期（月）"), null=True)
    calibrated_to = models.DateField(_("校准有效期至"), null=True)
    place = models.CharField(_("存放位置"), max_length=60, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    holding = models.ForeignKey("custody.Holding", models.PROTECT, null=True, verbose_name=_("当前领用"), related_name="+")

    class Meta:
        verbose_name = _("工具仪器")
        indexes = [models.Index(fields=["branch", "status"], name="tool_branch"), models.Index(fields=["calibrated_to"], name="tool_due")]

    def __str__(self) -> str:
        return f"{self.name} {self.model}".strip()


class Calibration(models.Model):
    """One calibration of an instrument, with its certificate. Append-only: another one follows, none is changed."""

    tool = models.ForeignKey(Tool, models.PROTECT, verbose_name=_("工具仪器"), related_name="calibrations")
    done_on = models.DateField(_("校准日期"))
    valid_to = models.DateField(_("有效期至"), null=True)
    is_fit = models.BooleanField(_("合格"), default=True)
    done_by = models.CharField(_("校准单位"), max_length=80, blank=True)
    certificate = models.CharField(_("证书编号"), max_length=60, blank=True)
    # The number of the stored file with the certificate, one of the tool's own files.
    file_number = models.CharField(_("证书附件"), max_length=40, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=80)

    class Meta:
        verbose_name = _("校准记录")
        indexes = [models.Index(fields=["tool", "-id"], name="calibration_tool")]


class Paper(Subject):
    """借阅资料: a drawing, manual or file on paper that is lent to employees. Its number is the company's own."""

    Status = PaperStatus

    class Kind(models.TextChoices):
        DRAWING = "drawing", _("图纸")
        MANUAL = "manual", _("手册")
        FILE = "file", _("档案")
        OTHER = "other", _("其他")

    class Secrecy(models.TextChoices):
        OPEN = "open", _("普通")
        INTERNAL = "internal", _("内部")
        SECRET = "secret", _("保密")

    number = models.CharField(_("资料编号"), max_length=40, unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=PaperStatus, default=PaperStatus.IN_STORE)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    title = models.CharField(_("资料名称"), max_length=160)
    kind_of = models.CharField(_("种类"), max_length=10, choices=Kind, default=Kind.MANUAL)
    secrecy = models.CharField(_("密级"), max_length=10, choices=Secrecy, default=Secrecy.OPEN)
    edition = models.CharField(_("版本号"), max_length=40, blank=True)
    place = models.CharField(_("存放位置"), max_length=60, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    holding = models.ForeignKey("custody.Holding", models.PROTECT, null=True, verbose_name=_("当前借阅"), related_name="+")

    class Meta:
        verbose_name = _("借阅资料")
        indexes = [models.Index(fields=["branch", "status"], name="paper_branch")]

    def __str__(self) -> str:
        return self.title
