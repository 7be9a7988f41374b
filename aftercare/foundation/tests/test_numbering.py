"""Numbers are given once, also to racers, and after a rollback."""

import datetime as dt

import pytest
from django.db import transaction

from aftercare.foundation import numbering
from aftercare.foundation.tests.factories import race

pytestmark = pytest.mark.both
DAY = dt.date(2026, 11, 22)


@pytest.mark.django_db
def test_numbers_follow_each_other_by_kind_and_day():
    assert [numbering.take("WO", DAY), numbering.take("WO", DAY)] == ["WO261122000001", "WO261122000002"]
    assert numbering.take("LD", DAY) == "LD261122000001"
    assert numbering.take("WO", DAY + dt.timedelta(days=1)) == "WO261123000001"
    assert numbering.take("C", digits=4) == "C0001"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_threads_never_get_the_same_number():
    def take(_n):
        got = []
        for _i in range(25):
            with transaction.atomic():
                got.append(numbering.take("WO", DAY))
        return got

    numbers = [number for got in race(8, take) for number in got]
    assert len(numbers) == len(set(numbers)) == 200
    assert max(numbers) == "WO261122000200", "no holes"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_blocks_of_racing_imports_never_overlap():
    def take(_n):
        got = []
        with numbering.blocks(20):
            for _i in range(30):
                with transaction.atomic():
                    got.append(numbering.take("WO", DAY))
        return got

    numbers = [number for got in race(4, take) for number in got]
    assert len(numbers) == len(set(numbers)) == 120


@pytest.mark.django_db
def test_a_block_that_was_rolled_back_is_not_used_again():
    kept = []
    with numbering.blocks(50):
        for n in range(40):
            try:
                with transaction.atomic():
                    number = numbering.take("WO", DAY)
                    if n % 3 == 0:
                        raise ZeroDivisionError
                    kept.append(number)
            except ZeroDivisionError:
                pass
    kept += [numbering.take("WO", DAY) for _n in range(60)]
    assert len(kept) == len(set(kept))
