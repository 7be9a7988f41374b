"""The line of those who want to write to one SQLite file: first come, first served.

SQLite lets writers try again now and then; whoever comes in the right moment is served, and one may never be. Here each
stands behind the one who came before him. The threads of a process hand the turn on among themselves. Between processes
two lock files make sure that none goes twice while another waits: who wants to write first takes the door, waits there
for the pen, and lets go of the door when he holds the pen. A process that holds the pen serves those who stood in its
line when it got it, then it goes to the door again: one with many threads and one with a single job share fairly.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows: a line within the process, between processes SQLite's own waiting
    fcntl = None

logger = logging.getLogger("aftercare.line")
LOOKS_AFTER_SECONDS = 1.0  # so often one who waits looks whether the thread before him is still alive
_PAUSES = 0.0005, 0.005


class WaitedTooLong(Exception):
    """The turn did not come in time."""


class Place:
    """Somebody's place in the line, and then his turn."""

    __slots__ = ("gate", "raw", "thread")

    def __init__(self, raw: Any) -> None:
        self.thread = threading.current_thread()
        self.raw = raw
        self.gate: threading.Lock | None = None


class Line:
    """One line for one database file. `file` is None where there is nobody to share it with but threads."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.reset()

    def reset(self) -> None:
        """An empty line, as in a process that was just forked off."""
        self._lock = threading.Lock()
        self._waiting: deque[Place] = deque()
        self._turn: Place | None = None
        self._door = self._pen = -1
        self._holds_pen = False
        self._left = 0  # how many more of us are served before others may

    def wait(self, seconds: float, raw: Any = None) -> Place:
        """Stand in line; comes back with the turn, or refuses with `WaitedTooLong`.

        `raw` is the connection whose transaction is rolled back should this thread end without giving its turn back.
        """
        place = Place(raw)
        with self._lock:
            if self._turn is None:
                self._turn = place
            else:
                place.gate = threading.Lock()
                place.gate.acquire()
                self._waiting.append(place)
        ends = time.perf_counter() + seconds
        try:
            if place.gate is not None:
                self._stand(place, ends)
            if not self._holds_pen:
                self._enter(ends)
        except BaseException:
            self.leave(place)
            raise
        return place

    def leave(self, place: Place) -> None:
        """Give the turn to the next, or the place up. A second time it does nothing."""
        with self._lock:
            if self._turn is not place:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(place)
                return
            if self._holds_pen and (not self._waiting or self._left <= 0):
                self._holds_pen = False
                fcntl.flock(self._pen, fcntl.LOCK_UN)
            self._left -= 1
            self._turn = self._waiting.popleft() if self._waiting else None
            if self._turn is not None:
                self._turn.gate.release()

    def _stand(self, place: Place, ends: float) -> None:
        while not place.gate.acquire(timeout=max(0, min(LOOKS_AFTER_SECONDS, ends - time.perf_counter()))):
            self._look_after()
            if time.perf_counter() >= ends:
                with self._lock:
                    if self._turn is place:  # it came at the last moment
                        return
                raise WaitedTooLong

    def _look_after(self) -> None:
        """A thread that ended in the middle of its transaction must hold up nobody."""
        with self._lock:
            lost = self._turn
        if lost is None or lost.thread.is_alive():
            return
        logger.error("a thread ended within its transaction, which is rolled back")
        if lost.raw is not None:
            with contextlib.suppress(Exception):  # it may be closed already
                lost.raw.rollback()
        self.leave(lost)

    def _enter(self, ends: float) -> None:
        """Get the pen, behind those of other processes."""
        if not self._opens():
            return
        _lock(self._door, ends)
        try:
            _lock(self._pen, ends)
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)
        with self._lock:
            self._holds_pen, self._left = True, len(self._waiting)

    def _opens(self) -> bool:
        if self._pen < 0 and self.file is not None and fcntl is not None:
            try:
                self._door, self._pen = _open(self.file, "door"), _open(self.file, "pen")
            except OSError:
                logger.warning("no line between processes: %s cannot be written", self.file.parent, exc_info=True)
                self.file = None
        return self._pen >= 0


def _open(file: Path, name: str) -> int:
    """A lock file beside the database, which belongs to whom the database belongs to, whoever is the first to need it."""
    path, flags = f"{file}-{name}", os.O_RDWR | os.O_CLOEXEC
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        handle = os.open(path, flags | os.O_CREAT, 0o600)
    with contextlib.suppress(OSError):
        like = file.stat()
        os.fchmod(handle, like.st_mode & 0o666)
        if os.geteuid() == 0:
            os.fchown(handle, like.st_uid, like.st_gid)
    return handle


def _lock(handle: int, ends: float) -> None:
    pause, longest = _PAUSES
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            left = ends - time.perf_counter()
        if left <= 0:
            raise WaitedTooLong
        time.sleep(min(pause, left))
        pause = min(pause * 2, longest)


_lines: dict[str, Line] = {}
_making = threading.Lock()


def of(name: str) -> Line:
    """The line of that database file, the same one for all connections of this process."""
    key = name if name.startswith("file:") else os.path.abspath(name)
    line = _lines.get(key)
    if line is None:
        with _making:
            line = _lines.setdefault(key, Line(None if name.startswith("file:") else Path(key)))
    return line


def _start_anew() -> None:
    for line in _lines.values():
        line.reset()  # the handles stay open: closing is all right, unlocking would unlock them for the parent


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
