"""What the writes of this room refuse alike."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import rules
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken


def require_here(permission: str, asset, actor: Actor) -> None:
    """Refuses who does not hold the permission where the unit is served."""
    # An engineer's grants reach his own rows only; a unit is nobody's row, so for him his branch's units count.
    own = (actor.employee_id,) if asset.branch_id == actor.branch_id else ()
    actor.require(permission, branch_id=asset.branch_id, people=own)


def require_span(starts_on: dt.date, ends_on: dt.date | None, months: int, days: int) -> dt.date:
    """The last day of the span; refuses none and one before the first."""
    if ends_on is None:
        if months + days <= 0:
            raise RuleBroken(_("请填写到期日或月数"), code="no_length", field="ends_on")
        ends_on = rules.cover_end(starts_on, months, days)
    if ends_on < starts_on:
        raise RuleBroken(_("到期日不能早于起算日"), code="bad_span", field="ends_on")
    return ends_on


def require_class(service_class: str) -> None:
    """Refuses a class that makes nothing free."""
    if service_class not in rules.CLASSES or service_class == rules.PAID:
        raise RuleBroken(_("没有这种服务类别"), code="unknown_class", field="service_class")


def require_reason(reason: str) -> None:
    """Refuses an empty reason."""
    if not reason.strip():
        raise RuleBroken(_("请填写理由"), code="reason_missing", field="reason")
