"""From a customer's call to a settled, called-back order: everybody plays his own role, with his own rights only."""

import datetime as dt
from decimal import Decimal

import pytest

from aftercare.domain.assets import queries as assets
from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.cases import queries as contacts
from aftercare.domain.custody import queries as receipts
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.feedback import queries as callbacks
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.journal import delivering
from aftercare.domain.journal import queries as journal
from aftercare.domain.parties import queries as parties
from aftercare.domain.settlement import actions as settlement
from aftercare.domain.settlement import queries as pay
from aftercare.domain.work import queries as orders
from aftercare.flows import (
    answer_callback,
    audit_order,
    charging,
    dispatch_order,
    finish_visit,
    hand_back,
    moves,
    prepare_parts,
    reactions,
    register_request,
)
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source
from tests.world import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def hours(count: float) -> dt.datetime:
    return MONDAY + dt.timedelta(hours=count)


def let_the_worker_work(at: dt.datetime) -> None:
    """Make every reaction that is due, as the worker does."""
    while (delivery := delivering.claim(worker="story", at=at)) is not None:
        reactions.run(delivery.reaction, delivery.fact, at=at)
        assert delivering.finish(delivery, worker="story", at=at)


def test_a_repair_at_the_customers_home(world):
    clerk, dispatcher, engineer = world.actor("clerk"), world.actor("dispatcher"), world.actor("engineer")

    # The telephone rings; the clerk types the number and sees who it is and what he owns.
    (customer,) = parties.find_by_phone("138 0000 1111", clerk)
    units = list(assets.list_of_customer(customer.pk, clerk))
    assert {unit.serial for unit in units} == {"QF-OLD-0001", "QF-NEW-0002"} and bills.unpaid_of_customer(customer.pk) == []

    # The old unit is out of warranty: the decision says so, and the order is stamped A (paid).
    found = register_request.register(
        branch_id=world.head.pk, phone="13800001111", asset=world.old_unit.number, fault="不制冷",
        detail="昨天起不制冷，有异响", actor=clerk, at=MONDAY)
    order = found.order
    assert (order.status, order.service_class, found.contact.outcome) == ("pending", "A", "order")
    assert "2025" in entitlement.sentence(found.decision) and found.order.fault.name == "不制冷"
    assert order.respond_due_at == hours(7)  # six working hours, with the lunch break between

    # He calls again about the same unit: the clerk is warned.
    with pytest.raises(WrongState) as warned:
        register_request.register(branch_id=world.head.pk, asset=world.old_unit.number, title="不制冷", actor=clerk, at=hours(0.1))
    assert warned.value.params["orders"] == [order.number]

    # The dispatcher finds it in the pool; the engineer of the district with a valid certificate is suggested first.
    assert [o.number for o in orders.pool(dispatcher, at=hours(0.2), region_code="310100")] == [order.number]
    best = orders.suggest_engineers(orders.get_order(order.number, dispatcher), at=hours(0.2), actor=dispatcher)[0]
    assert best.name == "王师傅" and {"skill", "certificate", "district"} <= {code for code, _ in best.reasons}
    order = dispatch_order.assign(order, engineer=best.number, planned_at=hours(1.5), actor=dispatcher, at=hours(0.2))

    # The first one refuses and says why; it goes back and is given out again. Somebody else can't accept it.
    order = moves.make(order, "refuse", reason="上午排满", actor=engineer, at=hours(0.3))
    order = dispatch_order.assign(order, engineer="E003", planned_at=hours(2), actor=dispatcher, at=hours(0.4))
    with pytest.raises((NotAllowed, NotFound)):
        moves.make(order, "accept", actor=world.actor("repairer"), at=hours(0.5))

    # His telephone: today's list, accept, set out, arrive.
    order = moves.make(order, "accept", actor=engineer, at=hours(0.5))
    assert [o.number for o in orders.day_of_engineer(engineer.employee_id, day=dt.date(2026, 3, 2), actor=engineer)] == [order.number]
    order = moves.make(order, "set_out", actor=engineer, at=hours(1), position={"lat": 31.23, "lon": 121.47})
    order = moves.make(order, "arrive", actor=engineer, at=hours(1.5), claimed_at=hours(1.4))

    # A capacitor from his van, a compressor from the depot; he drives on and comes back with the part.
    prepare_parts.add(order, lines=[{"part": "P-200", "qty": 1}, {"part": "P-100", "qty": 1}], actor=engineer, at=hours(1.6))
    places = {row.part.code: row.place.name for row in orders.materials_of(order)}
    assert places == {"P-200": "王师傅随车", "P-100": "上海配件库"}
    order = moves.make(order, "wait_for_part", reason="压缩机在仓库", actor=engineer, at=hours(1.7))
    prepare_parts.issue(order, actor=world.actor("keeper"), at=hours(2))
    assert stock.on_hand(world.compressor.pk, world.van.pk) == 1
    order = moves.make(order, "resume", actor=engineer, at=hours(3))

    # Done: parts used, fee collected, signature given.
    done = finish_visit.finish(
        order, findings="更换压缩机和电容，试机正常", minutes=80, cause="压缩机烧毁", solution="更换压缩机", signed_name="张三丰",
        signature=b"\x89PNG", collect={"amount": "442.50", "method": "cash"}, actor=engineer, at=hours(4))
    order = done.order
    assert (order.status, done.bill.due_amount, charging.owed(order)) == ("done", Decimal("442.50"), 0)
    assert stock.on_hand(world.compressor.pk, world.van.pk) == 0 and stock.on_hand(world.capacitor.pk, world.van.pk) == 4

    # He can't inspect his own work; another person does, and audits: money and commission are final.
    with pytest.raises((NotAllowed, RuleBroken)):
        moves.make(order, "inspect", actor=engineer, at=hours(5))
    order = moves.make(order, "inspect", actor=world.actor("inspector"), at=hours(5))
    order = moves.make(order, "audit", actor=world.actor("auditor"), at=hours(6))
    (line,) = pay.list_accruals_of(Source.of(order), world.actor("accountant"))
    assert line.amount == Decimal("33.00") and "80.00 × 10% = 8.00" in str(line.explanation["steps"])
    assert bills.find_bill(Source.of(order)).status == "final"

    # The cash is handed in the same day; the order is settled and closed; nothing is left unsettled.
    accountant = world.actor("accountant")
    assert bills.cash_sheet(world.head.pk, dt.date(2026, 3, 2), actor=accountant).total("held_amount") == Decimal("442.50")
    billing.remit([done.collection], actor=accountant, at=hours(8))
    assert [o.number for o in audit_order.settle_all(accountant, at=hours(8.1))] == [order.number]
    order = moves.make(orders.get_order(order.number, accountant), "close", actor=accountant, at=hours(8.2))
    left = bills.unsettled(accountant)
    assert not left.unpaid.exists() and not left.unremitted.exists() and not orders.unsettled_orders(accountant).exists()

    # Next day the caller asks; the customer is not pleased with the punctuality: a complaint is there at once.
    let_the_worker_work(hours(24))
    caller = world.actor("caller")
    (callback,) = callbacks.list_callbacks(caller)
    answer = answer_callback.answer(callback, attitude=4, skill=4, punctuality=1, promise=3, comment="来回跑了两趟",
                                    actor=caller, at=hours(26))
    assert answer["complaint"].about_number == order.number and contacts.count_undone(clerk)["new"] == 1

    # The engineer's month: anyone can work it out again.
    statement = settlement.open_statement(world.people["engineer"].pk, dt.date(2026, 3, 1), actor=accountant, at=hours(200))
    assert statement.commission_amount == Decimal("33.00") and pay.recompute(statement).is_equal

    # Every step is told on the order's, the customer's and the unit's timeline, and the figures agree with a count.
    verbs = {fact.verb for fact in journal.timeline("work.workorder", order.pk)}
    assert {"work.order.open", "work.order.refuse", "work.order.complete", "work.order.audit", "work.order.close"} <= verbs
    for kind, pk in (("parties.customer", customer.pk), ("assets.asset", world.old_unit.pk)):
        assert {"work.order.open", "work.order.close"} <= {fact.verb for fact in journal.timeline(kind, pk)}
    assert orders.compare_figures() == []

    # To a colleague of another branch none of it exists.
    with pytest.raises(NotFound):
        orders.get_order(order.number, world.actor("stranger"))


