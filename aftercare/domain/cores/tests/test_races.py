"""Two at once: a piece is handed in once, boxed once, charged once, a shipment settled; and the proof that the test can fail."""

import datetime as dt
import threading
from decimal import Decimal as D

import pytest
from django.db import transaction

from aftercare.domain.cores import actions, checks, queries
from aftercare.domain.cores.models import CoreCharge, CoreReturn
from aftercare.domain.cores.tests.shop import DAY, SYSTEM, Shop
from aftercare.domain.inventory import checks as stock
from aftercare.domain.inventory.tests.races import WON, race
from aftercare.domain.inventory.tests.stock import state

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both, pytest.mark.slow]
CLIENTS = 6


@pytest.fixture
def shop(transactional_db):
    return Shop()


def test_of_many_hand_ins_exactly_one_wins(shop):
    core, = shop.use((shop.a, 2))
    act = shop.act("keeper")

    def attempt(_number):
        actions.receive(core, **act)
        return True

    assert race(CLIENTS, attempt) == {WON: 1, "wrong_state": CLIENTS - 1}
    assert state(shop.a) == {(shop.depot.code, "A-1", "return", ""): (2, 0)}
    assert checks.check_stock() + stock.check_balances() == []


def test_without_the_claim_a_piece_is_handed_in_twice(shop):
    """Negative control: everybody sees that it is owed before the first one writes."""
    core, = shop.use((shop.a, 1))
    everybody_has_read = threading.Barrier(CLIENTS)

    def attempt(_number):
        seen = CoreReturn.objects.get(pk=core.pk)
        everybody_has_read.wait()
        if seen.status != "owed":
            return False
        with transaction.atomic():
            CoreReturn.objects.filter(pk=core.pk).update(status="received")
        return True

    assert race(CLIENTS, attempt)[WON] > 1


def test_a_piece_lies_in_one_box(shop):
    core = shop.received()
    boxes = [actions.open_shipment(branch_id=shop.head.pk, **shop.act("keeper")) for _ in range(CLIENTS)]
    act = shop.act("keeper")

    def attempt(number):
        actions.add(boxes[number], core=core, **act)
        return True

    outcomes = race(CLIENTS, attempt)
    assert outcomes[WON] == 1 and outcomes["in_shipment"] == CLIENTS - 1


def test_an_overdue_piece_is_charged_once(shop):
    shop.rule()
    core, = shop.use((shop.a, 1))
    act = shop.act("system", 20)

    def attempt(_number):
        done, problems = actions.charge_overdue(day=DAY + dt.timedelta(days=20), **act)
        assert problems == []
        return done == 1

    assert race(CLIENTS, attempt) == {WON: 1, "lost": CLIENTS - 1}
    assert [line.amount for line in CoreCharge.objects.filter(core=core)] == [D("50.00")] and checks.check_charges() == []


def test_two_who_answer_for_the_last_two_pieces_settle_the_shipment(shop):
    shipment, pieces = shop.sent(2)
    act = shop.act("accountant")

    def attempt(number):
        actions.credit(pieces[number], amount=D("10.00"), **act)
        return True

    assert race(2, attempt) == {WON: 2}
    assert queries.get_shipment(shipment.pk, SYSTEM).status == "settled"
