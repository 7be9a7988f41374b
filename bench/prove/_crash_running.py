"""Servers and workers of the crash proof: each in a session of its own, so that a kill reaches it and its children only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from urllib.request import urlopen

from bench import _running


class Server:
    """The product's server (and on PostgreSQL its worker beside it) in sessions of their own, until it is killed."""

    def __init__(self, *changes: str) -> None:
        from django.db import connection

        self.port, team = _running.free_port(), connection.vendor == "postgresql"
        began = time.monotonic()
        if changes:
            commands = [["bench.prove._crash_process", "server", "--port", str(self.port), *changes]]
        else:
            commands = [["aftercare", "serve", "--port", str(self.port), *(["--processes", "2"] if team else [])]]
        if team:
            commands.append(["aftercare", "worker"])
        self.processes = [start(*command) for command in commands]
        self._await_answer()
        self.seconds = time.monotonic() - began

    def _await_answer(self) -> None:
        until = time.monotonic() + _running.PATIENCE
        while time.monotonic() < until:
            if self.processes[0].poll() is not None:
                raise SystemExit("the server ended by itself")
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health", timeout=30) as answer:
                    answer.read()
                    return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("the server does not answer")

    def await_death(self, seconds: float) -> bool:
        """Whether it killed itself in that time."""
        try:
            self.processes[0].wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """No chance to say good-bye."""
        for process in self.processes:
            kill(process)

    def end(self) -> None:
        """As an operator ends it."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=60)


def start(*arguments: str) -> subprocess.Popen:
    """A Python module in a session of its own."""
    return subprocess.Popen([sys.executable, "-m", *arguments], cwd=_running.ROOT, start_new_session=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill(process: subprocess.Popen) -> None:
    """SIGKILL to it and whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
