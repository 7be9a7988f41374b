"""Stocktakes: blind counting in rounds, moves meanwhile, who may approve, booked once and never below what is promised."""

import datetime as dt
import importlib
from decimal import Decimal as D

import pytest
from django.apps import apps
from django.db import connection

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks, queries
from aftercare.domain.inventory.actions import CountLine
from aftercare.domain.inventory.models import CountEntry, StockMove, StocktakeLine
from aftercare.domain.inventory.tests.stock import AT, NOW, SYSTEM, Stock, order
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState

pytestmark = pytest.mark.django_db
both = pytest.mark.both
RIGHTS = ("inventory.view_stock", "inventory.plan_count", "inventory.count", "inventory.approve_count", "inventory.reverse")


def later(minutes: int) -> dt.datetime:
    return AT + dt.timedelta(minutes=minutes)


class Store(Stock):
    """The small store with stock of a (10 at 2.00) and b (4 at 50.00), and people who count."""

    def __init__(self):
        super().__init__()
        self.fill(self.a, 10, "2")
        self.fill(self.b, 4, "50")
        self.first, self.second, self.third, self.boss = (self.person(n) for n in (11, 12, 13, 14))
        self.boss.reaches["inventory.approve_large_count"] = Reach(everywhere=True)

    def person(self, number, *rights, reach=None):
        reach = reach or Reach(branches=frozenset({self.branch.pk}))
        return Actor("employee", number, f"员工{number}", branch_id=self.branch.pk, employee_id=number,
                     reaches=dict.fromkeys(rights or RIGHTS, reach))

    def plan(self, scope="whole", **more):
        return inventory.plan_stocktake(more.pop("place", self.depot), scope=scope, actor=self.first, at=AT, **more)

    def count(self, take, who, *lines, minutes=1):
        rows = [CountLine(part.pk, D(qty), **(rest[0] if rest else {})) for part, qty, *rest in lines]
        return inventory.record_counts(take, lines=rows, actor=who, at=later(minutes))

    def close(self, take, who=None, minutes=2, **more):
        return inventory.finish_round(take, actor=who or self.first, at=later(minutes), **more)

    def approve(self, take, who=None, minutes=9, **more):
        return inventory.approve_stocktake(take, reason=more.pop("reason", "盘亏"), actor=who or self.boss, at=later(minutes), **more)


@pytest.fixture
def store(db):
    return Store()


@pytest.fixture(autouse=True)
def _books_hold(db):
    yield
    if not connection.needs_rollback:
        assert checks.check_balances() + checks.check_reservations() + checks.check_costs() + checks.check_serials() == []


def refused(code, call, kind=RuleBroken):
    with pytest.raises(kind) as refusal:
        call()
    assert refusal.value.code == code
    return refusal.value


def states(take):
    return {line.part.code: line.state for line in queries.stocktake_lines(take)}


def test_a_stocktake_that_agrees_books_nothing(store):
    take = store.plan()
    assert [(line.part.code, line.book_qty) for line in queries.stocktake_lines(take)] == [("A", 10), ("B", 4)]
    store.count(take, store.first, (store.a, 10), (store.b, 4))
    take = store.close(take)
    assert (take.status, take.value_amount) == ("submitted", 0)
    take = store.approve(take, reason="")
    assert take.status == "settled" and not StockMove.objects.filter(reason="count").exists()


@both
def test_a_small_difference_stands_and_a_large_one_is_counted_by_somebody_else(store):
    inventory.set_count_rule(store.branch.pk, recount_percent=D(20), recount_amount=D(40), **NOW)
    take = store.plan()
    store.count(take, store.first, (store.a, 9), (store.b, 3))
    take = store.close(take)
    assert (take.status, take.round, states(take)) == ("counting", 2, {"A": "agreed", "B": "recount"})
    refused("another_person_needed", lambda: store.count(take, store.first, (store.b, 4)))
    refused("another_person_needed", lambda: store.close(take, rest_is_zero=True))
    refused("line_settled", lambda: store.count(take, store.second, (store.a, 10)))
    store.count(take, store.second, (store.b, 3), minutes=3)
    take = store.close(take, store.second, 4)
    assert (take.status, states(take), take.value_amount) == ("submitted", {"A": "agreed", "B": "agreed"}, D("52.00"))
    take = store.approve(take, reasons={1: "漏记出库"}, reason="丢失")
    moves = StockMove.objects.filter(source_kind="inventory.stocktake").order_by("key")
    assert [(m.part.code, m.qty, m.memo, m.from_place, m.to_place.kind_of) for m in moves] == [
        ("A", 1, "漏记出库", store.depot, "difference"), ("B", 1, "丢失", store.depot, "difference")]
    assert queries.on_hand(store.b.pk, store.depot.pk) == 3


