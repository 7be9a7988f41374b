"""Settings kept in memory: a change is seen at once by who makes it, and by everybody when it stands."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.catalog import actions, queries
from aftercare.domain.parties.tests.company import AT, at_branch
from aftercare.foundation import transactions

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 1)


@pytest.fixture
def keeper(company):
    return {"actor": at_branch(company.here, "catalog.view", "catalog.edit", "catalog.edit_price"), "at": AT}


def labour() -> Decimal | None:
    return queries.labour_price(None, None, None, "", "", DAY)


def test_a_schedule_is_read_once_and_again_when_it_changed(keeper):
    actions.set_labour_price(amount=Decimal("30"), valid_from=dt.date(2026, 1, 1), **keeper)
    assert labour() == 30
    with CaptureQueriesContext(connection) as sent:
        assert labour() == 30
    assert [query["sql"] for query in sent] == ["SELECT name, mark FROM people_stamp"]
    actions.set_labour_price(amount=Decimal("45"), valid_from=dt.date(2026, 4, 1), end_previous=True, **keeper)
    assert labour() == 45


def test_a_journey_sees_its_own_change_and_a_rollback_takes_it_back(keeper):
    actions.set_labour_price(amount=Decimal("30"), valid_from=dt.date(2026, 1, 1), **keeper)
    assert labour() == 30
    with pytest.raises(ZeroDivisionError), transactions.whole():
        actions.set_labour_price(amount=Decimal("45"), valid_from=dt.date(2026, 4, 1), end_previous=True, **keeper)
        assert labour() == 45
        raise ZeroDivisionError
    assert labour() == 30
