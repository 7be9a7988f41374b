"""Bins inside a depot, home bins, lots with their day."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks, queries
from aftercare.domain.inventory.models import Lot
from aftercare.domain.inventory.tests.stock import NOW, SYSTEM, Stock, order
from aftercare.foundation.refusals import RuleBroken

pytestmark = pytest.mark.django_db
JUNE = dt.date(2026, 6, 30)


@pytest.fixture
def stock(db):
    return Stock()


def make_bin(stock, code, depot=None):
    return inventory.create_place(code=code, name=code, kind="bin", branch_id=None, parent=depot or stock.depot, **NOW)


def test_goods_in_a_bin_count_as_the_depots(stock):
    one, two = make_bin(stock, "A-01"), make_bin(stock, "A-02")
    assert (one.branch_id, one.position) == (stock.branch.pk, "A-01")
    inventory.receive(stock.depot, lines=[
        inventory.ReceiveLine(stock.a.pk, D(3), D(10), place_id=one.pk),
        inventory.ReceiveLine(stock.a.pk, D(2), D(10), "L1", JUNE, two.pk),
        inventory.ReceiveLine(stock.b.pk, D(1), D(5), condition="inspection"),
    ], **NOW)
    assert queries.available([stock.a.pk], [stock.depot.pk, one.pk]) == {
        (stock.a.pk, stock.depot.pk): D(5), (stock.a.pk, one.pk): D(3)
    }
    assert queries.on_hand(stock.a.pk, stock.depot.pk) == 5
    assert queries.on_hand(stock.b.pk, stock.depot.pk) == 0
    assert queries.on_hand(stock.b.pk, stock.depot.pk, "inspection") == 1
    assert Lot.objects.get().expires_on == JUNE
    assert checks.check_balances() + checks.check_costs() == []
    assert list(queries.list_bins(stock.depot.pk, SYSTEM)) == [one, two]


def test_a_bin_lies_in_one_depot_and_nothing_else_does(stock):
    one = make_bin(stock, "A-01", stock.other)
    with pytest.raises(RuleBroken, match="货位") as refused:
        inventory.receive(stock.depot, lines=[inventory.ReceiveLine(stock.a.pk, D(3), D(10), place_id=one.pk)], **NOW)
    assert refused.value.code == "bin_elsewhere"
    for kind, parent, code in (("bin", None, "bin_needs_depot"), ("depot", stock.depot, "bin_needs_depot"),
                               ("bin", one, "bad_parent"), ("bin", stock.outside["scrap"], "bad_parent")):
        with pytest.raises(RuleBroken) as refused:
            inventory.create_place(code="X", name="X", kind=kind, branch_id=stock.branch.pk, parent=parent, **NOW)
        assert refused.value.code == code


def test_a_part_has_one_home_in_a_depot(stock):
    one, two = make_bin(stock, "A-01"), make_bin(stock, "A-02")
    inventory.set_home(one, part_id=stock.a.pk, **NOW)
    inventory.set_home(two, part_id=stock.a.pk, **NOW)
    assert queries.home_bins([stock.a.pk, stock.b.pk], stock.depot.pk) == {stock.a.pk: two}
    with pytest.raises(RuleBroken):
        inventory.set_home(stock.depot, part_id=stock.a.pk, **NOW)


def test_a_lot_has_one_day_and_it_is_corrected_with_a_reason(stock):
    inventory.receive(stock.depot, lines=[inventory.ReceiveLine(stock.a.pk, D(1), D(1), "L1", JUNE)], **NOW)
    inventory.receive(stock.depot, lines=[inventory.ReceiveLine(stock.a.pk, D(1), D(1), "L1")], **NOW)
    for line, code in (((stock.a.pk, D(1), D(1), "L1", dt.date(2027, 1, 1)), "expiry_differs"),
                       ((stock.a.pk, D(1), D(1), "", JUNE), "lot_needed")):
        with pytest.raises(RuleBroken) as refused:
            inventory.receive(stock.depot, lines=[inventory.ReceiveLine(*line)], **NOW)
        assert refused.value.code == code
    lot = Lot.objects.get()
    with pytest.raises(RuleBroken):
        inventory.set_expiry(lot, expires_on=None, version=lot.version, reason=" ", **NOW)
    assert inventory.set_expiry(lot, expires_on=None, version=lot.version, reason="厂家更正", **NOW).expires_on is None


def test_a_place_with_stock_is_not_closed(stock):
    one = make_bin(stock, "A-01")
    inventory.receive(stock.depot, lines=[inventory.ReceiveLine(stock.a.pk, D(3), D(10), place_id=one.pk)], **NOW)
    for place in (one, stock.depot):
        with pytest.raises(RuleBroken) as refused:
            inventory.edit_place(place, version=place.version, is_active=False, **NOW)
        assert refused.value.code == "place_not_empty"


def test_limits_count_bins_and_lots_together(stock):
    one = make_bin(stock, "A-01")
    inventory.set_limits(stock.depot, part_id=stock.a.pk, min_qty=D(4), max_qty=D(9), **NOW)
    inventory.receive(stock.depot, lines=[inventory.ReceiveLine(stock.a.pk, D(3), D(10), place_id=one.pk)], **NOW)
    assert [row.free_qty for row in queries.below_limit(SYSTEM)] == [D(3)]
    inventory.receive(stock.depot, lines=[inventory.ReceiveLine(stock.a.pk, D(1), D(10), "L1")], **NOW)
    assert list(queries.below_limit(SYSTEM)) == []


def fill_bins(stock):
    """Three of part a in A-01, two of lot L1 (June) in A-02, four of lot L2 (expired) in A-02."""
    one, two = make_bin(stock, "A-01"), make_bin(stock, "A-02")
    inventory.receive(stock.depot, lines=[
        inventory.ReceiveLine(stock.a.pk, D(3), D(10), place_id=one.pk),
        inventory.ReceiveLine(stock.a.pk, D(2), D(10), "L1", JUNE, two.pk),
        inventory.ReceiveLine(stock.a.pk, D(4), D(10), "L2", dt.date(2026, 2, 1), two.pk),
    ], **NOW)
    return one, two


def test_what_expires_first_is_promised_first_and_what_has_expired_never(stock):
    fill_bins(stock)
    rows = inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 4)], **NOW)
    assert [(row.place.code, row.lot, row.qty, row.portion) for row in rows] == [("A-02", "L1", D(2), 0), ("A-01", "", D(2), 1)]
    with pytest.raises(inventory.Shortage) as short:
        inventory.reserve(source=order(2), lines=[stock.line("1", stock.a, 2)], **NOW)
    assert [(line["wanted_qty"], line["available_qty"]) for line in short.value.params["lines"]] == [("2", "1")]
    assert inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 4)], **NOW) == rows
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 1)], **NOW)
    assert [(r.lot, r.qty) for r in queries.reservations_of(order())] == [("L1", D(1))]
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 5)], **NOW)
    assert sum(r.qty for r in queries.reservations_of(order())) == 5
    assert checks.check_reservations() == []


def test_portions_are_issued_used_and_brought_back_whole(stock):
    one, two = fill_bins(stock)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 4)], **NOW)
    assert len(inventory.issue(source=order(), to_place_id=stock.van.pk, **NOW)) == 2
    inventory.return_unused(source=order(), to_place_id=stock.depot.pk, lines=[("1", D(1))], **NOW)
    used = inventory.consume(source=order(), lines=[("1", stock.a.pk, D(3), stock.van.pk)], **NOW)
    assert sorted((move.lot, move.qty) for move in used) == [("", D(2)), ("L1", D(1))]
    assert inventory.consume(source=order(), lines=[("1", stock.a.pk, D(3), stock.van.pk)], **NOW) == []
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(1), stock.van.pk)], **NOW)
    assert queries.used_by(order()) == {("1", stock.a.pk): D(1)}
    inventory.take_back(source=order(), **NOW)
    assert queries.used_by(order()) == {}
    assert checks.check_balances() + checks.check_reservations() + checks.check_costs() == []


def test_free_stock_is_used_and_moved_from_bins(stock):
    fill_bins(stock)
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(4), stock.depot.pk)], **NOW)
    inventory.transfer(from_place=stock.depot, to_place=stock.van, lines=[(stock.a.pk, D(1))], **NOW)
    with pytest.raises(inventory.Shortage):
        inventory.transfer(from_place=stock.depot, to_place=stock.van, lines=[(stock.a.pk, D(1))], **NOW)
    inventory.transfer(from_place=queries.get_place("A-02", SYSTEM), to_place=stock.outside["scrap"],
                       lines=[(stock.a.pk, D(4), "L2")], **NOW)
    assert queries.on_hand(stock.a.pk, stock.depot.pk) == 0
    assert checks.check_balances() + checks.check_costs() == []
