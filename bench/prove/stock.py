"""Stock cannot be sold twice: races for the last unit, random documents, random sequences, on both databases.

`aftercare prove stock [--short] [--database sqlite|postgres] [--rounds N] [--clients N] [--minutes N]`. Every race runs with
its guard, where exactly one must win each round and nothing may fail otherwise, and once without it, where more must win:
else the race would prove nothing. Random documents run for minutes, random sequences of verbs against a plain model, real
invoice lines through sales and returns, pages at a million moves; in between and at the end the checks rebuild everything.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from functools import cache
from pathlib import Path

from bench import _telling
from bench.prove import _stock_retail, _stock_scale

ROOT = Path(__file__).resolve().parent.parent.parent


def run(argv: list[str]) -> int:
    """Prove it on each database in a process of its own; the exit status is 0 only when all holds."""
    options = _options(argv)
    if options.inner:
        return _prove(options)
    worst = 0
    for name in ("sqlite", "postgres"):
        if options.only in ("", name):
            print(f"== {name}", flush=True)
            worst = max(worst, _run_on(name, argv))
    return worst


def _options(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="aftercare prove stock", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, for every day")
    parser.add_argument("--database", "--only", dest="only", choices=("sqlite", "postgres"), default="", help="on one database")
    parser.add_argument("--steps", default="", help="only these, separated by commas: races, documents, books, sequences, …")
    parser.add_argument("--contests", default="", help="only races whose names hold one of these words, separated by commas")
    parser.add_argument("--retail", type=Path, default=_stock_retail.FILE, help="the invoice lines")
    parser.add_argument("--minutes", type=float, default=10, help="how long clients book documents at once")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each race (200, short 10)")
    parser.add_argument("--clients", type=int, default=0, help="clients of each race (64, short 16)")
    parser.add_argument("--inner", action="store_true", help="on the database that the environment names")
    return parser.parse_args(argv)


def _run_on(name: str, argv: list[str]) -> int:
    command = [sys.executable, "-m", "bench.prove.stock", *argv, "--inner"]
    with tempfile.TemporaryDirectory(prefix="aftercare-prove-") as folder:
        environment = {**os.environ, "AFTERCARE_DATA_DIR": folder, "AFTERCARE_SECRET_KEY": "only-for-proofs-" + "x" * 40,
                       "DJANGO_SETTINGS_MODULE": "aftercare.config.settings"}
        if name == "sqlite":
            environment["AFTERCARE_DATABASE_URL"] = f"sqlite:///{folder}/prove.sqlite3"
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        from tests import postgres

        with postgres.running() as url:
            # Each client needs a connection at once; a pool would make them wait for each other instead of racing.
            environment["AFTERCARE_DATABASE_URL"] = f"{url}{'&' if '?' in url else '?'}pool=0"
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _prove(options: Namespace) -> int:
    import django

    django.setup()
    logging.disable(logging.INFO)  # each page asked for would be told
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    clients = options.clients or (16 if options.short else 64)
    rounds = options.rounds or (10 if options.short else 200)
    steps = {
        # First, while the books are empty: after each verb all of them are rebuilt.
        "sequences": lambda: _sequences(options.short),
        "races": lambda: _races(clients, rounds, options.contests), "documents": lambda: _documents(min(clients, 16), options),
        "books": _books, "retail": lambda: _stock_retail.prove(options.retail, short=options.short),
        "scale": lambda: _stock_scale.prove(options.short), "books again": _books,
        # Last, since what wins without a guard leaves books that do not hold.
        "controls": lambda: _controls(clients, rounds),
    }
    print(f"{_telling.machine()}; {clients} clients, {rounds} rounds", flush=True)
    failed: list[str] = []
    chosen = [name for name in options.steps.split(",") if name] or list(steps)
    for name in chosen:
        step = steps[name]
        began = time.perf_counter()
        failed += step()
        print(f"-- {name}: {time.perf_counter() - began:.0f} s", flush=True)
    for problem in failed[:20]:
        print(f"FAILED {problem}", file=sys.stderr)
    print("all hold" if not failed else f"{len(failed)} do not hold", flush=True)
    return 1 if failed else 0


def _races(clients: int, rounds: int, chosen: str) -> list[str]:
    """Each contest (or those of `chosen` words) that many times: exactly one winner, and the losers told so."""
    from aftercare.domain.inventory.tests import contests

    failed = []
    stage = _stage()
    for contest in _contests():
        if chosen and not any(word in contest.name for word in chosen.split(",")):
            continue
        good = 0
        for turn in range(rounds):
            contest.prepare(stage, turn)
            outcome = contest.attempt(stage, clients, turn)
            is_good = contests.is_won_once(outcome, clients, contest.losers)
            good += is_good
            if not is_good:
                failed.append(f"{contest.name}: round {turn}: {dict(outcome)}")
        print(f"{contest.name}: one winner of {clients} in {good} of {rounds} rounds", flush=True)
    return failed


def _contests() -> list:
    """The races of all rooms: parts, and the company's own things."""
    from aftercare.domain.custody.tests import races as loaners
    from aftercare.domain.inventory.tests import contests

    return [*contests.CONTESTS, *loaners.CONTESTS]


