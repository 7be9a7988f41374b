"""Calendars of branches, holidays, and the clock made of them."""

import datetime as dt

import pytest

from aftercare.domain.people import actions, queries
from aftercare.domain.people.models import CalendarYear
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = [(540, 720), (780, 1080)]
WEEK = {day: DAY for day in range(5)}


def _local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+08:00")


@pytest.fixture
def do(company):
    actions.seed_official_days(actor=company.system, at=company.at)
    return {"actor": company.system, "at": company.at}


@pytest.fixture
def office(company, do):
    calendar = actions.create_calendar(name="办公", hours=WEEK, **do)
    actions.edit_branch(company.head, version=1, calendar=calendar, **do)
    return calendar


def test_branch_uses_the_nearest_calendar_above(company, do, office):
    assert queries.due_at(company.outlet.pk, _local("2025-09-26T17:30"), 360) == _local("2025-09-28T15:30")
    late = actions.create_calendar(name="晚班", hours={day: [(720, 1320)] for day in range(7)}, **do)
    actions.edit_branch(company.north, version=1, calendar=late, **do)
    assert queries.due_at(company.outlet.pk, _local("2025-09-22T11:00"), 60) == _local("2025-09-22T13:00")
    assert queries.due_at(company.south.pk, _local("2025-09-22T11:00"), 120) == _local("2025-09-22T14:00")


def test_branch_without_calendar_has_usual_hours(company, do):
    clock = queries.working_clock(company.north.pk)
    assert clock.hours_on(dt.date(2026, 3, 7))  # a Saturday
    assert not clock.hours_on(dt.date(2026, 3, 8))
    assert not clock.hours_on(dt.date(2026, 10, 1))


def test_holiday_edit_acts_at_once(company, do, office):
    day = dt.date(2027, 2, 5)
    clock = queries.working_clock(company.head.pk)
    assert clock.hours_on(day)
    actions.set_day(date=day, kind_of="off", name="春节", **do)
    assert not queries.working_clock(company.head.pk).hours_on(day)
    actions.remove_day(date=day, **do)
    assert queries.working_clock(company.head.pk).hours_on(day)
    with pytest.raises(NotFound):
        actions.remove_day(date=day, **do)


def test_make_up_day_has_hours_of_its_own(company, do, office):
    sunday = dt.date(2025, 9, 28)
    clock = lambda: queries.working_clock(company.head.pk)  # noqa: E731
    assert clock().hours_on(sunday) == tuple(DAY)
    office = actions.set_hours(office, version=1, hours={**WEEK, 7: [(600, 900)]}, **do)
    assert clock().hours_on(sunday) == ((600, 900),)
    actions.set_day(date=sunday, kind_of="workday", intervals=[(600, 660)], **do)
    assert clock().hours_on(sunday) == ((600, 660),)
    actions.set_day(date=sunday, kind_of="off", calendar=office, name="台风", **do)
    assert clock().hours_on(sunday) == ()
    actions.remove_day(date=sunday, calendar=office, **do)
    actions.edit_calendar(office, version=2, opens_make_up=False, **do)
    assert clock().hours_on(sunday) == ()


def test_round_the_clock_ignores_holidays(company, do):
    always = actions.create_calendar(name="全天", hours={d: [(0, 1440)] for d in range(7)}, follows_official=False, **do)
    actions.edit_branch(company.south, version=1, calendar=always, **do)
    assert queries.due_at(company.south.pk, _local("2025-10-01T23:45"), 240) == _local("2025-10-02T03:45")
    assert queries.elapsed(company.south.pk, _local("2025-10-01T00:00"), _local("2025-10-02T00:00")) == 86400
    assert queries.due_in_days(company.south.pk, _local("2025-10-01T10:00"), 1) == _local("2025-10-03T00:00")


def test_years_are_announced_or_not(company, do):
    announced = {row.year: row.is_announced for row in queries.list_years()}
    assert all(announced[year] for year in range(2004, 2027))
    assert announced[2027] is False
    assert actions.seed_official_days(**do) == 0
    actions.set_year_announced(year=2027, is_announced=True, source="国办发明电", **do)
    assert CalendarYear.objects.get(year=2027).is_announced
    assert queries.list_official_days(2025).count() == 33
    with pytest.raises(RuleBroken):
        actions.set_year_announced(year=27, is_announced=True, **do)


def test_warm_clock_takes_one_statement(company, do, office, django_assert_num_queries):
    queries.working_clock(company.north.pk)
    with django_assert_num_queries(1):
        queries.due_at(company.north.pk, company.at, 60)


@pytest.mark.parametrize(("hours", "code"), [
    ({}, "never_open"), ({7: DAY}, "never_open"), ({8: DAY}, "unknown_weekday"),
    ({0: [(540, 720), (700, 800)]}, "bad_interval"), ({0: [(720, 720)]}, "bad_interval"),
])
def test_impossible_hours_are_refused(company, do, office, hours, code):
    with pytest.raises(RuleBroken) as refusal:
        actions.set_hours(office, version=1, hours=hours, **do)
    assert refusal.value.code == code


@pytest.mark.parametrize("fields", [
    {"kind_of": "party"}, {"kind_of": "off", "intervals": [(0, 60)]}, {"kind_of": "workday", "intervals": []},
    {"kind_of": "workday", "intervals": [(60, 0)]},
])
def test_impossible_days_are_refused(company, do, fields):
    with pytest.raises(RuleBroken):
        actions.set_day(date=dt.date(2027, 1, 1), **fields, **do)


def test_two_editors_do_not_mix_their_hours(company, do, office):
    actions.set_hours(office, version=1, hours=WEEK, **do)
    with pytest.raises(Stale):
        actions.set_hours(office, version=1, hours={0: DAY}, **do)


def test_official_days_are_for_who_reaches_everything(company, do):
    actions.create_role(code="cal", name="日历员", permissions=["people.edit_calendar"], reach="branch", **do)
    actor = company.actor(company.hire("me", role="cal"))
    with pytest.raises(NotAllowed):
        actions.set_day(date=dt.date(2027, 1, 1), kind_of="off", actor=actor, at=company.at)
    with pytest.raises(RuleBroken):
        actions.create_calendar(name=" ", hours=WEEK, actor=actor, at=company.at)