def test_a_second_count_that_agrees_with_the_books_stands(store):
    take = store.plan("parts", parts=[store.b.pk])
    store.count(take, store.first, (store.b, 2))
    take = store.close(take)
    store.count(take, store.second, (store.b, 4))
    take = store.close(take, store.second)
    assert take.status == "submitted" and queries.stocktake_lines(take).get().difference_qty == 0


def test_two_that_differ_need_a_third_and_three_that_differ_are_disputed(store):
    take = store.plan("parts", parts=[store.b.pk])
    for who, qty in ((store.first, 2), (store.second, 3)):
        store.count(take, who, (store.b, qty))
        take = store.close(take, who)
        assert take.status == "counting" and states(take) == {"B": "recount"}
    refused("another_person_needed", lambda: store.count(take, store.first, (store.b, 2)))
    store.count(take, store.third, (store.b, 1))
    take = store.close(take, store.third)
    assert (take.status, states(take)) == ("submitted", {"B": "disputed"})


def test_who_types_again_in_the_same_round_corrects_himself_and_nothing_shows_before_its_end(store):
    take = store.plan("parts", parts=[store.b.pk])
    for qty in (1, 2, 4):
        store.count(take, store.first, (store.b, qty))
        assert states(take) == {"B": "open"}, "the state must not tell whether a quantity is the right one"
    store.count(take, store.first, (store.b, 1, {"adds": True}))
    assert queries.own_counts(take, store.first) == {queries.stocktake_lines(take).get().pk: D(5)}
    assert CountEntry.objects.count() == 4


@both
def test_moves_meanwhile_do_not_falsify_the_count(store):
    take = store.plan()
    inventory.transfer(from_place=store.depot, to_place=store.van, lines=[(store.a.pk, D(3))], actor=SYSTEM, at=later(1))
    store.count(take, store.first, (store.a, 6), (store.b, 4), minutes=2)
    inventory.receive(store.depot, lines=[(store.a.pk, D(5), D(2))], actor=SYSTEM, at=later(3))
    inventory.consume(source=order(), lines=[("1", store.b.pk, D(2), store.depot.pk)], actor=SYSTEM, at=later(4))
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, **NOW)
    take = store.close(take, minutes=5)
    lines = {line.part.code: line for line in queries.stocktake_lines(take)}
    assert (lines["A"].expected_qty, lines["A"].difference_qty, lines["B"].difference_qty) == (7, -1, 0)
    store.approve(take)
    assert queries.on_hand(store.a.pk, store.depot.pk) == 11 and queries.on_hand(store.b.pk, store.depot.pk) == 2


def test_two_counts_with_a_move_between_them_agree_by_their_differences(store):
    take = store.plan("parts", parts=[store.b.pk])
    store.count(take, store.first, (store.b, 3), minutes=1)
    take = store.close(take, minutes=2)
    inventory.transfer(from_place=store.depot, to_place=store.van, lines=[(store.b.pk, D(1))], actor=SYSTEM, at=later(3))
    store.count(take, store.second, (store.b, 2), minutes=4)
    take = store.close(take, store.second, minutes=5)
    line = queries.stocktake_lines(take).get()
    assert (take.status, line.state, line.difference_qty) == ("submitted", "agreed", -1)