@cache
def _stage():
    from aftercare.domain.inventory.tests.stock import Stock

    return Stock()


def _documents(clients: int, options: Namespace) -> list[str]:
    """Documents of 2-20 lines in random order for some minutes: nobody waits for ever, nobody is thrown out."""
    from django.apps import apps

    from aftercare.domain.inventory.tests import races

    part = apps.get_model("catalog.Part")
    parts = [part.objects.create(code=f"P{n}", name=f"P{n}") for n in range(30)]
    seconds = 5 if options.short else options.minutes * 60
    outcome, booked = races.documents_for(_stage(), parts, clients, seconds, seed=7)
    print(f"documents of 2-20 lines in random order: {clients} clients, {seconds:.0f} s, {booked:,} booked: {dict(outcome)}", flush=True)
    return [] if set(outcome) == {races.WON} else [f"documents: {dict(outcome)}"]


def _sequences(short: bool) -> list[str]:
    from aftercare.domain.inventory.tests.test_machine import run_machine

    examples, steps = (6, 12) if short else (60, 40)
    try:
        run_machine(examples, steps)
    except Exception as error:  # hypothesis tells the shortest sequence that breaks the model
        return [f"random sequences: {type(error).__name__}: {error}", *getattr(error, "__notes__", [])]
    print(f"random sequences of verbs against the model: {examples} x {steps} steps hold", flush=True)
    return []


def _books() -> list[str]:
    from aftercare.domain.inventory import checks
    from aftercare.domain.ledger import checks as ledger_checks

    found = checks.check_balances() + checks.check_reservations() + checks.check_costs() + checks.check_serials()
    found += checks.check_snapshots()
    found += ledger_checks.check_entries() + ledger_checks.check_balances()
    print(f"balances, promises, costs, serials and money rebuilt: {len(found)} differences", flush=True)
    return found


def _controls(clients: int, rounds: int) -> list[str]:
    """Without the guard more than one must win, in the forced order and, as a figure, at leisure."""
    from aftercare.domain.inventory.tests import races
    from aftercare.domain.inventory.tests.stock import Stock

    failed = []
    stage = Stock("C")
    stage.fill(stage.a, 1)
    stage.fill(stage.b, 1)
    stage.fill(stage.s, 1, "9", serial="CONTROL")
    for contest in _contests():
        if contest.control is None:
            continue
        winners = contest.control(stage, clients)[races.WON]
        print(f"negative control of {contest.name}: {winners} winners", flush=True)
        if winners <= 1:
            failed.append(f"the negative control of {contest.name} found one winner: the race proves nothing")
    broken = 0
    turns = min(rounds, 30)
    for turn in range(turns):
        stage.a = type(stage.a).objects.create(code=f"N{turn}", name="N")
        stage.fill(stage.a, 1)
        broken += races.reserve_unguarded_at_leisure(stage, clients)[races.WON] > 1
    print(f"negative control, read-decide-write at leisure: more than one winner in {broken} of {turns} rounds", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
