"""Call-backs: the four answers, who may ask, what follows."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps

from aftercare.domain.feedback import actions, queries, rules
from aftercare.domain.feedback.models import Callback
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import Invalid, NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

AT = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SYSTEM = Actor.system("test")
GOOD = {"attitude": 4, "skill": 4, "punctuality": 3, "promise": 4}
ORDER = Source("work.workorder", 5, "WO5")


@pytest.mark.parametrize(("scores", "answer"), [(GOOD, False), ({**GOOD, "skill": 1}, True), ({**GOOD, "skill": 2}, False)])
def test_dissatisfied_is_any_bad_aspect(scores, answer):
    assert rules.is_dissatisfied(scores) is answer


def test_scores_must_be_four_known_levels():
    assert rules.find_bad_scores({"attitude": 5, "skill": 1, "promise": 2}) == {"attitude": "unknown", "punctuality": "missing"}


def test_later_tries_wait_longer():
    assert rules.next_try(1, AT) < rules.next_try(2, AT)


def test_figures_without_answers_are_unknown():
    empty = rules.summarise([], 0)
    assert (empty.satisfied_rate, empty.reached_rate, empty.average("skill")) == (None, None, None)


@pytest.fixture
def engineer(db):
    branch = apps.get_model("people.Branch").objects.create(number="B1", name="B1", kind_of="branch")
    return apps.get_model("people.Employee").objects.create(number="E1", name="E1", branch=branch)


@pytest.fixture
def customer(engineer):
    return apps.get_model("parties.Customer").objects.create(
        number="C1", name="C1", name_key="c1", branch=engineer.branch, created_at=AT
    )


@pytest.fixture
def schedule(engineer, customer):
    def make(source=ORDER, **fields):
        return actions.schedule_callback(
            source, customer_id=customer.pk, branch_id=engineer.branch_id, engineer_id=engineer.pk, actor=SYSTEM, at=AT,
            **fields,
        )

    return make


def test_one_for_each_closure(schedule):
    assert schedule().pk == schedule().pk
    assert schedule().pk != schedule(cycle=2).pk
    assert schedule().due_at == AT + DAY


def test_answer_is_kept(schedule):
    done = actions.answer(schedule(), **GOOD, comment=" 好 ", actor=SYSTEM, at=AT)
    assert (done.status, done.comment, queries.scores_of(done)) == (Callback.Status.ANSWERED, "好", GOOD)
    assert not queries.is_dissatisfied(done)
    with pytest.raises(WrongState):
        actions.answer(done, **GOOD, actor=SYSTEM, at=AT)


def test_wrong_levels_are_refused_field_by_field(schedule):
    with pytest.raises(Invalid) as refused:
        actions.answer(schedule(), **{**GOOD, "skill": 0, "promise": 9}, actor=SYSTEM, at=AT)
    assert set(refused.value.errors) == {"skill", "promise"}
    assert Callback.objects.get().status == Callback.Status.OPEN


@pytest.mark.parametrize("move", ["answer", "miss", "give_up", "cancel"])
def test_nobody_rates_his_own_work(schedule, engineer, move):
    reach = Reach(branches=frozenset({engineer.branch_id}))
    codes = ("feedback.view_callback", "feedback.answer", "feedback.cancel")
    own = Actor("employee", 1, "x", employee_id=engineer.pk, reaches=dict.fromkeys(codes, reach))
    inputs = {"answer": GOOD, "cancel": {"reason": "x"}}.get(move, {})
    with pytest.raises(NotAllowed) as refused:
        getattr(actions, move)(schedule(), **inputs, actor=own, at=AT)
    assert refused.value.code == "own_work"
    assert not queries.list_queue(own).exists()


def test_calls_in_vain(schedule):
    callback = schedule()
    for tries in range(1, rules.MAX_TRIES + 1):
        callback = actions.miss(callback, actor=SYSTEM, at=AT)
        assert callback.tries == tries and callback.due_at > AT
    with pytest.raises(RuleBroken) as refused:
        actions.miss(callback, actor=SYSTEM, at=AT)
    assert refused.value.code == "too_many_tries"
    closed = actions.give_up(callback, actor=SYSTEM, at=AT)
    assert closed.status == Callback.Status.UNREACHED
    assert actions.answer(closed, **GOOD, actor=SYSTEM, at=AT).status == Callback.Status.ANSWERED


def test_next_call_is_later(schedule):
    with pytest.raises(RuleBroken) as refused:
        actions.miss(schedule(), again_at=AT, actor=SYSTEM, at=AT)
    assert refused.value.code == "not_later"


def test_cancelling_needs_a_reason(schedule):
    with pytest.raises(RuleBroken):
        actions.cancel(schedule(), reason=" ", actor=SYSTEM, at=AT)
    assert actions.cancel(schedule(), reason="客户不愿", actor=SYSTEM, at=AT).status == Callback.Status.CANCELLED


def test_complaint_number_is_kept(schedule):
    done = actions.answer(schedule(), **{**GOOD, "skill": 1}, actor=SYSTEM, at=AT)
    assert queries.is_dissatisfied(done)
    assert actions.note_complaint(done, complaint_number="IN1", actor=SYSTEM, at=AT).complaint_number == "IN1"


def test_queue_is_by_due_time_and_branch(schedule, engineer):
    late, soon = schedule(due_at=AT + 2 * DAY), schedule(Source("work.workorder", 6, "WO6"), due_at=AT + DAY)
    assert [c.pk for c in queries.list_queue(SYSTEM)] == [soon.pk, late.pk]
    assert [c.pk for c in queries.list_queue(SYSTEM, due_until=AT + 2 * DAY)] == [soon.pk]
    stranger = Actor("employee", 9, "x", reaches={"feedback.view_callback": Reach(branches=frozenset({-1}))})
    assert not queries.list_queue(stranger).exists()
    with pytest.raises(NotFound):
        queries.get_callback(late.number, stranger)


def test_satisfaction_figures(schedule, engineer):
    for pk, scores in enumerate((GOOD, GOOD, {**GOOD, "skill": 1})):
        actions.answer(schedule(Source("work.workorder", pk, "x")), **scores, actor=SYSTEM, at=AT)
    actions.give_up(schedule(Source("work.workorder", 9, "x"), due_at=AT), actor=SYSTEM, at=AT)
    figures = queries.calculate_satisfaction(SYSTEM, since=AT, until=AT + DAY, engineer_id=engineer.pk)
    assert (figures.answered, figures.unreached, figures.dissatisfied) == (3, 1, 1)
    assert figures.average("skill") == Decimal(3)
    assert figures.reached_rate == Decimal("0.75")
