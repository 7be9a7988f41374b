"""Every route × cast member: who is let in. The table is a file that people review; a route without a line fails.

`y` does what was asked, `-` turns away: not signed in, not allowed, or not to be seen. `.` leaves it open: the empty request
was found wanting before the question of rights came up (the rooms' own tests ask it there).
After a new route: `AFTERCARE_ACCESS=all AFTERCARE_WRITE_ACCESS=1 python -m pytest tests/access -n 0`, then read the change line by line.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import re
import uuid
from pathlib import Path
from types import SimpleNamespace

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from aftercare.api.app import api
from aftercare.domain.files import actions as files
from aftercare.domain.people import actions as people
from aftercare.flows import attachments, register_request
from tests import world
from tests.access import contract_papers, core_papers, custody_papers, supply_papers

FILE = Path(__file__).with_name("table.csv")
# Who joined the cast later stands in a file of his own, so that he does not touch every line of the table.
LATER = {"buyer": Path(__file__).with_name("buyer.csv")}
CAST = ["nobody", *world.CAST]
AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
TURNED_AWAY = {401, 403, 404}


@functools.cache
def list_routes() -> list[str]:
    """`PAGE /path` of all pages, `METHOD /api/v1/path` of all calls; frameworks' own routes are theirs to test."""
    pages = [f"PAGE /{route}" for route, view in _walk(get_resolver().url_patterns, "") if _is_ours(view)]
    calls = [
        f"{method} /api/v1{path}" for path, item in api.get_openapi_schema(path_prefix="")["paths"].items()
        for method in (m.upper() for m in item)
    ]
    return sorted({*pages, *calls})


def _walk(patterns, prefix: str):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from _walk(pattern.url_patterns, route)


def _is_ours(view) -> bool:
    module = getattr(view, "__module__", "")
    return module.startswith("aftercare.web.") and hasattr(view, "policy")


def read_table() -> dict[str, dict[str, str]]:
    """The reviewed table."""
    table = _read(FILE)
    for name, file in LATER.items():
        answers = _read(file)
        for route, row in table.items():
            row[name] = answers.get(route, {}).get(name, "-")
    return table


def _read(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["route"]: row for row in csv.DictReader(file)}


def write_table(column: str, answers: dict[str, str]) -> None:
    """Put one cast member's answers into the file; routes that are gone leave it."""
    table = read_table()
    path = LATER.get(column, FILE)
    columns = [column] if column in LATER else [name for name in CAST if name not in LATER]
    rows = [{"route": route, **{c: table.get(route, {}).get(c, "-") for c in columns}, column: answers[route]} for route in answers]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["route", *columns], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def play() -> SimpleNamespace:
    """The small company with one order under way, and the numbers that fill the holes of routes."""
    company = world.found()
    clerk = company.actor("clerk")
    done = register_request.register(
        branch_id=company.head.pk, customer=company.customer, asset=company.new_unit, fault="不制冷", mode="bench",
        intake={"item": "空调", "appearance": [], "accessories": [], "place": ""}, actor=clerk, at=AT,
    )
    numbers = {
        "customers": company.customer.number, "assets": company.new_unit.number, "contacts": done.contact.number,
        "orders": done.order.number, "work-orders": done.order.number, "custody": done.custody.number,
        "branches": company.head.number, "employees": company.people["clerk"].number, "parts": company.compressor.code,
        "products": company.product.pk, "categories": company.category.pk, "work-types": company.work_type.pk,
        "places": company.depot.code, "regions": company.district.code,
    }
    prepared = files.prepare(name="note.txt", data="外壳有划痕".encode())
    file = attachments.attach(prepared, noun="orders", number=done.order.number, key="table", actor=clerk, at=AT)
    numbers["files"] = file.number
    numbers |= supply_papers.write(company, AT) | contract_papers.write(company, AT)
    numbers |= custody_papers.write(company, AT) | core_papers.write(company, AT)
    return SimpleNamespace(company=company, numbers=numbers)


def ask_all(stage: SimpleNamespace, name: str) -> dict[str, str]:
    """What that member of the cast is told on every route; nothing that he does stays."""
    client = Client()
    headers = {}
    if name != "nobody":
        person = stage.company.people[name]
        account = people.create_account(person, username=name, password=f"{uuid.uuid4()}", actor=world.SYSTEM, at=AT)
        client.force_login(account)
        _token, raw = people.make_token(person, name="table", scopes=["*"], actor=world.SYSTEM, at=AT)
        headers = {"Authorization": f"Bearer {raw}"}
    return {route: _ask(client, headers, route, stage.numbers) for route in list_routes()}


def _ask(client: Client, headers: dict, route: str, numbers: dict) -> str:
    method, _space, path = route.partition(" ")
    path = re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda hole: str(_fill(path, hole[1], numbers)), path)
    caller = Client() if method != "PAGE" else client
    extra = {"headers": {**headers, "Idempotency-Key": str(uuid.uuid4()), "If-Match": '"1"'}} if method != "PAGE" else {}
    with transaction.atomic():
        answer = caller.generic("GET" if method == "PAGE" else method, path, data="{}", content_type="application/json", **extra)
        transaction.set_rollback(True)
    assert answer.status_code < 500, (route, path, answer.status_code)
    to_sign_in = answer.status_code == 302 and "/accounts/login" in answer["Location"]
    if answer.status_code in TURNED_AWAY or to_sign_in:
        return "-"
    return "y" if answer.status_code < 400 else "."


def _fill(path: str, hole: str, numbers: dict) -> object:
    segments = path.strip("/").split("/")
    at = next((i for i, s in enumerate(segments) if f"{hole}>" in s or f"{hole}}}" in s), 0)
    noun = segments[at - 1] if at else ""
    return numbers.get(noun, {"move": "cancel", "kind": "fault", "name": "x"}.get(hole, 1))
