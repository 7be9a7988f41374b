"""Reserve, issue, use, return, release, take back: what each promises and refuses."""

from decimal import Decimal as D

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries
from aftercare.domain.inventory.tests.stock import NOW, Stock, as_in_a_request, order
from aftercare.foundation.refusals import NotFound, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def stock(db):
    return Stock()


def free(stock, part, place=None):
    place = place or stock.depot
    return queries.available([part.pk], [place.pk]).get((part.pk, place.pk), D(0))


def on_hand(stock, part, place=None):
    return queries.on_hand(part.pk, (place or stock.depot).pk)


def test_reserve_promises_once(stock):
    stock.fill(stock.a, 5)
    for _ in range(2):
        inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 3)], **NOW)
    assert (on_hand(stock, stock.a), free(stock, stock.a)) == (5, 2)


def test_reserve_takes_plain_tuples(stock):
    stock.fill(stock.a, 5)
    inventory.reserve(source=order(), lines=[("1", stock.a.pk, stock.depot.pk, 2)], **NOW)
    assert free(stock, stock.a) == 3


def test_changed_quantity_adjusts(stock):
    stock.fill(stock.a, 5)
    for qty, left in ((3, 2), (5, 0), (1, 4), (0, 5)):
        inventory.reserve(source=order(), lines=[stock.line("1", stock.a, qty)], **NOW)
        assert free(stock, stock.a) == left


def test_changed_place_and_part_move_the_promise(stock):
    stock.fill(stock.a, 5)
    stock.fill(stock.b, 5)
    stock.fill(stock.a, 2, place=stock.van)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2, stock.van)], **NOW)
    assert (free(stock, stock.a), free(stock, stock.a, stock.van)) == (5, 0)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.b, 4)], **NOW)
    assert (free(stock, stock.a, stock.van), free(stock, stock.b)) == (2, 1)


def test_reserve_is_all_or_nothing_and_tells_what_lacks(stock):
    stock.fill(stock.a, 5)
    stock.fill(stock.b, 1)
    with pytest.raises(inventory.Shortage) as refusal:
        inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2), stock.line("2", stock.b, 3)], **NOW)
    (line,) = refusal.value.params["lines"]
    assert refusal.value.code == "short_stock"
    assert (line["line"], line["part"], line["wanted_qty"], line["available_qty"]) == ("2", "滤网", "3", "1")
    assert (free(stock, stock.a), free(stock, stock.b)) == (5, 1)
    assert queries.reservations_of(order()) == []


def test_after_a_shortage_the_transaction_goes_on(stock):
    stock.fill(stock.a, 1)
    with transaction.atomic():
        with pytest.raises(inventory.Shortage):
            inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
        inventory.request_parts(source=order(), branch_id=stock.branch.pk, lines=[("1", stock.a.pk, stock.depot.pk, 1)], **NOW)
    assert len(queries.requests_of(order())) == 1


def test_a_part_never_seen_is_short_by_name(stock):
    with pytest.raises(inventory.Shortage, match="压缩机"):
        inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 1)], **NOW)


def test_two_lines_share_one_balance(stock):
    stock.fill(stock.a, 3)
    with pytest.raises(inventory.Shortage) as refusal:
        inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2), stock.line("2", stock.a, 2)], **NOW)
    assert [line["line"] for line in refusal.value.params["lines"]] == ["1", "2"]
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2), stock.line("2", stock.a, 1)], **NOW)
    assert free(stock, stock.a) == 0


@pytest.mark.parametrize(("lines", "code"), [
    ([("1", 1), ("1", 1)], "line_twice"), ([("1", -1)], "quantity_not_positive"), ([("1", D("0.0001"))], "quantity_too_fine"),
])
def test_reserve_refuses_bad_lines(stock, lines, code):
    with pytest.raises(RuleBroken) as refusal:
        inventory.reserve(source=order(), lines=[(key, stock.a.pk, stock.depot.pk, qty) for key, qty in lines], **NOW)
    assert refusal.value.code == code


def test_release_lets_go_once(stock):
    stock.fill(stock.a, 5)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2), stock.line("2", stock.a, 1)], **NOW)
    assert len(inventory.release(source=order(), line="1", **NOW)) == 1
    assert free(stock, stock.a) == 4
    assert len(inventory.release(source=order(), **NOW)) == 1
    assert inventory.release(source=order(), **NOW) == []
    assert free(stock, stock.a) == 5


def test_consume_uses_what_is_promised(stock):
    stock.fill(stock.a, 5)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    (move,) = inventory.consume(source=order(), **NOW)
    assert (move.qty, move.reason, move.line) == (2, "use", "1")
    assert (on_hand(stock, stock.a), free(stock, stock.a)) == (3, 3)
    assert inventory.consume(source=order(), **NOW) == []


def test_consume_in_total_is_safe_to_repeat_and_follows_changes(stock):
    stock.fill(stock.a, 5)
    for qty, left in ((2, 3), (2, 3), (4, 1), (1, 4), (0, 5), (3, 2)):
        inventory.consume(source=order(), lines=[("1", stock.a.pk, D(qty), stock.depot.pk)], **NOW)
        assert on_hand(stock, stock.a) == left
    assert queries.used_by(order()) == {("1", stock.a.pk): D(3)}


