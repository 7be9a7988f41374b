"""Loaners with their deposits, tools with their compensation, unclaimed things day by day."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.billing import queries as bills
from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as things
from aftercare.domain.ledger import checks as ledger_checks
from aftercare.domain.ledger.models import Balance
from aftercare.domain.settlement import queries as settlement
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.domain.work.tests import company as companies
from aftercare.flows import (
    cancel_order,
    custody_day,
    finish_visit,
    hand_back,
    keep_things,
    lend_loaner,
    register_request,
)
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, RuleBroken
from aftercare.foundation.sources import Source

AT = companies.AT
SYSTEM = Actor.system("tests")


def later(days):
    return AT + dt.timedelta(days=days)


@pytest.fixture
def loaner(company, boss):
    return custody.create_loaner(product=company.product, serial="BY-1", branch_id=company.branch.pk, value_amount=D(1000), actor=boss, at=AT)


@pytest.fixture
def bench(company, boss):
    """A repair at the counter, with its receipt."""
    return register_request.register(
        branch_id=company.branch.pk, customer=company.customer, asset=company.asset, fault="不制冷", mode="bench",
        intake={"item": "空调", "appearance": [], "accessories": [], "place": "A-1"}, actor=boss, at=AT)



@pytest.fixture
def cash(company):
    def look(account="cash_desk"):
        return Balance.objects.filter(account__code=account).values_list("amount", flat=True).first() or D(0)

    return look


def test_the_deposit_comes_and_goes_back_whole(company, boss, loaner, bench, cash):
    loan = lend_loaner.lend(loaner, customer=company.customer, document=bench.custody, actor=boss, at=AT)
    assert loan.source_number == bench.order.number and loan.deposit_amount == D(300) and cash() == D(300)
    assert cash("receivable") == D(-300)
    loan = custody.bring_back(loan, actor=boss, at=later(3))
    lend_loaner.settle(loan, in_state="完好", actor=boss, at=later(3))
    assert cash() == 0 and cash("receivable") == 0
    assert bills.find_bill(Source.of(loan)).status == "final"
    assert not ledger_checks.check_entries() + ledger_checks.check_balances()


@pytest.mark.parametrize(("damage", "kept", "owed"), [("120", "120", "0"), ("450", "300", "150")])
def test_damage_comes_off_the_deposit_and_the_rest_is_billed(company, boss, loaner, cash, damage, kept, owed):
    loan = lend_loaner.lend(loaner, customer=company.customer, method="wechat", actor=boss, at=AT)
    loan = custody.bring_back(loan, actor=boss, at=AT)
    lend_loaner.settle(loan, damage="屏碎", compensation_amount=D(damage), actor=boss, at=AT)
    bill = bills.find_bill(Source.of(loan))
    assert (cash("bank"), bill.open_amount, bill.due_amount) == (D(kept), D(owed), D(damage))
    assert cash("revenue_other") == -D(damage)


def test_a_lost_one_is_paid_for_at_once(company, boss, loaner, cash):
    loan = lend_loaner.lend(loaner, customer=company.customer, deposit_amount=D(0), actor=boss, at=AT)
    assert bills.find_bill(Source.of(loan)) is None
    with pytest.raises(RuleBroken) as told:
        lend_loaner.lose(loan, reason="丢失", compensation_amount=D(900), amount=D(901), actor=boss, at=AT)
    assert told.value.code == "more_than_due" and things.get_loaner(loaner.number, boss).status == "lent"
    lend_loaner.lose(loan, reason="丢失", compensation_amount=D(900), amount=D(900), actor=boss, at=AT)
    assert cash() == D(900) and bills.find_bill(Source.of(loan)).open_amount == 0


def test_nothing_goes_back_unseen_while_a_loaner_is_out(company, boss, loaner, bench):
    order = work.take(bench.order, engineer=company.wang, actor=boss, at=AT)
    order = finish_visit.repair(work.start(order, actor=boss, at=AT), findings="修好", actor=boss, at=later(1)).order
    loan = lend_loaner.lend(loaner, customer=company.customer, document=order, actor=boss, at=AT)
    given = {"returned_to": "张三丰", "code": bench.custody.code, "owed_reason": "月结", "actor": boss, "at": later(2)}
    with pytest.raises(RuleBroken) as told:
        hand_back.collect(order, **given)
    assert told.value.code == "loaner_out" and told.value.params["loan"] == loan.number
    assert orders.get_order(order.number, boss).status == "repaired"
    assert hand_back.collect(order, loaner_reason="备用机明天送回", **given)["custody"].status == "returned"
    assert things.get_holding(loan.number, boss).note == "备用机明天送回"


def test_a_receipt_without_an_order_asks_for_its_loaner_too(company, boss, loaner):
    held = custody.receive(customer=company.customer, item="锅", branch_id=company.branch.pk, actor=boss, at=AT)
    loan = lend_loaner.lend(loaner, customer=company.customer, document=held, actor=boss, at=AT)
    with pytest.raises(RuleBroken):
        hand_back.give_back(held, code=held.code, actor=boss, at=AT)
    custody.bring_back(loan, actor=boss, at=AT)
    assert hand_back.give_back(held, code=held.code, actor=boss, at=AT).status == "returned"


def test_an_order_given_up_does_not_give_the_thing_back_past_its_loaner(company, boss, loaner, bench):
    lend_loaner.lend(loaner, customer=company.customer, document=bench.order, actor=boss, at=AT)
    given = {"reason": "不修了", "item": "returned", "code": bench.custody.code, "actor": boss, "at": AT}
    with pytest.raises(RuleBroken) as told:
        cancel_order.cancel(bench.order, **given)
    assert told.value.code == "loaner_out" and orders.get_order(bench.order.number, boss).status == "pending"
    assert cancel_order.cancel(bench.order, loaner_reason="下周送回", **given).status == "cancelled"


def test_damage_of_a_tool_is_taken_off_the_month_of_who_had_it(company, boss):
    drill = custody.create_tool(name="电锤", branch_id=company.branch.pk, actor=boss, at=AT)
    keeper = companies.employee_actor(company.clerk, "custody.view_things", "custody.lend")
    row = custody.issue_tool(drill, employee=company.wang, actor=keeper, at=AT)
    keep_things.take_back(row, damage="机壳裂", compensation_amount=D(80), actor=keeper, at=AT)
    line = settlement.list_accruals(boss).get()
    assert (line.amount, line.kind_of, line.employee_id) == (D(-80), "penalty", company.wang.pk)
    own = custody.issue_tool(things.get_tool(drill.number, boss), employee=company.clerk, actor=keeper, at=AT)
    with pytest.raises(NotAllowed):
        keep_things.lose(own, reason="丢了", compensation_amount=D(1), actor=keeper, at=AT)
    keep_things.lose(own, reason="丢了", compensation_amount=D(600), actor=boss, at=AT)
    assert settlement.list_accruals(boss).count() == 2


def test_who_leaves_gives_back_or_hands_over_first(company, boss):
    given = {"actor": boss, "at": AT}
    drill = custody.create_tool(name="电锤", branch_id=company.branch.pk, **given)
    paper = custody.create_paper(number="M-1", title="手册", branch_id=company.branch.pk, **given)
    custody.issue_tool(drill, employee=company.wang, **given)
    custody.lend_paper(paper, employee=company.wang, **given)
    leave = {"on": dt.date(2026, 3, 31), "version": company.wang.version}
    with pytest.raises(RuleBroken) as told:
        keep_things.leave(company.wang, reason="急", **leave, **given)
    assert told.value.code == "things_in_hands" and told.value.params["count"] == 2 and "电锤" in str(told.value)
    new = keep_things.hand_over_all(company.wang, successor=company.zhao, actor=boss, at=later(30))
    assert {row.holder for row in new} == {"赵工"} and things.list_in_hands(company.wang.pk) == []
    # The paper was late: for the successor it is due anew.
    assert [row.due_on for row in new if row.kind_of == "paper"] == [dt.date(2026, 4, 8)]
    assert not keep_things.leave(company.wang, **leave, **given).is_active
    with pytest.raises(RuleBroken):
        keep_things.hand_over_all(company.wang, successor=company.zhao, **given)


def test_where_the_rule_only_warns_a_reason_lets_him_go(company, boss):
    given = {"actor": boss, "at": AT}
    custody.set_rule(leaving="warn", **given)
    row = custody.issue_tool(custody.create_tool(name="电锤", branch_id=company.branch.pk, **given), employee=company.wang, **given)
    leave = {"on": dt.date(2026, 3, 31), "version": company.wang.version}
    with pytest.raises(RuleBroken) as told:
        keep_things.leave(company.wang, **leave, **given)
    assert told.value.field == "reason"
    keep_things.leave(company.wang, reason="工资中扣", **leave, **given)
    assert things.get_holding(row.number, boss).note == "工资中扣"


def test_the_day_makes_each_step_once_whatever_how_often_it_runs(company, boss, bench, loaner):
    custody.set_rule(first_days=5, second_days=8, notice_days=12, loan_days=3, actor=boss, at=AT)
    loan = lend_loaner.lend(loaner, customer=company.customer, document=bench.order, actor=boss, at=AT)
    assert custody_day.run(actor=SYSTEM, at=later(30)) == (1, [])  # the loan is late; the thing is not ready
    order = work.take(bench.order, engineer=company.wang, actor=boss, at=AT)
    finish_visit.repair(work.start(order, actor=boss, at=AT), findings="修好", actor=boss, at=later(30))
    made = [custody_day.run(actor=SYSTEM, at=later(day))[0] for day in (31, 31, 35, 35, 38, 42, 43, 80)]
    held = things.get_custody(bench.custody.number, boss)
    # The thing on days 35, 38, 42; the loan every three days while it is late.
    assert [row.days for row in things.reminders_of(held)] == [5, 8, 12]
    assert held.stage == 3 and sum(made) == 3 + things.get_holding(loan.number, boss).reminders - 1
    assert things.get_holding(loan.number, boss).reminders == 5


def test_work_that_begins_again_stops_the_ladder(company, boss, bench):
    order = work.take(bench.order, engineer=company.wang, actor=boss, at=AT)
    order = finish_visit.repair(work.start(order, actor=boss, at=AT), findings="修好", actor=boss, at=AT).order
    custody_day.run(actor=SYSTEM, at=later(1))
    assert things.get_custody(bench.custody.number, boss).ready_at == AT
    work.send_back(order, reason="没修好", actor=boss, at=later(2))
    assert custody_day.run(actor=SYSTEM, at=later(90)) == (0, [])
    assert things.get_custody(bench.custody.number, boss).ready_at is None
