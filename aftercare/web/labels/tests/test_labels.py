"""Labels: what stands on them can be read back, from every list and page that offers them."""


import re

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import actions as people
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.web import codes
from aftercare.web.labels import sheets
from aftercare.web.tests.office import PASSWORD, Office, key

SAMPLES = ("A-1", "depot-3-A01", "SJ261130000012", "CMD-UNDO", "6901234567892", "*20")


@pytest.fixture
def supply(db):
    supply = Supply()
    people.create_account(supply.staff["keeper"], password=PASSWORD, **NOW)
    return supply


@pytest.fixture
def keeper(supply, client):
    """The keeper's browser."""
    return Office.sign_in(None, client, supply.staff["keeper"])


def _drawn(svg: str, scale: int):
    """The picture of a code: our SVGs are paths of rectangles, one module a unit."""
    image = pytest.importorskip("PIL.Image")
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    picture = image.new("L", (width * scale, height * scale), 255)
    for x, y, w, h in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", svg):
        x, y, w, h = (int(n) * scale for n in (x, y, w, h))
        picture.paste(0, (x, y, x + w, y + h))
    return picture


def test_both_codes_of_a_label_are_read_back_from_the_picture():
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads codes back; it comes with the group e2e")
    for text in SAMPLES:
        for svg, scale in ((codes.draw_qr(text), 6), (codes.draw_code128(text), 3)):
            assert [one.text for one in zxingcpp.read_barcodes(_drawn(svg, scale))] == [text]
    # Chinese has no bars; its QR code holds.
    assert [one.text for one in zxingcpp.read_barcodes(_drawn(codes.draw_qr("滤芯-1"), 6))] == ["滤芯-1"]


def test_bars_finer_than_the_printer_are_left_out():
    assert sheets.has_bars("BX-001", "40x30") and not sheets.has_bars("X" * 20, "40x30") and sheets.has_bars("X" * 20, "a4")
    assert not sheets.has_bars("滤芯", "a4")


def test_parts_are_picked_in_the_list_and_printed_as_often_as_wished(supply, keeper):
    on = keeper.post("/parts/bulk", {"action": "labels", "pk": [supply.a.pk, supply.b.pk], **key()})
    assert on.status_code == 303
    page = keeper.get(on["Location"]).content.decode()
    assert page.count('class="codelabel"') == 2 and "压缩机" in page and "sheet-codes-40x30" in page and 'aria-label="条码 A-1"' in page
    many = keeper.get(f"{on['Location']}&n-{supply.a.pk}=20&n-{supply.b.pk}=0&size=a4&skip=6").content.decode()
    assert many.count("<article") == 2 and many.count('class="codelabel"></div>') == 6 and many.count('class="codelabel"><svg') == 20
    # The size is kept for the next labels of this browser.
    assert "sheet-codes-a4" in keeper.get(on["Location"]).content.decode()
    assert keeper.get(f"{on['Location']}&n-{supply.a.pk}=900").status_code == 422
    assert keeper.post("/parts/bulk", {"action": "labels", **key()})["Location"] == "/parts/"


def test_a_delivery_brings_a_label_for_each_piece(supply, keeper):
    order, lines = supply.sent((supply.a, 3, "200"), (supply.s, 1, "90"))
    receipt = supply.received(order, (lines[0], 3))
    page = keeper.get(f"/labels/receipts/{receipt.number}/").content.decode()
    assert page.count('class="codelabel"><svg') == 3 and "A-1" in page
    assert f"/labels/receipts/{receipt.number}/" in keeper.get(f"/receipts/{receipt.number}/").content.decode()


def test_a_depot_prints_the_labels_of_its_bins_and_of_itself(supply, keeper):
    inventory.create_place(code="A-01", name="一号", kind="bin", branch_id=None, parent=supply.depot, **NOW)
    page = keeper.get(f"/labels/places/?depot={supply.depot.pk}").content.decode()
    assert page.count('class="codelabel"><svg') == 2 and "A-01" in page and "上海库" in page
    assert keeper.post("/places/bulk", {"pk": supply.depot.pk, **key()})["Location"] == f"/labels/places/?pk={supply.depot.pk}"
    assert supply.away.name not in keeper.get(f"/labels/places/?pk={inventory.ensure_depot(supply.away.pk, **NOW).pk}").content.decode()


def test_commands_and_tags_have_pages(supply, keeper):
    assert "CMD-UNDO" in keeper.get("/labels/commands/").content.decode()
    assert keeper.get("/labels/custody/").status_code == keeper.get("/custody/").status_code
    assert keeper.get("/labels/parts/").status_code == 200
    assert keeper.get(f"/parts/{supply.a.pk}/").content.decode().count("/labels/parts/") == 1
