"""Paid work begins only with the customer's consent where the branch's policy asks for it; elsewhere as ever."""

import pytest

from aftercare.domain.catalog.models import LabourPrice
from aftercare.domain.journal.models import Fact
from aftercare.domain.quotes import actions as quotes
from aftercare.domain.work.tests.company import AT, everything, hours
from aftercare.flows import moves, quoting, register_request, repair_bench
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


@pytest.fixture
def ready(company, boss):
    """A function that makes an accepted paid order (labour 80), on the bench or on site."""
    LabourPrice.objects.create(amount="80.00", valid_from="2026-01-01")

    def make(mode="on_site"):
        order = register_request.register(branch_id=company.branch.pk, customer=company.customer, product="旧冰箱", title="不制冷",
                                          mode=mode, actor=boss, at=AT).order
        order = moves.make(order, "dispatch", engineer=company.wang.number, actor=boss, at=hours(0.1))
        return moves.make(order, "accept", actor=everything(company.wang), at=hours(0.2))

    return make


def begin(order, company):
    """Arrive, or start on the bench."""
    return moves.make(order, "arrive" if order.mode == "on_site" else "start", actor=everything(company.wang), at=hours(1))


def policy(at_start, branch=None, **more):
    """Set what happens when work begins without consent."""
    quotes.set_policy(branch_id=branch and branch.pk, at_start=at_start, actor=SYSTEM, at=AT, **more)


@pytest.mark.parametrize("mode", ["on_site", "bench"])
def test_without_a_policy_work_begins_as_ever(ready, company, mode):
    assert begin(ready(mode), company).status == "working"


@pytest.mark.parametrize("mode", ["on_site", "bench"])
def test_where_the_policy_refuses_paid_work_begins_with_consent_only(ready, company, mode):
    order = ready(mode)
    policy("off")
    policy("refuse", company.branch)
    with pytest.raises(RuleBroken) as refused:
        begin(order, company)
    assert refused.value.code == "consent_needed"
    by_wang = {"actor": everything(company.wang), "at": hours(0.5)}
    quote = quoting.propose(order, **by_wang)
    with pytest.raises(RuleBroken) as refused:
        begin(order.__class__.objects.get(pk=order.pk), company)
    assert refused.value.code == "consent_waiting"
    quoting.answer(quote, agreed=True, channel="counter", name="张三", **by_wang)
    assert begin(order.__class__.objects.get(pk=order.pk), company).status == "working"


def test_the_four_calls_of_a_repair_ask_too(ready, company):
    order = ready("bench")
    policy("refuse")
    with pytest.raises(RuleBroken):
        repair_bench.start(order, actor=everything(company.wang), at=hours(1))


def test_within_the_free_limit_nobody_is_asked(ready, company):
    policy("refuse", free_limit_amount=80)
    assert begin(ready(), company).status == "working"


def test_where_it_warns_work_begins_and_the_timeline_says_so(ready, company):
    policy("warn")
    order = begin(ready(), company)
    assert order.status == "working"
    [note] = Fact.objects.filter(verb="work.order.note", object_id=order.pk).values_list("note", flat=True)
    assert note.startswith("未取得客户同意就开工：") and "80.00" in note


def test_what_costs_the_customer_nothing_begins_without_a_word(ready, company):
    LabourPrice.objects.all().delete()
    policy("refuse")
    assert begin(ready(), company).status == "working"


def test_an_unknown_policy_is_refused():
    with pytest.raises(RuleBroken) as refused:
        policy("sometimes")
    assert (refused.value.code, refused.value.field) == ("unknown_policy", "at_start")
