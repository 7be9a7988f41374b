"""Queries put together once give what Django gives, whatever the values."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from aftercare.domain.journal.models import Intent
from aftercare.domain.people.models import Branch, Employee
from aftercare.foundation import plans

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def named(ids, name):
    return Branch.objects.filter(Q(pk__in=ids) | Q(name=name)).select_related("parent").order_by("pk")


def numbers(ids, kind):
    return Branch.objects.filter(pk__in=ids).exclude(kind_of=kind).order_by("-number").values_list("number", flat=True)[:2]


def with_parent(parent):
    return Branch.objects.filter(parent=parent).order_by("pk").values_list("number", "name")


def joined_before(day):
    return Employee.objects.filter(joined_on__lt=day).order_by("pk").values_list("number", "joined_on")


def made_before(moment):
    return Intent.objects.filter(made_at__lte=moment).order_by("pk").values_list("key", "made_at")


def hidden(word):
    return Branch.objects.filter(name__icontains=word)


@pytest.fixture
def branches(db):
    head = Branch.objects.create(number="1", name="总部", kind_of="head", path="/1/")
    return [head, *(Branch.objects.create(number=f"1{i}", name=f"分部{i}", kind_of="branch", path=f"/1/{i}/", parent=head) for i in range(3))]


def test_rows_are_those_of_django_for_other_values_of_the_same_shape(branches):
    ids = [one.pk for one in branches]
    for given in (([ids[1], ids[2]], "总部"), ([ids[2], ids[3]], "分部0"), ([ids[0]], "没有"), (ids * 3, "总部"), ([], "总部")):
        assert plans.rows(named, *given) == list(named(*given))
        assert plans.rows(numbers, given[0], "head") == list(numbers(given[0], "head"))
    assert plans.rows(with_parent, branches[0].pk) == list(with_parent(branches[0].pk))
    assert plans.rows(with_parent, None) == [("1", "总部")]


def test_what_is_joined_comes_along(branches):
    found = plans.rows(named, [branches[1].pk], "-")
    with CaptureQueriesContext(connection) as asked:
        assert found[0].parent.name == "总部"
    assert len(asked) == 0


def test_days_and_moments_are_handed_over_as_the_columns_do(branches):
    for day in (1, 5, 9):
        Employee.objects.create(number=f"E{day}", name="王工", branch=branches[0], joined_on=dt.date(2026, 3, day))
        Intent.objects.create(actor="a", operation="b", key=f"{day}", status=200, made_at=dt.datetime(2026, 3, day, tzinfo=dt.UTC))
    for day in (2, 6, 12):
        assert plans.rows(joined_before, dt.date(2026, 3, day)) == list(joined_before(dt.date(2026, 3, day)))
        moment = dt.datetime(2026, 3, day, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
        assert plans.rows(made_before, moment) == list(made_before(moment))
    assert len(plans.rows(made_before, moment)) == 3


def test_a_value_that_does_not_stand_as_given_is_refused_when_the_query_is_made():
    with pytest.raises(ValueError, match="hidden"):
        plans.rows(hidden, "分")
