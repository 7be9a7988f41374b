"""An end of cover that a person sets."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.entitlement.access import SET_END
from aftercare.domain.entitlement.actions.booking import append, lock, reverse, taken_over
from aftercare.domain.entitlement.actions.checks import require_here, require_reason, require_span
from aftercare.domain.entitlement.models import BY_HAND, WarrantyEntry
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import WrongState
from aftercare.foundation.transactions import step

_NO_SPANS = (WarrantyEntry.Kind.REVERSAL, WarrantyEntry.Kind.REPAIR_DAYS)


def set_end(entry: WarrantyEntry, *, ends_on: dt.date, reason: str, actor: Actor, at: dt.datetime) -> WarrantyEntry:
    """Let a cover end on another day, with a reason: the line is reversed, and one with that end takes its place.

    Bringing the base into line with the terms does not undo it. Refuses without the right, without a reason, on a line
    that is no span of cover or was reversed.
    """
    asset = entry.asset
    require_here(SET_END, asset, actor)
    require_reason(reason)
    if entry.kind_of in _NO_SPANS:
        raise WrongState(_("这一行不是保修期，不能改到期日"), code="no_span")
    require_span(entry.starts_on, ends_on, 0, 0)
    if ends_on == entry.ends_on:
        return entry
    with step():
        lock(asset)
        reverse(entry, asset, reason.strip(), actor, at)
        columns = taken_over(entry) | {"source_kind": BY_HAND, "source_id": entry.pk}
        return append(asset, entry.kind_of, actor, at, starts_on=entry.starts_on, ends_on=ends_on,
                      reason=reason.strip()[:200], **columns)
