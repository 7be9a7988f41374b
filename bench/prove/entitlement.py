"""Who pays: dates, decisions, explanations, speed, statements, and the way from the previous schema.

Each proof prints its figures; the exit status is 0 only when all hold, on SQLite and on PostgreSQL. Further subjects of
the room add theirs to PROOFS.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(argv: list[str]) -> int:
    """Prove on each database in a process of its own."""
    options = _options(argv)
    if options.inner:
        return _prove(options)
    worst = 0
    for name in ("sqlite", "postgres"):
        if options.only in ("", name):
            print(f"== {name}", flush=True)
            worst = max(worst, _run_on(name, argv))
            if not options.proof:
                worst = max(worst, *(_run_on(name, [*argv, "--proof", proof.__name__]) for proof in ALONE))
    return worst


def _options(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="aftercare prove entitlement", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few examples and units, for every day")
    parser.add_argument("--only", choices=("sqlite", "postgres"), default="")
    parser.add_argument("--proof", default="", help="one proof by its name")
    parser.add_argument("--inner", action="store_true", help="on the database that the environment names")
    return parser.parse_args(argv)


def _run_on(name: str, argv: list[str]) -> int:
    command = [sys.executable, "-m", "bench.prove.entitlement", *argv, "--inner"]
    with tempfile.TemporaryDirectory(prefix="aftercare-prove-") as folder:
        environment = {**os.environ, "AFTERCARE_DATA_DIR": folder, "AFTERCARE_SECRET_KEY": "only-for-proofs-" + "x" * 40,
                       "DJANGO_SETTINGS_MODULE": "aftercare.config.settings"}
        if name == "sqlite":
            environment["AFTERCARE_DATABASE_URL"] = f"sqlite:///{folder}/prove.sqlite3"
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        from tests import postgres

        with postgres.running() as url:
            # The races open a connection for each thread, more than a pool would lend.
            environment["AFTERCARE_DATABASE_URL"] = f"{url}{'&' if '?' in url else '?'}pool=0"
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _prove(options: Namespace) -> int:
    import django

    django.setup()
    failed = 0
    for proof in [*PROOFS, *(ALONE if options.proof else ())]:
        name = proof.__name__
        if options.proof not in ("", name):
            continue
        started = time.monotonic()
        try:
            told = proof(options.short)
        except AssertionError as broken:
            failed += 1
            print(f"FAILED {name}: {broken}", file=sys.stderr, flush=True)
            continue
        print(f"{name}: {told} ({time.monotonic() - started:.1f} s)", flush=True)
    return 1 if failed else 0


def old_schema(short: bool) -> str:
    """Rows written under the first schema are decided after all migrations as they were before."""
    from bench.prove import _old_warranties

    return _old_warranties.prove()


def dates(short: bool) -> str:
    """Months and days agree with a walk through the days."""
    from bench.prove import _warranties

    return _warranties.walk_dates(2_000 if short else 60_000)


def table(short: bool) -> str:
    """Every row of the managers' decision table holds."""
    from bench.prove import _warranties

    return _warranties.hold_table()


def explanation(short: bool) -> str:
    """Reasons and sentences never say otherwise than the decision."""
    from bench.prove import _warranties

    return _warranties.compare_explanations(300 if short else 20_000)


def statements(short: bool) -> str:
    """A list of a hundred units is decided in four statements."""
    from bench.prove import _warranties

    return _warranties.count_statements()


def speed(short: bool) -> str:
    """A million decisions a minute in one process; the fleet report reads and decides all units."""
    from bench.prove import _warranties

    return _warranties.measure(3_000 if short else 40_000)


def contracts(short: bool) -> str:
    """Visit days, instalments, quotas and their races."""
    from bench.prove import _contracts

    return "; ".join(proof(short) for proof in _contracts.PROOFS)


def consumer_rights(short: bool) -> str:
    """What a customer may ask for under consumer law."""
    from bench.prove import _rights

    assert _rights.prove(short=short) == 0, "see above"
    return "windows, words and pace hold"


# In this order: the old schema needs an empty database and leaves it at the newest one.
PROOFS: list[Callable[[bool], str]] = [old_schema, dates, table, explanation, statements, speed, consumer_rights]
# Each on a fresh database: they found a company of their own.
ALONE: list[Callable[[bool], str]] = [contracts]


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
