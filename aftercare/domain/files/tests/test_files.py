"""Files: in once for a key, bound by their uploader, taken off with a reason, and checked against the disk."""

import datetime as dt
import os
import threading
import time

import pytest
from django.db import connection

from aftercare.domain.files import actions, checks, queries, rules
from aftercare.domain.files.lifecycle import FILE, Status
from aftercare.domain.files.models import StoredFile
from aftercare.domain.files.tests import pictures as made
from aftercare.domain.journal.models import Fact
from aftercare.domain.work.tests import company as companies
from aftercare.foundation import blobs
from aftercare.foundation.refusals import NotAllowed, RuleBroken, WrongState
from aftercare.foundation.sources import Source

AT = companies.AT
ORDER = Source("work.workorder", 7, "WO260302000007")
GRANTS = ("files.view_file", "files.add_file", "files.remove_file")


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people(db):
    company = companies.found_company()
    return {name: companies.employee_actor(getattr(company, name), *GRANTS, own=name in ("wang", "zhao"))
            for name in ("clerk", "dispatcher", "wang", "zhao")}


def store(actor, *, key="k-1", data=None, **values):
    given = {"name": "正面.jpg", "data": data or made.jpeg()}
    return actions.store(actions.prepare(**given), key=key, actor=actor, at=AT, **values)


INPUTS = {"bind": {"source": ORDER}, "describe": {"caption": "左侧划痕", "kind_of": "appearance"}, "remove": {"reason": "拍错了"}}


@pytest.mark.parametrize("move", FILE.moves.values(), ids=lambda move: move.name)
@pytest.mark.parametrize("state", Status.values)
def test_every_move_from_every_state(people, move, state):
    file = store(people["clerk"], source=ORDER if state == "bound" else None)
    if state == "removed":
        file = actions.remove(file, actor=people["clerk"], at=AT, reason="重复")
    run = FILE.actions[move.name]
    if state not in move.sources:
        with pytest.raises(WrongState):
            run(file, actor=people["clerk"], at=AT, **INPUTS[move.name])
        return
    moved = run(file, actor=people["clerk"], at=AT, **INPUTS[move.name])
    assert moved.status == (move.target or state) and moved.version == file.version + 1
    assert Fact.objects.filter(verb=f"files.storedfile.{move.name}", object_id=file.pk).count() == (1 if state != "bound" or move.name != "bind" else 2)


def test_a_replay_is_the_same_file_and_writes_nothing(people):
    first = store(people["wang"], source=ORDER)
    facts, names = Fact.objects.count(), list(blobs.list_names())
    assert store(people["wang"], source=ORDER) == first
    assert (Fact.objects.count(), list(blobs.list_names())) == (facts, names)
    for other in ({"data": made.jpeg(colour="#a22"), "source": ORDER}, {"source": Source("work.workorder", 8, "WO8")}):
        with pytest.raises(WrongState) as refused:
            store(people["wang"], **other)
        assert refused.value.code == "idempotency_key_reused"
    # The key is his own: another's same key is another file.
    assert store(people["zhao"], source=ORDER) != first


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_a_telephone_that_sends_twice_at_once_leaves_one_file_and_no_orphan():
    company = companies.found_company()
    wang = companies.employee_actor(company.wang, *GRANTS, own=True)
    found, gate = [], threading.Barrier(4)

    def send():
        gate.wait()
        try:
            found.append(store(wang, source=ORDER).number)
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and StoredFile.objects.get().number == found[0]
    assert list(blobs.list_names()) == [found[0]]


def test_only_its_uploader_binds_what_was_handed_in(people):
    file = store(people["clerk"])
    assert queries.list_loose(people["dispatcher"], [file.number]) == []
    with pytest.raises(NotAllowed):
        actions.bind(file, source=ORDER, actor=people["dispatcher"], at=AT)
    assert queries.list_loose(people["clerk"], ["nonsense", file.number]) == [file]
    actions.bind(file, source=ORDER, actor=people["clerk"], at=AT)
    assert [f.pk for f in queries.list_of([("work.workorder", 7)])] == [file.pk]
    assert queries.count_by_kind("work.workorder", 7) == {"other": 1}


