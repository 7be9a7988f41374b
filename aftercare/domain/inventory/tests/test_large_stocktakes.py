"""A stocktake of thousands of lines is booked and taken back whole; no statement holds more than databases take."""

from decimal import Decimal as D

import pytest
from django.apps import apps
from django.db import connection

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import checks, queries
from aftercare.domain.inventory.actions import CountLine, locking
from aftercare.domain.inventory.models import Balance, StockMove
from aftercare.domain.inventory.tests.stock import NOW
from aftercare.domain.inventory.tests.test_stocktakes import Store, later
from aftercare.foundation import append_only
from aftercare.foundation.refusals import RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.both]
LINES, VALUES = 60, 200


@pytest.fixture
def few(monkeypatch):
    """As if there were very many lines: a statement may hold few values. Gives the most that one held."""
    monkeypatch.setattr(append_only, "VALUES", VALUES)
    monkeypatch.setattr(locking, "MOST", 7)
    held = [0]

    def count(execute, sql, params, many, context):
        table = any(name in sql for name in ("inventory_stockmove", "inventory_balance", "inventory_cost"))
        if table and params and "VALUES" in sql:
            held[0] = max(held[0], len(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield held


def settled(store, lines):
    """A stocktake in which every part lacks one piece, and every third has one too many."""
    part = apps.get_model("catalog.Part")
    parts = part.objects.bulk_create([part(code=f"L{n:05}", name=f"大盘{n}") for n in range(lines)])
    for begin in range(0, lines, 500):
        inventory.receive(store.depot, lines=[(one.pk, D(5), D("1.5"), "") for one in parts[begin : begin + 500]], **store.given)
    inventory.set_count_rule(store.branch.pk, recount_percent=None, recount_amount=None, **store.given)
    take = inventory.plan_stocktake(store.depot, scope="whole", actor=store.first, at=store.given["at"])
    counts = [CountLine(one.pk, D(6 if n % 3 == 0 else 4)) for n, one in enumerate(parts)]
    counts += [CountLine(store.a.pk, D(10)), CountLine(store.b.pk, D(4))]
    for begin in range(0, len(counts), 500):
        inventory.record_counts(take, lines=counts[begin : begin + 500], actor=store.first, at=later(1))
    return store.approve(store.close(take)), parts


@pytest.fixture
def store(db):
    made = Store()
    made.given = NOW
    return made


def on_hand(store):
    return set(Balance.objects.filter(place=store.depot, part__code__startswith="L").values_list("on_hand_qty", flat=True))


def test_many_differences_are_booked_and_taken_back(store, few):
    take, _parts = settled(store, LINES)
    assert on_hand(store) == {D(6), D(4)}
    take = inventory.reverse_stocktake(take, reason="盘错", actor=store.boss, at=later(20))
    assert take.status == "reversed" and on_hand(store) == {D(5)}
    moves = StockMove.objects.filter(source_kind="inventory.stocktake", source_id=take.pk)
    assert (moves.filter(reverses=None).count(), moves.exclude(reverses=None).count()) == (LINES, LINES)
    assert checks.check_balances() + checks.check_costs() == []
    assert 0 < few[0] <= VALUES


def test_what_was_found_and_is_gone_refuses_the_whole(store, few):
    take, parts = settled(store, LINES)
    gone = parts[-3]  # the last portion: it stood one above the books
    inventory.count(store.depot, lines=[(gone.pk, D(0))], reason="丢失", **store.given)
    with pytest.raises(RuleBroken) as met:
        inventory.reverse_stocktake(take, reason="盘错", actor=store.boss, at=later(20))
    assert met.value.code == "short_stock" and len(met.value.params["lines"]) == 1
    take.refresh_from_db()
    assert take.status == "settled" and queries.on_hand(parts[0].pk, store.depot.pk) == 6
