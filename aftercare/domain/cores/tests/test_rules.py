"""Which rule decides, and how debts follow quantities; no database."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.cores import rules

DAY = dt.date(2026, 3, 2)
START = dt.date(2026, 1, 1)


def line(number: int, **terms) -> rules.RuleLine:
    return rules.RuleLine(number, 1, terms.pop("valid_from", START), **terms)


def use(**values) -> rules.Use:
    return rules.Use(**{"part_id": 1, "is_flagged": True, "is_paid": False, "on": DAY, "branch_ids": (12, 1), "category_ids": (22, 2), **values})


def test_without_a_rule_the_flag_decides_and_what_was_paid_for_stays_the_customers():
    assert rules.decide(use(), []) == rules.Decision(True) and rules.decide(use(), []).days == rules.DEFAULT_DAYS
    assert not rules.decide(use(is_flagged=False), []).is_owed
    assert not rules.decide(use(is_paid=True), []).is_owed


@pytest.mark.parametrize("lines, winner", [
    ([line(1), line(2, branch_id=1)], 2),
    ([line(1, branch_id=1), line(2, branch_id=12)], 2),
    ([line(1, branch_id=12), line(2, category_id=2)], 2),
    ([line(1, category_id=2), line(2, category_id=22)], 2),
    ([line(1, category_id=22, branch_id=12), line(2, part_id=1)], 2),
    ([line(1, part_id=1), line(2, part_id=1, branch_id=1)], 2),
    ([line(1, valid_to=DAY - dt.timedelta(days=1)), line(2, valid_from=DAY)], 2),
    ([line(1), line(2, branch_id=99), line(3, category_id=99), line(4, part_id=99)], 1),
])
def test_the_most_exact_rule_decides(lines, winner):
    assert rules.decide(use(), lines).rule.id == winner
    assert rules.decide(use(), lines[::-1]).rule.id == winner


def test_a_rule_speaks_of_flagged_parts_unless_it_names_the_part():
    assert rules.decide(use(is_flagged=False), [line(1)]).rule is None
    assert rules.decide(use(is_flagged=False), [line(1, part_id=1)]).is_owed


def test_a_rule_may_exempt_and_may_ask_for_what_was_paid():
    assert not rules.decide(use(), [line(1), line(2, part_id=1, is_returned=False)]).is_owed
    assert not rules.decide(use(is_paid=True), [line(1)]).is_owed
    assert rules.decide(use(is_paid=True), [line(1, is_paid_too=True)]).is_owed


def test_the_strictest_policy_counts():
    assert rules.strictest([]) == "none" and rules.strictest(["warn", "none"]) == "warn" and rules.strictest(["warn", "block"]) == "block"


def test_overdue_begins_when_the_day_is_over():
    assert not rules.is_overdue(DAY, DAY) and rules.is_overdue(DAY, DAY + dt.timedelta(days=1))


@pytest.mark.parametrize("standing, wanted, taken, lacking", [
    ([], "2", [], "2"), ([(1, D(2))], "2", [], "0"), ([(1, D(2)), (2, D(3))], "4", [(1, D(1))], "0"),
    ([(1, D(2)), (2, D(3))], "1", [(1, D(2)), (2, D(2))], "0"), ([(1, D(2))], "0", [(1, D(2))], "0"), ([(1, D(1))], "2.5", [], "1.5"),
])
def test_debts_follow_the_quantity(standing, wanted, taken, lacking):
    assert rules.portions(standing, D(wanted)) == (taken, D(lacking))
