"""Many at once: one winner for the last unit, no deadlock, sound books; and the proof that the test can fail."""

import pytest
from django.apps import apps

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks
from aftercare.domain.inventory.actions import picking
from aftercare.domain.inventory.models import Balance
from aftercare.domain.inventory.tests import races
from aftercare.domain.inventory.tests.stock import NOW, Stock
from aftercare.domain.ledger import checks as ledger_checks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both, pytest.mark.slow]
CLIENTS = 8


@pytest.fixture
def stock(transactional_db):
    return Stock()


def books() -> list[str]:
    found = checks.check_balances() + checks.check_reservations() + checks.check_costs() + checks.check_serials()
    return found + ledger_checks.check_entries() + ledger_checks.check_balances()


def test_the_last_unit_is_promised_to_one(stock):
    for number in range(3):
        stock.fill(stock.a, 1)
        assert races.reserve_the_last(stock, CLIENTS, 100 * number) == {races.WON: 1, "short_stock": CLIENTS - 1}
    assert books() == []


def test_the_last_unit_is_used_by_one(stock):
    for number in range(3):
        stock.fill(stock.b, 1)
        assert races.use_the_last(stock, CLIENTS, 100 * number) == {races.WON: 1, "short_stock": CLIENTS - 1}
    assert books() == []


def test_the_same_order_is_served_once(stock):
    stock.fill(stock.a, 2)
    assert races.same_order_twice(stock, CLIENTS, 1) == {races.WON: CLIENTS}
    assert Balance.objects.get(part=stock.a).reserved_qty == 1
    assert books() == []


def test_a_serial_number_goes_one_way(stock):
    stock.fill(stock.s, 1, "9", serial="S1")
    assert races.move_one_serial(stock, "S1", CLIENTS) == {races.WON: 1, "short_stock": CLIENTS - 1}
    assert books() == []


def test_a_stocktake_is_settled_once(stock):
    stock.fill(stock.b, 5)
    take = races.counted(stock, stock.b, 3)
    assert races.settle_one(take, CLIENTS) == {races.WON: 1, "wrong_state": CLIENTS - 1}
    assert Balance.objects.get(part=stock.b).on_hand_qty == 3
    assert books() == []


def test_one_thing_is_counted_in_one_stocktake(stock):
    stock.fill(stock.b, 5)
    assert races.plan_the_same(stock, stock.b, CLIENTS) == {races.WON: 1, "counted_elsewhere": CLIENTS - 1}


def test_without_the_guard_a_stocktake_is_booked_again_and_again(stock):
    assert races.settle_without_guard(stock, CLIENTS)[races.WON] > 1


def test_without_the_guard_all_win(stock):
    stock.fill(stock.a, 1)
    assert races.reserve_without_guard(stock, CLIENTS)[races.WON] > 1
    assert checks.check_reservations() != []


def test_the_row_count_decides_even_when_nothing_was_locked_or_looked_at(stock, monkeypatch):
    monkeypatch.setattr(picking, "for_update", lambda _table: "")
    monkeypatch.setattr(picking, "choose", lambda _spots, wish, qty, **_rest: [(wish, qty)])
    stock.fill(stock.a, 1)
    assert races.reserve_the_last(stock, CLIENTS, 1) == {races.WON: 1, "stock_changed": CLIENTS - 1}
    assert books() == []


def test_random_documents_meet_without_deadlock(stock):
    part = apps.get_model("catalog.Part")
    parts = [part.objects.create(code=f"P{n}", name=f"配件{n}") for n in range(8)]
    for place in (stock.depot, stock.van, stock.other):
        inventory.receive(place, lines=[(one.pk, 9, None) for one in parts], **NOW)
    assert races.random_documents(stock, parts, clients=4, documents=4, seed=1, first=1) == {races.WON: 4}
    assert books() == []
