"""Reads of the units' warranty ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import WarrantyEntry
from aftercare.foundation import access, plans
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

# What `_cover` takes, behind the unit, the unit it sits in, its product, and its reversal.
_COLUMNS = (
    "asset_id", "asset__parent_id", "asset__product__name", "reversal__id", "kind_of", "name", "component", "starts_on",
    "ends_on", "covers_parts", "covers_labour", "covers_travel", "service_class", "evidence", "term_id", "parts_percent",
    "labour_percent", "travel_percent", "borne_by", "cycles", "cycle_unit", "cycles_from", "excluded_codes",
    "counts_repair_days",
)  # fmt: skip


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
    """The warranty lines of these units and of the components in them, reversed ones marked; one statement.

    A component's own line covers that component of its unit: its warranty goes where it goes.
    """
    ids = list(asset_ids)
    found: dict[int, list[rules.Cover]] = {}
    if not ids:
        return found
    wanted = frozenset(ids)
    for row in plans.rows(_lines, ids):
        asset_id, unit_id, part_name, reversal_id, *values = row
        cover = _cover(reversal_id is not None, *values)
        if asset_id in wanted:
            found.setdefault(asset_id, []).append(cover)
        if unit_id in wanted and cover.kind != WarrantyEntry.Kind.REPAIR_DAYS:
            kind = "part" if cover.kind == "base" else cover.kind
            found.setdefault(unit_id, []).append(replace(cover, component=cover.component or part_name, kind=kind))
    return found


def _lines(asset_ids: Iterable[int]) -> QuerySet:
    rows = WarrantyEntry.objects.filter(reverses=None, asset_id__in=assets.with_components(asset_ids)).order_by("id")
    return rows.values_list(*_COLUMNS)


def _cover(
    is_reversed, kind, name, component, starts_on, ends_on, parts, labour, travel, letter, evidence, term_id, parts_percent,
    labour_percent, travel_percent, borne_by, cycles, cycle_unit, cycles_from, excluded, counts_repair_days,
) -> rules.Cover:
    return rules.Cover(
        kind, name, component, starts_on, ends_on, parts, labour, travel, letter, evidence, term_id, "", False, is_reversed, 0,
        parts_percent, labour_percent, travel_percent, borne_by, cycles, cycle_unit, cycles_from, frozenset(excluded),
        counts_repair_days,
    )
