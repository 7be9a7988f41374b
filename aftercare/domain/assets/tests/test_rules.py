"""Serial numbers and days on plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.assets import rules

D = dt.date
TODAY = D(2026, 11, 22)


@pytest.mark.parametrize(("typed", "key"), [
    ("ab-123", "AB-123"), ("ＡＢ－１２３", "AB-123"), ("AB — 123", "AB-123"), (" a b\t123 ", "AB123"), ("A/1.0", "A/1.0"),
    ("000123", "000123"), ("", ""),
])
def test_serial_numbers_are_compared_without_width_case_and_space(typed, key):
    assert rules.serial_key(typed) == key


def test_dashes_tell_units_apart_but_not_in_search():
    assert rules.serial_key("A1-23") != rules.serial_key("A12-3")
    assert rules.squeezed("A1-23") == rules.squeezed("a12 - 3") == "A123"


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text):
    key = rules.serial_key(text)
    assert rules.serial_key(key) == key and len(key) <= 60


def test_the_maker_is_the_brand_or_the_product():
    assert rules.maker_key("海尔", 7) == "海尔" and rules.maker_key("", 7) == "#7"


def test_days_in_the_future_and_years_that_cannot_be():
    found = rules.problems(today=TODAY, sold_on=D(2026, 11, 23), made_on=D(1799, 1, 1), made_year=2030,
                           installed_on=TODAY)
    assert found == {"sold_on": "future", "made_on": "year", "made_year": "year"}
    assert rules.problems(today=TODAY, made_on=D(2025, 1, 1), made_year=2024) == {"made_year": "mismatch"}


def test_odd_but_possible_days_are_kept_as_evidence():
    assert rules.problems(today=TODAY, made_on=D(2025, 5, 1), sold_on=D(2025, 1, 1), invoiced_on=D(2024, 1, 1)) == {}
    assert rules.problems(today=TODAY, made_year=1869) == {}
    assert rules.problems(today=TODAY) == {}
