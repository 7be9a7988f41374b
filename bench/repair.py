"""The part of the story that peers share: a repair order in four calls, and a race of clients for the last unit.

`aftercare bench repair [--database sqlite|postgres|both] [--rounds 200] [--orders 0,10000]`. The product's server runs
on a fresh database; CPU seconds are those of the server and of the database together, by repair.
"""

from __future__ import annotations

import sys
import threading
from argparse import ArgumentParser, Namespace
from collections import Counter
from decimal import Decimal

from bench import _running

GOAL = 0.045
CALLS = ("create", "confirm", "start", "done")


def run(argv: list[str]) -> int:
    """Measure; the exit status is 0 when the races and the books hold."""
    options = _options(argv)
    if not options.inner:
        return _running.on_databases("repair", options, argv)
    return _measure(options)


def _options(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="aftercare bench repair", description=__doc__)
    _running.add_database(parser)
    parser.add_argument("--rounds", type=int, default=200, help="repairs measured")
    parser.add_argument("--orders", default="0,10000", help="orders already there, one measurement each")
    parser.add_argument("--clients", type=int, default=8, help="of the race")
    parser.add_argument("--races", type=int, default=10)
    return parser.parse_args(argv)


def repair(client, world, turn: int, *, who: str = "administrator", part: str = "", promise: bool = True) -> dict:
    """The four calls; without `promise` nothing is reserved before the parts are used."""
    lines = [{"part": part, "qty": "1"}] if part else [{"part": "P-100", "qty": "1"}, {"part": "P-200", "qty": "2"}]
    order = client.call(who, "POST", "/repairs", {
        "customer": world.customer.number, "product": "变频空调一号", "serial": f"BENCH-{turn:07d}", "fault": "不制冷",
        "branch": "B01", "lines": lines,
    }, name="create")["order"]
    path = f"/repairs/{order['number']}"
    if promise:
        client.call(who, "POST", f"{path}/confirm", {"engineer": "E004"}, name="confirm")
    else:
        client.call(who, "POST", f"/work-orders/{order['number']}/take", {"engineer": "E004"}, name="take")
    client.call(who, "POST", f"{path}/start", name="start")
    return client.call(who, "POST", f"{path}/done", {"findings": "更换压缩机和电容，试机正常"}, name="done")


def _measure(options: Namespace) -> int:
    _running.open_database()
    from bench import _calling, _company, _filling, _telling

    company = _company.found()
    turns = iter(range(1, 10**7))
    print(_telling.machine(), flush=True)
    rows, statements = [], _calling.Book()
    inside = _calling.Inside(company.tokens, statements)
    for _ in range(3):
        statements.taken.clear()
        assert repair(inside, company.world, next(turns))["status"] == "done"
    there, failed = 0, []
    for orders in map(int, options.orders.split(",")):
        if orders > there:
            _filling.fill_orders(orders - there, company.world)
            there = orders
        with _running.served() as server:
            client = _calling.Http(server.port, company.tokens)
            for _ in range(20):
                repair(client, company.world, next(turns))
            book = client.book = _calling.Book()
            before = server.cpu()
            for _ in range(options.rounds):
                repair(client, company.world, next(turns))
            spent = (server.cpu() - before) / options.rounds
            client.close()
            times = [_telling.middle(book.taken[name]) * 1000 for name in CALLS]
            rows.append([f"{orders:,} orders before", spent, GOAL, _telling.verdict(spent, GOAL), *times])
            if orders == there:
                failed += _races(options, server, company, turns)
    _telling.table(["CPU s of server and database per repair", "CPU s", "goal", "", *(f"{c} ms" for c in CALLS)], rows)
    _telling.table(["statements", *CALLS, "all"], [["", *(statements.taken[c][-1] for c in CALLS),
                                                     sum(statements.taken[c][-1] for c in CALLS)]])
    for problem in failed:
        print(f"FAILED {problem}")
    return 1 if failed else 0


def _races(options: Namespace, server, company, turns) -> list[str]:
    """Clients race for one unit: with promises made first, and with parts used that nobody promised."""
    failed = []
    for promise in (True, False):
        total: Counter = Counter()
        for _ in range(options.races):
            outcome = _race(options.clients, server, company, turns, promise)
            total += outcome
            if outcome["done"] != 1 or outcome["done"] + outcome["refused"] != options.clients:
                failed.append(f"a race ended {dict(outcome)}")
        kind = "the last unit promised" if promise else "the last unit used without promise"
        print(f"{kind}: {options.races} races of {options.clients} clients: {dict(total)}", flush=True)
    return failed + _books()


def _race(clients: int, server, company, turns, promise: bool) -> Counter:
    from aftercare.domain.catalog import actions as catalog
    from aftercare.domain.inventory import actions as inventory
    from aftercare.foundation import clock
    from bench import _calling
    from tests.world import SYSTEM

    code = f"LAST-{next(turns)}"
    given = {"actor": SYSTEM, "at": clock.now()}
    part = catalog.create_part(code=code, name=code, price_amount=Decimal(10), **given)
    inventory.receive(company.world.depot, lines=[(part.pk, Decimal(1), Decimal(4))], **given)
    outcome: Counter = Counter()
    start = threading.Barrier(clients)

    def play(turn: int) -> None:
        client = _calling.Http(server.port, company.tokens)
        start.wait()
        try:
            ended = repair(client, company.world, turn, part=code, promise=promise)
            outcome[ended["status"]] += 1
        except _calling.Refused as refused:
            outcome["refused" if 400 <= refused.status < 500 else f"status {refused.status}"] += 1
            outcome[refused.code] += 1
        finally:
            client.close()

    threads = [threading.Thread(target=play, args=(next(turns),)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def _books() -> list[str]:
    """Rebuild every balance and promise, and look for promises that nobody holds any more."""
    from aftercare.domain.inventory import checks

    found = checks.check_balances() + checks.check_reservations() + checks.check_costs()
    print(f"balances, promises and costs rebuilt: {len(found)} differences", flush=True)
    return [str(problem) for problem in found]


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
