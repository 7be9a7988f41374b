"""Stock cannot be sold twice: races for the last unit, random documents, random sequences, on both databases.

`aftercare prove stock [--short] [--only sqlite|postgres] [--rounds N] [--clients N]`. Every race runs with its guard,
where exactly one must win each round and nothing may fail otherwise, and once without it, where more must win: else the
race would prove nothing. At the end the checks rebuild every balance.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from pathlib import Path

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
    parser.add_argument("--only", choices=("sqlite", "postgres"), default="")
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
    from django.apps import apps
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from aftercare.domain.inventory.tests import races
    from aftercare.domain.inventory.tests.stock import Stock

    clients = options.clients or (16 if options.short else 64)
    rounds = options.rounds or (10 if options.short else 200)
    stock = Stock()
    numbers = iter(range(1, 10**9, clients))
    failed = []

    def one_winner(name: str, prepare: Callable[[int], object], round_: Callable[[int], Counter]) -> None:
        good = 0
        for turn in range(rounds):
            prepare(turn)
            outcome = round_(turn)
            good += outcome == {races.WON: 1, "short_stock": clients - 1}
            if outcome[races.WON] != 1:
                failed.append(f"{name}: round {turn}: {dict(outcome)}")
        print(f"{name}: one winner of {clients} in {good} of {rounds} rounds", flush=True)
        if good != rounds:
            failed.append(f"{name}: {good} of {rounds}")

    one_winner("reserve the last unit", lambda _t: stock.fill(stock.a, 1, "1.1"),
               lambda _t: races.reserve_the_last(stock, clients, next(numbers)))
    one_winner("use the last unit", lambda _t: stock.fill(stock.b, 1, "1.1"), lambda _t: races.use_the_last(stock, clients, next(numbers)))
    one_winner("move a serial number", lambda t: stock.fill(stock.s, 1, "9", serial=f"S{t}"),
               lambda t: races.move_one_serial(stock, f"S{t}", clients))
    part = apps.get_model("catalog.Part")
    parts = [part.objects.create(code=f"P{n}", name=f"P{n}") for n in range(30)]
    documents = 5 if options.short else 60
    outcome = races.random_documents(stock, parts, min(clients, 16), documents, seed=7, first=10**9)
    print(f"random documents of 2-20 lines: {min(clients, 16)} clients x {documents}: {dict(outcome)}", flush=True)
    if set(outcome) != {races.WON}:
        failed.append(f"random documents: {dict(outcome)}")
    failed += _books()
    failed += _sequences(options.short)
    failed += _controls(races, stock, clients, rounds)
    for problem in failed[:20]:
        print(f"FAILED {problem}", file=sys.stderr)
    return 1 if failed else 0


def _sequences(short: bool) -> list[str]:
    from aftercare.domain.inventory.tests.test_machine import run_machine

    examples, steps = (10, 15) if short else (200, 50)
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
    found += ledger_checks.check_entries() + ledger_checks.check_balances()
    print(f"balances, promises, costs, serials and money rebuilt: {len(found)} differences", flush=True)
    return found


def _controls(races, stock, clients: int, rounds: int) -> list[str]:
    """Without the guard more than one must win, in the forced order and, as a figure, at leisure."""
    stock.fill(stock.a, 1)
    forced = races.reserve_without_guard(stock, clients)[races.WON]
    print(f"negative control, read-decide-write with all reads first: {forced} winners", flush=True)
    broken = 0
    turns = min(rounds, 30)
    for _turn in range(turns):
        stock.a = type(stock.a).objects.create(code=f"N{_turn}", name="N")
        stock.fill(stock.a, 1)
        broken += races.reserve_unguarded_at_leisure(stock, clients)[races.WON] > 1
    print(f"negative control, read-decide-write at leisure: more than one winner in {broken} of {turns} rounds", flush=True)
    return [] if forced > 1 else ["the negative control found one winner: the race proves nothing"]


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
