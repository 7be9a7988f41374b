"""How long a cold start takes to the first answered sign-in page, and the memory of an idle process then and later.

`aftercare bench start [--database sqlite|postgres|both]`. The database is there already, as at every start but the first.
"""

from __future__ import annotations

import http.client
import sys
import time
from argparse import ArgumentParser

from bench import _running

GOAL_SECONDS, GOAL_MB = 2.5, 120
# One page and one call of each sort, so that every room's code is loaded.
ADDRESSES = ("/accounts/login/", "/health", "/api/v1/work-orders", "/api/v1/customers", "/api/v1/dashboard")
DOCUMENT = ("/api/v1/openapi.json",)


def run(argv: list[str]) -> int:
    """Measure; always 0."""
    parser = ArgumentParser(prog="aftercare bench start", description=__doc__)
    _running.add_database(parser)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(argv)
    if not options.inner:
        return _running.on_databases("start", options, argv)
    return _measure(options.rounds)


def _measure(rounds: int) -> int:
    _running.open_database()
    from bench import _company, _telling
    from bench.repair import repair

    company = _company.found()
    seconds, used, empty, loaded, documented = [], [], [], [], []
    for turn in range(rounds):
        with _running.served("--no-worker", path="/accounts/login/") as server:
            seconds.append(server.seconds)
            used.append(_running.cpu_of(server.process.pid))
            empty.append(server.memory())
            _load(server, company, turn, repair)
            time.sleep(0.2)
            loaded.append(server.memory())
            _get(server, company, DOCUMENT)
            documented.append(server.memory())
    middle = _telling.middle
    print(_telling.machine())
    _telling.table(["start", "measured", "goal", ""], [
        ["seconds to the first sign-in page", middle(seconds), GOAL_SECONDS, _telling.verdict(middle(seconds), GOAL_SECONDS)],
        ["CPU seconds for it", middle(used), None, ""],
        ["MB idle after it", middle(empty), GOAL_MB, _telling.verdict(middle(empty), GOAL_MB)],
        ["MB once the API's document was made", middle(documented), None, ""],
        ["MB once every sort of page and call was asked", middle(loaded), None, ""],
    ])
    return 0


def _load(server, company, turn: int, repair) -> None:
    from bench import _calling

    client = _calling.Http(server.port, company.tokens)
    repair(client, company.world, turn + 1)
    client.close()
    _get(server, company, ADDRESSES)


def _get(server, company, addresses: tuple[str, ...]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for address in addresses:
        connection.request("GET", address, headers={"Authorization": f"Bearer {company.tokens['administrator']}"})
        connection.getresponse().read()
    connection.close()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
