"""Contacts: every move, every refusal, the lists and what their README says."""

import datetime as dt
import re
from pathlib import Path

import pytest

from aftercare.domain.cases import actions, queries, rules
from aftercare.domain.cases.lifecycle import CONTACT, Status
from aftercare.domain.journal.models import Fact, Mention
from aftercare.domain.people.models import Branch, Employee
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from aftercare.foundation.sources import Source

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
ALL = ("cases.view_contact", "cases.register", "cases.handle")
ORDER = Source("work.workorder", 7, "WO260302000007")


def actor_of(employee, *permissions, **values) -> Actor:
    reach = Reach(branches=frozenset({employee.branch_id}))
    return Actor(kind="employee", id=employee.pk, name=employee.name, branch_id=employee.branch_id, employee_id=employee.pk,
                 reaches=dict.fromkeys(permissions, reach), **values)


@pytest.fixture
def clerk(db):
    branch = Branch.objects.create(number="B1", name="总部", kind_of="head_office")
    return Employee.objects.create(number="E1", name="小李", branch=branch)


@pytest.fixture
def contact(clerk):
    def make(**values):
        given = {"channel": "phone", "kind": "repair", "branch_id": clerk.branch_id, "phone": "13800001111",
                 "text": "空调漏水", "caller": "张三", "actor": actor_of(clerk, *ALL), "at": AT}
        return actions.register_contact(**(given | values))

    return make


INPUTS = {
    "hand_on": lambda clerk: {"handler": clerk},
    "lead_to": lambda clerk: {"source": ORDER},
    "solve": lambda clerk: {"outcome": "solved", "answer": "重启即可"},
    "reopen": lambda clerk: {"reason": "又坏了"},
    "void": lambda clerk: {"reason": "误登"},
}


def bring(one, state, actor):
    if state == Status.OPEN:
        return actions.take_up(one, actor=actor, at=AT)
    if state == Status.DONE:
        return actions.solve(one, answer="好了", actor=actor, at=AT)
    return actions.void(one, reason="误", actor=actor, at=AT) if state == Status.VOID else one


@pytest.mark.parametrize(("name", "source"), [(m.name, s) for m in CONTACT.moves.values() for s in sorted(m.sources)])
def test_every_move(clerk, contact, name, source):
    actor = actor_of(clerk, *ALL)
    moved = CONTACT.actions[name](bring(contact(), source, actor), actor=actor, at=AT, **INPUTS.get(name, lambda c: {})(clerk))
    assert moved.status == CONTACT.moves[name].target
    assert (moved.status == Status.DONE) == bool(moved.outcome)
    assert Fact.objects.latest("id").verb == f"cases.contact.{name}"


@pytest.mark.parametrize("state", list(Status))
def test_no_move_from_elsewhere(clerk, contact, state):
    actor = actor_of(clerk, *ALL)
    one = bring(contact(), state, actor)
    for move in CONTACT.moves.values():
        if state not in move.sources:
            with pytest.raises(WrongState):
                CONTACT.actions[move.name](one, actor=actor, at=AT, **INPUTS.get(move.name, lambda c: {})(clerk))


def test_moves_need_the_right_and_the_branch(clerk, contact):
    with pytest.raises(NotAllowed):
        actions.take_up(contact(), actor=actor_of(clerk, "cases.view_contact"), at=AT)
    with pytest.raises(NotAllowed):
        contact(actor=actor_of(clerk, "cases.view_contact"))
    elsewhere = Employee.objects.create(number="E2", name="别处", branch=Branch.objects.create(number="B2", name="分部", kind_of="branch"))
    with pytest.raises(NotFound):
        queries.get_contact(contact().number, actor_of(elsewhere, *ALL))


@pytest.mark.parametrize(("values", "code"), [
    ({"outcome": "order"}, "bad_outcome"), ({"outcome": "solved", "answer": " "}, "answer_missing"), ({"outcome": "?"}, "bad_outcome"),
])
def test_an_end_says_what_was_told(clerk, contact, values, code):
    with pytest.raises(RuleBroken) as refused:
        actions.solve(contact(), actor=actor_of(clerk, *ALL), at=AT, **values)
    assert refused.value.code == code


