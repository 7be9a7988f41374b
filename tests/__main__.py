"""`python -m tests [--only sqlite|postgres] [pytest's arguments]`: everything on SQLite, then what must also hold on
PostgreSQL (`-m both`). Each run ends with pytest's own closing line.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests import postgres

_NONE_COLLECTED = 5
ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str]) -> int:
    """The worst status of the runs."""
    only = ""
    if argv[:1] == ["--only"]:
        only, argv = argv[1], argv[2:]
    began = time.monotonic()
    worst = 0
    if only != "postgres":
        worst = _run("SQLite", argv, {})
    if only != "sqlite" and sys.platform != "win32":
        with postgres.running() as url:
            settings = {"AFTERCARE_TEST_DATABASE_URL": url, "AFTERCARE_TEST_TEMPLATE": postgres.make_template(url)}
            worst = max(worst, _run("PostgreSQL", ["-m", "both", *argv], settings))
    print(f"tests {'failed' if worst else 'passed'}, {time.monotonic() - began:.0f} s in all")
    return worst


def _run(name: str, argv: list[str], environment: dict[str, str]) -> int:
    print(f"== {name}", flush=True)
    parallel = [] if any(a.startswith("-n") for a in argv) else ["-n", str(_count_workers())]
    command = [sys.executable, "-m", "pytest", *parallel, *argv]
    # Where bytecode is not kept, each worker compiles the whole product and rewrites all tests anew: half a minute.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    status = subprocess.run(command, cwd=ROOT, env=kept | environment, check=False).returncode
    return 0 if status == _NONE_COLLECTED and (argv or name != "SQLite") else status


def _count_workers() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(2, min(cores, 8))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
