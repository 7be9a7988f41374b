"""Old parts through the API: rules, scan, every move, a shipment and its answers, totals; each for who may."""

import datetime as dt
from decimal import Decimal

from aftercare.api.app import api
from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase
from aftercare.domain.cores import actions
from aftercare.domain.cores import queries as cores
from aftercare.domain.cores.lifecycle import BILL, BY_HAND, SHIPMENT_BY_HAND
from aftercare.domain.people import actions as people
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source


class TestCoreReturns(StockedCase):
    """The way of an old part from the debt to the credit."""

    def owed(self, count: int = 1, serial: str = "", part=None) -> list[str]:
        rows = []
        for _piece in range(count):
            self.last = getattr(self, "last", 0) + 1
            rows += actions.follow(
                Source("work.workorder", 9000 + self.last, f"WO-{self.last}"),
                [actions.Demand("m1", part or self.world.part, Decimal(1), serial)], branch_id=self.world.north.pk,
                employee_id=self.world.engineer.pk, actor=Actor.system("test"), at=clock.now())
        return [row.number for row in rows]

    def test_rules_are_set_and_ended(self):
        manager, keeper = self.world.call("administrator"), self.world.call("keeper")
        body = {"valid_from": "2026-01-01", "days": 7, "charge_amount": "50.00", "blocking": "warn", "part": self.world.part.code}
        problem(keeper.post("/core-rules", body), 403)
        made = done(manager.post("/core-rules", body), 201)
        assert (made["days"], made["blocking"], made["part"]) == (7, "warn", self.world.part.code)
        assert problem(manager.post("/core-rules", body), 422)["code"] == "rule_overlaps"
        edited = done(manager.patch(f"/core-rules/{made['id']}", {"valid_to": "2026-06-30"}, version=made["version"]))
        assert edited["valid_to"] == "2026-06-30"
        problem(manager.patch(f"/core-rules/{made['id']}", {"days": 3}, version=made["version"]), 412)
        assert [row["id"] for row in done(keeper.get("/core-rules"))["items"]] == [made["id"]]
        assert done(keeper.get(f"/core-rules/{made['id']}"))["valid_to"] == "2026-06-30"

    def test_scanned_in_and_every_move_of_a_piece(self):
        keeper, boss = self.world.call("keeper"), self.world.call("administrator")
        one, two, three = self.owed(3)
        taken = done(keeper.post("/core-returns/scan", {"code": one}))
        assert (taken["status"], taken["number"]) == ("received", one)
        again = problem(keeper.post("/core-returns/scan", {"code": one}), 409)
        assert again["code"] == "not_owed"
        assert problem(keeper.post("/core-returns/scan", {"code": "NIX"}), 422)["code"] == "unknown_code"
        path = f"/core-returns/{one}"
        assert done(keeper.post(f"{path}/undo_receive", {"reason": "扫错"}))["status"] == "owed"
        assert done(keeper.post(f"{path}/receive", {}))["status"] == "received"
        problem(keeper.post(f"{path}/hand_back", {"reason": "x"}), 422)
        assert done(keeper.post(f"{path}/scrap", {"reason": "烧毁"}))["status"] == "scrapped"
        problem(keeper.post(f"/core-returns/{two}/waive", {"reason": "x"}), 403)
        assert done(boss.post(f"/core-returns/{two}/waive", {"reason": "客户留下"}))["status"] == "waived"
        assert done(boss.post(f"/core-returns/{two}/reclaim", {"reason": "交回"}))["status"] == "owed"
        assert problem(boss.post(f"/core-returns/{two}/charge", {}), 422)["code"] == "not_overdue"
        assert problem(boss.post(f"/core-returns/{two}/lift_charge", {"reason": "x"}), 422)["code"] == "nothing_charged"
        done(keeper.post(f"/core-returns/{three}/receive", {"qty": "1"}))
        renewed = done(keeper.post(f"/core-returns/{three}/refurbish", {"unit_cost": "12.00", "part": self.world.other_part.code}))
        assert (renewed["status"], renewed["into_part"]) == ("refurbished", self.world.other_part.code)
        told = [one["verb"] for one in done(keeper.get(f"/core-returns/{three}/timeline"))["items"]]
        assert told[-1] == "cores.corereturn.owe" and "cores.corereturn.refurbish" in told

    def test_a_wrong_serial_is_told_and_taken_with_a_reason(self):
        keeper = self.world.call("keeper")
        number, = self.owed(serial="SN-1")
        assert problem(keeper.post("/core-returns/scan", {"code": number}), 422)["code"] == "serial_expected"
        wrong = problem(keeper.post("/core-returns/scan", {"code": number, "serial": "SN-2"}), 422)
        assert (wrong["code"], wrong["params"]["expected"], wrong["params"]["seen"]) == ("wrong_serial", "SN-1", "SN-2")
        taken = done(keeper.post("/core-returns/scan", {"code": number, "serial": "SN-2", "reason": "标签磨损"}))
        assert (taken["received_serial"], taken["mismatch_reason"]) == ("SN-2", "标签磨损")
        other, = self.owed(serial="SN-7")
        assert done(keeper.post("/core-returns/scan", {"code": "sn-7"}))["number"] == other

    def test_a_shipment_from_draft_to_its_answers(self):
        keeper, boss = self.world.call("keeper"), self.world.call("administrator")
        one, two = self.owed(2)
        for number in (one, two):
            done(keeper.post("/core-returns/scan", {"code": number}))
        made = done(keeper.post("/core-shipments", {"branch": self.world.north.number, "receiver": "工厂"}), 201)
        path = f"/core-shipments/{made['number']}"
        done(keeper.patch(path, {"remark": "易碎"}, version=made["version"]))
        for number in (one, two):
            done(keeper.post(f"{path}/add", {"core": number}))
        assert problem(keeper.post(f"{path}/add", {"core": two}), 422)["code"] == "in_shipment"
        done(keeper.post(f"{path}/remove", {"core": two}))
        done(keeper.post(f"{path}/add", {"core": two}))
        problem(keeper.post(f"{path}/post", {"carrier": "顺丰"}), 422)
        sent = done(keeper.post(f"{path}/post", {"carrier": "顺丰", "tracking_number": "SF1"}))
        assert (sent["status"], sent["figures"]["pieces"], {row["status"] for row in sent["pieces"]}) == ("posted", 2, {"shipped"})
        half = done(boss.post(f"{path}/answer", {"answers": [{"core": one, "amount": "30.00"}]}))
        assert (half["status"], half["figures"]["answered"]) == ("posted", 1)
        assert problem(keeper.post(f"{path}/reverse", {"reason": "退回"}), 422)["code"] == "answered_already"
        done(boss.post(f"/core-returns/{one}/reopen", {"reason": "填错"}))
        done(boss.post(f"/core-returns/{one}/credit", {"amount": "30.00"}))
        done(boss.post(f"/core-returns/{two}/refuse", {"reason": "人为损坏"}))
        ended = done(keeper.get(path))
        assert (ended["status"], ended["figures"]["refused"], Decimal(ended["figures"]["credited_amount"])) == ("settled", 1, Decimal(30))
        given_up = done(keeper.post("/core-shipments", {"branch": self.world.north.number}), 201)["number"]
        assert done(keeper.post(f"/core-shipments/{given_up}/cancel", {"reason": "不要"}))["status"] == "cancelled"
        listed = done(keeper.get("/core-shipments", status="settled"))["items"]
        assert [row["number"] for row in listed] == [made["number"]] and done(keeper.get(f"{path}/timeline"))["items"]

    def test_lists_and_totals_are_scoped(self):
        self.owed(2)
        engineer, keeper = self.world.call("engineer"), self.world.call("keeper")
        assert len(done(engineer.get("/core-returns", status="owed"))["items"]) == 2
        assert len(done(keeper.get("/core-returns", q="WO-1", limit=1))["items"]) == 1
        assert done(keeper.get("/core-returns", is_overdue=True))["items"] == []
        total, = done(keeper.get("/core-returns/totals"))["items"]
        assert (total["kind"], total["owed"], total["overdue"]) == ("employee", 2, 0)
        assert done(self.world.call("stranger").get("/core-returns"))["items"] == []

    def test_what_the_product_does_itself_has_no_route(self):
        keeper = self.world.call("administrator")
        number, = self.owed()
        paths = set(api.document()["paths"])
        assert {path.rsplit("/", 1)[1] for path in paths if path.startswith("/api/v1/core-returns/{number}/")} - {"timeline"} == set(BY_HAND)
        assert {move["name"] for move in done(keeper.get(f"/core-returns/{number}"))["moves"]} <= set(BY_HAND)
        moves = {path.rsplit("/", 1)[1] for path in paths if path.startswith("/api/v1/core-shipments/{number}/")}
        assert moves - {"timeline", "answer"} == set(SHIPMENT_BY_HAND)


