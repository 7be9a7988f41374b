"""A keeper's way with a scanner through the pages: nothing but Enter, wrong scans loud, booked once."""

import html
import json
import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftercare.domain.cores import actions as cores
from aftercare.domain.custody import actions as custody
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import actions as people
from aftercare.domain.purchasing import actions as purchasing
from aftercare.domain.purchasing import queries
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.web.tests.office import PASSWORD, Office, key

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def supply(db):
    supply = Supply()
    for name in ("keeper", "stranger"):
        people.create_account(supply.staff[name], password=PASSWORD, **NOW)
    return supply


@pytest.fixture
def keeper(supply, client):
    """The keeper's browser."""
    return Office.sign_in(None, client, supply.staff["keeper"])


def state_of(page: str) -> str:
    """What a page carries of the scans so far."""
    return html.unescape(re.search(r'name="state" form="scan-step" value="([^"]*)"', page)[1])


def scans(browser, address, *codes, state="{}", **boxes):
    """The page after these scans; each as the script sends it."""
    page = ""
    for code in codes:
        answer = browser.post(f"{address}step", {"code": code, "state": state, **boxes}, headers=FETCH)
        assert answer.status_code == 200
        page = answer.content.decode()
        state = state_of(page)
    return page, state


def test_a_delivery_is_scanned_in_and_booked_once(supply, keeper):
    order, _lines = supply.sent((supply.a, 3, "200"), (supply.s, 1, "90"))
    opened = keeper.get(f"/scan/?q={order.number.lower()}")
    address = f"/scan/receive/{order.number}/"
    assert opened.status_code == 302 and opened["Location"] == address
    page = keeper.get(address).content.decode()
    assert "0/2" in page
    page, state = scans(keeper, address, "A-1", "2", "S-1", "N-77")
    assert 'data-tone="ok"' in page and "1/2" in page and "N-77" in page
    assert supply.on_hand(supply.a, condition="inspection") == 0
    once = {"state": state, "note": "DN5", **key()}
    first, again = keeper.post(f"{address}finish", once), keeper.post(f"{address}finish", once)
    assert first.status_code == 303 and again["Location"] == first["Location"]
    receipt, = queries.list_receipts(supply.keeper)
    assert receipt.delivery_note == "DN5" and supply.on_hand(supply.a, condition="inspection") == 2


def test_a_wrong_scan_is_loud_and_changes_nothing(supply, keeper):
    order, _lines = supply.sent((supply.a, 3, "200"))
    address = f"/scan/receive/{order.number}/"
    _page, state = scans(keeper, address, "A-1")
    page, after = scans(keeper, address, "B-1", state=state)
    assert after == state and 'data-tone="bad"' in page and 'role="alert"' in page and "不在本单" in page
    # Without script the same stands on a whole page, which says that it was refused.
    plain = keeper.post(f"{address}step", {"code": "B-1", "state": state})
    assert plain.status_code == 422 and "不在本单" in plain.content.decode() and state_of(plain.content.decode()) == state
    page, _state = scans(keeper, address, "B-1", state=state, boxes="1", wrong="on")
    assert "错货" in page and 'data-tone="ok"' in page
    page, _state = scans(keeper, address, "A-1", "-", "2", "A-1", state=state)
    assert 'data-tone="full"' in page and "3/3" in page


def test_a_refused_end_keeps_the_scans_and_an_old_page_books_nothing(supply, keeper):
    order, lines = supply.sent((supply.a, 3, "200"))
    address = f"/scan/receive/{order.number}/"
    _page, state = scans(keeper, address, "A-1", "3")
    supply.received(order, (lines[0], 2))
    refused = keeper.post(f"{address}finish", {"state": state, **key()})
    assert refused.status_code == 422 and state_of(refused.content.decode()) == state and "只要 1" in refused.content.decode()
    gone = keeper.post(f"{address}step", {"state": state, "restore": "1"}, headers=FETCH).content.decode()
    assert "已作废" in gone and json.loads(state_of(gone))["picks"] == []
    for broken in ("x", "[]", '{"picks": [{"qty": "NaN"}]}', '{"picks": 7}'):
        assert keeper.post(f"{address}step", {"code": "A-1", "state": broken}, headers=FETCH).status_code == 422


