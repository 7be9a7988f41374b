"""States and moves of a stored file. What a move does stands in actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.foundation.lifecycle import Lifecycle, Move


class Status(models.TextChoices):
    LOOSE = "loose", _("未归档")
    BOUND = "bound", _("已归档")
    REMOVED = "removed", _("已移除")


FILE = Lifecycle(
    "files.storedfile",
    states=Status,
    initial=Status.LOOSE,
    ends={Status.REMOVED},
    moves=[
        Move("bind", {Status.LOOSE}, Status.BOUND, "files.add_file", _("添加附件")),
        Move("describe", {Status.LOOSE, Status.BOUND}, None, "files.add_file", pgettext_lazy("action", "说明附件"), asks=("caption",)),
        Move("remove", {Status.LOOSE, Status.BOUND}, Status.REMOVED, "files.remove_file", _("移除附件"), asks=("reason",), danger=True),
    ],
)
