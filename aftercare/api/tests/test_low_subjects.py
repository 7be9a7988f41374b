"""Customers, catalogue, units, people: each keeps the promises of every subject."""

import base64

import pytest

from aftercare.api.tests.caller import done, problem
from aftercare.api.tests.promises import SubjectPromises, WorldCase

pytestmark = pytest.mark.django_db


class TestCustomers(SubjectPromises, WorldCase):
    who = "clerk"
    path = "/customers"
    change = {"name": "李四", "grade": "VIP", "tags": ["老客户"]}

    def make(self, world, n):
        return {"name": f"张三{n}", "phone": f"1391111000{n}", "region": "310104", "address": f"上海市徐汇区{n}号"}

    def filters(self, world, row):
        return [({"q": "张三1"}, True), ({"q": "没有这人"}, False), ({"phone": "13911110001"}, True),
                ({"phone": "13911110002"}, False), ({"branch": "N"}, True), ({"kind": "company"}, False),
                ({"region": "310104"}, True), ({"order": "created_at"}, True)]

    def test_other_branches_do_not_see_it(self):
        world = self.world
        row = self.made()
        problem(world.call("stranger").get(self.address(row)), 404, "not_found")

    def test_personal_data_is_masked(self):
        world = self.world
        row = self.made()
        seen = done(world.call("keeper").get(self.address(row)))
        assert seen["phone"] == "139****0001"
        assert seen["phones"][0]["phone"] == "139****0001"
        assert seen["address"] == "上海市徐汇区****"
        listed = done(world.call("keeper").get("/customers"))["items"][0]
        assert listed["phone"] == "139****0001"
        assert done(world.call("clerk").get("/customers"))["items"][0]["phone"] == "13911110001"

    def test_children_come_and_go(self):
        world = self.world
        row, caller = self.made(), world.call("clerk")
        address = self.address(row)
        body = done(caller.post(f"{address}/phones", {"phone": "021-64381234", "label": "家"}))
        assert [phone["label"] for phone in body["phones"]] == ["", "家"]
        body = done(caller.delete(f"{address}/phones/{body['phones'][1]['id']}"))
        assert len(body["phones"]) == 1
        body = done(caller.post(f"{address}/addresses", {"text": "上海市黄浦区二号", "label": "店"}))
        done(caller.delete(f"{address}/addresses/{body['addresses'][0]['id']}"))
        body = done(caller.post(f"{address}/persons", {"name": "王五", "phone": "13700001111"}))
        done(caller.delete(f"{address}/persons/{body['persons'][0]['id']}"))
        done(caller.post(f"{address}/consent", {"given": True, "channel": "phone"}))
        problem(caller.post(f"{address}/phones", {"phone": "13700002222"}, version=1), 412, "stale_version")
        happened = [item["verb"] for item in done(caller.get(f"{address}/timeline"))["items"]]
        assert "parties.customer.add_phone" in happened

    def test_unmasking_is_written_down(self):
        world = self.world
        row = self.made()
        problem(world.call("keeper").post(f"{self.address(row)}/unmask", {"reason": "想看"}), 403, "not_allowed")
        body = done(world.call("clerk").post(f"{self.address(row)}/unmask", {"reason": "回电"}))
        assert body["phone"] == "13911110001"
        verbs = [item["verb"] for item in done(world.call("clerk").get(f"{self.address(row)}/timeline"))["items"]]
        assert verbs[0] == "parties.customer.unmask"


class TestCategories(SubjectPromises, WorldCase):
    path, key = "/categories", "id"
    change = {"name": "洗衣机类"}

    def make(self, world, n):
        return {"name": f"洗衣机{n}"}


class TestProducts(SubjectPromises, WorldCase):
    path, key = "/products", "id"
    change = {"brand": "海尔", "aliases": ["小神童"]}

    def make(self, world, n):
        return {"name": f"XQG80-{n}", "category": "洗衣机", "brand": "小天鹅"}

    def filters(self, world, row):
        return [({"q": "XQG80"}, True), ({"q": "小天鹅"}, True), ({"q": "没有"}, False), ({"active": "true"}, True)]


