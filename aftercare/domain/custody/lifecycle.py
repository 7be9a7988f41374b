"""States and moves of everything that is held: customers' goods with us, our own things with others. What a move does stands in actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    HELD = "held", _("在库")
    RETURNED = "returned", _("已交还")
    VOIDED = "voided", _("已作废")
    DISPOSED = "disposed", _("已处置")


class LoanerStatus(models.TextChoices):
    AVAILABLE = "available", _("可借")
    LENT = "lent", _("借出")
    CHECKING = "checking", _("待验收")
    SUSPENDED = "suspended", _("停用")
    LOST = "lost", _("遗失")
    RETIRED = "retired", _("已退出")


class ToolStatus(models.TextChoices):
    IN_STORE = "in_store", _("在库")
    ISSUED = "issued", _("领用中")
    AWAY = "away", _("送检送修")
    LOST = "lost", _("遗失")
    SCRAPPED = "scrapped", _("已报废")


class PaperStatus(models.TextChoices):
    IN_STORE = "in_store", _("在架")
    OUT = "out", _("借出")
    LOST = "lost", _("遗失")
    WITHDRAWN = "withdrawn", _("已收回")


class HoldingStatus(models.TextChoices):
    OUT = "out", _("在外")
    CHECKING = "checking", _("待验收")
    RETURNED = "returned", _("已归还")
    LOST = "lost", _("遗失")


CUSTODY = Lifecycle(
    "custody.custody",
    states=Status,
    initial=Status.HELD,
    ends={Status.RETURNED, Status.VOIDED, Status.DISPOSED},
    moves=[
        Move("move_to", {Status.HELD}, None, "custody.receive", _("移位"), asks=("place",)),
        Move("mark_ready", {Status.HELD}, None, "custody.receive", _("可以取件")),
        Move("unmark_ready", {Status.HELD}, None, "custody.receive", _("还不能取")),
        Move("remind", {Status.HELD}, None, "custody.receive", _("生成催取")),
        Move("note_told", {Status.HELD}, None, "custody.receive", _("登记已通知"), asks=("channel", "note")),
        Move("hand_back", {Status.HELD}, Status.RETURNED, "custody.hand_back", pgettext_lazy("action", "交还"), asks=("returned_to", "code"),
             primary=True),
        Move("void_receipt", {Status.HELD}, Status.VOIDED, "custody.receive", _("作废收条"), asks=("reason",), danger=True),
        Move("dispose", {Status.HELD}, Status.DISPOSED, "custody.dispose", _("处置"), asks=("reason",), danger=True),
    ],
)

L = LoanerStatus
LOANER = Lifecycle(
    "custody.loaner",
    states=LoanerStatus,
    initial=L.AVAILABLE,
    ends={L.RETIRED},
    moves=[
        Move("lend", {L.AVAILABLE}, L.LENT, "custody.lend", _("出借"), primary=True),
        Move("bring_back", {L.LENT}, L.CHECKING, "custody.lend", _("收回")),
        Move("pass_inspection", {L.CHECKING}, L.AVAILABLE, "custody.lend", _("验收合格")),
        Move("set_aside", {L.CHECKING}, L.SUSPENDED, "custody.lend", _("验收停用")),
        Move("lose", {L.LENT}, L.LOST, "custody.lend", _("遗失")),
        Move("suspend", {L.AVAILABLE}, L.SUSPENDED, "custody.keep", _("停用"), asks=("reason",)),
        Move("restore", {L.SUSPENDED, L.LOST}, L.AVAILABLE, "custody.keep", _("恢复可借"), asks=("reason",)),
        Move("retire", {L.AVAILABLE, L.SUSPENDED, L.LOST}, L.RETIRED, "custody.keep", _("退出"), asks=("reason",), danger=True),
    ],
)

T = ToolStatus
TOOL = Lifecycle(
    "custody.tool",
    states=ToolStatus,
    initial=T.IN_STORE,
    ends={T.SCRAPPED},
    moves=[
        Move("issue", {T.IN_STORE}, T.ISSUED, "custody.lend", _("发放"), primary=True),
        Move("come_in", {T.ISSUED}, T.IN_STORE, "custody.lend", _("归还入库")),
        Move("pass_on", {T.ISSUED}, None, "custody.lend", _("移交")),
        Move("lose", {T.ISSUED}, T.LOST, "custody.lend", _("遗失")),
        Move("calibrate", {T.IN_STORE, T.ISSUED, T.AWAY}, None, "custody.keep", _("登记校准")),
        Move("send_away", {T.IN_STORE}, T.AWAY, "custody.keep", _("送检送修"), asks=("reason",)),
        Move("come_back", {T.AWAY}, T.IN_STORE, "custody.keep", _("送回入库")),
        Move("find_again", {T.LOST}, T.IN_STORE, "custody.keep", _("找回"), asks=("reason",)),
        Move("scrap", {T.IN_STORE, T.AWAY, T.LOST}, T.SCRAPPED, "custody.keep", _("报废"), asks=("reason",), danger=True),
    ],
)

P = PaperStatus
PAPER = Lifecycle(
    "custody.paper",
    states=PaperStatus,
    initial=P.IN_STORE,
    ends={P.WITHDRAWN},
    moves=[
        Move("lend", {P.IN_STORE}, P.OUT, "custody.lend", _("借阅"), primary=True),
        Move("come_in", {P.OUT}, P.IN_STORE, "custody.lend", _("归还上架")),
        Move("pass_on", {P.OUT}, None, "custody.lend", _("移交")),
        Move("lose", {P.OUT}, P.LOST, "custody.lend", _("遗失")),
        Move("find_again", {P.LOST}, P.IN_STORE, "custody.keep", _("找回"), asks=("reason",)),
        Move("withdraw", {P.IN_STORE, P.LOST}, P.WITHDRAWN, "custody.keep", _("收回停用"), asks=("reason",), danger=True),
    ],
)

H = HoldingStatus
# Of a loaner: bring_back, inspect. Of tools and papers: acknowledge, take_back, hand_over. See queries.open_holding_moves.
HOLDING = Lifecycle(
    "custody.holding",
    states=HoldingStatus,
    initial=H.OUT,
    ends={H.RETURNED, H.LOST},
    moves=[
        Move("acknowledge", {H.OUT}, None, "custody.hold", _("确认收到"), primary=True),
        Move("bring_back", {H.OUT}, H.CHECKING, "custody.lend", _("收回待验"), asks=("in_state",), primary=True),
        Move("inspect", {H.CHECKING}, H.RETURNED, "custody.lend", _("验收结清"), primary=True),
        Move("take_back", {H.OUT}, H.RETURNED, "custody.lend", _("归还"), primary=True),
        Move("hand_over", {H.OUT}, H.RETURNED, "custody.lend", _("移交")),
        Move("extend", {H.OUT}, None, "custody.lend", _("续借"), asks=("due_on",)),
        Move("remind", {H.OUT}, None, "custody.lend", _("催还"), asks=("channel", "note")),
        Move("lose", {H.OUT}, H.LOST, "custody.lend", _("登记遗失"), asks=("reason", "compensation_amount"), danger=True),
    ],
)
