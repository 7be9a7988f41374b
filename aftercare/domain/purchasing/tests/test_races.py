"""Two at once: the last open quantity is received once, a request is approved once; and the proof that the test can fail."""

import threading
from decimal import Decimal as D

import pytest
from django.db import transaction

from aftercare.domain.inventory import checks
from aftercare.domain.inventory.tests.races import WON, race
from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.models import OrderLine, Receipt
from aftercare.domain.purchasing.tests.supply import NOW, Supply

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both, pytest.mark.slow]
CLIENTS = 6


@pytest.fixture
def supply(transactional_db):
    return Supply()


def test_the_last_open_quantity_is_received_once(supply):
    order, (line,) = supply.sent((supply.a, 5, "10"))

    def attempt(_number):
        actions.receive(order, lines=[{"line_id": line.pk, "qty": D(5)}], **NOW)
        return True

    outcomes = race(CLIENTS, attempt)
    assert outcomes[WON] == 1 and outcomes[WON] + outcomes["over_delivery"] + outcomes["wrong_state"] == CLIENTS
    line.refresh_from_db()
    assert (line.kept_qty, Receipt.objects.count()) == (5, 1)
    assert checks.check_balances() + checks.check_costs() == []


def test_a_request_is_approved_once(supply):
    request = actions.create_request(place=supply.depot, lines=[{"part_id": supply.a.pk, "qty": 1, "price_amount": 5}], **supply.act("keeper"))
    request = actions.submit(request, **supply.act("keeper"))
    row, = queries.request_lines_of(request)

    def attempt(number):
        actions.approve(request, cuts={row.pk: D(1)}, reason=f"{number}", **NOW)
        return True

    assert race(CLIENTS, attempt) == {WON: 1, "wrong_state": CLIENTS - 1}


def test_an_approved_line_is_ordered_once(supply):
    row, = queries.request_lines_of(supply.approved((supply.a, 5, "10")))

    def attempt(_number):
        actions.create_order(supplier=supply.vendor, place=supply.depot, **NOW,
                             lines=[{"part_id": supply.a.pk, "qty": 5, "price_amount": 10, "request_line_id": row.pk}])
        return True

    outcomes = race(CLIENTS, attempt)
    assert outcomes[WON] == 1 and set(outcomes) <= {WON, "line_changed", "not_approved", "wrong_state", "more_than_requested"}
    assert OrderLine.objects.filter(request_line=row).count() == 1


def test_without_the_claim_goods_are_counted_twice(supply):
    """Negative control: everybody reads what is open before the first one writes."""
    _order, (line,) = supply.sent((supply.a, 5, "10"))
    OrderLine.objects.filter(pk=line.pk).update(ceiling_qty=100)
    everybody_has_read = threading.Barrier(CLIENTS)

    def attempt(_number):
        seen = OrderLine.objects.get(pk=line.pk)
        everybody_has_read.wait()
        if seen.open_qty < 5:
            return False
        with transaction.atomic():
            now = OrderLine.objects.get(pk=line.pk)
            OrderLine.objects.filter(pk=line.pk).update(kept_qty=now.kept_qty + 5)
        return True

    assert race(CLIENTS, attempt)[WON] > 1
