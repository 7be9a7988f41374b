"""Every write of the units' warranty ledger: lines are appended and reversed."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts, queries, rules
from aftercare.domain.entitlement.access import OVERRIDE, REGISTER
from aftercare.domain.entitlement.actions.checks import require_class, require_here, require_reason, require_span
from aftercare.domain.entitlement.models import WarrantyEntry
from aftercare.foundation import statements
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import apart, step

Kind = WarrantyEntry.Kind


def register_base(asset, *, reason: str = "", actor: Actor, at: dt.datetime) -> list[WarrantyEntry]:
    """Bring the unit's base cover into line with the terms and its days (after sale, installation, a correction).

    Lines that no longer agree are reversed, missing ones appended; called again it changes nothing. Gives back the
    lines that hold. A unit whose start is unknown gets none.
    """
    require_here(REGISTER, asset, actor)
    with step():
        _lock(asset)
        wanted = {(c.term_id, c.component, c.starts_on, c.ends_on): c for c in queries.covers_by_terms(asset)}
        kept = []
        for entry in statements.read(_live_by_term, asset_id=asset.pk, kind_of=Kind.BASE):
            if wanted.pop((entry.term_id, entry.component, entry.starts_on, entry.ends_on), None):
                kept.append(entry)
            else:
                _reverse(entry, asset, reason or _("按条款和日期重新登记"), actor, at)
        for cover in wanted.values():
            kept.append(_append(
                asset, Kind.BASE, actor, at, term_id=cover.term_id, name=cover.name, component=cover.component,
                starts_on=cover.starts_on, ends_on=cover.ends_on, covers_parts=cover.covers_parts,
                covers_labour=cover.covers_labour, covers_travel=cover.covers_travel, evidence=cover.evidence,
                reason=reason,
            ))
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
        _lock(asset)
        booked = _booked(asset, kind, source, component)
        return [booked or _append(
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
        _lock(asset)
        return _booked(asset, Kind.REPAIR_DAYS, source, "") or _append(
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
        _lock(asset)
        return _append(
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
    return _reverse(entry, asset, reason.strip(), actor, at)


def _live_by_term():
    return WarrantyEntry.objects.filter(reversal=None, term__isnull=False).order_by("id")


def _append(asset, kind: str, actor: Actor, at: dt.datetime, *, source: Source | None = None, **columns):
    entry = statements.insert(WarrantyEntry(
        asset=asset, kind_of=kind, source_kind=source.kind if source else "", source_id=source.id if source else 0,
        made_at=at, actor_name=actor.name[:80], **columns,
    ))
    record_about(asset, verb="entitlement.register_cover", actor=actor, at=at, note=columns.get("reason", ""),
                 fact=facts.CoverRegistered(asset.pk, entry.pk, str(kind), entry.name, entry.component,
                                            entry.starts_on, entry.ends_on))
    return entry


def _reverse(entry: WarrantyEntry, asset, reason: str, actor: Actor, at: dt.datetime) -> WarrantyEntry:
    try:
        with apart():
            reversal = WarrantyEntry.objects.create(
                asset=asset, kind_of=Kind.REVERSAL, term_id=entry.term_id, name=entry.name, component=entry.component,
                starts_on=entry.starts_on, ends_on=entry.ends_on, covers_parts=entry.covers_parts,
                covers_labour=entry.covers_labour, covers_travel=entry.covers_travel,
                service_class=entry.service_class, source_kind=entry.source_kind, source_id=entry.source_id,
                reverses=entry, reason=reason[:200], made_at=at, actor_name=actor.name[:80],
            )
            record_about(asset, verb="entitlement.reverse_cover", actor=actor, at=at, note=reason,
                         fact=facts.CoverReversed(asset.pk, entry.pk, reversal.pk))
    except IntegrityError:
        raise WrongState(_("这条保修记录已冲销"), code="already_reversed") from None
    return reversal


def _booked(asset, kind: str, source: Source | None, component: str) -> WarrantyEntry | None:
    if source is None:
        return None
    return WarrantyEntry.objects.filter(asset=asset, kind_of=kind, source_kind=source.kind, source_id=source.id,
                                        component=component.strip(), reversal=None).first()


def _lock(asset) -> None:
    # Two bookings for one unit take their turns at the unit's row; SQLite lets one writer in anyway.
    statements.find(_held_unit, pk=asset.pk)


def _held_unit():
    return WarrantyEntry._meta.get_field("asset").related_model._default_manager.select_for_update().only("pk")
