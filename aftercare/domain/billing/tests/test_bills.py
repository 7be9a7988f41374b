"""Charges, final bills, reversal, waivers: what each books and refuses."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.apps import apps

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries
from aftercare.domain.ledger import queries as ledger
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

pytestmark = [pytest.mark.django_db, pytest.mark.both]
AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
NOW = {"actor": Actor.system("test"), "at": AT}
ORDER = Source("work.workorder", 1, "WO000001")
LINES = [
    billing.ChargeLine("labour", "labour", "上门维修", D(1), D("120")),
    billing.ChargeLine("part:1", "part", "滤网", D("2.5"), D("19.99")),
    billing.ChargeLine("travel", "travel", "上门费", D(1), D("50"), payer="warranty"),
]


class Till:
    """A branch with a customer, an engineer and his rights."""

    def __init__(self):
        branch, employee, customer = (apps.get_model(n) for n in ("people.Branch", "people.Employee", "parties.Customer"))
        self.branch = branch.objects.create(number="B1", name="杭州", kind_of="branch", path="/1/")
        self.engineer = employee.objects.create(number="E1", name="王工", branch=self.branch, is_engineer=True)
        self.cashier = employee.objects.create(number="E2", name="钱会计", branch=self.branch)
        self.customer = customer.objects.create(number="C1", name="李女士", branch=self.branch, created_at=AT)

    def set(self, lines=LINES, **more):
        return billing.set_charges(
            ORDER, lines=lines, branch_id=self.branch.pk, customer_id=self.customer.pk, employee_id=self.engineer.pk,
            **{**NOW, **more},
        )

    def person(self, *permissions, employee=None):
        """Somebody with these permissions for his own work (engineer) or his branch."""
        who = employee or self.engineer
        reach = Reach(people=frozenset({who.pk})) if who == self.engineer else Reach(branches=frozenset({self.branch.pk}))
        return Actor("employee", who.pk, who.name, employee_id=who.pk, reaches=dict.fromkeys(permissions, reach))

    @property
    def owed(self):
        return ledger.balance("receivable", ("parties.customer", self.customer.pk))


@pytest.fixture
def till(db):
    return Till()


def test_charges_come_to_the_cent(till):
    bill = till.set()
    assert [row.amount for row in queries.charges_of(ORDER)] == [D("120"), D("49.98"), D("50")]
    assert (bill.due_amount, bill.covered_amount, bill.status) == (D("169.98"), D("50"), "draft")


def test_the_same_charges_again_change_nothing(till):
    first, again = till.set(), till.set()
    assert (first.pk, again.version) == (again.pk, 1)


def test_other_charges_replace(till):
    till.set()
    bill = till.set(LINES[:1])
    assert (bill.due_amount, len(queries.charges_of(ORDER)), bill.version) == (D("120"), 1, 2)


def test_another_customer_until_somebody_paid(till):
    till.set()
    other = apps.get_model("parties.Customer").objects.create(number="C2", name="张先生", branch=till.branch, created_at=AT)
    till.customer, first = other, till.customer
    assert till.set().customer_id == other.pk
    billing.collect(ORDER, amount=D(1), method="wechat", **NOW)
    till.customer = first
    with pytest.raises(WrongState) as refusal:
        till.set()
    assert refusal.value.code == "paid_already"


def test_several_payers_share_a_line_exactly(till):
    shares = (("customer", D(1)), ("supplier", D(1)), ("company", D(1)))
    bill = till.set([billing.ChargeLine("part:1", "part", "主板", D(1), D("100"), shares=shares)])
    assert sum(row.amount for row in queries.charges_of(ORDER)) == 100
    assert (bill.due_amount, bill.covered_amount) == (D("33.34"), D("66.66"))


@pytest.mark.parametrize(("line", "code"), [
    (("x", "gift", "", D(1), D(1)), "unknown_kind"), (("x", "part", "", D(1), D(1), "uncle"), "unknown_payer"),
    (("x", "part", "", D(0), D(1)), "quantity_not_positive"), (("x", "part", "", D(1), D("0.001")), "amount_too_fine"),
    (("x", "part", "", D(1), D(-1)), "amount_too_small"),
    (("x", "part", "", D(1), D(5), "customer", D(6), "老客户"), "waived_too_much"),
    (("x", "part", "", D(1), D(5), "customer", D(2)), "reason_needed"),
])
def test_bad_charges_are_refused(till, line, code):
    with pytest.raises(RuleBroken) as refusal:
        till.set([line])
    assert refusal.value.code == code


def test_a_line_twice_is_refused(till):
    with pytest.raises(RuleBroken) as refusal:
        till.set([LINES[0], LINES[0]])
    assert refusal.value.code == "line_twice"


def test_final_bill_is_booked_to_zero(till):
    till.set()
    bill = billing.finalise(ORDER, **NOW)
    assert (bill.status, bill.final_at) == ("final", AT)
    assert till.owed == D("169.98")
    assert (ledger.balance("warranty_cost"), ledger.balance("revenue_labour")) == (D(50), D(-120))
    assert (ledger.balance("revenue_part"), ledger.balance("revenue_travel")) == (D("-49.98"), D(-50))


def test_final_charges_stand(till):
    till.set()
    billing.finalise(ORDER, **NOW)
    with pytest.raises(WrongState):
        till.set(LINES[:1])
    with pytest.raises(WrongState):
        billing.finalise(ORDER, **NOW)


def test_nothing_to_finalise_is_refused(till):
    with pytest.raises(NotFound) as refusal:
        billing.finalise(ORDER, **NOW)
    assert refusal.value.code == "no_bill"


def test_an_empty_bill_may_be_final(till):
    till.set([])
    assert billing.finalise(ORDER, **NOW).status == "final"
    assert ledger.entries_of(ORDER) == []


def test_reversal_then_a_new_round(till):
    till.set()
    billing.finalise(ORDER, **NOW)
    bill = billing.reverse_final(ORDER, reason="金额有误", **NOW)
    assert (bill.status, bill.round, till.owed, ledger.balance("warranty_cost")) == ("reversed", 2, 0, 0)
    till.set(LINES[:1])
    billing.finalise(ORDER, **NOW)
    assert till.owed == 120
    assert [entry.key for entry in ledger.entries_of(ORDER)] == ["bill.final:1", "bill.unfinal:1", "bill.final:2"]


def test_reversal_needs_a_reason(till):
    till.set()
    bill = billing.finalise(ORDER, **NOW)
    with pytest.raises(RuleBroken):
        billing.reverse_final(bill, reason=" ", **NOW)


def test_waiver_lowers_what_is_due_and_is_kept_by_new_charges(till):
    bill = till.set()
    bill = billing.waive(bill, line="labour", amount=D(20), reason="老客户", **NOW)
    assert bill.due_amount == D("149.98")
    assert till.set(LINES[:1]).due_amount == 100
    billing.finalise(ORDER, **NOW)
    assert (ledger.balance("discounts"), till.owed, ledger.balance("revenue_labour")) == (20, 100, -120)


@pytest.mark.parametrize(("more", "code"), [
    ({"amount": D(200)}, "waived_too_much"), ({"reason": ""}, "reason_needed"), ({"line": "gift"}, "not_found"),
])
def test_bad_waivers_are_refused(till, more, code):
    bill = till.set()
    with pytest.raises((RuleBroken, NotFound)) as refusal:
        billing.waive(bill, **{"line": "labour", "amount": D(1), "reason": "x", **more}, **NOW)
    assert refusal.value.code == code


def test_waiving_needs_its_own_right(till):
    engineer = till.person("billing.view_bill", "billing.edit_charges")
    waived = [LINES[0]._replace(waived=D(5), reason="x")]
    with pytest.raises(NotAllowed):
        till.set(waived, actor=engineer)
    bill = till.set(LINES, actor=engineer)
    with pytest.raises(NotAllowed):
        till.set(waived, actor=engineer)
    with pytest.raises(NotAllowed):
        billing.waive(bill, line="labour", amount=D(1), reason="x", actor=engineer, at=AT)


def test_an_engineer_sees_the_bills_of_his_work_only(till):
    till.set()
    assert queries.list_bills(till.person("billing.view_bill")).count() == 1
    stranger = Actor("employee", 99, "x", employee_id=99, reaches={"billing.view_bill": Reach(people=frozenset({99}))})
    assert queries.list_bills(stranger).count() == 0
