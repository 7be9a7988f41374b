"""Writers of one SQLite file are served in the order they came: threads, processes, and whatever becomes of them."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import deque

import pytest

from aftercare.config.sqlite import line as lines
from tests import template

PATIENCE = 30


def _run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


def _wait_for(true):
    ends = time.perf_counter() + PATIENCE
    while not true():
        assert time.perf_counter() < ends
        time.sleep(0.001)


class Noted(deque):
    """Who stands in line, and how many had been served when he came: a thread may sleep before, which is nobody's fault."""

    def __init__(self, count):
        super().__init__()
        self.count, self.came = count, {}

    def append(self, place):
        self.came[place.thread] = self.count()
        super().append(place)


class Counted:
    """How often others were served between asking for a turn and getting it, for each turn."""

    def __init__(self, line, writers, turns, hog_turns=10**9):
        self.line, self.writers, self.turns, self.hog_turns = line, writers, turns, hog_turns
        self.served, self.overtaken, self.over = 0, [], threading.Event()
        line._waiting = Noted(lambda: self.served)

    def take(self, keep=True):
        before = self.served
        turn = self.line.wait(PATIENCE)
        before = self.line._waiting.came.pop(threading.current_thread(), before)
        if keep:
            self.overtaken.append(self.served - before)
        time.sleep(0)  # whoever is ready may run
        self.served += 1
        self.line.leave(turn)

    def write(self):
        for _turn in range(self.turns):
            self.take()

    def hog(self):
        while not self.over.is_set() and self.served < self.hog_turns:
            self.take(keep=False)

    def run(self):
        hog = threading.Thread(target=self.hog)
        hog.start()
        try:
            _run([threading.Thread(target=self.write) for _writer in range(self.writers)])
        finally:
            self.over.set()
            hog.join(PATIENCE)
        return self.overtaken


class FirstWhoTries:
    """The negative control: what SQLite does. Who finds it free has it; who does not looks again a little later."""

    def __init__(self):
        self.lock = threading.Lock()

    def wait(self, _seconds):
        pause = 0.001
        while not self.lock.acquire(blocking=False):
            time.sleep(pause)
            pause = min(pause * 2, 0.1)

    def leave(self, _turn):
        self.lock.release()


@pytest.mark.parametrize("shared", [False, True], ids=["threads", "with lock files"])
def test_nobody_waits_longer_than_a_turn_of_each(tmp_path, shared):
    writers = 8
    counted = Counted(lines.Line(tmp_path / "a.sqlite3" if shared else None), writers, turns=30)
    overtaken = counted.run()
    assert len(overtaken) == writers * 30
    assert max(overtaken) <= writers  # each of the others once, and the hog


def test_without_a_line_one_is_overtaken_again_and_again():
    # The hog gives up in the end, else some would never be served.
    worst = [max(Counted(FirstWhoTries(), 8, turns=5, hog_turns=500).run()) for _try in range(5)]
    assert max(worst) > 3 * 9, "the control is fair, too: the promise above proves nothing"


def test_turns_come_in_the_order_of_asking():
    line, told, threads = lines.Line(None), [], []
    first = line.wait(1)

    def ask(number):
        turn = line.wait(PATIENCE)
        told.append(number)
        line.leave(turn)

    for number in range(10):
        threads.append(threading.Thread(target=ask, args=(number,)))
        threads[-1].start()
        _wait_for(lambda: len(line._waiting) == len(threads))
    line.leave(first)
    for thread in threads:
        thread.join(PATIENCE)
    assert told == list(range(10))


def test_who_waited_too_long_is_told_and_holds_up_nobody(tmp_path):
    line = lines.Line(tmp_path / "a.sqlite3")
    held, told = line.wait(1), []

    def give_up():
        try:
            line.wait(0.01)
        except lines.WaitedTooLong:
            told.append("too long")

    _run([threading.Thread(target=give_up) for _n in range(3)])
    assert told == ["too long"] * 3
    line.leave(held)
    line.leave(held)  # a second time means nothing
    line.leave(line.wait(0))
    assert line._turn is None and not line._waiting and not line._holds_pen


def test_a_thread_that_ended_with_its_turn_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(lines, "LOOKS_AFTER_SECONDS", 0.01)
    line, rolled_back = lines.Line(None), []

    class Raw:
        def rollback(self):
            rolled_back.append(True)

    _run([threading.Thread(target=lambda: line.wait(1, Raw()))])
    line.leave(line.wait(PATIENCE))
    assert rolled_back == [True]


