"""Commission and deductions, worked out without a database."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.settlement import rules
from aftercare.foundation.sources import Source

DAY = dt.date(2026, 3, 10)
NOON = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
WORK = rules.AuditedWork(
    source=Source("work.workorder", 7, "WO260310000007"), employee_id=3, branch_id=2, audited_on=DAY, work_type_id=11,
    work_type_name="维修", category_ids=(1, 4, 9), mode="on_site", grade="高级", labour_amount=Decimal("120.00"),
    part_amount=Decimal("80.00"), finished_at=NOON,
)
FIRST = Source("work.workorder", 5, "WO260301000005")


def rate(pk, **fields):
    return rules.RateLine(**{"id": pk, "version": 1, "valid_from": dt.date(2026, 1, 1), **fields})


def deduction(pk, **fields):
    return rules.DeductionLine(**{"id": pk, "version": 1, "cause": "overdue", "valid_from": dt.date(2026, 1, 1), **fields})


def test_amount_is_fixed_part_and_percents():
    only = rate(1, amount=Decimal("15"), labour_percent=Decimal("20"), part_percent=Decimal("5"))
    (line,) = rules.calculate_lines(WORK, [only], [])
    assert line.amount == Decimal("43.00")  # 15 + 24 + 4
    assert line.explanation["rule"]["id"] == 1
    assert [code for code, _value in line.explanation["steps"]] == ["fixed", "labour", "parts", "amount"]


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ({"work_type_id": 11}, {}),
        ({"category_id": 9}, {"category_id": 4}),
        ({"work_type_id": 11}, {"category_id": 9}),
        ({"mode": "on_site", "grade": "高级"}, {"work_type_id": 11}),
        ({"mode": "on_site"}, {"grade": "高级"}),
    ],
)
def test_most_specific_rate_wins(narrow, wide):
    assert rules.choose_rate(WORK, [rate(1, **narrow), rate(2, **wide)]).id == 1
    assert rules.choose_rate(WORK, [rate(2, **narrow), rate(1, **wide)]).id == 2


@pytest.mark.parametrize(
    "fields", [{"work_type_id": 12}, {"category_id": 5}, {"mode": "bench"}, {"grade": "初级"},
               {"valid_from": dt.date(2026, 3, 11)}, {"valid_to": dt.date(2026, 3, 9)}],
)
def test_rate_that_does_not_fit_is_not_used(fields):
    (line,) = rules.calculate_lines(WORK, [rate(1, amount=Decimal(9), **fields)], [])
    assert line.amount == 0
    assert line.explanation["steps"][0][0] == "no_rate"


def test_validity_includes_both_ends():
    assert rules.choose_rate(WORK, [rate(1, valid_from=DAY, valid_to=DAY)])


def test_overdue_takes_the_highest_step_passed():
    ladder = [deduction(1, over_minutes=0, amount=Decimal(5)), deduction(2, over_minutes=60, percent=Decimal(50)),
              deduction(3, over_minutes=600, amount=Decimal(100))]
    late = replace(WORK, overdue_minutes=61)
    earned, lost = rules.calculate_lines(late, [rate(1, amount=Decimal(30))], ladder)
    assert (earned.amount, lost.amount, lost.kind) == (Decimal(30), Decimal("-15.00"), "overdue")
    on_the_step = replace(WORK, overdue_minutes=60)
    assert rules.calculate_lines(on_the_step, [rate(1, amount=Decimal(30))], ladder)[1].amount == Decimal("-5.00")


def test_in_time_costs_nothing():
    assert len(rules.calculate_lines(WORK, [rate(1)], [deduction(1, amount=Decimal(5))])) == 1


def test_repeat_is_not_paid_and_costs_the_first():
    again = replace(WORK, repeat_of=FIRST, repeat_finished_at=NOON - dt.timedelta(days=30))
    first = rules.FirstJob(accrual_id=40, employee_id=8, branch_id=2, paid_amount=Decimal("33.33"), source_number="WO5")
    rule = deduction(6, cause="repeat", percent=Decimal(50), amount=Decimal(10))
    unpaid, taken = rules.calculate_lines(again, [rate(1, amount=Decimal(30))], [rule], [first])
    assert unpaid.amount == 0 and unpaid.employee_id == 3
    assert (taken.employee_id, taken.amount, taken.deducts_id) == (8, Decimal("-26.67"), 40)


def test_repeat_after_the_time_is_a_new_job():
    again = replace(WORK, repeat_of=FIRST, repeat_finished_at=NOON - dt.timedelta(days=31))
    (line,) = rules.calculate_lines(again, [rate(1, amount=Decimal(30))], [deduction(6, cause="repeat", amount=Decimal(9))])
    assert line.amount == Decimal("30.00")


def test_first_paid_less_than_nothing_is_not_deducted_by_percent():
    again = replace(WORK, repeat_of=FIRST, repeat_finished_at=NOON)
    first = rules.FirstJob(40, 8, 2, Decimal("-3.00"), "WO5")
    assert len(rules.calculate_lines(again, [], [deduction(6, cause="repeat", percent=Decimal(100))], [first])) == 1


amounts = st.decimals(0, 10_000, places=2)
percents = st.decimals(0, 100, places=3)


@given(labour=amounts, parts=amounts, fixed=amounts, one=percents, two=percents, share=st.decimals(0, 1, places=3),
       minutes=st.integers(0, 5000), off=amounts, off_percent=percents, repeat=st.booleans(), paid=amounts)
def test_every_line_follows_from_its_own_explanation(
    labour, parts, fixed, one, two, share, minutes, off, off_percent, repeat, paid
):
    work = replace(WORK, labour_amount=labour, part_amount=parts, share=share, overdue_minutes=minutes,
                   repeat_of=FIRST if repeat else None, repeat_finished_at=NOON if repeat else None)
    rates = [rate(1, amount=fixed, labour_percent=one, part_percent=two)]
    ladder = [deduction(2, amount=off, percent=off_percent), deduction(3, cause="repeat", amount=off, percent=off_percent)]
    first = [rules.FirstJob(40, 8, 2, paid, "WO5")]
    for line in rules.calculate_lines(work, rates, ladder, first):
        stored = json.loads(json.dumps(line.explanation))
        assert rules.recalculate(line.kind, stored, line.deducts_id) == line.amount


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [((1, 5), (5, 9), True), ((1, 4), (5, 9), False), ((1, None), (5, 9), True), ((6, 9), (1, None), True),
     ((1, 4), (5, None), False)],
)
def test_overlap_of_validities(one, other, answer):
    def days(pair):
        return tuple(dt.date(2026, 1, d) if d else None for d in pair)

    assert rules.overlap(days(one), days(other)) is answer
    assert rules.overlap(days(other), days(one)) is answer


def test_totals_count_orders_once_and_forget_reversed_ones():
    lines = [
        (1, "commission", Decimal(30), "w", 1, False), (2, "overdue", Decimal(-5), "w", 1, False),
        (3, "commission", Decimal(20), "w", 2, False), (4, "commission", Decimal(-20), "w", 2, True),
        (5, "reward", Decimal(8), "s", 1, False), (6, "penalty", Decimal(-3), "s", 1, False),
    ]
    totals = rules.calculate_totals(Decimal(1000), lines)
    assert totals == rules.Totals(Decimal(38), Decimal(8), Decimal(1030), 1, 6)
