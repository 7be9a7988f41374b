"""Warranty doings through the API: what a shop's program does with units it did not sell itself."""

import datetime as dt

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.promises import WorldCase
from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions
from aftercare.domain.parties import actions as parties
from aftercare.foundation import clock


class TestFormerOwner(WorldCase):
    def test_a_branch_that_knows_the_new_owner_only_reads_no_papers_of_the_former_one(self):
        world = self.world
        by = {"actor": world.system, "at": clock.now() - dt.timedelta(hours=3)}
        former = parties.create_customer(name="南方旧主", phone="13800009999", branch_id=world.south.pk, **by)
        day = clock.local_day(clock.now(), "Asia/Shanghai")
        unit = assets.register_asset(product=world.product, serial="SN-9", customer=former, branch_id=world.north.pk,
                                     invoice_number="FP-9", **by)
        actions.register_cover(unit, name="整机", starts_on=day, months=12, evidence="FP-9", reason="南方旧主自带", **by)
        assets.change_owner(unit, customer=world.customer, on=day, actor=world.system, at=clock.now() - dt.timedelta(hours=1))
        for who, sees in (("clerk", False), ("administrator", True)):
            call, path = world.call(who), f"/assets/{unit.number}"
            answers = [done(call.get("/warranty-entries", asset=unit.number))]
            answers += [done(call.get(path + more)) for more in ("", "/entitlement", "/timeline", "/files")]
            [line] = answers[0]["items"]
            assert (line["is_former"], line["evidence"]) == ((False, "FP-9") if sees else (True, ""))
            assert line["ends_on"] and (("FP-9" in str(answers), "南方旧主" in str(answers)) == (sees, sees)), answers


