"""What lies idle and how fast stock turns over, against figures worked out by hand; pages and workbooks of both."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory.tests.stock import SYSTEM, Stock, order
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed
from aftercare.reports import slow_movers, stock_turnover

pytestmark = pytest.mark.django_db
START = dt.date(2025, 1, 1)


def by(day: dt.date) -> dict:
    return {"actor": SYSTEM, "at": dt.datetime.combine(day, dt.time(4), dt.UTC)}


@pytest.fixture
def stock(db):
    """Two parts since January: a is used in March, b never; in June the other branch gets some of a."""
    one = Stock()
    inventory.receive(one.depot, lines=[(one.a.pk, D(20), D(10)), (one.b.pk, D(5), D(100))], **by(START))
    inventory.consume(source=order(1), lines=[("1", one.a.pk, D(8), one.depot.pk)], **by(dt.date(2025, 3, 10)))
    inventory.transfer(from_place=one.depot, to_place=one.other, lines=[(one.a.pk, D(2))], **by(dt.date(2025, 6, 1)))
    return one


def test_idle_is_what_no_customer_got_for_so_many_days(stock):
    today = dt.date(2025, 10, 1)
    rows = slow_movers.calculate(SYSTEM, today=today)
    assert [(r.branch.name, r.part.code, r.qty, r.value_amount, r.last_on, r.idle_days, r.is_dead) for r in rows] == [
        ("杭州", "B", 5, 500, None, 273, False), ("杭州", "A", 10, 100, dt.date(2025, 3, 10), 205, False)]
    assert [r.part.code for r in slow_movers.calculate(SYSTEM, today=today, days=250)] == ["B"]
    assert len(slow_movers.calculate(SYSTEM, today=today, days=1, branch_id=stock.branch_2.pk)) == 1
    assert slow_movers.calculate(SYSTEM, today=today, place_id=stock.van.pk) == []
    late = slow_movers.calculate(SYSTEM, today=dt.date(2026, 2, 1), dead_only=True)
    assert [(r.part.code, r.is_dead) for r in late] == [("B", True)]
    assert slow_movers.rows(rows)[0][:3] == ("杭州", "B", "滤网")
    with pytest.raises(NotAllowed):
        slow_movers.calculate(Actor("employee", 1, "x"), today=today)


def test_turnover_is_usage_over_the_mean_of_the_evenings(stock):
    since, until = dt.date(2025, 3, 1), dt.date(2025, 6, 30)
    rows = {r.branch.name: r for r in stock_turnover.calculate(SYSTEM, since=since, until=until)}
    # 700 at the end of February, 620 at the end of March, April and May, 600 at the end of June: 632 on average.
    here = rows["杭州"]
    assert (here.used_amount, here.first_amount, here.last_amount, here.average_amount) == (80, 700, 600, 632)
    assert here.times == (D(80) * 365 / 122 / 632).quantize(D("0.01")) and here.days == round(632 * 122 / 80)
    assert (rows["宁波"].average_amount, rows["宁波"].times, rows["宁波"].days) == (4, 0, None)
    places = stock_turnover.calculate(SYSTEM, since=since, until=until, group="place", branch_id=stock.branch.pk)
    assert [(r.place.pk, r.used_amount, r.average_amount) for r in places] == [(stock.depot.pk, 80, 632)]
    assert stock_turnover.rows(places)[0][1:3] == ("杭州配件库", 80)


def test_the_evenings_that_are_averaged():
    assert stock_turnover.marks(dt.date(2025, 1, 10), dt.date(2025, 3, 5)) == [
        dt.date(2025, 1, 9), dt.date(2025, 1, 31), dt.date(2025, 2, 28), dt.date(2025, 3, 5)]