def test_a_repair_at_the_counter(world):
    clerk, dispatcher, repairer = world.actor("clerk"), world.actor("dispatcher"), world.actor("repairer")

    # Reception: what it looks like, what comes with it, call above 200; a receipt is given. It is in warranty: class C.
    found = register_request.register(
        branch_id=world.head.pk, channel="counter", mode="bench", customer=world.customer.number, product="变频空调一号",
        serial="qf-new-0002", fault="异响", urgent=True, limit_amount=Decimal("200.00"), actor=clerk, at=MONDAY,
        intake={"appearance": ["外壳划痕"], "accessories": ["遥控器"], "place": "A-3"})
    order, receipt = found.order, found.custody
    assert found.made == [] and order.asset_id == world.new_unit.pk and order.service_class == "C"
    assert receipt.number.startswith("SJ") and receipt.accessories == ["遥控器"]

    order = dispatch_order.assign(order, engineer="E004", actor=dispatcher, at=hours(0.5))
    order = moves.make(order, "accept", actor=repairer, at=hours(1))
    order = moves.make(order, "start", actor=repairer, at=hours(1.1))

    # More capacitors than there are: what lacks is requested, the order waits, goods come, it goes on.
    got = prepare_parts.add(order, lines=[{"part": "P-200", "qty": 50}], actor=repairer, at=hours(1.2))
    assert got.requests[0].status == "open"
    order = moves.make(order, "wait_for_part", reason="电容不够", actor=repairer, at=hours(1.3))
    inventory.receive(world.depot, lines=[(world.capacitor.pk, Decimal(60), Decimal("4.00"))], actor=world.actor("keeper"), at=hours(3))
    let_the_worker_work(hours(3.1))
    assert orders.materials_of(order).get().reserved_qty == 50
    order = moves.make(order, "resume", actor=repairer, at=hours(4))

    # Hard to repair: an expert is asked, then it is repaired with two capacitors only; the rest is free again.
    order = moves.make(order, "escalate", reason="主板无资料", actor=repairer, at=hours(4.5))
    order = moves.make(order, "resume", actor=repairer, at=hours(5))
    order = moves.make(order, "finish_repair", findings="更换电容", minutes=60, used={orders.materials_of(order).get().pk: 2},
                       actor=repairer, at=hours(6))
    assert order.status == "repaired" and order.amount == 0  # the warranty pays
    assert stock.available([world.capacitor.pk], [world.depot.pk])[world.capacitor.pk, world.depot.pk] == 93

    # Handed over against the receipt's code, nothing owed.
    with pytest.raises(RuleBroken):
        hand_back.collect(order, returned_to="张三丰", code="000000", actor=clerk, at=hours(7))
    order = hand_back.collect(order, returned_to="张三丰", code=receipt.code, actor=clerk, at=hours(7))["order"]
    assert receipts.find_held_for(Source.of(order)) is None

    # The inspector wants it done again once; then it is audited.
    order = moves.make(order, "send_back", reason="没有试机记录", actor=world.actor("inspector"), at=hours(8))
    order = moves.make(order, "restart", actor=repairer, at=hours(8.5))
    order = moves.make(order, "complete", findings="试机两小时正常", minutes=120, actor=repairer, at=hours(11))
    order = moves.make(order, "inspect", actor=world.actor("inspector"), at=hours(12))
    order = moves.make(order, "audit", actor=world.actor("auditor"), at=hours(13))
    first_paid = sum(line.amount for line in pay.list_accruals_of(Source.of(order), world.actor("accountant")))
    assert first_paid > 0

    # Ten days later the same fault: a repeat, joined, not paid again, and it costs the first one.
    again = register_request.register(
        branch_id=world.head.pk, channel="counter", mode="bench", customer=world.customer.number, asset=world.new_unit.number,
        fault="异响", actor=clerk, at=hours(240))
    assert again.order.repeat_of_id == order.pk
    second = dispatch_order.assign(again.order, engineer="E003", actor=dispatcher, at=hours(241))
    engineer = world.actor("engineer")
    second = moves.make(second, "accept", actor=engineer, at=hours(241))
    second = moves.make(second, "start", actor=engineer, at=hours(242))
    second = moves.make(second, "complete", findings="重新固定", minutes=20, actor=engineer, at=hours(243))
    second = moves.make(second, "inspect", actor=world.actor("inspector"), at=hours(244))
    second = moves.make(second, "audit", actor=world.actor("auditor"), at=hours(245))
    lines = {(line.kind_of, line.employee_id): line.amount
             for line in pay.list_accruals_of(Source.of(second), world.actor("accountant"))}
    assert lines[("commission", engineer.employee_id)] == 0 and sum(lines.values()) == -first_paid

    # The audit was wrong: it is reversed, every line taken back, and nothing was deleted.
    second = moves.make(second, "reverse_audit", reason="并非同一故障", actor=world.actor("auditor"), at=hours(246))
    assert sum(line.amount for line in pay.list_accruals_of(Source.of(second), world.actor("accountant"))) == 0
    assert second.status == "inspected" and orders.compare_figures() == []


def test_an_unknown_caller_needs_no_set_up(world):
    clerk = world.actor("clerk")
    found = register_request.register(
        branch_id=world.head.pk, phone="021-65432100", customer_name="新来的客户", region_code="310104", address="漕溪路 8 号",
        product="没见过的烤箱", category="烤箱", brand="某牌", serial="KX-1", fault="不加热", actor=clerk, at=MONDAY)
    assert found.made == ["customer", "product", "asset"] and found.order.fault.is_new and found.product.is_new
    assert found.order.service_class in "AC" and found.contact.led_to_number == found.order.number
    again = register_request.register(branch_id=world.head.pk, phone="02165432100", kind="status_query", detail="什么时候来？",
                                      actor=clerk, at=hours(2))
    assert again.customer.pk == found.customer.pk and again.order is None and again.made == []
