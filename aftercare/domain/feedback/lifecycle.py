"""States and moves of a call-back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    OPEN = "open", _("待回访")
    ANSWERED = "answered", _("已回访")
    UNREACHED = "unreached", _("未接通")
    CANCELLED = "cancelled", _("已取消")


S = Status

CALLBACK = Lifecycle(
    "feedback.callback",
    states=Status,
    initial=S.OPEN,
    ends={S.ANSWERED, S.CANCELLED},
    moves=[
        Move("answer", {S.OPEN, S.UNREACHED}, S.ANSWERED, "feedback.answer", _("登记回访"),
             asks=("attitude", "skill", "punctuality", "promise", "comment"), primary=True),
        Move("miss", {S.OPEN}, None, "feedback.answer", _("未接通，稍后再拨")),
        Move("give_up", {S.OPEN}, S.UNREACHED, "feedback.answer", _("多次未接通")),
        Move("cancel", {S.OPEN, S.UNREACHED}, S.CANCELLED, "feedback.cancel", _("取消回访"), asks=("reason",), danger=True),
    ],
)
