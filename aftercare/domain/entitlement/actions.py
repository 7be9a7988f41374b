"""Every write of warranty terms and of the units' warranty ledger."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts, queries, rules
from aftercare.domain.entitlement.access import EDIT_TERM, OVERRIDE, REGISTER
from aftercare.domain.entitlement.models import Term, WarrantyEntry
from aftercare.foundation import statements
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import Invalid, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import apart, step

Kind = WarrantyEntry.Kind
_EVER_EDITABLE = frozenset({"name", "valid_to"})
_PROMISE = frozenset({"months", "days", "starts", "grace_months", "covers_parts", "covers_labour", "covers_travel",
                      "component", "valid_from"})


# --- terms --------------------------------------------------------------------------------------------------------


def create_term(
    *, name: str, months: int = 0, days: int = 0, starts: str = "sale", product=None, category=None,
    component: str = "", grace_months: int = 0, covers_parts: bool = True, covers_labour: bool = True,
    covers_travel: bool = True, valid_from: dt.date, valid_to: dt.date | None = None, actor: Actor, at: dt.datetime,
) -> Term:
    """Set a warranty term for a product, a category or all; for the whole unit or for one component.

    Refuses an empty term, one that covers nothing, and a second one of the same kind from the same day on.
    """
    if product is not None and category is not None:
        raise RuleBroken(_("产品和品类只能选一个"), code="two_targets", field="category")
    term = Term(
        name=name.strip(), product=product, category=category, component=component.strip(), months=months, days=days,
        starts=starts, grace_months=grace_months, covers_parts=covers_parts, covers_labour=covers_labour,
        covers_travel=covers_travel, valid_from=valid_from, valid_to=valid_to,
    )
    _require_term(term)
    with step():
        return open_new(term, actor=actor, at=at, permission=EDIT_TERM,
                        fact=lambda row: facts.TermCreated(row.pk, row.name))


def edit_term(term: Term, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Term:
    """Change a term. What it promises can change only while no unit's ledger names it: set a new dated term instead."""
    unknown = fields.keys() - _EVER_EDITABLE - _PROMISE
    if unknown:
        raise Invalid({name: _("这一项不能修改") for name in sorted(unknown)}, code="unknown_field")
    if fields.keys() & _PROMISE and WarrantyEntry.objects.filter(term=term).exists():
        raise RuleBroken(_("已有设备按此条款登记保修，请另设新条款"), code="term_used")
    edited = Term(**{f.attname: getattr(term, f.attname) for f in Term._meta.concrete_fields})
    for name, value in fields.items():
        setattr(edited, name, value.strip() if isinstance(value, str) else value)
    _require_term(edited)
    return revise(term, actor=actor, at=at, permission=EDIT_TERM, version=version,
                  **{name: getattr(edited, name) for name in fields})


def _require_term(term: Term) -> None:
    if not term.name:
        raise RuleBroken(_("请填写条款名称"), code="name_missing", field="name")
    if term.months + term.days <= 0:
        raise RuleBroken(_("请填写月数或天数"), code="no_length", field="months")
    if term.starts not in Term.Start.values:
        raise RuleBroken(_("没有这种起算方式"), code="unknown_start", field="starts")
    if not (term.covers_parts or term.covers_labour or term.covers_travel):
        raise RuleBroken(_("条款至少要含一项"), code="covers_nothing", field="covers_parts")
    if term.valid_to is not None and term.valid_to < term.valid_from:
        raise RuleBroken(_("失效日期不能早于生效日期"), code="bad_span", field="valid_to")
    twins = Term.objects.filter(product=term.product, category=term.category, component=term.component,
                                valid_from=term.valid_from)
    if twins.exclude(pk=term.pk).exists():
        raise RuleBroken(_("同样范围在这一天已有条款"), code="term_twice", field="valid_from")


# --- the ledger ---------------------------------------------------------------------------------------------------


def register_base(asset, *, reason: str = "", actor: Actor, at: dt.datetime) -> list[WarrantyEntry]:
    """Bring the unit's base cover into line with the terms and its days (after sale, installation, a correction).

    Lines that no longer agree are reversed, missing ones appended; called again it changes nothing. Gives back the
    lines that hold. A unit whose start is unknown gets none.
    """
    _require_here(REGISTER, asset, actor)
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
    _require_here(REGISTER, asset, actor)
    ends_on = _require_span(starts_on, ends_on, months, days)
    _require_class(service_class)
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
    _require_here(REGISTER, asset, actor)
    _require_span(starts_on, ends_on, 0, 0)
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
    _require_here(OVERRIDE, asset, actor)
    _require_reason(reason)
    _require_span(starts_on, ends_on, 0, 0)
    _require_class(service_class)
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
    _require_here(OVERRIDE if entry.kind_of == Kind.GOODWILL else REGISTER, asset, actor)
    _require_reason(reason)
    if entry.kind_of == Kind.REVERSAL:
        raise WrongState(_("冲销记录不能再冲销"), code="is_reversal")
    return _reverse(entry, asset, reason.strip(), actor, at)


def override(
    decision: rules.Decision, *, service_class: str, reason: str, asset=None, branch_id: int | None = None,
    actor: Actor, at: dt.datetime,
) -> rules.Decision:
    """The decision for one document as a person changed it, with his reason; the ledger stays as it is.

    Class A makes everything paid (damage by misuse), any other everything free. Kept on the unit's timeline.
    """
    actor.require(OVERRIDE, branch_id=asset.branch_id if asset is not None else branch_id)
    _require_reason(reason)
    if service_class not in rules.CLASSES:
        raise RuleBroken(_("没有这种服务类别"), code="unknown_class", field="service_class")
    if asset is not None:
        record_about(asset, verb="entitlement.override", actor=actor, at=at, note=reason,
                     fact=facts.DecisionOverridden(asset.pk, decision.service_class, service_class, reason))
    return rules.overridden(decision, service_class=service_class, why=reason.strip(), by=actor.name)


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


def _require_here(permission: str, asset, actor: Actor) -> None:
    # An engineer's grants reach his own rows only; a unit is nobody's row, so for him his branch's units count.
    own = (actor.employee_id,) if asset.branch_id == actor.branch_id else ()
    actor.require(permission, branch_id=asset.branch_id, people=own)


def _lock(asset) -> None:
    # Two bookings for one unit take their turns at the unit's row; SQLite lets one writer in anyway.
    statements.find(_held_unit, pk=asset.pk)


def _held_unit():
    return WarrantyEntry._meta.get_field("asset").related_model._default_manager.select_for_update().only("pk")


def _require_span(starts_on: dt.date, ends_on: dt.date | None, months: int, days: int) -> dt.date:
    if ends_on is None:
        if months + days <= 0:
            raise RuleBroken(_("请填写到期日或月数"), code="no_length", field="ends_on")
        ends_on = rules.cover_end(starts_on, months, days)
    if ends_on < starts_on:
        raise RuleBroken(_("到期日不能早于起算日"), code="bad_span", field="ends_on")
    return ends_on


def _require_class(service_class: str) -> None:
    if service_class not in rules.CLASSES or service_class == rules.PAID:
        raise RuleBroken(_("没有这种服务类别"), code="unknown_class", field="service_class")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_("请填写理由"), code="reason_missing", field="reason")
