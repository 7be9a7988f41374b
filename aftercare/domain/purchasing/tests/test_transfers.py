"""Goods between own stores: nothing vanishes, whatever happens on the way."""

from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks
from aftercare.domain.inventory.models import Cost, StockMove
from aftercare.domain.journal.models import Fact
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.models import TransferLot
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.foundation.refusals import NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def supply(db):
    supply = Supply()
    inventory.receive(supply.depot, lines=[(supply.a.pk, D(10), D(200)), (supply.b.pk, D(40), D("4.25"))], **NOW)
    return supply


def refused(code, call, *given, **named):
    with pytest.raises(Refusal) as caught:
        call(*given, **named)
    assert caught.value.code == code


def asked(supply, *lines):
    return actions.request_transfer(to_place=supply.shelf, lines=[{"part_id": part.pk, "qty": D(qty)} for part, qty in lines],
                                    **supply.act("outlet"))


def shipped(supply, *lines):
    transfer = actions.approve_transfer(asked(supply, *lines), **supply.act("keeper"))
    return actions.ship(transfer, **supply.act("keeper"))


def books():
    return checks.check_balances() + checks.check_costs() + checks.check_serials()


def value(branch, part):
    row = Cost.objects.filter(branch=branch, part=part).first()
    return row.value_amount if row else D(0)


def test_an_outlet_asks_the_service_centre_of_its_branch_company_without_seeing_its_stock(supply):
    company = people.create_branch(number="F1", name="苏州分公司", kind_of="branch", parent=supply.head, **NOW)
    centre, outlet = (people.create_branch(number=number, name=number, kind_of=kind, parent=company, **NOW)
                      for number, kind in (("SC1", "service_centre"), ("N9", "outlet")))
    depot, shelf = inventory.ensure_depot(centre.pk, **NOW), inventory.ensure_outlet(outlet.pk, **NOW)
    lines = [{"part_id": supply.a.pk, "qty": 1}]
    assert actions.request_transfer(to_place=shelf, lines=lines, **NOW).from_place == depot
    # The depot of the outlet's superior itself comes first, and a centre may ask above.
    assert actions.request_transfer(to_place=depot, lines=lines, **NOW).from_place == supply.depot
    seen = [place.pk for place in queries.list_senders(supply.outlet, outlet.pk)]
    assert {depot.pk, supply.depot.pk, supply.shelf.pk} <= set(seen)
    assert {row.pk for row in staff.list_supplied_outlets(supply.stranger, centre.pk)} == {outlet.pk}


def test_nothing_is_bought_for_or_asked_from_the_way_between_two_stores(supply):
    way, lines = inventory.ensure_transit(supply.head.pk, **NOW), [{"part_id": supply.a.pk, "qty": 1, "price_amount": D(1)}]
    refused("place_outside", actions.create_request, place=way, lines=lines, **supply.act("buyer"))
    refused("place_outside", actions.create_order, supplier=supply.vendor, place=way, lines=lines, **supply.act("buyer"))
    refused("place_outside", actions.request_transfer, to_place=way, from_place=supply.depot, lines=lines, **supply.act("keeper"))
    refused("same_place", actions.request_transfer, to_place=supply.depot, from_place=way, lines=lines, **supply.act("keeper"))


