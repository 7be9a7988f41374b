"""Jobs with a scanner through the API."""

from decimal import Decimal

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import SOON, StockedCase
from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as things
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock


class TestScanJobs(StockedCase):
    """A hand-held asks what is wanted and hands in what it scanned."""

    def test_goods_are_put_away_and_a_wrong_scan_books_nothing(self):
        keeper, part, depot = self.world.call("keeper"), self.world.part, self.world.depot
        done(keeper.post("/places", {"code": "A-01", "name": "一号", "kind": "bin", "parent": depot.code}), 201)
        path = f"/scan-jobs/put-away/{depot.code}"
        job = done(keeper.get(path))
        assert (job["way"], job["needs_place"]) == ("put", True)
        want = next(row for row in job["wants"] if row["part"] == part.code)
        assert "A-01" in [spot["place"] for spot in want["spots"]]
        scan = {"want": want["key"], "qty": "1", "place": "A-01"}
        for wrong, code in (({"place": ""}, "place_first"), ({"qty": "9999"}, "more_than_wanted"), ({"want": "9:"}, "scan_stale"),
                            ({"want": ""}, "part_missing"), ({"place": depot.code}, "wrong_place")):
            assert problem(keeper.post(path, {"scans": [scan | wrong]}), 422)["code"] == code
        bin_id = stock.get_place("A-01", self.world.by["actor"]).pk
        assert stock.on_hand(part.pk, bin_id) == 0
        answer = done(keeper.post(path, {"scans": [scan]}))
        assert answer["address"] == f"/places/{depot.pk}/" and stock.on_hand(part.pk, bin_id) == Decimal(1)
        problem(keeper.get("/scan-jobs/receive/PO000"), 404)
        problem(keeper.get("/scan-jobs/dance/PO000"), 422)

    def test_a_part_of_a_line_is_issued_and_brought_back_and_the_rest_stays_promised(self):
        call, part = self.world.call, self.world.part
        made = done(call("clerk").post("/work-orders", {"customer": self.world.customer.number, "product": "KFR-9", "serial": "SCAN-1", "fault": "不制冷",
                                                        "region": "310104"}), 201)["order"]
        address = f"/work-orders/{made['number']}"
        done(call("dispatcher").post(f"{address}/dispatch", {"engineer": "E003", "planned_at": SOON}))
        done(call("engineer").post(f"{address}/accept"))
        line = done(call("engineer").post(f"{address}/parts", {"lines": [{"part": part.code, "qty": "5"}]}))["materials"][0]
        keeper, van = call("keeper"), self.world.van.pk
        want, = done(keeper.get(f"/scan-jobs/issue/{made['number']}"))["wants"]
        scan = {"want": want["key"], "qty": "2"}
        done(keeper.post(f"/scan-jobs/issue/{made['number']}", {"scans": [scan]}))
        assert stock.on_hand(part.pk, van) == 2
        rest, = done(keeper.get(f"/scan-jobs/issue/{made['number']}"))["wants"]
        assert rest["qty"] == "3.000"
        done(keeper.post(f"{address}/parts/issue", {"line": line["id"], "qty": "1"}))
        assert stock.on_hand(part.pk, van) == 3
        assert problem(keeper.post(f"{address}/parts/issue", {"line": line["id"], "qty": "9"}), 422)["code"] == "more_than_promised"
        assert problem(keeper.post(f"{address}/parts/issue", {"qty": "1"}), 422)["code"] == "line_needed"
        order = done(keeper.post(f"{address}/parts/return", {"line": line["id"], "qty": "2"}))
        assert stock.on_hand(part.pk, van) == 1 and order["materials"][0]["reserved_qty"] == "3.000"

    def test_a_tool_is_given_to_a_badge_and_a_wrong_number_gives_nothing(self):
        keeper = self.world.call("keeper")
        tool = custody.create_tool(name="万用表", branch_id=self.world.depot.branch_id, **self.world.by)
        path = f"/scan-jobs/give/{tool.number}"
        want, = done(keeper.get(path))["wants"]
        assert want["kinds"] == ["people.employee"]
        problem(keeper.post(path, {"scans": [{"want": want["key"], "qty": "1", "lot": "NOBODY"}]}), 404)
        assert things.get_tool(tool.number, self.world.by["actor"]).status == "in_store"
        done(keeper.post(path, {"scans": [{"want": want["key"], "qty": "1", "lot": "E003"}]}))
        assert things.get_tool(tool.number, self.world.by["actor"]).status == "issued"
        problem(keeper.get(path), 409)

    def test_a_count_goes_scan_by_scan_and_is_told_nothing_of_the_books(self):
        part = self.world.part
        take = inventory.plan_stocktake(self.world.depot, scope="whole", **self.world.by)
        keeper, path = self.world.call("keeper"), f"/stocktakes/{take.number}/scans"
        first = done(keeper.post(path, {"code": part.code}))
        assert (first["tone"], first["said"]) == ("ok", f"{part.name} × 1")
        assert done(keeper.post(path, {"code": "3", "last": first["last"]}))["said"] == f"{part.name} × 3"
        assert problem(keeper.post(path, {"code": "NOWHERE"}), 404)["code"] == "unknown_code"
        assert problem(keeper.post(path, {"code": take.number}), 422)["code"] == "not_a_part"
        assert done(keeper.get(f"/stocktakes/{take.number}"))["left"] == 1
