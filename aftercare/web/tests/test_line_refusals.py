"""A refusal of a line stands beside the field of that line, and what was typed stays."""

import re
from decimal import Decimal

import pytest

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as stock
from aftercare.domain.parties import actions as parties
from aftercare.web.tests.office import key

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client, office):
    return office.sign_in(client, office.keeper)


@pytest.fixture
def shelf(office):
    make = office.make
    depot = stock.ensure_depot(office.branch.pk, **make)
    parts = [catalog.create_part(code=f"P{n}", name=f"件{n}", is_serial=n == 3, **make) for n in (1, 2, 3)]
    for part in parts[:2]:
        stock.receive(depot, lines=[(part.pk, Decimal(2), Decimal(5))], **make)
    return depot, parts


def told(response):
    """What stands beside which field: {field: its error}."""
    html = response.content.decode()
    found = re.findall(r'<div class="field err"><label[^>]*for="id_(\w+)">.*?<span class="error">([^<]+)</span>', html, re.S)
    return dict(found), html


def test_what_lacks_is_told_beside_the_quantity_of_its_row(keeper, office, shelf):
    depot, (first, second, _serial) = shelf
    van = stock.ensure_van(office.engineer.pk, branch_id=office.branch.pk, **office.make)
    form = {"from_place": depot.pk, "to_place": van.pk, "memo": "急用", "part1": "件1", "part1_id": first.pk, "qty1": "1",
            "part4": "件2", "part4_id": second.pk, "qty4": "7"}  # fmt: skip
    response = keeper.post("/stock/transfer/", form | key())
    errors, html = told(response)
    assert response.status_code == 422 and errors == {"qty4": "可用 2"}
    assert 'value="急用"' in html and 'value="7"' in html and "库存不足" in html


def test_a_serial_number_that_lacks_is_told_in_its_row(keeper, shelf):
    depot, (first, _second, serial) = shelf
    form = {"place": depot.pk, "condition": "good", "memo": "", "part0": "件1", "part0_id": first.pk, "qty0": "1",
            "part2": "件3", "part2_id": serial.pk, "qty2": "1"}  # fmt: skip
    errors, _html = told(keeper.post("/stock/receive/", form | key()))
    assert list(errors) == ["serial2"]


def test_a_quantity_beyond_all_measure_is_told_in_its_row(keeper, shelf):
    depot, (first, second, _serial) = shelf
    form = {"kind": "retail", "place": depot.pk, "part0": "件1", "part0_id": first.pk, "qty0": "1", "part1": "件2", "part1_id": second.pk,
            "qty1": "99999999999"}  # fmt: skip
    errors, html = told(keeper.post("/sales/new/", form | key()))
    assert list(errors) == ["qty1"] and 'value="99999999999"' in html


def test_a_price_that_the_supplier_has_not_told_is_asked_for_in_its_row(client, office, shelf):
    vendor = parties.create_supplier(name="东方", **office.make)
    depot, (first, second, _serial) = shelf
    form = {"supplier": vendor.pk, "place": depot.pk, "exchange_rate": "1", "part0": "件1", "part0_id": first.pk, "qty0": "1", "price_amount0": "3",
            "part3": "件2", "part3_id": second.pk, "qty3": "4"}  # fmt: skip
    errors, _html = told(office.sign_in(client, office.admin).post("/purchase-orders/new/", form | key()))
    assert list(errors) == ["price_amount3"]
