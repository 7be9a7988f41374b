"""Service contracts: visit days, instalments, quotas and their races, on both databases.

`aftercare prove contracts [--short] [--only sqlite|postgres]` prints the figures of each proof; the exit status is 0 only when
all hold. The same proofs are part of `aftercare prove entitlement`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(argv: list[str]) -> int:
    """Prove it on each database in a process of its own."""
    parser = ArgumentParser(prog="aftercare prove contracts", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, for every day")
    parser.add_argument("--only", choices=("sqlite", "postgres"), default="")
    parser.add_argument("--inner", action="store_true", help="on the database that the environment names")
    options = parser.parse_args(argv)
    if options.inner:
        return _prove(options)
    names = [name for name in ("sqlite", "postgres") if options.only in ("", name)]
    return max(_run_on(name, argv) for name in names)


def _run_on(name: str, argv: list[str]) -> int:
    print(f"== {name}", flush=True)
    command = [sys.executable, "-m", "bench.prove.contracts", *argv, "--inner"]
    with tempfile.TemporaryDirectory(prefix="aftercare-prove-") as folder:
        environment = {**os.environ, "AFTERCARE_DATA_DIR": folder, "AFTERCARE_SECRET_KEY": "only-for-proofs-" + "x" * 40,
                       "DJANGO_SETTINGS_MODULE": "aftercare.config.settings"}
        if name == "sqlite":
            environment["AFTERCARE_DATABASE_URL"] = f"sqlite:///{folder}/prove.sqlite3"
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        from tests import postgres

        with postgres.running() as url:
            environment["AFTERCARE_DATABASE_URL"] = f"{url}{'&' if '?' in url else '?'}pool=0"
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _prove(options: Namespace) -> int:
    import django

    django.setup()
    from bench.prove import _contracts

    failed = 0
    for proof in _contracts.PROOFS:
        try:
            print(f"{proof.__name__}: {proof(options.short)}", flush=True)
        except AssertionError as broken:
            failed += 1
            print(f"FAILED {proof.__name__}: {broken}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
