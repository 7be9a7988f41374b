"""`aftercare check` finds balances, promises and costs that their rows do not explain."""

from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks
from aftercare.domain.inventory.models import Balance, Cost, Reservation
from aftercare.domain.inventory.tests.stock import NOW, Stock, order

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def stock(db):
    stock = Stock()
    stock.fill(stock.a, 5, "3")
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    return stock


@pytest.mark.parametrize(("check", "spoil"), [
    (checks.check_balances, lambda: Balance.objects.filter(on_hand_qty=5).update(on_hand_qty=D(4))),
    (checks.check_reservations, lambda: Reservation.objects.update(qty=D(1))),
    (checks.check_costs, lambda: Cost.objects.update(value_amount=D(14))),
])
def test_what_was_edited_is_found(stock, check, spoil):
    assert check() == []
    spoil()
    assert len(check()) == 1


def test_serials_are_sound(stock):
    assert checks.check_serials() == []