class TestParts(SubjectPromises, WorldCase):
    path, key = "/parts", "id"
    change = {"price_amount": "99.50", "is_returnable": True}

    def make(self, world, n):
        return {"name": f"电机{n}", "code": f"M-{n}", "price_amount": "80.00"}

    def filters(self, world, row):
        return [({"q": "电机"}, True), ({"code": "M-1"}, True), ({"code": "M-2"}, False)]


class TestCodes(SubjectPromises, WorldCase):
    path, key = "/codes", "id"
    change = {"aliases": ["响"]}

    def make(self, world, n):
        return {"kind": "fault", "name": f"异响{n}"}

    def filters(self, world, row):
        return [({"kind": "fault"}, True), ({"kind": "cause"}, False), ({"q": "异响"}, True)]


class TestWorkTypes(SubjectPromises, WorldCase):
    path, key = "/work-types", "code"
    change = {"minutes": 90}

    def make(self, world, n):
        return {"name": f"清洗{n}", "code": f"clean{n}"}


class TestLabourPrices(SubjectPromises, WorldCase):
    path, key = "/labour-prices", "id"
    change = {"valid_to": "2021-06-30"}

    def make(self, world, n):
        return {"amount": "120.00", "valid_from": f"202{n}-01-01", "valid_to": f"202{n}-12-31" if n != 6 else None,
                "work_type": "repair"}

    def made(self, n=1):
        world = self.world
        return done(world.call(self.who).post(self.path, self.make(world, n) | ({"valid_to": None} if n == 6 else {})), 201)

    def test_edits_need_the_newest_version(self):
        # A price of all kinds of work stands behind, so that an earlier end leaves no gap.
        done(self.world.call(self.who).post(self.path, {"amount": "80.00", "valid_from": "2020-01-01", "valid_to": None}), 201)
        super().test_edits_need_the_newest_version()

    def test_an_edit_that_leaves_days_without_a_price_is_refused(self):
        row = self.made(6)
        call = self.world.call(self.who)
        problem(call.patch(self.address(row), {"valid_to": "2026-12-31"}, version=row["version"]), 422, "price_gap")


class TestAssets(SubjectPromises, WorldCase):
    who = "clerk"
    path = "/assets"
    change = {"place": "上海市徐汇区客厅", "colour": "白"}

    def make(self, world, n):
        return {"product_id": world.product.pk, "serial": f"XY-{n}000", "customer": world.customer.number,
                "sold_on": "2025-06-01"}

    def filters(self, world, row):
        return [({"q": "XY-1000"}, True), ({"serial": "xy-1000"}, True), ({"serial": "xy-2000"}, False),
                ({"customer": row["customer"]}, True), ({"customer": "C999999"}, False)]

    def test_the_same_serial_number_is_the_same_unit(self):
        world = self.world
        first, second = self.made(), self.made()
        assert first["number"] == second["number"]
        other = done(world.call("clerk").post("/customers", {"name": "另一位"}), 201)
        problem(world.call("clerk").post(self.path, self.make(world, 1) | {"customer": other["number"]}), 422, "serial_taken")


class TestBranches(SubjectPromises, WorldCase):
    path = "/branches"
    change = {"name": "西北分公司", "phone": "029-1"}

    def make(self, world, n):
        return {"number": f"W{n}", "name": f"西部{n}", "parent": "HQ"}

    def filters(self, world, row):
        return [({"q": "西部"}, True), ({"kind": "outlet"}, False)]


