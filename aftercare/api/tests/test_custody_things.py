"""Loaners, tools, papers, their ledger and rules through the API."""

import base64
import datetime as dt

from django.test import TestCase

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.promises import SubjectPromises, WorldCase
from aftercare.domain.custody.lifecycle import HOLDING, LOANER, PAPER, TOOL

TODAY = dt.datetime.now(dt.UTC).date()
PNG = base64.b64encode(b"\x89PNG drawn").decode()


class TestTools(SubjectPromises, WorldCase, TestCase):
    who = "keeper"
    path = "/tools"
    change = {"place": "柜 2", "kind": "instrument"}

    def make(self, world, n):
        return {"name": f"万用表{n}", "kind": "instrument", "calibration_months": 12, "calibrated_to": f"{TODAY}"}

    def filters(self, world, row):
        return [({"kind": "instrument"}, True), ({"q": "万用"}, True), ({"status": "issued"}, False),
                ({"calibration_until": f"{TODAY}"}, True), ({"calibration_due": "true"}, True), ({"holder": "E003"}, False)]

    def test_issue_calibration_return_and_compensation(self):
        row, keeper = self.made(), self.world.call("keeper")
        address = self.address(row)
        assert row["calibration"] == "soon" and [m["name"] for m in row["moves"]] == ["issue", "calibrate", "send_away", "scrap"]
        bad = done(keeper.post(f"{address}/calibrate", {"done_on": f"{TODAY}", "is_fit": False, "certificate": "C-9"}))
        assert bad["calibration"] == "expired" and bad["calibrations"][0]["certificate"] == "C-9"
        assert problem(keeper.post(f"{address}/issue", {"employee": "E003"}), 409)["code"] == "calibration_expired"
        problem(keeper.post(f"{address}/calibrate", {"done_on": f"{TODAY}", "certificate_file": "nothing"}), 422, "no_such_file")
        done(keeper.post(f"{address}/calibrate", {"done_on": f"{TODAY}"}))
        out = done(keeper.post(f"{address}/issue", {"employee": "E003", "signed_name": "甲", "signature": PNG}))
        assert (out["status"], out["holder"]) == ("issued", "E003")
        assert problem(keeper.post(f"{address}/issue", {"employee": "E003"}), 409)["code"] == "already_out"
        ledger = f"/holdings/{out['holding']}"
        kept = done(keeper.get("/keepings", is_open="true", kind="tool", employee="E003"))["items"]
        assert [(one["number"], one["employee"], one["until"]) for one in kept] == [(out["holding"], "E003", None)]
        mine = done(self.world.call("engineer").get("/holdings", mine="true"))["items"]
        assert [one["number"] for one in mine] == [out["holding"]]
        done(keeper.get("/holdings", kind="tool", status="out", q=out["holding"][:4]))
        assert done(keeper.get(ledger))["acknowledged_at"]
        given = {"damage": "表笔断", "compensation_amount": "20.00"}
        assert done(keeper.post(f"{ledger}/take_back", given))["status"] == "returned"
        done(keeper.get(f"{address}/timeline"))
        problem(self.world.call("clerk").post(f"{address}/scrap", {"reason": "x"}), 403)

    def test_what_one_has_goes_to_a_successor_before_one_leaves(self):
        row, admin = self.made(), self.world.call("administrator")
        out = done(admin.post(f"{self.address(row)}/issue", {"employee": "E003"}))
        engineer = self.world.call("engineer")
        assert done(engineer.post(f"/holdings/{out['holding']}/acknowledge", {}))["signed_name"]
        assert problem(admin.post("/employees/E003/leave", {"on": f"{TODAY}"}), 422)["code"] == "things_in_hands"
        done(admin.post("/employees/E003/hand-over", {"successor": "E004"}))
        done(admin.post("/employees/E003/leave", {"on": f"{TODAY}"}))
        last = done(admin.get(self.address(row)))
        assert last["holder"] == "E004"
        once = done(admin.post(f"/holdings/{last['holding']}/hand_over", {"employee": "E005"}))
        assert once["status"] == "returned"
        lost = done(admin.get(self.address(row)))["holding"]
        assert done(admin.post(f"/holdings/{lost}/lose", {"reason": "掉井里"}))["status"] == "lost"
        problem(admin.post("/employees/E003/hand-over", {"successor": "E004"}), 422, "nothing_in_hands")


