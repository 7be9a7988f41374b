"""The worker: every reaction once, also when workers race, fail or die."""

import datetime as dt
import threading
import types

import pytest
from django.db import connections

from aftercare.domain.journal import delivering
from aftercare.domain.journal import queries as journal
from aftercare.domain.journal.models import Delivery, Fact, Schedule
from aftercare.flows import long_jobs
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.jobs import schedules, worker

SYSTEM = Actor.system("test")


@pytest.fixture
def reactions(monkeypatch):
    """Stands in for the table of reactions; gives the list of what was made."""
    stub = types.SimpleNamespace(made=[])
    stub.run = lambda name, fact, *, at: stub.made.append((name, fact.pk))
    monkeypatch.setattr(worker, "reactions", stub)
    return stub


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(schedules, "SCHEDULES", ())


def due(count=1, reaction="greet"):
    at = clock.now() - dt.timedelta(minutes=1)
    for _n in range(count):
        fact = record(Happening("test.done", "test", 1, "1", None, SYSTEM, at))
        Delivery.objects.create(fact=fact, reaction=reaction, due_at=at)


@pytest.mark.django_db
def test_reaction_is_made_and_marked_done(reactions):
    due()
    assert worker.work_once(threading.Event(), worker="w") == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, reactions.made) == ("done", 1, [("greet", delivery.fact_id)])
    assert worker.work_once(threading.Event(), worker="w") == 0


@pytest.mark.django_db
def test_failure_leaves_nothing_behind_and_is_tried_later(reactions):
    def fail(name, fact, *, at):
        record(Happening("test.half", "test", 1, "1", None, SYSTEM, at))
        raise RuntimeError("no luck")

    reactions.run = fail
    due()
    worker.work_once(threading.Event(), worker="w")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert delivery.due_at > clock.now() and "no luck" in delivery.error
    assert not Fact.objects.filter(verb="test.half").exists()


@pytest.mark.django_db
def test_too_many_failures_make_a_dead_letter_that_may_be_revived(reactions):
    def fail(name, fact, *, at):
        raise RuntimeError("never")

    reactions.run = fail
    due()
    for _n in range(8):
        Delivery.objects.update(due_at=clock.now())
        worker.work_once(threading.Event(), worker="w")
    assert Delivery.objects.get().state == "dead"
    revived = delivering.revive(Delivery.objects.get().pk, actor=SYSTEM, at=clock.now())
    assert (revived.state, revived.attempts) == ("waiting", 0)
    with pytest.raises(WrongState):
        delivering.revive(revived.pk, actor=SYSTEM, at=clock.now())


@pytest.mark.django_db
def test_effect_of_a_lost_lease_is_rolled_back(reactions):
    def slow(name, fact, *, at):
        record(Happening("test.twice", "test", 1, "1", None, SYSTEM, at))
        Delivery.objects.update(lease_by="another")

    reactions.run = slow
    due()
    delivery = delivering.claim(worker="w", at=clock.now())
    assert worker.perform(delivery, worker="w") is False
    assert not Fact.objects.filter(verb="test.twice").exists()


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_workers_make_each_reaction_once(reactions):
    due(40)
    start = threading.Barrier(4)

    def work(name):
        try:
            start.wait()
            worker.work_once(threading.Event(), worker=name)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reactions.made) == sorted(set(reactions.made)) and len(reactions.made) == 40
    assert not Delivery.objects.exclude(state="done").exists()


@pytest.mark.django_db(transaction=True)
def test_run_stops_when_told_and_closes_its_connections(reactions):
    due(3)
    stop = threading.Event()
    reactions.run = lambda name, fact, *, at: (reactions.made.append(fact.pk), len(reactions.made) == 3 and stop.set())
    thread = threading.Thread(target=worker.run, args=(stop,), kwargs={"name": "w", "poll": 0.01})
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive() and len(reactions.made) == 3


@pytest.mark.django_db
def test_a_schedule_fires_once_and_keeps_its_error(monkeypatch):
    fired = []
    jobs = (
        schedules.Schedule("a", dt.timedelta(minutes=1), lambda at: fired.append("a")),
        schedules.Schedule("b", dt.timedelta(minutes=1), lambda at: 1 / 0),
        schedules.Schedule("c", dt.timedelta(minutes=1), lambda at: "not well"),
    )
    monkeypatch.setattr(schedules, "SCHEDULES", jobs)
    at = clock.now()
    assert (schedules.fire_due(at=at), schedules.fire_due(at=at)) == (3, 0)
    assert fired == ["a"]
    errors = dict(Schedule.objects.values_list("name", "error"))
    assert errors["a"] == "" and "ZeroDivisionError" in errors["b"] and errors["c"] == "not well"
    late = at + dt.timedelta(minutes=10, seconds=30)
    assert schedules.fire_due(at=late) == 3
    assert Schedule.objects.get(name="a").due_at > late


@pytest.mark.django_db
def test_daily_schedule_waits_for_its_hour(monkeypatch):
    fired = []
    job = schedules.Schedule("d", dt.timedelta(days=1), fired.append, dt.time(2, 30))
    monkeypatch.setattr(schedules, "SCHEDULES", (job,))
    at = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)  # noon in Shanghai
    schedules.fire_due(at=at)
    assert fired == []
    schedules.fire_due(at=dt.datetime(2026, 3, 10, 18, 30, tzinfo=dt.UTC))
    assert len(fired) == 1


@pytest.fixture
def copying(monkeypatch):
    def copy(params, *, actor, at, tell, folder):
        tell(1, 2, "…")
        if params.get("fail"):
            raise RuntimeError("cannot")
        (folder / "out.txt").write_text(params["text"])
        return {"file": "out.txt", "rows": 2, "by": actor.kind}

    monkeypatch.setitem(long_jobs._OFFERED, "copy", copy)


@pytest.mark.django_db
def test_long_job_is_done_with_the_rights_of_who_asked(copying, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    pk = long_jobs.request("copy", {"text": "x"}, actor=SYSTEM, at=clock.now())
    with pytest.raises(WrongState):
        long_jobs.result_path(pk, SYSTEM)
    worker.work_once(threading.Event(), worker="w")
    job = long_jobs.find(pk, SYSTEM)
    assert (job.state, job.done, job.result["by"]) == ("done", 2, "system")
    assert long_jobs.result_path(pk, SYSTEM).read_text() == "x"
    stranger = Actor("employee", 5, "x")
    with pytest.raises(NotFound):
        long_jobs.find(pk, stranger)
    assert long_jobs.clear_files(at=clock.now() + dt.timedelta(days=8)) == 1
    with pytest.raises(NotFound):
        long_jobs.result_path(pk, SYSTEM)


@pytest.mark.django_db
def test_long_job_that_fails_tells_why(copying, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    pk = long_jobs.request("copy", {"fail": True}, actor=SYSTEM, at=clock.now())
    worker.work_once(threading.Event(), worker="w")
    job = long_jobs.find(pk, SYSTEM)
    assert job.state == "waiting" and job.error == "RuntimeError: cannot" and job.done == 1
    assert long_jobs.list_own(SYSTEM) == [job]


@pytest.mark.django_db
def test_unknown_long_job_is_refused():
    with pytest.raises(RuleBroken):
        long_jobs.request("nothing", {}, actor=SYSTEM, at=clock.now())
    assert journal.count_deliveries()["waiting"] == 0
