"""The whole story through HTTP: register, dispatch, accept, set out, arrive, parts, finish, inspect, audit, settle, call-back.

`aftercare bench lifecycle [--database sqlite|postgres|both] [--rounds 40] [--clients 1,8]`. Each step is made by who
makes it in real life, with his own token.
"""

from __future__ import annotations

import sys
import threading
import time
from argparse import ArgumentParser, Namespace

from bench import _running

STATEMENTS = 25


def run(argv: list[str]) -> int:
    """Measure; the exit status is 0 when every story ended and no call needs more statements than aimed at."""
    parser = ArgumentParser(prog="aftercare bench lifecycle", description=__doc__)
    _running.add_database(parser)
    parser.add_argument("--rounds", type=int, default=40, help="stories of each client")
    parser.add_argument("--clients", default="1,8")
    options = parser.parse_args(argv)
    if not options.inner:
        return _running.on_databases("lifecycle", options, argv)
    return _measure(options)


def play(client, turn: int) -> str:
    """One story, call by call; gives the order's number."""
    call = client.call
    made = call("clerk", "POST", "/work-orders", {
        "phone": f"139{turn:08d}", "customer_name": f"客户{turn}", "region": "310101", "address": "南京东路 1 号",
        "product": "变频空调一号", "serial": f"LIFE-{turn:07d}", "fault": "不制冷", "detail": "昨天起不制冷，有异响", "channel": "phone",
    }, name="register")
    number = made["order"]["number"]
    path = f"/work-orders/{number}"
    call("dispatcher", "POST", f"{path}/dispatch", {"engineer": "E003"}, name="dispatch")
    for move in ("accept", "set_out", "arrive"):
        call("engineer", "POST", f"{path}/{move}", name=move)
    call("engineer", "POST", f"{path}/parts", {"lines": [{"part": "P-100", "qty": "1"}, {"part": "P-200", "qty": "1"}]},
         name="parts")
    done = call("engineer", "POST", f"{path}/complete", {
        "findings": "更换压缩机和电容，试机正常", "minutes": 80, "cause": "压缩机烧毁", "solution": "更换压缩机", "signed_name": "客户",
    }, name="complete")
    call("inspector", "POST", f"{path}/inspect", name="inspect")
    call("auditor", "POST", f"{path}/audit", name="audit")
    call("accountant", "POST", f"{path}/collections", {"amount": str(done["amount"]), "method": "cash", "at_desk": True},
         name="collect")
    call("accountant", "POST", f"{path}/settle", name="settle")
    call("accountant", "POST", f"{path}/close", name="close")
    return number


def call_back(client, number: str) -> None:
    """The worker made the call-back; the caller asks."""
    found = client.call("caller", "GET", f"/callbacks?q={number}", name="find call-back")["items"]
    client.call("caller", "POST", f"/callbacks/{found[0]['number']}/answer", {
        "attitude": 4, "skill": 4, "punctuality": 4, "promise": 3, "comment": "很好",
    }, name="answer call-back")


def _measure(options: Namespace) -> int:
    _running.open_database()
    from bench import _calling, _company, _telling

    company = _company.found()
    turns = iter(range(1, 10**7))
    print(_telling.machine(), flush=True)
    statements = _calling.Book()
    inside = _calling.Inside(company.tokens, statements)
    for _ in range(3):
        statements.taken.clear()
        number = play(inside, next(turns))
    _work_off()
    call_back(inside, number)
    failed = [f"{name}: {sent[-1]} statements" for name, sent in statements.taken.items() if sent[-1] > STATEMENTS]
    for clients in map(int, options.clients.split(",")):
        failed += _stories(options.rounds, clients, company, turns, statements)
    for problem in failed:
        print(f"FAILED {problem}")
    return 1 if failed else 0


def _work_off() -> None:
    """Make the reactions that are due, as the worker does."""
    from aftercare.domain.journal import delivering
    from aftercare.flows import reactions
    from aftercare.foundation import clock

    while (delivery := delivering.claim(worker="bench", at=clock.now())) is not None:
        reactions.run(delivery.reaction, delivery.fact, at=clock.now())
        delivering.finish(delivery, worker="bench", at=clock.now())


def _stories(rounds: int, clients: int, company, turns, statements) -> list[str]:
    from bench import _calling, _telling

    book, failed, numbers = _calling.Book(), [], []
    with _running.served() as server:
        lanes = [_calling.Http(server.port, company.tokens) for _ in range(clients)]
        for lane in lanes:
            play(lane, next(turns))

        def tell(lane) -> None:
            lane.book = book
            for _ in range(rounds):
                try:
                    numbers.append(play(lane, next(turns)))
                except _calling.Refused as refused:
                    failed.append(str(refused))

        threads = [threading.Thread(target=tell, args=(lane,)) for lane in lanes]
        before, began = server.cpu(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds, spent = time.perf_counter() - began, server.cpu() - before
        failed += _ask(lanes[0], numbers[:rounds])
        for lane in lanes:
            lane.close()
    rows = [
        [name, _telling.middle(taken) * 1000, _telling.high(taken) * 1000, int(statements.taken[name][-1])]
        for name, taken in book.taken.items()
    ]
    print(f"{clients} client(s), {len(numbers)} stories: {len(numbers) / seconds:.2f} a second, "
          f"{spent / max(len(numbers), 1):.3f} CPU s each (server, worker and database)")
    _telling.table(["call", "p50 ms", "p95 ms", "statements"], rows)
    return failed


def _ask(lane, numbers: list[str]) -> list[str]:
    """Ask the customers of these orders once the worker has made their call-backs."""
    from bench import _calling

    until = time.monotonic() + 60
    for number in numbers:
        while True:
            try:
                call_back(lane, number)
                break
            except IndexError:
                if time.monotonic() > until:
                    return [f"no call-back for {number}"]
                time.sleep(0.2)
            except _calling.Refused as refused:
                return [str(refused)]
    return []


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
