from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.domain.work.lifecycle import NEVER, OPEN, RUNNING, Status
from aftercare.foundation.money import MoneyField
from aftercare.foundation.quantity import QuantityField
from aftercare.foundation.search import SearchField
from aftercare.foundation.subjects import Subject


class WorkOrder(Subject):
    """服务单: one job to be done, on site or on the bench."""

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("上门")
        BENCH = "bench", _("送修")
        OUTSIDE = "outside", _("外协")
        REMOTE = "remote", _("远程")

    class ServiceClass(models.TextChoices):
        PAID = "A", _("收费")
        CONTRACT = "B", _("合同")
        WARRANTY = "C", _("保内免费")
        ADMINISTRATIVE = "D", _("行政")

    class Result(models.TextChoices):
        NONE = "", _("未定")
        FIXED = "fixed", _("已修复")
        REPAIRABLE = "repairable", _("可修未修")
        END_OF_LIFE = "end_of_life", _("不能修复")
        NO_FAULT = "no_fault", _("未见故障")
        UNREPAIRED = "unrepaired", _("退回未修")
        UNKNOWN = "unknown", _("不详")

    number = models.CharField(_("服务单号"), max_length=24, unique=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.PENDING)
    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    mode = models.CharField(_("方式"), max_length=8, choices=Mode, default=Mode.ON_SITE)
    work_type = models.ForeignKey("catalog.WorkType", models.PROTECT, verbose_name=_("工种"), related_name="+")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, verbose_name=_("客户"), related_name="+")
    contact_name = models.CharField(_("联系人"), max_length=120, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    region = models.ForeignKey("people.Region", models.PROTECT, null=True, verbose_name=_("区域"), related_name="+")
    address = models.CharField(_("服务地址"), max_length=250, blank=True)
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, verbose_name=_("设备"), related_name="+")
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True, verbose_name=_("产品"), related_name="+")
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, verbose_name=_("品类"), related_name="+")
    contact_number = models.CharField(_("来电登记号"), max_length=24, blank=True, db_index=True)
    external_id = models.CharField(_("外部编号"), max_length=80, blank=True, db_index=True)

    title = models.CharField(_("故障现象"), max_length=160)
    fault = models.ForeignKey("catalog.Code", models.PROTECT, null=True, verbose_name=_("故障代码"), related_name="+")
    cause = models.ForeignKey("catalog.Code", models.PROTECT, null=True, verbose_name=_("故障原因"), related_name="+")
    solution = models.ForeignKey("catalog.Code", models.PROTECT, null=True, verbose_name=_("解决措施"), related_name="+")
    detail = models.TextField(_("客户描述"), blank=True)
    findings = models.TextField(_("处理说明"), blank=True)
    result = models.CharField(_("结果"), max_length=12, choices=Result, default=Result.NONE, blank=True)
    urgent = models.BooleanField(_("加急"), default=False)
    limit_amount = MoneyField(_("超过此价先联系"), null=True)
    # The newest price told to the customer: amount, note, asked_at, answer, answered_at, by.
    quote = models.JSONField(_("报价"), default=dict)

    service_class = models.CharField(_("服务类别"), max_length=1, choices=ServiceClass, default=ServiceClass.PAID)
    entitlement = models.JSONField(_("保修判定"), default=dict)
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("返修自"), related_name="repeats")

    engineer = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("工程师"), related_name="+")
    outlet = models.ForeignKey("people.Branch", models.PROTECT, null=True, verbose_name=_("网点"), related_name="+")
    planned_at = models.DateTimeField(_("预约时间"), null=True)
    planned_minutes = models.PositiveSmallIntegerField(_("预计分钟"), default=60)
    respond_due_at = models.DateTimeField(_("到达时限"), null=True)
    due_at = models.DateTimeField(_("修复时限"), null=True)
    refusals = models.PositiveSmallIntegerField(_("被拒次数"), default=0)
    visit_count = models.PositiveSmallIntegerField(_("上门次数"), default=0)

    created_at = models.DateTimeField(_("登记时间"))
    # First day of the branch's local month of registration: the key of the kept figures.
    month = models.DateField(_("登记月份"), editable=False)
    created_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("登记人"), related_name="+")
    dispatched_at = models.DateTimeField(_("派工时间"), null=True)
    accepted_at = models.DateTimeField(_("接单时间"), null=True)
    arrived_at = models.DateTimeField(_("到达时间"), null=True)
    finished_at = models.DateTimeField(_("完工时间"), null=True)
    minutes = models.PositiveIntegerField(_("实际分钟"), null=True)
    # The way there, for the distance fee.
    distance_km = models.DecimalField(_("单程公里"), max_digits=7, decimal_places=1, null=True)
    signed_name = models.CharField(_("签收人"), max_length=60, blank=True)
    inspected_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("检验人"), related_name="+")
    inspected_at = models.DateTimeField(_("检验时间"), null=True)
    audited_by = models.ForeignKey("people.Employee", models.PROTECT, null=True, verbose_name=_("审核人"), related_name="+")
    audited_at = models.DateTimeField(_("审核时间"), null=True)
    audit_round = models.PositiveSmallIntegerField(_("审核轮次"), default=0)
    closed_at = models.DateTimeField(_("关闭时间"), null=True)
    # Customer's part as known now, kept from billing for lists; the bill is the truth.
    amount = MoneyField(_("应收"), default=0)
    search = SearchField(_("搜索词"))
    # Kept by the database, so that lists of what is open or late walk an index however many orders are closed.
    is_open = models.GeneratedField(
        verbose_name=_("未完结"), db_persist=True, output_field=models.BooleanField(),
        expression=models.Case(
            models.When(status__in=sorted(OPEN), then=models.Value(True)), default=models.Value(False),
            output_field=models.BooleanField(),
        ),
    )
    # The repair limit while it runs, else a day never reached.
    due_key = models.GeneratedField(
        verbose_name=_("时限排序"), db_persist=True, output_field=models.DateTimeField(),
        expression=models.Case(
            models.When(status__in=sorted(RUNNING), due_at__isnull=False, then=models.F("due_at")),
            default=models.Value(NEVER, output_field=models.DateTimeField()), output_field=models.DateTimeField(),
        ),
    )

    class Meta:
        verbose_name = _("服务单")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="order_new"),
            models.Index(fields=["branch", "-created_at", "-id"], name="order_branch_new"),
            models.Index(fields=["status", "-created_at", "-id"], name="order_state"),
            models.Index(fields=["status", "region", "-created_at", "-id"], name="order_state_region"),
            # What a list is narrowed to is walked in the list's own order, however many orders there are.
            models.Index(fields=["region", "-created_at", "-id"], name="order_region_new"),
            models.Index(fields=["engineer", "-created_at", "-id"], name="order_engineer_new"),
            models.Index(fields=["work_type", "-created_at", "-id"], name="order_work_type_new"),
            models.Index(fields=["engineer", "status", "-id"], name="order_engineer"),
            models.Index(fields=["finished_at", "branch"], name="order_finished", condition=models.Q(finished_at__isnull=False)),
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(fields=["asset", "-id"], name="order_asset"),
            models.Index(fields=["is_open", "-created_at", "-id"], name="order_open"),
            models.Index(fields=["due_key", "id"], name="order_due"),
        ]

    def mentions(self):
        return [("parties.customer", self.customer_id), ("assets.asset", self.asset_id)]

    def people_shown(self):
        return (self.engineer_id,)

    def branches_shown(self):
        return [pk for pk in (self.branch_id, self.outlet_id) if pk]


