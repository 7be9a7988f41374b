"""Every write of the units' warranty ledger: lines are appended and reversed."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import queries, rules
from aftercare.domain.entitlement.access import OVERRIDE, REGISTER
from aftercare.domain.entitlement.actions.booking import append, booked, columns_of, lock, reverse
from aftercare.domain.entitlement.actions.checks import require_class, require_here, require_reason, require_span
from aftercare.domain.entitlement.models import BY_HAND, WarrantyEntry
from aftercare.foundation import statements
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import step

Kind = WarrantyEntry.Kind


def register_base(asset, *, reason: str = "", actor: Actor, at: dt.datetime) -> list[WarrantyEntry]:
    """Bring the unit's base cover into line with the terms and its days (after sale, installation, a correction).

    Lines that no longer agree are reversed, missing ones appended; called again it changes nothing. Gives back the
    lines that hold. A unit whose start is unknown gets none. An end that was set by hand stays.
    """
    require_here(REGISTER, asset, actor)
    with step():
        lock(asset)
        standing = statements.read(_live_by_term, asset_id=asset.pk, kind_of=Kind.BASE)
        kept = [entry for entry in standing if entry.source_kind == BY_HAND]
        by_hand = {entry.component for entry in kept}
        covers = [cover for cover in queries.covers_by_terms(asset) if cover.component not in by_hand]
        wanted = {(c.term_id, c.component, c.starts_on, c.ends_on): c for c in covers}
        for entry in (entry for entry in standing if entry.source_kind != BY_HAND):
            if wanted.pop((entry.term_id, entry.component, entry.starts_on, entry.ends_on), None):
                kept.append(entry)
            else:
                reverse(entry, asset, reason or _("按条款和日期重新登记"), actor, at)
        for cover in wanted.values():
            kept.append(append(asset, Kind.BASE, actor, at, reason=reason, **columns_of(cover)))
    return kept


def register_cover(
    asset, *, kind: str = "base", name: str = "", component: str = "", starts_on: dt.date | None = None,
    ends_on: dt.date | None = None, months: int = 0, days: int = 0, covers_parts: bool = True,
    covers_labour: bool = True, covers_travel: bool = True, service_class: str = rules.WARRANTY, evidence: str = "",
    source: Source | None = None, reason: str = "", actor: Actor, at: dt.datetime,
) -> list[WarrantyEntry]:
    """Append a cover to the unit's warranty ledger; gives back the lines that hold because of this call.

    Without days it is the base cover by the terms (see `register_base`). Else it runs from `starts_on` to `ends_on`,
    or for `months` and `days`. With a source the same cover is booked once. Goodwill has its own action.
    """
    if starts_on is None:
        if kind != Kind.BASE:
            raise RuleBroken(_("请填写起算日"), code="start_missing", field="starts_on")
        return register_base(asset, reason=reason, actor=actor, at=at)
    if kind not in Kind.values or kind in (Kind.REVERSAL, Kind.GOODWILL, Kind.REPAIR_DAYS):
        raise RuleBroken(_("不能这样登记"), code="unknown_kind", field="kind")
    require_here(REGISTER, asset, actor)
    ends_on = require_span(starts_on, ends_on, months, days)
    require_class(service_class)
    with step():
        lock(asset)
        known = booked(asset, kind, source, component)
        return [known or append(
            asset, kind, actor, at, name=name.strip() or str(Kind(kind).label), component=component.strip(),
            starts_on=starts_on, ends_on=ends_on, covers_parts=covers_parts, covers_labour=covers_labour,
            covers_travel=covers_travel, service_class=service_class, evidence=evidence.strip(), source=source,
            reason=reason,
        )]


def add_repair_days(
    asset, *, starts_on: dt.date, ends_on: dt.date, source: Source, reason: str = "", actor: Actor, at: dt.datetime
) -> WarrantyEntry:
    """Put the end of base and extension off by the days the unit was in repair, both counted; once per source."""
    require_here(REGISTER, asset, actor)
    require_span(starts_on, ends_on, 0, 0)
    with step():
        lock(asset)
        return booked(asset, Kind.REPAIR_DAYS, source, "") or append(
            asset, Kind.REPAIR_DAYS, actor, at, name=str(Kind.REPAIR_DAYS.label), starts_on=starts_on, ends_on=ends_on,
            source=source, reason=reason,
        )


def grant_goodwill(
    asset, *, starts_on: dt.date, ends_on: dt.date, reason: str, component: str = "", covers_parts: bool = True,
    covers_labour: bool = True, covers_travel: bool = True, service_class: str = rules.ADMINISTRATIVE,
    evidence: str = "", source: Source | None = None, actor: Actor, at: dt.datetime,
) -> WarrantyEntry:
    """Grant free service for some days although no term gives it; needs the permission to override and a reason."""
    require_here(OVERRIDE, asset, actor)
    require_reason(reason)
    require_span(starts_on, ends_on, 0, 0)
    require_class(service_class)
    with step():
        lock(asset)
        return append(
            asset, Kind.GOODWILL, actor, at, name=str(Kind.GOODWILL.label), component=component.strip(),
            starts_on=starts_on, ends_on=ends_on, covers_parts=covers_parts, covers_labour=covers_labour,
            covers_travel=covers_travel, service_class=service_class, evidence=evidence.strip(), source=source,
            reason=reason.strip(),
        )


def reverse_entry(entry: WarrantyEntry, *, reason: str, actor: Actor, at: dt.datetime) -> WarrantyEntry:
    """Take a warranty line back by a reversal that names it; each line once. Goodwill needs the one who may grant it."""
    asset = entry.asset
    require_here(OVERRIDE if entry.kind_of == Kind.GOODWILL else REGISTER, asset, actor)
    require_reason(reason)
    if entry.kind_of == Kind.REVERSAL:
        raise WrongState(_("冲销记录不能再冲销"), code="is_reversal")
    return reverse(entry, asset, reason.strip(), actor, at)


def _live_by_term():
    return WarrantyEntry.objects.filter(reversal=None, term__isnull=False).order_by("id")