@both
def test_a_paper_that_comes_late_changes_what_should_have_been_there(store):
    take = store.plan("parts", parts=[store.a.pk])
    store.count(take, store.first, (store.a, 8), minutes=5)
    store.close(take, minutes=6)
    store.count(take, store.second, (store.a, 8), minutes=7)
    take = store.close(take, store.second, minutes=8)
    assert queries.stocktake_lines(take).get().difference_qty == -2
    inventory.consume(source=order(), lines=[("1", store.a.pk, D(2), store.depot.pk)], actor=SYSTEM, at=later(3))
    refusal = refused("book_changed", lambda: store.approve(take))
    assert refusal.params["positions"] == [1]
    take = inventory.recalculate(take, actor=store.boss, at=later(10))
    assert queries.stocktake_lines(take).get().difference_qty == 0
    store.approve(take, minutes=11)
    assert queries.on_hand(store.a.pk, store.depot.pk) == 8


def test_who_counted_may_not_approve_and_a_large_difference_needs_its_right(store):
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, approve_amount=D(50), **NOW)
    take = store.plan()
    store.count(take, store.first, (store.a, 10), (store.b, 2))
    take = store.close(take)
    refused("counter_may_not_approve", lambda: store.approve(take, store.first), NotAllowed)
    refused("large_difference", lambda: store.approve(take, store.second), NotAllowed)
    refused("not_allowed", lambda: store.approve(take, store.person(15, "inventory.view_stock", "inventory.count")), NotAllowed)
    assert refused("reason_needed", lambda: store.approve(take, reason=" ")).params["positions"] == [2]
    take = store.approve(take)
    assert (take.status, take.approved_by_name) == ("settled", "员工14")
    refused("wrong_state", lambda: store.approve(take), WrongState)


def test_what_the_books_say_is_shown_to_nobody_while_counting_and_later_to_auditors_who_did_not_count(store):
    take = store.plan()
    seen = lambda who: queries.may_see_book(take, who)  # noqa: E731
    assert not any(seen(who) for who in (store.first, store.second, store.boss))
    store.count(take, store.first, (store.a, 10), (store.b, 4))
    take = store.close(take)
    only_counts = store.person(15, "inventory.view_stock", "inventory.count")
    assert [seen(who) for who in (store.first, store.second, only_counts)] == [False, True, False]
    take = store.approve(take)
    assert [seen(who) for who in (store.first, store.second, only_counts)] == [True, True, False]


@both
def test_a_stocktake_goes_down_to_what_is_promised_and_not_below(store):
    inventory.reserve(source=order(7), lines=[store.line("1", store.b, 3)], **NOW)
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, **NOW)
    take = store.plan("parts", parts=[store.b.pk])
    store.count(take, store.first, (store.b, 2))
    take = store.close(take)
    refusal = refused("below_reserved", lambda: store.approve(take))
    assert refusal.params["lines"][0]["documents"] == ["WO000007"] and "WO000007" in str(refusal.message)
    assert queries.on_hand(store.b.pk, store.depot.pk) == 4
    inventory.reserve(source=order(7), lines=[store.line("1", store.b, 2)], **NOW)
    store.approve(take)
    assert queries.on_hand(store.b.pk, store.depot.pk) == 2


def test_sent_back_it_is_counted_by_people_who_have_not_seen_it(store):
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, **NOW)
    take = store.plan()
    store.count(take, store.first, (store.a, 10), (store.b, 3))
    take = store.close(take)
    refused("nothing_to_recount", lambda: inventory.send_back_stocktake(take, reason="再盘", lines=[9], actor=store.boss, at=later(3)))
    refused("reason_needed", lambda: inventory.send_back_stocktake(take, reason=" ", actor=store.boss, at=later(3)))
    take = inventory.send_back_stocktake(take, reason="再盘", actor=store.boss, at=later(3))
    assert (take.status, states(take)) == ("counting", {"A": "agreed", "B": "recount"})
    refused("reviewer_may_not_count", lambda: store.count(take, store.boss, (store.b, 3)), NotAllowed)
    refused("lines_not_counted", lambda: store.close(take, store.second))
    store.count(take, store.second, (store.b, 3), minutes=4)
    take = store.close(take, store.second, minutes=5)
    assert take.status == "submitted" and states(take)["B"] == "agreed"


