"""Every write of warranty terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.entitlement import facts
from aftercare.domain.entitlement.access import EDIT_TERM
from aftercare.domain.entitlement.models import Bearer, Term, WarrantyEntry
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import ZERO, require_amount
from aftercare.foundation.refusals import Invalid, RuleBroken
from aftercare.foundation.transactions import step

# The right of the dictionary's room: a term is not edited by it.
MERGE_WORDS = "catalog.merge"
_EVER_EDITABLE = frozenset({"name", "valid_to", "price_amount"})
_PROMISE = frozenset({
    "months", "days", "cycles", "cycle_unit", "starts", "starts_among", "grace_months", "policy", "covers_parts",
    "covers_labour", "covers_travel", "parts_percent", "labour_percent", "travel_percent", "borne_by", "excluded_codes",
    "counts_repair_days", "component", "region", "promotion", "valid_from",
})
_PERCENTS = ("parts_percent", "labour_percent", "travel_percent")


def create_term(
    *, name: str, kind: str = "unit", months: int = 0, days: int = 0, cycles: int = 0, cycle_unit: str = "",
    starts: str = "sale", starts_among=(), product=None, category=None, region=None, component: str = "",
    promotion: str = "", grace_months: int = 0, policy: str = "restart", covers_parts: bool = True,
    covers_labour: bool = True, covers_travel: bool = True, parts_percent: int = 100, labour_percent: int = 100,
    travel_percent: int = 100, borne_by: str = "maker", excluded_codes=(), counts_repair_days: bool = True,
    price_amount: Decimal = ZERO, valid_from: dt.date, valid_to: dt.date | None = None, actor: Actor, at: dt.datetime,
) -> Term:
    """Set a warranty term for a product, a category or all; for the whole unit or for one component.

    `kind` tells what it is for: units sold (`unit`), replaced parts (`part`), exchanged units (`exchange`), extensions
    for sale (`extension`). Refuses an empty term, one that covers nothing, a promotion without an end, and a second
    one of the same scope from the same day on.
    """
    if product is not None and category is not None:
        raise RuleBroken(_("产品和品类只能选一个"), code="two_targets", field="category")
    term = Term(
        name=name.strip(), kind_of=kind, product=product, category=category, region=region, component=component.strip(),
        promotion=promotion.strip(), months=months, days=days, cycles=cycles, cycle_unit=cycle_unit.strip(), starts=starts,
        starts_among=list(starts_among), grace_months=grace_months, policy=policy, covers_parts=covers_parts,
        covers_labour=covers_labour, covers_travel=covers_travel, parts_percent=parts_percent,
        labour_percent=labour_percent, travel_percent=travel_percent, borne_by=borne_by,
        excluded_codes=_ids(excluded_codes), counts_repair_days=counts_repair_days,
        price_amount=require_amount(price_amount, field="price_amount"), valid_from=valid_from, valid_to=valid_to,
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
    if "excluded_codes" in fields:
        fields["excluded_codes"] = _ids(fields["excluded_codes"])
    if "price_amount" in fields:
        fields["price_amount"] = require_amount(fields["price_amount"], field="price_amount")
    edited = Term(**{f.attname: getattr(term, f.attname) for f in Term._meta.concrete_fields})
    for name, value in fields.items():
        setattr(edited, name, value.strip() if isinstance(value, str) else value)
    _require_term(edited)
    return revise(term, actor=actor, at=at, permission=EDIT_TERM, version=version,
                  **{name: getattr(edited, name) for name in fields})


def _ids(codes) -> list[int]:
    return sorted({code if isinstance(code, int) else code.pk for code in codes})


def _require_term(term: Term) -> None:
    if not term.name:
        raise RuleBroken(_("请填写条款名称"), code="name_missing", field="name")
    if term.kind_of not in Term.Kind.values:
        raise RuleBroken(_("没有这种条款"), code="unknown_kind", field="kind_of")
    if term.months + term.days <= 0 and not _may_be_empty(term):
        raise RuleBroken(_("请填写月数或天数"), code="no_length", field="months")
    if term.cycles and not term.cycle_unit:
        raise RuleBroken(_("请填写计数单位，如：张、小时"), code="no_unit", field="cycle_unit")
    _require_start(term)
    if term.borne_by not in Bearer.values:
        raise RuleBroken(_("没有这种承担方"), code="unknown_bearer", field="borne_by")
    for name in _PERCENTS:
        if not 0 <= getattr(term, name) <= 100:
            raise RuleBroken(_("承担比例应在 0 到 100 之间"), code="bad_percent", field=name)
    kinds = ("parts", "labour", "travel")
    if not any(getattr(term, f"covers_{kind}") and getattr(term, f"{kind}_percent") for kind in kinds):
        raise RuleBroken(_("条款至少要含一项"), code="covers_nothing", field="covers_parts")
    if term.valid_to is not None and term.valid_to < term.valid_from:
        raise RuleBroken(_("失效日期不能早于生效日期"), code="bad_span", field="valid_to")
    if term.promotion and term.valid_to is None:
        raise RuleBroken(_("促销活动要有失效日期"), code="promotion_endless", field="valid_to")
    twins = Term.objects.filter(kind_of=term.kind_of, product=term.product, category=term.category, region=term.region,
                                component=term.component, promotion=term.promotion, valid_from=term.valid_from)
    if term.kind_of == Term.Kind.EXTENSION:
        twins = twins.filter(name=term.name)
    if twins.exclude(pk=term.pk).exists():
        raise RuleBroken(_("同样范围在这一天已有条款"), code="term_twice", field="valid_from")


def _may_be_empty(term: Term) -> bool:
    # What only takes over the rest of another cover needs no length of its own.
    return term.kind_of in (Term.Kind.PART, Term.Kind.EXCHANGE) and term.policy == Term.Policy.INHERIT


def _require_start(term: Term) -> None:
    if term.starts not in Term.Start.values:
        raise RuleBroken(_("没有这种起算方式"), code="unknown_start", field="starts")
    if term.policy not in Term.Policy.values:
        raise RuleBroken(_("没有这种更换规则"), code="unknown_policy", field="policy")
    if term.starts == Term.Start.FIRST:
        if len(set(term.starts_among)) < 2 or not set(term.starts_among) <= set(Term.Start.values) - {Term.Start.FIRST}:
            raise RuleBroken(_("请选择至少两个日期，取其中最早的"), code="too_few_starts", field="starts_among")


def swap_excluded_code(old_id: int, new_id: int, *, actor: Actor, at: dt.datetime) -> int:
    """Two words of the dictionary were merged: terms that exclude the one exclude the other. Gives back how many.

    What a term promises does not change by it: the same faults are called by one word from now on.
    """
    swapped = 0
    for term in Term.objects.exclude(excluded_codes=[]).select_for_update().order_by("pk"):
        if old_id in term.excluded_codes:
            codes = list(dict.fromkeys(new_id if one == old_id else one for one in term.excluded_codes))
            revise(term, actor=actor, at=at, permission=MERGE_WORDS, excluded_codes=codes)
            swapped += 1
    return swapped

