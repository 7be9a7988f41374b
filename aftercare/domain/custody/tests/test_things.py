"""Loaners, tools, papers: who has them, never two at once, what calibration forbids, how they come back."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from aftercare.domain.custody import actions, checks, queries, rules
from aftercare.domain.custody.lifecycle import CUSTODY, HOLDING, LOANER, PAPER, TOOL
from aftercare.domain.custody.models import Holding, Keeping
from aftercare.domain.custody.tests.conftest import AT
from aftercare.domain.custody.tests.test_ladder import refused
from aftercare.domain.work.tests import company as companies
from aftercare.foundation.refusals import NotAllowed, NotFound

D = dt.date


@pytest.fixture
def by(boss):
    return {"actor": boss, "at": AT}


def test_a_loaner_goes_out_comes_back_and_is_looked_at(company, things, by):
    loan = actions.lend_loaner(things.loaner, customer=company.customer, **by)
    assert (loan.kind_of, loan.status, loan.due_on, loan.deposit_amount) == ("loaner", "out", D(2026, 3, 17), Decimal(300))
    assert loan.number.startswith("JY260302") and loan.accessories == ["电源线", "遥控器"] and loan.holder == "张三丰"
    assert queries.get_loaner(things.loaner.number, by["actor"]).holding == loan
    refused("wrong_kind", actions.take_back, loan, **by)
    back = actions.bring_back(loan, in_state="有划痕", missing=["遥控器"], **by)
    assert queries.get_loaner(things.loaner.number, by["actor"]).status == "checking"
    refused("damage_missing", actions.inspect, back, compensation_amount=Decimal(50), **by)
    done = actions.inspect(back, damage="外壳裂", compensation_amount=Decimal(50), is_fit=False, **by)
    unit = queries.get_loaner(things.loaner.number, by["actor"])
    assert (done.status, done.missing, unit.status, unit.state, unit.holding) == ("returned", ["遥控器"], "suspended", "有划痕", None)
    assert actions.restore_loaner(unit, reason="修好", **by).status == "available"


def test_what_somebody_has_nobody_gets_and_his_name_is_told(company, things, by):
    actions.lend_loaner(things.loaner, customer=company.customer, **by)
    unit = queries.get_loaner(things.loaner.number, by["actor"])
    with pytest.raises(Exception) as told:
        actions.lend_loaner(unit, customer=company.customer, **by)
    assert told.value.code == "already_out" and "张三丰" in str(told.value)
    # Whoever looked before it went is told by its state.
    refused("wrong_state", actions.lend_loaner, things.loaner, customer=company.customer, **by)


@pytest.mark.both
def test_the_database_itself_gives_a_thing_once(company, things, by):
    loan = actions.lend_loaner(things.loaner, customer=company.customer, **by)
    tool = actions.issue_tool(things.drill, employee=company.wang, **by)
    for row in (loan, tool):
        row.pk, row.number = None, f"X{row.pk}"
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    wrong = Holding(number="Y", kind_of="tool", branch=company.branch, tool=things.meter, item="x", customer=company.customer, out_at=AT,
                    out_by="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save(force_insert=True)


def test_an_own_loaner_is_not_received_as_a_customers(company, boss, by):
    unit = actions.create_loaner(product=company.product, serial="sn-778899", branch_id=company.branch.pk, **by)
    actions.lend_loaner(unit, customer=company.customer, **by)
    refused("own_loaner", actions.receive, customer=company.customer, item="空调", branch_id=company.branch.pk, asset=company.asset, **by)
    refused("already_exists", actions.create_loaner, product=company.product, serial="SN-778899", branch_id=company.branch.pk, **by)


def test_what_lies_with_us_for_its_owner_is_not_lent(company, boss, by):
    unit = actions.create_loaner(product=company.product, serial="sn-778899", branch_id=company.branch.pk, **by)
    held = actions.receive(customer=company.customer, item="空调", branch_id=company.branch.pk, asset=company.asset, **by)
    refused("already_held", actions.lend_loaner, unit, customer=company.customer, **by)
    actions.hand_back(held, reason="核对身份证", **by)
    assert actions.lend_loaner(unit, customer=company.customer, **by).status == "out"


@pytest.mark.both
def test_the_one_ledger_itself_allows_one_open_row_of_a_unit(company, boss, by):
    held = actions.receive(customer=company.customer, item="空调", branch_id=company.branch.pk, asset=company.asset, **by)
    row = Keeping.objects.get(custody=held)
    assert (row.until, row.kind_of, row.customer_id) == (None, "goods", company.customer.pk)
    row.pk, row.number = None, "X1"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Keeping(item="x", kind_of="goods", name="x", branch=company.branch, number="X2", since=AT).save()
    assert checks.check_keepings() == []
    actions.void_receipt(held, reason="误开", **by)
    assert checks.check_keepings() == [] and Keeping.objects.get(custody=held).until == AT
    Keeping.objects.filter(custody=held).update(until=None)
    assert [text.split()[0] for text in checks.check_keepings()] == [held.number]


def test_every_way_out_and_back_is_a_row_of_the_ledger(company, things, by):
    loan = actions.lend_loaner(things.loaner, customer=company.customer, **by)
    actions.edit_loaner(queries.get_loaner(things.loaner.number, by["actor"]), version=2, serial="BY-009", **by)
    tool = actions.issue_tool(things.drill, employee=company.wang, **by)
    passed = actions.hand_over(tool, employee=company.zhao, **by).passed_to
    paper = actions.lend_paper(things.drawing, employee=company.wang, **by)
    assert {row.number for row in queries.list_keepings(by["actor"], is_open=True)} == {loan.number, passed.number, paper.number}
    assert queries.list_keepings(by["actor"], text="电锤").count() == 2 and checks.check_keepings() == []
    assert queries.list_keepings(by["actor"], number=loan.number).get().item.endswith(":BY-009")
    actions.lose(paper, reason="遗失", **by)
    actions.inspect(actions.bring_back(loan, **by), **by)
    assert [row.number for row in queries.list_keepings(by["actor"], is_open=True)] == [passed.number]
    assert checks.check_keepings() == []


@pytest.mark.parametrize(("fixed", "value", "deposit"), [(None, "1000", "300"), (None, "333.33", "100"), (None, "10", "20"), ("0", "999", "0")])
def test_the_deposit_is_its_own_or_by_the_rule(fixed, value, deposit):
    rule = rules.Rule(deposit_percent=30, least_deposit_amount=Decimal(20))
    assert rules.calculate_deposit(rule, Decimal(value), None if fixed is None else Decimal(fixed)) == Decimal(deposit)


@pytest.mark.parametrize(("months", "to", "state"), [
    (None, None, "none"), (12, None, "missing"), (12, D(2026, 3, 1), "expired"), (12, D(2026, 3, 2), "soon"),
    (12, D(2026, 4, 1), "soon"), (12, D(2026, 4, 2), "good"),
])
def test_a_calibration_holds_to_its_last_day_and_warns_before(months, to, state):
    assert rules.calibration_state(months, to, D(2026, 3, 2), 30) == state


def test_an_expired_or_missing_calibration_stops_the_issue(company, things, by):
    late = AT + dt.timedelta(days=100)
    refused("calibration_expired", actions.issue_tool, things.meter, employee=company.wang, actor=by["actor"], at=late)
    new = actions.create_tool(name="钳形表", branch_id=company.branch.pk, calibration_months=6, **by)
    refused("calibration_missing", actions.issue_tool, new, employee=company.wang, **by)
    refused("day_to_come", actions.calibrate, new, done_on=D(2026, 3, 3), **by)
    new = actions.calibrate(new, done_on=D(2025, 8, 31), certificate="C-1", **by)
    assert new.calibrated_to == D(2026, 2, 27)
    new = actions.calibrate(new, done_on=D(2026, 3, 2), done_by="市计量院", certificate="C-2", **by)
    assert new.calibrated_to == D(2026, 9, 1) and actions.issue_tool(new, employee=company.wang, **by).status == "out"
    # Found to be wrong: it holds no more, and an older certificate does not bring it back.
    new = actions.calibrate(new, done_on=D(2026, 3, 2), is_fit=False, **by)
    new = actions.calibrate(new, done_on=D(2026, 1, 2), **by)
    assert queries.calibration_of(new, D(2026, 3, 2)) == "expired"
    assert [row.certificate for row in queries.calibrations_of(new)] == ["", "", "C-2", "C-1"]
    refused("valid_to_missing", actions.calibrate, things.drill, done_on=D(2026, 3, 1), **by)


def test_a_tool_is_signed_for_passed_on_and_comes_back(company, things, by):
    row = actions.issue_tool(things.drill, employee=company.wang, signed_name="王工", signature=b"\x89PNG", **by)
    assert row.acknowledged_at == AT and queries.signed_ways(row) == {"out"}
    refused("same_holder", actions.hand_over, row, employee=company.wang, **by)
    passed = actions.hand_over(row, employee=company.zhao, **by)
    assert passed.status == "returned" and passed.passed_to.holder == "赵工"
    assert [one.holder for one in queries.holdings_of(queries.get_tool(things.drill.number, by["actor"]))] == ["赵工", "王工"]
    his = companies.employee_actor(company.zhao, "custody.view_things", "custody.hold", own=True)
    mine, = queries.list_mine(his)
    refused("not_the_holder", actions.acknowledge, mine, **by)
    assert actions.acknowledge(mine, actor=his, at=AT).signed_name == "赵工"
    refused("acknowledged_already", actions.acknowledge, mine, actor=his, at=AT)
    done = actions.take_back(queries.get_holding(mine.number, by["actor"]), damage="钻头断", compensation_amount=Decimal(80), signed_name="赵工",
                             signature=b"\x89PNG", **by)
    assert queries.signed_ways(done) == {"back"} and queries.get_tool(things.drill.number, by["actor"]).status == "in_store"


def test_others_do_not_see_what_one_has(company, things, by):
    row = actions.issue_tool(things.drill, employee=company.wang, **by)
    other = companies.employee_actor(company.zhao, "custody.view_things", own=True)
    with pytest.raises(NotFound):
        queries.get_holding(row.number, other)
    with pytest.raises(NotAllowed):
        actions.take_back(row, actor=companies.employee_actor(company.zhao, "custody.view_things"), at=AT)


def test_a_paper_is_lent_extended_reminded_of_and_lost(company, things, by):
    row = actions.lend_paper(things.drawing, employee=company.wang, **by)
    assert row.due_on == D(2026, 3, 9) and row.item == "DWG-7 空调一号电路图"
    refused("not_later", actions.extend, row, due_on=D(2026, 3, 9), **by)
    refused("not_late", actions.remind_return, row, **by)
    row = actions.extend(row, due_on=D(2026, 3, 12), **by)
    late = {"actor": by["actor"], "at": AT + dt.timedelta(days=11)}
    row = actions.remind_return(row, **late)
    refused("reminded_already", actions.remind_return, row, **late)
    row = actions.remind_return(row, channel="phone", **late)
    assert (row.reminders, row.reminded_on) == (2, D(2026, 3, 13))
    assert [one.pk for one in queries.list_late_due(AT + dt.timedelta(days=14))] == [row.pk]
    refused("reason_missing", actions.lose, row, reason=" ", **by)
    assert actions.lose(row, reason="搬家时遗失", compensation_amount=Decimal(30), **by).status == "lost"
    paper = queries.get_paper("DWG-7", by["actor"])
    assert actions.withdraw_paper(actions.find_paper(paper, reason="找到", **by), reason="改版", **by).status == "withdrawn"
    refused("already_exists", actions.create_paper, number="DWG-7", title="x", branch_id=company.branch.pk, **by)


@pytest.mark.parametrize(("due", "last", "today", "is_due"), [
    (D(2026, 3, 9), None, D(2026, 3, 9), False), (D(2026, 3, 9), None, D(2026, 3, 10), True), (None, None, D(2026, 3, 10), False),
    (D(2026, 3, 9), D(2026, 3, 10), D(2026, 3, 12), False), (D(2026, 3, 9), D(2026, 3, 10), D(2026, 3, 13), True),
    (D(2026, 3, 12), D(2026, 3, 11), D(2026, 3, 13), True),
])
def test_a_late_thing_is_reminded_of_every_few_days(due, last, today, is_due):
    assert rules.is_reminder_due(due, last, today, 3) is is_due


def test_plain_moves_of_the_registers(company, things, by):
    meter = actions.come_back(actions.send_away(things.meter, reason="年检", **by), **by)
    lost = actions.lose(actions.issue_tool(meter, employee=company.wang, **by), reason="掉江里", **by)
    meter = actions.find_tool(queries.get_tool(meter.number, by["actor"]), reason="捞起", **by)
    assert lost.status == "lost" and actions.scrap(meter, reason="进水", **by).status == "scrapped"
    unit = actions.suspend_loaner(things.loaner, reason="坏了", **by)
    assert actions.retire_loaner(unit, reason="报废", **by).status == "retired"
    gone = actions.lose(actions.lend_loaner(actions.create_loaner(product=company.product, serial="BY-001", branch_id=company.branch.pk, **by),
                                            customer=company.customer, **by), reason="客户称被盗", **by)
    assert queries.get_loaner(gone.loaner_id, by["actor"]).status == "lost"
    for run, thing, fields in ((actions.edit_tool, things.drill, {"place": "柜 3"}), (actions.edit_paper, things.drawing, {"edition": "B"})):
        assert run(thing, version=thing.version, **fields, **by)
    refused("name_missing", actions.edit_tool, things.drill, version=2, name=" ", **by)
    type(company.zhao).objects.filter(pk=company.zhao.pk).update(is_active=False)
    refused("holder_left", actions.issue_tool, things.drill, employee=company.zhao, **by)  # read before he left


def test_lists_tell_who_has_what_in_one_statement(company, things, by, django_assert_num_queries):
    boss = by["actor"]
    actions.lend_loaner(things.loaner, customer=company.customer, **by)
    actions.issue_tool(things.drill, employee=company.wang, **by)
    actions.lend_paper(things.drawing, employee=company.wang, **by)
    for rows in (queries.list_loaners(boss, text="空调"), queries.list_tools(boss, status="issued"), queries.list_papers(boss, text="DWG")):
        with django_assert_num_queries(1):
            assert [(row.holding.holder, row.branch.name) for row in rows]
    with django_assert_num_queries(1):
        assert len({(row.holder, row.item, row.kind_of) for row in queries.list_holdings(boss)}) == 3
    with django_assert_num_queries(1):
        assert len(queries.list_in_hands(company.wang.pk)) == 2


def test_free_ones_are_offered_by_likeness(company, things, by):
    assert queries.list_free_loaners(by["actor"], product=company.product) == [things.loaner]
    actions.lend_loaner(things.loaner, customer=company.customer, **by)
    assert queries.list_free_loaners(by["actor"]) == []


def test_the_check_finds_registers_that_differ_from_the_ledger(company, things, by):
    loan = actions.lend_loaner(things.loaner, customer=company.customer, **by)
    actions.take_back(actions.issue_tool(things.drill, employee=company.wang, **by), **by)
    assert checks.check_holdings() == checks.check_ladder() == []
    type(things.drill).objects.filter(pk=things.drill.pk).update(status="issued")
    type(things.loaner).objects.filter(pk=things.loaner.pk).update(holding=None)
    assert [line.split(" ", 2)[2] for line in checks.check_holdings()] == [
        f"points to row None and not to its open row {loan.pk}", "is issued, and its open row is None"]


def test_the_readme_tells_the_tables():
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for name, lifecycle in (("Loaner", LOANER), ("Tool", TOOL), ("Paper", PAPER)):
        head, _line, moves = re.search(rf"^\| {name} \| `.*\n.*\n.*$", text, re.M)[0].split("\n")
        states = re.findall(r"`(\w+)`", head)
        told = {state: set(re.findall(r"`(\w+)`", cell)) for state, cell in zip(states, moves.split("|")[2:], strict=False)}
        assert told == {s: {m.name for m in lifecycle.moves.values() if s in m.sources} for s in lifecycle.states.values}
    for lifecycle, state in ((CUSTODY, "held"), (HOLDING, "out"), (HOLDING, "checking")):
        row = re.search(rf"^\| `{state}` \| (\S+) \| (.+) \|$", text, re.M)
        assert row[1] == str(lifecycle.states(state).label)
        assert set(re.findall(r"`(\w+)`", row[2])) == {m.name for m in lifecycle.moves.values() if state in m.sources}


def test_a_branch_that_wants_to_know_earlier_is_told_earlier(company, things, by):
    """The instrument's calibration holds until 1 June; the company is told 30 days before, this branch 60."""
    def due(day):
        return queries.count_due_for_calibration(by["actor"], day)

    assert (due(D(2026, 5, 1)), due(D(2026, 5, 2))) == (0, 1)
    actions.set_rule(branch_id=None, calibration_days=10, **by)
    assert (due(D(2026, 5, 21)), due(D(2026, 5, 22))) == (0, 1)
    actions.set_rule(branch_id=company.branch.pk, calibration_days=60, **by)
    assert (due(D(2026, 4, 1)), due(D(2026, 4, 2))) == (0, 1)
    assert queries.calibration_of(things.meter, D(2026, 4, 2)) == "soon"
