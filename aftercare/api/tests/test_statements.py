"""How many SQL statements each call takes at most, kept as data: a higher number is a decision, not an accident.

`AFTERCARE_WRITE_STATEMENTS=1` writes the file anew, `AFTERCARE_SHOW_STATEMENTS="bench: done"` prints a call's.
"""

import json
import os
from pathlib import Path

from django.db import connection
from django.test import TestCase

from aftercare.api.tests.caller import done
from aftercare.api.tests.test_work import SOON, StockedCase
from aftercare.domain.inventory import actions as inventory

FILE = Path(__file__).parent / "statements.json"
LIMIT = 25
# Journeys across many rooms that are above the limit still; a name may leave this set, none may come in.
JOURNEYS = {"bench: done", "visit: complete", "visit: audit"}


class Counted:
    """A caller that notes the statements of each call under a name."""

    def __init__(self, world) -> None:
        self.world, self.counts, self.sent = world, {}, {}

    def __call__(self, name: str, who: str, method: str, path: str, *body, status: int = 200, **query):
        caller = self.world.call(who)
        caller.get("/me")  # grants are kept in the process, as in any request but the first
        answer = done(getattr(caller, method)(path, *body, **query), status)
        # A write's own transaction is a savepoint of the test's; elsewhere it is BEGIN and COMMIT.
        outer = 2 if any(sql.startswith("SAVEPOINT") for sql in caller.sent) else 0
        self.counts[name], self.sent[name] = caller.statements - outer, caller.sent
        return answer


class TestStatements(StockedCase, TestCase):
    def test_counts_are_those_on_file(self):
        self.world.call("administrator").post("/calendars", {
            "name": "标准", "hours": [{"weekday": day, "starts": 540, "ends": 1080} for day in range(5)]})
        inventory.ensure_outside("customer", **self.world.by)
        # The first repair and visit make the chart of accounts and the month's statement, and read what a process keeps:
        # no call of a company at work does that again.
        other = self.bench(Counted(self.world), "SN-0002")
        self.visit(Counted(self.world), other["asset"])
        self.bench(Counted(self.world), "SN-0003")
        call = Counted(self.world)
        self.bench(call, "SN-0001")
        self.visit(call, self.world.asset.number)
        self.lists(call)
        if os.environ.get("AFTERCARE_SHOW_STATEMENTS"):
            for sql in call.sent[os.environ["AFTERCARE_SHOW_STATEMENTS"]]:
                print(sql[:300])
        if os.environ.get("AFTERCARE_WRITE_STATEMENTS"):
            FILE.write_text(json.dumps(call.counts, indent=1) + "\n")
        kept = json.loads(FILE.read_text())
        assert call.counts.keys() == kept.keys()
        assert {name for name, n in kept.items() if n > LIMIT} <= JOURNEYS
        if connection.vendor == "sqlite":
            assert {name: (n, kept[name]) for name, n in call.counts.items() if n > kept[name]} == {}

    def bench(self, call: Counted, serial: str) -> dict:
        lines = [{"part": "P-001", "qty": "1"}, {"part": "P-002", "qty": "2"}]
        body = {"customer": self.world.customer.number, "product": "KFR-35GW", "serial": serial, "title": "不通电",
                "lines": lines}
        order = call("bench: create", "administrator", "post", "/repairs", body, status=201)["order"]
        address = f"/repairs/{order['number']}"
        call("bench: confirm", "administrator", "post", f"{address}/confirm", {"engineer": "E003"})
        call("bench: start", "administrator", "post", f"{address}/start", {})
        call("bench: done", "administrator", "post", f"{address}/done", {"findings": "已修好"})
        return order

    def visit(self, call: Counted, asset: str) -> None:
        call("desk: identify", "clerk", "get", "/identify", q="13812340001")
        made = call("visit: register", "clerk", "post", "/work-orders", {
            "asset": asset, "fault": "不制冷", "channel": "phone", "open_anyway": True}, status=201)
        address = f"/work-orders/{made['order']['number']}"
        call("visit: read", "dispatcher", "get", address)
        call("visit: suggest", "dispatcher", "get", f"{address}/suggestions")
        call("visit: dispatch", "dispatcher", "post", f"{address}/dispatch", {"engineer": "E003", "planned_at": SOON})
        call("visit: my day", "engineer", "get", "/my-day")
        call("visit: accept", "engineer", "post", f"{address}/accept", {})
        call("visit: parts", "engineer", "post", f"{address}/parts", {"lines": [{"part": "P-001", "qty": "1"}]})
        call("visit: issue", "engineer", "post", f"{address}/parts/issue", {})
        call("visit: set out", "engineer", "post", f"{address}/set_out", {})
        call("visit: arrive", "engineer", "post", f"{address}/arrive", {})
        call("visit: complete", "engineer", "post", f"{address}/complete", {
            "findings": "更换压缩机", "minutes": 50, "fees": [{"kind": "labour", "amount": "80.00"}],
            "collect": {"amount": "400.00", "method": "cash"}})
        call("visit: bill", "auditor", "get", f"{address}/bill")
        call("visit: inspect", "dispatcher", "post", f"{address}/inspect", {})
        call("visit: audit", "auditor", "post", f"{address}/audit", {})
        call("visit: settle", "accountant", "post", f"{address}/settle", {})
        call("visit: close", "accountant", "post", f"{address}/close", {})
        call("visit: timeline", "dispatcher", "get", f"{address}/timeline")

    def lists(self, call: Counted) -> None:
        for path in ("customers", "assets", "contacts", "work-orders", "custodies", "bills", "collections", "callbacks",
                     "statements", "accruals", "stock", "stock-moves", "part-requests", "parts", "products", "codes",
                     "employees", "branches", "warranty-entries", "facts"):
            call(f"list: {path}", "administrator", "get", f"/{path}")
        call("list: work-orders, searched", "clerk", "get", "/work-orders", q="SN-0001")
        call("read: dashboard", "manager", "get", "/dashboard")
        call("read: cash sheet", "accountant", "get", "/cash-sheet")
        call("read: pool", "dispatcher", "get", "/dispatch/pool")
        call("read: board", "dispatcher", "get", "/dispatch/board")
        call("write: contact", "clerk", "post", "/contacts", {"kind": "consultation", "text": "问营业时间"}, status=201)
        customer = call("write: customer", "clerk", "post", "/customers", {"name": "张三", "phone": "13911110001"}, status=201)
        address = f"/customers/{customer['number']}"
        self.world.call("clerk").patch(address, {"grade": "VIP"}, version=1)
        call("read: customer", "clerk", "get", address)
