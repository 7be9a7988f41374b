"""States and moves of a part request. Stock itself has no states: it has moves from place to place."""

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