def test_an_engineer_removes_his_own_and_not_another_mans(people):
    mine, other = store(people["wang"], source=ORDER), store(people["clerk"], source=ORDER)
    with pytest.raises(RuleBroken) as refused:
        actions.remove(mine, actor=people["wang"], at=AT, reason=" ")
    assert refused.value.code == "reason_missing"
    assert actions.remove(mine, actor=people["wang"], at=AT, reason="拍错").removed_at == AT
    with pytest.raises(Exception) as turned_away:
        actions.remove(other, actor=people["wang"], at=AT, reason="拍错")
    assert turned_away.value.status in (403, 404)
    assert Fact.objects.get(verb="files.storedfile.remove").note == "拍错"


def test_limits_hold(people, monkeypatch):
    monkeypatch.setattr(rules, "MAX_OF_SOURCE", 1)
    store(people["clerk"], source=ORDER)
    with pytest.raises(RuleBroken) as refused:
        store(people["clerk"], key="k-2", source=ORDER)
    assert refused.value.code == "too_many_files"
    loose = store(people["clerk"], key="k-3")
    with pytest.raises(RuleBroken):
        actions.bind(loose, source=ORDER, actor=people["clerk"], at=AT)
    monkeypatch.setattr(blobs, "free_bytes", lambda: 1000)
    with pytest.raises(RuleBroken) as refused:
        store(people["clerk"], key="k-4")
    assert refused.value.code == "disk_full"
    with pytest.raises(RuleBroken):
        store(people["clerk"], key="k-5", kind_of="secret")


def test_check_sees_what_is_missing_changed_or_nobodys(people):
    good, lost, spoilt = (store(people["clerk"], key=f"key-{n}", source=ORDER) for n in range(3))
    assert checks.check_bytes() == []
    blobs.path_of(lost.number).unlink()
    blobs.path_of(spoilt.number).write_bytes(b"other")
    stray = blobs.new_name()
    blobs.put(stray, b"left behind")
    os.utime(blobs.path_of(stray), (time.time() - 9e5,) * 2)
    told = "\n".join(checks.check_bytes())
    assert good.number not in told
    assert f"{lost.number} is not on the disk" in told and f"{spoilt.number} has changed" in told
    assert f"{stray} lies on the disk" in told


def test_the_sweep_takes_what_nobody_wants_and_nothing_else(people):
    kept, loose, removed = (store(people["clerk"], key=f"key-{n}", source=ORDER if n != 1 else None) for n in range(3))
    actions.remove(removed, actor=people["clerk"], at=AT, reason="重复")
    stray = blobs.new_name()
    blobs.put(stray, b"left behind")
    os.utime(blobs.path_of(stray), (time.time() - 9e5,) * 2)
    assert actions.sweep(at=AT + dt.timedelta(hours=1)) == 1  # the stray one
    assert set(blobs.list_names()) == {kept.number, loose.number, removed.number}
    assert actions.sweep(at=AT + dt.timedelta(days=31)) == 2
    assert list(blobs.list_names()) == [kept.number] and checks.check_bytes() == []
    loose.refresh_from_db()
    with pytest.raises(RuleBroken) as refused:
        actions.bind(loose, source=ORDER, actor=people["clerk"], at=AT)
    assert refused.value.code == "file_gone"
    assert actions.sweep(at=AT + dt.timedelta(days=31)) == 0


def test_the_register_of_files_keeps_to_the_branch(people):
    store(people["clerk"], source=ORDER)
    assert queries.list_files(people["dispatcher"], status="bound", kind_of="").count() == 1
    assert queries.list_files(people["wang"]).count() == 0
    with pytest.raises(LookupError):
        queries.list_files(people["clerk"], name="x")
    assert queries.total_bytes() > 0