def test_an_outlet_asks_its_superior_depot(supply):
    transfer = asked(supply, (supply.a, 6), (supply.b, 3))
    assert (transfer.from_place_id, transfer.status) == (supply.depot.pk, "requested")
    assert {move.name for move in queries.open_transfer_moves(transfer, supply.outlet)} == {"cancel"}
    assert {"approve", "reject"} <= {move.name for move in queries.open_transfer_moves(transfer, supply.keeper)}
    with pytest.raises(NotAllowed):
        actions.approve_transfer(transfer, **supply.act("outlet"))
    with pytest.raises(NotFound):
        actions.approve_transfer(transfer, **supply.act("stranger"))
    first, second = queries.transfer_lines_of(transfer)
    refused("more_than_requested", actions.approve_transfer, transfer, cuts={first.pk: 7}, **supply.act("keeper"))
    refused("no_lines", actions.approve_transfer, transfer, cuts={first.pk: 0, second.pk: 0}, **supply.act("keeper"))
    transfer = actions.approve_transfer(transfer, cuts={first.pk: 4}, **supply.act("keeper"))
    refused("more_than_approved", actions.ship, transfer, lines=[{"line_id": first.pk, "qty": 5}], **supply.act("keeper"))
    transfer = actions.ship(transfer, **supply.act("keeper"))
    assert (supply.on_hand(supply.a), supply.on_hand(supply.a, transfer.transit)) == (6, 4)
    assert queries.in_transit([supply.shelf.pk], [supply.a.pk]) == {(supply.shelf.pk, supply.a.pk): 4}
    assert value(supply.head, supply.a) == 2000  # on the way it is the sender's still
    refused("wrong_state", actions.cancel_transfer, transfer, reason="x", **supply.act("outlet"))
    transfer = actions.receive_and_settle(transfer, **supply.act("outlet", 1))
    assert (transfer.status, supply.on_hand(supply.a, supply.shelf), value(supply.low, supply.a)) == ("settled", 4, 800)
    assert Fact.objects.filter(name="GoodsArrived").latest("id").data["place_id"] == supply.shelf.pk
    assert books() == []


def test_short_and_damaged_goods_are_settled_by_the_sender(supply):
    transfer = shipped(supply, (supply.a, 4), (supply.b, 8))
    a, b = queries.transfer_lots_of(transfer)
    refused("more_than_sent", actions.receive_and_settle, transfer, lines=[{"lot_id": a.pk, "received_qty": 5}], **supply.act("outlet"))
    refused("reason_needed", actions.receive_and_settle, transfer, lines=[{"lot_id": a.pk, "damaged_qty": 1}], **supply.act("outlet"))
    refused("no_lines", actions.receive_and_settle, transfer, lines=[{"lot_id": a.pk, "received_qty": 0}], **supply.act("outlet"))
    with pytest.raises(NotAllowed):
        actions.receive_and_settle(transfer, lines=[], actor=supply.buyer, at=supply.act("buyer")["at"])
    told = [{"lot_id": a.pk, "received_qty": 1, "damaged_qty": 1, "reason": "外壳破裂"}, {"lot_id": b.pk, "received_qty": 5}]
    transfer = actions.receive_and_settle(transfer, lines=told, **supply.act("outlet", 1))
    assert transfer.status == "shipped"
    transfer = actions.receive_and_settle(transfer, lines=[{"lot_id": b.pk, "received_qty": 1}], **supply.act("outlet", 2))
    assert (transfer.arrivals, transfer.status) == (2, "shipped")
    with pytest.raises(NotAllowed):
        actions.settle(transfer, reason="x", **supply.act("outlet"))
    refused("reason_needed", actions.settle, transfer, lines=[{"lot_id": b.pk, "bearer": "carrier"}], **supply.act("keeper"))
    refused("unknown_bearer", actions.settle, transfer, reason="x", lines=[{"lot_id": a.pk, "bearer": "x"}], **supply.act("keeper"))
    differences = [{"lot_id": a.pk, "bearer": "carrier", "reason": "途中丢失"}, {"lot_id": b.pk, "bearer": "sender", "reason": "漏装"}]
    transfer = actions.settle(transfer, lines=differences, **supply.act("keeper", 3))
    a, b = queries.transfer_lots_of(transfer)
    assert (a.received_qty, a.damaged_qty, a.lost_qty, a.transit_qty, a.bearer) == (1, 1, 2, 0, "carrier")
    assert (b.received_qty, b.back_qty, b.bearer) == (6, 2, "sender")
    assert supply.on_hand(supply.b) == 34
    apart = checks.Place.objects.get(kind_of="quarantine", branch=supply.low)
    assert supply.on_hand(supply.a, apart, "defective") == 1
    refused("wrong_state", actions.receive_and_settle, transfer, **supply.act("outlet"))
    assert books() == []


