"""Precheck, quote, consent, repair; and what happens when he refuses, when lines are added, when time runs out."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog.models import LabourPrice
from aftercare.domain.inventory import queries as stock
from aftercare.domain.quotes import actions as quotes
from aftercare.domain.quotes import queries as quoted
from aftercare.domain.work import queries as orders
from aftercare.domain.work.tests.company import AT, everything, hours
from aftercare.flows import (
    audit_order,
    cancel_order,
    charging,
    finish_visit,
    moves,
    prepare_parts,
    quoting,
    register_request,
)
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)
SYSTEM = Actor.system("tests")


@pytest.fixture
def story(company, boss):
    """A paid order at work with one part promised: on the bench, or on site."""
    LabourPrice.objects.create(amount="80.00", valid_from=DAY)
    LabourPrice.objects.create(amount="30.00", valid_from=DAY, fee="travel")
    LabourPrice.objects.create(amount="20.00", valid_from=DAY, fee="inspection")

    class Story:
        wang = everything(company.wang)
        by_wang = {"actor": wang, "at": hours(3)}
        part = company.part

        def start(self, mode="bench", price=D("200.00")):
            order = register_request.register(branch_id=company.branch.pk, customer=company.customer, product="旧冰箱",
                                              title="不制冷", mode=mode, actor=boss, at=AT).order
            order = moves.make(order, "dispatch", engineer=company.wang.number, actor=boss, at=hours(0.1))
            order = moves.make(order, "accept", actor=self.wang, at=hours(0.2))
            order = moves.make(order, "arrive" if mode == "on_site" else "start", actor=self.wang, at=hours(1))
            prepare_parts.add(order, lines=[{"part": company.part, "qty": 1, "price_amount": price}], actor=self.wang, at=hours(1))
            return self.fresh(order)

        def fresh(self, order):
            return orders.get_order(order.pk, SYSTEM)

        def agree(self, quote, **more):
            return quoting.answer(quote, **{"agreed": True, "channel": "counter", "name": "张三", **self.by_wang, **more})

        def promised(self, order):
            return sum((m.reserved_qty for m in orders.materials_of(order)), D(0))

        def free(self):
            places = [company.depot.pk, company.van.pk]
            return sum(stock.available([company.part.pk], places).values(), D(0))

    return Story()


def test_from_quote_to_consent_to_repair(story):
    order = story.start()
    quote = quoting.propose(order, **story.by_wang)
    order = story.fresh(order)
    assert (order.status, quote.status, quote.round, quote.total_amount, quote.inspection_amount) == (
        "quoting", "sent", 1, D("280.00"), D("20.00"))
    assert order.quote["number"] == quote.number
    with pytest.raises(WrongState):
        finish_visit.repair(order, findings="换好了", **story.by_wang)
    story.agree(quote, channel="call", evidence={"reference": "REC-1234"})
    order = story.fresh(order)
    assert (order.status, order.quote["agreed"]) == ("working", True)
    # The list changes; what was agreed to does not.
    LabourPrice.objects.filter(fee="labour").update(amount="999.00")
    assert [line.price_amount for line in quoted.lines_of(quote)] == [D("80.00"), D("200.00")]
    assert finish_visit.repair(story.fresh(order), findings="换好了", **story.by_wang).bill.due_amount == D("280.00")


def test_an_added_line_needs_a_second_consent_and_the_old_quote_counts_no_more(story, company):
    order = story.start()
    first = quoting.propose(order, **story.by_wang)
    link = quoted.link_of(first)
    story.agree(first)
    prepare_parts.add(order, lines=[{"part": company.part, "qty": 1, "price_amount": D("50.00")}], **story.by_wang)
    order = story.fresh(order)
    with pytest.raises(RuleBroken) as refused:
        finish_visit.repair(order, findings="换好了", **story.by_wang)
    assert (refused.value.code, refused.value.params["lines"][0]["amount"]) == ("consent_exceeded", "50.00")
    second = quoting.propose(order, **story.by_wang)
    assert (second.round, second.total_amount, quoted.get_quote(first.pk, SYSTEM).status) == (2, D("330.00"), "superseded")
    assert quoted.find_by_token(link.rsplit("/", 1)[1]).status == "superseded"
    story.agree(second)
    assert finish_visit.repair(story.fresh(order), findings="换好了", **story.by_wang).bill.due_amount == D("330.00")


def test_a_refusal_frees_the_parts_and_gives_the_thing_back_for_the_inspection_fee(story):
    before = story.free()
    order = story.start()
    assert (story.promised(order), story.free()) == (1, before - 1)
    quote = quoting.propose(order, inspection_amount=D("35.00"), **story.by_wang)
    story.agree(quote, agreed=False, reason="太贵")
    order = story.fresh(order)
    assert (order.status, order.result, story.promised(order), story.free()) == ("repaired", "unrepaired", 0, before)
    charges = bills.charges_of(Source.of(order))
    assert [(c.kind_of, c.amount, c.payer) for c in charges] == [("inspection", D("35.00"), "customer")]
    charging.add_fee(order, name="仓储费", amount=D("10.00"), **story.by_wang)
    order = moves.make(order, "hand_over", returned_to="张三", owed_reason="挂账", **story.by_wang)
    order = moves.make(order, "inspect", actor=SYSTEM, at=hours(5))
    with pytest.raises(RuleBroken) as refused:
        audit_order.audit(order, actor=SYSTEM, at=hours(6))
    assert refused.value.code == "consent_refused"


def test_on_site_a_refusal_leaves_the_end_to_the_engineer(story):
    order = story.start("on_site")
    story.agree(quoting.propose(order, **story.by_wang), agreed=False, reason="太贵")
    order = story.fresh(order)
    assert (order.status, story.promised(order)) == ("working", 0)
    with pytest.raises(RuleBroken) as refused:
        finish_visit.finish(order, findings="修好", **story.by_wang)
    assert refused.value.code == "quote_refused"
    done = finish_visit.finish(order, findings="未修", result="unrepaired", **story.by_wang)
    assert (done.bill.due_amount, [m.used_qty for m in orders.materials_of(order)]) == (D("20.00"), [0])


def test_above_the_limit_paid_work_may_not_start_or_end_without_consent(story):
    quotes.set_policy(free_limit_amount=D("250.00"), actor=SYSTEM, at=AT)
    order = story.start()
    for act in (lambda: prepare_parts.issue(order, **story.by_wang), lambda: finish_visit.repair(order, findings="好", **story.by_wang)):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.code == "consent_needed"
    quote = quoting.propose(order, **story.by_wang)
    with pytest.raises(RuleBroken) as refused:
        prepare_parts.issue(story.fresh(order), **story.by_wang)
    assert refused.value.code == "consent_waiting"
    story.agree(quote)
    prepare_parts.issue(story.fresh(order), **story.by_wang)
    assert finish_visit.repair(story.fresh(order), findings="好", **story.by_wang).order.status == "repaired"


def test_time_ends_a_quote_and_the_order_goes_back_to_work(story):
    order = story.start()
    quote = quoting.propose(order, valid_days=1, **story.by_wang)
    assert quoting.expire_due(at=hours(20)) == 0
    assert quoting.expire_due(at=hours(60)) == 1 and quoting.expire_due(at=hours(60)) == 0
    assert (story.fresh(order).status, quoted.get_quote(quote.pk, SYSTEM).status) == ("working", "expired")


def test_the_orders_own_buttons_make_quotes_too(story):
    order = story.start()
    order = moves.make(order, "request_quote", amount=D("280.00"), note="含人工", **story.by_wang)
    assert not quoted.current_of(Source.of(order)).is_lump
    order = moves.make(order, "lapse_quote", reason="报错了", **story.by_wang)
    assert (order.status, quoted.current_of(Source.of(order))) == ("working", None)
    order = moves.make(order, "request_quote", amount=D("300.00"), **story.by_wang)
    lump = quoted.current_of(Source.of(order))
    assert (lump.is_lump, lump.round, lump.total_amount) == (True, 2, D("300.00"))
    order = moves.make(order, "accept_quote", reason="电话同意", **story.by_wang)
    assert (order.status, quoted.consent_of(lump).evidence) == ("working", {"note": "电话同意"})
    assert finish_visit.repair(order, findings="好", **story.by_wang).bill.due_amount == D("280.00")


def test_a_cancelled_orders_quote_can_be_answered_by_nobody(story):
    order = story.start()
    quote = quoting.propose(order, **story.by_wang)
    cancel_order.cancel(story.fresh(order), reason="不修了", actor=SYSTEM, at=hours(4))
    with pytest.raises(WrongState):
        story.agree(quote)
    assert quoted.link_of(quoted.get_quote(quote.pk, SYSTEM)) == ""
