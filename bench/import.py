"""Rows a second and the highest memory of an import, by the product's own command in a process of its own.

`aftercare bench import [FILE] [--mapping openrepair] [--limit N] [--database sqlite|postgres|both]`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bench import _running

FILE = _running.ROOT.parent / "shared/data/openrepair/repairs.csv.gz"
GOAL_ROWS, GOAL_MB = 150, 300


def run(argv: list[str]) -> int:
    """Measure; 0 when every row was taken or refused with a reason, and also without the file."""
    parser = ArgumentParser(prog="aftercare bench import", description=__doc__)
    _running.add_database(parser)
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    parser.add_argument("--mapping", default="openrepair")
    parser.add_argument("--limit", type=int, default=0, help="only the first N rows")
    options = parser.parse_args(argv)
    if not options.file.exists():
        print(f"skipped: there is no {options.file}")
        return 0
    if not options.inner:
        return _running.on_databases("import", options, argv)
    return _measure(options)


def _measure(options: Namespace) -> int:
    _running.open_database()
    from django.apps import apps
    from django.db import connection

    from bench import _telling

    database = _running.find_postmaster()
    before = _running.cpu_of(database) if database else 0.0
    contacts = apps.get_model("cases.Contact").objects
    connection.close()
    errors = Path(os.environ["AFTERCARE_DATA_DIR"]) / "errors.csv"
    command = [sys.executable, "-m", "aftercare", "import", "cases", str(options.file), "--mapping", options.mapping,
               "--errors", str(errors), *(["--limit", str(options.limit)] if options.limit else [])]
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=_running.ROOT, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    print(said)
    refused = len(errors.read_text("utf-8-sig").splitlines()) - 1 if errors.exists() else 0
    taken = contacts.count()
    used = usage.ru_utime + usage.ru_stime + (_running.cpu_of(database) - before if database else 0.0)
    megabytes = usage.ru_maxrss / 1024
    rate, by_cpu = taken / seconds, taken / used
    print(_telling.machine())
    _telling.table(["import", "measured", "goal", ""], [
        ["rows taken over", taken, None, ""],
        ["rows/s", rate, GOAL_ROWS, "ok" if rate >= GOAL_ROWS else "miss"],
        ["rows per CPU second, database included", by_cpu, GOAL_ROWS, "ok" if by_cpu >= GOAL_ROWS else "miss"],
        ["MB at most", megabytes, GOAL_MB, _telling.verdict(megabytes, GOAL_MB)],
    ])
    return 0 if taken and (os.waitstatus_to_exitcode(status) == 0 or refused) else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
