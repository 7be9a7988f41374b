"""Pages by key: forward and back they show the plain list, whatever the keys."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftercare.domain.settlement.models import Deduction
from aftercare.foundation import paging
from aftercare.foundation.refusals import RuleBroken

pytestmark = [pytest.mark.both, pytest.mark.django_db]
ORDERS = [("-over_minutes",), ("over_minutes",), ("-valid_from", "-over_minutes"), ("amount", "-valid_from"),
          ("-amount", "over_minutes", "-id"), ("pk",)]
rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 2)), max_size=23)


def fill(values):
    Deduction.objects.all().delete()
    Deduction.objects.bulk_create(
        Deduction(cause="overdue", over_minutes=a, amount=Decimal(b) / 4, valid_from=dt.date(2026, 1, 1 + c)) for a, b, c in values
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=rows, order=st.sampled_from(ORDERS), size=st.integers(1, 7))
def test_forward_and_back_show_the_plain_list(values, order, size):
    fill(values)
    last = () if order[-1].lstrip("-") in ("pk", "id") else ("-pk" if order[0].startswith("-") else "pk",)
    plain = list(Deduction.objects.order_by(*order, *last).values_list("pk", flat=True))
    pages, cursor = [], None
    while True:
        page = paging.page(Deduction.objects.all(), order=order, cursor=cursor, size=size)
        pages.append(page)
        if page.next is None:
            break
        cursor = page.next
    assert [row.pk for page in pages for row in page.rows] == plain
    assert pages[0].previous is None
    back, page = [pages[-1]], pages[-1]
    while page.previous:
        page = paging.page(Deduction.objects.all(), order=order, cursor=page.previous, size=size)
        back.append(page)
    if plain:
        shown = [row.pk for page in reversed(back) for row in page.rows]
        assert shown == plain


def test_rows_that_come_and_go_elsewhere_do_not_shift_a_page():
    fill([(n, 0, 0) for n in (1, 2, 3, 4, 5, 6)])
    first = paging.page(Deduction.objects.all(), order=("-over_minutes",), size=2)
    Deduction.objects.filter(over_minutes=6).delete()
    Deduction.objects.create(cause="overdue", over_minutes=9, valid_from=dt.date(2026, 1, 1))
    second = paging.page(Deduction.objects.all(), order=("-over_minutes",), cursor=first.next, size=2)
    assert [row.over_minutes for row in second.rows] == [4, 3]


@pytest.mark.parametrize("cursor", ["x", "", "é", "W10", "bnVsbA", "e30", "WyJuIiwxXQ", "A" * 3000])
def test_a_made_up_cursor_is_refused(cursor):
    fill([(1, 0, 0)])
    if not cursor:
        assert paging.page(Deduction.objects.all(), order=("pk",), cursor=cursor).rows
        return
    with pytest.raises(RuleBroken) as refused:
        paging.page(Deduction.objects.all(), order=("pk",), cursor=cursor)
    assert refused.value.code == "bad_cursor"


def test_a_cursor_of_another_list_is_refused():
    fill([(1, 0, 0), (2, 0, 0)])
    cursor = paging.page(Deduction.objects.all(), order=("over_minutes",), size=1).next
    for order in (("valid_from",), ("-over_minutes",), ("pk",)):
        with pytest.raises(RuleBroken):
            paging.page(Deduction.objects.all(), order=order, cursor=cursor)
    with pytest.raises(RuleBroken):
        paging.page(Deduction.objects.all(), order=("over_minutes",), cursor=cursor[:-2] + "AA")
