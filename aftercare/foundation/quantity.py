"""Quantities of goods: decimals with three places, never floats."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.db import models
from django.db.models import Sum
from django.db.models.functions import Round
from django.utils.translation import gettext as _

from aftercare.foundation.refusals import RuleBroken

STEP = Decimal("0.001")
ZERO = Decimal("0")


def require_quantity(value, *, field: str = "qty") -> Decimal:
    """`value` as a positive decimal with at most three places; refuses anything else."""
    try:
        qty = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise RuleBroken(_("数量不是数字"), code="bad_quantity", field=field) from None
    if not qty.is_finite() or qty <= 0:
        raise RuleBroken(_("数量必须大于零"), code="quantity_not_positive", field=field)
    if qty != qty.quantize(STEP):
        raise RuleBroken(_("数量最多三位小数"), code="quantity_too_fine", field=field)
    if qty >= Decimal(10) ** 9:
        raise RuleBroken(_("数量太大"), code="quantity_too_large", field=field)
    return qty


def shown(qty: Decimal) -> str:
    """The quantity without trailing zeros."""
    text = f"{qty:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def summed(column: str) -> Round:
    """The sum of a column of quantities as SQL, without the binary dust that SQLite's sums carry."""
    return Round(Sum(column), 3)


class QuantityField(models.DecimalField):
    """A quantity in the part's unit: 15 digits, 3 places."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 3)
        super().__init__(*args, **kwargs)