@both
def test_unexpected_goods_are_added_and_the_rest_is_none(store):
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, **NOW)
    bin_ = inventory.create_place(code="A-01", name="A-01", kind="bin", branch_id=None, parent=store.depot, **NOW)
    take = store.plan()
    store.count(take, store.first, (store.a, 10), (store.s, 1, {"lot": "S9", "place_id": bin_.pk}))
    refused("serial_needed", lambda: store.count(take, store.first, (store.s, 1)))
    refused("serial_is_single", lambda: store.count(take, store.first, (store.s, 2, {"lot": "S9"})))
    refused("place_not_counted", lambda: store.count(take, store.first, (store.a, 1, {"place_id": store.other.pk})))
    assert refused("lines_not_counted", lambda: store.close(take)).params["positions"] == [2]
    take = store.close(take, rest_is_zero=True)
    found = {line.part.code: (line.difference_qty, line.is_unexpected) for line in queries.stocktake_lines(take)}
    assert found == {"A": (0, False), "B": (-4, False), "S": (1, True)}
    store.approve(take)
    assert queries.find_serial(store.s.pk, "S9").place == bin_ and queries.on_hand(store.b.pk, store.depot.pk) == 0


def test_only_the_chosen_bins_or_parts_are_drawn(store):
    bins = [inventory.create_place(code=f"A-0{n}", name=f"A-0{n}", kind="bin", branch_id=None, parent=store.depot, **NOW) for n in (1, 2)]
    for one in bins:
        store.fill(store.a, 3, place=one)
    take = store.plan("bins", bins=[bins[0].pk])
    assert [(line.place.code, line.part.code) for line in queries.stocktake_lines(take)] == [("A-01", "A")]
    refused("place_not_counted", lambda: store.count(take, store.first, (store.a, 1, {"place_id": bins[1].pk})))
    unknown = type(store.a).objects.create(code="U", name="没有库存的")
    take = store.plan("parts", parts=[store.b.pk, unknown.pk])
    assert [(line.part.code, line.book_qty) for line in queries.stocktake_lines(take)] == [("B", 4), ("U", 0)]
    for code, more in (("bin_elsewhere", {"scope": "bins", "bins": [store.van.pk]}), ("no_parts", {"scope": "parts"}),
                       ("bad_scope", {"scope": "x"}), ("bad_place", {"scope": "whole", "place": bins[0]}),
                       ("bad_place", {"scope": "whole", "place": inventory.ensure_transit(store.branch.pk, **NOW)}), ("bad_class", {"scope": "cycle", "abc": "D"})):
        refused(code, lambda more=more: store.plan(**more))


@both
def test_the_same_goods_are_counted_in_one_stocktake_at_a_time(store):
    take = store.plan("parts", parts=[store.a.pk])
    assert refused("counted_elsewhere", store.plan).params["number"] == take.number
    refused("in_stocktake", lambda: inventory.count(store.depot, lines=[(store.a.pk, D(9))], reason="x", **NOW))
    refused("reason_needed", lambda: inventory.cancel_stocktake(take, reason=" ", actor=store.first, at=later(1)))
    inventory.cancel_stocktake(take, reason="改期", actor=store.first, at=later(1))
    assert store.plan().status == "counting"
    assert not StocktakeLine.objects.filter(stocktake=take, is_open=True).exists()


def test_an_engineer_counts_his_own_van_only_where_the_branch_says_so(store):
    store.fill(store.a, 2, place=store.van)
    own = Actor("employee", store.engineer.pk, "王工", employee_id=store.engineer.pk, branch_id=store.branch.pk,
                reaches=dict.fromkeys(("inventory.view_stock", "inventory.count"), Reach(people=frozenset({store.engineer.pk}))))
    take = store.plan(place=store.van)
    refused("own_count_not_allowed", lambda: store.count(take, own, (store.a, 2)), NotAllowed)
    inventory.set_count_rule(store.branch.pk, is_own_count=True, **NOW)
    store.count(take, own, (store.a, 2))
    assert store.close(take, own).status == "submitted"
    elsewhere = store.plan("parts", parts=[store.a.pk])
    refused("not_found", lambda: store.count(elsewhere, own, (store.a, 2)), Exception)


