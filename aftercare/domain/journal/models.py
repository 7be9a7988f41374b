from django.db import models
from django.utils.translation import gettext_lazy as _


class Fact(models.Model):
    """One thing that happened. Append-only: history, audit trail and message queue are these same rows."""

    at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"), auto_now_add=True)
    verb = models.CharField(_("动作"), max_length=60)
    kind = models.CharField(_("对象种类"), max_length=40)
    object_id = models.BigIntegerField(_("对象"), null=True)
    number = models.CharField(_("单号"), max_length=60, blank=True)
    branch_id = models.BigIntegerField(_("机构"), null=True)
    actor_kind = models.CharField(_("操作者种类"), max_length=12)
    actor_id = models.BigIntegerField(_("操作者"), null=True)
    actor_name = models.CharField(_("操作者姓名"), max_length=80)
    via = models.CharField(_("入口"), max_length=12, blank=True)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    name = models.CharField(_("事实"), max_length=60, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    changes = models.JSONField(_("变更"), default=dict)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = _("事实")
        indexes = [
            models.Index(fields=["kind", "object_id", "id"], name="fact_subject"),
            models.Index(fields=["actor_id", "id"], name="fact_actor"),
            models.Index(fields=["at"], name="fact_at"),
        ]


class Mention(models.Model):
    """Another thing on whose timeline the fact appears: the customer and the unit of an order."""

    fact = models.ForeignKey(Fact, models.PROTECT, verbose_name=_("事实"), db_index=False)
    kind = models.CharField(_("对象种类"), max_length=40)
    object_id = models.BigIntegerField(_("对象"))

    class Meta:
        verbose_name = _("提及")
        indexes = [models.Index(fields=["kind", "object_id", "fact"], name="mention_subject")]


class Seal(models.Model):
    """A link of the hash chain: the facts first..last without `gaps`, the `late` ones of earlier gaps, the seal before.

    A gap is an id that was not there when the seal was made: rolled back, or not committed yet.
    """

    first = models.BigIntegerField(_("首条"))
    last = models.BigIntegerField(_("末条"))
    gaps = models.JSONField(_("空号"), default=list)
    late = models.JSONField(_("迟到的条目"), default=list)
    count = models.PositiveIntegerField(_("条数"))
    sealed_at = models.DateTimeField(_("封存时间"))
    digest = models.CharField(_("摘要"), max_length=64)
    previous = models.CharField(_("前一摘要"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("封印")


class Delivery(models.Model):
    """A reaction still to be made to a fact. Claimed with a lease, retried with back-off, dead after too many."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("执行中")
        DONE = "done", _("完成")
        DEAD = "dead", _("失败停止")

    fact = models.ForeignKey(Fact, models.PROTECT, verbose_name=_("事实"))
    reaction = models.CharField(_("反应"), max_length=80)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(_("应执行时间"))
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    lease_by = models.CharField(_("执行者"), max_length=60, blank=True)
    lease_until = models.DateTimeField(_("租约到"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    error = models.TextField(_("错误"), blank=True)
    progress = models.JSONField(_("进度"), default=dict)

    class Meta:
        verbose_name = _("待办反应")
        constraints = [models.UniqueConstraint(fields=["fact", "reaction"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="delivery_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["lease_until"], name="delivery_running", condition=models.Q(state="running")
            ),
            models.Index(fields=["-id"], name="delivery_dead", condition=models.Q(state="dead")),
        ]


class Schedule(models.Model):
    """A periodic job; `due_at` is moved on by compare-and-set, so many workers fire it once."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    due_at = models.DateTimeField(_("下次时间"))
    last_at = models.DateTimeField(_("上次时间"), null=True)
    error = models.TextField(_("错误"), blank=True)

    class Meta:
        verbose_name = _("定时任务")


class Intent(models.Model):
    """The stored answer of a write, so that the same call with the same key is done once."""

    actor = models.CharField(_("操作者"), max_length=60)
    operation = models.CharField(_("操作"), max_length=120)
    key = models.CharField(_("幂等键"), max_length=100)
    request = models.CharField(_("请求摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("答复码"))
    answer = models.TextField(_("答复"))
    headers = models.JSONField(_("答复头"), default=dict)
    made_at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = _("幂等记录")
        constraints = [models.UniqueConstraint(fields=["actor", "operation", "key"], name="intent_once")]
