"""Where benchmarks run: a fresh database, the product's own server on it, and what both cost in CPU seconds."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PATIENCE = 120


def add_database(parser: ArgumentParser) -> None:
    """The options that every benchmark on a database has."""
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="sqlite")
    parser.add_argument("--inner", action="store_true", help="on the database that the environment names")


def on_databases(name: str, options: Namespace, argv: list[str], *, folder: Path | None = None) -> int:
    """Run `python -m bench.NAME --inner` in a process of its own for each database chosen; the worst exit status."""
    worst = 0
    for database in ("sqlite", "postgres") if options.database == "both" else (options.database,):
        print(f"== {name} on {database}", flush=True)
        with _place(database, folder) as environment:
            command = [sys.executable, "-m", f"bench.{name}", *argv, "--inner"]
            worst = max(worst, subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)
    return worst


@contextmanager
def _place(database: str, kept: Path | None) -> Iterator[dict]:
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as fresh:
        folder = kept or Path(fresh)
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ, "AFTERCARE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "aftercare.config.settings",
            "AFTERCARE_SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        }
        if database == "sqlite":
            yield environment | {"AFTERCARE_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
            return
        from tests import postgres

        with postgres.running(durable=True) as url:
            yield environment | {"AFTERCARE_DATABASE_URL": url}


def open_database() -> None:
    """Set Django up on the database that the environment names and bring it to this version's tables."""
    import logging

    import django

    django.setup()
    logging.getLogger("aftercare.request").setLevel(logging.WARNING)
    from aftercare.commands import migrate

    migrate.bring_up_to_date(verbose=False)


class Server:
    """A running `aftercare serve`; `cpu()` is what it and its database have used so far, in seconds."""

    def __init__(self, process: subprocess.Popen, port: int, database: int | None, seconds: float) -> None:
        self.process, self.port, self.database, self.seconds = process, port, database, seconds

    def cpu(self) -> float:
        """User and system time of the server, its children, and the database's processes."""
        return cpu_of(self.process.pid) + (cpu_of(self.database) if self.database else 0.0)

    def memory(self) -> float:
        """Resident memory of the server in MB."""
        return resident(self.process.pid)


@contextmanager
def served(*arguments: str, path: str = "/health") -> Iterator[Server]:
    """The product's server on a free port, ended at the end; `seconds` is the time to the first answer of `path`."""
    from django.db import connection

    database = find_postmaster()
    connection.close()
    port = free_port()
    log = tempfile.TemporaryFile("w+")
    began = time.monotonic()
    command = [sys.executable, "-m", "aftercare", "serve", "--port", str(port), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        _await(process, port, path, log)
        yield Server(process, port, database, time.monotonic() - began)
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _await(process: subprocess.Popen, port: int, path: str, log) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            log.seek(0)
            raise SystemExit(f"the server ended:\n{log.read()[-3000:]}")
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server does not answer")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find_postmaster() -> int | None:
    """The process id of the PostgreSQL server when it runs on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    try:
        return int(_stat(backend)[1])
    except (OSError, IndexError):
        print("the database runs elsewhere: its CPU time is not counted")
        return None


def cpu_of(root: int) -> float:
    """CPU seconds of a process, the children it has waited for, and those that live."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                below.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
            except OSError:
                continue
    ticks, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        try:
            fields = _stat(pid)
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
        waiting += below.get(pid, [])
    return ticks / TICK


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: [state, ppid, …], user and system time at 11 to 14."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def resident(pid: int) -> float:
    """Resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def peak(pid: int | str = "self") -> float:
    """The highest resident memory of a process so far, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
