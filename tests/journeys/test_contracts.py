"""A year under a service contract, and what the maker pays of the warranty: everybody with his own rights only."""

import datetime as dt
import json
from decimal import Decimal as D

import pytest

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import actions, checks, queries
from aftercare.domain.inventory import queries as stock
from aftercare.domain.ledger import queries as ledger
from aftercare.domain.work import queries as orders
from aftercare.flows import (
    audit_order,
    claim_files,
    contract_money,
    dispatch_order,
    finish_visit,
    moves,
    register_request,
)
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.jobs import day_end
from aftercare.reports import contract_profit
from tests.journeys.test_story import let_the_worker_work
from tests.world import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = dt.date


def hours(count: float) -> dt.datetime:
    return MONDAY + dt.timedelta(hours=count)


def sign(world, **changes):
    dispatcher = {"actor": world.actor("dispatcher"), "at": MONDAY - dt.timedelta(days=70)}
    values = {
        "customer": world.customer, "branch_id": world.head.pk, "name": "空调全保", "starts_on": DAY(2026, 1, 1), "months": 12, "price": D("1200.00"),
        "owner": world.people["dispatcher"], "respond_minutes": 120, "repair_minutes": 480, "quota": {"visits": D(1), "parts": D(2)},
        "scopes": [{"asset": world.old_unit}], "instalment_count": 2, "every_months": 6,
        "visit_plans": [{"title": "季度保养", "work_type": world.work_type, "first_on": DAY(2026, 3, 5), "every": 3, "lead_days": 5}],
    }
    return actions.activate(actions.create_contract(**(values | changes), **dispatcher), **dispatcher)


def repair(world, order, *, start: float, used=(), minutes: int = 60):
    """Send, arrive and finish, all within a few hours; gives back the order."""
    engineer = world.actor("engineer")
    order = dispatch_order.assign(order, engineer=world.people["engineer"], planned_at=hours(start), actor=world.actor("dispatcher"), at=hours(start))
    order = moves.make(order, "accept", actor=engineer, at=hours(start + 0.1))
    order = moves.make(order, "arrive", actor=engineer, at=hours(start + 0.5))
    return finish_visit.finish(order, findings="已修好", minutes=minutes, actor=engineer, at=hours(start + 2), lines=[
        {"part": world.capacitor, "qty": D(n), "place_id": world.van.pk} for n in used
    ]).order


def audit(world, order, *, at: float):
    order = moves.make(order, "inspect", actor=world.actor("inspector"), at=hours(at))
    return audit_order.audit(order, actor=world.actor("auditor"), at=hours(at + 0.1))


def charges(order) -> dict:
    return {row.line: (row.payer, row.amount) for row in bills.charges_of(Source.of(order))}


def test_a_year_under_contract(world):
    contract = sign(world)
    clerk, dispatcher, engineer = (world.actor(n) for n in ("clerk", "dispatcher", "engineer"))
    with pytest.raises(NotAllowed):
        actions.suspend(contract, from_on=DAY(2026, 3, 1), reason="x", actor=clerk, at=MONDAY)
    with pytest.raises(NotFound):
        queries.get_contract(contract.number, world.actor("stranger"))
    assert queries.get_contract(contract.number, engineer).pk == contract.pk

    # The customer calls: the contract pays, and its limits go before the service level's six hours.
    found = register_request.register(branch_id=world.head.pk, asset=world.old_unit, fault="不制冷", actor=clerk, at=MONDAY)
    first = found.order
    assert (first.service_class, first.respond_due_at, first.entitlement["contract"]["number"]) == ("B", hours(2), contract.number)
    assert queries.job_of(Source.of(first)).contract == contract
    assert "上门次数剩 1" in queries.tell_contracts([found.decision.contract])[contract.pk]

    # One visit and two parts are in the contract; the third part is the customer's.
    first = repair(world, first, start=1, used=[1, 2])
    assert sum(row.amount for row in bills.charges_of(Source.of(first)) if row.payer == "customer") == D("12.50")
    assert {row.kind_of: row.left_qty for row in queries.quotas_of([contract.pk])[contract.pk]} == {"visits": 0, "parts": 0}

    # Sent back the quota is free again, and a second order takes it meanwhile.
    first = moves.make(first, "send_back", reason="没修好", actor=world.actor("inspector"), at=hours(5))
    assert {row.left_qty for row in queries.quotas_of([contract.pk])[contract.pk]} == {1, 2}
    first = moves.make(first, "restart", actor=engineer, at=hours(24))
    first = finish_visit.finish(first, findings="再修好", minutes=30, actor=engineer, at=hours(25)).order
    first = audit(world, first, at=26)
    assert ledger.balance("contract_cost") == sum(amount for payer, amount in charges(first).values() if payer == "contract")

    # A second call within the year is beyond the quota: labour and travel by the schedule are the customer's.
    second = register_request.register(branch_id=world.head.pk, asset=world.old_unit, fault="噪音", actor=clerk, at=hours(48)).order
    second = repair(world, second, start=49)
    assert {payer for payer, _amount in charges(second).values()} == {"customer"} and second.amount == 110
    assert queries.over_quota(queries.list_contracts(dispatcher)).get() == contract

    # The first order's audit is reversed and its quota with it; audited again it takes it again, at the same price.
    first = audit_order.reverse(orders.get_order(first.pk, dispatcher), reason="核对", actor=world.actor("auditor"), at=hours(52))
    before = charges(first)
    first = audit_order.audit(first, actor=world.actor("auditor"), at=hours(53))
    assert charges(first) == before and queries.standing_uses(Source.of(first))
    assert checks.check_quotas() + checks.check_instalments() == []

    # What the contract earned by now, and what its jobs cost: parts at their average, the rest by the schedule.
    (profit,) = contract_profit.calculate([contract], day=DAY(2026, 3, 4))
    assert profit.earned_amount == D("207.12") and profit.jobs == 2
    assert (profit.parts_cost, profit.labour_cost, profit.travel_cost) == (D("8.00"), D("80.00"), D("30.00"))
    assert stock.cost_of(Source.of(first)) == 12
    _the_worker_and_the_end(world, contract)


