"""Places, goods in, moved, counted, reversed; costs; serial numbers; requests; who sees what."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks, queries
from aftercare.domain.inventory.models import Cost, StockMove
from aftercare.domain.inventory.tests.stock import AT, NOW, Stock, as_in_a_request, order, state
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def stock(db):
    return Stock()


@pytest.fixture(autouse=True)
def _books_hold(db):
    yield
    if not connection.needs_rollback:
        found = checks.check_balances() + checks.check_reservations() + checks.check_costs() + checks.check_serials()
        assert found == []


def cost(stock, part, branch=None):
    row = Cost.objects.filter(part=part, branch=branch or stock.branch).first()
    return (row.qty, row.value_amount) if row else (0, 0)


def keeper(stock, *permissions):
    reach = Reach(branches=frozenset({stock.branch.pk}))
    return Actor("employee", 1, "仓管", reaches=dict.fromkeys(permissions, reach))


def test_what_is_no_part_is_refused_by_every_verb_before_the_database_does(stock):
    line, day = {"part_id": 99_999, "qty": D(1)}, AT.date()
    for call in (
        lambda: inventory.receive(stock.depot, lines=[(99_999, D(1))], **NOW),
        lambda: inventory.receive(stock.depot, lines=[(99_999, D(1), None, "L1")], **NOW),
        lambda: inventory.count(stock.depot, lines=[(99_999, D(1))], reason="x", **NOW),
        lambda: inventory.set_limits(stock.depot, part_id=99_999, min_qty=D(1), max_qty=D(2), **NOW),
        lambda: inventory.open_document(kind="receipt", dated_on=day, to_place=stock.depot, lines=[line], **NOW),
        lambda: inventory.plan_stocktake(stock.depot, scope="parts", parts=[99_999], **NOW),
    ):
        with pytest.raises(RuleBroken) as refused:
            call()
        assert (refused.value.code, refused.value.field) == ("unknown_part", "part_id")


def test_places_are_made_once(stock):
    assert inventory.ensure_depot(stock.branch.pk, **NOW) == stock.depot
    assert inventory.ensure_van(stock.engineer.pk, branch_id=stock.branch.pk, **NOW) == stock.van
    assert (stock.depot.name, stock.van.name) == ("杭州配件库", "王工随车库")
    assert queries.depot_of(stock.branch.pk) == stock.depot and queries.van_of(stock.engineer.pk) == stock.van
    assert queries.places_for(branch_id=stock.branch.pk, employee_id=stock.engineer.pk) == [stock.van, stock.depot]


def test_a_place_inside_needs_a_branch_and_a_free_code(stock):
    for more, code in (({"branch_id": None}, "branch_needed"), ({"code": stock.depot.code}, "code_taken")):
        with pytest.raises(RuleBroken) as refusal:
            inventory.create_place(**{"code": "X", "name": "X", "kind": "bench", "branch_id": stock.branch.pk, **more}, **NOW)
        assert refusal.value.code == code
    for more, code in (({"kind": "supplier"}, "made_by_itself"), ({"kind": "transit"}, "made_by_itself"), ({"kind": "van"}, "van_needs_employee"),
                       ({"employee_id": stock.engineer.pk}, "van_needs_employee"), ({"kind": "van", "employee_id": stock.engineer.pk}, "van_taken")):
        with pytest.raises(RuleBroken) as refusal:
            inventory.create_place(**{"code": "X", "name": "X", "kind": "bench", "branch_id": stock.branch.pk, **more}, **NOW)
        assert refusal.value.code == code
    for kind in ("finished", "awaiting", "samples", "returns", "quarantine"):
        assert inventory.create_place(code=f"K-{kind}", name=kind, kind=kind, branch_id=stock.branch.pk, **NOW).is_inside
    place = inventory.create_place(code="X", name="修理台", kind="bench", branch_id=stock.branch.pk, **NOW)
    assert inventory.edit_place(place, version=1, name="一号台", **NOW).name == "一号台"
    for outside in (stock.outside["customer"], inventory.ensure_transit(stock.branch.pk, **NOW)):
        with pytest.raises(RuleBroken) as refusal:
            inventory.edit_place(outside, version=outside.version, is_active=False, **NOW)
        assert refusal.value.code == "made_by_itself"
    with pytest.raises(RuleBroken):
        inventory.edit_place(place, version=2, branch_id=9, **NOW)


def test_moving_average_is_exact(stock):
    stock.fill(stock.a, 2, "10")
    stock.fill(stock.a, 1, "11")
    assert cost(stock, stock.a) == (3, 31)
    (move,) = inventory.consume(source=order(), lines=[("1", stock.a.pk, D(1), stock.depot.pk)], **NOW)
    assert move.unit_cost == D("10.333333")
    assert cost(stock, stock.a) == (2, D("20.666667"))
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(3), stock.depot.pk)], **NOW)
    assert cost(stock, stock.a) == (0, 0)


def test_parts_come_back_at_the_cost_they_left_with(stock):
    stock.fill(stock.a, 2, "10")
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(2), stock.depot.pk)], **NOW)
    stock.fill(stock.a, 1, "40")
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(0))], **NOW)
    assert cost(stock, stock.a) == (3, 60)
    assert queries.cost_of(order()) == 0


def test_value_goes_with_the_goods_to_another_branch_only(stock):
    stock.fill(stock.a, 4, "10")
    inventory.transfer(from_place=stock.depot, to_place=stock.van, lines=[(stock.a.pk, 1)], **NOW)
    assert (cost(stock, stock.a), cost(stock, stock.a, stock.branch_2)) == ((4, 40), (0, 0))
    inventory.transfer(from_place=stock.depot, to_place=stock.other, lines=[(stock.a.pk, 3)], **NOW)
    assert (cost(stock, stock.a), cost(stock, stock.a, stock.branch_2)) == ((1, 10), (3, 30))


def test_transfer_takes_free_goods_only(stock):
    stock.fill(stock.a, 3)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    with pytest.raises(inventory.Shortage):
        inventory.transfer(from_place=stock.depot, to_place=stock.van, lines=[(stock.a.pk, 2)], **NOW)
    assert state() == {(stock.depot.code, "A", "good", ""): (3, 2)}


@pytest.mark.parametrize(("change", "code"), [
    ({"to": "depot"}, "same_place"), ({"from": "supplier", "to": "customer"}, "both_outside"),
    ({"qty": D(0)}, "quantity_not_positive"), ({"unit_cost": D(-1)}, "negative_cost"), ({"part": "s"}, "serial_needed"),
])
def test_bad_moves_are_refused(stock, change, code):
    stock.fill(stock.a, 3)
    stock.fill(stock.s, 1, serial="S1")
    place = {**stock.outside, "depot": stock.depot}
    line = inventory.MoveLine(
        getattr(stock, change.get("part", "a")).pk, change.get("qty", D(1)), place[change.get("from", "depot")].pk,
        place[change.get("to", "customer")].pk if "part" not in change else stock.van.pk, unit_cost=change.get("unit_cost"),
    )
    with pytest.raises(RuleBroken) as refusal:
        inventory.post(source=order(), key="k", lines=[line], **NOW)
    assert refusal.value.code == code


def test_no_lines_and_unknown_places_are_refused(stock):
    with pytest.raises(RuleBroken):
        inventory.post(source=order(), key="k", lines=[], **NOW)
    with pytest.raises(NotFound):
        inventory.post(source=order(), key="k", lines=[inventory.MoveLine(stock.a.pk, D(1), 999, stock.depot.pk)], **NOW)


def test_a_closed_place_takes_nothing(stock):
    inventory.edit_place(stock.van, version=1, is_active=False, **NOW)
    with pytest.raises(RuleBroken) as refusal:
        stock.fill(stock.a, 1, place=stock.van)
    assert refusal.value.code == "place_closed"


def test_a_receipt_with_a_paper_is_booked_once(stock):
    paper = Source("purchasing.receipt", 5, "RK5")
    for _ in range(2):
        inventory.receive(stock.depot, lines=[(stock.a.pk, D(2), D(10))], source=paper, **NOW)
    assert cost(stock, stock.a) == (2, 20)
    for _ in range(2):
        inventory.receive(stock.depot, lines=[(stock.a.pk, D(2), D(10))], **NOW)
    assert cost(stock, stock.a) == (6, 60)


def test_uninspected_goods_are_not_available(stock):
    inventory.receive(stock.depot, lines=[(stock.a.pk, D(2), D(10))], condition="inspection", **NOW)
    assert queries.available([stock.a.pk], [stock.depot.pk]) == {}
    line = inventory.MoveLine(stock.a.pk, D(2), stock.depot.pk, stock.depot.pk, "inspection", "good")
    inventory.post(source=order(), key="inspect", lines=[line], reason="state", **NOW)
    assert queries.available([stock.a.pk], [stock.depot.pk]) == {(stock.a.pk, stock.depot.pk): 2}
    assert cost(stock, stock.a) == (2, 20)


def test_old_parts_carry_no_value(stock):
    line = inventory.MoveLine(stock.a.pk, D(1), stock.outside["customer"].pk, stock.van.pk, "return", "return", unit_cost=D(0))
    inventory.post(source=order(), key="old", lines=[line], reason="old_part", **NOW)
    assert cost(stock, stock.a) == (0, 0) and queries.on_hand(stock.a.pk, stock.van.pk, "return") == 1


def test_count_books_the_difference(stock):
    stock.fill(stock.a, 5, "10")
    inventory.count(stock.depot, lines=[(stock.a.pk, D(3)), (stock.b.pk, D(2))], reason="月末盘点", **NOW)
    assert (queries.on_hand(stock.a.pk, stock.depot.pk), queries.on_hand(stock.b.pk, stock.depot.pk)) == (3, 2)
    assert inventory.count(stock.depot, lines=[(stock.a.pk, D(3))], **NOW) == []
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    with pytest.raises(inventory.Shortage):
        inventory.count(stock.depot, lines=[(stock.a.pk, D(1))], **NOW)
    with pytest.raises(RuleBroken):
        inventory.count(stock.depot, lines=[(stock.a.pk, D(-1))], **NOW)


def test_reversal_once(stock):
    moves = stock.fill(stock.a, 5, "10")
    (back,) = inventory.reverse(moves, reason="重复入库", **NOW)
    assert (back.reverses_id, state(), cost(stock, stock.a)) == (moves[0].pk, {}, (0, 0))
    with pytest.raises(WrongState) as refusal, transaction.atomic():
        inventory.reverse(moves, reason="再来", **NOW)
    assert refusal.value.code == "reversed_already"
    with pytest.raises(WrongState), transaction.atomic():
        inventory.reverse([back], reason="再来", **NOW)


def test_reversal_is_refused_when_goods_are_gone_or_back(stock):
    moves = stock.fill(stock.a, 2)
    used = inventory.consume(source=order(), lines=[("1", stock.a.pk, D(2), stock.depot.pk)], **NOW)
    with pytest.raises(inventory.Shortage):
        inventory.reverse(moves, reason="x", **NOW)
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(1))], **NOW)
    with pytest.raises(WrongState) as refusal, transaction.atomic():
        inventory.reverse(used, reason="x", **NOW)
    assert refusal.value.code == "returned_already"


def test_reversal_needs_reason_sight_and_one_document(stock):
    moves = stock.fill(stock.a, 2) + inventory.consume(source=order(), lines=[("1", stock.a.pk, D(1), stock.depot.pk)], **NOW)
    with pytest.raises(RuleBroken):
        inventory.reverse(moves[:1], reason="", **NOW)
    with pytest.raises(RuleBroken):
        inventory.reverse(moves, reason="x", **NOW)
    with pytest.raises(NotFound):
        inventory.reverse(moves[:1], reason="x", actor=keeper(stock, "inventory.view_stock"), at=AT)


def test_a_serial_is_in_one_place(stock):
    stock.fill(stock.s, 1, "100", serial="S1")
    with pytest.raises(RuleBroken) as refusal:
        stock.fill(stock.s, 1, serial="S1", place=stock.van)
    assert refusal.value.code == "serial_in_stock"
    with pytest.raises(RuleBroken):
        stock.fill(stock.s, 2, serial="S2")
    with pytest.raises(RuleBroken) as refusal:
        stock.fill(stock.s, 1)
    assert refusal.value.code == "serial_needed"
    inventory.transfer(from_place=stock.depot, to_place=stock.van, lines=[(stock.s.pk, 1, "S1")], **NOW)
    assert queries.find_serial(stock.s.pk, "S1").place == stock.van


def test_serials_are_reserved_issued_used_and_exchanged(stock):
    for serial in ("S1", "S2"):
        stock.fill(stock.s, 1, "100", serial=serial)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.s, 1, serial="S1")], **NOW)
    with pytest.raises(inventory.Shortage):
        inventory.reserve(source=order(2), lines=[stock.line("1", stock.s, 1, serial="S1")], **NOW)
    assert queries.serials_at(stock.s.pk, stock.depot.pk) == ["S2"]
    inventory.issue(source=order(), to_place_id=stock.van.pk, **NOW)
    inventory.consume(source=order(), **NOW)
    inventory.consume(source=order(), lines=[inventory.UseLine("1", stock.s.pk, D(1), stock.depot.pk, "S2")], **NOW)
    assert queries.find_serial(stock.s.pk, "S1").place == stock.van
    assert queries.find_serial(stock.s.pk, "S2") is None


def test_batches_may_lie_in_many_places(stock):
    for place in (stock.depot, stock.van):
        stock.fill(stock.a, 5, place=place, serial="B-7")
    assert queries.on_hand(stock.a.pk, stock.van.pk) == 5


def test_the_database_refuses_edits_of_moves(stock):
    stock.fill(stock.a, 1)
    for statement in ("UPDATE inventory_stockmove SET qty = 9", "DELETE FROM inventory_stockmove"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_requests_are_asked_once_filled_and_cancelled(stock):
    ask = {"source": order(), "branch_id": stock.branch.pk, **NOW}
    (one,) = inventory.request_parts(lines=[("1", stock.a.pk, stock.depot.pk, 2)], **ask)
    (same,) = inventory.request_parts(lines=[("1", stock.a.pk, stock.depot.pk, 3)], **ask)
    assert (one.pk, same.qty, one.number) == (same.pk, 3, "PR260302000001")
    assert queries.open_requests([stock.a.pk]) == [same]
    assert inventory.fill(same, **NOW).status == "filled"
    with pytest.raises(WrongState):
        inventory.cancel(same, reason="x", **NOW)
    inventory.request_parts(lines=[("1", stock.a.pk, stock.depot.pk, 1)], **ask)
    assert [r.status for r in inventory.cancel_requests(source=order(), reason="订单取消", **NOW)] == ["cancelled"]


def test_keepers_act_in_their_branch_only(stock):
    own = keeper(stock, "inventory.view_stock", "inventory.receive", "inventory.move", "inventory.adjust")
    inventory.receive(stock.depot, lines=[(stock.a.pk, D(2), D(1))], actor=own, at=AT)
    with pytest.raises(NotAllowed):
        inventory.receive(stock.other, lines=[(stock.a.pk, D(2), D(1))], actor=own, at=AT)
    with pytest.raises(NotAllowed):
        inventory.transfer(from_place=stock.depot, to_place=stock.other, lines=[(stock.a.pk, 1)], actor=own, at=AT)
    with pytest.raises(NotAllowed):
        inventory.count(stock.other, lines=[(stock.a.pk, D(2))], actor=own, at=AT)
    with pytest.raises(NotAllowed):
        inventory.set_limits(stock.other, part_id=stock.a.pk, min_qty=D(1), max_qty=D(2), actor=own, at=AT)


def test_each_sees_his_own_stock(stock):
    stock.fill(stock.a, 1)
    stock.fill(stock.a, 1, place=stock.van)
    stock.fill(stock.a, 1, place=stock.other)
    mine = Actor("employee", 1, "王工", reaches={"inventory.view_stock": Reach(people=frozenset({stock.engineer.pk}))})
    branch = keeper(stock, "inventory.view_stock")
    assert [queries.balances(who).count() for who in (mine, branch, NOW["actor"], Actor("employee", 2, "x"))] == [1, 2, 3, 0]
    assert [queries.list_moves(who).count() for who in (mine, branch, NOW["actor"], Actor("employee", 2, "x"))] == [1, 2, 3, 0]
    with pytest.raises(NotFound):
        queries.get_place(stock.other.pk, branch)
    with pytest.raises(NotAllowed):
        queries.unit_costs([stock.a.pk], branch_id=stock.branch.pk, actor=branch)


def test_limits_tell_what_to_order(stock):
    stock.fill(stock.a, 1)
    inventory.set_limits(stock.depot, part_id=stock.a.pk, min_qty=D(2), max_qty=D(9), **NOW)
    assert [row.part for row in queries.below_limit(NOW["actor"])] == [stock.a]
    with pytest.raises(RuleBroken):
        inventory.set_limits(stock.depot, part_id=stock.a.pk, min_qty=D(3), max_qty=D(2), **NOW)


def test_lists_take_few_statements(stock):
    for number in range(5):
        stock.fill(stock.a, 1)
        inventory.reserve(source=order(number), lines=[stock.line("1", stock.a, 1)], **NOW)
    with CaptureQueriesContext(connection) as statements:
        for row in queries.list_moves(NOW["actor"]):
            assert all((row.part.code, row.from_place.name, row.to_place.name))
        for row in queries.balances(NOW["actor"]):
            assert all((row.part.code, row.place.name))
        queries.moves_of(order())
        queries.reservations_of(order())
        queries.available([stock.a.pk, stock.b.pk], [stock.depot.pk, stock.van.pk])
    assert len(statements) == 5


def test_receiving_many_lines_takes_as_many_statements_as_few(stock):
    def count(lines) -> int:
        with as_in_a_request(), CaptureQueriesContext(connection) as statements:
            inventory.receive(stock.depot, lines=lines, **NOW)
        return len(statements)

    few = count([(stock.a.pk, D(1), D(1))])
    assert count([(stock.a.pk, D(1), D(1)), (stock.b.pk, D(1), D(1))] * 10) == few <= 15
    assert StockMove.objects.count() == 21
    assert AT.tzinfo is dt.UTC


def test_by_hand_goods_go_from_shelf_to_shelf_or_to_scrap_alone(stock):
    stock.fill(stock.a, 5, "20")
    line = [(stock.a.pk, D(1))]
    for kind in ("customer", "supplier", "difference"):
        with pytest.raises(RuleBroken) as refused:
            inventory.transfer(from_place=stock.depot, to_place=stock.outside[kind], lines=line, **NOW)
        assert (refused.value.code, refused.value.field) == ("bad_places", "to_place")
        with pytest.raises(RuleBroken) as refused:
            inventory.transfer(from_place=stock.outside[kind], to_place=stock.depot, lines=line, **NOW)
        assert (refused.value.code, refused.value.field) == ("bad_places", "from_place")
    inventory.transfer(from_place=stock.depot, to_place=stock.outside["scrap"], lines=line, **NOW)
    assert queries.on_hand(stock.a.pk, stock.depot.pk) == 4


def test_goods_under_way_belong_to_the_paper_that_sent_them(stock):
    stock.fill(stock.a, 5, "20")
    way, line = inventory.ensure_transit(stock.branch.pk, **NOW), [(stock.a.pk, D(1))]
    paper = {"kind": "transfer", "dated_on": AT.date(), "lines": [{"part_id": stock.a.pk, "qty": D(1)}]}
    for call in (
        lambda: inventory.transfer(from_place=way, to_place=stock.depot, lines=line, **NOW),
        lambda: inventory.transfer(from_place=stock.depot, to_place=way, lines=line, **NOW),
        lambda: inventory.receive(way, lines=line, **NOW),
        lambda: inventory.count(way, lines=line, reason="x", **NOW),
        lambda: inventory.change_condition(way, lines=line, from_condition="good", to_condition="defective", **NOW),
        lambda: inventory.open_document(from_place=way, to_place=stock.depot, **paper, **NOW),
        lambda: inventory.open_document(from_place=stock.depot, to_place=way, **paper, **NOW),
    ):
        with pytest.raises(RuleBroken) as refused:
            call()
        assert refused.value.code == "under_way"


def test_one_person_books_without_a_paper_up_to_the_value_that_wants_two(stock):
    stock.fill(stock.a, 10, "100")
    inventory.set_rule(stock.branch.pk, two_person_amount=D(500), back_days=3, **NOW)
    alone = {"actor": keeper(stock, "inventory.move", "inventory.receive", "inventory.adjust", "inventory.view_stock"), "at": AT}
    scrap, spot = stock.outside["scrap"], inventory.ensure_quarantine(stock.branch.pk, **NOW)
    for call in (
        lambda: inventory.transfer(from_place=stock.depot, to_place=scrap, lines=[(stock.a.pk, D(6))], **alone),
        lambda: inventory.receive(stock.depot, lines=[(stock.b.pk, D(1), D("500.01"))], **alone),
        lambda: inventory.count(stock.depot, lines=[(stock.a.pk, D(4))], reason="少", **alone),
        lambda: inventory.change_condition(stock.depot, lines=[(stock.a.pk, D(6))], from_condition="good", to_condition="defective", **alone),
    ):
        with pytest.raises(RuleBroken) as refused:
            call()
        assert refused.value.code == "second_person_needed"
    # What stays in the house at its value is tidied by one; what is within the value too.
    inventory.transfer(from_place=stock.depot, to_place=spot, lines=[(stock.a.pk, D(5))], **alone)
    inventory.transfer(from_place=stock.depot, to_place=scrap, lines=[(stock.a.pk, D(5))], **alone)
    assert (queries.on_hand(stock.a.pk, stock.depot.pk), queries.on_hand(stock.a.pk, spot.pk)) == (0, 5)


def test_what_a_paper_booked_is_taken_back_by_the_paper(stock):
    by_hand = inventory.receive(stock.depot, lines=[(stock.a.pk, D(2), D(20))], **NOW)
    by_paper = inventory.receive(stock.depot, lines=[(stock.a.pk, D(2), D(20))], source=order(), **NOW)
    with pytest.raises(RuleBroken) as refused:
        inventory.undo_booking([*by_hand, *by_paper], reason="x", **NOW)
    assert refused.value.code == "paper_booked" and queries.on_hand(stock.a.pk, stock.depot.pk) == 4
    inventory.undo_booking(by_hand, reason="重复", **NOW)
    assert queries.on_hand(stock.a.pk, stock.depot.pk) == 2