def test_any_code_tells_what_it_is_and_where(supply, keeper):
    inventory.receive(supply.depot, lines=[(supply.a.pk, D(5), D(4))], **NOW)
    page = keeper.get("/scan/?q=A-1").content.decode()
    assert "压缩机" in page and "上海库" in page
    assert "要放到的货位" not in keeper.get(f"/scan/?q={supply.depot.code}").content.decode()
    missed = keeper.get("/scan/?q=NOWHERE")
    assert missed.status_code == 404 and 'data-tone="bad"' in missed.content.decode()
    assert keeper.get("/scan/").status_code == 200 and keeper.get("/scan/dance/X/").status_code == 404


def test_each_step_costs_few_statements_however_long_the_order(supply, keeper):
    order, _lines = supply.sent(*((supply.a, n + 1, "2") for n in range(12)), (supply.s, 1, "90"))
    address = f"/scan/receive/{order.number}/"
    scans(keeper, address, "A-1")
    with CaptureQueriesContext(connection) as asked:
        scans(keeper, address, "A-1")
    assert len(asked) <= 9


def test_another_branch_scans_nothing_here(supply, client):
    order, _lines = supply.sent((supply.a, 3, "200"))
    stranger = Office.sign_in(None, client, supply.staff["stranger"])
    assert stranger.get(f"/scan/receive/{order.number}/").status_code == 404
    assert stranger.get(f"/scan/?q={order.number}").status_code == 404


def test_a_damaged_and_a_missing_piece_of_a_transfer_are_told_on_the_page(supply, keeper, client):
    inventory.receive(supply.depot, lines=[(supply.a.pk, D(3), D(4))], **NOW)
    transfer = purchasing.request_transfer(from_place=supply.depot, to_place=supply.shelf, lines=[{"part_id": supply.a.pk, "qty": 3}], **supply.act("manager", 1))
    purchasing.ship(transfer, **supply.act("keeper", 1))
    people.create_account(supply.staff["outlet"], password=PASSWORD, **NOW)
    outlet = Office.sign_in(None, Client(), supply.staff["outlet"])
    address = f"/scan/take/{transfer.number}/"
    assert "破损原因" in outlet.get(address).content.decode()
    page, state = scans(outlet, address, "A-1", "!")
    assert 'data-bad="1"' in page and "下一扫记为破损" in page
    page, state = scans(outlet, address, "A-1", state=state, boxes="1", bad="on")
    assert 'data-bad=""' in page and "破损 1" in page and "还差 1" in page
    wrong, after = scans(outlet, address, "B-1", state=state)
    assert after == state and "应扫 压缩机" in wrong
    refused = outlet.post(f"{address}finish", {"state": state, "note": "压坏", **key()})
    assert refused.status_code == 422 and "短少也提交" in refused.content.decode()
    assert outlet.post(f"{address}finish", {"state": state, "note": "压坏", "is_short": "on", **key()}).status_code == 303
    row, = queries.transfer_lots_of(queries.get_transfer(transfer.number, supply.keeper))
    assert (row.received_qty, row.damaged_qty, row.transit_qty, row.reason) == (1, 1, 1, "压坏")


def test_a_tool_opens_its_job_and_prints_its_label_and_a_count_its_page(supply, keeper):
    tool = custody.create_tool(name="万用表", branch_id=supply.head.pk, **NOW)
    opened = keeper.get(f"/scan/?q={tool.number}")
    assert opened["Location"] == f"/scan/give/{tool.number}/"
    assert "请扫领用人工牌" in keeper.get(opened["Location"]).content.decode()
    told = keeper.get(f"/scan/?q={tool.number}&look=1").content.decode()
    assert f"/labels/things/?n={tool.number}" in told
    assert f'aria-label="条码 {tool.number}"' in keeper.get(f"/labels/things/?n={tool.number}&size=a4").content.decode()
    assert keeper.get("/labels/things/?n=GJ9").status_code == 404
    take = inventory.plan_stocktake(supply.depot, scope="parts", parts=[supply.a.pk], **supply.act("keeper"))
    assert f"/stocktakes/{take.number}/count/" in keeper.get(f"/scan/?q={take.number}").content.decode()
    box = cores.open_shipment(branch_id=supply.head.pk, supplier=supply.vendor, **supply.act("keeper"))
    assert keeper.get(f"/scan/?q={box.number}")["Location"] == f"/core-shipments/{box.number}/"
