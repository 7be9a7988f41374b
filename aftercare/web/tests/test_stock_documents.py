"""Stock documents, places, periods and past days on pages, as a keeper sees them."""

import datetime as dt
from decimal import Decimal

import pytest

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as stock
from aftercare.domain.inventory import queries as inventory
from aftercare.web.tests.office import SYSTEM, key


@pytest.fixture
def depot(office):
    """A store with a bin, ten pieces of one part."""
    make = office.make
    here = type("Depot", (), {})()
    here.part = catalog.create_part(name="电容", code="C1", **make)
    here.place = stock.ensure_depot(office.branch.pk, **make)
    here.bin = stock.create_place(code="A-01", name="一排一层", kind="bin", branch_id=None, parent=here.place, **make)
    stock.receive(here.place, lines=[stock.ReceiveLine(here.part.pk, Decimal(10), Decimal(4), place_id=here.bin.pk)], **make)
    return here


def test_a_document_is_written_changed_posted_and_printed(admin, office, depot):
    form = {"dated_on": "2026-01-05", "to_place": depot.place.pk, "to_condition": "good", "memo": "到货", "part0": "C1", "part0_id": "",
            "qty0": "2", "bin0": "A-01", "cost0": "5", **key()}
    answer = admin.post("/stock-documents/new/receipt/", form)
    assert answer.status_code == 303, answer.content.decode()
    address = answer["Location"]
    page = admin.get(address).content.decode()
    assert "电容" in page and "A-01" in page and "过账" in page
    assert 'value="C1"' in admin.get(f"{address}edit/").content.decode() or admin.get(f"{address}edit/").status_code == 200
    row = inventory.get_document(address.strip("/").split("/")[-1], SYSTEM)
    assert admin.post(f"{address}edit/", {**form, "version": row.version, "qty0": "3", **key()}).status_code == 303
    assert admin.post(f"{address}moves/post_document", key()).status_code == 303
    assert inventory.on_hand(depot.part.pk, depot.place.pk) == 13
    assert admin.get(f"{address}print/").status_code == 200
    assert admin.post("/stock-documents/new/transfer/", {**form, **key()}).status_code == 422


def test_a_long_document_keeps_all_its_lines_when_edited(admin, office, depot):
    lines = [{"part_id": depot.part.pk, "qty": Decimal(n + 1), "lot": "", "unit_cost": Decimal(4)} for n in range(15)]
    row = stock.open_document(kind="receipt", to_place=depot.place, to_condition="good", dated_on=dt.date(2026, 1, 5), lines=lines,
                              **office.make)
    address = f"/stock-documents/{row.number}/"
    page = admin.get(f"{address}edit/").content.decode()
    assert 'name="qty14"' in page and 'name="qty20"' in page
    form = {"dated_on": "2026-01-05", "to_place": depot.place.pk, "to_condition": "good", "version": row.version,
            **{f"part{n}": "C1" for n in range(15)}, **{f"qty{n}": n + 1 for n in range(15)}, **key()}
    assert admin.post(f"{address}edit/", form).status_code == 303
    assert [line.qty for line in inventory.lines_of(row)] == [Decimal(n + 1) for n in range(15)]


def test_each_page_answers(admin, office, depot):
    pages = ["/stock-documents/", "/stock-documents/?tab=all&q=x&kind=scrap", "/places/", "/places/?tab=bins", "/places/new/",
             f"/places/{depot.place.pk}/", f"/places/{depot.bin.code}/", f"/places/{depot.bin.pk}/edit/", f"/places/{depot.bin.pk}/home/",
             "/stock/periods/", "/stock/periods/close/", f"/stock/rules/{office.branch.number}/", "/stock/day/",
             f"/stock/day/?day=2026-12-01&place={depot.place.pk}&part=C1",
             *(f"/stock-documents/new/{kind}/" for kind in ("receipt", "issue", "transfer", "scrap", "state"))]  # fmt: skip
    assert {page: admin.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    for name in ("stock-documents", "places", "stock/day"):
        assert admin.get(f"/{name}/export.xlsx").status_code == 200
    later = dt.date.today() + dt.timedelta(days=400)
    assert "A-01" in admin.get(f"/stock/day/?day={later}").content.decode() or "一排一层" in admin.get(f"/stock/day/?day={later}").content.decode()


def test_a_place_is_made_and_a_part_gets_its_home(admin, office, depot):
    made = admin.post("/places/new/", {"code": "A-02", "name": "二层", "kind": "bin", "parent": depot.place.pk, **key()})
    assert made.status_code == 303
    assert admin.post(f"{made['Location']}home/", {"part": "C1", "part_id": "", **key()}).status_code == 303
    assert inventory.home_bins([depot.part.pk], depot.place.pk)[depot.part.pk].code == "A-02"
    assert admin.post(f"/places/{depot.bin.pk}/edit/", {"name": "x", "position": "1", **key()}).status_code == 422
    closed = admin.post("/stock/periods/close/", {"branch": "", "closed_to": "2025-12-31", **key()})
    assert closed.status_code == 303
    assert admin.post("/stock/periods/close/", {"branch": "", "closed_to": "2025-12-31", **key()}).status_code == 422
    rule = {"two_person_amount": "10.00", "back_days": "1", **key()}
    assert admin.post(f"/stock/rules/{office.branch.number}/", rule).status_code == 303
    assert inventory.rule_of(office.branch.pk).two_person_amount == 10