class TestThings(WorldCase, TestCase):
    def test_a_loaner_from_register_to_settlement(self):
        world = self.world
        keeper, clerk, customer = world.call("keeper"), world.call("clerk"), world.customer.number
        body = {"product_id": world.product.pk, "serial": "BY-1", "value_amount": "1000.00", "accessories": ["电源线"]}
        problem(clerk.post("/loaners", body), 403)
        unit = done(keeper.post("/loaners", body), 201)
        assert problem(keeper.post("/loaners", body), 422)["field"] == "serial"
        path = f"/loaners/{unit['number']}"
        assert unit["deposit_due"] == "300.00"
        done(keeper.patch(path, {"deposit_amount": "200.00"}, version=unit["version"]))
        held = done(clerk.post("/custodies", {"customer": customer, "item": "空调"}), 201)
        lent = done(clerk.post(f"{path}/lend", {"customer": customer, "custody": held["number"], "method": "wechat"}))
        assert (lent["status"], lent["customer_name"] is not None) == ("lent", True)
        ledger = f"/holdings/{lent['holding']}"
        row = done(clerk.get(ledger))
        assert (row["deposit_amount"], row["source_number"]) == ("200.00", held["number"])
        assert [move["name"] for move in row["moves"]] == ["bring_back", "extend", "remind", "lose"]
        back = problem(clerk.post(f"/custodies/{held['number']}/hand_back", {"code": held["code"]}), 422)
        assert (back["code"], back["field"]) == ("loaner_out", "loaner_reason")
        done(clerk.post(f"{ledger}/extend", {"due_on": f"{TODAY + dt.timedelta(days=40)}"}))
        problem(clerk.post(f"{ledger}/remind", {"channel": "phone"}), 409, "not_late")
        assert len(done(clerk.get("/loaners", due_before=f"{TODAY + dt.timedelta(days=41)}"))["items"]) == 1
        done(clerk.post(f"{ledger}/bring_back", {"missing": ["电源线"]}))
        done(clerk.post(f"{ledger}/inspect", {"damage": "划痕", "compensation_amount": "50.00"}))
        paid = [one for one in done(world.call("accountant").get("/collections"))["items"] if one["status"] != "voided"]
        assert [one["amount"] for one in paid] == ["50.00"]
        assert done(clerk.post(f"/custodies/{held['number']}/hand_back", {"code": held["code"]}))["status"] == "returned"
        done(keeper.post(f"{path}/suspend", {"reason": "送修"}))
        done(keeper.post(f"{path}/restore", {"reason": "修好"}))
        assert done(keeper.post(f"{path}/retire", {"reason": "卖出"}))["status"] == "retired"
        done(keeper.get("/loaners", q="KFR", status="retired"))

    def test_a_paper_is_lent_and_comes_back(self):
        keeper = self.world.call("keeper")
        row = done(keeper.post("/papers", {"number": "DWG-1", "title": "图", "kind": "drawing", "secrecy": "secret"}), 201)
        assert done(keeper.patch("/papers/DWG-1", {"edition": "B", "kind": "file"}, version=row["version"]))["kind"] == "file"
        out = done(keeper.post("/papers/DWG-1/lend", {"employee": "E003"}))
        assert out["status"] == "out" and out["due_on"]
        done(keeper.post(f"/holdings/{out['holding']}/take_back", {}))
        assert done(keeper.get("/papers", q="DWG", secrecy="secret"))["items"][0]["holder"] is None
        done(keeper.post("/papers/DWG-1/withdraw", {"reason": "改版"}))

    def test_rules_and_the_ladder(self):
        admin, clerk = self.world.call("administrator"), self.world.call("clerk")
        problem(clerk.put("/custody-rules", {"loan_days": 3}), 403)
        assert done(admin.put("/custody-rules", {"first_days": 1, "second_days": 2, "branch": "N"}))["branch"] == "N"
        assert problem(admin.put("/custody-rules", {"wait_days": 9}), 422)["code"] == "wait_too_short"
        assert len(done(admin.get("/custody-rules"))["items"]) == 1
        held = done(clerk.post("/custodies", {"customer": self.world.customer.number, "item": "锅"}), 201)
        path = f"/custodies/{held['number']}"
        assert done(clerk.post(f"{path}/mark_ready", {}))["ready_at"]
        assert [row["number"] for row in done(clerk.get("/custodies", ready="true", stage=0))["items"]] == [held["number"]]
        problem(clerk.post(f"{path}/remind", {}), 409, "not_due")
        problem(clerk.post(f"{path}/note_told", {"channel": "phone"}), 409, "nothing_to_tell")
        problem(clerk.post(f"{path}/dispose", {"reason": "x"}), 403)
        assert problem(admin.post(f"{path}/dispose", {"reason": "x"}), 409)["code"] == "notice_needed"


def test_every_move_that_is_made_by_hand_has_a_route():
    from aftercare.api.app import api

    known = {path for router in api._get_bound_routers() for path, _view in router.path_operations.items()}
    driven = {"bring_back", "pass_inspection", "set_aside", "come_in", "pass_on", "lose"}
    for path, lifecycle in (("/loaners", LOANER), ("/tools", TOOL), ("/papers", PAPER)):
        assert {f"{path}/{{number}}/{name}" for name in set(lifecycle.moves) - driven} <= known
    assert {f"/holdings/{{number}}/{name}" for name in HOLDING.moves} <= known
