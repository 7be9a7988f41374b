"""States and moves of a custody. What a move does stands in actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    HELD = "held", _("在库")
    RETURNED = "returned", _("已交还")
    VOIDED = "voided", _("已作废")


CUSTODY = Lifecycle(
    "custody.custody",
    states=Status,
    initial=Status.HELD,
    ends={Status.RETURNED, Status.VOIDED},
    moves=[
        Move("move_to", {Status.HELD}, None, "custody.receive", _("移位"), asks=("place",)),
        Move("hand_back", {Status.HELD}, Status.RETURNED, "custody.hand_back", pgettext_lazy("action", "交还"), asks=("returned_to", "code"),
             primary=True),
        Move("void_receipt", {Status.HELD}, Status.VOIDED, "custody.receive", _("作废收条"), asks=("reason",), danger=True),
    ],
)
