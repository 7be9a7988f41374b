"""Orders grouped and summed: every group adds up to all of them, and nothing outside one's reach is counted."""

import datetime as dt
from decimal import Decimal

import pytest

from aftercare.domain.work import queries as work
from aftercare.foundation.access import Actor
from aftercare.reports import order_summary
from aftercare.reports.tests.test_reports import AT, company, holder  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SYSTEM = Actor.system("test")


def _summary(actor=SYSTEM, **asked):
    return order_summary.calculate(work.list_orders(actor), at=AT, **asked)


@pytest.mark.parametrize("by", order_summary.GROUPS)
def test_every_group_adds_up_in_one_statement(company, by, django_assert_num_queries):  # noqa: F811
    with django_assert_num_queries(1):
        found = _summary(by=by)
    assert found.total.orders == sum(line.orders for line in found.lines) == 4
    assert found.total.amount == sum(line.amount for line in found.lines) == Decimal(80)
    assert (found.total.open, found.total.late, found.total.finished) == (3, 1, 3)
    assert all(len(row) == len(order_summary.columns_of(found)) for row in order_summary.rows(found))


@pytest.mark.parametrize("across", order_summary.ACROSS)
@pytest.mark.parametrize("measure", order_summary.MEASURES)
def test_what_stands_across_adds_up_to_the_line(company, across, measure, django_assert_num_queries):  # noqa: F811
    with django_assert_num_queries(2):
        found = _summary(by="engineer", across=across, measure=measure)
    for line in (*found.lines, found.total):
        assert len(line.across) == len(found.heads)
        assert sum(line.across) == (line.orders if measure == "orders" else line.amount)


def test_states_and_months_are_told_in_words_and_order(company):  # noqa: F811
    company.order("WO9", status="closed", month=dt.date(2026, 2, 1))
    assert [line.name for line in _summary(by="month").lines] == ["2026-03", "2026-02"]
    found = _summary(by="month", across="status")
    assert [name for _key, name in found.heads] == ["服务中", "待审核", "已检验", "已审核", "已关闭"]
    assert found.lines[1].across == (0, 0, 0, 0, 1)


def test_only_what_one_may_see_is_counted(company):  # noqa: F811
    found = _summary(holder(company.two, "work.view_order"), by="branch")
    assert [(line.name, line.orders, line.amount) for line in found.lines] == [("二店", 1, Decimal(80))]


def test_nothing_sums_to_nothing(company):  # noqa: F811
    found = order_summary.calculate(work.list_orders(SYSTEM, text="没有这张"), by="engineer", across="status", at=AT)
    assert (found.lines, found.heads, found.total.orders, found.total.amount) == ((), (), 0, Decimal(0))
