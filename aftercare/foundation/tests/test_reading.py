"""Rows made for showing are those that Django makes."""

import pytest
from django.db import connection
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext

from aftercare.domain.work.tests import company as companies
from aftercare.foundation import reading

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def orders():
    from aftercare.domain.work import actions, queries

    company = companies.found_company()
    boss = companies.everything(company.dispatcher)
    for asset in (company.asset, None):
        actions.open_order(
            work_type=company.work_type, branch_id=company.branch.pk, customer=company.customer, asset=asset, title="漏水",
            actor=boss, at=companies.AT)
    return queries.list_orders(boss).order_by("id")


def test_values_relations_and_deferred_columns_are_the_same(orders):
    joined = ("customer", "asset", "product", "engineer", "branch", "region", "work_type")
    usual, shown = list(orders), list(reading.for_showing(orders))
    for a, b in zip(usual, shown, strict=True):
        assert {k: v for k, v in a.__dict__.items() if k != "_state"} == {k: v for k, v in b.__dict__.items() if k != "_state"}
        assert a == b and type(a) is type(b) and not b._state.adding
        assert a.get_deferred_fields() == b.get_deferred_fields() != set()
        with CaptureQueriesContext(connection, ) as sent:
            for name in joined:
                assert getattr(a, name) == getattr(b, name)
                if getattr(a, name):
                    assert getattr(a, name).__dict__.keys() == getattr(b, name).__dict__.keys()
        assert len(sent) == 0, "what was joined is there"
        assert a.detail == b.detail, "a deferred column is read when it is asked for"
    assert shown[0].branch is shown[1].branch, "a row that several rows name is made once"
    assert shown[1].asset is None


def test_annotations_are_there_and_other_shapes_stay(orders):
    noted = reading.for_showing(orders.annotate(other=F("number"), times=Count("pk")))
    assert [(row.other, row.times) for row in noted] == [(row.number, 1) for row in orders]
    assert list(reading.for_showing(orders.values_list("pk"))) == list(orders.values_list("pk"))
    assert list(reading.for_showing(orders.none())) == []
