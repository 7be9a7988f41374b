"""Many want the one loaner: one gets it, and the proof that the test can fail."""

import pytest

from aftercare.domain.custody.models import Custody, Holding, Keeping
from aftercare.domain.custody.tests import races
from aftercare.domain.inventory.tests import contests
from aftercare.domain.inventory.tests.races import WON
from aftercare.domain.inventory.tests.stock import Stock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both, pytest.mark.slow]
CLIENTS = 8


def test_one_of_many_gets_the_loaner(transactional_db):
    stage = Stock()
    for turn in range(3):
        races.fill(stage, turn)
        outcome = races.lend_the_one(stage, CLIENTS)
        assert contests.is_won_once(outcome, CLIENTS, races.LOSERS), outcome
    assert Holding.objects.filter(status="out").count() == 3


def test_without_the_guard_all_get_it(transactional_db):
    assert races.lend_without_guard(Stock(), CLIENTS)[WON] > 1


def test_of_lending_and_receiving_one_unit_one_happens(transactional_db):
    stage = Stock()
    for turn in range(4):
        races.fill_both(stage, turn)
        outcome = races.lend_or_receive(stage, CLIENTS, turn)
        assert contests.is_won_once(outcome, CLIENTS, races.BOTH_LOSERS), outcome
    assert Keeping.objects.filter(until=None).count() == 4 == Holding.objects.count() + Custody.objects.count()


def test_without_the_ledger_a_unit_is_lent_and_received(transactional_db):
    assert races.lend_and_receive_without_guard(Stock(), CLIENTS)[WON] == 2