class TestEmployees(SubjectPromises, WorldCase):
    path = "/employees"
    change = {"name": "赵六", "grade": "高级"}

    def make(self, world, n):
        return {"number": f"T{n}", "name": f"新人{n}", "branch": "N", "is_engineer": True}

    def filters(self, world, row):
        return [({"q": "新人"}, True), ({"branch": "S"}, False), ({"engineer": "true"}, True)]

    def test_skills_and_certificates(self):
        world = self.world
        row, caller = self.made(), world.call("administrator")
        address = self.address(row)
        assert done(caller.put(f"{address}/skills", {"categories": ["AC", ""]}))["skills"] == ["", "AC"]
        body = done(caller.post(f"{address}/certificates", {"name": "电工证", "expires_on": "2028-01-01"}))
        done(caller.delete(f"{address}/certificates/{body['certificates'][0]['id']}"))
        assert done(caller.post(f"{address}/leave", {"on": "2026-03-01"}))["is_active"] is False
        assert done(caller.post(f"{address}/rejoin"))["is_active"] is True

    def test_wages_are_for_who_may_see_them(self):
        world = self.world
        row = self.made()
        assert done(world.call("clerk").get(self.address(row)))["wage_amount"] is None
        assert done(world.call("administrator").get(self.address(row)))["wage_amount"] == "0.00"


class TestRoles(SubjectPromises, WorldCase):
    path, key = "/roles", "code"
    change = {"name": "实习", "permissions": ["work.view_order"]}

    def make(self, world, n):
        return {"code": f"trainee{n}", "name": f"学徒{n}", "permissions": ["catalog.view"], "reach": "own"}

    def test_grants(self):
        world = self.world
        self.made()
        caller = world.call("administrator")
        row = done(caller.post("/grants", {"employee": "E101", "role": "trainee1", "branch": "N"}))
        assert done(caller.get("/grants", employee="E101"))["items"] == [row]
        done(world.call("nobody").get("/products"))
        done(caller.delete(f"/grants/{row['id']}"))
        problem(world.call("nobody").get("/products"), 403)

    def test_tokens_are_listed_and_revoked_never_made(self):
        world = self.world
        caller = world.call("clerk")
        token = done(caller.get("/tokens"))["items"][0]
        assert "digest" not in token
        done(caller.post(f"/tokens/{token['id']}/revoke"))
        problem(caller.get("/tokens"), 401, "token_invalid")


class TestContacts(SubjectPromises, WorldCase):
    who = "clerk"
    path = "/contacts"
    change = {"text": "改约明天", "urgent": True}

    def make(self, world, n):
        return {"kind": "repair", "customer": world.customer.number, "asset": world.asset.number, "phone": "13812340001",
                "text": f"空调不制冷{n}"}

    def filters(self, world, row):
        return [({"q": "不制冷1"}, True), ({"status": "new"}, True), ({"status": "done"}, False), ({"undone": "true"}, True),
                ({"customer": row["customer"]}, True), ({"kind": ["repair", "complaint"]}, True),
                ({"created_from": "2020-01-01"}, True), ({"created_to": "2020-01-01"}, False)]

    def test_moves(self):
        world = self.world
        row, caller = self.made(), world.call("clerk")
        assert {move["name"] for move in row["moves"]} >= {"take_up", "solve", "void"}
        address = self.address(row)
        taken = done(caller.post(f"{address}/take_up", version=row["version"]))
        assert taken["status"] == "open"
        problem(caller.post(f"{address}/take_up"), 409, "wrong_state")
        problem(caller.post(f"{address}/solve", {"answer": "好"}, version=row["version"]), 412, "stale_version")
        problem(caller.post(f"{address}/solve", {"outcome": "order"}), 422, "invalid")
        handed = done(caller.post(f"{address}/hand_on", {"handler": "E002", "reason": "归主任"}))
        assert handed["handler"] == "E002"
        solved = done(caller.post(f"{address}/solve", {"outcome": "answered", "answer": "已告知"}))
        assert solved["status"] == "done"
        problem(caller.post(f"{address}/reopen"), 422, "invalid")
        done(caller.post(f"{address}/reopen", {"reason": "又来电"}))


class TestCustodies(SubjectPromises, WorldCase):
    who = "clerk"
    path = "/custodies"

    def make(self, world, n):
        return {"customer": world.customer.number, "item": f"电饭煲{n}", "accessories": ["电源线"]}

    def test_hand_back_against_the_code(self):
        world = self.world
        row, caller = self.made(), world.call("clerk")
        address = self.address(row)
        assert "code" not in done(caller.get(address))
        assert done(caller.post(f"{address}/move_to", {"place": "B-2"}))["place"] == "B-2"
        problem(caller.post(f"{address}/hand_back", {"code": "000"}), 422)
        assert done(caller.post(f"{address}/hand_back", {"code": row["code"], "returned_to": "本人"}))["status"] == "returned"


