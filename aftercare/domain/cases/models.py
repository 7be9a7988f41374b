from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.cases.lifecycle import Status
from aftercare.foundation.search import SearchField
from aftercare.foundation.subjects import Subject


class Contact(Subject):
    """来电登记: one recorded approach of a customer, by any channel. None is lost, each gets an outcome."""

    Status = Status

    class Channel(models.TextChoices):
        PHONE = "phone", _("电话")
        COUNTER = "counter", _("柜台")
        WEB = "web", _("网页")
        MAIL = "mail", _("邮件")
        WECHAT = "wechat", _("微信")
        LETTER = "letter", _("信函")
        DEALER = "dealer", _("经销商")
        API = "api", _("接口")
        IMPORT = "import", _("导入")
        CALLBACK = "callback", _("回访")
        PORTAL = "portal", _("客户自助")

    class Kind(models.TextChoices):
        REPAIR = "repair", _("维修")
        INSTALLATION = "installation", _("安装")
        DELIVERY = "delivery", _("送货")
        RETURN = "return", _("退换货")
        PART_ORDER = "part_order", _("配件订购")
        CONSULTATION = "consultation", _("咨询")
        COMPLAINT = "complaint", _("投诉")
        SUGGESTION = "suggestion", _("建议")
        PRAISE = "praise", _("表扬")
        STATUS_QUERY = "status_query", _("进度查询")
        SUPPORT = "support", _("技术支持")

    class Outcome(models.TextChoices):
        NONE = "", _("未办结")
        ORDER = "order", _("转服务单")
        SOLVED = "solved", _("电话解决")
        ANSWERED = "answered", _("已答复")
        FORWARDED = "forwarded", _("转其他部门")
        WITHDRAWN = "withdrawn", _("客户撤回")

    number = models.CharField(_("登记号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.NEW)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    kind_of = models.CharField(_("类别"), max_length=12, choices=Kind)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, verbose_name=_("设备"), related_name="+")
    caller = models.CharField(_("来电人"), max_length=80, blank=True)
    phone = models.CharField(_("来电号码"), max_length=30, blank=True)
    text = models.TextField(_("内容"), blank=True)
    urgent = models.BooleanField(_("加急"), default=False)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.NONE, blank=True)
    answer = models.TextField(_("答复"), blank=True)
    # The document this contact led to, and for a complaint the one it is about.
    led_to_kind = models.CharField(_("转出单据种类"), max_length=40, blank=True)
    led_to_id = models.BigIntegerField(_("转出单据"), default=0)
    led_to_number = models.CharField(_("转出单号"), max_length=40, blank=True)
    about_kind = models.CharField(_("相关单据种类"), max_length=40, blank=True)
    about_id = models.BigIntegerField(_("相关单据"), default=0)
    about_number = models.CharField(_("相关单号"), max_length=40, blank=True)
    taken_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("接待员"), related_name="+")
    handler = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("处理人"), related_name="+")
    external_id = models.CharField(_("外部编号"), max_length=80, blank=True, db_index=True)
    created_at = models.DateTimeField(_("登记时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    search = SearchField(_("搜索词"))

    class Meta:
        verbose_name = _("来电登记")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="contact_new"),
            models.Index(fields=["branch", "status", "-created_at", "-id"], name="contact_state"),
            models.Index(fields=["customer", "-id"], name="contact_customer"),
        ]

    def mentions(self):
        return [("parties.customer", self.customer_id), ("assets.asset", self.asset_id), (self.about_kind, self.about_id)]

    def people_shown(self):
        return (self.taken_by_id, self.handler_id)
