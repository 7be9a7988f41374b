"""Deliveries are handed to one worker each and given back when it dies; answers are stored once; batches are whole."""

import datetime as dt

import pytest
from django.db import transaction

from aftercare.domain.journal import actions, delivering, queries
from aftercare.domain.journal.models import Delivery, Fact, Intent, Mention, Schedule
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.tests.factories import AT, SYSTEM, holder, race

pytestmark = [pytest.mark.both, pytest.mark.django_db]
MINUTE = dt.timedelta(minutes=1)


def due(count=1, at=AT):
    for n in range(count):
        fact = record(Happening("test.done", "test", n, "1", None, SYSTEM, at, mentions=(("other", 5),)))
        Delivery.objects.create(fact=fact, reaction="greet", due_at=at)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_each_delivery_is_claimed_by_one_worker():
    due(30)

    def claim_all(n):
        got = []
        while (delivery := delivering.claim(worker=f"w{n}", at=AT)) is not None:
            got.append(delivery.pk)
        return got

    claimed = [pk for got in race(6, claim_all) for pk in got]
    assert len(claimed) == len(set(claimed)) == 30


def test_many_deliveries_are_claimed_and_finished_together():
    due(3)
    due(1, at=AT + MINUTE)
    first = delivering.claim_many(worker="a", at=AT, limit=2)
    second = delivering.claim_many(worker="b", at=AT)
    assert (len(first), len(second)) == (2, 1) and delivering.claim_many(worker="a", at=AT) == []
    assert [d.attempts for d in (*first, *second)] == [1, 1, 1]
    assert delivering.finish_many([*first, *second], worker="a", at=AT) == 2, "the third is held by another"
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["done", "done", "running", "waiting"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_condition_several_claim_the_same():
    """Negative control: reading and then writing hands the same delivery to several."""
    import threading

    due(1)
    seen = threading.Barrier(3)

    def careless(n):
        delivery = Delivery.objects.get(state="waiting")
        seen.wait(timeout=60)
        return Delivery.objects.filter(pk=delivery.pk).update(state="running", lease_by=f"w{n}")

    assert sum(race(3, careless)) > 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_schedule_fires_for_one_of_many():
    fired = race(6, lambda n: delivering.take_due("night", every=MINUTE, at=AT))
    assert sorted(fired) == [False] * 5 + [True]
    assert Schedule.objects.get().due_at == AT + MINUTE


def test_what_is_not_due_is_not_claimed():
    due(at=AT + MINUTE)
    assert delivering.claim(worker="w", at=AT) is None


def test_a_dead_workers_delivery_comes_back():
    due()
    delivery = delivering.claim(worker="dead", at=AT)
    assert delivering.sweep(at=AT + MINUTE) == 0
    late = AT + delivering.LEASE + MINUTE
    assert delivering.sweep(at=late) == 1
    assert not delivering.finish(delivery, worker="dead", at=late)
    again = delivering.claim(worker="w", at=late)
    assert (again.pk, again.attempts) == (delivery.pk, 2)
    assert delivering.finish(again, worker="w", at=late)


def test_a_heartbeat_keeps_the_lease():
    due()
    delivery = delivering.claim(worker="w", at=AT)
    assert delivering.heartbeat(delivery, worker="w", at=AT + MINUTE, progress={"done": 1})
    assert delivering.sweep(at=AT + delivering.LEASE + MINUTE / 2) == 0
    assert Delivery.objects.get().progress == {"done": 1}
    assert not delivering.heartbeat(delivery, worker="other", at=AT)


def test_a_lease_lost_too_often_is_a_dead_letter():
    due()
    at = AT
    for _n in range(8):
        delivering.claim(worker="w", at=at)
        at += delivering.LEASE + MINUTE
        delivering.sweep(at=at)
    assert Delivery.objects.get().state == "dead"
    assert delivering.claim(worker="w", at=at) is None


def test_failures_wait_longer_each_time():
    due()
    waits, at = [], AT
    for _n in range(7):
        delivery = delivering.claim(worker="w", at=at)
        delivering.fail(delivery, worker="w", at=at, error="x" * 9000)
        delivery.refresh_from_db()
        waits.append(delivery.due_at - at)
        at = delivery.due_at
    assert waits == sorted(waits) and waits[0] == dt.timedelta(seconds=10) and waits[-1] == dt.timedelta(hours=6)
    assert len(delivery.error) == 4000


def test_putting_off_is_no_failure():
    due()
    delivery = delivering.claim(worker="w", at=AT)
    assert delivering.put_off(delivery, worker="w", due_at=AT + MINUTE)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.due_at) == ("waiting", 0, AT + MINUTE)


