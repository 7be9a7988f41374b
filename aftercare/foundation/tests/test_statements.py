"""What is kept does what Django's own statements do."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from aftercare.domain.catalog.models import LabourPrice
from aftercare.domain.journal.models import Fact
from aftercare.domain.people.models import Region
from aftercare.foundation import statements

AT = dt.datetime(2026, 3, 2, 1, 30, 0, 5, tzinfo=dt.UTC)
pytestmark = [pytest.mark.both, pytest.mark.django_db]


def _region(code: str, parent: Region | None = None) -> Region:
    return statements.insert(Region(code=code, name=code, full_name=code, level=1, parent=parent))


def _by_code():
    return Region.objects.select_related("parent").order_by("-code")


def test_an_inserted_row_is_read_back_as_it_was_made():
    made = statements.insert(Fact(
        at=AT, verb="x.y", kind="x", object_id=7, number="X7", actor_kind="system", actor_name="某人", data={"a": ["一", None]},
        digest="d" * 64,
    ))
    read = Fact.objects.get(pk=made.pk)
    assert not made._state.adding
    assert (read.at, read.data, read.changes, read.object_id, read.branch_id) == (AT, {"a": ["一", None]}, {}, 7, None)


def test_rows_are_inserted_in_order_few_or_many():
    for count in (1, 3, 20):
        rows = statements.insert_all(Region(code=f"t{count}-{n}", name=f"{n}", full_name="", level=1) for n in range(count))
        assert [Region.objects.get(pk=row.pk).name for row in rows] == [str(n) for n in range(count)]
    assert statements.insert_all([]) == []


def test_a_row_is_found_by_its_columns_with_what_it_joins(django_assert_num_queries):
    above = _region("t1")
    below = _region("t11", above)
    with django_assert_num_queries(1):
        found = statements.find(_by_code, code="t11")
        assert (found, found.parent) == (below, above)
    assert statements.find(_by_code, code="t1").parent is None
    assert statements.find(_by_code, code="none") is None
    assert statements.read(_by_code, parent_id=above.pk, level=1) == [below]
    assert statements.read(_by_code, parent__code="t1") == [below]
    assert [row.code for row in statements.read(_by_code, name="t1")] == ["t1"]


def test_columns_are_changed_where_all_conditions_hold():
    region = _region("t2")
    assert statements.update(Region, {"name": "新", "parent_id": None}, pk=region.pk, level=2) == 0
    assert statements.update(Region, {"name": "新", "version": 5}, pk=region.pk, level=1) == 1
    assert statements.update(Region, {"version": F("version") + 1}, pk=region.pk) == 1
    region.refresh_from_db()
    assert (region.name, region.version) == ("新", 6)


def test_amounts_and_days_keep_their_kind():
    price = statements.insert(LabourPrice(fee="labour", amount=Decimal("80.10"), valid_from=dt.date(2026, 3, 2)))
    assert statements.update(LabourPrice, {"amount": Decimal("7.06"), "is_urban": False}, pk=price.pk, valid_from=dt.date(2026, 3, 2)) == 1
    found = statements.find(LabourPrice.objects.all, pk=price.pk)
    assert (found.amount, found.valid_from, found.is_urban) == (Decimal("7.06"), dt.date(2026, 3, 2), False)
    assert isinstance(found.amount, Decimal)
