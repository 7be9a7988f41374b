"""A word on an order that changes nothing: who called again, what was promised."""

from __future__ import annotations

import datetime as dt

from aftercare.domain.work import access as permissions
from aftercare.domain.work import facts
from aftercare.domain.work.actions.refusing import broken
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation import access
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about

MOST = 500


def note(order: WorkOrder, *, text: str, actor: Actor, at: dt.datetime) -> None:
    """Keep `text` (at most 500 characters) on the order's, customer's and unit's timeline; whoever sees the order may.

    Refuses an empty text (`note_missing`).
    """
    text = text.strip()[:MOST]
    if not text:
        raise broken("note_missing", "text")
    if not access.visible(WorkOrder, actor).filter(pk=order.pk).exists():
        raise access.not_allowed(permissions.VIEW)
    record_about(
        order, verb="work.order.note", actor=actor, at=at, note=text,
        fact=facts.OrderNoted(order_id=order.pk, number=order.number),
    )
