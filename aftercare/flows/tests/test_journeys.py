"""Each journey: what it does as a whole, and that a refusal leaves nothing behind."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from aftercare.domain.billing import queries as bills
from aftercare.domain.cases.models import Contact
from aftercare.domain.catalog.models import LabourPrice, Part
from aftercare.domain.custody.models import Custody
from aftercare.domain.feedback.models import Callback
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.inventory.models import PartRequest, StockMove
from aftercare.domain.journal.models import Delivery, Fact
from aftercare.domain.parties.models import Customer
from aftercare.domain.people import actions as people
from aftercare.domain.settlement.models import Accrual, Rate
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.domain.work.models import WorkOrder
from aftercare.domain.work.tests.company import AT, everything, hours
from aftercare.flows import (
    answer_callback,
    audit_order,
    cancel_order,
    charging,
    dispatch_order,
    finish_visit,
    hand_back,
    moves,
    prepare_parts,
    reactions,
    register_request,
    repair_bench,
    serve_waiting,
)
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = dt.date(2026, 1, 1)


@pytest.fixture
def prices(company):
    LabourPrice.objects.create(amount="80.00", valid_from=DAY)
    LabourPrice.objects.create(amount="30.00", valid_from=DAY, fee="travel")
    LabourPrice.objects.create(amount="20.00", valid_from=DAY, fee="inspection")
    Rate.objects.create(amount="25.00", labour_percent="10", valid_from=DAY)


@pytest.fixture
def register(company, boss):
    def make(**values):
        given = {"branch_id": company.branch.pk, "customer": company.customer, "asset": company.asset, "title": "不制冷",
                 "actor": boss, "at": AT}
        return register_request.register(**(given | values))

    return make


@pytest.fixture
def at_work(company, boss, register):
    """An order on site, the engineer at work."""

    def make(**values):
        order = register(**values).order
        order = dispatch_order.assign(order, engineer=company.wang.number, actor=boss, at=hours(0.1))
        wang = everything(company.wang)
        order = moves.make(order, "accept", actor=wang, at=hours(0.2))
        order = moves.make(order, "set_out", actor=wang, at=hours(0.3))
        return moves.make(order, "arrive", actor=wang, at=hours(1))

    return make


def test_an_unknown_caller_becomes_a_customer_with_an_order(company, boss):
    found = register_request.register(
        branch_id=company.branch.pk, phone="13911112222", customer_name="李四", product="新冰箱", category="冰箱",
        serial="BX-1", fault="不通电", region_code="310101", address="淮海路", actor=boss, at=AT,
    )
    assert found.made == ["customer", "product", "asset"]
    assert (found.order.customer.name, found.order.asset.serial, found.order.fault.name) == ("李四", "BX-1", "不通电")
    assert (found.contact.status, found.contact.outcome, found.contact.led_to_number) == ("done", "order", found.order.number)
    assert found.order.service_class == found.decision.service_class and found.order.entitlement["reasons"]
    assert found.order.due_at is not None and found.order.contact_number == found.contact.number


def test_a_known_number_is_the_known_customer(company, register):
    found = register(customer=None, phone="138 0000 1111", asset=None, product="空调一号")
    assert found.made in ([], ["customer"])
    again = register(customer=None, phone="13800001111", customer_name="", asset=None, product="空调一号")
    assert again.customer.pk == found.customer.pk


def test_a_second_open_request_for_a_unit_is_told(company, register):
    first = register()
    with pytest.raises(WrongState) as refused:
        register()
    assert refused.value.code == "open_order_exists" and refused.value.params["orders"] == [first.order.number]
    assert Contact.objects.count() == 1
    assert register(open_anyway=True).warnings[0]["code"] == "open_order_exists"


def test_a_question_is_a_contact_without_an_order(register):
    found = register(kind="consultation", detail="怎么清洗滤网？")
    assert found.order is None and found.contact.status == "new"


def test_a_refused_request_leaves_nothing(company, boss):
    with pytest.raises(RuleBroken):
        register_request.register(branch_id=company.branch.pk, phone="13911112222", customer_name="李四", serial="X", actor=boss, at=AT)
    assert not Customer.objects.filter(name="李四").exists() and not WorkOrder.objects.exists()


def test_parts_are_promised_and_lacks_are_requested(company, boss, register):
    order = register().order
    got = prepare_parts.add(order, lines=[{"part": "P-1", "qty": 2}], actor=boss, at=AT)
    assert got.requests == [] and got.materials[0].reserved_qty == 2
    short = prepare_parts.add(got.order, lines=[{"part": "P-1", "qty": 9}], actor=boss, at=AT)
    assert short.materials[0].reserved_qty == 0 and PartRequest.objects.get().qty == 9
    with pytest.raises(inventory.Shortage):
        prepare_parts.add(short.order, lines=[{"part": "P-1", "qty": 9}], request_short=False, actor=boss, at=AT)
    assert orders.materials_of(order).count() == 2
    assert stock.available([company.part.pk], [company.depot.pk]) == {(company.part.pk, company.depot.pk): Decimal(3)}


def test_changing_and_removing_a_line_moves_its_promise(company, boss, register):
    order = register().order
    (row,) = prepare_parts.add(order, lines=[{"part": company.part, "qty": 2}], actor=boss, at=AT).materials
    prepare_parts.change(order, row.pk, qty=Decimal(4), actor=boss, at=AT)
    assert stock.available([company.part.pk], [company.depot.pk])[company.part.pk, company.depot.pk] == 1
    with pytest.raises(inventory.Shortage):
        prepare_parts.change(order, row.pk, qty=Decimal(9), actor=boss, at=AT)
    assert orders.materials_of(order).get().qty == 4
    prepare_parts.remove(order, row.pk, actor=boss, at=AT)
    assert stock.available([company.part.pk], [company.depot.pk])[company.part.pk, company.depot.pk] == 5


def test_what_a_changed_or_removed_line_lacked_is_asked_for_anew_or_no_longer(company, boss, register):
    order = register().order
    (row,) = prepare_parts.add(order, lines=[{"part": company.part, "qty": 9}], actor=boss, at=AT).materials
    prepare_parts.change(order, row.pk, qty=Decimal(7), actor=boss, at=AT)
    assert PartRequest.objects.get().qty == 7
    prepare_parts.change(order, row.pk, place_id=company.van.pk, actor=boss, at=AT)
    assert (PartRequest.objects.get().place_id, PartRequest.objects.get().status) == (company.van.pk, "open")
    prepare_parts.change(order, row.pk, place_id=company.depot.pk, qty=Decimal(4), actor=boss, at=AT)
    assert PartRequest.objects.get().status == "filled" and orders.materials_of(order).get().reserved_qty == 4
    (other,) = prepare_parts.add(order, lines=[{"part": company.part, "qty": 9}], actor=boss, at=AT).materials
    prepare_parts.remove(order, other.pk, actor=boss, at=AT)
    assert [one.status for one in PartRequest.objects.order_by("pk")] == ["filled", "cancelled"]


def test_another_branchs_shelf_is_not_reached_through_the_parts_of_an_order(company, register):
    far = people.create_branch(number="FAR", name="远方", kind_of="branch", actor=Actor.system("tests"), at=AT)
    shelf = inventory.ensure_depot(far.pk, actor=Actor.system("tests"), at=AT)
    inventory.receive(shelf, lines=[(company.part.pk, Decimal(5), Decimal(90))], actor=Actor.system("tests"), at=AT)
    near = replace(everything(company.dispatcher), reaches={"*": Reach(branches=frozenset({company.branch.pk}))})
    order = register().order
    (row,) = prepare_parts.add(order, lines=[{"part": company.part, "qty": 1, "place_id": company.depot.pk}], actor=near, at=AT).materials
    outside = inventory.ensure_outside("customer", actor=near, at=AT)
    for place in (shelf.pk, outside.pk, 10**9):
        for call in (
            lambda pk: prepare_parts.add(order, lines=[{"part": company.part, "qty": 1, "place_id": pk}], actor=near, at=AT),
            lambda pk: prepare_parts.change(order, row.pk, place_id=pk, actor=near, at=AT),
            lambda pk: prepare_parts.issue(order, to_place_id=pk, actor=near, at=AT),
            lambda pk: prepare_parts.return_unused(order, to_place_id=pk, actor=near, at=AT),
            lambda pk: finish_visit.finish(order, findings="好", lines=[{"part": "P-1", "qty": 1, "place_id": pk}], actor=near, at=AT),
        ):
            with pytest.raises(NotFound):
                call(place)
    assert stock.on_hand(company.part.pk, shelf.pk) == 5 and orders.materials_of(order).get().place_id == company.depot.pk


def test_a_line_that_is_served_by_hand_is_asked_for_no_longer(company, boss, register):
    order = register().order
    prepare_parts.add(order, lines=[{"part": company.part, "qty": 6}], actor=boss, at=AT)
    inventory.receive(company.depot, lines=[(company.part.pk, Decimal(1), Decimal(90))], actor=boss, at=AT)
    for _twice in range(2):
        assert prepare_parts.reserve(order, actor=boss, at=AT).materials[0].reserved_qty == 6
    assert PartRequest.objects.get().status == "filled"


def test_parts_are_issued_to_the_van_and_brought_back(company, boss, at_work):
    order = at_work()
    prepare_parts.add(order, lines=[{"part": company.part, "qty": 2}], actor=boss, at=hours(1))
    prepare_parts.issue(order, actor=boss, at=hours(1))
    assert stock.on_hand(company.part.pk, company.van.pk) == 2
    prepare_parts.return_unused(order, actor=boss, at=hours(1))
    assert stock.on_hand(company.part.pk, company.depot.pk) == 5
    assert orders.materials_of(order).get().reserved_qty == 0


def test_finishing_uses_parts_charges_and_collects(company, prices, at_work):
    order, wang = at_work(), everything(company.wang)
    prepare_parts.add(order, lines=[{"part": company.part, "qty": 2}], actor=wang, at=hours(1))
    done = finish_visit.finish(
        WorkOrder.objects.get(pk=order.pk), findings="换压缩机", minutes=50, solution="更换压缩机",
        used={orders.materials_of(order).get().pk: 1}, signed_name="张", collect={"amount": "100.00", "method": "wechat"},
        actor=wang, at=hours(2),
    )
    assert done.order.status == "done" and done.order.amount == done.bill.due_amount == Decimal("430.00")
    assert done.collection.amount == 100 and charging.owed(done.order) == 330
    assert stock.on_hand(company.part.pk, company.depot.pk) == 4
    assert stock.reservations_of(Source.of(order)) == []
    row = orders.materials_of(order).get()
    assert (row.used_qty, row.reserved_qty) == (1, 0)
    assert orders.compare_figures() == []


def test_parts_nobody_had_written_down_are_used_from_the_van(company, prices, at_work):
    order, wang = at_work(), everything(company.wang)
    inventory.transfer(from_place=company.depot, to_place=company.van, lines=[(company.part.pk, Decimal(1))], actor=wang, at=hours(1))
    finish_visit.finish(order, findings="换", lines=[{"part": "P-1", "qty": 1}], actor=wang, at=hours(2))
    assert stock.on_hand(company.part.pk, company.van.pk) == 0


def test_a_lack_at_the_end_refuses_the_whole(company, prices, at_work):
    order, wang = at_work(), everything(company.wang)
    with pytest.raises(inventory.Shortage):
        finish_visit.finish(order, findings="换", lines=[{"part": "P-1", "qty": 99}], actor=wang, at=hours(2))
    assert WorkOrder.objects.get(pk=order.pk).status == "working"
    assert not orders.materials_of(order).exists() and bills.find_bill(Source.of(order)) is None


@pytest.fixture
def on_bench(company, boss, prices):
    """A thing on the bench with two part lines, confirmed and begun."""

    def make(state="working", **values):
        Part.objects.get_or_create(code="P-2", defaults={"name": "电容", "price_amount": "12.50"})
        found = repair_bench.create(
            branch_id=company.branch.pk, customer=company.customer.number, product="空调一号", serial="SN-778899",
            fault="不启动", lines=[{"part": "P-1", "qty": 1}], intake={"appearance": ["划痕"]}, actor=boss, at=AT, **values,
        )
        order = found.order
        if state != "pending":
            order = repair_bench.confirm(order, engineer=company.zhao, actor=boss, at=hours(1)).order
            order = repair_bench.start(order, actor=everything(company.zhao), at=hours(1.1))
        return order

    return make


def test_the_bench_in_four_steps(company, boss, on_bench):
    order = on_bench()
    assert stock.available([company.part.pk], [company.depot.pk])[company.part.pk, company.depot.pk] == 4
    done = repair_bench.done(order, findings="换", actor=everything(company.zhao), at=hours(2))
    assert done.order.status == "done" and StockMove.objects.filter(source_id=order.pk, source_kind=order.kind).count() == 1


def test_a_lack_leaves_the_bench_order_unconfirmed(company, boss, on_bench):
    first, last = on_bench("pending"), None
    inventory.transfer(from_place=company.depot, to_place=company.van, lines=[(company.part.pk, Decimal(5))], actor=boss, at=AT)
    with pytest.raises(inventory.Shortage):
        repair_bench.confirm(first, actor=boss, at=hours(1))
    assert WorkOrder.objects.get(pk=first.pk).status == "pending" and last is None


def test_hand_over_takes_money_and_the_receipt(company, boss, on_bench):
    order = repair_bench.done(on_bench(), findings="换", to_collect=True, actor=everything(company.zhao), at=hours(2)).order
    held = Custody.objects.get()
    with pytest.raises(RuleBroken) as refused:
        hand_back.collect(order, returned_to="张三丰", code=held.code, actor=boss, at=hours(3))
    assert refused.value.code == "unpaid"
    with pytest.raises(RuleBroken) as refused:
        hand_back.collect(order, amount=order.amount, code="WRONG", actor=boss, at=hours(3))
    assert refused.value.code == "wrong_code"
    assert WorkOrder.objects.get(pk=order.pk).status == "repaired" and charging.owed(order) == order.amount
    got = hand_back.collect(order, amount=order.amount, returned_to="张三丰", code=held.code, actor=boss, at=hours(3))
    assert (got["order"].status, got["custody"].status, charging.owed(got["order"])) == ("done", "returned", 0)


@pytest.fixture
def audited(company, boss, at_work, prices):
    order = finish_visit.finish(at_work(), findings="修好", minutes=30, actor=everything(company.wang), at=hours(2)).order
    order = moves.make(order, "inspect", actor=everything(company.inspector), at=hours(3))
    return moves.make(order, "audit", actor=everything(company.auditor), at=hours(4))


def test_the_audit_makes_money_and_commission_final(company, audited):
    bill = bills.find_bill(Source.of(audited))
    assert bill.status == "final" and audited.audit_round == 1
    (line,) = Accrual.objects.filter(source_id=audited.pk)
    assert line.employee_id == company.wang.pk and line.amount == Decimal("33.00") and line.explanation["steps"]


def test_a_reversed_audit_can_be_audited_again(company, boss, audited):
    back = moves.make(audited, "reverse_audit", reason="价格错", actor=boss, at=hours(5))
    assert bills.find_bill(Source.of(back)).status == "reversed"
    assert sum(line.amount for line in Accrual.objects.filter(source_id=back.pk)) == 0
    again = moves.make(back, "audit", actor=boss, at=hours(6))
    assert again.audit_round == 2 and sum(line.amount for line in Accrual.objects.filter(source_id=back.pk)) == 33


def test_an_order_is_settled_when_nothing_is_owed(company, boss, audited):
    with pytest.raises(RuleBroken) as refused:
        moves.make(audited, "settle", actor=boss, at=hours(5))
    assert refused.value.code == "unpaid" and audit_order.settle_all(boss, at=hours(5)) == []
    assert moves.make(audited, "settle", owed_reason="月结客户", actor=boss, at=hours(5)).status == "settled"


def test_the_audit_calls_the_customer_and_bad_marks_are_a_complaint(company, boss, audited):
    delivery = Delivery.objects.get(reaction="schedule_callback")
    for _twice in range(2):
        reactions.run("schedule_callback", delivery.fact, at=hours(4))
    callback = Callback.objects.get()
    assert callback.due_at > hours(10)
    got = answer_callback.answer(callback, attitude=1, skill=3, punctuality=4, promise=4, comment="态度差", actor=boss, at=hours(30))
    assert got["complaint"].kind_of == "complaint" and got["complaint"].about_number == audited.number
    assert Callback.objects.get().complaint_number == got["complaint"].number


def test_a_repeat_is_joined_and_costs_the_first_engineer(company, boss, audited, register):
    again = register(fault=None, at=hours(24 * 10))
    assert again.order.repeat_of_id == audited.pk and again.warnings[0]["code"] == "repeat_repair"
    assert register(at=hours(24 * 40), open_anyway=True).order.repeat_of_id is None


def test_cancelling_frees_parts_and_asks_for_the_thing(company, boss, on_bench):
    order = repair_bench.confirm(on_bench("pending"), engineer=company.zhao, actor=boss, at=hours(1)).order
    with pytest.raises(WrongState) as refused:
        cancel_order.cancel(order, reason="不修了", actor=boss, at=hours(2))
    assert refused.value.code == "item_held"
    order = moves.make(order, "cancel", reason="不修了", item="void", actor=boss, at=hours(2))
    assert (order.status, Custody.objects.get().status) == ("cancelled", "voided")
    assert stock.available([company.part.pk], [company.depot.pk])[company.part.pk, company.depot.pk] == 5


def test_goods_that_come_serve_who_waits(company, boss, at_work):
    order = at_work()
    prepare_parts.add(order, lines=[{"part": "P-1", "qty": 6}], actor=boss, at=hours(1))
    order = work.wait_for_part(order, reason="缺压缩机", actor=boss, at=hours(1.5))
    inventory.receive(company.depot, lines=[(company.part.pk, Decimal(3), Decimal(90))], actor=boss, at=hours(2))
    delivery = Delivery.objects.filter(reaction="serve_waiting_orders").latest("id")
    for _twice in range(2):
        reactions.run("serve_waiting_orders", delivery.fact, at=hours(2.1))
    assert orders.materials_of(order).get().reserved_qty == 6 and PartRequest.objects.get().status == "filled"
    told = Fact.objects.filter(name="PartsArrived", object_id=order.pk)
    assert told.count() == 1 and told.get().data["ready"] is True
    assert not serve_waiting.serve(PartRequest.objects.get(), actor=boss, at=hours(3))


def test_a_waived_charge_lowers_what_is_owed(company, boss, prices, at_work):
    order = finish_visit.finish(at_work(), findings="好", minutes=5, actor=everything(company.wang), at=hours(2)).order
    charging.waive(order, line="labour", amount=Decimal("30.00"), reason="老客户", actor=boss, at=hours(3))
    assert WorkOrder.objects.get(pk=order.pk).amount == Decimal("80.00") and orders.compare_figures() == []
