"""Orders through the API: the whole story, the bench in four calls, and every refusal a program must handle."""

import datetime as dt
import uuid
from decimal import Decimal

from django.test import TestCase

from aftercare.api.app import api
from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.promises import SubjectPromises, WorldCase
from aftercare.domain.billing.lifecycle import BILL, COLLECTION
from aftercare.domain.cases.lifecycle import CONTACT
from aftercare.domain.custody.lifecycle import CUSTODY
from aftercare.domain.feedback.lifecycle import CALLBACK
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory.lifecycle import REQUEST
from aftercare.domain.settlement.lifecycle import STATEMENT
from aftercare.domain.work.lifecycle import ORDER
from aftercare.foundation import clock

_SOON = dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)
SOON = _SOON.isoformat()
# Late in the evening three hours from now are tomorrow.
SOON_DAY = _SOON.astimezone(clock.zone("Asia/Shanghai")).date().isoformat()


class StockedCase(WorldCase):
    """The company with a depot, a van and parts in them."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        world = cls.world
        things, by = world.things, world.by
        things["depot"] = inventory.ensure_depot(things["north"].pk, **by)
        things["van"] = inventory.ensure_van(things["engineer"].pk, branch_id=things["north"].pk, **by)
        inventory.receive(things["depot"], lines=[(things["part"].pk, 5, Decimal(200)), (things["other_part"].pk, 9, Decimal(8))], **by)
        for who in ("clerk", "dispatcher", "engineer", "manager", "administrator", "keeper", "nobody", "stranger"):
            world.call(who)


class TestOrders(SubjectPromises, StockedCase):
    who = "clerk"
    path = "/work-orders"
    change = {"title": "开机无反应", "urgent": True}

    def make(self, world, n):
        return {"customer": world.customer.number, "product": f"KFR-{n}", "serial": f"ORD-77{n}", "fault": "不制冷",
                "region": "310104"}

    def made(self, n=1):
        return done(self.world.call("clerk").post(self.path, self.make(self.world, n)), 201)["order"]

    def filters(self, world, row):
        return [({"q": "ord-771"}, True), ({"q": row["number"]}, True), ({"status": "pending"}, True), ({"status": "done"}, False),
                ({"region": "310104"}, True), ({"region": "310000"}, True), ({"customer": row["customer"]}, True),
                ({"open": "true"}, True), ({"mode": "bench"}, False), ({"engineer": "E003"}, False), ({"late": "true"}, False),
                ({"created_from": "2020-01-01"}, True), ({"work_type": "repair"}, True), ({"order": "created_at"}, True)]

    def test_creation_is_done_once(self):
        caller, key = self.world.call("clerk"), uuid.uuid4().hex
        first = caller.post(self.path, self.make(self.world, 1), key=key)
        again = caller.post(self.path, self.make(self.world, 1), key=key)
        assert again.content == first.content
        assert again["Idempotency-Replayed"] == "true"
        assert len(done(caller.get(self.path))["items"]) == 1

    def test_a_second_open_order_is_refused_until_meant(self):
        self.made()
        caller, body = self.world.call("clerk"), self.make(self.world, 1)
        refused = problem(caller.post(self.path, body), 409, "open_order_exists")
        assert refused["params"]["orders"]
        again = done(caller.post(self.path, body | {"open_anyway": True}), 201)
        assert again["warnings"][0]["code"] == "open_order_exists"

    def test_an_unknown_caller_becomes_a_customer(self):
        body = {"phone": "13655550001", "customer_name": "新客", "product": "空气炸锅", "category": "小家电", "fault": "不加热"}
        found = done(self.world.call("clerk").post(self.path, body), 201)
        assert set(found["made"]) >= {"customer", "product"}
        assert found["contact"]
        assert found["order"]["entitlement_text"]

    def test_a_question_opens_no_order(self):
        response = self.world.call("clerk").post(self.path, {"kind": "consultation", "phone": "13655550002", "detail": "营业时间"})
        found = done(response, 201)
        assert found["order"] is None
        assert response["Location"] == f"/api/v1/contacts/{found['contact']}"

    def test_engineers_see_their_own_telephones_in_full(self):
        order = self.made()
        done(self.world.call("dispatcher").post(f"/work-orders/{order['number']}/dispatch", {"engineer": "E003"}))
        assert done(self.world.call("engineer").get(self.address(order)))["phone"] == "13812340001"
        assert done(self.world.call("keeper").get(self.address(order)))["phone"] == "138****0001"
        assert done(self.world.call("keeper").get(self.path))["items"][0]["phone"] == "138****0001"
        problem(self.world.call("stranger").get(self.address(order)), 404, "not_found")

    def test_moves_are_refused_as_declared(self):
        order, caller = self.made(), self.world.call("dispatcher")
        address = self.address(order)
        problem(caller.post(f"{address}/dispatch", {"engineer": "E003"}, key=None), 400, "idempotency_key_required")
        problem(caller.post(f"{address}/dispatch", {"engineer": "E003", "foo": 1}), 422, "invalid")
        problem(caller.post(f"{address}/dispatch", {}), 422, "nobody_chosen")
        problem(caller.post(f"{address}/dispatch", {"engineer": "E999"}), 404)
        problem(caller.post(f"{address}/dispatch", {"engineer": "E003"}, version=9), 412, "stale_version")
        problem(caller.post(f"{address}/accept"), 409, "wrong_state")
        problem(self.world.call("clerk").post(f"{address}/dispatch", {"engineer": "E003"}), 403, "not_allowed")
        key = uuid.uuid4().hex
        first = caller.post(f"{address}/dispatch", {"engineer": "E003"}, key=key)
        assert done(first)["status"] == "dispatched"
        assert caller.post(f"{address}/dispatch", {"engineer": "E003"}, key=key).content == first.content
        problem(caller.post(f"{address}/dispatch", {"engineer": "E002"}, key=key), 409, "idempotency_key_reused")
        problem(self.world.call("engineer").post(f"{address}/refuse", {}), 422, "invalid")
        assert done(self.world.call("engineer").post(f"{address}/refuse", {"reason": "生病"}))["status"] == "pending"


class TestStory(StockedCase, TestCase):
    """From the call to the call-back, as a program that speaks for each person."""

    def test_a_visit_from_call_to_callback(self):
        call, part = self.world.call, self.world.part
        found = done(call("clerk").get("/identify", q="13812340001"))
        assert found["customers"][0]["units"][0]["asset"]["serial"] == "SN-0001"
        made = done(call("clerk").post("/work-orders", {"asset": self.world.asset.number, "fault": "不制冷", "channel": "phone"}), 201)
        address = f"/work-orders/{made['order']['number']}"
        best = done(call("dispatcher").get(f"{address}/suggestions"))["items"]
        assert best[0]["engineer"] == "E003"
        pool = done(call("dispatcher").get("/dispatch/pool"))["items"]
        assert pool[0]["number"] == made["order"]["number"]
        order = done(call("dispatcher").post(f"{address}/dispatch", {"engineer": "E003", "planned_at": SOON}))
        assert "accept" in {move["name"] for move in done(call("engineer").get(address))["moves"]}
        engineer = call("engineer")
        assert done(engineer.get("/my-day", day=SOON_DAY))["items"][0]["number"] == order["number"]
        done(engineer.post(f"{address}/accept"))
        order = done(engineer.post(f"{address}/parts", {"lines": [{"part": part.code, "qty": "1"}]}))
        line = order["materials"][0]
        assert line["reserved_qty"] == "1.000"
        done(engineer.post(f"{address}/parts/issue"))
        done(engineer.post(f"{address}/set_out", {"position": {"latitude": 31.2, "longitude": 121.4}}))
        done(engineer.post(f"{address}/arrive"))
        order = done(engineer.post(f"{address}/complete", {
            "findings": "更换压缩机", "minutes": 50, "cause": "压缩机损坏", "solution": "更换压缩机", "signed_name": "王建国",
            "fees": [{"kind": "labour", "amount": "80.00"}], "collect": {"amount": "400.00", "method": "wechat"},
        }))
        assert order["status"] == "done"
        bill = done(call("administrator").get(f"{address}/bill"))
        assert bill["due_amount"] == bill["paid_amount"] == "400.00"
        problem(engineer.post(f"{address}/inspect"), 403)
        done(call("dispatcher").post(f"{address}/inspect", {"note": "好"}))
        order = done(call("auditor").post(f"{address}/audit"))
        assert order["status"] == "audited"
        done(call("accountant").post(f"{address}/settle"))
        assert done(call("accountant").post(f"{address}/close"))["status"] == "closed"
        verbs = [item["verb"] for item in done(call("dispatcher").get(f"{address}/timeline"))["items"]]
        assert verbs[0] == "work.order.close"
        assert done(call("dispatcher").get(f"{address}/visits"))["items"][0]["engineer"] == "E003"
        assert done(call("keeper").get("/stock-moves", q=order["number"]))["items"]

    def test_the_bench_in_four_calls(self):
        call = self.world.call
        body = {"customer": self.world.customer.number, "product": "电饭煲", "serial": "DF-1", "title": "不通电",
                "lines": [{"part": "P-001", "qty": "1"}, {"part": "P-002", "qty": "2"}]}
        found = done(call("administrator").post("/repairs", body), 201)
        address = f"/repairs/{found['order']['number']}"
        order = done(call("manager").post(f"{address}/confirm", {"engineer": "E003"}))
        assert [row["reserved_qty"] for row in order["materials"]] == ["1.000", "2.000"]
        assert done(call("engineer").post(f"{address}/start"))["status"] == "working"
        order = done(call("engineer").post(f"{address}/done", {"findings": "已修好"}))
        assert order["status"] == "done"
        assert [row["used_qty"] for row in order["materials"]] == ["1.000", "2.000"]
        rows = done(call("keeper").get("/stock", part="P-001"))["items"]
        assert [row["on_hand_qty"] for row in rows] == ["4.000"]

    def test_the_last_unit_is_promised_once(self):
        call = self.world.call
        orders = []
        for n in range(2):
            body = {"customer": self.world.customer.number, "product": "电饭煲", "serial": f"DF-{n}", "title": "坏",
                    "lines": [{"part": "P-001", "qty": "4"}]}
            orders.append(done(call("administrator").post("/repairs", body), 201)["order"]["number"])
        done(call("manager").post(f"/repairs/{orders[0]}/confirm"))
        body = problem(call("manager").post(f"/repairs/{orders[1]}/confirm"), 422, "short_stock")
        assert body["params"]["lines"]
        assert done(call("administrator").get(f"/work-orders/{orders[1]}"))["status"] == "pending"

    def test_stock_requests_and_counts(self):
        keeper, part = self.world.call("keeper"), self.world.part.pk
        depot, van = self.world.depot.code, self.world.van.code
        done(keeper.post("/stock/receive", {"place": depot, "lines": [{"part_id": part, "qty": "2", "unit_cost": "210"}]}))
        moved = done(keeper.post("/stock/transfer", {"from_place": depot, "to_place": van, "lines": [{"part_id": part, "qty": "1"}]}))
        done(keeper.post("/stock/count", {"place": van, "lines": [{"part_id": part, "qty": "1"}]}))
        done(keeper.post("/stock/reverse", {"moves": [moved["items"][0]["id"]], "reason": "录错"}))
        done(keeper.post("/stock/limits", {"place": depot, "part_id": part, "min_qty": "50", "max_qty": "60"}))
        assert done(keeper.get("/stock", below="true"))["items"]
        assert done(keeper.get("/stock-moves", place=van))["items"]
        done(keeper.get("/places"))
        problem(keeper.post("/stock/transfer", {"from_place": van, "to_place": depot, "lines": [{"part_id": part, "qty": "9"}]}), 422)
        assert done(self.world.call("clerk").get("/stock-moves"))["items"][0]["unit_cost"] is None

    def test_warranty_is_decided_and_explained(self):
        call = self.world.call
        term = done(call("administrator").post("/warranty-terms", {"name": "一年", "months": 12, "valid_from": "2020-01-01"}), 201)
        done(call("administrator").patch(f"/warranty-terms/{term['id']}", {"name": "整机一年"}, version=term["version"]))
        done(call("administrator").get("/warranty-terms"))
        address = f"/assets/{self.world.asset.number}"
        done(call("clerk").get(f"{address}/entitlement", on="2026-03-04"))
        cover = {"kind": "extension", "name": "延保", "starts_on": "2026-01-01", "ends_on": "2027-01-01"}
        entries = done(call("administrator").post(f"{address}/covers", cover))["items"]
        done(call("administrator").post(f"{address}/goodwill", {"starts_on": "2026-01-01", "ends_on": "2026-06-01", "reason": "老客户"}))
        assert done(call("clerk").get(f"{address}/entitlement", on="2026-03-04"))["service_class"] in ("C", "D")
        done(call("administrator").post(f"/warranty-entries/{entries[0]['id']}/reverse", {"reason": "录错"}))
        assert len(done(call("clerk").get("/warranty-entries", asset=self.world.asset.number))["items"]) >= 2

    def test_money_is_collected_remitted_and_void(self):
        call, admin = self.world.call, self.world.call("administrator")
        order = done(admin.post("/repairs", {"customer": self.world.customer.number, "product": "风扇", "title": "不转"}), 201)["order"]
        address = f"/work-orders/{order['number']}"
        done(admin.post(f"{address}/price", {"fees": [{"kind": "labour", "amount": "100.00"}]}))
        problem(admin.post(f"{address}/collections", {"amount": "150.00"}), 422)
        first = done(admin.post(f"{address}/collections", {"amount": "60.00"}), 201)
        done(admin.post("/collections/remit", {"collections": [first["number"]]}))
        second = done(admin.post(f"{address}/collections", {"amount": "40.00"}), 201)
        done(admin.post(f"/collections/{second['number']}/void", {"reason": "退款"}))
        done(admin.post(f"{address}/waive", {"line": "labour", "amount": "40.00", "reason": "优惠"}))
        assert done(admin.get("/collections", status="remitted"))["items"][0]["amount"] == "60.00"
        assert done(call("accountant").get("/cash-sheet", branch="N"))["rows"]
        done(call("accountant").get("/unsettled"))
        done(call("accountant").get("/bills"))
        done(admin.get(f"/collections/{first['number']}"))

    def test_settlement_rates_and_months(self):
        call = self.world.call("accountant")
        rate = done(call.post("/commission-rates", {"valid_from": "2026-01-01", "amount": "20.00"}), 201)
        done(call.patch(f"/commission-rates/{rate['id']}", {"amount": "25.00"}, version=rate["version"]))
        rule = done(call.post("/deductions", {"cause": "overdue", "valid_from": "2026-01-01", "over_minutes": 60, "amount": "5"}), 201)
        done(call.patch(f"/deductions/{rule['id']}", {"amount": "6.00"}, version=rule["version"]))
        month = done(call.post("/statements", {"employee": "E003", "month": "2026-03-04"}), 201)
        line = done(call.post("/rewards", {"employee": "E003", "amount": "50", "reason": "表扬", "day": "2026-03-05"}))
        assert line["amount"] == "50.00"
        address = f"/statements/{month['number']}"
        done(call.post("/penalties", {"employee": "E003", "amount": "10", "reason": "迟到", "day": "2026-03-05"}))
        assert done(call.post(f"{address}/refresh"))["total_amount"] == "40.00"
        assert len(done(call.get(f"{address}/lines"))["items"]) == 2
        assert done(call.get(f"{address}/proof"))["is_equal"] is True
        problem(self.world.call("engineer").post(f"{address}/lock"), 403)
        done(self.world.call("engineer").post(f"{address}/appeal", {"reason": "少一单"}))
        done(call.post(f"{address}/resolve", {"reason": "已核"}))
        done(call.get("/statements", month="2026-03-09"))
        done(call.get("/accruals", employee="E003"))

    def test_reports(self):
        call = self.world.call
        for who in ("clerk", "dispatcher", "engineer", "keeper", "manager"):
            assert done(call(who).get("/dashboard"))["figures"]
        done(call("engineer").get("/reports/engineer-day/E003"))
        done(call("engineer").post("/reports/engineer-day/E003/sign", {"day": "2026-03-04", "kilometres": "12.5"}))
        done(call("manager").get("/reports/director-day"))
        done(call("manager").post("/reports/director-day/N/sign", {"day": "2026-03-04", "remark": "平稳"}))
        found = done(call("manager").get("/reports/work-orders", by="engineer", across="month", created_from="2026-01-01"))
        self.assertEqual(found["total"]["orders"], sum(line["orders"] for line in found["lines"]))
        self.assertEqual(len(found["heads"]), len(found["total"]["across"]))
        problem(call("manager").get("/reports/work-orders", by="nothing"), 422)
        done(call("manager").get("/reports/service-level", since="2026-01-01", until="2026-12-31", group="engineer"))
        done(call("manager").get("/satisfaction", since="2026-01-01", until="2026-12-31"))
        done(call("dispatcher").get("/dispatch/board", day="2026-03-04"))
        done(call("caller").get("/callbacks"))


def test_every_move_of_every_lifecycle_has_a_route():
    addresses = {
        path for router in api._get_bound_routers() for path, view in router.path_operations.items()
        for op in view.operations if "POST" in op.methods
    }
    whole = {"/contacts/{number}": CONTACT, "/custodies/{number}": CUSTODY, "/work-orders/{number}": ORDER,
             "/callbacks/{number}": CALLBACK, "/statements/{number}": STATEMENT, "/part-requests/{number}": REQUEST}
    for path, lifecycle in whole.items():
        for name in lifecycle.moves:
            assert f"{path}/{name}" in addresses
    # Bills move with their documents; receipts are remitted many at once.
    assert set(BILL.moves) == {"charge", "waive", "divide", "finalise", "reverse_final"}
    assert set(COLLECTION.moves) == {"remit", "void"}
    assert {"/work-orders/{number}/price", "/work-orders/{number}/waive", "/work-orders/{number}/divide", "/collections/remit",
            "/collections/{number}/void"} <= addresses
