"""States and moves of a claim on a supplier."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class ClaimStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("claim", "待发出")
    SENT = "sent", pgettext_lazy("claim", "已发出")
    ANSWERED = "answered", pgettext_lazy("claim", "已答复")
    REIMBURSED = "reimbursed", _("已赔付")
    CLOSED = "closed", _("已结案")
    CANCELLED = "cancelled", _("已取消")


S = ClaimStatus
KEEP = "entitlement.keep_claim"

CLAIM = Lifecycle(
    "entitlement.claim",
    states=ClaimStatus,
    initial=S.OPEN,
    ends={S.CLOSED, S.CANCELLED},
    moves=[
        Move("send", {S.OPEN}, S.SENT, KEEP, _("登记发出"), primary=True),
        Move("cancel", {S.OPEN}, S.CANCELLED, KEEP, _("取消"), asks=("reason",), danger=True),
        Move("answer", {S.SENT, S.ANSWERED}, S.ANSWERED, KEEP, _("登记答复")),
        Move("reimburse", {S.ANSWERED}, S.REIMBURSED, KEEP, _("收到赔付"), asks=("amount",), primary=True),
        Move("close", {S.ANSWERED, S.REIMBURSED}, S.CLOSED, KEEP, _("结案"), asks=("reason",)),
    ],
)
