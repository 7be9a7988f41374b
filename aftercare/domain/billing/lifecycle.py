"""States and moves of a bill and of money collected."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.lifecycle import Lifecycle, Move


class BillStatus(models.TextChoices):
    DRAFT = "draft", _("未定")
    FINAL = "final", _("已定")
    REVERSED = "reversed", _("已冲销")


class CollectionStatus(models.TextChoices):
    HELD = "held", _("待交款")
    REMITTED = "remitted", _("已交款")
    VOIDED = "voided", _("已作废")


class WaiverStatus(models.TextChoices):
    PENDING = "pending", _("待批")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


B, C, W = BillStatus, CollectionStatus, WaiverStatus

BILL = Lifecycle(
    "billing.bill",
    states=BillStatus,
    initial=B.DRAFT,
    ends=(),
    moves=[
        Move("charge", {B.DRAFT, B.REVERSED}, B.DRAFT, "billing.edit_charges", _("改费用"), asks=("lines",)),
        Move("waive", {B.DRAFT, B.REVERSED}, None, "billing.waive", _("减免"), asks=("line", "amount", "reason")),
        Move("divide", {B.DRAFT, B.REVERSED}, None, "billing.divide", _("分摊"), asks=("line", "shares", "reason")),
        Move("finalise", {B.DRAFT, B.REVERSED}, B.FINAL, "billing.finalise", _("确定账单"), primary=True),
        Move("reverse_final", {B.FINAL}, B.REVERSED, "billing.reverse", _("冲销账单"), asks=("reason",), danger=True),
    ],
)

COLLECTION = Lifecycle(
    "billing.collection",
    states=CollectionStatus,
    initial=C.HELD,
    ends={C.VOIDED},
    moves=[
        Move("remit", {C.HELD}, C.REMITTED, "billing.remit", _("交款"), primary=True),
        Move("void", {C.HELD, C.REMITTED}, C.VOIDED, "billing.reverse", _("作废"), asks=("reason",), danger=True),
    ],
)

WAIVER = Lifecycle(
    "billing.waiver",
    states=WaiverStatus,
    initial=W.PENDING,
    ends={W.APPROVED, W.REFUSED, W.WITHDRAWN},
    moves=[
        Move("approve", {W.PENDING}, W.APPROVED, "billing.waive", _("批准减免"), primary=True),
        Move("refuse", {W.PENDING}, W.REFUSED, "billing.waive", _("不批准"), asks=("reason",), danger=True),
        Move("withdraw", {W.PENDING}, W.WITHDRAWN, "billing.ask_waiver", _("撤回申请")),
    ],
)
