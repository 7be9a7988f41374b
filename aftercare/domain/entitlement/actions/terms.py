"""Every write of warranty terms."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.access import EDIT_TERM
from aftercare.domain.entitlement.models import Term, WarrantyEntry
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.refusals import Invalid, RuleBroken
from aftercare.foundation.transactions import step

_EVER_EDITABLE = frozenset({"name", "valid_to"})
_PROMISE = frozenset({"months", "days", "starts", "grace_months", "covers_parts", "covers_labour", "covers_travel",
                      "component", "valid_from"})


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