def test_consume_takes_own_promise_first_then_free_stock_never_others(stock):
    stock.fill(stock.a, 5)
    inventory.reserve(source=order(1), lines=[stock.line("1", stock.a, 2)], **NOW)
    inventory.reserve(source=order(2), lines=[stock.line("1", stock.a, 2)], **NOW)
    with pytest.raises(inventory.Shortage) as refusal:
        inventory.consume(source=order(1), lines=[("1", stock.a.pk, D(4))], **NOW)
    assert refusal.value.params["lines"][0]["available_qty"] == "3"
    inventory.consume(source=order(1), lines=[("1", stock.a.pk, D(3))], **NOW)
    assert (on_hand(stock, stock.a), free(stock, stock.a)) == (2, 0)
    inventory.consume(source=order(2), **NOW)
    assert on_hand(stock, stock.a) == 0


def test_the_last_unit_can_be_booked_again_under_the_same_key(stock):
    stock.fill(stock.a, 1)
    line = inventory.MoveLine(stock.a.pk, D(1), stock.depot.pk, stock.outside["customer"].pk)
    first = inventory.post(source=order(), key="sale", lines=[line], **NOW)
    again = inventory.post(source=order(), key="sale", lines=[line], **NOW)
    assert [m.pk for m in first] == [m.pk for m in again]


def test_a_key_means_one_thing(stock):
    stock.fill(stock.a, 5)
    for qty, code in ((1, None), (2, "key_reused")):
        line = inventory.MoveLine(stock.a.pk, D(qty), stock.depot.pk, stock.outside["customer"].pk)
        try:
            with transaction.atomic():
                inventory.post(source=order(), key="sale", lines=[line], **NOW)
        except Exception as refusal:
            assert refusal.code == code
    assert on_hand(stock, stock.a) == 4


def test_used_from_elsewhere_ends_the_promise(stock):
    stock.fill(stock.a, 2)
    stock.fill(stock.a, 2, place=stock.van)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(2), stock.van.pk)], **NOW)
    assert (free(stock, stock.a), on_hand(stock, stock.a, stock.van)) == (2, 0)


def test_another_part_on_the_line_brings_the_first_back(stock):
    stock.fill(stock.a, 2)
    stock.fill(stock.b, 2)
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(2), stock.depot.pk)], **NOW)
    inventory.consume(source=order(), lines=[("1", stock.b.pk, D(1), stock.depot.pk)], **NOW)
    assert (on_hand(stock, stock.a), on_hand(stock, stock.b)) == (2, 1)


def test_consume_needs_a_place(stock):
    with pytest.raises(RuleBroken) as refusal:
        inventory.consume(source=order(), lines=[("1", stock.a.pk, D(1))], **NOW)
    assert refusal.value.code == "place_needed"


def test_issue_carries_the_promise_to_the_van(stock):
    stock.fill(stock.a, 5)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    assert len(inventory.issue(source=order(), to_place_id=stock.van.pk, **NOW)) == 1
    assert inventory.issue(source=order(), to_place_id=stock.van.pk, **NOW) == []
    assert (on_hand(stock, stock.a), free(stock, stock.a)) == (3, 3)
    assert (on_hand(stock, stock.a, stock.van), free(stock, stock.a, stock.van)) == (2, 0)
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(1))], **NOW)
    inventory.return_unused(source=order(), to_place_id=stock.depot.pk, **NOW)
    assert inventory.return_unused(source=order(), to_place_id=stock.depot.pk, **NOW) == []
    assert (on_hand(stock, stock.a), free(stock, stock.a), on_hand(stock, stock.a, stock.van)) == (4, 4, 0)


def test_issue_refuses_an_unknown_line_and_outside_places(stock):
    with pytest.raises(NotFound):
        inventory.issue(source=order(), to_place_id=stock.van.pk, line="9", **NOW)
    stock.fill(stock.a, 1)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 1)], **NOW)
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        inventory.issue(source=order(), to_place_id=stock.outside["scrap"].pk, **NOW)
    assert refusal.value.code == "place_outside"


def test_return_refuses_more_than_unused(stock):
    stock.fill(stock.a, 5)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2)], **NOW)
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        inventory.return_unused(source=order(), to_place_id=stock.depot.pk, lines=[("1", 3)], **NOW)
    assert refusal.value.code == "more_than_unused"
    inventory.return_unused(source=order(), to_place_id=stock.depot.pk, lines=[("1", 1)], **NOW)
    assert free(stock, stock.a) == 4


def test_take_back_undoes_all(stock):
    stock.fill(stock.a, 5)
    stock.fill(stock.b, 5)
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 2), stock.line("2", stock.b, 2)], **NOW)
    inventory.consume(source=order(), lines=[("1", stock.a.pk, D(2))], **NOW)
    inventory.take_back(source=order(), **NOW)
    assert (free(stock, stock.a), free(stock, stock.b)) == (5, 5)
    assert queries.used_by(order()) == {}
    assert inventory.take_back(source=order(), **NOW) == []


def test_fractions_leave_nothing_behind(stock):
    stock.fill(stock.a, "0.3")
    for number in range(3):
        inventory.reserve(source=order(number), lines=[stock.line("1", stock.a, "0.1")], **NOW)
        inventory.consume(source=order(number), **NOW)
    assert on_hand(stock, stock.a) == 0


def test_statements_of_the_bench(stock):
    stock.fill(stock.a, 5)
    stock.fill(stock.b, 5)
    lines = [stock.line("1", stock.a, 1), stock.line("2", stock.b, 1)]
    with as_in_a_request(), CaptureQueriesContext(connection) as reserving:
        inventory.reserve(source=order(), lines=lines, **NOW)
    assert len(reserving) <= 4
    with as_in_a_request(), CaptureQueriesContext(connection) as using:
        inventory.consume(source=order(), **NOW)
    assert len(using) <= 8
