"""What every changeable aggregate has: a version, a kind, and the timelines it appears on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.Model):
    """An aggregate that is changed by verbs only. `version` rises by one with each write (If-Match, 412 when stale)."""

    # Settings are kept in memory by every process until one of them is changed (see `kept`).
    is_setting = False

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def kind(self) -> str:
        """Stable name of the kind of thing, `room.model`."""
        return self._meta.label_lower

    @property
    def number_shown(self) -> str:
        """The number people call it by."""
        return str(getattr(self, "number", "") or self.pk)

    @property
    def branch_shown(self) -> int | None:
        """The branch the journal files it under."""
        return getattr(self, "branch_id", None)

    def branches_shown(self) -> list[int]:
        """All branches through which it is reached; none for a shared register."""
        return [self.branch_shown] if self.branch_shown is not None else []

    def mentions(self) -> list[tuple[str, int]]:
        """Other things (kind, id) on whose timeline this one's facts appear."""
        return []
