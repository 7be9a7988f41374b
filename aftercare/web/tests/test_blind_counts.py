"""While a place is counted blind its counters read no quantity of it: list, workbook, part card, place, API, telephone; and count by scan."""

import io
import zipfile
from decimal import Decimal as D

import pytest
from django.test import Client

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as staff
from aftercare.flows import propose_supply, scan_count
from aftercare.foundation import clock
from aftercare.reports import slow_movers
from aftercare.web.tests.office import SYSTEM, key

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def van(office):
    """The engineer's van: 4711 of one part, a serial number of another; and a depot with 8123 of the first."""
    make = office.make
    here = type("Van", (), {})()
    here.part = catalog.create_part(name="电容", code="C1", **make)
    here.serial = catalog.create_part(name="主板", code="S1", is_serial=True, **make)
    here.place = inventory.ensure_van(office.engineer.pk, branch_id=office.branch.pk, **make)
    here.depot = inventory.ensure_depot(office.branch.pk, **make)
    inventory.receive(here.place, lines=[(here.part.pk, D(4711), D(4)), inventory.ReceiveLine(here.serial.pk, D(1), D(90), "SN-1")], **make)
    inventory.receive(here.depot, lines=[(here.part.pk, D(8123), D(4))], **make)
    inventory.set_count_rule(office.branch.pk, is_own_count=True, recount_percent=None, recount_amount=None, **make)
    return here


def at(who):
    return {"actor": staff.actor_for(who), "at": clock.now()}


def told(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:800]
    if answer.streaming:
        sheet = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        return " ".join(sheet.read(name).decode() for name in sheet.namelist())
    return answer.content.decode().replace(",", "")


def test_the_engineer_reads_no_quantity_of_his_van_while_he_counts_it_and_all_of_it_before_and_after(office, van, admin):
    engineer = office.sign_in(Client(), office.engineer)
    pages = ("/field/van/", "/stock/?tab=all", "/stock/export.xlsx", f"/parts/{van.part.pk}/", f"/places/{van.place.pk}/", "/scan/?q=C1&look=1",
             f"/stock/day/?day={clock.local_day(clock.now(), 'Asia/Shanghai').isoformat()}")
    seen = [page for page in pages if "4711" in told(engineer, page)]
    assert {"/field/van/", "/stock/?tab=all", "/stock/export.xlsx", f"/parts/{van.part.pk}/", "/scan/?q=C1&look=1"} <= set(seen)
    take = inventory.plan_stocktake(van.place, scope="whole", **at(office.keeper))
    for page in seen:
        text = told(engineer, page)
        assert "4711" not in text, page
        assert "盘点中" in text or page.startswith("/stock/day/"), page
        assert "4711" in told(admin, page) or page.startswith("/field/"), "who approves reads it"
    order = f"/field/counts/{take.number}/"
    assert "4711" not in told(engineer, order)
    for sort in ("on_hand_qty", "-on_hand_qty"):
        assert "盘点中" in told(engineer, f"/stock/?tab=all&sort={sort}")
    assert stock.seen_free([van.part.pk], [van.place.pk], staff.actor_for(office.engineer)) == {(van.part.pk, van.place.pk): None}
    inventory.cancel_stocktake(take, reason="改期", **at(office.keeper))
    assert all("4711" in told(engineer, page) for page in seen)


def test_who_may_approve_reads_it_until_he_counts_some_of_it_himself(office, van):
    keeper = office.sign_in(Client(), office.keeper)
    take = inventory.plan_stocktake(van.depot, scope="whole", **at(office.keeper))
    assert "8123" in told(keeper, "/stock/?tab=all")
    inventory.record_counts(take, lines=[(van.part.pk, D(1))], **at(office.keeper))
    text = told(keeper, "/stock/?tab=all")
    assert "8123" not in text and "4711" in text, "the van is not counted"
    # Of a count of some parts only these are hidden.
    inventory.cancel_stocktake(take, reason="改期", **at(office.keeper))
    assert "8123" in told(keeper, "/stock/?tab=all")


def test_what_is_proposed_to_buy_and_what_lies_idle_leave_out_what_the_reader_counts(office, van):
    inventory.set_limits(van.depot, part_id=van.part.pk, min_qty=D(9000), max_qty=D(10000), **office.make)
    today = clock.local_day(clock.now(), "Asia/Shanghai")

    def proposed(who):
        return [one.part.code for one in propose_supply.propose(**at(who)) if one.place.pk == van.depot.pk]

    def idle(who):
        return {one.part.code: one.qty for one in slow_movers.calculate(staff.actor_for(who), today=today, days=0, place_id=van.depot.pk)}

    assert proposed(office.admin) == proposed(office.keeper) == ["C1"] and idle(office.admin) == {"C1": 8123}
    take = inventory.plan_stocktake(van.depot, scope="whole", **at(office.keeper))
    inventory.record_counts(take, lines=[(van.part.pk, D(1))], **at(office.admin))
    assert proposed(office.admin) == [] and idle(office.admin) == {}
    assert proposed(office.keeper) == ["C1"], "he may approve and has counted nothing"
    inventory.cancel_stocktake(take, reason="改期", **at(office.keeper))
    assert proposed(office.admin) == ["C1"] and idle(office.admin) == {"C1": 8123}


