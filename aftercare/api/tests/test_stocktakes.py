"""Stocktakes through the API: counted blind, counted again by another person, approved by a third."""

from decimal import Decimal

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase

HIDDEN = ("book_qty", "counted_qty", "counted_at", "counted_by_name", "expected_qty", "difference_qty", "difference_amount", "reason")


class TestStocktakes(StockedCase):
    """A keeper and a manager count, an administrator approves; nobody reads the books before that."""

    def planned(self, **more):
        body = {"place": self.world.depot.code, "scope": "whole", **more}
        return f"/stocktakes/{done(self.world.call('keeper').post('/stocktakes', body), 201)['number']}"

    def count(self, who, path, *lines, code=200, **more):
        rows = [{"part_id": part.pk, "qty": qty, **more} for part, qty in lines]
        answer = self.world.call(who).post(f"{path}/record_counts", {"lines": rows})
        return done(answer) if code == 200 else problem(answer, code)["code"]

    def test_nobody_reads_what_the_books_say_before_it_is_counted_and_then_only_who_may_approve_and_did_not_count(self):
        path, part, other = self.planned(), self.world.part, self.world.other_part
        everybody = ("keeper", "manager", "administrator", "clerk")

        def seen(who):
            told = done(self.world.call(who).get(f"{path}/lines"))["items"]
            head = done(self.world.call(who).get(path))
            return head["may_see_book"] or head["value_amount"] is not None or any(row[name] is not None for row in told for name in HIDDEN)

        assert not any(seen(who) for who in everybody)
        self.count("keeper", path, (part, "2"), (other, "9"))
        assert not any(seen(who) for who in everybody)
        closed = done(self.world.call("keeper").post(f"{path}/close_round", {}))
        assert (closed["status"], closed["round"], closed["left"]) == ("counting", 2, 1)
        assert not any(seen(who) for who in everybody)
        mine = done(self.world.call("keeper").get(f"{path}/lines", left="true"))["items"]
        assert [(row["part"], row["own_qty"]) for row in mine] == [(part.code, None)]
        self.count("manager", path, (part, "2"))
        assert done(self.world.call("manager").post(f"{path}/close_round", {}))["status"] == "submitted"
        assert {who: seen(who) for who in everybody} == {"keeper": False, "manager": False, "administrator": True, "clerk": False}
        line = next(row for row in done(self.world.call("administrator").get(f"{path}/lines"))["items"] if row["part"] == part.code)
        assert (Decimal(line["difference_qty"]), Decimal(line["difference_amount"])) == (-3, -600)
        assert "book" not in str(done(self.world.call("keeper").get(f"{path}/timeline"))), "history tells it neither"

    def test_it_is_approved_once_by_who_did_not_count_and_can_be_taken_back(self):
        path, part, other = self.planned(), self.world.part, self.world.other_part
        admin, keeper = self.world.call("administrator"), self.world.call("keeper")
        self.count("keeper", path, (part, "5"), (other, "8"))
        assert problem(self.world.call("clerk").post(f"{path}/close_round", {}), 403)["code"] == "not_allowed"
        done(self.world.call("administrator").put(f"/count-rules/{self.world.north.number}", {"recount_percent": None}))
        assert done(keeper.post(f"{path}/close_round", {}))["status"] == "submitted"
        assert problem(keeper.post(f"{path}/approve_stocktake", {"reason": "x"}), 403)["code"] == "counter_may_not_approve"
        assert problem(admin.post(f"{path}/approve_stocktake", {}), 422)["code"] == "reason_needed"
        done(admin.post(f"{path}/recalculate", {}))
        lines = done(admin.get(f"{path}/lines"))["items"]
        position = next(row["position"] for row in lines if row["part"] == other.code)
        body = {"reasons": [{"position": position, "reason": "漏记"}]}
        settled = done(admin.post(f"{path}/approve_stocktake", body))
        assert (settled["status"], Decimal(settled["value_amount"])) == ("settled", 8)
        problem(admin.post(f"{path}/approve_stocktake", body), 409)
        moves = done(keeper.get("/stock-moves", source_kind="inventory.stocktake"))["items"]
        assert [(row["part"], Decimal(row["qty"]), row["memo"]) for row in moves] == [(other.code, 1, "漏记")]
        assert done(self.world.call("administrator").post(f"{path}/reverse_stocktake", {"reason": "错"}))["status"] == "reversed"

    def test_lists_sending_back_giving_up_and_rules(self):
        path, keeper, manager = self.planned(scope="parts", part_ids=[self.world.part.pk]), self.world.call("keeper"), self.world.call("manager")
        problem(keeper.post("/stocktakes", {"place": self.world.depot.code, "scope": "bins"}), 422)
        assert problem(keeper.post("/stocktakes", {"place": self.world.depot.code, "scope": "whole"}), 422)["code"] == "counted_elsewhere"
        assert self.count("keeper", path, (self.world.part, "5"), code=422, lot="x" * 61) == "invalid"
        assert problem(keeper.post(f"{path}/submit_stocktake", {}), 422)["code"] == "lines_not_settled"
        assert problem(keeper.post(f"{path}/close_round", {}), 422)["code"] == "lines_not_counted"
        self.count("keeper", path, (self.world.part, "5"))
        done(keeper.post(f"{path}/close_round", {}))
        back = done(manager.post(f"{path}/send_back_stocktake", {"reason": "再看", "lines": [1]}))
        assert (back["status"], back["left"]) == ("counting", 1)
        done(keeper.post(f"{path}/cancel_stocktake", {"reason": "改期"}))
        for asked, found in (({"status": "cancelled"}, 1), ({"status": "counting"}, 0), ({"place": self.world.depot.code}, 1),
                             ({"branch": self.world.north.number}, 1), ({"q": path[-4:]}, 1)):
            assert len(done(keeper.get("/stocktakes", **asked))["items"]) == found
        rule = done(manager.put(f"/count-rules/{self.world.north.number}", {"is_own_count": True, "cycle_a_days": 20}))
        assert (rule["is_own_count"], rule["cycle_a_days"], Decimal(rule["recount_percent"])) == (True, 20, 5)
        assert len(done(manager.get("/count-rules"))["items"]) == 1
        due = done(keeper.get(f"/cycle-counts/{self.world.depot.code}"))["items"]
        assert [(row["part"], row["abc"]) for row in due] == [(self.world.part.code, "C"), (self.world.other_part.code, "C")]
        assert done(keeper.get(f"/cycle-counts/{self.world.depot.code}", abc="A"))["items"] == []
