"""States and moves of an old part that is owed, and of a shipment of them to the factory."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class CoreStatus(models.TextChoices):
    OWED = "owed", _("应交")
    RECEIVED = "received", pgettext_lazy("old part", "已收")
    SHIPPED = "shipped", _("已寄厂")
    CREDITED = "credited", pgettext_lazy("old part", "已结算")
    REFUSED = "refused", _("厂家拒收")
    WAIVED = "waived", _("免交")
    SCRAPPED = "scrapped", _("已报废")
    REFURBISHED = "refurbished", _("已翻新")
    CANCELLED = "cancelled", _("已撤销")


class ShipmentStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    POSTED = "posted", _("已寄出")
    SETTLED = "settled", _("已结清")
    CANCELLED = "cancelled", _("已作废")
    REVERSED = "reversed", _("已冲销")


class BillStatus(models.TextChoices):
    OPEN = "open", _("待收")
    DISPUTED = "disputed", _("有异议")
    COLLECTED = "collected", pgettext_lazy("outlet bill", "已收")
    WAIVED = "waived", _("已豁免")


C = CoreStatus
_EVER_HELD = {C.OWED, C.RECEIVED, C.SHIPPED, C.CREDITED, C.REFUSED, C.SCRAPPED, C.REFURBISHED}

CORE = Lifecycle(
    "cores.corereturn",
    states=CoreStatus,
    initial=C.OWED,
    ends={C.SCRAPPED, C.REFURBISHED, C.CANCELLED},
    moves=[
        Move("receive", {C.OWED}, C.RECEIVED, "cores.receive", _("收旧件"), primary=True),
        Move("undo_receive", {C.RECEIVED}, C.OWED, "cores.receive", _("撤回收件"), asks=("reason",)),
        Move("hand_back", {C.RECEIVED}, C.CANCELLED, "cores.receive", _("退还旧件"), asks=("reason",)),
        Move("waive", {C.OWED}, C.WAIVED, "cores.waive", _("免交"), asks=("reason",)),
        Move("reclaim", {C.WAIVED}, C.OWED, "cores.waive", _("撤销免交"), asks=("reason",)),
        Move("charge", {C.OWED}, None, "cores.charge", _("逾期扣款"), danger=True),
        Move("lift_charge", _EVER_HELD, None, "cores.charge", _("冲回扣款"), asks=("reason",)),
        Move("credit", {C.SHIPPED}, C.CREDITED, "cores.credit", _("登记厂家结算"), asks=("amount", "reason"), primary=True),
        Move("refuse", {C.SHIPPED}, C.REFUSED, "cores.credit", _("厂家拒收"), asks=("reason",)),
        Move("reopen", {C.CREDITED, C.REFUSED}, C.SHIPPED, "cores.credit", _("撤回结算"), asks=("reason",)),
        Move("scrap", {C.RECEIVED}, C.SCRAPPED, "cores.process", _("报废"), asks=("reason",), danger=True),
        Move("refurbish", {C.RECEIVED}, C.REFURBISHED, "cores.process", _("翻新入库")),
        # What follows from the order and from the shipment; nobody presses a button for these.
        Move("withdraw", {C.OWED}, C.CANCELLED, "cores.follow", _("用料撤销")),
        Move("box", {C.RECEIVED}, None, "cores.follow", _("装箱")),
        Move("unbox", {C.RECEIVED}, None, "cores.follow", _("移出箱")),
        Move("ship", {C.RECEIVED}, C.SHIPPED, "cores.follow", _("寄厂")),
        Move("unship", {C.SHIPPED}, C.RECEIVED, "cores.follow", _("撤回寄厂")),
    ],
)
# Moves of a piece that a person starts.
BY_HAND = ("receive", "undo_receive", "hand_back", "waive", "reclaim", "charge", "lift_charge", "credit", "refuse", "reopen", "scrap",
           "refurbish")  # fmt: skip

S = ShipmentStatus

SHIPMENT = Lifecycle(
    "cores.coreshipment",
    states=ShipmentStatus,
    initial=S.DRAFT,
    ends={S.CANCELLED, S.REVERSED},
    moves=[
        Move("add", {S.DRAFT}, None, "cores.ship", _("扫码装箱")),
        Move("remove", {S.DRAFT}, None, "cores.ship", _("移出箱")),
        Move("post", {S.DRAFT}, S.POSTED, "cores.ship", _("寄出"), asks=("carrier", "tracking_number"), primary=True),
        Move("cancel", {S.DRAFT}, S.CANCELLED, "cores.ship", _("作废"), asks=("reason",), danger=True),
        Move("reverse", {S.POSTED}, S.REVERSED, "cores.ship", _("冲销寄件"), asks=("reason",), danger=True),
        # The factory has answered for every piece, or an answer was taken back.
        Move("settle", {S.POSTED}, S.SETTLED, "cores.follow", _("结清")),
        Move("unsettle", {S.SETTLED}, S.POSTED, "cores.follow", _("重新待结算")),
    ],
)
SHIPMENT_BY_HAND = ("add", "remove", "post", "cancel", "reverse")

B = BillStatus

BILL = Lifecycle(
    "cores.corebill",
    states=BillStatus,
    initial=B.OPEN,
    ends=set(),
    moves=[
        Move("collect", {B.OPEN}, B.COLLECTED, "cores.charge", _("登记收款"), asks=("method", "reference"), primary=True),
        Move("dispute", {B.OPEN}, B.DISPUTED, "cores.dispute", _("提出异议"), asks=("reason",)),
        Move("answer_dispute", {B.DISPUTED}, B.OPEN, "cores.charge", _("答复异议"), asks=("reason",), primary=True),
        Move("waive_bill", {B.OPEN, B.DISPUTED}, B.WAIVED, "cores.waive", _("豁免"), asks=("reason",), danger=True),
        Move("reopen_bill", {B.COLLECTED, B.WAIVED}, B.OPEN, "cores.charge", _("撤回"), asks=("reason",), danger=True),
    ],
)
