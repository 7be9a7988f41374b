"""Many rows, each to values of its own, in one statement, as saving them one by one would have done."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory.models import StocktakeLine
from aftercare.domain.inventory.tests.test_stocktakes import Store
from aftercare.foundation import append_only, together

pytestmark = [pytest.mark.django_db, pytest.mark.both]
AT = dt.datetime(2026, 3, 2, 23, 59, 59, 123456, tzinfo=dt.UTC)
FIELDS = ["state", "place", "counted_qty", "counted_at", "counted_by_name", "difference_amount", "is_sent_back", "counted_round"]


def _lines():
    store = Store()
    lines = list(StocktakeLine.objects.filter(stocktake=store.plan()).order_by("pk"))
    first, second = lines
    first.state, first.place, first.counted_qty, first.counted_at = "agreed", store.other, D("1.5"), AT
    first.counted_by_name, first.difference_amount, first.is_sent_back, first.counted_round = "它's 100%", D("-0.07"), True, 3
    second.counted_qty = second.counted_at = second.difference_amount = None
    second.counted_by_name = ""
    return lines


def _told(rows):
    return [[getattr(row, StocktakeLine._meta.get_field(name).attname) for name in FIELDS] for row in rows]


@pytest.mark.parametrize("most", [30_000, 10])
def test_each_row_gets_its_own_values(monkeypatch, django_assert_num_queries, most):
    lines = _lines()
    monkeypatch.setattr(append_only, "VALUES", most)
    with django_assert_num_queries(1 if most > 10 else 2):
        assert together.write(lines, FIELDS) == 2
    assert _told(StocktakeLine.objects.order_by("pk")) == _told(lines)
    assert StocktakeLine.objects.filter(counted_at=AT, counted_qty=D("1.5"), difference_amount__lt=0).count() == 1


def test_rows_that_are_gone_are_not_counted_and_none_is_none():
    lines = _lines()
    StocktakeLine.objects.filter(pk=lines[0].pk).delete()
    assert together.write(lines, ["counted_by_name"]) == 1
    assert together.write([], ["counted_by_name"]) == 0
