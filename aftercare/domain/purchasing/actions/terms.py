"""Terms of supply: suppliers' prices, levels of approval, tolerances. Dated; what is written into papers stays."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from aftercare.domain.purchasing import access
from aftercare.domain.purchasing.actions.papers import require_price
from aftercare.domain.purchasing.models import ApprovalLevel, SupplierPrice, Tolerance
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.money import require_amount
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import RuleBroken

_PRICE = ("supplier_code", "price_amount", "pack_qty", "min_qty", "lead_days", "valid_from", "valid_to")
_LEVEL = ("name", "up_to_amount", "right", "valid_from", "valid_to")
_TOLERANCE = ("over_percent", "price_percent", "price_amount", "valid_from", "valid_to")


@transaction.atomic
def create_price(
    *, supplier_id: int, part_id: int, price_amount: Decimal, valid_from: dt.date, actor: Actor, at: dt.datetime, **fields
) -> SupplierPrice:
    """A supplier's price of a part without tax, per unit; refuses a second one for the same days (`price_overlaps`)."""
    row = SupplierPrice(supplier_id=supplier_id, part_id=part_id, price_amount=price_amount, valid_from=valid_from,
                        **_known(fields, _PRICE))
    _check_price(row)
    return open_new(row, actor=actor, at=at, permission=access.EDIT_PRICE)


@transaction.atomic
def edit_price(row: SupplierPrice, *, version: int, actor: Actor, at: dt.datetime, **fields) -> SupplierPrice:
    """Change a price or end it by `valid_to`; orders keep the price they were written with."""
    row = revise(row, actor=actor, at=at, permission=access.EDIT_PRICE, version=version, **_known(fields, _PRICE))
    _check_price(row)
    return row


def _check_price(row: SupplierPrice) -> None:
    require_price(row.price_amount)
    require_quantity(row.pack_qty, field="pack_qty")
    if row.min_qty < 0:
        raise RuleBroken(_("数量不能为负"), code="negative_quantity", field="min_qty")
    _require_single(row, {"supplier_id": row.supplier_id, "part_id": row.part_id}, "price_overlaps", _("这家供应商这个配件在这段时间已有价格"))


@transaction.atomic
def create_level(
    *, name: str, right: str, valid_from: dt.date, up_to_amount: Decimal | None = None, valid_to: dt.date | None = None,
    actor: Actor, at: dt.datetime,
) -> ApprovalLevel:
    """Up to `up_to_amount` CNY (None: whatever is above) requests are approved by who holds `right`."""
    row = ApprovalLevel(name=name.strip(), right=right, up_to_amount=up_to_amount, valid_from=valid_from, valid_to=valid_to)
    _check_level(row)
    return open_new(row, actor=actor, at=at, permission=access.EDIT_RULES)


@transaction.atomic
def edit_level(row: ApprovalLevel, *, version: int, actor: Actor, at: dt.datetime, **fields) -> ApprovalLevel:
    """Change a level of approval or end it."""
    row = revise(row, actor=actor, at=at, permission=access.EDIT_RULES, version=version, **_known(fields, _LEVEL))
    _check_level(row)
    return row


def _check_level(row: ApprovalLevel) -> None:
    if not row.name:
        raise RuleBroken(_("请填写级别名称"), code="name_missing", field="name")
    if row.right not in ApprovalLevel.Right.values:
        raise RuleBroken(_("没有这种审批权限"), code="unknown_right", field="right")
    if row.up_to_amount is not None:
        require_amount(row.up_to_amount, field="up_to_amount")
    _require_single(row, {"up_to_amount": row.up_to_amount}, "level_overlaps", _("这个金额在这段时间已有审批级别"))


@transaction.atomic
def create_tolerance(
    *, valid_from: dt.date, supplier_id: int | None = None, actor: Actor, at: dt.datetime, **fields
) -> Tolerance:
    """How far receipts and invoices may differ, for a supplier or for all without a rule of their own."""
    row = Tolerance(supplier_id=supplier_id, valid_from=valid_from, **_known(fields, _TOLERANCE))
    _check_tolerance(row)
    return open_new(row, actor=actor, at=at, permission=access.EDIT_RULES)


@transaction.atomic
def edit_tolerance(row: Tolerance, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Tolerance:
    """Change a tolerance or end it; orders that were sent keep their ceilings."""
    row = revise(row, actor=actor, at=at, permission=access.EDIT_RULES, version=version, **_known(fields, _TOLERANCE))
    _check_tolerance(row)
    return row


def _check_tolerance(row: Tolerance) -> None:
    for name in ("over_percent", "price_percent"):
        if not 0 <= getattr(row, name) <= 100:
            raise RuleBroken(_("数值超出范围"), code="out_of_range", field=name)
    require_amount(row.price_amount, field="price_amount")
    _require_single(row, {"supplier_id": row.supplier_id}, "tolerance_overlaps", _("这段时间已有允差规则"))


def _known(fields: dict, known: tuple[str, ...]) -> dict:
    for name in fields:
        if name not in known:
            raise RuleBroken(_("不能修改这一项"), code="unknown_field", field=name)
    return fields


def _require_single(row, same: dict, code: str, message: str) -> None:
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise RuleBroken(_("失效日期不能早于生效日期"), code="validity_reversed", field="valid_to")
    others = type(row)._default_manager.filter(**same).exclude(pk=row.pk)
    if row.valid_to is not None:
        others = others.filter(valid_from__lte=row.valid_to)
    if others.filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from)).exists():
        raise RuleBroken(message, code=code, field="valid_from")
