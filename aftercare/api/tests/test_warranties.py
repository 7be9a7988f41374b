"""Warranty doings through the API: what a shop's program does with units it did not sell itself."""

import datetime as dt

from aftercare.api.tests.caller import done
from aftercare.api.tests.promises import WorldCase
from aftercare.domain.assets import actions as assets
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
