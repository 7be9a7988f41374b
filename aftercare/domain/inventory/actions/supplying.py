"""Places and news that supply needs: goods under way, goods kept apart, and usable goods that came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from aftercare.domain.inventory import facts
from aftercare.domain.inventory.actions.places import _ensure
from aftercare.domain.inventory.models import Place
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about


def ensure_quarantine(branch_id: int, *, actor: Actor, at: dt.datetime, name: str = "") -> Place:
    """Where a branch keeps goods that nobody may use; made when it is not there."""
    return _ensure(f"quarantine-{branch_id}", name, Place.Kind.QUARANTINE, branch_id, None, at)


def ensure_transit(branch_id: int, *, actor: Actor, at: dt.datetime, name: str = "") -> Place:
    """What a branch has sent and the receiver has not got yet: its value stays the sender's; made when it is not there."""
    return _ensure(f"transit-{branch_id}", name, Place.Kind.TRANSIT, branch_id, None, at)


def announce_arrival(place: Place, part_ids: Iterable[int], *, actor: Actor, at: dt.datetime, note: str = "") -> None:
    """Tell that usable goods lie there now, so that waiting documents are served; for verbs that booked them by `post`."""
    arrived = facts.GoodsArrived(place.pk, place.branch_id, tuple(sorted(set(part_ids))))
    if arrived.part_ids:
        record_about(place, verb="inventory.place.arrive", actor=actor, at=at, fact=arrived, note=note)
