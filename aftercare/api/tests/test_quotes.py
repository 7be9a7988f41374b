"""Quotes, payers, waivers and price checks through the API: one story that a shop's program could play."""

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase


class TestQuotes(StockedCase):
    def test_quote_consent_second_round_payers_and_waiver(self):
        call = self.world.call
        manager, clerk = call("manager"), call("clerk")
        done(manager.post("/labour-prices", {"amount": "80.00", "valid_from": "2025-01-01"}), 201)
        done(manager.post("/labour-prices", {"amount": "99.00", "valid_from": "2025-01-01", "region": "310104"}), 201)
        told = done(clerk.get("/price-check", region="310104"))
        assert (told["amount"], [one["verdict"] for one in told["lines"]]) == ("99.00", ["won", "beaten"])
        problem(manager.post("/labour-prices", {"amount": "1.00", "valid_from": "2026-01-01"}), 422, "price_overlap")
        done(manager.post("/quote-policies", {"free_limit_amount": "200.00", "inspection_amount": "30.00"}))

        order = done(clerk.post("/work-orders", {"customer": self.world.customer.number, "product": "旧空调", "fault": "不制冷",
                                                 "region": "310104", "lines": [{"part": "P-001", "qty": 1}]}), 201)["order"]
        path = f"/work-orders/{order['number']}"
        preview = done(clerk.get(f"{path}/quote-preview"))
        assert (preview["total_amount"], preview["inspection_amount"], preview["lack_code"]) == ("419.00", "30.00", "consent_needed")
        first = done(clerk.post(f"{path}/quotes", {"note": "含人工"}), 201)
        assert (first["round"], first["status"], first["total_amount"], len(first["lines"])) == (1, "sent", "419.00", 2)
        assert first["link"].startswith("/portal/quotes/")
        second = done(clerk.post(f"{path}/quotes", {"lump_amount": "400.00"}), 201)
        quote = f"/quotes/{second['number']}"
        assert done(clerk.get(f"/quotes/{first['number']}"))["status"] == "superseded"
        problem(clerk.post(f"{quote}/accept", {"channel": "call", "name": "王建国"}, version=second["version"]), 422, "recording_missing")
        agreed = done(clerk.post(f"{quote}/accept", {"channel": "call", "name": "王建国", "reference": "REC-77"}, version=second["version"]))
        assert (agreed["consent"]["channel"], agreed["consent"]["evidence"], agreed["link"]) == ("call", {"reference": "REC-77"}, None)
        problem(clerk.post(f"{quote}/refuse", {"channel": "call", "name": "王建国"}, version=agreed["version"]), 409, "wrong_state")
        assert done(clerk.get("/quotes", status="accepted"))["items"][0]["number"] == second["number"]

        bill = done(manager.post(f"{path}/price", {"fees": [{"name": "清洗", "amount": "50.00"}]}))
        divided = done(manager.post(f"{path}/divide", {"line": "labour", "reason": "优待", "shares": [{"payer": "company", "percent": "30"}]}))
        assert {row["payer"]: row["amount"] for row in divided["borne"]}["company"] == "29.70" and bill["due_amount"] > divided["due_amount"]
        done(manager.post("/waiver-limits", {"role": "manager", "amount": "10.00"}))
        asked = done(manager.post(f"{path}/waivers", {"line": "x0", "amount": "50.00", "reason": "投诉补偿"}))["request"]
        problem(manager.post(f"/waivers/{asked['number']}/approve", {}, version=asked["version"]), 422, "own_request")
        approved = done(call("administrator").post(f"/waivers/{asked['number']}/approve", {}, version=asked["version"]))
        assert approved["status"] == "approved"
        assert done(manager.get(f"{path}/bill"))["due_amount"] == "69.30"

    def test_paid_work_does_not_begin_without_consent_where_the_policy_refuses(self):
        call = self.world.call
        manager, clerk = call("manager"), call("clerk")
        done(manager.post("/labour-prices", {"amount": "80.00", "valid_from": "2025-01-01"}), 201)
        problem(manager.post("/quote-policies", {"at_start": "never"}), 422)
        assert done(manager.post("/quote-policies", {"at_start": "refuse"}))["at_start"] == "refuse"
        order = done(clerk.post("/work-orders", {"customer": self.world.customer.number, "product": "旧空调", "fault": "不制冷"}), 201)["order"]
        path = f"/work-orders/{order['number']}"
        boss = call("administrator")
        done(boss.post(f"{path}/dispatch", {"engineer": self.world.engineer.number}))
        done(call("engineer").post(f"{path}/accept"))
        assert done(clerk.get(f"{path}/quote-preview"))["lack_code"] == "consent_needed"
        problem(call("engineer").post(f"{path}/arrive"), 422, "consent_needed")
        quote = done(clerk.post(f"{path}/quotes", {}), 201)
        done(clerk.post(f"/quotes/{quote['number']}/accept", {"channel": "counter", "name": "王建国"}, version=quote["version"]))
        assert done(call("engineer").post(f"{path}/arrive"))["status"] == "working"
