"""States and moves of a monthly statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    APPEALED = "appealed", _("有异议")
    LOCKED = "locked", _("已锁定")


S = Status

STATEMENT = Lifecycle(
    "settlement.statement",
    states=Status,
    initial=S.DRAFT,
    ends={S.LOCKED},
    moves=[
        Move("refresh", {S.DRAFT, S.APPEALED}, None, "settlement.manage", _("重新计算")),
        Move("appeal", {S.DRAFT}, S.APPEALED, "settlement.appeal", _("提出异议"), asks=("reason",)),
        Move("resolve", {S.APPEALED}, S.DRAFT, "settlement.manage", _("处理异议"), asks=("reason",), primary=True),
        Move("lock", {S.DRAFT}, S.LOCKED, "settlement.lock", _("审核锁定"), primary=True, danger=True),
    ],
)
