"""SQLite's writers stand in line, whatever way they write; who waits too long is told so and loses nothing."""

import threading
import time

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from aftercare.config.sqlite import line as lines
from aftercare.config.sqlite.base import DatabaseWrapper
from aftercare.domain.people.models import Branch
from aftercare.foundation import busy
from aftercare.web.tests.office import Office, key
from tests.operation.test_line import Noted

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL locks rows and queues by itself"),
]
PATIENCE = 30


@pytest.fixture
def line():
    """The line that all connections of this test stand in."""
    found = lines.of(str(connection.settings_dict["NAME"]))
    assert found._turn is None
    yield found
    assert found._turn is None and not found._waiting and not found._holds_pen


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits longer than a moment."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    connection.close()
    yield
    connection.close()


def _run(*acts):
    def run(act):
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    return threads


def _join(threads):
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


class Elsewhere:
    """Another thread that holds its transaction open until the block ends."""

    def __enter__(self):
        self.began, self.enough = threading.Event(), threading.Event()
        self.threads = _run(self._hold)
        assert self.began.wait(PATIENCE)

    def _hold(self):
        with transaction.atomic():
            self.began.set()
            self.enough.wait(PATIENCE)

    def __exit__(self, *_exc):
        self.enough.set()
        _join(self.threads)


def _branch(number):
    return Branch.objects.create(number=number, name=number, kind_of="branch", path=f"/{number}/")


def _overtaken(line):
    """Eight threads write in turns beside one that never stops; how often one was overtaken at most."""
    written, over, worst = [0], threading.Event(), []
    line._waiting = Noted(lambda: written[0])

    def write():
        for turn in range(6):
            before = written[0]
            with transaction.atomic():
                worst.append(written[0] - line._waiting.came.pop(threading.current_thread(), before))
                Branch.objects.filter(number="B").update(name=str(turn))
                written[0] += 1

    def hog():
        while not over.is_set() and written[0] < 1000:
            with transaction.atomic():
                Branch.objects.filter(number="B").update(name="hog")
                written[0] += 1

    _branch("B")
    hogs = _run(hog)
    try:
        _join(_run(*[write] * 8))
    finally:
        over.set()
        _join(hogs)
    assert len(worst) == 48
    return max(worst)


def test_nobody_is_overtaken_by_a_thread_that_writes_without_a_pause(line):
    assert _overtaken(line) <= 8  # each of the others once, and the hog


def test_without_the_line_one_is_overtaken_again_and_again(line, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "take_turn", lambda self: None)
    assert _overtaken(line) > 3 * 8


def test_a_write_outside_of_a_transaction_stands_in_line_too(line):
    _branch("B")
    told = []

    def write():
        Branch.objects.filter(number="B").update(name="one")
        told.append("written")

    turn = line.wait(1)
    threads = _run(write)
    ends = time.perf_counter() + PATIENCE
    while not line._waiting and time.perf_counter() < ends:
        time.sleep(0.001)
    assert len(line._waiting) == 1 and told == []
    assert Branch.objects.get(number="B").name == "B"  # reading waits for nobody
    line.leave(turn)
    _join(threads)
    assert told == ["written"] and line._turn is None


@pytest.mark.parametrize("error", [ValueError, DatabaseError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_a_transaction_gives_the_turn_back(line, error):
    with pytest.raises(error), transaction.atomic():
        _branch("B")
        with transaction.atomic():
            assert line._turn is not None
            raise error
    assert line._turn is None and not Branch.objects.filter(number="B").exists()


def test_a_connection_closed_within_its_transaction_gives_the_turn_back(line):
    with transaction.atomic():
        _branch("B")
        connection.close()
        assert line._turn is None
    assert not Branch.objects.filter(number="B").exists()


def test_a_statement_refused_by_a_constraint_gives_the_turn_back(line):
    _branch("B")
    with pytest.raises(DatabaseError):
        _branch("B")
    assert line._turn is None


def test_a_commit_that_fails_gives_the_turn_back(line, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "_commit", _refuse)
    with pytest.raises(OperationalError), transaction.atomic():
        _branch("B")
    assert line._turn is None and not Branch.objects.filter(number="B").exists()


def _refuse(_self):
    raise OperationalError("disk full")


def test_a_thread_that_ended_within_its_transaction_holds_up_nobody(line, monkeypatch):
    monkeypatch.setattr(lines, "LOOKS_AFTER_SECONDS", 0.01)
    kept = []

    def leave_open():
        block = transaction.atomic()
        block.__enter__()
        _branch("LOST")
        kept.append(connection.connection)  # so that nothing is collected meanwhile

    thread = threading.Thread(target=leave_open)
    thread.start()
    thread.join(PATIENCE)
    _branch("B")
    assert list(Branch.objects.values_list("number", flat=True)) == ["B"]
    kept[0].close()


def test_who_waits_too_long_is_refused_and_may_try_again(line, impatient):
    with Elsewhere(), pytest.raises(OperationalError) as met, transaction.atomic():
        pass
    assert busy.find(met.value).code == "busy"
    _branch("B")


def test_a_stranger_in_the_database_is_told_the_same(line, impatient):
    """Some other program, which knows nothing of the line."""
    connection.ensure_connection()
    stranger = type(connection.connection)(str(connection.settings_dict["NAME"]), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as met, transaction.atomic():
        pass
    assert busy.find(met.value) and line._turn is None
    stranger.close()
    _branch("B")


def test_a_form_keeps_what_was_typed(line, impatient, client):
    office = Office()
    browser = office.sign_in(client, office.admin)
    with Elsewhere():
        typed = {"number": "E9", "name": "门卫甲", "branch": office.branch.pk, **key()}
        answer = browser.post("/employees/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 503 and "系统正忙" in page
    assert "门卫甲" in page
    assert browser.post("/employees/new/", typed).status_code == 303


def test_a_button_offers_to_try_the_same_again(line, impatient, client):
    office = Office()
    browser = office.sign_in(client, office.admin)
    typed = {"name": "我的视图", "params": "status=open", **key()}
    with Elsewhere():
        answer = browser.post("/views/orders/save", typed)
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "2"
    page = answer.content.decode()
    assert "再试一次" in page and "我的视图" in page and typed["idempotency_key"] in page
    with Elsewhere():
        quick = browser.post("/views/orders/save", typed, headers={"HX-Request": "true"})
    assert quick.status_code == 503 and "toast" in quick.headers["HX-Trigger"]


def test_what_no_page_catches_is_told_as_busy_too(line, impatient, client):
    office = Office()
    office.sign_in(client, office.admin)
    client.logout()
    client.raise_request_exception = False
    with Elsewhere():
        answer = client.post("/accounts/login/", {"login": "admin", "password": "wrong-password-1"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "2"
    assert "wrong-password" not in answer.content.decode()


def test_the_api_tells_a_program_when_to_come_again(line, impatient, client):
    office = Office()
    browser = office.sign_in(client, office.admin)
    with Elsewhere():
        answer = browser.post("/api/v1/parts", {"code": "P-BUSY", "name": "压缩机"}, content_type="application/json",
                              headers={"Idempotency-Key": "busy-0001"})
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "busy", "2")
