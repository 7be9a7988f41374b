"""Old parts: a replacement owes one, doing it again changes what is owed, and the month feels what does not come back."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.cores import actions as cores
from aftercare.domain.cores import checks as core_checks
from aftercare.domain.cores import queries as old_parts
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.journal import queries as journal
from aftercare.domain.settlement import actions as settlement
from aftercare.domain.settlement import queries as months
from aftercare.domain.work import queries as orders
from aftercare.flows import moves, prepare_parts, reactions, register_request, swap_component
from aftercare.flows import old_parts as flow
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source
from aftercare.jobs import day_end
from tests.world import MONDAY, SYSTEM

NOON = MONDAY + dt.timedelta(hours=3)
GIVEN = {"actor": SYSTEM, "at": MONDAY}


@pytest.fixture
def rule(world):
    part = catalog.edit_part(world.compressor, version=world.compressor.version, is_returnable=True, actor=SYSTEM, at=MONDAY)
    return cores.create_rule(part_id=part.pk, valid_from=dt.date(2026, 1, 1), days=5, charge_amount=Decimal("60.00"), blocking="block", **GIVEN)


@pytest.fixture
def working(world, rule):
    """An order on which the engineer works, the unit in warranty, with two compressors promised."""
    done = register_request.register(branch_id=world.head.pk, customer=world.customer, asset=world.new_unit, fault="不制冷",
                                     region_code="310101", actor=world.actor("clerk"), at=MONDAY)
    order = moves.make(done.order, "dispatch", engineer=world.people["engineer"].number, actor=world.actor("dispatcher"), at=MONDAY)
    order = moves.make(order, "accept", actor=world.actor("engineer"), at=MONDAY)
    order = moves.make(order, "arrive", actor=world.actor("engineer"), at=NOON)
    prepare_parts.add(order, lines=[{"part": world.compressor.code, "qty": 2}], actor=world.actor("engineer"), at=NOON)
    return order


def finish(world, order, at=NOON, **more):
    return moves.make(order, "complete", findings="换压缩机", minutes=60, actor=world.actor("engineer"), at=at, **more)


def owed(order):
    return [(core.status, core.qty, core.line) for core in old_parts.of_source(Source.of(order), SYSTEM)]


def check():
    assert core_checks.check_debts() + core_checks.check_stock() + core_checks.check_charges() == []


def test_what_is_replaced_is_owed_by_the_engineer_from_that_moment(world, working):
    assert owed(working) == []
    order = finish(world, working)
    (core,) = old_parts.of_source(Source.of(order), world.actor("engineer"))
    assert (core.status, core.qty, core.employee_id, core.outlet_id) == ("owed", 2, world.people["engineer"].pk, None)
    assert core.due_on == dt.date(2026, 3, 7)
    assert "cores.corereturn.owe" in [fact.verb for fact in journal.timeline("work.workorder", order.pk)]
    check()


def test_done_again_with_less_owes_less(world, working):
    order = finish(world, working)
    order = moves.make(order, "send_back", reason="复查", actor=world.actor("inspector"), at=NOON)
    order = moves.make(order, "restart", actor=world.actor("engineer"), at=NOON)
    line, = orders.read_materials(order)
    order = finish(world, order, used={line.pk: 1})
    assert owed(order) == [("owed", 1, f"m{line.pk}")]
    check()


def test_a_use_taken_back_in_the_stock_ledger_cancels_the_debt(world, working):
    order = finish(world, working)
    used = [move for move in stock.moves_of(Source.of(order)) if move.to_place.kind_of == "customer"]
    inventory.reverse(used, reason="录错", actor=world.actor("manager"), at=NOON)
    fact = next(f for f in journal.timeline("inventory.place", used[0].from_place_id) if f.name == "MovesReversed")
    for _twice in range(2):
        reactions.run("follow_reversed_use", fact, at=NOON)
    assert [row[0] for row in owed(order)] == ["cancelled"]
    check()


def test_what_the_customer_pays_for_stays_his(world, rule):
    done = register_request.register(branch_id=world.head.pk, customer=world.customer, asset=world.old_unit, fault="不制冷",
                                     region_code="310101", actor=world.actor("clerk"), at=MONDAY)
    order = moves.make(done.order, "dispatch", engineer=world.people["engineer"].number, actor=world.actor("dispatcher"), at=MONDAY)
    for name in ("accept", "arrive"):
        order = moves.make(order, name, actor=world.actor("engineer"), at=NOON)
    prepare_parts.add(order, lines=[{"part": world.compressor.code, "qty": 1}], actor=world.actor("engineer"), at=NOON)
    order = finish(world, order)
    assert owed(order) == []


def test_a_part_that_nobody_asks_for_costs_no_statement(world, working, django_assert_num_queries):
    line = SimpleNamespace(part=world.capacitor, used_qty=1)
    flow.follow(working, [line], **GIVEN)
    with django_assert_num_queries(1):  # the mark of what is kept in memory
        flow.follow(working, [line], **GIVEN)


def test_a_swap_tells_the_old_serial_or_that_the_customer_keeps_it(world, working):
    order = finish(world, working)
    line, = orders.read_materials(order)
    type(line).objects.filter(pk=line.pk).update(new_serial="C-NEW-1")
    engineer = world.actor("engineer")
    swap = swap_component.swap(order, new_serial="C-NEW-1", old_serial="C-OLD-1", product="压缩机", actor=engineer, at=NOON)
    core, = old_parts.of_source(Source.of(order), SYSTEM)
    assert core.serial == "C-OLD-1"
    swap_component.undo(order, swap_id=swap.pk, reason="号抄错", actor=engineer, at=NOON)
    swap_component.swap(order, new_serial="C-NEW-1", old_serial="C-OLD-2", product="压缩机", is_old_kept=True, actor=engineer, at=NOON)
    assert [row[0] for row in owed(order)] == ["cancelled"]


def test_the_morning_reminds_and_charges_once_and_the_month_waits_for_the_part(world, working):
    order = finish(world, working)
    late = MONDAY + dt.timedelta(days=40)
    for _twice in range(2):
        assert day_end.run_old_parts(late) == ""
    (core,) = old_parts.of_source(Source.of(order), SYSTEM)
    assert (core.charged_amount, core.reminders) == (Decimal("120.00"), 1)
    engineer, accountant = world.people["engineer"], world.actor("accountant")
    statement = settlement.open_statement(engineer.pk, dt.date(2026, 3, 1), actor=accountant, at=late)
    with pytest.raises(RuleBroken) as met:
        flow.lock_statement(statement, actor=accountant, at=late)
    assert met.value.code == "cores_overdue" and met.value.params["tags"] == [core.number]
    core = cores.receive(core, actor=world.actor("keeper"), at=late)
    assert core.charged_amount == 0 and flow.lock_statement(statement, actor=accountant, at=late).status == "locked"
    april = months.find_statement(engineer.pk, dt.date(2026, 4, 1), SYSTEM)
    assert sum(line.amount for line in months.list_lines(april)) == 0
    check()


def test_a_month_is_locked_with_a_warning_where_the_rule_only_warns(world, rule, working):
    cores.edit_rule(rule, version=rule.version, blocking="warn", **GIVEN)
    finish(world, working)
    late = MONDAY + dt.timedelta(days=40)
    statement = settlement.open_statement(world.people["engineer"].pk, dt.date(2026, 3, 1), actor=world.actor("accountant"), at=late)
    statement = flow.lock_statement(statement, actor=world.actor("accountant"), at=late)
    verbs = [fact.verb for fact in journal.timeline("settlement.statement", statement.pk)]
    assert statement.status == "locked" and "settlement.statement.cores_overdue" in verbs
