"""A serial number found in a stocktake where the books do not know it: moved by the posting, where right and places allow it."""

from decimal import Decimal as D

import pytest
from django.db import connection

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks, queries
from aftercare.domain.inventory.models import Cost, StockMove
from aftercare.domain.inventory.tests.stock import NOW, order
from aftercare.domain.inventory.tests.test_stocktakes import RIGHTS, Store, later, refused
from aftercare.foundation.access import Reach
from aftercare.foundation.refusals import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def store(db):
    """The store with a serial number S1 in the depot, and a rule that asks nobody to count again."""
    made = Store()
    made.first, made.boss = (made.person(n, reach=Reach(everywhere=True)) for n in (11, 14))
    for right in ("inventory.approve_large_count", "inventory.move"):
        made.boss.reaches[right] = Reach(everywhere=True)
    for branch in (made.branch, made.branch_2):
        inventory.set_count_rule(branch.pk, recount_percent=None, recount_amount=None, **NOW)
    inventory.receive(made.depot, lines=[inventory.ReceiveLine(made.s.pk, D(1), D(80), "S1")], **NOW)
    yield made
    if not connection.needs_rollback:
        assert checks.check_balances() + checks.check_reservations() + checks.check_costs() + checks.check_serials() == []


def found_at(store, place, **more):
    """A stocktake of that place in which S1 was found, handed in."""
    take = store.plan("parts", place=place, parts=[store.a.pk])
    store.count(take, store.first, (store.a, queries.on_hand(store.a.pk, place.pk)), (store.s, 1, {"lot": "S1", **more}))
    return store.close(take)


def test_it_is_refused_by_name_and_moved_when_the_approver_says_so(store):
    take = found_at(store, store.van)
    told = refused("serial_elsewhere", lambda: store.approve(take, reason="发车没记账"))
    assert store.depot.name in str(told.message) and "S1" in str(told.message)
    assert queries.find_serial(store.s.pk, "S1").place == store.depot
    take = store.approve(take, reason="发车没记账", move_serials=True)
    move = StockMove.objects.get(lot="S1", source_kind="inventory.stocktake")
    assert (move.from_place, move.to_place, move.reason, move.memo) == (store.depot, store.van, "transfer", "发车没记账")
    assert queries.find_serial(store.s.pk, "S1").place == store.van
    # Taken back with the stocktake, to where it came from.
    inventory.reverse_stocktake(take, reason="认错", actor=store.boss, at=later(20))
    assert queries.find_serial(store.s.pk, "S1").place == store.depot


def test_of_another_branch_it_comes_with_its_value_and_only_by_who_may_move_there(store):
    take = found_at(store, store.other)
    here = store.person(31, *RIGHTS, "inventory.move", reach=Reach(branches=frozenset({store.branch_2.pk})))
    refused("serial_not_yours", lambda: store.approve(take, here, move_serials=True), NotAllowed)
    store.approve(take, move_serials=True)
    assert queries.find_serial(store.s.pk, "S1").place == store.other
    costs = {row.branch_id: (row.qty, row.value_amount) for row in Cost.objects.filter(part_id=store.s.pk)}
    assert costs == {store.branch.pk: (0, 0), store.branch_2.pk: (1, 80)}


def test_what_is_promised_where_it_lies_is_not_moved(store):
    inventory.reserve(source=order(7), lines=[inventory.ReserveLine("1", store.s.pk, store.depot.pk, D(1), "S1")], **NOW)
    take = found_at(store, store.van)
    told = refused("serial_promised", lambda: store.approve(take, move_serials=True))
    assert "WO000007" in str(told.message) and queries.find_serial(store.s.pk, "S1").place == store.depot


def test_what_is_under_way_is_received_by_its_transfer(store):
    transit = inventory.ensure_transit(store.branch.pk, **NOW)
    going = inventory.MoveLine(store.s.pk, D(1), store.depot.pk, transit.pk, lot="S1")
    inventory.post(source=order(9), key="ship", lines=[going], reason=inventory.Reason.TRANSFER, **NOW)
    take = found_at(store, store.van)
    refused("serial_under_way", lambda: store.approve(take, move_serials=True))


def test_one_number_counted_in_two_bins_is_sent_back(store):
    bin_ = inventory.create_place(code="A-01", name="A-01", kind="bin", branch_id=None, parent=store.depot, **NOW)
    take = store.plan()
    store.count(take, store.first, (store.a, 10), (store.b, 4), (store.s, 1, {"lot": "S1"}), (store.s, 1, {"lot": "S1", "place_id": bin_.pk}))
    refused("serial_counted_twice", lambda: store.approve(store.close(take), move_serials=True))


def test_what_was_only_put_into_another_bin_is_moved_without_asking(store):
    bin_ = inventory.create_place(code="A-01", name="A-01", kind="bin", branch_id=None, parent=store.depot, **NOW)
    take = store.plan()
    store.count(take, store.first, (store.a, 10), (store.b, 4), (store.s, 1, {"lot": "S1", "place_id": bin_.pk}))
    take = store.close(take, rest_is_zero=True)
    store.approve(take, reason="放错货位")
    move = StockMove.objects.get(lot="S1", source_kind="inventory.stocktake")
    assert (move.from_place, move.to_place, move.reason) == (store.depot, bin_, "transfer")
    assert queries.find_serial(store.s.pk, "S1").place == bin_
