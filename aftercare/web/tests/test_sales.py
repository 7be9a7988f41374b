"""Sales, the part card and substitutes on pages."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as stock
from aftercare.domain.orders import queries as sales
from aftercare.web.tests.office import SYSTEM, key


@pytest.fixture
def depot(office):
    """A store with ten pieces of one part."""
    make = office.make
    here = type("Depot", (), {})()
    here.part = catalog.create_part(name="电容", code="C1", price_amount=Decimal(8), **make)
    here.other = catalog.create_part(name="电容二", code="C2", **make)
    here.place = stock.ensure_depot(office.branch.pk, **make)
    stock.receive(here.place, lines=[(here.part.pk, Decimal(10), Decimal(4), "")], **make)
    return here


def test_a_sale_is_written_handed_out_printed_and_brought_back(admin, office, depot):
    form = {"kind": "retail", "place": depot.place.pk, "customer": "", "part0": "C1", "part0_id": "", "qty0": "2", **key()}
    made = admin.post("/sales/new/", form)
    assert made.status_code == 303, made.content.decode()
    address = made["Location"]
    assert "散客" in admin.get(address).content.decode()
    assert admin.post(f"{address}edit/", {"part0": "C1", "part0_id": "", "qty0": "3", "memo": "x", "version": "1", **key()}).status_code in (303, 422)
    row = sales.get_sale(address.strip("/").split("/")[-1], SYSTEM)
    assert admin.post(f"{address}moves/hand_out", {"amount": f"{row.amount}", "method": "wechat", **key()}).status_code == 303
    line, = sales.lines_of(row)
    page = admin.get(f"{address}back/").content.decode()
    assert f"qty{line.pk}" in page
    assert admin.post(f"{address}back/", {f"qty{line.pk}": "1", "reason": "买错", **key()}).status_code == 303
    assert admin.get(f"{address}print/").status_code == 200
    for page in ("/sales/", "/sales/?tab=all&q=x&kind=paid", "/sales/export.xlsx", "/sales/new/"):
        assert admin.get(page).status_code == 200


def test_the_part_card_tells_all(admin, office, depot):
    product, _new = catalog.ensure_product("空调一号", **office.make)
    card = f"/parts/{depot.part.pk}/"
    assert admin.post(f"{card}pack/", {"name": "盒", "per_qty": "12", "gtin": "4006381333931", **key()}).status_code == 303
    assert admin.post(f"{card}substitute/", {"substitute": "C2", "substitute_id": "", "rank": "1", **key()}).status_code == 303
    assert admin.post(f"{card}fitting/", {"product": "空调一号", "product_id": "", "position": "U12", "qty": "1", **key()}).status_code == 303
    page = admin.get(card).content.decode()
    for word in ("盒", "电容二", "空调一号", "U12", "均价", "采购入库"):
        assert word in page, word
    assert "U12" in admin.get(f"/products/{product.pk}/parts/").content.decode()
    assert admin.post(f"{card}pack/", {"name": "盒", "per_qty": "12", "gtin": "4006381333932", **key()}).status_code == 422
    assert admin.post(f"{card}fitting/", {"product": "空调一号", "product_id": "", "position": "U12", "qty": "", **key()}).status_code == 303
    assert admin.post(f"{card}substitute/", {"substitute": "C2", "substitute_id": "", "is_gone": "on", **key()}).status_code == 303
    assert admin.post(f"{card}pack/", {"name": "盒", "per_qty": "", **key()}).status_code == 303


def test_pictures_belong_to_a_part_and_only_who_keeps_parts_adds_them(office, client, depot, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    card = f"/parts/{depot.part.pk}/"
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    admin = office.sign_in(client, office.admin)
    sent = {"files": SimpleUploadedFile("front.png", picture.getvalue(), "image/png"), **key()}
    assert admin.post(f"/files/of/parts/{depot.part.pk}/", sent)["Location"] == f"{card}#files"
    page = admin.get(card).content.decode()
    assert "/thumb" in page and "front." in page
    clerk = office.sign_in(client, office.clerk)
    picture.seek(0)
    sent = {"files": SimpleUploadedFile("x.png", picture.getvalue(), "image/png"), **key()}
    assert clerk.post(f"/files/of/parts/{depot.part.pk}/", sent).status_code == 403
    assert "/thumb" in clerk.get(card).content.decode()
