"""Stock, money and the log, as their keepers see them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries as bills
from aftercare.domain.billing.rules import ChargeLine
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as stock
from aftercare.domain.inventory import queries as inventory
from aftercare.domain.journal import queries as facts
from aftercare.domain.settlement import actions as settlement
from aftercare.domain.settlement import queries as statements
from aftercare.foundation.sources import Source
from aftercare.web.tests.office import SYSTEM, key

# page: most statements it may cost
PAGES = {
    "/stock/": 7, "/stock/?tab=short": 7, "/stock/receive/": 4, "/stock/transfer/": 5, "/stock/count/": 4, "/stock/limits/": 4,
    "/moves/": 6, "/moves/?since=2026-01-01&until=x": 6, "/part-requests/": 5, "/bills/": 6, "/bills/?tab=all": 6,
    "/collections/": 6, "/collections/?day=2026-01-01": 6, "/cash/": 6, "/cash/?print=1": 6, "/unsettled/": 8,
    "/statements/": 6, "/statements/new/": 4, "/accruals/": 6, "/journal/": 6, "/journal/?verb=open&kind=people.role": 6,
    "/deliveries/": 9, "/deliveries/?tab=nonsense": 9,
}  # fmt: skip
EXPORTS = ("stock", "moves", "part-requests", "bills", "collections", "statements", "accruals", "journal")


@pytest.fixture
def depot(office):
    """A store with ten pieces of one part, and an empty van."""
    make = office.make
    here = type("Depot", (), {})()
    here.part = catalog.create_part(name="电容", code="C1", **make)
    here.place = stock.ensure_depot(office.branch.pk, **make)
    here.van = stock.ensure_van(office.engineer.pk, branch_id=office.branch.pk, **make)
    here.moves = stock.receive(here.place, lines=[(here.part.pk, Decimal(10), Decimal(4), "")], **make)
    return here


@pytest.fixture
def bill(office):
    """A final bill of 80 that nobody has paid."""
    source = Source("work.workorder", 1, "WO1")
    lines = [ChargeLine(line="1", kind="labour", name="人工", qty=Decimal(1), price=Decimal(80))]
    billing.set_charges(
        source, lines=lines, branch_id=office.branch.pk, customer_id=None, employee_id=office.engineer.pk, **office.make
    )
    return billing.finalise(source, **office.make)


@pytest.mark.parametrize("address", PAGES)
def test_each_page_answers_within_its_statements(admin, office, depot, bill, address):
    billing.collect(bill, amount=Decimal(30), method="cash", collected_by_id=office.engineer.pk, **office.make)
    settlement.open_statement(office.engineer.pk, dt.date(2026, 10, 1), **office.make)
    admin.get(address)
    with CaptureQueriesContext(connection) as asked:
        response = admin.get(address)
    assert response.status_code == 200
    assert len(asked) <= PAGES[address], f"{address}: {len(asked)}"


@pytest.mark.parametrize("slug", EXPORTS)
def test_registers_are_exported(admin, office, depot, bill, slug):
    billing.collect(bill, amount=Decimal(30), method="cash", collected_by_id=office.engineer.pk, **office.make)
    settlement.open_statement(office.engineer.pk, dt.date(2026, 10, 1), **office.make)
    assert b"".join(admin.get(f"/{slug}/export.xlsx").streaming_content)[:2] == b"PK"


@pytest.mark.parametrize(
    "address", ["/stock/receive/", "/stock/count/", "/statements/new/", "/journal/", "/deliveries/", "/rates/"]
)
def test_a_clerk_has_no_business_there(office, client, address):
    assert office.sign_in(client, office.clerk).get(address).status_code == 403


def _lines(depot, **more):
    return {"part0": "电容", "part0_id": depot.part.pk, "qty0": "3", **more}


def test_goods_are_received_once(admin, depot):
    form = {"place": depot.place.pk, "condition": "good", "memo": "送货单 9", **_lines(depot, cost0="5.00"), **key()}
    assert admin.post("/stock/receive/", form).status_code == 303
    assert admin.post("/stock/receive/", form).status_code == 303
    assert inventory.on_hand(depot.part.pk, depot.place.pk) == 13


def test_a_line_may_be_told_by_its_code(admin, depot):
    form = {"place": depot.place.pk, "condition": "good", "part3": "c1", "part3_id": "", "qty3": "2", **key()}
    assert admin.post("/stock/receive/", form).status_code == 303
    assert inventory.on_hand(depot.part.pk, depot.place.pk) == 12


@pytest.mark.parametrize("wrong", [{"part0": "", "part0_id": ""}, {"qty0": ""}, {"part0": "没有", "part0_id": ""}])
def test_a_receipt_that_says_nothing_is_refused_and_kept(admin, depot, wrong):
    form = {"place": depot.place.pk, "condition": "good", "memo": "送货单 7", **_lines(depot), **wrong, **key()}
    response = admin.post("/stock/receive/", form)
    assert response.status_code == 422
    assert "送货单 7" in response.content.decode()


def test_goods_go_to_the_van_and_not_more_than_there_are(admin, depot):
    form = {"from_place": depot.place.pk, "to_place": depot.van.pk, "memo": ""}
    assert admin.post("/stock/transfer/", form | _lines(depot) | key()).status_code == 303
    refused = admin.post("/stock/transfer/", form | _lines(depot, qty0="99") | key())
    assert refused.status_code == 422
    assert "库存不足" in refused.content.decode()
    assert inventory.on_hand(depot.part.pk, depot.van.pk) == 3


def test_a_count_needs_its_reason(admin, depot):
    form = {"place": depot.place.pk, "reason": "", **_lines(depot, qty0="8", condition0="good")}
    assert admin.post("/stock/count/", form | key()).status_code == 422
    assert admin.post("/stock/count/", form | {"reason": "月末盘点"} | key()).status_code == 303
    assert inventory.on_hand(depot.part.pk, depot.place.pk) == 8


def test_a_booking_is_taken_back_once(admin, depot):
    address = f"/moves/{depot.moves[0].pk}/reverse/"
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"reason": "录错", **key()}).status_code == 303
    assert admin.post(address, {"reason": "又来", **key()}).status_code == 422
    assert inventory.on_hand(depot.part.pk, depot.place.pk) == 0


def test_limits_make_stock_short(admin, depot):
    form = {"place": depot.place.pk, "part": "C1", "part_id": "", "min_qty": "20", "max_qty": "50", **key()}
    assert admin.post("/stock/limits/", form).status_code == 303
    assert "电容" in admin.get("/stock/?tab=short").content.decode()


def test_a_part_request_is_filled(admin, office, depot):
    source = Source("work.workorder", 5, "WO5")
    (row,) = stock.request_parts(
        source=source, branch_id=office.branch.pk, lines=[("1", depot.part.pk, depot.van.pk, Decimal(2))], **office.make
    )
    page = admin.get(f"/part-requests/{row.number}/").content.decode()
    assert "WO5" in page
    assert admin.post(f"/part-requests/{row.number}/moves/fill", key()).status_code == 303
    assert inventory.get_request(row.number, SYSTEM).status == "filled"
    assert admin.post(f"/part-requests/{row.number}/moves/fill", key()).status_code == 409


def test_money_is_collected_handed_over_and_shown_on_the_sheet(admin, office, bill):
    form = {"amount": "50", "method": "cash", **key()}
    assert admin.post(f"/bills/{bill.pk}/collect/", form).status_code == 303
    assert admin.post(f"/bills/{bill.pk}/collect/", form).status_code == 303
    assert admin.post(f"/bills/{bill.pk}/collect/", {"amount": "50", "method": "cash", **key()}).status_code == 422
    row = bills.list_collections(SYSTEM).get()
    assert row.status == "held"
    assert admin.get(f"/bills/{bill.pk}/").status_code == 200
    assert admin.get(f"/collections/{row.number}/").status_code == 200
    sheet = admin.get(f"/cash/?branch={office.branch.pk}").content.decode()
    assert "50.00" in sheet
    assert row.number in admin.get("/unsettled/").content.decode()
    picked = {"action": "remit", "pk": [row.pk], **key()}
    assert admin.post("/collections/bulk", picked).status_code == 303
    assert bills.get_collection(row.number, SYSTEM).status == "remitted"
    assert admin.post("/collections/bulk", {"action": "remit", **key()}).status_code == 422


def test_a_receipt_is_void_with_a_reason_only(admin, office, bill):
    row = billing.collect(bill, amount=Decimal(30), method="cash", collected_by_id=office.engineer.pk, **office.make)
    address = f"/collections/{row.number}/moves/void"
    assert admin.post(address, {"reason": "", **key()}).status_code == 422
    assert admin.post(address, {"reason": "重复", **key()}).status_code == 303
    assert bills.get_collection(row.number, SYSTEM).status == "voided"


def test_a_bill_is_reversed_by_right(admin, office, client, bill):
    assert admin.post(f"/bills/{bill.pk}/moves/reverse_final", {"reason": "开错", **key()}).status_code == 303
    assert bills.get_bill(bill.pk, SYSTEM).status == "reversed"


def test_all_clear_is_said(admin, office):
    assert "全部结清" in admin.get("/unsettled/").content.decode()


def test_an_engineer_reads_and_appeals_his_own_statement(office, client):
    month = dt.date(2026, 9, 1)
    settlement.reward(office.engineer.pk, amount=Decimal(20), reason="客户表扬", day=month, **office.make)
    row = settlement.open_statement(office.engineer.pk, month, **office.make)
    office.sign_in(client, office.engineer)
    page = client.get(f"/statements/{row.number}/").content.decode()
    assert "客户表扬" in page
    assert "一致" in page
    assert client.post(f"/statements/{row.number}/moves/lock", key()).status_code == 403
    assert client.post(f"/statements/{row.number}/moves/appeal", {"reason": "少一单", **key()}).status_code == 303
    assert statements.get_statement(row.number, SYSTEM).appeal == "少一单"
    other = settlement.open_statement(office.keeper.pk, month, **office.make)
    assert client.get(f"/statements/{other.number}/").status_code == 404


def test_a_statement_is_made_adjusted_locked_and_exported(admin, office):
    made = admin.post("/statements/new/", {"employee": office.engineer.pk, "month": "2026-08-15", **key()})
    address = made["Location"]
    assert (
        admin.post(f"{address}adjust/", {"kind": "penalty", "amount": "15", "reason": "迟到", **key()}).status_code
        == 303
    )
    assert "15.00" in admin.get(address).content.decode()
    assert admin.post(f"{address}moves/lock", key()).status_code == 303
    assert admin.post(f"{address}adjust/", {"kind": "reward", "amount": "1", "reason": "x", **key()}).status_code in (
        303,
        422,
    )
    assert b"".join(admin.get(f"{address}export.xlsx").streaming_content)[:2] == b"PK"


def test_the_log_tells_before_and_after(admin, office):
    form = {
        "name": "改名",
        "kind_of": "branch",
        "zone": "Asia/Shanghai",
        "is_active": "on",
        "parent": office.head.pk,
        "version": office.branch.version,
    }
    admin.post("/branches/B1/edit/", form | key())
    fact = facts.list_facts(SYSTEM).filter(kind="people.branch", object_id=office.branch.pk).order_by("-id").first()
    page = admin.get(f"/journal/{fact.pk}/").content.decode()
    assert "浦东中心" in page
    assert "改名" in page
    assert "陈静" in admin.get("/journal/?q=陈静&kind=people.branch").content.decode()


def test_an_auditor_sees_no_log_of_other_branches(office, client):
    office.sign_in(client, office.accountant)
    inside = facts.list_facts(SYSTEM).filter(branch_id=None).order_by("-id").first()
    assert client.get(f"/journal/{inside.pk}/").status_code == 404


def test_a_dead_letter_is_sent_round_again(admin, office):
    from aftercare.domain.journal.models import Delivery

    fact = facts.list_facts(SYSTEM).order_by("-id").first()
    row = Delivery.objects.create(
        fact=fact, reaction="tell_somebody", state="dead", due_at=timezone.now(), error="boom", attempts=9
    )
    assert "boom" in admin.get("/deliveries/").content.decode()
    assert admin.post(f"/deliveries/{row.pk}/revive/", key()).status_code == 303
    assert admin.post(f"/deliveries/{row.pk}/revive/", key()).status_code == 409
    assert facts.count_deliveries()["dead"] == 0
