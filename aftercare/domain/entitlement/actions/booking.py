"""How a line comes into a unit's warranty ledger, and how it is taken back: used by every write of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts, rules
from aftercare.domain.entitlement.models import WarrantyEntry
from aftercare.foundation import plans, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import apart

Kind = WarrantyEntry.Kind
# What a reversal, or a line with another end, takes over of its original.
_TAKEN_OVER = (
    "term_id", "name", "component", "covers_parts", "covers_labour", "covers_travel", "parts_percent", "labour_percent",
    "travel_percent", "borne_by", "cycles", "cycle_unit", "cycles_from", "excluded_codes", "counts_repair_days",
    "service_class", "serial", "price_amount", "evidence", "source_kind", "source_id",
)


def columns_of(cover: rules.Cover) -> dict:
    """A cover as columns of a line."""
    return {
        "term_id": cover.term_id, "name": cover.name, "component": cover.component, "starts_on": cover.starts_on,
        "ends_on": cover.ends_on, "covers_parts": cover.covers_parts, "covers_labour": cover.covers_labour,
        "covers_travel": cover.covers_travel, "parts_percent": cover.parts_percent,
        "labour_percent": cover.labour_percent, "travel_percent": cover.travel_percent, "borne_by": cover.borne_by,
        "cycles": cover.cycles, "cycle_unit": cover.cycle_unit, "cycles_from": cover.cycles_from,
        "excluded_codes": sorted(cover.excluded), "counts_repair_days": cover.counts_repair_days,
        "evidence": cover.evidence[:200],
    }


def append(asset, kind: str, actor: Actor, at: dt.datetime, *, source: Source | None = None, **columns) -> WarrantyEntry:
    """Append a line and record it."""
    return append_all([(asset, columns)], kind, actor, at, source=source)[0]


def append_all(
    lines: Iterable[tuple[Any, dict]], kind: str, actor: Actor, at: dt.datetime, *, source: Source | None = None
) -> list[WarrantyEntry]:
    """Append lines of one kind (unit or component, columns) in one statement, and record each."""
    given = {"source_kind": source.kind, "source_id": source.id} if source is not None else {}
    rows = [
        WarrantyEntry(asset=asset, kind_of=kind, made_at=at, actor_name=actor.name[:80], **columns | given)
        for asset, columns in lines
    ]
    for entry in statements.insert_all(rows):
        record_about(entry.asset, verb="entitlement.register_cover", actor=actor, at=at, note=entry.reason,
                     fact=facts.CoverRegistered(entry.asset_id, entry.pk, str(kind), entry.name, entry.component,
                                                entry.starts_on, entry.ends_on))
    return rows


def reverse(entry: WarrantyEntry, asset, reason: str, actor: Actor, at: dt.datetime) -> WarrantyEntry:
    """Append the reversal of a line; refuses a second one."""
    try:
        with apart():
            reversal = WarrantyEntry.objects.create(
                asset=asset, kind_of=Kind.REVERSAL, starts_on=entry.starts_on, ends_on=entry.ends_on, reverses=entry,
                reason=reason[:200], made_at=at, actor_name=actor.name[:80], **taken_over(entry),
            )
            record_about(asset, verb="entitlement.reverse_cover", actor=actor, at=at, note=reason,
                         fact=facts.CoverReversed(asset.pk, entry.pk, reversal.pk))
    except IntegrityError:
        raise WrongState(_("这条保修记录已冲销"), code="already_reversed") from None
    return reversal


def booked(asset, kind: str, source: Source | None, component: str) -> WarrantyEntry | None:
    """The line that this document booked already and that still stands."""
    if source is None:
        return None
    found = plans.rows(_booked, asset.pk, str(kind), source.kind, source.id, component.strip())
    return found[0] if found else None


def _booked(asset_id: int, kind: str, source_kind: str, source_id: int, component: str) -> QuerySet[WarrantyEntry]:
    rows = WarrantyEntry.objects.filter(asset_id=asset_id, kind_of=kind, source_kind=source_kind, source_id=source_id)
    return rows.filter(component=component, reversal=None).order_by("id")[:1]


def lock(asset) -> None:
    """Hold the unit while its ledger is written."""
    # Two bookings for one unit take their turns at the unit's row; where rows are not locked one writer is let in anyway.
    if connection.features.has_select_for_update:
        statements.find(_held_unit, pk=asset.pk)


def _held_unit():
    return WarrantyEntry._meta.get_field("asset").related_model._default_manager.select_for_update().only("pk")


def taken_over(entry: WarrantyEntry) -> dict:
    """What a line that follows another takes over of it."""
    return {name: getattr(entry, name) for name in _TAKEN_OVER}
