from decimal import Decimal as D

import pytest

from aftercare.domain.purchasing import rules
from aftercare.domain.purchasing.access import APPROVE, APPROVE_LARGE, APPROVE_TOP, APPROVING

LEVELS = [rules.Level(D(50000), APPROVE_LARGE), rules.Level(D(5000), APPROVE), rules.Level(None, APPROVE_TOP)]


@pytest.mark.parametrize("amount, right", [("0", APPROVE), ("5000", APPROVE), ("5000.01", APPROVE_LARGE), ("50000.01", APPROVE_TOP)])
def test_the_lowest_level_that_reaches_the_amount_decides(amount, right):
    assert rules.required_right(LEVELS, D(amount), APPROVE_TOP) == right


def test_without_a_level_above_the_highest_right_decides():
    assert rules.required_right(LEVELS[:2], D(60000), APPROVE_TOP) == APPROVE_TOP
    assert rules.required_right([], D(1), APPROVE) == APPROVE


def test_a_higher_right_does_what_a_lower_one_does():
    assert list(rules.rights_at_least(APPROVE_LARGE, APPROVING)) == [APPROVE_LARGE, APPROVE_TOP]
    assert list(rules.rights_at_least("unknown", APPROVING)) == [APPROVE_TOP]


@pytest.mark.parametrize("qty, pack, least, rounded", [
    ("7", "5", "0", "10"), ("10", "5", "0", "10"), ("0.3", "0.25", "0", "0.5"), ("3", "1", "20", "20"), ("-4", "5", "0", "0"), ("7", "0", "0", "7"),
])  # fmt: skip
def test_quantities_are_rounded_up_to_packs(qty, pack, least, rounded):
    assert rules.rounded_to_packs(D(qty), D(pack), D(least)) == D(rounded)


def test_amounts_are_exact_to_the_cent():
    assert rules.line_amounts(D(3), D("0.3333"), D(13)) == (D("1.00"), D("0.13"))
    assert rules.totals([(D(3), D("0.3333"), D(13)), (D(1), D("0.005"), D(0))]) == (D("1.01"), D("0.13"))


def test_a_ceiling_never_exceeds_the_percentage():
    assert rules.ceiling(D("3.333"), D(5)) == D("3.499")
    assert rules.split_excess(D(8), D(4), D(10)) == (D(6), D(2))
    assert rules.split_excess(D(8), D(10), D(10)) == (D(0), D(8))


def test_a_verdict_speaks_of_all_that_came():
    assert rules.is_verdict_whole(D(5), D(3), D(2))
    assert not rules.is_verdict_whole(D(5), D(3), D(1))
    assert not rules.is_verdict_whole(D(5), D(6), D(-1))


@pytest.mark.parametrize("lines, arrival", [
    ([(5, 0, 0, 0)], "waiting"), ([(5, 0, 0, 2)], "partial"), ([(5, 0, 5, 0), (1, 0, 0, 0)], "partial"), ([(5, 2, 3, 0), (1, 1, 0, 0)], "full"),
])  # fmt: skip
def test_how_far_an_order_has_arrived(lines, arrival):
    assert rules.arrival_of(tuple(map(D, line)) for line in lines) == arrival
