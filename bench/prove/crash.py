"""Nothing acknowledged is lost, nothing is made twice: servers and workers killed by SIGKILL while clients write.

`aftercare prove crash [--short] [--database sqlite|postgres] [--rounds N] [--clients N]`. Each round the product's own server is
killed in the middle of writes of several clients, in turn at a random moment, before a write's commit, and after a commit
whose answer nobody got, and started again; clients repeat what was not answered with its idempotency key. While the server is
dead, and at the end, each write is looked for in the database. Then workers are killed in the middle of an import and of a
reaction. Negative controls: clients that repeat without the key, a server that answers before it commits, a worker that takes
nothing over from the dead. The proof must notice each of them.
"""

from __future__ import annotations

import random
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter

from bench import _running
from bench.prove import _crash_calls, _crash_workers
from bench.prove._crash_running import Server

KINDS = ("random", "before", "receive", "after")
# What may be sent twice: a second "start", or a second order for the unit, would be refused and prove nothing about keys.
FRESH = ("receive", "sell")


def run(argv: list[str]) -> int:
    """Prove it on each database in a process of its own; the exit status is 0 only when all holds."""
    parser = ArgumentParser(prog="aftercare prove crash", description=__doc__)
    parser.add_argument("--short", action="store_true", help="three rounds, for every day")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="", help="(both; short sqlite)")
    parser.add_argument("--rounds", type=int, default=0, help="kills of the server (40, short 3)")
    parser.add_argument("--clients", type=int, default=0, help="(8, short 4)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments at which it is killed")
    parser.add_argument("--inner", action="store_true", help="on the database that the environment names")
    options = parser.parse_args(argv)
    options.database = options.database or ("sqlite" if options.short else "both")
    if not options.inner:
        return _running.on_databases("prove.crash", options, argv)
    return _prove(options)


def _prove(options: Namespace) -> int:
    _running.open_database()
    from bench import _company, _telling
    from bench.prove._crash_stories import Stories

    print(_telling.machine(), flush=True)
    rounds, clients = options.rounds or (3 if options.short else 40), options.clients or (4 if options.short else 8)
    company = _company.found()
    company.token, stories = company.tokens["administrator"], Stories(company.world)
    failed = _server_rounds(company, stories, rounds, clients, random.Random(options.seed or None))
    failed += _crash_workers.prove(company)
    failed += _check()
    failed += _answers_too_early(company, stories, clients)  # last: it loses what it said it had
    for problem in failed[:20]:
        print(f"FAILED {problem}", file=sys.stderr)
    print("all hold" if not failed else f"{len(failed)} do not hold", flush=True)
    return 1 if failed else 0


def _server_rounds(company, stories, rounds: int, clients: int, chance: random.Random) -> list[str]:
    """Kill it that many times; then all that was not answered is repeated, and each write is looked for."""
    gate = _crash_calls.Gate()
    crowd = [_crash_calls.Client(gate, stories.all(), token=company.token, seed=chance.randrange(10**9)) for _ in range(clients)]
    for client in crowd:
        client.start()
    failed, ready, kinds = [], [], Counter()
    for turn in range(rounds):
        kind = KINDS[turn % len(KINDS)]
        kinds[kind] += 1
        _one_round(kind, gate, chance, ready, crowd)
        gate.await_all()
        failed += _crash_calls.judge([write for client in crowd for write in client.writes[-20:]], after=False)
    server = Server()
    ready.append(server.seconds)
    for client in crowd:
        client.stop.set()
    gate.open(server.port)
    for client in crowd:
        client.join(timeout=_crash_calls.PATIENCE)
    writes = [write for client in crowd for write in client.writes]
    failed += [problem for client in crowd for problem in client.failed] + _crash_calls.judge(writes, after=True)
    lost, there = sum(write.lost > 0 for write in writes), sum(write.was_there for write in writes)
    print(f"server killed {rounds} times ({', '.join(f'{n} {kind}' for kind, n in kinds.items())}) under {clients} clients: {len(writes)} writes, "
          f"{lost} of them without an answer, {there} of these made all the same; ready again in {max(ready):.1f} s at most", flush=True)
    failed += _without_the_key(crowd[0], writes, rounds)
    server.end()
    return failed if lost else [*failed, "no write was without an answer: nothing was proven"]


def _without_the_key(client, writes: list, rounds: int) -> list[str]:
    """Negative control: what was made without an answer is repeated under another key, and must be found made twice."""
    chosen = [write for write in writes if write.was_there and write.name in FRESH]
    for write in chosen:
        client.send_careless(write)
    noticed = _crash_calls.judge(chosen, after=True)
    print(f"negative control, repeated without the key: {len(noticed)} of {len(chosen)} writes found made twice", flush=True)
    if len(noticed) < len(chosen) or (rounds >= len(KINDS) - 1 and not chosen):
        return ["repeating without the key was not noticed: the proof proves nothing"]
    return []


def _one_round(kind: str, gate, chance: random.Random, ready: list[float], crowd: list) -> None:
    """Start it, let clients write, and let it die."""
    changes = {
        "random": (), "before": ("--kill", "before", "--count", str(chance.randint(4, 16))),
        "after": ("--kill", "after", "--count", str(chance.randint(4, 16))),
        "receive": ("--kill", "after", "--operation", "/stock/receive", "--count", str(chance.randint(1, 4))),
    }
    server = Server(*changes[kind])
    ready.append(server.seconds)
    gate.open(server.port)
    if kind == "random":
        time.sleep(chance.uniform(0.2, 0.9))
    elif not server.await_death(_crash_calls.PATIENCE):
        server.kill()
        states = [f"{'alive' if client.is_alive() else 'ended'}, {client.failed[-1:]}, {client.writes[-1:]}" for client in crowd]
        raise SystemExit("\n".join([f"the server was to kill itself ({kind}) and did not; its clients:", *states]))
    gate.shut()
    server.kill()


def _answers_too_early(company, stories, clients: int) -> list[str]:
    """Negative control: a server that answers first and commits later must be found out."""
    server = Server("--early")
    gate = _crash_calls.Gate()
    gate.open(server.port)
    crowd = [_crash_calls.Client(gate, [stories.receive], token=company.token, seed=turn) for turn in range(clients)]
    for client in crowd:
        client.start()
    # Killed as soon as an answer was seen, so that it falls between answer and commit however slow the machine is.
    until = time.monotonic() + _crash_calls.PATIENCE
    while not any(write.is_acknowledged for client in crowd for write in tuple(client.writes)) and time.monotonic() < until:
        time.sleep(0.005)
    server.kill()
    gate.shut()
    gate.await_all()
    noticed = _crash_calls.judge([write for client in crowd for write in client.writes], after=False)
    print(f"negative control, a server that answers before it commits: {len(noticed)} acknowledged writes lost", flush=True)
    return [] if noticed else ["a server that answers too early lost nothing: the proof proves nothing"]


def _check() -> list[str]:
    """What `aftercare check` says of chain, ledgers, balances."""
    from django.utils.module_loading import autodiscover_modules

    from aftercare.config import checks as _of_the_installation  # noqa: F401  registers them
    from aftercare.foundation import checks

    autodiscover_modules("checks")
    found = dict(checks.run_checks())
    print(f"aftercare check: {sum(not problems for problems in found.values())} of {len(found)} hold", flush=True)
    return [f"{name}: {problem}" for name, problems in found.items() for problem in problems]


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
