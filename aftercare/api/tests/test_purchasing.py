"""Supply through the API: its subjects keep the promises, and a part can be bought by calls alone."""

from decimal import Decimal

import pytest

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.promises import SubjectPromises, WorldCase
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.parties import actions as parties
from aftercare.foundation.sources import Source

pytestmark = pytest.mark.django_db


class SupplyCase(WorldCase):
    """The company with two stores and two suppliers."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        things, by = cls.world.things, cls.world.by
        things["depot"] = inventory.ensure_depot(things["north"].pk, name="北方库", **by)
        things["vendor"] = parties.create_supplier(name="东方制冷", **by)
        things["rival"] = parties.create_supplier(name="南方电器", **by)


class TestSuppliers(SubjectPromises, SupplyCase):
    path = "/suppliers"
    change = {"name": "改名公司", "lead_days": 9, "remark": "月结"}

    def make(self, world, n):
        return {"name": f"第{n}供应商", "phone": f"1391111000{n}"}

    def filters(self, world, row):
        return [({"q": "第1供应"}, True), ({"q": "没有这家"}, False), ({"active": "false"}, False)]


class TestOrders(SubjectPromises, SupplyCase):
    path = "/purchase-orders"
    change = {"remark": "加急", "expected_on": "2026-04-01"}

    def make(self, world, n):
        return {"supplier": world.vendor.number, "place": world.depot.code, "lines": [{"part": "P-001", "qty": f"{n}.000", "price_amount": "9.5"}]}

    def filters(self, world, row):
        return [({"q": "P-001"}, True), ({"supplier": world.rival.number}, False), ({"status": "draft"}, True), ({"branch": "S"}, False),
                ({"overdue": "true"}, False)]


class TestRequests(SubjectPromises, SupplyCase):
    who = "keeper"
    path = "/purchase-requests"
    change = {"remark": "急用"}

    def make(self, world, n):
        return {"place": world.depot.code, "lines": [{"part": "P-001", "qty": f"{n}.000", "price_amount": "200"}]}

    def filters(self, world, row):
        return [({"q": "压缩机"}, True), ({"q": "没有"}, False), ({"status": "submitted"}, False), ({"to_approve": "true"}, False), ({"branch": "N"}, True)]


class TestBuying(SupplyCase):
    def test_terms_are_dated(self):
        world = self.world
        manager = world.call("manager")
        price = done(manager.post("/supplier-prices", {"supplier": world.vendor.number, "part": "P-001", "price_amount": "200", "valid_from": "2026-01-01"}), 201)
        level = done(manager.post("/approval-levels", {"name": "小额", "up_to_amount": "1000", "right": "purchasing.approve", "valid_from": "2026-01-01"}), 201)
        rule = done(manager.post("/tolerances", {"over_percent": "5", "valid_from": "2026-01-01"}), 201)
        for path, row in (("supplier-prices", price), ("approval-levels", level), ("tolerances", rule)):
            assert done(manager.get(f"/{path}/{row['id']}"))["id"] == row["id"]
            assert [one["id"] for one in done(manager.get(f"/{path}"))["items"]] == [row["id"]]
            ended = done(manager.patch(f"/{path}/{row['id']}", {"valid_to": "2026-12-31"}, version=row["version"]))
            assert ended["valid_to"] == "2026-12-31"
        assert done(manager.get("/supplier-prices", on="2027-01-01"))["items"] == []
        problem(world.call("keeper").post("/approval-levels", {"name": "x", "right": "purchasing.approve", "valid_from": "2026-01-01"}), 403, "not_allowed")

    def test_a_part_is_bought_by_calls(self):
        world = self.world
        keeper, manager = world.call("keeper"), world.call("manager")
        done(manager.post("/stock/limits", {"place": world.depot.code, "part_id": world.part.pk, "min_qty": "2", "max_qty": "5"}))
        proposed, = done(keeper.get("/reorder-proposals"))["items"]
        assert (proposed["projected_qty"], proposed["propose_qty"]) == ("0", "5.000")
        made, = done(keeper.post("/reorder-proposals/request", {}))["items"]
        assert done(keeper.post("/reorder-proposals/request", {}))["items"] == []
        address = f"/purchase-requests/{made['number']}"
        problem(manager.post(f"{address}/approve", {}), 409, "wrong_state")
        done(keeper.post(f"{address}/submit", {}))
        problem(keeper.post(f"{address}/approve", {}), 403, "not_allowed")
        request = done(manager.get(address))
        assert {"approve", "reject"} <= {move["name"] for move in request["moves"]}
        approved = done(manager.post(f"{address}/approve", {"cuts": [{"line_id": request["lines"][0]["id"], "qty": "4"}]}))
        order = done(manager.post("/purchase-orders", {"supplier": world.vendor.number, "place": world.depot.code, "lines": [
            {"part": "P-001", "qty": "4", "price_amount": "200", "request_line": approved["lines"][0]["id"]}]}), 201)
        assert done(manager.get(address))["status"] == "ordered"
        address = f"/purchase-orders/{order['number']}"
        problem(manager.post(f"{address}/send", {}), 422, "own_order")
        order = done(world.call("administrator").post(f"{address}/send", {}, version=order["version"]))
        done(manager.post(f"{address}/confirm", {"expected_on": "2026-03-30"}))
        line = order["lines"][0]["id"]
        arrived = {"lines": [{"line_id": line, "qty": "5"}], "delivery_note": "D1"}
        told = problem(keeper.post(f"{address}/receive", arrived), 422, "over_delivery")
        assert "超出" in told["detail"]
        order = done(keeper.post(f"{address}/receive", arrived | {"keep_excess": True}))
        assert (order["arrival"], order["lines"][0]["inspecting_qty"]) == ("full", "4.000")
        receipt = f"/receipts/{order['receipts'][0]}"
        lines = done(keeper.get(receipt))["lines"]
        assert [row["kind"] for row in lines] == ["ordered", "excess"]
        assert done(keeper.get("/receipts", status="inspecting", order=order["number"]))["items"][0]["delivery_note"] == "D1"
        judged = done(keeper.post(f"{receipt}/inspect", {"verdicts": [{"line_id": lines[0]["id"], "rejected_qty": "1", "reason": "破"}]}))
        assert judged["status"] == "judged"
        problem(keeper.post(f"{receipt}/undo", {"reason": "x"}), 409, "wrong_state")
        order = done(manager.get(address))
        assert (order["arrival"], order["lines"][0]["open_qty"]) == ("partial", "1.000")
        amended = done(manager.post(f"{address}/amend", {"reason": "换", "changes": [{"line_id": line, "qty": "3"}]}))
        assert (amended["revision"], amended["revisions"][0]["before"]["lines"][0]["qty"]) == (1, "4.000")
        assert done(manager.post(f"{address}/close", {}))["status"] == "closed"
        verbs = [item["verb"] for item in done(manager.get(f"{address}/timeline"))["items"]]
        assert {"purchasing.order.send", "purchasing.order.receive", "purchasing.order.amend", "purchasing.order.close"} <= set(verbs)

    def test_what_lacks_is_asked_for_once(self):
        world = self.world
        lack, = inventory.request_parts(source=Source("work.workorder", 7, "WO7"), branch_id=world.north.pk, **world.by,
                                        lines=[("m1", world.part.pk, world.depot.pk, 2)])
        keeper = world.call("keeper")
        made, = done(keeper.post("/purchase-requests/from-shortages", {"numbers": [lack.number]}))["items"]
        assert done(keeper.get(f"/purchase-requests/{made['number']}"))["lines"][0]["source_number"] == "WO7"
        assert done(keeper.post("/purchase-requests/from-shortages", {"numbers": [lack.number]}))["items"] == []


class TestTransfers(SupplyCase):
    def test_goods_go_between_stores_by_calls(self):
        world = self.world
        inventory.receive(world.depot, lines=[(world.part.pk, Decimal(9), Decimal(200))], **world.by)
        top = inventory.ensure_depot(world.head.pk, name="总库", **world.by)
        keeper, admin = world.call("keeper"), world.call("administrator")
        wish = {"to_place": world.depot.code, "lines": [{"part": "P-001", "qty": "2"}]}
        asked = done(keeper.post("/transfers", wish), 201)
        assert (asked["from_place"], asked["status"]) == (top.code, "requested")
        problem(keeper.post(f"/transfers/{asked['number']}/approve", {}), 403, "not_allowed")
        done(admin.post(f"/transfers/{asked['number']}/reject", {"reason": "无货"}))
        problem(keeper.post("/transfers", wish | {"from_place": world.depot.code}), 422, "same_place")
        row = done(admin.post("/transfers", wish | {"to_place": top.code, "from_place": world.depot.code}), 201)
        assert row["status"] == "approved"
        address = f"/transfers/{row['number']}"
        sent = done(keeper.post(f"{address}/ship", {}, version=row["version"]))
        lot = sent["lots"][0]
        problem(admin.post(f"{address}/receive", {"lines": [{"lot_id": lot["id"], "received_qty": "3"}]}), 422, "more_than_sent")
        done(admin.post(f"{address}/receive", {"lines": [{"lot_id": lot["id"], "received_qty": "1"}]}))
        over = done(admin.post(f"{address}/settle", {"reason": "漏装", "lines": [{"lot_id": lot["id"], "bearer": "sender"}]}))
        assert (over["status"], over["lots"][0]["back_qty"]) == ("settled", "1.000")
        assert [item["number"] for item in done(keeper.get("/transfers", q="P-001", status="settled", from_place=world.depot.code))["items"]] == [row["number"]]
        assert len(done(keeper.get(f"{address}/timeline"))["items"]) >= 5


class TestInvoices(SupplyCase):
    def test_an_invoice_is_matched_and_goods_go_back_by_calls(self):
        world = self.world
        keeper, manager, admin, accountant = (world.call(name) for name in ("keeper", "manager", "administrator", "accountant"))
        order = done(manager.post("/purchase-orders", {"supplier": world.vendor.number, "place": world.depot.code,
                                                       "lines": [{"part": "P-001", "qty": "4", "price_amount": "100"}]}), 201)
        order = done(admin.post(f"/purchase-orders/{order['number']}/send", {}))
        line = order["lines"][0]["id"]
        order = done(keeper.post(f"/purchase-orders/{order['number']}/receive", {"lines": [{"line_id": line, "qty": "4"}]}))
        receipt = f"/receipts/{order['receipts'][0]}"
        came = done(keeper.post(f"{receipt}/inspect", {}))["lines"][0]["id"]
        body = {"order": order["number"], "invoice_number": "F-1", "invoice_on": "2026-03-02", "lines": [{"line_id": line, "qty": "5"}]}
        problem(keeper.post("/supplier-invoices", body), 403, "not_allowed")
        row = done(accountant.post("/supplier-invoices", body), 201)
        assert (row["status"], [one["code"] for one in row["differences"]]) == ("blocked", ["more_than_ordered", "more_than_received"])
        address = f"/supplier-invoices/{row['number']}"
        problem(accountant.post(f"{address}/post", {}), 422, "does_not_match")
        problem(accountant.post(f"{address}/release", {"reason": "x"}), 403, "not_allowed")
        done(accountant.post(f"{address}/void", {"reason": "退票"}))
        body["lines"][0]["qty"] = "4"
        row = done(accountant.post("/supplier-invoices", body), 201)
        assert (row["status"], row["total_amount"]) == ("posted", "452.00")
        assert [one["number"] for one in done(accountant.get("/supplier-invoices", q="F-1", status="posted", order=order["number"]))["items"]] == [row["number"]]
        back = done(manager.post("/supplier-returns", {"receipt": receipt.rsplit("/", 1)[1], "remedy": "credit", "lines": [
            {"line_id": came, "qty": "1", "is_good": True, "reason": "坏"}]}), 201)
        address = f"/supplier-returns/{back['number']}"
        done(keeper.post(f"{address}/ship", {}))
        problem(accountant.post(f"{address}/settle", {}), 422, "number_missing")
        assert done(accountant.post(f"{address}/settle", {"credit_number": "R-1"}))["credit_amount"] == "113.00"
        assert done(accountant.get("/supplier-returns", status="settled"))["items"][0]["number"] == back["number"]
        assert done(accountant.get(f"{address}/timeline"))["items"][0]["verb"] == "purchasing.supplierreturn.settle"
