"""Stock documents, periods, the stock of a past day, packs and scanned codes through the API."""

import datetime as dt
from decimal import Decimal

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase
from aftercare.domain.inventory.lifecycle import DOCUMENT


class TestStockDocuments(StockedCase):
    """A keeper writes, another person posts; the books, the past day and the codes are told."""

    def test_a_document_from_draft_to_reversal(self):
        keeper, manager = self.world.call("keeper"), self.world.call("manager")
        part, depot = self.world.part, self.world.depot.code
        bin_ = done(keeper.post("/places", {"code": "A-01", "name": "A-01", "kind": "bin", "parent": depot}), 201)
        assert (bin_["parent"], bin_["position"]) == (depot, "A-01")
        done(manager.put(f"/stock-rules/{self.world.north.number}", {"two_person_amount": "50.00", "back_days": 5}))
        today = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
        body = {"kind": "receipt", "dated_on": f"{today}", "to_place": depot, "lines": [
            {"part_id": part.pk, "qty": "2", "unit_cost": "30", "bin": "A-01"}]}
        made = done(keeper.post("/stock-documents", body), 201)
        path = f"/stock-documents/{made['number']}"
        assert [move["name"] for move in made["moves"]] == ["post_document", "rewrite", "cancel_document"]
        assert problem(keeper.post(f"{path}/post_document", {}), 422)["code"] == "second_person_needed"
        done(keeper.post(f"{path}/rewrite", {"memo": "补", "lines": [{"part_id": part.pk, "qty": "3", "unit_cost": "30", "bin": "A-01"}]}))
        posted = done(manager.post(f"{path}/post_document", {}))
        assert (posted["status"], posted["booked_on"], posted["lines"][0]["bin"]) == ("posted", f"{today}", "A-01")
        rows = done(keeper.get(f"/stock-on/{today}", place=depot, part=part.code))["items"]
        assert [(row["place"], Decimal(row["qty"])) for row in rows if row["place"] == "A-01"] == [("A-01", Decimal(3))]
        problem(keeper.post(f"{path}/rewrite", {"memo": "x"}), 409)
        assert done(manager.post(f"{path}/reverse_document", {"reason": "重复"}))["status"] == "reversed"
        draft = done(keeper.post("/stock-documents", body), 201)
        done(keeper.post(f"/stock-documents/{draft['number']}/cancel_document", {"reason": "不要"}))
        assert len(done(keeper.get("/stock-documents", status="cancelled", kind="receipt"))["items"]) == 1
        assert set(DOCUMENT.moves) == {"post_document", "rewrite", "cancel_document", "reverse_document"}

    def test_a_closed_period_is_told(self):
        admin = self.world.call("administrator")
        day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=9)
        done(admin.post("/stock-periods", {"closed_to": f"{day}"}), 201)
        assert problem(admin.post("/stock-periods", {"closed_to": f"{day}"}), 422)["code"] == "closed_already"
        assert [row["closed_to"] for row in done(admin.get("/stock-periods"))["items"]] == [f"{day}"]
        problem(self.world.call("clerk").post("/stock-periods", {"closed_to": f"{day}"}), 403)

    def test_packs_fittings_substitutes_and_codes(self):
        keeper, part, other = self.world.call("keeper"), self.world.part, self.world.other_part
        product = done(self.world.call("administrator").post("/products", {"name": "KFR-35"}), 201)
        done(keeper.post(f"/parts/{part.pk}/set-pack", {"name": "箱", "per_qty": "12", "gtin": "4006381333931"}))
        assert problem(keeper.post(f"/parts/{other.pk}/set-pack", {"name": "箱", "per_qty": "2", "gtin": "4006381333932"}), 422)["code"] == "bad_gtin"
        assert problem(keeper.post(f"/parts/{other.pk}/set-pack", {"name": "箱", "per_qty": "2", "gtin": "4006381333931"}), 422)["code"] == "gtin_taken"
        done(keeper.post(f"/products/{product['id']}/set-fitting", {"part_id": part.pk, "position": "U1", "qty": "2"}))
        done(keeper.post(f"/parts/{part.pk}/set-substitute", {"substitute_id": other.pk, "is_mutual": True}))
        assert len(done(keeper.get("/fittings", part_id=part.pk, product_id=product["id"]))["items"]) == 1
        assert len(done(keeper.get("/part-substitutes", part_id=part.pk))["items"]) == 1
        assert Decimal(done(keeper.get("/part-packs", part_id=part.pk))["items"][0]["per_qty"]) == 12
        body = {"kind": "receipt", "dated_on": "2026-01-05", "to_place": self.world.depot.code,
                "lines": [{"part_id": part.pk, "pack": "箱", "pack_qty": "2"}]}
        line = done(keeper.post("/stock-documents", body), 201)["lines"][0]
        assert (Decimal(line["qty"]), Decimal(line["pack_qty"]), line["pack"]) == (24, 2, "箱")
        seen = {code: done(keeper.get(f"/scan/{code}"))["kind"] for code in ("4006381333931", part.code, self.world.depot.code)}
        assert list(seen.values()) == ["catalog.part", "catalog.part", "inventory.place"]
        assert problem(keeper.get("/scan/NOTHING-9"), 404)["code"] == "unknown_code"
        done(keeper.post(f"/products/{product['id']}/remove-fitting", {"part_id": part.pk, "position": "U1"}))
        done(keeper.post(f"/parts/{part.pk}/remove-substitute", {"substitute_id": other.pk}))
        done(keeper.post(f"/parts/{part.pk}/remove-pack", {"name": "箱"}))
        problem(keeper.post(f"/parts/{part.pk}/remove-pack", {"name": "箱"}), 404)
