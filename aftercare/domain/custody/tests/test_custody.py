"""Custody: in against a receipt, out against its code, never twice at once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftercare.domain.custody import actions, queries, rules
from aftercare.domain.custody.lifecycle import CUSTODY, Status
from aftercare.domain.custody.models import Custody
from aftercare.domain.journal.models import Fact
from aftercare.domain.work.tests import company as companies
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

AT = companies.AT
ORDER = Source("work.workorder", 7, "WO260302000007")
ALL = ("custody.view_custody", "custody.receive", "custody.hand_back")


@pytest.fixture
def company(db):
    return companies.found_company()


@pytest.fixture
def clerk(company):
    reach = Reach(branches=frozenset({company.branch.pk}))
    return Actor(kind="employee", id=company.clerk.pk, name="小李", branch_id=company.branch.pk,
                 employee_id=company.clerk.pk, reaches=dict.fromkeys(ALL, reach))


@pytest.fixture
def receive(company, clerk):
    def make(**values):
        given = {"customer": company.customer, "item": "空调", "branch_id": company.branch.pk, "asset": company.asset,
                 "source": ORDER, "appearance": ["划痕", " ", "划痕"], "accessories": ["遥控器"],
                 "limit_amount": Decimal("200.00"), "actor": clerk, "at": AT}
        return actions.receive(**(given | values))

    return make


INPUTS = {"move_to": {"place": "B-3"}, "hand_back": {"reason": "核对身份证"}, "void_receipt": {"reason": "误开"}}
# The ladder's moves have a past of their own: tests/test_ladder.py.
PLAIN = [*INPUTS, "mark_ready", "unmark_ready"]


def test_a_thing_comes_in_against_a_receipt(receive):
    held = receive()
    assert held.number.startswith("SJ260302") and held.appearance == ["划痕"] and len(held.code) == 6
    assert held.received_by == "小李" and held.received_at == AT
    assert queries.find_held_for(ORDER) == held == queries.find_held_of_asset(held.asset_id)


@pytest.mark.parametrize("name", PLAIN)
def test_every_move_and_none_from_elsewhere(receive, clerk, name):
    moved = CUSTODY.actions[name](receive(), actor=clerk, at=AT, **INPUTS.get(name, {}))
    assert moved.status == (CUSTODY.moves[name].target or Status.HELD)
    assert Fact.objects.latest("id").verb == f"custody.custody.{name}"
    if moved.status != Status.HELD:
        for other in PLAIN:
            with pytest.raises(WrongState):
                CUSTODY.actions[other](moved, actor=clerk, at=AT, **INPUTS.get(other, {}))


def test_moves_need_the_right(receive, clerk, company):
    held = receive()
    looker = Actor(kind="employee", id=9, name="看", employee_id=9,
                   reaches={"custody.view_custody": Reach(branches=frozenset({company.branch.pk}))})
    for name, inputs in INPUTS.items():
        with pytest.raises(NotAllowed):
            CUSTODY.actions[name](held, actor=looker, at=AT, **inputs)
    with pytest.raises(NotFound):
        queries.get_custody(held.number, Actor(kind="employee", id=9, name="外人"))


def test_the_code_opens_the_door(receive, clerk):
    held = receive()
    for given, code in (({}, "code_missing"), ({"code": "AAAAAA"}, "wrong_code")):
        with pytest.raises(RuleBroken) as refused:
            actions.hand_back(held, actor=clerk, at=AT, **given)
        assert refused.value.code == code
    back = actions.hand_back(held, code=held.code.lower(), returned_to="张三", actor=clerk, at=AT)
    assert (back.status, back.returned_to, back.returned_at) == ("returned", "张三", AT)


def test_without_a_receipt_the_reason_is_kept(receive, clerk):
    actions.hand_back(receive(), reason="核对身份证", actor=clerk, at=AT)
    assert Fact.objects.latest("id").data["without_receipt"] == "核对身份证"


def test_a_unit_is_held_once(receive, clerk):
    held = receive()
    with pytest.raises(WrongState) as refused:
        receive()
    assert refused.value.code == "already_held"
    actions.hand_back(held, code=held.code, actor=clerk, at=AT)
    assert receive().status == "held"


@pytest.mark.both
def test_the_database_itself_holds_a_unit_once(receive, company):
    held = receive()
    with pytest.raises(IntegrityError), transaction.atomic():
        Custody.objects.create(number="SJ-X", branch=company.branch, customer=company.customer, asset=held.asset, item="x",
                               received_at=AT, received_by="x")


def test_inputs_are_checked(receive, clerk):
    with pytest.raises(RuleBroken):
        receive(item=" ")
    with pytest.raises(RuleBroken):
        receive(limit_amount=Decimal("-1"))
    held = receive()
    with pytest.raises(RuleBroken):
        actions.move_to(held, place=" ", actor=clerk, at=AT)
    with pytest.raises(RuleBroken):
        actions.void_receipt(held, reason=" ", actor=clerk, at=AT)


def test_lists_narrow_in_one_statement(receive, clerk, django_assert_num_queries):
    held = receive()
    with django_assert_num_queries(1):
        rows = list(queries.list_custodies(clerk, status="held", number=held.number[:6]))
        assert [(row.customer.name, row.asset.product.name) for row in rows] == [("张三丰", "空调一号")]
    assert not queries.list_custodies(clerk, at=AT, held_longer_than_days=30)
    assert queries.list_custodies(clerk, at=AT + dt.timedelta(days=31), held_longer_than_days=30).get() == held
    assert queries.list_of_source(ORDER) == [held]


def test_the_code_follows_from_number_and_secret():
    assert rules.calculate_code(b"s", "SJ1") == rules.calculate_code(b"s", "SJ1") != rules.calculate_code(b"t", "SJ1")
    assert set(rules.calculate_code(b"s", "SJ1")) & set("01OILSZ") == set()