def test_shared_registers_and_the_log(world):
    caller = world.call("administrator")
    assert done(caller.get("/suggestions/fault", q="bzl"))["items"][0]["name"] == "不制冷"
    done(caller.get("/regions"))
    assert done(caller.get("/regions/310104"))["name"] == "徐汇区"
    done(caller.post("/coverage", {"region": "310104", "branch": "N"}))
    row = done(caller.get("/coverage", branch="N"))["items"][0]
    done(caller.delete(f"/coverage/{row['id']}"))
    hours = [{"weekday": day, "starts": 540, "ends": 1080} for day in range(5)]
    calendar = done(caller.post("/calendars", {"name": "五天", "hours": hours}), 201)
    done(caller.get("/calendars"))
    done(caller.get(f"/calendars/{calendar['id']}"))
    problem(caller.put(f"/calendars/{calendar['id']}/hours", {"hours": hours[:1]}), 428)
    body = done(caller.put(f"/calendars/{calendar['id']}/hours", {"hours": hours[:1]}, version=calendar["version"]))
    assert len(body["hours"]) == 1
    done(caller.patch(f"/calendars/{calendar['id']}", {"name": "一天"}, version=body["version"]))
    done(caller.get("/official-days/2026"))
    done(caller.post("/special-days", {"date": "2026-05-20", "kind": "off", "name": "司庆"}))
    done(caller.post("/departments", {"branch": "N", "name": "维修部"}), 201)
    done(caller.get("/departments", branch="N"))
    done(caller.get("/permissions"))
    done(caller.post("/service-levels", {"respond_minutes": 120, "repair_minutes": 480}))
    done(caller.get("/service-levels"))
    done(caller.post("/part-prices", {"part_id": world.part.pk, "amount": "300.00", "valid_from": "2026-01-01"}), 201)
    assert done(caller.get("/part-prices", valid_on="2026-02-01"))["items"][0]["amount"] == "300.00"
    facts = done(caller.get("/facts", kind="people.employee"))["items"]
    assert facts and facts[0]["kind"] == "people.employee"
    problem(world.call("clerk").get("/facts"), 403, "not_allowed")
    done(caller.get("/deliveries"))
    problem(caller.post("/deliveries/1/revive"), 404)
    assert done(caller.get("/me"))["kind"] == "employee"


class TestPriceImport(WorldCase):
    def test_a_file_is_tried_out_then_taken_and_bad_rows_are_told(self):
        call = self.world.call("manager")
        text = "费用种类,生效日期,金额\n人工费,2026-01-01,80\n上门费,2026-01-01,三十\n检测费,2026-01-01,20\n"
        body = {"name": "价格.csv", "content": base64.b64encode(text.encode()).decode()}
        tried = done(call.post("/labour-prices/preview-import", body))
        assert (tried["dry_run"], tried["read"], tried["added"]) == (True, 3, 2) and done(call.get("/labour-prices"))["items"] == []
        [problem_row] = tried["problems"]
        assert problem_row["row"] == 3 and "三十" in problem_row["reason"]
        taken = done(call.post("/labour-prices/import", body))
        assert (taken["dry_run"], taken["added"], taken["problems"]) == (False, 2, tried["problems"])
        assert {row["amount"] for row in done(call.get("/labour-prices"))["items"]} == {"80.00", "20.00"}
        again = done(call.post("/labour-prices/import", body))
        assert (again["added"], again["known"]) == (0, 2)
        for wrong, code in (({"content": "%"}, "not_base64"), ({"name": "价格.exe"}, "bad_ending"),
                            ({"content": base64.b64encode("甲,乙\n1,2\n".encode()).decode()}, "column_missing")):
            problem(call.post("/labour-prices/import", body | wrong), 422, code)
        problem(self.world.call("clerk").post("/labour-prices/import", body), 403, "not_allowed")
        problem(self.world.call("clerk").post("/labour-prices/preview-import", body), 403, "not_allowed")