class TestDoings(WorldCase):
    def test_a_sold_extension_is_billed_paid_and_taken_back(self):
        world = self.world
        manager, clerk = world.call("manager"), world.call("clerk")
        term = done(manager.post("/warranty-terms", {"name": "延保一年", "kind": "extension", "months": 12, "price_amount": "299.00",
                                                     "valid_from": "2020-01-01"}), 201)
        day = str(clock.local_day(clock.now(), "Asia/Shanghai"))
        path = f"/assets/{world.asset.number}"
        body = {"term_id": term["id"], "sold_on": day, "evidence": "YB-1", "collect": "100.00", "method": "wechat"}
        entry = done(clerk.post(f"{path}/extensions", body))
        bill = done(clerk.get("/bills", q=f"{world.asset.number}-{entry['id']}"))["items"][0]
        assert (bill["status"], bill["due_amount"], bill["paid_amount"], bill["customer"]) == ("final", "299.00", "100.00", world.customer.number)
        problem(clerk.post(f"/bills/{bill['id']}/collections", {"amount": "200.00", "at_desk": True}), 422, "more_than_due")
        done(clerk.post(f"/bills/{bill['id']}/collections", {"amount": "199.00", "at_desk": True}), 201)
        problem(world.call("stranger").post(f"/bills/{bill['id']}/collections", {"amount": "1.00"}), 404, "not_found")
        problem(clerk.post(f"/warranty-entries/{entry['id']}/reverse", {"reason": ""}), 422)
        assert done(clerk.post(f"/warranty-entries/{entry['id']}/reverse", {"reason": "退货"}))["kind"] == "reversal"
        after = done(clerk.get(f"/bills/{bill['id']}"))
        assert (after["due_amount"], after["paid_amount"]) == ("0.00", "0.00")
        problem(clerk.post(f"/warranty-entries/{entry['id']}/reverse", {"reason": "退货"}), 409, "already_reversed")

    def test_exchange_and_its_undo(self):
        world = self.world
        manager, clerk, auditor = (world.call(name) for name in ("manager", "clerk", "auditor"))
        day = str(clock.local_day(clock.now(), "Asia/Shanghai"))
        path = f"/assets/{world.asset.number}"
        body = {"new_serial": "SN-EX", "on": day, "reason": "三次维修"}
        problem(auditor.post(f"{path}/exchange", body), 403, "not_allowed")
        problem(manager.post(f"{path}/exchange", body | {"new_serial": world.asset.serial}), 422, "same_serial")
        new = done(manager.post(f"{path}/exchange", body))
        assert (new["serial"], new["customer"]) == ("SN-EX", world.customer.number)
        problem(clerk.post(f"{path}/undo_exchange", {"reason": "弄错了"}), 403, "not_allowed")
        problem(manager.post(f"{path}/undo_exchange", {"reason": ""}), 422)
        problem(manager.post(f"/assets/{new['number']}/undo_exchange", {"reason": "弄错了"}), 409, "not_exchanged")
        back = done(manager.post(f"{path}/undo_exchange", {"reason": "弄错了"}))
        assert back["customer"] == world.customer.number and done(manager.get(f"/assets/{new['number']}"))["customer"] is None
        verbs = [item["verb"] for item in done(manager.get(f"{path}/timeline"))["items"]]
        assert "assets.asset.exchange" in verbs and "assets.asset.undo_exchange" in verbs

    def test_readings_ends_goodwill_and_flags(self):
        world = self.world
        manager, clerk = world.call("manager"), world.call("clerk")
        today = clock.local_day(clock.now(), "Asia/Shanghai")
        path = f"/assets/{world.asset.number}"
        assert done(clerk.post(f"{path}/readings", {"value": 1200, "on": str(today)}))["reading"] == 1200
        problem(clerk.post(f"{path}/readings", {"value": 1300, "on": str(today + dt.timedelta(days=1))}), 422, "future_date")
        problem(clerk.post(f"{path}/readings", {"value": -1, "on": str(today)}), 422)
        problem(clerk.post(f"{path}/goodwill", {"starts_on": str(today), "ends_on": str(today), "reason": "优待"}), 403, "not_allowed")
        entry = done(manager.post(f"{path}/goodwill", {"starts_on": str(today), "ends_on": str(today), "reason": "优待"}))
        end = f"/warranty-entries/{entry['id']}/set_end"
        problem(clerk.post(end, {"ends_on": str(today), "reason": "再给几天"}), 403, "not_allowed")
        problem(manager.post(end, {"ends_on": str(today - dt.timedelta(days=3)), "reason": "弄错"}), 422)
        longer = done(manager.post(end, {"ends_on": str(today + dt.timedelta(days=7)), "reason": "再给几天"}))
        assert longer["ends_on"] == str(today + dt.timedelta(days=7))
        standing = {state: [row["number"] for row in done(manager.get("/warranty-fleet", state=state))["items"]]
                    for state in ("goodwill", "in_warranty")}
        assert standing == {"goodwill": [world.asset.number], "in_warranty": []}
        customer = f"/customers/{world.customer.number}/flags"
        problem(clerk.post(customer, {"kind": "block", "reason": "欠款"}), 403, "not_allowed")
        flagged = done(manager.post(customer, {"kind": "block", "reason": "欠款"}))
        assert [flag["kind"] for flag in flagged["flags"]] == ["block"]
        problem(manager.post(customer, {"kind": "block", "reason": "欠款"}), 422, "flagged_already")

    def test_a_component_swap_and_its_undo(self):
        world = self.world
        clerk = world.call("clerk")
        by = {"actor": world.system, "at": clock.now()}
        part, _made = catalog.ensure_product("压缩机 X", category_name="压缩机", brand="格力", **by)
        assets.register_asset(product=part, serial="CMP-1", customer=world.customer, branch_id=world.north.pk, parent_id=world.asset.pk, **by)
        order = done(clerk.post("/work-orders", {"customer": world.customer.number, "asset": world.asset.number, "fault": "不制冷"}), 201)["order"]
        path = f"/work-orders/{order['number']}/swaps"
        component = done(clerk.get(f"/assets/{world.asset.number}"))["components"][0]["number"]
        problem(clerk.post(path, {"new_serial": "CMP-2", "old": "A999999"}), 422, "not_component")
        problem(clerk.post(path, {"new_serial": "", "old": component}), 422)
        problem(world.call("stranger").post(path, {"new_serial": "CMP-2", "old": component}), 404, "not_found")
        [swap] = done(clerk.post(path, {"new_serial": "CMP-2", "old": component, "reason": "烧毁"}))["items"]
        assert (swap["old_serial"], swap["new_serial"], swap["is_reversed"]) == ("CMP-1", "CMP-2", False)
        problem(clerk.post(f"{path}/{swap['id']}/undo", {"reason": ""}), 422)
        after = done(clerk.post(f"{path}/{swap['id']}/undo", {"reason": "拿错了"}))["items"]
        assert [row["is_reversed"] for row in after if row["id"] == swap["id"]] == [True]
        problem(clerk.post(f"{path}/999999/undo", {"reason": "拿错了"}), 404, "not_found")

    def test_terms_are_tried_out_over_the_units_decision(self):
        world = self.world
        manager = world.call("manager")
        done(manager.post("/warranty-terms", {"name": "整机一年", "months": 12, "starts": "sale", "valid_from": "2020-01-01"}), 201)
        path = f"/assets/{world.asset.number}/entitlement"
        assert done(manager.get(path, on="2026-01-01"))["service_class"] in ("A", "C")
        problem(manager.get(path, on="heute"), 422)
        problem(world.call("stranger").get(path), 404, "not_found")