def test_an_outlet_counts_its_own_store_only_where_the_rule_says_so(store):
    store.fill(store.a, 2, place=store.other)
    own = Actor("employee", 21, "网点", employee_id=21, branch_id=store.branch_2.pk, outlets=frozenset({store.branch_2.pk}),
                reaches=dict.fromkeys(("inventory.view_stock", "inventory.count"), Reach(branches=frozenset({store.branch_2.pk}))))
    take = inventory.plan_stocktake(store.other, scope="whole", **NOW)
    refused("own_count_not_allowed", lambda: store.count(take, own, (store.a, 2)), NotAllowed)
    inventory.set_count_rule(store.branch_2.pk, is_own_count=True, **NOW)
    store.count(take, own, (store.a, 2))
    assert store.close(take, own).status == "submitted"


def test_roles_that_could_adjust_stock_get_the_new_rights(store):
    role = apps.get_model("people.Role")
    for code, rights in (("keeper", ["inventory.adjust", "work.view"]), ("boss", ["inventory.adjust"]), ("clerk", ["inventory.view_stock"])):
        role.objects.update_or_create(code=code, defaults={"name": code, "permissions": rights})
    importlib.import_module("aftercare.domain.inventory.migrations.0007_stocktakes_and_classes").give_rights(apps, None)
    has = {row.code: row.permissions for row in role.objects.filter(code__in=["keeper", "boss", "clerk"])}
    assert "inventory.count" in has["keeper"] and "work.view" in has["keeper"] and "inventory.approve_large_count" not in has["keeper"]
    assert "inventory.approve_large_count" in has["boss"] and has["clerk"] == ["inventory.view_stock"]


@both
def test_the_difference_stands_on_the_day_of_the_count_unless_that_is_closed(store):
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, **NOW)
    day, after = AT.date(), AT + dt.timedelta(days=2)
    for part, closes, booked in ((store.a, False, day), (store.b, True, after.date())):
        take = store.plan("parts", parts=[part.pk])
        store.count(take, store.first, (part, 1))
        take = store.close(take)
        if closes:
            inventory.close_period(closed_to=day, branch_id=None, actor=SYSTEM, at=after)
        take = inventory.approve_stocktake(take, reason="丢失", actor=store.boss, at=after)
        assert (take.counted_on, take.booked_on) == (day, booked)
        assert StockMove.objects.get(source_id=take.pk, source_kind="inventory.stocktake").day == booked


@both
def test_a_settled_stocktake_is_taken_back_by_its_mirror_image(store):
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, **NOW)
    take = store.plan()
    store.count(take, store.first, (store.a, 7), (store.b, 5))
    take = store.approve(store.close(take))
    assert (queries.on_hand(store.a.pk, store.depot.pk), queries.on_hand(store.b.pk, store.depot.pk)) == (7, 5)
    take = inventory.reverse_stocktake(take, reason="盘错", actor=store.boss, at=later(20))
    assert take.status == "reversed"
    assert (queries.on_hand(store.a.pk, store.depot.pk), queries.on_hand(store.b.pk, store.depot.pk)) == (10, 4)


def test_a_count_from_before_the_planning_is_refused_and_so_is_a_submission_with_open_lines(store):
    take = store.plan()
    refused("before_planning", lambda: store.count(take, store.first, (store.a, 1), minutes=-1))
    refused("no_lines", lambda: store.count(take, store.first))
    refused("lines_not_settled", lambda: inventory.submit_stocktake(take, actor=store.first, at=later(1)))
    inventory.record_counts(take, lines=[CountLine(store.a.pk, D(10)), CountLine(store.b.pk, D(4))], actor=store.first, at=later(1))
    inventory.close_round(take, actor=store.first, at=later(2))
    assert inventory.submit_stocktake(take, actor=store.first, at=later(3)).status == "submitted"


@pytest.mark.parametrize("field, value, code", [
    ("recount_percent", D(-1), "bad_percent"), ("a_percent", D(96), "bad_percent"), ("x_variation", D(2), "bad_variation"),
    ("cycle_a_days", 0, "bad_days"), ("dead_days", 10, "bad_days"), ("approve_amount", D("1.234"), "amount_too_fine"),
    ("recount_qty", D(0), "quantity_not_positive"), ("branch", 1, "not_editable"),
])  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(store, field, value, code):
    refused(code, lambda: inventory.set_count_rule(store.branch.pk, **{field: value}, **NOW))
