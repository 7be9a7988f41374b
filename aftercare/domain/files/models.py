from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.files.lifecycle import Status
from aftercare.foundation.sources import Source
from aftercare.foundation.subjects import Subject


class KindOf(models.TextChoices):
    APPEARANCE = "appearance", _("外观")
    FAULT = "fault", _("故障")
    NAMEPLATE = "nameplate", _("铭牌")
    RESULT = "result", _("修后")
    PAPER = "paper", _("单据")
    PORTRAIT = "portrait", _("证件照")
    OTHER = "other", _("其他")


class StoredFile(Subject):
    """附件: a picture or paper of a document from elsewhere. The bytes lie on the disk under `number`, a random name."""

    Status = Status
    KindOf = KindOf

    number = models.CharField(_("文件号"), max_length=32, unique=True)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.LOOSE)
    name = models.CharField(_("文件名"), max_length=120)
    kind_of = models.CharField(_("种类"), max_length=10, choices=KindOf, default=KindOf.OTHER)
    caption = models.CharField(_("说明"), max_length=200, blank=True)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    sha256 = models.CharField(_("摘要"), max_length=64)
    given_sha256 = models.CharField(_("上传内容的摘要"), max_length=64, editable=False)
    width = models.PositiveIntegerField(_("宽"), null=True)
    height = models.PositiveIntegerField(_("高"), null=True)
    source_kind = models.CharField(_("来源种类"), max_length=40, blank=True)
    source_id = models.BigIntegerField(_("来源"), default=0)
    source_number = models.CharField(_("来源单号"), max_length=40, blank=True)
    branch = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("机构"), related_name="+")
    owner = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("上传人"), related_name="+")
    uploaded_by = models.CharField(_("上传人姓名"), max_length=80)
    uploaded_at = models.DateTimeField(_("上传时间"))
    who = models.CharField(_("上传方"), max_length=40, editable=False)
    key = models.CharField(_("幂等键"), max_length=100, editable=False)
    removed_at = models.DateTimeField(_("移除时间"), null=True)
    swept_at = models.DateTimeField(_("内容删除时间"), null=True, editable=False)

    class Meta:
        verbose_name = _("附件")
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="files_once")]
        indexes = [
            models.Index(fields=["source_kind", "source_id", "id"], name="files_source"),
            models.Index(fields=["status", "uploaded_at"], name="files_sweep"),
        ]

    @property
    def is_picture(self) -> bool:
        """True for what has a small copy and can be looked at in the page."""
        return self.width is not None

    @property
    def source(self) -> Source | None:
        """The document it belongs to, once it is bound."""
        return Source(self.source_kind, self.source_id, self.source_number) if self.source_kind else None

    @property
    def number_shown(self) -> str:
        """The name people gave it; its number is a secret of the disk."""
        return self.name[:40]

    def people_shown(self):
        """Who handed it in: he describes and removes it, however far his grants reach."""
        return (self.owner_id,)

    def mentions(self):
        return [(self.source_kind, self.source_id)] if self.source_kind else []
