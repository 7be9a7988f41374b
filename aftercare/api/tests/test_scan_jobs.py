"""Jobs with a scanner through the API."""

from decimal import Decimal

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase
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
