"""Closed periods, stock of a past day, and stock documents with their rules."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks, queries
from aftercare.domain.inventory.models import Period, Snapshot, StockMove
from aftercare.domain.inventory.tests.stock import AT, NOW, SYSTEM, Stock, order
from aftercare.foundation.access import EVERYWHERE, Actor
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def stock(db):
    return Stock()


def on(days: int) -> dict:
    return {"actor": SYSTEM, "at": AT + DAY * days}


def person(pk: int) -> Actor:
    return Actor("employee", pk, f"员工{pk}", reaches={"*": EVERYWHERE})


def lying(stock, day, **narrowed):
    return {(row[0], row[1]): row[4] for row in queries.stock_on(day, actor=SYSTEM, **narrowed)}


def test_a_closed_day_refuses_a_keeper_and_takes_a_late_paper_today(stock):
    inventory.receive(stock.depot, lines=[(stock.a.pk, D(5), D(10))], **on(0))
    inventory.close_period(closed_to=TODAY, branch_id=stock.branch.pk, **on(1))
    with pytest.raises(RuleBroken) as refused:
        inventory.receive(stock.depot, lines=[(stock.a.pk, D(1), D(10))], **on(0))
    assert refused.value.code == "period_closed"
    inventory.receive(stock.other, lines=[(stock.a.pk, D(1), D(10))], **on(0))
    inventory.reserve(source=order(), lines=[stock.line("1", stock.a, 1)], **on(0))
    move, = inventory.consume(source=order(), **on(0))
    assert move.at == AT and StockMove.objects.get(pk=move.pk).day > TODAY
    for closed_to, branch, code in ((TODAY, stock.branch.pk, "closed_already"), (TODAY + DAY * 9, None, "day_not_over")):
        with pytest.raises(RuleBroken) as refused:
            inventory.close_period(closed_to=closed_to, branch_id=branch, **on(3))
        assert refused.value.code == code
    one_branch = Actor("employee", 1, "员工", reaches={"inventory.close_period": type(EVERYWHERE)(branches=frozenset({stock.branch.pk}))})
    with pytest.raises(NotAllowed):
        inventory.close_period(closed_to=TODAY + DAY, branch_id=None, actor=one_branch, at=AT + DAY * 3)
    inventory.close_period(closed_to=TODAY + DAY, branch_id=stock.branch.pk, actor=one_branch, at=AT + DAY * 3)


@pytest.mark.both
def test_a_past_day_is_told_alike_with_and_without_what_was_kept(stock):
    inventory.receive(stock.depot, lines=[(stock.a.pk, D(5), D(10)), (stock.b.pk, D("2.5"), D(1))], **on(0))
    inventory.transfer(from_place=stock.depot, to_place=stock.van, lines=[(stock.a.pk, D(2))], **on(2))
    inventory.transfer(from_place=stock.van, to_place=stock.outside["scrap"], lines=[(stock.a.pk, D(1))], **on(4))
    days = [TODAY + DAY * n for n in range(-1, 6)]
    before = [queries.stock_on(day, actor=SYSTEM) for day in days]
    assert lying(stock, TODAY) == {(stock.depot.pk, stock.a.pk): D(5), (stock.depot.pk, stock.b.pk): D("2.5")}
    assert lying(stock, TODAY + DAY * 3, part_id=stock.a.pk) == {(stock.depot.pk, stock.a.pk): D(3), (stock.van.pk, stock.a.pk): D(2)}
    assert lying(stock, TODAY + DAY * 9, place_ids=[stock.van.pk]) == {(stock.van.pk, stock.a.pk): D(1)}
    for n in (1, 3):
        inventory.close_period(closed_to=TODAY + DAY * n, branch_id=None, **on(5))
    assert inventory.keep_closed_stock(at=AT + DAY * 5) == 0, "whoever had begun to book is waited for"
    assert inventory.keep_closed_stock(at=AT + DAY * 6) == 2
    assert Period.objects.filter(is_kept=True).count() == 2 and Snapshot.objects.count() == 5
    assert [queries.stock_on(day, actor=SYSTEM) for day in days] == before
    assert checks.check_snapshots() == []
    Snapshot.objects.filter(place=stock.van).update(qty=9)
    assert len(checks.check_snapshots()) == 1


def draft(stock, kind="receipt", *, actor=SYSTEM, dated_on=TODAY, **rest):
    places = {"to_place": stock.depot} if kind == "receipt" else {"from_place": stock.depot}
    lines = rest.pop("lines", None) or [{"part_id": stock.a.pk, "qty": D(4), "unit_cost": D("2.5") if kind == "receipt" else None}]
    return inventory.open_document(kind=kind, dated_on=dated_on, lines=lines, actor=actor, at=AT, **{**places, **rest})


def test_a_document_changes_only_before_posting(stock):
    paper = draft(stock)
    assert queries.on_hand(stock.a.pk, stock.depot.pk) == 0
    paper = inventory.rewrite(paper, lines=[{"part_id": stock.a.pk, "qty": D(6), "unit_cost": D(3)}], memo="补单", **NOW)
    paper = inventory.post_document(paper, **NOW)
    assert (paper.status, paper.value_amount, paper.booked_on) == ("posted", D("18.00"), TODAY)
    assert queries.on_hand(stock.a.pk, stock.depot.pk) == 6
    for verb in (lambda: inventory.rewrite(paper, memo="x", **NOW), lambda: inventory.post_document(paper, **NOW),
                 lambda: inventory.cancel_document(paper, reason="x", **NOW)):
        with pytest.raises(WrongState):
            verb()
    inventory.reverse_document(paper, reason="重复", **NOW)
    assert queries.on_hand(stock.a.pk, stock.depot.pk) == 0
    with pytest.raises(NotAllowed):
        draft(stock, actor=Actor("employee", 3, "无权", reaches={}))
    assert inventory.cancel_document(draft(stock), reason="不要了", **NOW).status == "cancelled"


def test_each_kind_books_what_it_says(stock):
    one = inventory.create_place(code="A-1", name="A-1", kind="bin", branch_id=None, parent=stock.depot, **NOW)
    inventory.post_document(draft(stock, lines=[
        {"part_id": stock.a.pk, "qty": D(9), "unit_cost": D(2), "bin_id": one.pk, "lot": "L1", "expires_on": dt.date(2027, 1, 1)},
    ]), **NOW)
    four = [{"part_id": stock.a.pk, "qty": D(2)}]
    inventory.post_document(draft(stock, "issue", to_place=stock.van, lines=four), **NOW)
    inventory.post_document(draft(stock, "transfer", to_place=stock.other, lines=four), **NOW)
    inventory.post_document(draft(stock, "state", to_condition="defective", lines=[
        {"part_id": stock.a.pk, "qty": D(2), "lot": "L1", "bin_id": one.pk}]), **NOW)
    inventory.post_document(draft(stock, "scrap", from_condition="defective", lines=[
        {"part_id": stock.a.pk, "qty": D(1), "lot": "L1", "bin_id": one.pk}]), **NOW)
    where = {(row.place.code, row.condition): row.on_hand_qty for row in queries.balances(SYSTEM)}
    assert where == {("A-1", "good"): D(3), ("A-1", "defective"): D(1), (stock.van.code, "good"): D(2), (stock.other.code, "good"): D(2)}
    assert checks.check_balances() + checks.check_costs() == []
    for kind, rest, code in (("transfer", {"to_place": stock.depot}, "same_place"), ("issue", {}, "bad_places"),
                             ("state", {}, "same_condition"), ("gift", {}, "no_such_kind"), ("scrap", {"lines": []}, None)):
        with pytest.raises(RuleBroken) as refused:
            draft(stock, kind, **({"lines": four} | rest) if code else {"lines": iter(())})
        assert refused.value.code == (code or "no_lines")


def test_two_people_above_the_branchs_value_and_the_day_a_paper_stands_on(stock):
    inventory.set_rule(stock.branch.pk, two_person_amount=D("9.99"), back_days=2, **NOW)
    writer, second = person(1), person(2)
    paper = draft(stock, actor=writer)
    with pytest.raises(RuleBroken) as refused:
        inventory.post_document(paper, actor=writer, at=AT)
    assert refused.value.code == "second_person_needed"
    assert inventory.post_document(paper, actor=second, at=AT).posted_by_name == "员工2"
    small = draft(stock, actor=writer, lines=[{"part_id": stock.a.pk, "qty": D(1), "unit_cost": D("9.99")}])
    assert inventory.post_document(small, actor=writer, at=AT).status == "posted"
    for back, booked in ((2, 2), (3, 0)):
        paper = inventory.post_document(draft(stock, dated_on=TODAY - DAY * back), actor=second, at=AT)
        assert (paper.dated_on, paper.booked_on) == (TODAY - DAY * back, TODAY - DAY * booked)
    inventory.close_period(closed_to=TODAY - DAY, branch_id=stock.branch.pk, **NOW)
    paper = inventory.post_document(draft(stock, dated_on=TODAY - DAY), actor=second, at=AT)
    assert (paper.dated_on, paper.booked_on) == (TODAY - DAY, TODAY)
    with pytest.raises(RuleBroken):
        draft(stock, dated_on=TODAY + DAY)
