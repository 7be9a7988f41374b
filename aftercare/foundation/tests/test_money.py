"""Money is exact to the cent, and its capitals say the same amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.foundation import money
from aftercare.foundation.refusals import RuleBroken

amounts = st.decimals(-(10**9), 10**9, places=2)
weights = st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=12).filter(lambda w: sum(w) > 0)


@given(amounts, weights)
def test_shares_sum_to_the_whole(amount, parts):
    found = money.shares(amount, parts)
    assert sum(found) == amount and len(found) == len(parts)


@given(amounts, weights)
def test_shares_are_fair_to_the_cent(amount, parts):
    total = sum(parts)
    for share, weight in zip(money.shares(amount, parts), parts, strict=True):
        assert abs(share - amount * weight / total) < Decimal("0.01")


@given(amounts, weights)
def test_a_refund_mirrors_its_charge(amount, parts):
    assert money.shares(-amount, parts) == [-share for share in money.shares(amount, parts)]


@pytest.mark.parametrize(("parts", "code"), [([], "no_weight"), ([Decimal(0)], "no_weight"), ([Decimal(-1), Decimal(2)], "negative_weight")])
def test_shares_need_weights(parts, code):
    with pytest.raises(RuleBroken) as refused:
        money.shares(Decimal(1), parts)
    assert refused.value.code == code


@pytest.mark.parametrize(("value", "shown"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.344999", "2.34"), ("1.005", "1.01")])
def test_half_a_cent_goes_up(value, shown):
    assert money.rounded(Decimal(value)) == Decimal(shown)


def test_currencies_have_their_own_smallest_unit():
    assert money.rounded(Decimal("10.5"), "JPY") == 11
    assert money.rounded(Decimal("1.2345"), "KWD") == Decimal("1.235")


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("1", "壹元整"), ("10", "壹拾元整"), ("1.05", "壹元零伍分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"), ("6007.14", "陆仟零柒元壹角肆分"), ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"), ("100000", "壹拾万元整"), ("1000001", "壹佰万零壹元整"), ("100010000", "壹亿零壹万元整"),
        ("-12.30", "负壹拾贰元叁角整"),
    ],
)
def test_capitals(amount, capitals):
    assert money.in_capitals(Decimal(amount)) == capitals


def read(text):
    """The amount that capitals say: an independent reading."""
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负").removesuffix("整")
    yuan, _unit, rest = text.partition("元") if "元" in text else ("", "", text)
    cents = 0
    for unit, worth in (("角", 10), ("分", 1)):
        if unit in rest:
            cents += money._DIGITS.index(rest[rest.index(unit) - 1]) * worth
    return sign * (Decimal(_integer(yuan)) + Decimal(cents) / 100)


def _integer(text):
    for unit, worth in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if unit in text:
            high, _unit, low = text.partition(unit)
            return _integer(high) * worth + _integer(low)
    total, digit = 0, 0
    for sign in text:
        if sign in money._DIGITS:
            digit = money._DIGITS.index(sign)
        else:
            total, digit = total + digit * {"拾": 10, "佰": 100, "仟": 1000}[sign], 0
    return total + digit


@given(st.decimals(-(10**14) + 1, 10**14 - 1, places=2))
def test_capitals_say_the_amount(amount):
    assert read(money.in_capitals(amount)) == amount


@given(st.decimals(0, 10**14 - 1, places=2))
def test_capitals_never_double_a_zero(amount):
    text = money.in_capitals(amount)
    assert "零零" not in text and ("零元" not in text or amount < 1)