def test_the_api_tells_null(office, van):
    actor = staff.actor_for(office.engineer)
    inventory.plan_stocktake(van.place, scope="parts", parts=[van.part.pk], **at(office.keeper))
    rows = {(row.part.code): (row.is_counting, row.seen_qty, row.held_qty, row.left_qty) for row in stock.seen_balances(actor)}
    assert rows == {"C1": (True, None, None, None), "S1": (False, 1, 0, 1)}
    client = office.sign_in(Client(), office.engineer)
    items = client.get("/api/v1/stock").json()["items"]
    assert {row["part"]: (row["is_counting"], row["on_hand_qty"]) for row in items} == {"C1": (True, None), "S1": (False, "1.000")}
    assert client.get("/api/v1/stocktakes?mine=true").json()["items"][0]["place"] == van.place.code


def test_the_engineer_counts_his_van_by_scanning_on_his_telephone(office, van):
    engineer = office.sign_in(Client(), office.engineer)
    take = inventory.plan_stocktake(van.place, scope="whole", **at(office.keeper))
    here = f"/field/counts/{take.number}/"
    assert here in told(engineer, "/field/") and "待盘 2 行" in told(engineer, "/field/van/")
    where = {"last": "", "waits": ""}

    def scan(code, **more):
        nonlocal where
        answer = engineer.post(here, {"what": "scan", "code": code, **where, **more, **key()})
        if answer.status_code == 303:
            page = told(engineer, answer["Location"])
            where = {name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("last", "waits")}
        return answer

    for code, said in (("C1", "电容 × 1"), ("C1", "电容 × 2"), ("4000", "电容 × 4000"), ("C1", "电容 × 4001"), ("S1", "请扫序列号"), ("SN-1", "主板 SN-1 × 1")):
        answer = scan(code)
        assert answer.status_code == 303, answer.content.decode()
        assert said in told(engineer, answer["Location"])
    before = stock.own_counts(take, staff.actor_for(office.engineer))
    for wrong in ("NOWHERE", take.number, "-3"):
        refused = scan(wrong)
        assert refused.status_code == 422 and 'data-tone="bad"' in refused.content.decode()
    assert stock.own_counts(take, staff.actor_for(office.engineer)) == before
    done = engineer.post(f"{here}finish", key())
    assert done.status_code == 303 and done["Location"] == "/field/van/"
    assert stock.get_stocktake(take.number, SYSTEM).status == "submitted"
    assert "等待审核" in told(engineer, here)


def test_a_van_of_somebody_else_and_a_rule_against_it(office, van):
    engineer = office.sign_in(Client(), office.engineer)
    other = inventory.plan_stocktake(van.depot, scope="whole", **at(office.keeper))
    assert engineer.get(f"/field/counts/{other.number}/").status_code == 404
    take = inventory.plan_stocktake(van.place, scope="whole", **at(office.keeper))
    inventory.set_count_rule(office.branch.pk, is_own_count=False, **office.make)
    assert "不允许自己盘点" in told(engineer, f"/field/counts/{take.number}/")
    left = engineer.post(f"/field/counts/{take.number}/", {"what": "scan", "code": "C1", **key()})
    assert left.status_code == 403
    inventory.set_count_rule(office.branch.pk, is_own_count=True, **office.make)
    refused = engineer.post(f"/field/counts/{take.number}/finish", key())
    assert refused.status_code == 422 and "还有 2 行没有盘" in refused.content.decode()
    assert engineer.post(f"/field/counts/{take.number}/finish", {"rest_is_zero": "1", **key()}).status_code == 303


def test_a_pack_counts_its_pieces_and_a_bin_is_where_one_stands(office, van):
    take = inventory.plan_stocktake(van.depot, scope="whole", **at(office.keeper))
    inventory.create_place(code="A-01", name="一号", kind="bin", branch_id=None, parent=van.depot, **office.make)
    who = at(office.keeper)
    heard = scan_count.take(take, "a-01", where=scan_count.Counting(), **who)
    assert (heard.tone, heard.now.bin) == ("ask", "A-01")
    heard = scan_count.take(take, "C1", where=heard.now, **who)
    line = stock.stocktake_lines(take).get(position=heard.now.last)
    assert (line.place.code, line.is_unexpected) == ("A-01", True)
    heard = scan_count.take(take, "C1", where=heard.now, qty=D(7), **who)
    assert heard.said.endswith("× 7")
    assert scan_count.take(take, "C1", where=heard.now, qty=D(2), adds=True, **who).said.endswith("× 9")