def _the_worker_and_the_end(world, contract):
    dispatcher, accountant = world.actor("dispatcher"), world.actor("accountant")
    # The morning of the worker, twice: one visit becomes an order that is due on its day, one instalment is billed.
    for _again in range(2):
        assert day_end.run_contracts(MONDAY) == ""
    visit = queries.list_visits(dispatcher).get(status="opened")
    planned = orders.get_order(visit.order_number, dispatcher)
    assert (visit.visit_on, planned.service_class, planned.due_at) == (DAY(2026, 3, 5), "B", dt.datetime(2026, 3, 5, 16, tzinfo=dt.UTC))
    assert queries.job_of(Source.of(planned)).is_planned
    (paid, later) = queries.instalments_of(contract)
    assert (paid.status, later.status) == ("billed", "planned")
    unpaid = bills.unpaid_sources("entitlement.instalment")
    assert queries.with_instalments(queries.list_contracts(accountant), unpaid).get() == contract
    billing.collect(Source.of(paid), amount=D("600.00"), method="transfer", at_desk=True, actor=accountant, at=hours(60))
    assert not queries.with_instalments(queries.list_contracts(accountant), unpaid).exists()
    assert ledger.balance("revenue_contract") == -600

    # It ends early: the second instalment falls away, and of the first one what is not earned is overpaid.
    told = queries.foresee_end(contract, DAY(2026, 4, 30))
    ended = contract_money.end(contract, last_on=DAY(2026, 4, 30), reason="客户搬走", actor=dispatcher, at=hours(70))
    assert ended.ends_on == DAY(2026, 4, 30) and ledger.balance("revenue_contract") == -told.earned == D("-394.52")
    assert bills.unsettled(accountant).overpaid.get().paid_amount == 600


def test_over_use_by_the_contracts_own_rates(world):
    contract = sign(world, over_use="rate", over_visit_amount=D("66.00"), over_hour_amount=D("50.00"), over_part_percent=D(80),
                    quota={"visits": D(1), "hours": D("1.5"), "parts": D(1)})
    order = register_request.register(branch_id=world.head.pk, asset=world.old_unit, fault="不制冷", actor=world.actor("clerk"), at=MONDAY).order
    order = repair(world, order, start=1, used=[3], minutes=120)
    owed = {row.name: row.amount for row in bills.charges_of(Source.of(order)) if row.payer == "customer"}
    assert owed == {"电容": D("20.00"), "超出合同工时": D("25.00")}  # 2 pieces at 80 % of 12.50, half an hour at 50
    again = register_request.register(branch_id=world.head.pk, asset=world.old_unit, fault="噪音", open_anyway=True, actor=world.actor("clerk"),
                                      at=hours(24)).order
    again = repair(world, again, start=25, minutes=0)
    assert {row.name: row.amount for row in bills.charges_of(Source.of(again)) if row.payer == "customer"} == {"超出合同次数": D("66.00")}
    assert moves.make(orders.get_order(again.pk, world.actor("dispatcher")), "inspect", actor=world.actor("inspector"), at=hours(30))
    assert {row.kind_of: (row.left_qty, row.over_qty) for row in queries.quotas_of([contract.pk])[contract.pk]} == {
        "visits": (0, 1), "hours": (0, D("0.5")), "parts": (0, 2)}


