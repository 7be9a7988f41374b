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


class TransferStatus(models.TextChoices):
    REQUESTED = "requested", _("待批准")
    APPROVED = "approved", _("待发货")
    SHIPPED = "shipped", _("在途")
    SETTLED = "settled", _("已收清")
    REJECTED = "rejected", _("已驳回")
    CANCELLED = "cancelled", _("已取消")


class InvoiceStatus(models.TextChoices):
    ENTERED = "entered", _("已录入")
    BLOCKED = "blocked", _("差异冻结")
    POSTED = "posted", _("已过账")
    VOIDED = "voided", _("已作废")
    REVERSED = "reversed", _("已冲销")


class ReturnStatus(models.TextChoices):
    DRAFT = "draft", _("待退出")
    SHIPPED = "shipped", _("已退出")
    SETTLED = "settled", _("已结清")
    CANCELLED = "cancelled", _("已取消")


class EnquiryStatus(models.TextChoices):
    OPEN = "open", _("询价中")
    DECIDED = "decided", _("已定标")
    CANCELLED = "cancelled", _("已取消")


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

T = TransferStatus

TRANSFER = Lifecycle(
    "purchasing.transfer",
    states=T,
    initial=T.REQUESTED,
    ends={T.SETTLED, T.REJECTED, T.CANCELLED},
    moves=[
        Move("approve", {T.REQUESTED}, T.APPROVED, "purchasing.approve_transfer", _("批准"), primary=True),
        Move("reject", {T.REQUESTED}, T.REJECTED, "purchasing.approve_transfer", _("驳回"), asks=("reason",), danger=True),
        Move("ship", {T.APPROVED}, T.SHIPPED, "purchasing.ship_transfer", _("发货"), primary=True),
        Move("receive", {T.SHIPPED}, None, "purchasing.receive_transfer", _("签收")),
        Move("settle", {T.SHIPPED}, T.SETTLED, "purchasing.settle_transfer", _("处理差异"), asks=("reason",)),
        Move("cancel", {T.REQUESTED, T.APPROVED}, T.CANCELLED, "purchasing.request_transfer", _("取消"), asks=("reason",), danger=True),
    ],
)

V, B = InvoiceStatus, ReturnStatus

INVOICE = Lifecycle(
    "purchasing.invoice",
    states=V,
    initial=V.ENTERED,
    ends={V.VOIDED, V.REVERSED},
    moves=[
        Move("block", {V.ENTERED, V.BLOCKED}, V.BLOCKED, "purchasing.enter_invoice", _("差异冻结")),
        Move("post", {V.ENTERED, V.BLOCKED}, V.POSTED, "purchasing.enter_invoice", _("重新核对过账"), primary=True),
        Move("release", {V.BLOCKED}, V.POSTED, "purchasing.release_invoice", _("放行"), asks=("reason",)),
        Move("void", {V.ENTERED, V.BLOCKED}, V.VOIDED, "purchasing.enter_invoice", _("作废"), asks=("reason",), danger=True),
        Move("reverse", {V.POSTED}, V.REVERSED, "purchasing.reverse_invoice", _("冲销"), asks=("reason",), danger=True),
    ],
)

SUPPLIER_RETURN = Lifecycle(
    "purchasing.supplierreturn",
    states=B,
    initial=B.DRAFT,
    ends={B.SETTLED, B.CANCELLED},
    moves=[
        Move("ship", {B.DRAFT}, B.SHIPPED, "purchasing.ship_return", _("退出"), primary=True),
        Move("settle", {B.SHIPPED}, B.SETTLED, "purchasing.settle_return", _("结清"), primary=True),
        Move("cancel", {B.DRAFT}, B.CANCELLED, "purchasing.return_goods", _("取消"), asks=("reason",), danger=True),
    ],
)

Q = EnquiryStatus

ENQUIRY = Lifecycle(
    "purchasing.enquiry",
    states=Q,
    initial=Q.OPEN,
    ends={Q.DECIDED, Q.CANCELLED},
    moves=[
        Move("ask", {Q.OPEN}, None, "purchasing.order", _("增加供应商"), asks=("supplier",)),
        Move("answer", {Q.OPEN}, None, "purchasing.order", _("录入报价")),
        Move("choose", {Q.OPEN}, Q.DECIDED, "purchasing.order", _("定标"), primary=True),
        Move("cancel", {Q.OPEN}, Q.CANCELLED, "purchasing.order", _("取消"), asks=("reason",), danger=True),
    ],
)
