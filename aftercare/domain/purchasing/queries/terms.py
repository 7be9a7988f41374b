"""Suppliers' prices, levels of approval and tolerances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.purchasing import access, rules
from aftercare.domain.purchasing.models import ApprovalLevel, SupplierPrice, Tolerance
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound


def list_prices(actor: Actor) -> QuerySet[SupplierPrice]:
    """Prices of suppliers."""
    return visible(SupplierPrice, actor).select_related("supplier", "part")


def list_levels(actor: Actor) -> QuerySet[ApprovalLevel]:
    """Levels of approval."""
    return visible(ApprovalLevel, actor)


def list_tolerances(actor: Actor) -> QuerySet[Tolerance]:
    """Tolerances."""
    return visible(Tolerance, actor).select_related("supplier")


def get_price(key: int, actor: Actor) -> SupplierPrice:
    """That price."""
    return _one(list_prices(actor), key)


def get_level(key: int, actor: Actor) -> ApprovalLevel:
    """That level."""
    return _one(list_levels(actor), key)


def get_tolerance(key: int, actor: Actor) -> Tolerance:
    """That tolerance."""
    return _one(list_tolerances(actor), key)


def _one(rows: QuerySet, key: int):
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound(_("没有找到"), kind=rows.model._meta.label_lower)
    return found


def _valid(rows: QuerySet, day: dt.date) -> QuerySet:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def prices_on(day: dt.date, part_ids: Iterable[int], *, supplier_id: int | None = None) -> dict[int, list[SupplierPrice]]:
    """Valid prices of these parts, cheapest first, by part; of one supplier or of all that are in use. One statement."""
    rows = _valid(SupplierPrice.objects.filter(part_id__in=list(part_ids), supplier__is_active=True), day).select_related("supplier")
    if supplier_id is not None:
        rows = rows.filter(supplier_id=supplier_id)
    found: dict[int, list[SupplierPrice]] = {}
    for row in rows.order_by("price_amount", "id"):
        found.setdefault(row.part_id, []).append(row)
    return found


def required_right(amount: Decimal, day: dt.date) -> str:
    """The right that approves this amount (CNY) on that day."""
    rows = _valid(ApprovalLevel.objects.all(), day).values_list("up_to_amount", "right")
    levels = [rules.Level(up_to, right) for up_to, right in rows]
    # Without any level whoever may approve at all does; above the highest one only who may approve the most.
    return rules.required_right(levels, amount, access.APPROVE_TOP if levels else access.APPROVE)


def may_approve(actor: Actor, amount: Decimal, *, branch_id: int, day: dt.date) -> bool:
    """Whether the actor's rights reach this amount in that branch."""
    needed = required_right(amount, day)
    return any(actor.may(right, branch_id=branch_id) for right in rules.rights_at_least(needed, access.APPROVING))


def tolerance_on(day: dt.date, supplier_id: int) -> Tolerance:
    """The supplier's own tolerance, else the general one, else none at all (zeros)."""
    rows = _valid(Tolerance.objects.filter(Q(supplier_id=supplier_id) | Q(supplier=None)), day)
    found = sorted(rows, key=lambda row: row.supplier_id is None)
    return found[0] if found else Tolerance(over_percent=Decimal(0), price_percent=Decimal(0), price_amount=Decimal(0))
