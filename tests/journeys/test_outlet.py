"""An order given to an outlet: its own people do it, charge it and take the money, though the bill is the branch's."""

import datetime as dt
from decimal import Decimal

import pytest

from aftercare.domain.billing import queries as bills
from aftercare.domain.people import actions as people
from aftercare.domain.work import queries as orders
from aftercare.flows import charging, moves, register_request
from aftercare.foundation.refusals import NotAllowed, NotFound
from aftercare.foundation.sources import Source
from tests.world import MONDAY, SYSTEM


@pytest.fixture
def given(world):
    """An order that the dispatcher gave to the outlet, and the outlet's operator."""
    operator = world.people["outlet"]
    people.edit_employee(operator, version=operator.version, is_engineer=True, actor=SYSTEM, at=MONDAY)
    people.set_skills(operator, category_codes=["AC"], actor=SYSTEM, at=MONDAY)
    people.add_certificate(operator, name="制冷上岗证", category_code="AC", expires_on=dt.date(2027, 12, 31), actor=SYSTEM, at=MONDAY)
    done = register_request.register(
        branch_id=world.head.pk, customer=world.customer, asset=world.old_unit, fault="不制冷", region_code="310101",
        actor=world.actor("clerk"), at=MONDAY,
    )
    return moves.make(done.order, "dispatch", outlet=world.outlet.number, actor=world.actor("dispatcher"), at=MONDAY)


def test_the_outlet_finishes_charges_and_collects(world, given):
    operator, at = world.actor("outlet"), MONDAY + dt.timedelta(hours=2)
    order = orders.get_order(given.number, operator)
    order = moves.make(order, "accept", engineer=operator.employee_id, actor=operator, at=at)
    order = moves.make(order, "arrive", actor=operator, at=at)
    order = moves.make(order, "complete", findings="清洗", minutes=60, collect={"amount": Decimal("110.00"), "method": "cash"},
                       actor=operator, at=at)
    bill = bills.find_bill(Source.of(order))
    assert order.status == "done" and bill.branch_id == world.head.pk
    assert (bill.due_amount, bill.paid_amount) == (Decimal("110.00"), Decimal("110.00"))


def test_the_outlet_touches_no_other_bill_of_the_branch(world, given):
    other = register_request.register(
        branch_id=world.head.pk, customer=world.customer, asset=world.new_unit, fault="漏水", actor=world.actor("clerk"), at=MONDAY,
    ).order
    with pytest.raises((NotAllowed, NotFound)):
        charging.price(other, actor=world.actor("outlet"), at=MONDAY)
