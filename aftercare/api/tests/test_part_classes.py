"""Classes of parts, idle stock, turnover and the value of a past day through the API."""

import datetime as dt
from decimal import Decimal

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase
from aftercare.foundation import clock


class TestPartClasses(StockedCase):
    def test_classes_are_computed_and_listed(self):
        keeper, branch = self.world.call("keeper"), self.world.north.number
        head = done(keeper.post("/classifications", {"branch": branch}), 201)
        assert (head["branch"], head["parts"]) == (branch, 2)
        assert len(done(keeper.get("/classifications"))["items"]) == 1
        for asked, found in (({}, 2), ({"abc": "A"}, 0), ({"xyz": "Z"}, 2), ({"q": self.world.part.code}, 1), ({"month": head["month"]}, 2),
                             ({"branch": branch}, 2)):
            assert len(done(keeper.get("/part-classes", **asked))["items"]) == found
        problem(self.world.call("clerk").get("/part-classes"), 403)
        problem(self.world.call("clerk").post("/classifications", {"branch": branch}), 403)

    def test_idle_stock_turnover_and_what_a_past_day_was_worth(self):
        keeper, today = self.world.call("keeper"), clock.local_day(clock.now(), "Asia/Shanghai")
        idle = done(keeper.get("/slow-movers", days="1"))["items"]
        assert all(row["branch"] == self.world.north.number for row in idle)
        place = self.world.depot.code
        assert done(keeper.get("/slow-movers", place=place, branch=self.world.north.number, dead_only="true"))["items"] in ([], idle)
        turned = done(keeper.get("/stock-turnover", since=f"{today - dt.timedelta(days=30)}", until=f"{today}", group="place"))
        assert turned["items"] == [] or turned["items"][0]["branch"] == self.world.north.number
        assert problem(keeper.get("/stock-turnover", since="2026-01-02", until="2026-01-01"), 422)["code"] == "bad_days"
        rows = done(keeper.get(f"/stock-on/{today}", part=self.world.part.code))["items"]
        assert [Decimal(row["amount"]) for row in rows] == [1000]
        hidden = done(self.world.call("clerk").get(f"/stock-on/{today}"))["items"]
        assert {row["amount"] for row in hidden} == {None}
