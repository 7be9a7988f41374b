"""Who may let off how much, and what happens above it."""

from decimal import Decimal as D

import pytest
from django.apps import apps

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries
from aftercare.domain.billing.tests.test_bills import AT, NOW, Till
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState


@pytest.fixture
def till(db):
    return Till()


@pytest.fixture
def people(till):
    """A cashier who may let off ¥20, his chief ¥100, and who may only ask."""
    role, grant, employee = (apps.get_model(f"people.{n}") for n in ("Role", "Grant", "Employee"))
    rights = ("billing.view_bill", "billing.waive", "billing.ask_waiver")
    made = {}
    for number, (name, limit) in enumerate({"cashier": D(20), "chief": D(100)}.items(), 5):
        who = employee.objects.create(number=f"E{number}", name=name, branch=till.branch)
        of = role.objects.create(code=name, name=name)
        grant.objects.create(employee=who, role=of, branch=till.branch)
        billing.set_limit(role_id=of.pk, amount=limit, **NOW)
        made[name] = Actor("employee", who.pk, name, employee_id=who.pk, reaches=dict.fromkeys(rights, Reach(branches=frozenset({till.branch.pk}))))
    made["asker"] = till.person("billing.view_bill", "billing.ask_waiver")
    return made


def test_above_ones_limit_another_decides(till, people):
    bill = till.set()
    cashier = {"actor": people["cashier"], "at": AT}
    assert billing.waive(bill, line="labour", amount=D(20), reason="老客户", **cashier).due_amount == D("149.98")
    with pytest.raises(RuleBroken) as refused:
        billing.waive(bill, line="labour", amount=D("20.01"), reason="老客户", **cashier)
    assert (refused.value.code, refused.value.params["limit"]) == ("waive_above_limit", "20.00")
    asked = billing.ask(bill, line="labour", amount=D(50), reason="老客户", **cashier)
    assert (asked.number, asked.status, queries.count_waiting(people["chief"])) == ("JM260302000001", "pending", 1)
    with pytest.raises(WrongState) as twice:
        billing.ask(bill, line="labour", amount=D(40), reason="老客户", **cashier)
    assert twice.value.code == "asked_already"
    for actor, code in ((people["cashier"], "own_request"),):
        with pytest.raises(RuleBroken) as refused:
            billing.approve(asked, actor=actor, at=AT)
        assert refused.value.code == code
    done = billing.approve(asked, actor=people["chief"], at=AT)
    assert (done.status, done.decided_name) == ("approved", "chief")
    assert queries.get_bill(bill.pk, people["chief"]).due_amount == D("119.98")
    with pytest.raises(WrongState):
        billing.refuse(asked, reason="x", actor=people["chief"], at=AT)


def test_nobody_approves_more_than_he_may_himself(till, people):
    bill = till.set()
    asked = billing.ask(bill, line="labour", amount=D(110), reason="投诉补偿", actor=people["cashier"], at=AT)
    with pytest.raises(RuleBroken) as refused:
        billing.approve(asked, actor=people["chief"], at=AT)
    assert refused.value.code == "waive_above_limit"
    with pytest.raises(RuleBroken):
        billing.refuse(asked, reason=" ", actor=people["chief"], at=AT)
    assert billing.refuse(asked, reason="太多", actor=people["chief"], at=AT).answer == "太多"
    other = billing.ask(bill, line="labour", amount=D(30), reason="投诉", actor=people["asker"], at=AT)
    with pytest.raises(NotAllowed):
        billing.approve(other, actor=people["asker"], at=AT)
    assert billing.withdraw(other, actor=people["asker"], at=AT).status == "withdrawn"


@pytest.mark.parametrize(("more", "code"), [
    ({"amount": D(121)}, "waived_too_much"), ({"amount": D(0)}, "amount_too_small"), ({"reason": " "}, "reason_needed"),
    ({"line": "gift"}, "not_found"),
])
def test_requests_that_may_not_be_made(till, people, more, code):
    bill = till.set()
    with pytest.raises((RuleBroken, NotFound)) as refused:
        billing.ask(bill, **{"line": "labour", "amount": D(1), "reason": "x", "actor": people["asker"], "at": AT, **more})
    assert refused.value.code == code


def test_the_rest_has_a_limit_of_its_own(till, people):
    assert queries.waiver_limit(people["asker"]) is None
    billing.set_limit(role_id=None, amount=D(5), **NOW)
    assert [queries.waiver_limit(people[name]) for name in ("asker", "cashier", "chief")] == [5, 20, 100]
    with pytest.raises(NotAllowed):
        billing.set_limit(role_id=None, amount=None, actor=people["chief"], at=AT)
    bill = till.set()
    billing.finalise(bill, **NOW)
    with pytest.raises(WrongState):
        billing.ask(queries.get_bill(bill.pk, people["asker"]), line="labour", amount=D(1), reason="x", actor=people["asker"], at=AT)
