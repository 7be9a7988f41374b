"""Reads of the units' warranty ledger."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import WarrantyEntry
from aftercare.foundation import access, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound


def list_entries(actor: Actor, asset_id: int | None = None) -> QuerySet[WarrantyEntry]:
    """Warranty lines the actor may see, of one unit or of all; reversed ones and reversals too."""
    rows = access.visible(WarrantyEntry, actor).select_related("asset", "term", "reversal")
    return rows.filter(asset_id=asset_id) if asset_id is not None else rows


def get_entry(entry_id: int, actor: Actor) -> WarrantyEntry:
    """That warranty line; refuses one that is not there or out of scope."""
    found = list_entries(actor).filter(pk=entry_id).first()
    if found is None:
        raise NotFound(_("没有找到保修记录"), kind="entitlement.warrantyentry", key=str(entry_id))
    return found


def load_ledgers(asset_ids: Iterable[int]) -> dict[int, list[rules.Cover]]:
    """The warranty lines of these units, reversed ones marked; one statement."""
    ids = list(asset_ids)
    found: dict[int, list[rules.Cover]] = {}
    rows = statements.read(_lines, asset_id=ids[0]) if len(ids) == 1 else _lines().filter(asset_id__in=ids) if ids else []
    for row in rows:
        found.setdefault(row.asset_id, []).append(rules.Cover(
            kind=row.kind_of, name=row.name, component=row.component, starts_on=row.starts_on, ends_on=row.ends_on,
            covers_parts=row.covers_parts, covers_labour=row.covers_labour, covers_travel=row.covers_travel,
            service_class=row.service_class, evidence=row.evidence, term_id=row.term_id,
            is_reversed=hasattr(row, "reversal"),
        ))
    return found


def _lines() -> QuerySet[WarrantyEntry]:
    return WarrantyEntry.objects.filter(reverses=None).select_related("reversal").order_by("id")
