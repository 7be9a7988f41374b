"""Writes of the time limits."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.catalog.access import EDIT
from aftercare.domain.catalog.actions.words import _allowed
from aftercare.domain.catalog.models import Category, ServiceLevel, WorkType
from aftercare.foundation import numbering, transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.transactions import step


def set_service_level(
    *, respond_minutes: int, repair_minutes: int, work_type: WorkType | None = None, category: Category | None = None,
    is_urban: bool | None = None, urgent: bool = False, actor: Actor, at: dt.datetime,
) -> ServiceLevel:
    """Set the limits (working minutes) for a kind of job; a line with the same columns is changed, not doubled."""
    _require_limits(respond_minutes, repair_minutes)
    same = {"work_type": work_type, "category": category, "is_urban": is_urban, "urgent": urgent}
    limits = {"respond_minutes": respond_minutes, "repair_minutes": repair_minutes}
    with step():
        numbering.take("SERVICE-LEVEL")
        known = ServiceLevel.objects.filter(**same).first()
        if known is not None:
            return revise(known, actor=actor, at=at, permission=EDIT, **limits)
        return open_new(ServiceLevel(**same, **limits), actor=actor, at=at, permission=EDIT)


def edit_service_level(level: ServiceLevel, *, version: int, actor: Actor, at: dt.datetime, **fields) -> ServiceLevel:
    """Change the limits of a line (respond_minutes, repair_minutes)."""
    values = _allowed(fields, {"respond_minutes", "repair_minutes"})
    _require_limits(values.get("respond_minutes", level.respond_minutes),
                    values.get("repair_minutes", level.repair_minutes))
    transactions.forget()
    return revise(level, actor=actor, at=at, permission=EDIT, version=version, **values)


def _require_limits(respond_minutes: int, repair_minutes: int) -> None:
    if not 0 < respond_minutes <= repair_minutes:
        raise RuleBroken(_("到达时限应大于零，且不超过修复时限"), code="bad_limits", field="respond_minutes")
