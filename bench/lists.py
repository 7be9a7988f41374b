"""Lists, searches, documents and figures at ten thousand, a hundred thousand and a million orders.

`aftercare bench lists [--database sqlite|postgres|both] [--rows 10000,100000] [--keep FOLDER]`. Each case is a whole
request inside this process (middleware, sign-in or token, statements, JSON or HTML); CPU time is that of this process,
and on PostgreSQL that of its back ends too. `--keep` leaves the filled SQLite database for the next run.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import _running

ROUNDS = 24
SIZE = 80
# Statements that a case may send: more would mean that a list asks for its rows one by one.
API_STATEMENTS, PAGE_STATEMENTS = 8, 30


def run(argv: list[str]) -> int:
    """Measure; the exit status is 0 when statements and figures hold."""
    parser = ArgumentParser(prog="aftercare bench lists", description=__doc__)
    _running.add_database(parser)
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args(argv)
    if not options.inner:
        return _running.on_databases("lists", options, argv, folder=options.keep)
    return _measure(options)


def _measure(options: Namespace) -> int:
    _running.open_database()
    from bench import _filling, _telling

    company, found = _company()
    database = _running.find_postmaster()
    print(_telling.machine(), flush=True)
    sizes, taken, failed = [], {}, []
    for rows in map(int, options.rows.split(",")):
        there = found.orders.count()
        if rows > there:
            began = time.monotonic()
            _filling.fill_orders(rows - there, company)
            print(f"filled to {rows:,} orders in {time.monotonic() - began:.0f} s", flush=True)
        sizes.append(found.orders.count())
        for name, goal, limit, ask in _cases(found):
            milliseconds, statements, problem = _time(ask, database, limit)
            taken.setdefault((name, goal), []).append((milliseconds, statements))
            failed += [f"{name} at {sizes[-1]:,}: {problem}"] if problem else []
        failed += _figures_hold()
    heads = ["CPU ms", *(f"{size:,}" for size in sizes), "goal", "", "statements"]
    _telling.table(heads, [
        [name, *(ms for ms, _n in values), goal, _telling.verdict(values[-1][0], goal), values[-1][1]]
        for (name, goal), values in taken.items()
    ])
    for problem in failed:
        print(f"FAILED {problem}")
    return 1 if failed else 0


class Found:
    """Who asks, and what is asked for."""

    def __init__(self, apps: Any, api: Any, pages: Any, token: str, actor: Any) -> None:
        self.apps, self.api, self.pages, self.token, self.actor = apps, api, pages, token, actor
        self.orders = apps.get_model("work.WorkOrder").objects


def _company() -> tuple[Any, Found]:
    """The company, founded on the first run; its administrator with a fresh token and a sign-in."""
    from types import SimpleNamespace

    from django.apps import apps
    from django.conf import settings
    from django.test import Client

    from aftercare.domain.people import actions as people
    from aftercare.domain.people import queries as staff
    from aftercare.foundation import clock
    from tests import world as worlds

    given = {"actor": worlds.SYSTEM, "at": clock.now()}
    employees = apps.get_model("people.Employee").objects
    if not employees.filter(number="E011").exists():
        world = worlds.found()
        people.create_account(world.people["administrator"], password="quiet-lantern-42", **given)
    boss = employees.get(number="E011")
    world = SimpleNamespace(
        head=apps.get_model("people.Branch").objects.get(number="B01"),
        people={name: employees.get(number=number) for name, number in (("engineer", "E003"), ("repairer", "E004"))},
        work_type=apps.get_model("catalog.WorkType").objects.get(name="维修"),
        category=apps.get_model("catalog.Category").objects.get(code="AC"),
    )
    pages = Client(SERVER_NAME="localhost")
    pages.force_login(staff.find_account_by_login("E011"), backend=settings.AUTHENTICATION_BACKENDS[0])
    token = people.make_token(boss, name="bench", scopes=["*"], **given)[1]
    return world, Found(apps, Client(SERVER_NAME="localhost"), pages, token, staff.actor_for(boss))


Case = tuple[str, float | None, int, Callable[[], Any]]


def _cases(found: Found) -> list[Case]:
    """(name, goal in CPU ms, most statements, the request)."""
    from django.core.cache import cache

    from aftercare.domain.work import queries as work

    middle = found.orders.filter(asset__isnull=False, status="closed").order_by("id")[found.orders.count() // 2]
    district = middle.region.code

    def api(path: str, least: int = 1) -> Callable[[], Any]:
        def ask() -> Any:
            answer = found.api.get("/api/v1" + path, headers={"Authorization": f"Bearer {found.token}"})
            assert answer.status_code == 200, answer.content[:300]
            assert len(answer.json()["items"]) >= least, f"{len(answer.json()['items'])} rows for {path}"

        return ask

    def html(path: str, least: int = 0) -> Callable[[], Any]:
        def ask() -> Any:
            answer = found.pages.get(path)
            assert answer.status_code == 200, answer.status_code
            assert answer.content.count(b"<tr") >= least, answer.content.count(b"<tr")

        return ask

    def dashboard() -> Any:
        cache.clear()
        answer = found.api.get("/api/v1/dashboard", headers={"Authorization": f"Bearer {found.token}"})
        assert answer.status_code == 200, answer.content[:300]

    def figures() -> Any:
        assert work.figures(found.actor)

    list_ = f"/work-orders?limit={SIZE}"
    serial = middle.asset.serial
    return [
        ("orders by date, API", 12, API_STATEMENTS, api(list_, SIZE)),
        ("orders by date, page", 25, PAGE_STATEMENTS, html("/orders/?tab=all", SIZE)),
        ("open orders, page", 25, PAGE_STATEMENTS, html("/orders/", SIZE)),
        ("page 1000 by date, API", 12, API_STATEMENTS, api(f"{list_}&cursor={_deep(found)}", 1)),
        ("closed + district, API", 15, API_STATEMENTS, api(f"{list_}&status=closed&region={district}", SIZE)),
        ("waiting + district, API", 15, API_STATEMENTS, api(f"{list_}&status=waiting_part&region={district}", 0)),
        ("whole city, API", 15, API_STATEMENTS, api(f"{list_}&region=310100", SIZE)),
        ("district, page", 25, PAGE_STATEMENTS, html(f"/orders/?tab=all&region={district}", SIZE)),
        ("open, by deadline, page", 25, PAGE_STATEMENTS, html("/orders/?sort=due_at", SIZE)),
        ("telephone, 8 digits, API", 20, API_STATEMENTS, api(f"{list_}&q={middle.phone[3:]}")),
        ("telephone, 3 digits, API", 20, API_STATEMENTS, api(f"{list_}&q={middle.phone[4:7]}")),
        ("serial, 6 digits, API", 20, API_STATEMENTS, api(f"{list_}&q={serial[4:10]}")),
        ("Chinese, one of ten rows, API", 20, API_STATEMENTS, api(f"{list_}&q=不制冷", SIZE)),
        ("Chinese name, API", 20, API_STATEMENTS, api(f"{list_}&q={middle.contact_name}")),
        ("Chinese, one of ten, page", 25, PAGE_STATEMENTS, html("/orders/?tab=all&q=不制冷", SIZE)),
        ("customers by telephone, API", 20, API_STATEMENTS, api(f"/customers?limit={SIZE}&q={middle.phone[3:]}")),
        ("units by date, API", 12, API_STATEMENTS, api(f"/assets?limit={SIZE}")),
        ("document, page", 20, PAGE_STATEMENTS, html(f"/orders/{middle.number}/")),
        ("document, API", None, API_STATEMENTS * 2, lambda: found.api.get(
            f"/api/v1/work-orders/{middle.number}", headers={"Authorization": f"Bearer {found.token}"})),
        ("dashboard, API", 100, PAGE_STATEMENTS, dashboard),
        ("count and sum by month and state", 100, 1, figures),
    ]


def _deep(found: Found) -> str:
    """The cursor of page 1000 (or of the last page but one) without walking there."""
    from aftercare.foundation import paging

    keys = ("-created_at", "-id")
    offset = min(999 * SIZE, found.orders.count() - 2 * SIZE)
    return paging._encode("n", keys, found.orders.order_by(*keys)[offset])


def _time(ask: Callable[[], Any], database: int | None, limit: int) -> tuple[float | None, int | None, str]:
    """CPU milliseconds of one request (median; the database's share as a mean), its statements, and what is wrong."""
    from django.db import connection

    from bench import _telling

    sent: list[str] = []

    def count(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    try:
        for _ in range(3):
            ask()
        with connection.execute_wrapper(count):
            ask()
        began = time.perf_counter()
        before = _running.cpu_of(database) if database else 0.0
        spent = []
        while len(spent) < ROUNDS and time.perf_counter() - began < 60:
            start = time.process_time()
            ask()
            spent.append(time.process_time() - start)
        more = (_running.cpu_of(database) - before) / len(spent) if database else 0.0
    except AssertionError as error:
        return None, None, str(error)
    problem = f"{len(sent)} statements, at most {limit} are right" if len(sent) > limit else ""
    return (_telling.middle(spent) + more) * 1000, len(sent), problem


def _figures_hold() -> list[str]:
    from aftercare.domain.work import queries as work

    return work.compare_figures()[:3]


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
