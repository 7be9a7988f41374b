"""How many SQL statements each call of the story costs: kept as data, so that a dearer call is seen before it is slow.

Set AFTERCARE_WRITE_STATEMENTS=1 to write the counts anew; the difference is then reviewed like code.
"""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.cores import queries as old_parts
from aftercare.domain.feedback import queries as callbacks
from aftercare.domain.journal import delivering
from aftercare.domain.work import queries as orders
from aftercare.flows import (
    answer_callback,
    audit_order,
    hand_back,
    moves,
    prepare_parts,
    reactions,
    register_request,
    repair_bench,
)
from tests.journeys.test_story import hours
from tests.world import MONDAY

KEPT = Path(__file__).parents[1] / "data" / "statements.json"
LIMIT = 34


@pytest.fixture
def count(world):
    counts: dict[str, int] = {}

    def call(name: str, function):
        with CaptureQueriesContext(connection) as captured:
            result = function()
        counts[name] = len(captured)
        return result

    call.counts = counts
    return call


def _bench(world, count) -> None:
    boss = world.actor("manager")
    given = {"open_anyway": True, "branch_id": world.head.pk, "customer": world.customer.number, "product": "变频空调一号",
             "lines": [{"part": "P-100", "qty": 1}, {"part": "P-200", "qty": 2}], "actor": boss}

    def bare(order):
        return orders.get_order(order.number, boss, joined=False)

    repair_bench.create(serial="WARM-UP", at=MONDAY, **given)
    old_parts.may_be_owed(())  # the rules are read once in a process, like those that the first order reads
    order = count("bench.create", lambda: repair_bench.create(serial="QF-NEW-0002", at=MONDAY, **given)).order
    serial = f"BRAND-NEW-{order.pk}"
    count("bench.create with a new unit", lambda: repair_bench.create(serial=serial, at=MONDAY, **given))
    count("bench.confirm", lambda: repair_bench.confirm(bare(order), engineer=world.people["repairer"], actor=boss, at=hours(1)))
    count("bench.start", lambda: repair_bench.start(bare(order), actor=boss, at=hours(2)))
    count("bench.done", lambda: repair_bench.done(bare(order), findings="换", to_collect=True, actor=boss, at=hours(3)))
    count("hand_over", lambda: hand_back.collect(bare(order), returned_to="张", actor=boss, at=hours(4)))


def _visit(world, count, owed: str) -> None:
    clerk, dispatcher, engineer = world.actor("clerk"), world.actor("dispatcher"), world.actor("engineer")

    def move(name, actor, at, **inputs):
        nonlocal order
        bare = orders.get_order(order.number, actor, joined=False)
        order = count(name, lambda: moves.make(bare, name, actor=actor, at=at, **inputs))

    order = count("register", lambda: register_request.register(
        branch_id=world.head.pk, phone="13800001111", asset=world.old_unit.number, fault="不制冷", open_anyway=True, actor=clerk, at=MONDAY)).order
    joined = count("get_order", lambda: orders.get_order(order.number, dispatcher))
    count("suggest_engineers", lambda: orders.suggest_engineers(joined, at=MONDAY, actor=dispatcher))
    count("list_orders", lambda: list(orders.list_orders(dispatcher).order_by(*orders.ORDER_SORT)[:80]))
    count("pool", lambda: list(orders.pool(dispatcher, at=MONDAY)[:80]))
    count("board", lambda: orders.board(world.head.pk, day=MONDAY.date(), actor=dispatcher))
    count("figures", lambda: orders.figures(dispatcher))
    move("dispatch", dispatcher, hours(0.5), engineer=world.people["engineer"], planned_at=hours(2))
    move("accept", engineer, hours(0.6))
    move("set_out", engineer, hours(1))
    move("arrive", engineer, hours(2), claimed_at=hours(2))
    count("add two parts", lambda: prepare_parts.add(
        orders.get_order(order.number, engineer, joined=False), lines=[{"part": "P-200", "qty": 1}, {"part": "P-100", "qty": 1}],
        actor=engineer, at=hours(2)))
    count("issue", lambda: prepare_parts.issue(orders.get_order(order.number, engineer, joined=False), actor=engineer, at=hours(2)))
    move("complete", engineer, hours(3), findings="换", minutes=60, signed_name="张", signature=b"x",
         collect={"amount": Decimal(owed), "method": "cash"})
    move("inspect", world.actor("inspector"), hours(4))
    move("audit", world.actor("auditor"), hours(5))
    move("settle", world.actor("accountant"), hours(6))
    move("close", world.actor("accountant"), hours(7))
    while (delivery := delivering.claim(worker="count", at=hours(8))).reaction != "schedule_callback":
        reactions.run(delivery.reaction, delivery.fact, at=hours(8))
    count("react: call-back", lambda: reactions.run(delivery.reaction, delivery.fact, at=hours(8)))
    caller = world.actor("caller")
    callback = callbacks.list_callbacks(caller).filter(status="open").get()
    count("answer, dissatisfied", lambda: answer_callback.answer(
        callback, attitude=1, skill=4, punctuality=4, promise=4, actor=caller, at=hours(30)))
    assert audit_order.settle_all(caller, at=hours(30)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="one more statement or less by vendor; counted on one")
def test_statements_of_the_story(world, count):
    # First to make accounts, words and statements; the second is counted. Its parts are in their own warranty by then.
    for owed in ("442.50", "110.00"):
        _bench(world, count)
        _visit(world, count, owed)
    if os.environ.get("AFTERCARE_WRITE_STATEMENTS"):
        KEPT.write_text(json.dumps(count.counts, ensure_ascii=False, indent=1) + "\n", "utf-8")
    kept = json.loads(KEPT.read_text("utf-8"))
    assert {name: n for name, n in count.counts.items() if n > kept.get(name, 0)} == {}, "dearer than before"
    assert set(count.counts) == set(kept)
    assert max(kept.values()) <= LIMIT