def test_reviving_is_for_operators_and_dead_letters():
    due()
    pk = Delivery.objects.get().pk
    with pytest.raises(NotAllowed):
        delivering.revive(pk, actor=holder("journal.view_fact"), at=AT)
    with pytest.raises(WrongState):
        delivering.revive(pk, actor=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        delivering.revive(pk + 1, actor=SYSTEM, at=AT)
    Delivery.objects.update(state="dead")
    assert delivering.revive(pk, actor=SYSTEM, at=AT).state == "waiting"


def once(key="k", request="r", perform=None, actor=SYSTEM):
    def write():
        record(Happening("test.once", "test", 1, "1", None, SYSTEM, AT))
        return 201, "made", {"ETag": "1"}

    return actions.once(actor=actor, operation="POST /x", key=key, request=request, at=AT, perform=perform or write)


def test_a_repeated_call_is_answered_and_not_done_again():
    assert once() == (201, "made", {"ETag": "1"}, False)
    assert once() == (201, "made", {"ETag": "1"}, True)
    assert Fact.objects.filter(verb="test.once").count() == 1
    once(key="other")
    assert Fact.objects.filter(verb="test.once").count() == 2


def test_a_key_is_for_one_request_of_one_actor():
    once()
    with pytest.raises(WrongState) as refused:
        once(request="another")
    assert refused.value.code == "idempotency_key_reused"
    assert once(actor=holder("x"))[3] is False


def test_a_refusal_is_not_stored():
    def refuse():
        record(Happening("test.refused", "test", 1, "1", None, SYSTEM, AT))
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        once(perform=refuse)
    assert not Fact.objects.filter(verb="test.refused").exists() and not Intent.objects.exists()
    assert once()[3] is False


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_racing_twins_are_done_once_and_answered_alike():
    answers = race(6, lambda n: once())
    assert sum(answer[3] is False for answer in answers) == 1, answers
    assert {answer[:3] == (201, "made", {"ETag": "1"}) for answer in answers} == {True}
    assert Fact.objects.filter(verb="test.once").count() == 1


def test_a_twin_refused_because_of_the_first_gets_his_answer(monkeypatch):
    # The first commits between our look and our refusal.
    looks = iter([None, (201, "his", {}, True)])
    monkeypatch.setattr(actions, "_stored", lambda *args: next(looks))

    def refuse():
        raise WrongState("already done")

    assert once(perform=refuse) == (201, "his", {}, True)


def test_old_answers_are_forgotten():
    once()
    assert actions.forget_intents(before=AT) == 0
    assert actions.forget_intents(before=AT + MINUTE) == 1


def test_a_batch_writes_the_same_rows_in_few_statements(django_assert_max_num_queries):
    actions.subscribe({"str": ("greet",)})
    try:
        with django_assert_max_num_queries(6), actions.batched():
            for n in range(50):
                record(Happening("test.batch", "test", n, str(n), None, SYSTEM, AT, mentions=(("other", 5), ("none", 0))))
    finally:
        actions._REACTIONS.pop("str")
    facts = list(Fact.objects.filter(verb="test.batch").order_by("id"))
    assert [f.object_id for f in facts] == list(range(50))
    assert Mention.objects.count() == 50
    assert [f.pk for f in queries.timeline("other", 5, limit=3)] == [f.pk for f in facts[:-4:-1]]


def test_a_row_taken_back_leaves_no_fact_in_the_batch():
    with actions.batched():
        for n in range(4):
            try:
                with actions.unwritten(), transaction.atomic():
                    record(Happening("test.batch", "test", n, str(n), None, SYSTEM, AT))
                    if n == 2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
    assert list(Fact.objects.order_by("id").values_list("object_id", flat=True)) == [0, 1, 3]


def test_a_failed_batch_writes_nothing():
    with pytest.raises(ZeroDivisionError), actions.batched():
        record(Happening("test.batch", "test", 1, "1", None, SYSTEM, AT))
        raise ZeroDivisionError
    assert not Fact.objects.exists()
    assert actions._buffer.get() is None
