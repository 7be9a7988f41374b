"""Money: decimals with a currency code; half-up rounding in one function; shares exact to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import Sum
from django.db.models.functions import Round
from django.utils.translation import gettext as _

from aftercare.foundation.refusals import RuleBroken

CURRENCY = "CNY"
# ISO 4217 minor units of the currencies that are not divided into hundredths.
_PLACES = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3}
ZERO = Decimal("0.00")


def places(currency: str = CURRENCY) -> int:
    """Number of decimal places of a currency (ISO 4217 minor unit)."""
    return _PLACES.get(currency, 2)


def rounded(amount: Decimal, currency: str = CURRENCY) -> Decimal:
    """`amount` rounded half up to the currency's smallest unit."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-places(currency)), rounding=ROUND_HALF_UP)


def require_amount(amount: Decimal, *, field: str, minimum: Decimal = ZERO, currency: str = CURRENCY) -> Decimal:
    """`amount` as it is; refuses one below `minimum` or finer than the currency's smallest unit."""
    amount = Decimal(amount)
    if not amount.is_finite() or amount < minimum:
        raise RuleBroken(_("金额不能小于 %(minimum)s") % {"minimum": minimum}, code="amount_too_small", field=field)
    if rounded(amount, currency) != amount:
        raise RuleBroken(_("金额最多两位小数"), code="amount_too_fine", field=field)
    return rounded(amount, currency)


def shares(amount: Decimal, weights: Sequence[Decimal], currency: str = CURRENCY) -> list[Decimal]:
    """Split `amount` by `weights` so that the parts sum to it exactly (largest remainder method).

    No weight may be negative. A negative amount is split as its positive one, so that a refund mirrors the charge.
    """
    if any(weight < 0 for weight in weights):
        raise RuleBroken(_("分摊比例不能小于零"), code="negative_weight")
    if amount < 0:
        return [-part for part in shares(-amount, weights, currency)]
    total = sum(weights, Decimal(0))
    if total <= 0:
        raise RuleBroken(_("分摊比例之和必须大于零"), code="no_weight")
    unit = Decimal(1).scaleb(-places(currency))
    raw = [amount * weight / total for weight in weights]
    floor = [(part // unit) * unit for part in raw]
    missing = int((amount - sum(floor, Decimal(0))) / unit)
    order = sorted(range(len(raw)), key=lambda i: (floor[i] - raw[i], i))
    for i in order[:missing]:
        floor[i] += unit
    return [rounded(part, currency) for part in floor]


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def shown_price(price: Decimal) -> str:
    """A price of one unit as it is shown: two decimals, more only where it has them."""
    exponent = price.normalize().as_tuple().exponent
    return f"{price:,.{max(2, -int(exponent))}f}"


def in_capitals(amount: Decimal) -> str:
    """人民币大写 of a CNY amount, as written on receipts (GB/T 15835 practice; 票据填写 rules for 零 and 整)."""
    amount = rounded(Decimal(amount), "CNY")
    sign, amount = ("负", -amount) if amount < 0 else ("", amount)
    yuan, cents = divmod(int(amount * 100), 100)
    jiao, fen = divmod(cents, 10)
    text = _integer_in_capitals(yuan) + "元" if yuan else ""
    if not cents:
        return sign + (text or "零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    return sign + text + (_DIGITS[fen] + "分" if fen else "整")


def _integer_in_capitals(number: int) -> str:
    text, gap, position = "", False, 0
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for position in range(len(groups) - 1, -1, -1):
        group = groups[position]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _group_in_capitals(group) + _GROUPS[position]
        gap = False
    return text


def _group_in_capitals(group: int) -> str:
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = group // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _UNITS[power]
            gap = False
        else:
            gap = True
    return text


def summed(column: str) -> Round:
    """The sum of a column of money as SQL, without the binary dust that SQLite's sums carry."""
    return Round(Sum(column), 2)


class MoneyField(models.DecimalField):
    """An amount of money: 16 digits, 2 places. Its currency is a column of the same row, or CNY by the document."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)