class TestCoreBills(StockedCase):
    """What an outlet pays for overdue old parts."""

    def test_a_bill_is_drawn_explained_disputed_and_closed(self):
        boss, clerk = self.world.call("administrator"), self.world.call("clerk")
        system, today = Actor.system("test"), clock.now()
        outlet = people.create_branch(number="NB1", name="徐汇网点", kind_of="outlet", parent=self.world.north, actor=system, at=today)
        rule = cores.rule_line(actions.create_rule(
            valid_from=dt.date(2020, 1, 1), days=5, charge_amount=Decimal("50.00"), branch_id=outlet.pk, actor=system, at=today))
        past = today - dt.timedelta(days=70)
        core, = actions.follow(
            Source("work.workorder", 9900, "WO-9900"), [actions.Demand("m1", self.world.part, Decimal(2), "", rule=rule)],
            branch_id=self.world.north.pk, employee_id=self.world.engineer.pk, outlet_id=outlet.pk, actor=system, at=past)
        actions.charge(core, actor=system, at=past + dt.timedelta(days=30))
        waiting = done(boss.get("/core-bills/unbilled", outlet="NB1"))
        assert (waiting["amount"], waiting["items"][0]["order"]) == ("100.00", "WO-9900")
        problem(clerk.post("/core-bills/draw", {}), 403)
        made, = done(boss.post("/core-bills/draw", {}))["items"]
        assert (made["outlet"], made["amount"], made["status"]) == ("NB1", "100.00", "open")
        assert done(boss.post("/core-bills/draw", {}))["items"] == []
        path = f"/core-bills/{made['number']}"
        shown = done(boss.get(path))
        assert "扣款时逾期" in shown["lines"][0]["explanation"] and shown["lines"][0]["core"] == core.number
        month = made["month"][:7]
        assert len(done(boss.get("/core-bills", outlet="NB1", status="open", month=month, q=core.number))["items"]) == 1
        assert {move["name"] for move in shown["moves"]} == {"collect", "dispute", "waive_bill"}
        assert done(boss.post(f"{path}/dispute", {"reason": "已寄回"}))["objection"] == "已寄回"
        assert done(boss.post(f"{path}/answer_dispute", {"reason": "未收到"}))["reply"] == "未收到"
        paid = done(boss.post(f"{path}/collect", {"method": "transfer", "reference": "B-7"}))
        assert (paid["status"], paid["reference"]) == ("collected", "B-7")
        assert done(boss.post(f"{path}/reopen_bill", {"reason": "退票"}))["status"] == "open"
        assert done(boss.post(f"{path}/waive_bill", {"reason": "首次合作"}))["waived_reason"] == "首次合作"
        problem(boss.post(f"{path}/collect", {}), 409)
        assert len(done(boss.get(f"{path}/timeline"))["items"]) >= 6
        problem(self.world.call("stranger").get(path), 404)
        assert set(BILL.moves) == {"collect", "dispute", "answer_dispute", "waive_bill", "reopen_bill"}
