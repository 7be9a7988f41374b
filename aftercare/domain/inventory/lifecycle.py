"""States and moves of part requests, stock documents and stocktakes. Stock itself has no states: it has moves from place to place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.lifecycle import Lifecycle, Move


class RequestStatus(models.TextChoices):
    OPEN = "open", _("待补货")
    FILLED = "filled", _("已到货")
    CANCELLED = "cancelled", _("已取消")


S = RequestStatus

REQUEST = Lifecycle(
    "inventory.request",
    states=RequestStatus,
    initial=S.OPEN,
    ends={S.FILLED, S.CANCELLED},
    moves=[
        Move("fill", {S.OPEN}, S.FILLED, "inventory.move", _("已到货"), primary=True),
        Move("cancel", {S.OPEN}, S.CANCELLED, "inventory.move", _("取消"), asks=("reason",), danger=True),
    ],
)


class DocumentStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    POSTED = "posted", _("已过账")
    CANCELLED = "cancelled", _("已作废")
    REVERSED = "reversed", _("已冲销")


D = DocumentStatus

DOCUMENT = Lifecycle(
    "inventory.document",
    states=DocumentStatus,
    initial=D.DRAFT,
    ends={D.CANCELLED, D.REVERSED},
    moves=[
        Move("post_document", {D.DRAFT}, D.POSTED, "inventory.post_document", _("过账"), primary=True),
        Move("rewrite", {D.DRAFT}, None, "inventory.write_document", _("修改")),
        Move("cancel_document", {D.DRAFT}, D.CANCELLED, "inventory.write_document", _("作废"), asks=("reason",), danger=True),
        Move("reverse_document", {D.POSTED}, D.REVERSED, "inventory.reverse", _("冲销"), asks=("reason",), danger=True),
    ],
)


class StocktakeStatus(models.TextChoices):
    COUNTING = "counting", _("盘点中")
    SUBMITTED = "submitted", _("待审核")
    SETTLED = "settled", _("已入账")
    CANCELLED = "cancelled", _("已作废")
    REVERSED = "reversed", _("已冲销")


T = StocktakeStatus

STOCKTAKE = Lifecycle(
    "inventory.stocktake",
    states=StocktakeStatus,
    initial=T.COUNTING,
    ends={T.CANCELLED, T.REVERSED},
    moves=[
        Move("record_counts", {T.COUNTING}, None, "inventory.count", _("录入实盘数")),
        Move("close_round", {T.COUNTING}, None, "inventory.count", _("结束本轮盘点"), primary=True),
        Move("submit_stocktake", {T.COUNTING}, T.SUBMITTED, "inventory.count", _("提交审核")),
        Move("approve_stocktake", {T.SUBMITTED}, T.SETTLED, "inventory.approve_count", _("审核入账"), primary=True),
        Move("recalculate", {T.SUBMITTED}, None, "inventory.approve_count", _("重算差异")),
        Move("send_back_stocktake", {T.SUBMITTED}, T.COUNTING, "inventory.approve_count", _("退回复盘"), asks=("reason",)),
        Move("cancel_stocktake", {T.COUNTING, T.SUBMITTED}, T.CANCELLED, "inventory.plan_count", _("作废"), asks=("reason",), danger=True),
        Move("reverse_stocktake", {T.SETTLED}, T.REVERSED, "inventory.reverse", _("冲销"), asks=("reason",), danger=True),
    ],
)
