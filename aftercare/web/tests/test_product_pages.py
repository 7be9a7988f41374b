"""A product model on its page: its parts by position, pictures, codes, copying, the workbook, and merging what was typed twice."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from aftercare.domain.catalog import actions, queries
from aftercare.domain.inventory import actions as inventory
from aftercare.web.tests.office import SYSTEM, key

EAN = "4006381333931"


@pytest.fixture
def shop(office):
    """Two models, three parts, stock at the branch."""
    make = office.make
    shop = type("Shop", (), {})()
    home, _m = actions.ensure_category("家电", **make)
    air, _m = actions.ensure_category("空调", parent=home, **make)
    shop.home, shop.air = home, air
    shop.model, _m = actions.ensure_product("挂机 35", category_name="空调", brand="清风", maker="清风电器", code="QF-35", gtin=EAN, **make)
    shop.twin, _m = actions.ensure_product("挂机35型", category_name="空调", **make)
    shop.fan = actions.create_part(name="风扇", code="F1", price_amount=Decimal(80), **make)
    shop.board = actions.create_part(name="主板", code="B1", **make)
    shop.other = actions.create_part(name="代用风扇", code="F9", **make)
    actions.set_substitute(shop.fan, substitute=shop.other, **make)
    actions.replace_fittings(shop.model, [{"part": shop.fan, "position": "U1", "qty": Decimal(2)}, {"part": shop.board, "position": "E3", "qty": Decimal(1)}], **make)
    depot = inventory.ensure_depot(office.branch.pk, name="浦东库", **make)
    inventory.receive(depot, lines=[(shop.fan.pk, Decimal(7), Decimal(1)), (shop.other.pk, Decimal(3), Decimal(1))], **make)
    shop.page = f"/products/{shop.model.pk}/"
    return shop


def picture() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (80, 60), (20, 120, 200)).save(data, "JPEG")
    return SimpleUploadedFile("正面.jpg", data.getvalue(), "image/jpeg")


def test_the_page_tells_parts_by_position_with_stock_and_substitutes(office, client, shop):
    office.sign_in(client, office.keeper)
    page = client.get(shop.page).content.decode()
    for told in ("U1", "E3", "风扇", "F9", "清风电器", EAN, "家电", "空调"):
        assert told in page, told
    assert page.index("E3") < page.index("U1")
    rows = [row for row in page.split("<tr>") if "F1" in row]
    assert '<td class="num">7</td>' in rows[0] and "¥80.00" in rows[0]
    peek = client.get(f"{shop.page}peek/").content.decode()
    assert "风扇" in peek and "清风电器" in peek


def test_the_page_costs_as_many_statements_for_many_parts_as_for_few(admin, office, shop):
    def count() -> int:
        with CaptureQueriesContext(connection) as statements:
            assert admin.get(shop.page).status_code == 200
        return len(statements)

    admin.get(shop.page)
    few = count()
    lines = [{"part": actions.create_part(name=f"件{n}", code=f"N{n}", **office.make), "position": f"{n}", "qty": Decimal(1)} for n in range(12)]
    actions.replace_fittings(queries.get_product(shop.model.pk, SYSTEM), lines, **office.make)
    assert count() <= few <= 27, few


def test_pictures_of_a_model_are_kept_by_editors_and_seen_by_all(office, client, admin, shop):
    files = f"/files/of/products/{shop.model.pk}/"
    assert admin.post(files, {"files": picture(), **key()}).status_code in (200, 302, 303)
    page = admin.get(shop.page).content.decode()
    assert "/thumb" in page and 'width="100%"' in page
    office.sign_in(client, office.clerk)
    assert "/thumb" in client.get(shop.page).content.decode()
    assert client.post(files, {"files": picture(), **key()}).status_code == 403


def test_the_list_of_parts_is_written_whole_and_not_over_another_editor(admin, shop):
    address, product = f"{shop.page}parts/", queries.get_product(shop.model.pk, SYSTEM)
    assert "U1" in admin.get(address).content.decode()
    form = {"version": product.version, "part0_id": shop.fan.pk, "part0": "风扇", "position0": "U2", "qty0": "3", "note0": "左", "part1": "B1", "qty1": "1"}
    assert admin.post(address, form | key())["Location"] == shop.page
    assert [(row.part.code, row.position, row.qty) for row in queries.fittings_of(product.pk)] == [("B1", "", 1), ("F1", "U2", 3)]
    again = admin.post(address, form | key())
    assert again.status_code == 422 and "已被他人修改" in again.content.decode()
    product = queries.get_product(product.pk, SYSTEM)
    twice = {"version": product.version, **{f"{name}{n}": value for n in (0, 1) for name, value in (("part", "F1"), ("position", "A"), ("qty", "1"))}}
    refused = admin.post(address, twice | key())
    assert refused.status_code == 422 and "写了两次" in refused.content.decode()
    assert admin.post(address, {"version": product.version, **{f"part{n}": "" for n in range(3)}, **key()}).status_code == 303
    assert queries.fittings_of(product.pk) == []


def test_parts_are_copied_and_handed_out_as_a_workbook(admin, shop):
    assert admin.post(f"/products/{shop.twin.pk}/parts/copy/", {"source_id": shop.model.pk, "source": "挂机 35", **key()}).status_code == 303
    assert len(queries.fittings_of(shop.twin.pk)) == 2
    refused = admin.post(f"/products/{shop.twin.pk}/parts/copy/", {"source_id": shop.model.pk, "source": "挂机 35", **key()})
    assert refused.status_code == 422 and "没有可复制" in refused.content.decode()
    assert b"".join(admin.get(f"{shop.page}parts.xlsx").streaming_content)[:2] == b"PK"


def test_further_codes_are_added_checked_and_taken_off(admin, shop):
    wrong = admin.post(f"{shop.page}codes/", {"gtin": "6901234567890", **key()})
    assert wrong.status_code == 422 and "校验位" in wrong.content.decode()
    for page in (shop.page, f"/parts/{shop.fan.pk}/"):
        assert admin.post(f"{page}codes/", {"gtin": "6901234567892", "note": "旧包装", **key()})["Location"] == page
        assert "旧包装" in admin.get(page).content.decode()
        assert admin.post(f"{page}codes/remove/", {"gtin": "6901234567892", **key()}).status_code == 303
        assert "旧包装" not in admin.get(page).content.decode()


def test_a_model_typed_twice_is_merged_by_its_page_and_the_old_address_leads_on(office, client, admin, shop):
    address = f"/products/{shop.twin.pk}/merge/"
    assert "合并会改动什么" in admin.get(address).content.decode()
    assert admin.post(address, {"into_id": shop.model.pk, "into": "挂机 35", **key()})["Location"] == shop.page
    assert admin.get(f"/products/{shop.twin.pk}/")["Location"] == shop.page
    assert queries.find_product("挂机35型").pk == shop.model.pk
    page = admin.get(shop.page).content.decode()
    assert "合并产品" in page and "挂机35型" in page
    office.sign_in(client, office.clerk)
    assert client.get(f"{shop.page}merge/").status_code == 403


def test_what_stands_in_the_way_of_merging_is_told_before_anybody_tries(admin, office, shop):
    address = f"/parts/{shop.fan.pk}/merge/"
    page = admin.get(address).content.decode()
    assert "出入库流水" in page and 'class="btn danger"' not in page
    assert "替代件" in page
    refused = admin.post(address, {"into_id": shop.other.pk, "into": "F9", **key()})
    assert refused.status_code == 422 and "出入库流水" in refused.content.decode()
    fault, _m = actions.ensure_code("fault", "不凉", **office.make)
    kept, _m = actions.ensure_code("fault", "不冷", **office.make)
    assert f"/codes/{fault.pk}/merge/" in admin.get(f"/codes/{fault.pk}/edit/").content.decode()
    assert admin.post(f"/codes/{fault.pk}/merge/", {"into_id": kept.pk, "into": "不冷", **key()}).status_code == 303
    spare, _m = actions.ensure_category("冷气", **office.make)
    assert admin.post(f"/categories/{spare.pk}/merge/", {"into_id": shop.air.pk, "into": "空调", **key()})["Location"] == "/categories/"
    assert "冷气" not in admin.get("/categories/").content.decode()


def test_the_tree_counts_and_leads_to_all_that_lies_below(admin, shop):
    page = admin.get("/categories/").content.decode()
    assert page.index("家电") < page.index("空调") and f"/products/?category={shop.home.pk}" in page
    assert "挂机 35" in admin.get(f"/products/?category={shop.home.pk}").content.decode()
    new = admin.get(f"/categories/new/?parent={shop.air.pk}").content.decode()
    assert f'value="{shop.air.pk}" selected' in new
    form = {"name": "家电", "code": shop.home.code, "parent_id": "", "version": shop.home.version}
    refused = admin.post(f"/categories/{shop.home.pk}/edit/", form | key())
    assert refused.status_code == 422 and "下面还有启用的品类" in refused.content.decode()


def test_a_part_tells_what_it_may_stand_for(admin, shop):
    page = admin.get(f"/parts/{shop.other.pk}/").content.decode()
    assert "可替代" in page and "风扇" in page
