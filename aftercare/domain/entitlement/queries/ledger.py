"""Reads of the units' warranty ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Case, CharField, DecimalField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.models import BY_HAND, WarrantyEntry
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
    """Warranty lines the actor may see, of one unit or of all; reversed ones and reversals too.

    What doors show of a line's papers, price and reason are `shown_evidence`, `shown_price` and `shown_reason`: empty where the
    line was written for an owner whom the actor doesn't see (`is_former`). The cover itself goes over with the unit.
    """
    rows = _discreet(access.visible(WarrantyEntry, actor), actor).select_related("asset", "term", "reversal")
    return rows.filter(asset_id=asset_id) if asset_id is not None else rows


def first_line(entry: WarrantyEntry) -> WarrantyEntry:
    """The line that this one goes back to: where somebody set another end, the one before."""
    while entry.source_kind == BY_HAND:
        entry = WarrantyEntry.objects.select_related("asset").get(pk=entry.source_id)
    return entry


def read_entries(entries: Iterable[WarrantyEntry], actor: Actor) -> list[WarrantyEntry]:
    """Lines that this actor just wrote, with what he is shown of them, in their order; one statement."""
    ids = [entry.pk for entry in entries]
    found = {row.pk: row for row in _discreet(WarrantyEntry.objects.filter(pk__in=ids), actor).select_related("asset")}
    return [found[pk] for pk in ids]


def _discreet(rows: QuerySet[WarrantyEntry], actor: Actor) -> QuerySet[WarrantyEntry]:
    if assets.is_of_a_former_owner(actor, asset="asset_id", at="made_at") is None:
        return rows.annotate(is_former=Value(False), shown_evidence=F("evidence"), shown_price=F("price_amount"), shown_reason=F("reason"))
    # A line with another end takes the papers of the one before it over: they are as old as they were there.
    first = WarrantyEntry.objects.filter(asset=OuterRef("asset_id"), evidence=OuterRef("evidence")).exclude(evidence="").order_by("id")
    rows = rows.annotate(paper_at=Coalesce(Subquery(first.values("made_at")[:1]), F("made_at")))
    rows = rows.annotate(
        is_former=assets.is_of_a_former_owner(actor, asset="asset_id", at="paper_at"),
        has_former_words=assets.is_of_a_former_owner(actor, asset="asset_id", at="made_at"),
    )
    return rows.annotate(
        shown_evidence=Case(When(is_former=True, then=Value("")), default=F("evidence"), output_field=CharField()),
        shown_price=Case(When(is_former=False, then=F("price_amount")), default=None, output_field=DecimalField()),
        shown_reason=Case(When(has_former_words=True, then=Value("")), default=F("reason"), output_field=CharField()),
    )


def without_papers(decision: rules.Decision, asset, actor: Actor) -> rules.Decision:
    """The decision as this actor may read it: no paper that a former owner, whom he doesn't see, showed.

    A contract is the present owner's own. No statement for who sees every customer.
    """
    if not decision.evidence or decision.contract or assets.hidden_until(asset, actor) is None:
        return decision
    own = list_entries(actor, asset.pk).filter(shown_evidence=decision.evidence).exists()
    return decision if own else replace(decision, evidence="")


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