def test_lots_and_serials_keep_their_names_on_the_way(supply):
    inventory.receive(supply.depot, lines=[(supply.s.pk, 1, D(9), "SN1"), (supply.s.pk, 1, D(9), "SN2")], **NOW)
    transfer = actions.approve_transfer(asked(supply, (supply.s, 2)), **supply.act("keeper"))
    line, = queries.transfer_lines_of(transfer)
    transfer = actions.ship(transfer, lines=[{"line_id": line.pk, "qty": 1, "lot": "SN2"}], **supply.act("keeper"))
    assert [row.lot for row in queries.transfer_lots_of(transfer)] == ["SN2"]
    actions.receive_and_settle(transfer, **supply.act("outlet"))
    assert supply.on_hand(supply.s, supply.shelf) == 1
    refused("short_stock", shipped, supply, (supply.a, 11))
    assert books() == []


def test_who_may_send_lets_go_by_asking_and_others_are_refused(supply):
    transfer = actions.request_transfer(to_place=supply.shelf, from_place=supply.depot, lines=[{"part_id": supply.b.pk, "qty": 2}],
                                        **supply.act("keeper"))
    assert transfer.status == "approved"
    transfer = actions.cancel_transfer(transfer, reason="不要了", **supply.act("outlet"))
    assert transfer.status == "cancelled"
    rejected = actions.reject_transfer(asked(supply, (supply.a, 1)), reason="无货", **supply.act("keeper"))
    assert (rejected.status, rejected.decision) == ("rejected", "无货")
    refused("no_superior_depot", actions.request_transfer, to_place=supply.depot, lines=[{"part_id": supply.a.pk, "qty": 1}], **supply.act("keeper"))
    refused("part_twice", asked, supply, (supply.a, 1), (supply.a, 2))
    refused("same_place", actions.request_transfer, to_place=supply.shelf, from_place=supply.shelf, lines=[], **supply.act("outlet"))
    with pytest.raises(NotAllowed):
        actions.request_transfer(to_place=supply.shelf, lines=[{"part_id": supply.a.pk, "qty": 1}], **supply.act("stranger"))


QTY = st.integers(0, 9000).map(lambda n: D(n) / 1000)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.integers(1, 9000).map(lambda n: D(n) / 1000), came=st.lists(st.tuples(QTY, QTY), max_size=4), bearer=st.sampled_from(["sender", "company"]))
def test_quantity_and_value_are_conserved(supply, sent, came, bearer):
    with transaction.atomic():
        _send_and_settle(supply, sent, came, bearer)
        transaction.set_rollback(True)  # the next example starts from the same store


def _send_and_settle(supply, sent, came, bearer):
    before = D(40) * D("4.25")
    transfer = shipped(supply, (supply.b, sent))
    row, = queries.transfer_lots_of(transfer)
    for good, bad in came:
        try:
            actions.receive_transfer(transfer, lines=[{"lot_id": row.pk, "received_qty": good, "damaged_qty": bad, "reason": "x"}],
                                     **supply.act("outlet"))
        except Refusal as told:
            assert told.code in ("more_than_sent", "no_lines")
    row = TransferLot.objects.get(pk=row.pk)
    assert row.shipped_qty == row.transit_qty + row.received_qty + row.damaged_qty + row.lost_qty + row.back_qty
    transfer = queries.get_transfer(transfer.pk, supply.keeper)
    actions.settle(transfer, reason="x", lines=[{"lot_id": row.pk, "bearer": bearer}], **supply.act("keeper"))
    row = TransferLot.objects.get(pk=row.pk)
    assert row.transit_qty == 0 and row.shipped_qty == row.received_qty + row.damaged_qty + row.lost_qty + row.back_qty
    left = [move for move in StockMove.objects.filter(part=supply.b, source_id=transfer.pk, unit_cost__gt=0).select_related("to_place")
            if move.to_condition != "good" or not move.to_place.is_inside]
    lost = sum(((move.qty * move.unit_cost).quantize(D("0.000001")) for move in left), D(0))
    assert value(supply.head, supply.b) + value(supply.low, supply.b) + lost == before
    assert books() == []
