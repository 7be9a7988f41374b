"""Days of visits, instalments, quotas and coverage as plain rules, each against a slow and simple way of saying the same."""

import calendar
import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.domain.entitlement.rules import claims, contracts, instalments, quotas, visits

DAY = dt.date
ONE = dt.timedelta(days=1)
days = st.dates(DAY(2024, 1, 1), DAY(2027, 12, 31))


def working_week(day: dt.date) -> bool:
    return day.weekday() < 5


def walk_periods(plan: visits.VisitPlan, first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from first to last is asked whether the rule names it."""
    found, day = [], first
    while day <= last:
        if plan.unit == "week":
            named = day >= plan.first_on and (day - plan.first_on).days % (7 * plan.every) == 0
        else:
            apart = (day.year - plan.first_on.year) * 12 + day.month - plan.first_on.month
            longest = calendar.monthrange(day.year, day.month)[1]
            named = day >= plan.first_on and apart % plan.every == 0 and day.day == min(plan.month_day or plan.first_on.day, longest)
        if named:
            found.append(day)
        day += ONE
    return found


plans = st.builds(
    visits.VisitPlan, first_on=days, every=st.integers(1, 7), unit=st.sampled_from(visits.UNITS), month_day=st.sampled_from([0, 1, 15, 28, 29, 30, 31]),
    holidays=st.sampled_from(visits.HOLIDAY_POLICIES),
)


@settings(max_examples=40, deadline=None)
@given(plans, days, st.integers(0, 500))
def test_the_days_of_a_rule_are_those_that_a_day_walker_finds(plan, first, length):
    last = first + dt.timedelta(days=length)
    assert visits.calculate_periods(plan, first, last) == walk_periods(plan, first, last)


@settings(max_examples=40, deadline=None)
@given(plans, days, st.integers(30, 500), st.sets(st.integers(0, 500), max_size=40))
def test_moved_visits_stay_in_the_contract_on_worked_days_and_apart(plan, first, length, holidays):
    last = first + dt.timedelta(days=length)
    off = {first + dt.timedelta(days=n) for n in holidays}

    def is_worked(day):
        return day.weekday() < 6 and day not in off

    found = visits.calculate_days(plan, first, last, is_worked)
    assert [one.period_on for one in found] == walk_periods(plan, first, last)
    for one in found:
        assert first <= one.visit_on <= last
        if plan.holidays == "keep":
            assert one.visit_on == one.period_on
    moved = [one.visit_on for one in found]
    free = sum(is_worked(first + dt.timedelta(days=n)) for n in range(length + 1))
    if plan.holidays != "keep" and free >= len(found):
        assert len(set(moved)) == len(moved) and all(is_worked(day) for day in moved)
    # However often it is worked out, it is the same.
    assert visits.calculate_days(plan, first, last, is_worked) == found


def test_the_thirty_first_of_each_month_is_its_end():
    plan = visits.VisitPlan(DAY(2026, 1, 31), 1, holidays="keep")
    found = visits.calculate_periods(plan, DAY(2026, 1, 1), DAY(2026, 6, 30))
    assert found == [DAY(2026, 1, 31), DAY(2026, 2, 28), DAY(2026, 3, 31), DAY(2026, 4, 30), DAY(2026, 5, 31), DAY(2026, 6, 30)]


@pytest.mark.parametrize(("policy", "expected"), [
    ("keep", DAY(2026, 10, 3)), ("next", DAY(2026, 10, 8)), ("previous", DAY(2026, 9, 30)),
])  # fmt: skip
def test_a_visit_in_the_national_holidays_is_moved_as_the_policy_says(policy, expected):
    off = {DAY(2026, 10, n) for n in range(1, 8)}
    plan = visits.VisitPlan(DAY(2026, 10, 3), 1, holidays=policy)
    (visit,) = visits.calculate_days(plan, DAY(2026, 9, 1), DAY(2026, 10, 31), lambda day: day not in off)
    assert (visit.period_on, visit.visit_on) == (DAY(2026, 10, 3), expected)


@settings(max_examples=50, deadline=None)
@given(st.decimals(D("0.10"), D("9999999"), places=2), st.integers(1, 10), days, st.integers(1, 12))
def test_instalments_sum_to_the_price_and_differ_by_a_cent_at_most(price, count, first, every):
    shares = instalments.split_price(price, count, first, every)
    amounts = [share.amount for share in shares]
    assert sum(amounts) == price and len(shares) == count
    assert max(amounts) - min(amounts) <= D("0.01") and amounts == sorted(amounts, reverse=True)
    assert [share.due_on for share in shares] == sorted({share.due_on for share in shares})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.decimals(D("0.01"), D(99999), places=2), min_size=1, max_size=12), st.integers(1, 800), st.integers(-5, 900))
def test_an_early_end_cuts_the_instalments_to_what_is_earned(amounts, agreed, served):
    price = sum(amounts)
    earned = instalments.earned_amount(price, agreed, served)
    assert 0 <= earned <= price and (served < agreed or earned == price)
    cut = instalments.cut_to(amounts, earned)
    assert sum(cut) == earned and all(0 <= new <= old for new, old in zip(cut, amounts, strict=True))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(quotas.KINDS), st.decimals(0, 20, places=2)), max_size=30), st.decimals(0, 50, places=2))
def test_a_quota_never_goes_below_zero_and_every_need_is_met_or_priced(jobs, granted):
    left, needed, over = dict.fromkeys(quotas.KINDS, granted), D(0), D(0)
    for kind, need in jobs:
        for use in quotas.take({kind: need}, left):
            assert use.taken >= 0 and use.over >= 0 and use.needed == need
            left[use.kind] -= use.taken
            over += use.over
        needed += need
    assert all(value >= 0 for value in left.values())
    assert sum(granted - value for value in left.values()) + over == needed


def test_a_kind_without_quota_is_unlimited():
    assert quotas.take({"visits": D(3), "parts": D(2)}, {"parts": D(1)}) == [quotas.Use("parts", D(1), D(1))]


def test_the_contract_that_names_the_unit_most_closely_counts():
    year_end = DAY(2026, 12, 31)

    def row(number, ends=year_end, customer=1, **scope):
        return contracts.Coverage(number, f"HT{number}", "", customer, DAY(2026, 1, 1), ends, True, True, True, None, None,
                                  contracts.Scope(**scope))

    unit = contracts.Insured(7, 1, (30, 20), "上海 浦东 B座3楼")
    everything, category, near, site, named = (
        row(1), row(2, category_id=20), row(3, category_id=30), row(4, site="ｂ座"), row(5, asset_id=7))
    assert contracts.choose([everything, category], unit) is category
    assert contracts.choose([near, category], unit) is near
    assert contracts.choose([near, site], unit) is site
    assert contracts.choose([site, named], unit) is named
    assert contracts.choose([row(6, site="C座"), row(7, asset_id=8), row(8, category_id=99), row(9, customer=2)], unit) is None
    assert contracts.choose([everything, row(10, ends=DAY(2027, 6, 30))], unit).contract_id == 10
    # A line that names a category and a site asks for both.
    assert contracts.choose([row(11, category_id=20, site="A座")], unit) is None


@pytest.mark.parametrize(("answer", "accepted", "reason", "expected"), [
    ("accepted", None, "", (D(100), "")), ("accepted", D(90), "", (D(100), "amount_not_all")),
    ("partly", D(60), "只认可人工", (D(60), "")), ("partly", D(100), "x", (D(0), "amount_not_part")),
    ("partly", D(60), " ", (D(0), "reason_missing")), ("rejected", None, "超过三十天", (D(0), "")),
    ("rejected", D(1), "x", (D(0), "amount_not_none")), ("maybe", None, "", (D(0), "unknown_answer")),
])  # fmt: skip
def test_answers_are_read_with_their_amounts(answer, accepted, reason, expected):
    assert claims.read_answer(answer, D(100), accepted, reason) == expected


def test_claims_are_compared_with_cost_and_each_way_sums_to_the_same():
    rows = [
        claims.ClaimRow(("格力", "K1", "2026-01"), D(40), D(100), D(80), D(80), False),
        claims.ClaimRow(("格力", "K2", "2026-02"), D(70), D(60), D(0), D(0), False),
        claims.ClaimRow(("美的", "K2", "2026-02"), D(10), D(20), D(0), D(0), True),
    ]
    suppliers, products, months = claims.compare(rows, 3).groups
    for groups in (suppliers, products, months):
        assert sum(g.claimed for g in groups) == 180 and sum(g.cost for g in groups) == 120
    assert [(g.key, g.lines, g.lost, g.percent) for g in suppliers] == [("格力", 2, D(30), D("50.0")), ("美的", 1, D(-10), D("0.0"))]