class Material(models.Model):
    """A part line of an order: planned, promised, in the engineer's hand, used, given back."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, verbose_name=_("服务单"), related_name="materials")
    part = models.ForeignKey("catalog.Part", models.PROTECT, verbose_name=_("配件"), related_name="+")
    place = models.ForeignKey("inventory.Place", models.PROTECT, null=True, verbose_name=_("出库库位"), related_name="+")
    qty = QuantityField(_("数量"))
    reserved_qty = QuantityField(_("占用"), default=0)
    used_qty = QuantityField(_("已用"), default=0)
    price_amount = MoneyField(_("单价"), default=0)
    is_free = models.BooleanField(_("免费"), default=False)
    free_reason = models.CharField(_("免费原因"), max_length=120, blank=True)
    old_serial = models.CharField(_("旧件序列号"), max_length=60, blank=True)
    new_serial = models.CharField(_("新件序列号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("用料")
        constraints = [models.CheckConstraint(condition=models.Q(qty__gt=0), name="material_positive")]


class Visit(models.Model):
    """上门: one trip (or bench session) of an engineer for an order; device times are claims."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, verbose_name=_("服务单"), related_name="visits")
    engineer = models.ForeignKey("people.Employee", models.PROTECT, verbose_name=_("工程师"), related_name="+")
    sequence = models.PositiveSmallIntegerField(_("次"))
    assigned_at = models.DateTimeField(_("派工时间"))
    reply = models.CharField(_("答复"), max_length=10, blank=True)
    reply_reason = models.CharField(_("理由"), max_length=200, blank=True)
    set_out_at = models.DateTimeField(_("出发"), null=True)
    arrived_at = models.DateTimeField(_("到达"), null=True)
    left_at = models.DateTimeField(_("离开"), null=True)
    claimed_at = models.JSONField(_("设备时间"), default=dict)
    position = models.JSONField(_("位置"), default=dict)
    outcome = models.CharField(_("结果"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("上门")
        constraints = [models.UniqueConstraint(fields=["order", "sequence"], name="visit_once")]


class RepairCard(Subject):
    """修护卡: what was inspected, tested, replaced on the bench, and how long it took."""

    order = models.OneToOneField(WorkOrder, models.PROTECT, verbose_name=_("服务单"), related_name="card")
    inspection = models.TextField(_("检查情况"), blank=True)
    tests = models.JSONField(_("测试记录"), default=list)
    minutes = models.PositiveIntegerField(_("实际工时（分）"), default=0)
    bench = models.CharField(_("工位"), max_length=40, blank=True)
    conclusion = models.TextField(_("结论"), blank=True)

    class Meta:
        verbose_name = _("修护卡")

    @property
    def number_shown(self) -> str:
        return self.order.number

    @property
    def branch_shown(self) -> int:
        return self.order.branch_id

    def mentions(self):
        return [("work.workorder", self.order_id), *self.order.mentions()]


class Signature(models.Model):
    """The customer's signature under the completion: the picture and who signed when."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, verbose_name=_("服务单"), related_name="signatures")
    name = models.CharField(_("签名人"), max_length=60, blank=True)
    image = models.BinaryField(_("签名"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("客户签名")


class Figure(models.Model):
    """Kept figures: how many orders and how much money, by branch, local month of registration and state.

    Rows are deltas that the worker folds together; the sum over rows is always true, no row is a lock.
    """

    branch = models.ForeignKey("people.Branch", models.PROTECT, verbose_name=_("机构"), related_name="+")
    month = models.DateField(_("月份"))
    status = models.CharField(_("状态"), max_length=12)
    orders = models.IntegerField(_("单数"))
    amount = MoneyField(_("金额"), default=0)
    is_folded = models.BooleanField(_("已归并"), default=False)

    class Meta:
        verbose_name = _("汇总")
        indexes = [
            models.Index(fields=["is_folded", "id"], name="figure_fold"),
            models.Index(fields=["month", "branch", "status"], name="figure_key"),
        ]
