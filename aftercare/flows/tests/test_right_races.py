"""One right of a unit is claimed once at a time, however many write it down at once; the index is what decides."""

import datetime as dt

import pytest
from django.db import connection

from aftercare.domain.assets import actions as assets
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement.models import RightClaim
from aftercare.domain.work.tests.company import everything, hours
from aftercare.flows import claim_rights
from aftercare.flows.tests.test_races import CLIENTS, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
INDEX = "right_claim_open_once"


@pytest.fixture
def unit(company, boss):
    """A sold unit of the company's customer."""
    return assets.register_asset(product=company.product, serial="RACE-1", customer=company.customer, branch_id=company.branch.pk,
                                 sold_on=dt.date(2026, 2, 20), actor=boss, at=hours(0))


@pytest.fixture
def without_the_index():
    """The database without the guard, put back afterwards."""
    (constraint,) = (one for one in RightClaim._meta.constraints if one.name == INDEX)
    with connection.schema_editor() as editor:
        made_again = str(constraint.create_sql(RightClaim, editor))
    _run(f"DROP INDEX {INDEX}")
    yield
    RightClaim.objects.all().delete()
    _run(made_again)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def claim_at_once(company, unit, remedies) -> list[str]:
    """What became of each claim, all written down at the same time."""
    who = everything(company.wang)
    return race(lambda remedy: claim_rights.claim(unit, remedy=remedy, claimant="张三", actor=who, at=hours(1)), remedies)


def test_of_many_who_write_the_same_claim_down_at_once_one_does(company, unit):
    told = claim_at_once(company, unit, ["exchange"] * CLIENTS)
    assert sorted(told) == ["claimed_already"] * (CLIENTS - 1) + ["won"]
    assert RightClaim.objects.filter(asset=unit, status="claimed").count() == 1
    # Answered, it may be asked for again; another right of the same unit is another claim.
    entitlement.withdraw_right(RightClaim.objects.get(), reason="不要了", actor=everything(company.wang), at=hours(2))
    assert sorted(claim_at_once(company, unit, ["exchange", "refund"] * (CLIENTS // 2))) == ["claimed_already"] * (CLIENTS - 2) + ["won"] * 2


def test_without_the_index_more_than_one_would(company, unit, without_the_index):
    assert claim_at_once(company, unit, ["exchange"] * CLIENTS).count("won") > 1
