"""States and moves of a sale of parts: handed out at once, or ordered for a customer and collected when it has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.lifecycle import Lifecycle, Move


class SaleStatus(models.TextChoices):
    DRAFT = "draft", _("待出库")
    ORDERED = "ordered", _("已订货")
    ARRIVED = "arrived", _("已到货")
    DONE = "done", _("已出库")
    CANCELLED = "cancelled", _("已取消")


S = SaleStatus
SELL = "orders.sell"

SALE = Lifecycle(
    "orders.sale",
    states=SaleStatus,
    initial=S.DRAFT,
    ends={S.DONE, S.CANCELLED},
    moves=[
        Move("hand_out", {S.DRAFT, S.ORDERED, S.ARRIVED}, S.DONE, SELL, _("出库"), primary=True),
        Move("place_order", {S.DRAFT}, S.ORDERED, SELL, _("预订")),
        Move("arrive", {S.ORDERED}, S.ARRIVED, SELL, _("到货")),
        Move("notify", {S.ARRIVED}, None, SELL, _("通知取货"), asks=("channel",)),
        Move("rewrite", {S.DRAFT}, None, SELL, _("修改")),
        Move("cancel", {S.DRAFT, S.ORDERED, S.ARRIVED}, S.CANCELLED, SELL, _("取消"), asks=("reason",), danger=True),
        Move("take_back", {S.DONE}, None, "orders.take_back", _("退货"), asks=("lines", "reason"), danger=True),
    ],
)
