"""States and moves of the papers of supply. What a move does stands in actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class RequestStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    REJECTED = "rejected", _("已驳回")
    ORDERED = "ordered", _("已订购")
    CANCELLED = "cancelled", _("已取消")


class OrderStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SENT = "sent", _("已下单")
    CLOSED = "closed", _("已完结")
    CANCELLED = "cancelled", _("已取消")


class ReceiptStatus(models.TextChoices):
    INSPECTING = "inspecting", _("待验收")
    JUDGED = "judged", _("已验收")
    REVERSED = "reversed", _("已冲销")


R, P, G = RequestStatus, OrderStatus, ReceiptStatus

REQUEST = Lifecycle(
    "purchasing.request",
    states=R,
    initial=R.DRAFT,
    ends={R.CANCELLED},
    moves=[
        Move("submit", {R.DRAFT, R.REJECTED}, R.SUBMITTED, "purchasing.request", _("提交审批"), primary=True),
        Move("withdraw", {R.SUBMITTED}, R.DRAFT, "purchasing.request", _("撤回")),
        Move("approve", {R.SUBMITTED}, R.APPROVED, "purchasing.approve", _("批准"), primary=True),
        Move("reject", {R.SUBMITTED}, R.REJECTED, "purchasing.approve", _("驳回"), asks=("reason",), danger=True),
        Move("finish", {R.APPROVED}, R.ORDERED, "purchasing.order", pgettext_lazy("purchase", "办结"), asks=("reason",)),
        Move("reopen", {R.ORDERED}, R.APPROVED, "purchasing.order", _("重新打开")),
        Move("cancel", {R.DRAFT, R.SUBMITTED, R.REJECTED, R.APPROVED}, R.CANCELLED, "purchasing.request", _("取消"), asks=("reason",),
             danger=True),
    ],
)

ORDER = Lifecycle(
    "purchasing.order",
    states=P,
    initial=P.DRAFT,
    ends={P.CLOSED, P.CANCELLED},
    moves=[
        Move("send", {P.DRAFT}, P.SENT, "purchasing.order", _("下单"), primary=True),
        Move("receive", {P.SENT}, None, "purchasing.receive", _("收货")),
        Move("confirm", {P.SENT}, None, "purchasing.order", _("确认交期"), asks=("expected_on",)),
        Move("amend", {P.SENT}, None, "purchasing.order", _("变更"), asks=("reason",)),
        Move("close", {P.SENT}, P.CLOSED, "purchasing.order", pgettext_lazy("purchase", "完结"), asks=("reason",)),
        Move("cancel", {P.DRAFT, P.SENT}, P.CANCELLED, "purchasing.order", _("取消"), asks=("reason",), danger=True),
    ],
)

RECEIPT = Lifecycle(
    "purchasing.receipt",
    states=G,
    initial=G.INSPECTING,
    ends={G.JUDGED, G.REVERSED},
    moves=[
        Move("inspect", {G.INSPECTING}, G.JUDGED, "purchasing.inspect", pgettext_lazy("purchase", "验收"), primary=True),
        Move("undo", {G.INSPECTING}, G.REVERSED, "purchasing.receive", _("冲销收货"), asks=("reason",), danger=True),
    ],
)
