"""States and moves of a contact. What a move does stands in actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    NEW = "new", _("待处理")
    OPEN = "open", _("处理中")
    DONE = "done", _("已办结")
    VOID = "void", _("已作废")


S = Status
UNDONE = {S.NEW, S.OPEN}

CONTACT = Lifecycle(
    "cases.contact",
    states=Status,
    initial=S.NEW,
    ends={S.VOID},
    moves=[
        Move("take_up", {S.NEW}, S.OPEN, "cases.handle", pgettext_lazy("action", "受理"), primary=True),
        Move("hand_on", {S.NEW, S.OPEN}, S.OPEN, "cases.handle", _("转交"), asks=("handler", "reason")),
        Move("lead_to", UNDONE, S.DONE, "cases.handle", _("转单据"), asks=("source",)),
        Move("solve", UNDONE, S.DONE, "cases.handle", _("办结"), asks=("outcome", "answer"), primary=True),
        Move("reopen", {S.DONE}, S.OPEN, "cases.handle", _("重新处理"), asks=("reason",)),
        Move("void", UNDONE, S.VOID, "cases.handle", _("作废"), asks=("reason",), danger=True),
    ],
)