def test_reasons_kinds_and_channels_are_checked(clerk, contact):
    for move in (actions.void, actions.reopen):
        one = contact() if move is actions.void else actions.solve(contact(), answer="好", actor=actor_of(clerk, *ALL), at=AT)
        with pytest.raises(RuleBroken):
            move(one, reason=" ", actor=actor_of(clerk, *ALL), at=AT)
    with pytest.raises(RuleBroken):
        contact(channel="pigeon")
    with pytest.raises(RuleBroken):
        contact(kind="gossip")


def test_a_contact_that_led_to_an_order_says_so(clerk, contact):
    one = actions.lead_to(contact(), source=ORDER, actor=actor_of(clerk, *ALL), at=AT)
    assert (one.outcome, one.led_to_kind, one.led_to_id, one.led_to_number) == ("order", ORDER.kind, 7, ORDER.number)


def test_a_complaint_stands_on_the_timeline_of_what_it_is_about(contact):
    one = contact(kind="complaint", about=ORDER)
    assert Mention.objects.filter(kind="work.workorder", object_id=7, fact__object_id=one.pk).exists()
    assert queries.list_complaints_about("work.workorder", 7) == [one]


def test_editing_needs_the_version(clerk, contact):
    one = contact()
    changed = actions.edit_contact(one, version=1, text="制冷差", actor=actor_of(clerk, *ALL), at=AT)
    assert changed.version == 2 and list(queries.list_contacts(actor_of(clerk, *ALL), text="制冷")) == [changed]
    with pytest.raises(Stale):
        actions.edit_contact(one, version=1, text="x", actor=actor_of(clerk, *ALL), at=AT)
    with pytest.raises(RuleBroken):
        actions.edit_contact(one, version=2, outcome="solved", actor=actor_of(clerk, *ALL), at=AT)


@pytest.mark.both
def test_lists_narrow(clerk, contact):
    actor = actor_of(clerk, *ALL)
    first, second = contact(), contact(text="配件多少钱", kind="consultation", phone="02188889999", at=AT + dt.timedelta(days=1))
    actions.solve(second, answer="三十元", actor=actor, at=AT + dt.timedelta(days=1))

    def found(**filters):
        return [c.pk for c in queries.list_contacts(actor, **filters)]

    assert found(undone=True) == [first.pk] == found(text="1380000") == found(text=first.number) == found(created_to=dt.date(2026, 3, 2))
    assert found(kind="consultation") == [second.pk] == found(text="多少钱") == found(outcome="solved")
    assert found(text="钱") == [] and set(found(text="LD2603")) == {first.pk, second.pk}
    assert queries.count_undone(actor) == {"new": 1, "open": 0}
    rates = queries.outcome_rates(actor, since=AT, until=AT + dt.timedelta(days=2))
    assert rates == {"solved": 1.0}
    with pytest.raises(LookupError):
        found(password="x")


def test_a_list_costs_one_statement(clerk, contact, django_assert_num_queries):
    for _n in range(3):
        contact()
    with django_assert_num_queries(1):
        for one in queries.list_contacts(actor_of(clerk, *ALL)):
            assert (one.branch.name, one.customer, one.asset) == ("总部", None, None)


def test_rates_are_shares():
    assert rules.calculate_rates([("solved", 1), ("order", 3), ("", 9)]) == {"solved": 0.25, "order": 0.75}
    assert rules.calculate_rates([]) == {}


def test_the_readme_tells_the_table():
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (.+) \|$", (Path(__file__).parents[1] / "README.md").read_text("utf-8"), re.M)
    told = {state: (label, set(re.findall(r"`(\w+)`", moves))) for state, label, moves in rows}
    assert told == {s.value: (str(s.label), {m.name for m in CONTACT.moves.values() if s in m.sources}) for s in Status}
