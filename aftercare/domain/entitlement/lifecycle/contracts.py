"""States and moves of a service contract, its instalments and its planned visits."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class ContractStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    ACTIVE = "active", _("生效")
    SUSPENDED = "suspended", _("暂停")
    ENDED = "ended", _("提前终止")
    EXPIRED = "expired", _("已到期")
    RENEWED = "renewed", _("已续约")
    WITHDRAWN = "withdrawn", _("已撤销")


class InstalmentStatus(models.TextChoices):
    PLANNED = "planned", _("未到期")
    BILLED = "billed", _("已出账")
    CANCELLED = "cancelled", pgettext_lazy("instalment", "已取消")


class VisitStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("visit", "待安排")
    OPENED = "opened", _("已开单")
    SKIPPED = "skipped", _("不做")


C, N, V = ContractStatus, InstalmentStatus, VisitStatus
KEEP = "entitlement.keep_contract"
BILL = "entitlement.bill_contract"
# A contract in these states covers on the days of its period that are not paused: its end is in its dates, not its state.
COVERING = frozenset({C.ACTIVE, C.SUSPENDED, C.ENDED, C.EXPIRED, C.RENEWED})

CONTRACT = Lifecycle(
    "entitlement.contract",
    states=ContractStatus,
    initial=C.DRAFT,
    ends={C.ENDED, C.RENEWED, C.WITHDRAWN},
    moves=[
        Move("activate", {C.DRAFT}, C.ACTIVE, KEEP, _("签订生效"), primary=True),
        Move("withdraw", {C.DRAFT}, C.WITHDRAWN, KEEP, _("撤销草稿"), asks=("reason",), danger=True),
        Move("renew", {C.ACTIVE, C.EXPIRED}, None, KEEP, _("续约"), asks=("months", "price")),
        Move("suspend", {C.ACTIVE}, C.SUSPENDED, KEEP, pgettext_lazy("contract", "暂停"), asks=("from_on", "reason")),
        Move("resume", {C.SUSPENDED}, C.ACTIVE, KEEP, _("恢复"), asks=("resume_on",), primary=True),
        Move("end", {C.ACTIVE, C.SUSPENDED}, C.ENDED, KEEP, _("提前终止"), asks=("last_on", "reason"), danger=True),
        Move("expire", {C.ACTIVE}, C.EXPIRED, KEEP, _("到期")),
        Move("pass_on", {C.ACTIVE, C.EXPIRED}, C.RENEWED, KEEP, _("转入新合同")),
    ],
)

INSTALMENT = Lifecycle(
    "entitlement.instalment",
    states=InstalmentStatus,
    initial=N.PLANNED,
    ends={N.CANCELLED},
    moves=[
        Move("note_billed", {N.PLANNED}, N.BILLED, BILL, _("出账"), primary=True),
        Move("cut", {N.PLANNED, N.BILLED}, None, KEEP, _("减少")),
        Move("drop", {N.PLANNED, N.BILLED}, N.CANCELLED, KEEP, _("取消")),
    ],
)

VISIT = Lifecycle(
    "entitlement.plannedvisit",
    states=VisitStatus,
    initial=V.PLANNED,
    ends={V.SKIPPED},
    moves=[
        Move("note_opened", {V.PLANNED}, V.OPENED, KEEP, _("开服务单"), primary=True),
        Move("put_off", {V.PLANNED}, None, KEEP, _("改期"), asks=("visit_on",)),
        Move("skip", {V.PLANNED}, V.SKIPPED, KEEP, _("不做"), asks=("reason",), danger=True),
        Move("put_back", {V.OPENED}, V.PLANNED, KEEP, _("重新安排"), asks=("reason",)),
    ],
)