def test_what_the_maker_pays_of_the_warranty(world):
    clerk, accountant, auditor = (world.actor(n) for n in ("clerk", "accountant", "auditor"))
    by = {"actor": accountant, "at": hours(30)}
    maker = actions.set_agreement(name="清风电器", brands=["清风"], labour_percent=D(50), **by)
    with pytest.raises(NotAllowed):
        actions.set_agreement(name="别家", actor=clerk, at=MONDAY)
    with pytest.raises(RuleBroken):
        actions.set_agreement(name="清风配件", brands=["清风"], **by)

    order = register_request.register(branch_id=world.head.pk, asset=world.new_unit, fault="不制冷", actor=clerk, at=MONDAY).order
    order = audit(world, repair(world, order, start=1, used=[2]), at=5)
    let_the_worker_work(hours(6))
    let_the_worker_work(hours(6))
    lines = list(queries.list_claim_lines(accountant).order_by("pk"))
    assert {(one.kind_of, one.cost_amount, one.claimed_amount) for one in lines} == {
        ("labour", D("80.00"), D("40.00")), ("travel", D("30.00"), D("30.00")), ("part", D("8.00"), D("25.00"))}

    # Reversed before it was sent: the lines go; audited again they come again, once.
    claim = actions.open_claim(maker, branch_id=world.head.pk, **by)
    order = audit_order.reverse(order, reason="价格", actor=auditor, at=hours(31))
    let_the_worker_work(hours(32))
    assert not queries.list_claim_lines(accountant).exists() and queries.get_claim(claim.pk, accountant).claimed_amount == 0
    order = audit_order.audit(order, actor=auditor, at=hours(33))
    let_the_worker_work(hours(34))
    with pytest.raises(RuleBroken, match="没有明细"):
        actions.send(queries.get_claim(claim.pk, accountant), **by)
    assert actions.cancel(queries.get_claim(claim.pk, accountant), reason="空单", **by).status == "cancelled"
    claim = actions.open_claim(maker, branch_id=world.head.pk, **by)
    with pytest.raises(RuleBroken):
        actions.open_claim(maker, branch_id=world.head.pk, **by)
    assert (claim.claimed_amount, claim.cost_amount) == (D("95.00"), D("118.00"))
    claim = actions.send(claim, **by)
    with pytest.raises(WrongState):
        actions.take_off(claim, queries.lines_of_claim(claim)[0].pk, **by)

    # Sent and then reversed: it stays and is marked, and is not claimed a second time.
    order = audit_order.reverse(orders.get_order(order.pk, auditor), reason="再核", actor=auditor, at=hours(40))
    let_the_worker_work(hours(41))
    order = audit_order.audit(order, actor=auditor, at=hours(42))
    let_the_worker_work(hours(43))
    lines = {one.kind_of: one for one in queries.lines_of_claim(claim)}
    assert len(lines) == queries.list_claim_lines(accountant).count() == 3 and all(one.is_reversed for one in lines.values())

    _answered_and_paid(world, maker, claim, lines, by)


def _answered_and_paid(world, maker, claim, lines, by):
    accountant = world.actor("accountant")
    # The supplier's file comes back: one line at once by hand, the others from the file; each is answered once.
    booked = ledger.balance("warranty_cost")
    claim = actions.answer(claim, answers=[{"line": lines["labour"].pk, "answer": "rejected", "reason": "超过三十天"}], **by)
    with pytest.raises(RuleBroken, match="没有答复"):
        actions.reimburse(claim, amount=D("1.00"), **by)
    sheet = claim_files.write_workbook(claim, zone="Asia/Shanghai")
    assert sheet[:2] == b"PK"
    wrong = json.dumps({"answers": [{"line": lines["labour"].pk, "answer": "accepted"}, {"line": lines["part"].pk, "answer": "accepted"}]})
    with pytest.raises(WrongState):
        claim_files.take_answers(claim, "a.json", wrong.encode(), **by)
    right = f"行号,答复,认可金额,答复理由\n{lines['part'].pk},认可,,\n{lines['travel'].pk},部分认可,12.00,只认一半\n"
    claim = claim_files.take_answers(claim, "a.csv", right.encode(), **by)
    assert claim.accepted_amount == 37 and ledger.balance("warranty_cost") == booked - 37
    party = ("entitlement.claimagreement", maker.pk)
    assert ledger.balance("supplier_claim", party) == 37
    for name, content in (("a.txt", b"x"), ("a.json", b"["), ("a.csv", "甲,乙\n1,2\n".encode())):
        with pytest.raises(RuleBroken):
            claim_files.take_answers(claim, name, content, **by)

    # He pays two yuan less: a reason is asked for, and the rest is ours.
    with pytest.raises(RuleBroken):
        actions.reimburse(claim, amount=D("35.00"), **by)
    claim = actions.reimburse(claim, amount=D("35.00"), reason="抹零", **by)
    assert ledger.balance("supplier_claim", party) == 0 and ledger.balance("warranty_cost") == booked - 35
    suppliers, _products, months = queries.compare(queries.list_claim_lines(accountant)).groups
    assert [(g.key, g.claimed, g.accepted, g.reimbursed, g.cost) for g in suppliers] == [("清风电器", 95, 37, D("35.00"), 118)]
    assert [g.key for g in months] == ["2026-03"] and actions.close(claim, **by).status == "closed"
