"""The catalogue through the API: bills of material as a whole, article codes, the tree, entries that become one, pictures."""

import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.test_work import StockedCase

EAN, OTHER_EAN = "4006381333931", "6901234567892"


def picture() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 120, 20)).save(data, "JPEG")
    return SimpleUploadedFile("a.jpg", data.getvalue(), "image/jpeg")


class TestCatalogue(StockedCase):
    """An administrator keeps the models, a keeper reads them with his stock, a clerk only looks."""

    def model(self, name: str, **more) -> dict:
        return done(self.world.call("administrator").post("/products", {"name": name, **more}), 201)

    def test_a_bill_of_material_is_read_and_written_whole(self):
        admin, part, other = self.world.call("administrator"), self.world.part, self.world.other_part
        model = self.model("KFR-50", maker="格力电器", unit="套", gtin=EAN)
        assert (model["maker"], model["unit"], model["gtin"]) == ("格力电器", "套", EAN)
        path = f"/products/{model['id']}/bill-of-material"
        empty = done(admin.get(path))
        assert empty["lines"] == [] and empty["version"] == model["version"]
        lines = [{"part_id": part.pk, "position": "U1", "qty": "2"}, {"part_id": other.pk, "position": "C3", "note": "左"}]
        problem(admin.put(path, {"lines": lines}), 428, "version_required")
        written = done(admin.put(path, {"lines": lines}, version=empty["version"]))
        assert [(line["position"], line["part"], Decimal(line["qty"])) for line in written["lines"]] == [("C3", "P-002", 1), ("U1", "P-001", 2)]
        assert written["version"] == empty["version"] + 1
        problem(admin.put(path, {"lines": []}, version=empty["version"]), 412, "stale_version")
        twice = {"lines": [lines[0], lines[0]]}
        assert problem(admin.put(path, twice, version=written["version"]), 422)["code"] == "fitting_twice"
        unknown = {"lines": [{"part_id": 999999}]}
        problem(admin.put(path, unknown, version=written["version"]), 404)
        problem(self.world.call("clerk").put(path, {"lines": []}, version=written["version"]), 403)
        twin = self.model("KFR-50B")
        copied = done(admin.post(f"/products/{twin['id']}/copy-bill-of-material", {"from_id": model["id"]}))
        assert len(copied["lines"]) == 2 and copied["product"] == "KFR-50B"
        near = {line["part"]: line["free_qty"] for line in done(self.world.call("keeper").get(path))["lines"]}
        assert Decimal(near["P-001"]) > 0

    def test_article_codes_lead_from_the_scanner_to_the_article(self):
        admin, part = self.world.call("administrator"), self.world.part
        model = self.model("KFR-60")
        assert problem(admin.post(f"/parts/{part.pk}/add-article-code", {"gtin": "4006381333932"}), 422)["code"] == "bad_gtin"
        made = done(admin.post(f"/parts/{part.pk}/add-article-code", {"gtin": EAN, "note": "旧包装"}))
        assert (made["part"], made["product"], made["note"]) == ("P-001", None, "旧包装")
        done(admin.post(f"/products/{model['id']}/add-article-code", {"gtin": OTHER_EAN}))
        assert problem(admin.post(f"/products/{model['id']}/add-article-code", {"gtin": EAN}), 422)["code"] == "gtin_taken"
        assert [row["gtin"] for row in done(admin.get("/article-codes", part_id=part.pk))["items"]] == [EAN]
        assert [row["gtin"] for row in done(admin.get("/article-codes", product_id=model["id"]))["items"]] == [OTHER_EAN]
        seen = [done(admin.get(f"/scan/{code}"))["kind"] for code in (EAN, f"0{EAN}", OTHER_EAN)]
        assert seen == ["catalog.part", "catalog.part", "catalog.product"]
        done(admin.post(f"/parts/{part.pk}/remove-article-code", {"gtin": EAN}))
        done(admin.post(f"/products/{model['id']}/remove-article-code", {"gtin": OTHER_EAN}))
        problem(admin.post(f"/parts/{part.pk}/remove-article-code", {"gtin": EAN}), 404)
        problem(admin.get(f"/scan/{EAN}"), 404)

    def test_the_tree_narrows_lists_to_what_lies_below(self):
        admin = self.world.call("administrator")
        top = done(admin.post("/categories", {"name": "大家电"}), 201)
        low = done(admin.post("/categories", {"name": "柜机", "parent_id": top["id"]}), 201)
        model = self.model("KFR-72", category="柜机")
        rows = {row["name"]: row for row in done(admin.get("/category-tree"))["items"]}
        assert (rows["柜机"]["depth"], rows["柜机"]["products"], rows["大家电"]["products"], rows["大家电"]["products_below"]) == (1, 1, 0, 1)
        assert [row["id"] for row in done(admin.get("/products", under=top["id"]))["items"]] == [model["id"]]
        assert done(admin.get("/products", category=top["id"]))["items"] == []
        refused = admin.patch(f"/categories/{top['id']}", {"parent_id": low["id"]}, version=top["version"])
        assert problem(refused, 422)["code"] == "category_circle"

    def test_pictures_of_a_model_are_handed_in_and_stand_in_bills_of_material(self):
        admin, part = self.world.call("administrator"), self.world.part
        model = self.model("KFR-90")
        for noun, key in (("products", model["id"]), ("parts", part.pk)):
            headers = {"Idempotency-Key": f"picture-{noun}"}
            response = admin.client.post(f"/api/v1/{noun}/{key}/files", {"file": picture(), "kind": "appearance"}, headers=headers)
            assert response.status_code == 201, response.content
            assert len(done(admin.get(f"/{noun}/{key}/files"))["items"]) == 1
        done(admin.put(f"/products/{model['id']}/bill-of-material", {"lines": [{"part_id": part.pk}]}, version=model["version"]))
        (line,) = done(self.world.call("clerk").get(f"/products/{model['id']}/bill-of-material"))["lines"]
        assert line["picture"] == response.json()["number"]

    def test_entries_typed_twice_become_one(self):
        admin = self.world.call("administrator")
        first, second = self.model("KFR-80", code="K80"), self.model("KFR80")
        merged = done(admin.post(f"/products/{second['id']}/merge", {"into_id": first["id"]}))
        assert merged["id"] == first["id"]
        gone = done(admin.get(f"/products/{second['id']}"))
        assert (gone["is_active"], gone["merged_into_id"]) == (False, first["id"])
        assert done(admin.post("/products", {"name": "KFR80"}), 201)["id"] == first["id"]
        for noun, bodies in (("codes", ({"kind": "fault", "name": "不凉"}, {"kind": "fault", "name": "不冷"})), ("categories", ({"name": "甲类"}, {"name": "乙类"})),
                             ("parts", ({"name": "甲件"}, {"name": "乙件"}))):
            one, two = (done(admin.post(f"/{noun}", body), 201)["id"] for body in bodies)
            assert done(admin.post(f"/{noun}/{two}/merge", {"into_id": one}))["id"] == one
        stocked = done(admin.post("/parts", {"name": "压缩机二"}), 201)["id"]
        assert problem(admin.post(f"/parts/{self.world.part.pk}/merge", {"into_id": stocked}), 422)["code"] == "cannot_merge"
        problem(self.world.call("clerk").post(f"/products/{first['id']}/merge", {"into_id": second["id"]}), 403)