def test_a_living_thread_keeps_its_turn_however_long_it_takes(monkeypatch):
    monkeypatch.setattr(lines, "LOOKS_AFTER_SECONDS", 0.01)
    line = lines.Line(None)
    turn = line.wait(1)
    with pytest.raises(lines.WaitedTooLong):
        _in_thread(lambda: line.wait(0.1))
    line.leave(turn)


def _in_thread(act):
    met = []

    def run():
        try:
            act()
        except BaseException as error:
            met.append(error)

    _run([threading.Thread(target=run)])
    if met:
        raise met[0]


# A process that writes without a pause and counts its turns in a file; threads of it stand in its own line.
_HOG = """
import sys, threading, time
from pathlib import Path
from aftercare.config.sqlite import line as lines
line, served = lines.Line(Path(sys.argv[1])), open(sys.argv[2], "ab", buffering=0)
def hog():
    while True:
        turn = line.wait(60)
        served.write(b".")
        time.sleep(0.002)
        line.leave(turn)
for _n in range(int(sys.argv[3])):
    threading.Thread(target=hog).start()
"""


@contextlib.contextmanager
def _hogs(tmp_path, *threads):
    served, script = tmp_path / "served", tmp_path / "hog.py"
    script.write_text(textwrap.dedent(_HOG))
    served.touch()
    command = [sys.executable, str(script), str(tmp_path / "a.sqlite3"), str(served)]
    environment = {**os.environ, "PYTHONPATH": str(template.ROOT)}
    running = [subprocess.Popen([*command, str(count)], env=environment) for count in threads]
    try:
        _wait_for(lambda: served.stat().st_size > 5 * sum(threads))
        yield running, lambda: served.stat().st_size
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_process_that_never_pauses_lets_others_in(tmp_path):
    line = lines.Line(tmp_path / "a.sqlite3")
    with _hogs(tmp_path, 4) as (_running, served):
        for _turn in range(20):
            before = served()
            turn = line.wait(PATIENCE)
            # Those who stood in its line when it got the pen, whom it may serve to the end, and one round more.
            assert served() - before <= 2 * 4
            line.leave(turn)


@pytest.mark.slow
def test_a_process_with_many_writers_is_not_slowed_down_to_one_write_for_each_of_another(tmp_path):
    """An import that writes without a pause gets its share, not half: all who wait are served in between."""
    line, counts = lines.Line(tmp_path / "a.sqlite3"), []
    with _hogs(tmp_path, 1) as (_running, served):
        before = served()

        def write():
            for _turn in range(10):
                turn = line.wait(PATIENCE)
                time.sleep(0.001)
                line.leave(turn)

        _run([threading.Thread(target=write) for _n in range(8)])
        counts.append(served() - before)
    assert counts[0] < 80


@pytest.mark.slow
def test_a_killed_process_leaves_the_line_free(tmp_path):
    line = lines.Line(tmp_path / "a.sqlite3")
    with _hogs(tmp_path, 1, 1) as (running, _served):
        for process in running:
            process.send_signal(signal.SIGKILL)
            process.wait()
        line.leave(line.wait(5))


@pytest.mark.slow
def test_a_stopped_process_is_waited_for_and_then_told_of(tmp_path):
    with _hogs(tmp_path, 1) as (running, _served):
        line, other = lines.Line(tmp_path / "a.sqlite3"), lines.Line(tmp_path / "a.sqlite3")
        turn = other.wait(PATIENCE)  # as another process: a line has handles of its own
        with pytest.raises(lines.WaitedTooLong):
            line.wait(0.05)
        assert line._turn is None
        other.leave(turn)
        line.leave(line.wait(PATIENCE))
        assert running[0].poll() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_has_a_line_of_its_own(tmp_path):
    line = lines.of(str(tmp_path / "a.sqlite3"))
    turn = line.wait(1)
    child = multiprocessing.get_context("fork").Process(target=_stands_in_line, args=(line, turn))
    child.start()
    _wait_for(lambda: child.exitcode is not None)
    assert child.exitcode == 7
    with pytest.raises(lines.WaitedTooLong):  # what the child did let nobody in
        lines.Line(tmp_path / "a.sqlite3").wait(0.01)
    line.leave(turn)


def _stands_in_line(line, turn):
    line.leave(turn)  # a turn of the parent, which is not the child's to give away
    try:
        line.wait(0.05)
    except lines.WaitedTooLong:
        sys.exit(7)


def test_a_folder_that_cannot_be_written_leaves_the_line_of_the_process(tmp_path):
    line = lines.Line(tmp_path / "not" / "there.sqlite3")
    line.leave(line.wait(1))
    assert line.file is None
