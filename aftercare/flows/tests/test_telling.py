"""What a customer is to be told of his order follows from it: five sorts, opened, told, ended; and who told him which time."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.journal.models import Fact
from aftercare.domain.orders import actions as sales
from aftercare.domain.orders import queries as told
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.domain.work.tests import company as companies
from aftercare.flows import reactions, register_request, sell_parts, telling
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken
from aftercare.foundation.sources import Source

AT = companies.AT
SYSTEM = Actor.system("tests")


@pytest.fixture
def bench(company, boss):
    """A repair at the counter that is being worked on."""
    order = register_request.register(
        branch_id=company.branch.pk, customer=company.customer, asset=company.asset, fault="不制冷", mode="bench",
        intake={"item": "空调", "appearance": [], "accessories": [], "place": "A-1"}, actor=boss, at=AT).order
    order = work.dispatch(order, engineer=company.wang, actor=boss, at=AT)
    return work.start(work.accept(order, actor=boss, at=AT), actor=boss, at=AT)


def react(at=AT):
    """What the worker does with the facts there are; twice, since each reaction is safe to run again."""
    for _turn in range(2):
        for fact in Fact.objects.order_by("pk"):
            for name in reactions.TABLE.get(fact.name, ()):
                if name in ("follow_order", "follow_sale"):
                    reactions.run(name, fact, at=at)


def due(paper):
    return [one.about for one in told.duties_of(Source.of(paper))]


def tell(order, about, boss, **more):
    return telling.tell(order, about=about, channel="phone", actor=boss, at=AT, **more)


def test_a_repair_that_is_finished_is_told_once_he_is_reached(company, boss, bench):
    order = work.finish_repair(bench, findings="换电容", result="fixed", minutes=30, actor=boss, at=AT)
    react()
    assert due(order) == ["repaired"]
    (duty,) = told.list_duties(boss)
    assert (duty.customer, duty.employee, duty.since) == (company.customer, company.wang, AT)
    assert tell(order, "repaired", boss, outcome="not_reached").count == 1
    assert [(one.tries, one.last_at) for one in told.duties_of(Source.of(order))] == [(1, AT)]
    notice = tell(order, "repaired", boss, told_to="家属", note="周六来取")
    assert (notice.count, notice.outcome, notice.told_to, notice.customer) == (2, "reached", "家属", company.customer)
    assert due(order) == [] and told.told_of_many("work.workorder", [order.pk]) == {order.pk: 2}
    react()
    assert due(order) == []  # it was told, and stays told
    with pytest.raises(NotFound):
        told.get_duty(duty.pk, boss)


def test_what_is_no_longer_so_need_not_be_told(boss, bench):
    waiting = work.wait_for_part(bench, reason="等压缩机", actor=boss, at=AT)
    react()
    assert due(waiting) == ["waiting_part"] and told.duties_of(Source.of(waiting))[0].because == "等压缩机"
    again = work.resume(waiting, actor=boss, at=AT + dt.timedelta(minutes=1))
    react()
    assert due(again) == []
    later = work.wait_for_part(again, reason="等线路板", actor=boss, at=AT + dt.timedelta(hours=1))
    react()
    assert [one.because for one in told.duties_of(Source.of(later))] == ["等线路板"]


def test_a_part_that_came_is_newer_news_than_waiting_for_it(company, boss, bench):
    waiting = work.wait_for_part(bench, reason="等压缩机", actor=boss, at=AT)
    react()
    work.note_parts_arrived(waiting, part_id=company.part.pk, ready=False, actor=boss, at=AT)
    react()
    assert due(waiting) == ["waiting_part"]
    work.note_parts_arrived(waiting, part_id=company.part.pk, ready=True, actor=boss, at=AT)
    react()
    assert due(waiting) == ["part_arrived"]


def test_a_price_is_to_be_told_until_he_answers(boss, bench):
    asked = work.request_quote(bench, amount="200.00", note="换压缩机", actor=boss, at=AT)
    react()
    assert due(asked) == ["quote"] and "200" in told.duties_of(Source.of(asked))[0].because
    answered = work.accept_quote(asked, reason="电话同意", actor=boss, at=AT)
    react()
    assert due(answered) == []


def test_late_is_told_by_the_round_and_ends_with_the_work(company, boss, bench):
    order = orders.get_order(bench.pk, boss)
    before, after = order.due_at - dt.timedelta(minutes=1), order.due_at + dt.timedelta(minutes=1)
    telling.run_round(at=before)
    assert due(order) == []
    for _turn in range(2):
        telling.run_round(at=after)
        assert due(order) == ["delay"]
    tell(order, "delay", boss)
    telling.run_round(at=after)
    assert due(order) == []
    assert told.list_notices(boss).get().count == 1


def test_the_round_mends_what_was_missed(boss, bench):
    order = work.finish_repair(bench, findings="换电容", result="fixed", minutes=30, actor=boss, at=AT)
    telling.run_round(at=AT)
    assert due(order) == ["repaired"]  # no reaction ran: an order from before the update
    work.send_back(order, reason="异响", actor=boss, at=AT)
    telling.run_round(at=AT)
    assert due(order) == []


def test_ordered_parts_that_came_are_told_and_late_ones_too(company, boss):
    sale = sell_parts.open_sale(place=company.depot, kind="retail", customer_id=company.customer.pk,
                                lines=[{"part": company.part.code, "qty": 9}], wanted_on=AT.date(), actor=boss, at=AT)
    sale = sell_parts.place_order(sale, actor=boss, at=AT)
    telling.run_round(at=AT)
    assert due(sale) == []
    telling.run_round(at=AT + dt.timedelta(days=1))
    assert due(sale) == ["delay"]
    inventory.receive(company.depot, source=Source("tests.stock", 2, "T2"), key="more", actor=SYSTEM, at=AT,
                      lines=[(company.part.pk, D(9), D("100.00"))])
    sale = sales.arrive(told.get_sale(sale.pk, boss), actor=SYSTEM, at=AT)
    react()
    assert due(sale) == ["part_arrived"]
    sales.notify(sale, channel="phone", actor=boss, at=AT)
    assert due(sale) == []


def test_who_may_tell(company, boss, bench):
    work.finish_repair(bench, findings="换电容", result="fixed", minutes=30, actor=boss, at=AT)
    react()
    order = orders.get_order(bench.pk, boss)
    own = {code: Reach(people=frozenset({company.wang.pk})) for code in ("orders.notify", "orders.view_notice", "work.view_order")}
    wang = Actor(kind="employee", id=company.wang.pk, name="王工", employee_id=company.wang.pk, reaches=own)
    zhao = Actor(kind="employee", id=company.zhao.pk, name="赵工", employee_id=company.zhao.pk,
                 reaches={code: Reach(people=frozenset({company.zhao.pk})) for code in own})
    assert told.count_duties(wang) == 1 and told.count_duties(zhao) == 0
    with pytest.raises(NotAllowed):
        tell(order, "repaired", zhao)
    with pytest.raises(RuleBroken) as refused:
        tell(order, "repaired", wang, outcome="perhaps")
    assert refused.value.code == "no_such_outcome"
    assert tell(order, "repaired", wang).count == 1 and told.count_duties(wang) == 0
    with pytest.raises(NotFound):
        telling.find_paper("work.workorder", order.number, zhao)
