"""Sales of parts and notices to customers through the API."""

from decimal import Decimal

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase
from aftercare.domain.orders import actions as sales
from aftercare.domain.orders.lifecycle import SALE
from aftercare.flows import telling
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source

SYSTEM = Actor.system("test")


class TestSales(StockedCase):
    """A keeper sells, orders for a customer, hands out, takes back."""

    def body(self, qty="2", **more):
        return {"place": self.world.depot.code, "lines": [{"part": self.world.part.code, "qty": qty}], **more}

    def test_sold_at_the_counter_and_brought_back(self):
        keeper = self.world.call("keeper")
        made = done(keeper.post("/sales", self.body()), 201)
        path = f"/sales/{made['number']}"
        assert {move["name"] for move in made["moves"]} == {"hand_out", "place_order", "rewrite", "cancel"}
        made = done(keeper.post(f"{path}/rewrite", {"memo": "柜台", "lines": self.body("3")["lines"]}))
        out = done(keeper.post(f"{path}/hand_out", {"amount": made["amount"], "method": "wechat"}))
        assert (out["status"], out["lines"][0]["qty"]) == ("done", "3.000")
        back = done(keeper.post(f"{path}/take_back", {"reason": "买错", "lines": [{"id": out["lines"][0]["id"], "qty": "1"}]}))
        assert Decimal(back["lines"][0]["returned_qty"]) == 1
        assert problem(keeper.post(f"{path}/cancel", {"reason": "x"}), 409)["code"] == "wrong_state"
        problem(self.world.call("stranger").get(path), 404)
        assert set(SALE.moves) == {"hand_out", "place_order", "arrive", "notify", "rewrite", "cancel", "take_back"}

    def test_ordered_for_a_customer_and_told(self):
        keeper = self.world.call("keeper")
        made = done(keeper.post("/sales", self.body("4", customer=self.world.customer.number, wanted_on="2026-12-24")), 201)
        path = f"/sales/{made['number']}"
        ordered = done(keeper.post(f"{path}/place_order", {"deposit": "10.00"}))
        assert ordered["status"] == "arrived"
        told = done(keeper.post(f"{path}/notify", {"channel": "phone"}))
        assert [(row["about"], row["count"]) for row in told["notices"]] == [("part_arrived", 1)]
        assert done(keeper.post(f"{path}/cancel", {"reason": "不要了"}))["status"] == "cancelled"
        assert len(done(keeper.get("/sales", status="cancelled", customer=self.world.customer.number, kind="retail"))["items"]) == 1
        assert len(done(keeper.get("/notices", q=made["number"], about="part_arrived"))["items"]) == 1

    def test_lacking_parts_have_substitutes_and_priority(self):
        clerk, keeper, engineer = (self.world.call(who) for who in ("clerk", "keeper", "administrator"))
        part, other = self.world.part, self.world.other_part
        done(keeper.post(f"/parts/{part.pk}/set-substitute", {"substitute_id": other.pk}))
        order = done(clerk.post("/work-orders", {"customer": self.world.customer.number, "product": "KFR-1", "serial": "SUB-1",
                                                 "fault": "不制冷", "region": "310104"}), 201)["order"]
        done(engineer.post(f"/work-orders/{order['number']}/parts", {"lines": [{"part": part.code, "qty": "9"}]}))
        request = done(keeper.get("/part-requests", status="open"))["items"][0]
        path = f"/part-requests/{request['number']}"
        assert done(keeper.post(f"{path}/priority", {"priority": 5}))["priority"] == 5
        assert [row["part"] for row in done(keeper.get(f"{path}/substitutes"))["items"]] == [other.code]
        assert problem(engineer.post(f"{path}/use-instead", {"part_id": part.pk}), 422)["code"] == "no_substitute"
        assert done(engineer.post(f"{path}/use-instead", {"part_id": other.pk}))["status"] == "cancelled"
        told = done(engineer.post("/notices", {"source_kind": "work.workorder", "source_number": order["number"], "about": "waiting_part",
                                               "channel": "sms", "outcome": "not_reached", "told_to": "家属"}))
        assert (told["count"], told["outcome"], told["told_to"], told["customer"]) == (1, "not_reached", "家属", self.world.customer.number)

    def test_what_is_to_be_told_is_listed_and_told(self):
        clerk = self.world.call("clerk")
        order = done(clerk.post("/work-orders", {"customer": self.world.customer.number, "product": "KFR-1", "serial": "DUE-1",
                                                 "fault": "不制冷", "region": "310104"}), 201)["order"]
        paper = telling.find_paper("work.workorder", order["number"], SYSTEM)
        sales.open_duty(Source.of(paper), "delay", telling.party_of(paper), since=paper.created_at, because="人手不够")
        sent = {"source_kind": "work.workorder", "source_number": order["number"], "about": "delay", "channel": "phone"}
        assert done(clerk.post("/notices", {**sent, "outcome": "not_reached"}))["count"] == 1
        due = done(clerk.get("/due-notices", about="delay", customer=self.world.customer.number, q=order["number"]))["items"]
        assert [(one["tries"], one["because"], one["customer_name"]) for one in due] == [(1, "人手不够", self.world.customer.name)]
        found = done(clerk.get("/identify", q=self.world.customer.number))["customers"][0]
        assert found["due_notices"] >= 1
        assert done(clerk.post("/notices", sent))["count"] == 2
        assert done(clerk.get("/due-notices", q=order["number"]))["items"] == []
        assert len(done(clerk.get("/notices", q=order["number"], outcome="reached"))["items"]) == 1
        problem(self.world.call("stranger").post("/notices", sent), 404)
        problem(clerk.post("/notices", {**sent, "source_number": "WO0"}), 404)
