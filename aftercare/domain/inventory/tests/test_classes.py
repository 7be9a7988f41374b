"""ABC and XYZ against a direct computation; kept by month; cycle counts by class."""

import datetime as dt
import statistics
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries, rules
from aftercare.domain.inventory.actions import CountLine
from aftercare.domain.inventory.actions.classing import months_before
from aftercare.domain.inventory.models import PartClass
from aftercare.domain.inventory.tests.stock import AT, NOW, SYSTEM, Stock, order
from aftercare.foundation.refusals import RuleBroken

values = st.decimals(min_value=-50, max_value=10_000, places=2)
months = st.lists(st.integers(0, 40).map(D), min_size=12, max_size=12)


@given(st.lists(values, max_size=30), st.integers(1, 60), st.integers(61, 100))
def test_abc_is_the_shortest_head_of_the_list_that_covers_its_share(amounts, a, b):
    ranked = rules.rank_by_value([rules.Usage(n, value, ()) for n, value in enumerate(amounts)], D(a), D(b))
    used = sorted((value for value in amounts if value > 0), reverse=True)
    total = sum(used, D(0))
    letters = [ranked[n].letter for n in sorted(ranked, key=lambda n: ranked[n].rank)]
    for letters_in, percent in (("A", a), ("AB", b)):
        head = sum(letter in letters_in for letter in letters)
        assert sum(used[:head], D(0)) * 100 >= percent * total
        assert head == 0 or sum(used[: head - 1], D(0)) * 100 < percent * total
    assert letters == sorted(letters) and letters.count("C") >= len(amounts) - len(used)
    if used:
        assert max(one.share for one in ranked.values()) == 100


@given(months)
def test_the_coefficient_of_variation_is_that_of_the_statistics_module(usage):
    got = rules.variation(usage)
    if not any(usage):
        assert got is None
    else:
        want = statistics.pstdev(usage) / statistics.mean(usage)
        assert abs(got - want) <= D("0.0001")


def test_the_letters_of_variation_end_at_their_limits():
    letters = [rules.letter_of_variation(value, D("0.5"), D(1)) for value in (D(0), D("0.5"), D("0.5001"), D(1), D("1.0001"), None)]
    assert letters == ["X", "X", "Y", "Y", "Z", "Z"]


def test_twelve_months_before_one():
    assert months_before(dt.date(2026, 3, 1)) == [*(dt.date(2025, n, 1) for n in range(3, 13)), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]


@pytest.fixture
def stock(db):
    return Stock()


def use(stock, part, qty, month, number):
    at = dt.datetime(2025 + (month - 1) // 12, (month - 1) % 12 + 1, 10, 4, tzinfo=dt.UTC)
    inventory.consume(source=order(number), lines=[("1", part.pk, D(qty), stock.depot.pk)], actor=SYSTEM, at=at)


@pytest.mark.django_db
@pytest.mark.both
def test_classes_of_a_branch_are_those_of_what_customers_got(stock):
    early = {"actor": SYSTEM, "at": dt.datetime(2025, 1, 5, tzinfo=dt.UTC)}
    for part, qty, cost in ((stock.a, 100, "10"), (stock.b, 500, "1")):
        inventory.receive(stock.depot, lines=[(part.pk, D(qty), D(cost))], **early)
    inventory.receive(stock.depot, lines=[(stock.s.pk, 1, D(5), "S1")], **early)
    number = 100
    for month in range(3, 15):  # March 2025 to February 2026: the year before March 2026
        use(stock, stock.a, 5, month, number := number + 1)
    use(stock, stock.b, 60, 5, number := number + 1)
    use(stock, stock.b, 99, 2, number := number + 1)  # before the twelve months
    inventory.take_back(source=order(101), actor=SYSTEM, at=dt.datetime(2025, 3, 12, tzinfo=dt.UTC))
    inventory.transfer(from_place=stock.depot, to_place=stock.other, lines=[(stock.b.pk, D(100))], **NOW)
    head = inventory.classify(stock.branch.pk, **NOW)
    rows = {row.part.code: row for row in PartClass.objects.filter(classification=head)}
    usage = [D(0)] + [D(5)] * 11
    assert (head.month, head.parts) == (dt.date(2026, 3, 1), 3)
    assert [(c, r.abc, r.xyz, r.usage_qty, r.usage_amount) for c, r in sorted(rows.items())] == [
        ("A", "A", "X", 55, 550), ("B", "B", "Z", 60, 60), ("S", "C", "Z", 0, 0)]
    assert abs(rows["A"].variation - statistics.pstdev(usage) / statistics.mean(usage)) < D("0.0001")
    assert (rows["A"].share_percent, rows["S"].variation, rows["S"].stock_amount) == (D("90.1639"), None, 5)


@pytest.mark.django_db
@pytest.mark.both
def test_a_month_is_classed_anew_in_its_place_and_earlier_months_stay(stock):
    stock.fill(stock.a, 3, "1")
    inventory.classify(stock.branch.pk, **NOW)
    stock.fill(stock.b, 3, "1")
    again = inventory.classify(stock.branch.pk, **NOW)
    assert (again.version, again.parts, len(queries.classes_of(stock.branch.pk))) == (2, 2, 2)
    assert inventory.classify_all(actor=SYSTEM, at=AT) == 1, "the other branch alone has no classes yet"
    assert inventory.classify_all(actor=SYSTEM, at=AT + dt.timedelta(days=31)) == 2
    assert len(queries.class_history(stock.a.pk, SYSTEM)) == 2


@pytest.mark.django_db
def test_a_cycle_counts_what_is_due_by_its_class(stock):
    stock.fill(stock.a, 10, "10")
    stock.fill(stock.b, 10, "0.10")
    use(stock, stock.a, 1, 14, 1)
    use(stock, stock.b, 1, 14, 2)
    inventory.classify(stock.branch.pk, **NOW)
    due = lambda days, abc="": queries.due_parts(stock.depot, today=AT.date() + dt.timedelta(days=days), abc=abc)  # noqa: E731
    assert due(0) == {stock.a.pk: "A", stock.b.pk: "C"} and due(0, "B") == {}
    take = inventory.plan_stocktake(stock.depot, scope="cycle", abc="A", **NOW)
    inventory.record_counts(take, lines=[CountLine(stock.a.pk, D(9))], **NOW)
    inventory.set_count_rule(stock.branch.pk, recount_percent=None, **NOW)
    take = inventory.finish_round(take, **NOW)
    other = type(SYSTEM)("employee", 9, "另一人", reaches=SYSTEM.reaches)
    inventory.approve_stocktake(take, reason="x", actor=other, at=AT)
    assert due(0) == {stock.b.pk: "C"} and due(29) == {stock.b.pk: "C"} and due(30, "A") == {stock.a.pk: "A"}
    with pytest.raises(RuleBroken) as refusal:
        inventory.plan_stocktake(stock.depot, scope="cycle", abc="A", **NOW)
    assert refusal.value.code == "nothing_due"
