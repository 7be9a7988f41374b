"""The way of a part through the pages: proposed, asked for, approved, ordered, received, inspected."""

import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import actions as people
from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.foundation.sources import Source
from aftercare.web.tests.office import PASSWORD, Office, key

pytestmark = pytest.mark.django_db

# page: most statements it may cost
PAGES = {
    "/suppliers/": 12, "/suppliers/new/": 12, "/suppliers/{vendor}/": 14, "/suppliers/{vendor}/edit/": 12, "/supplier-prices/": 12,
    "/supplier-prices/new/": 12, "/approval-levels/": 12, "/approval-levels/new/": 12, "/tolerances/": 13, "/tolerances/new/": 12,
    "/purchase-requests/": 14, "/purchase-requests/new/": 13, "/purchase-requests/{request}/": 15, "/purchase-requests/{request}/cut/": 13,
    "/purchase-requests/?q=压缩机&tab=all": 14, "/to-buy/": 13, "/reorder/": 20, "/purchase-orders/": 14, "/purchase-orders/?tab=late": 14,
    "/purchase-orders/new/": 14, "/purchase-orders/{order}/": 17, "/purchase-orders/{order}/amend/": 13, "/purchase-orders/{order}/receive/": 13,
    "/purchase-orders/{order}/print/": 13, "/receipts/": 14, "/receipts/{receipt}/": 15, "/receipts/{receipt}/inspect/": 13,
    "/receipts/{receipt}/print/": 13,
}  # fmt: skip
EXPORTS = ("suppliers", "supplier-prices", "approval-levels", "tolerances", "purchase-requests", "purchase-orders", "receipts")


@pytest.fixture
def supply(db):
    supply = Supply()
    for name in ("buyer", "keeper", "manager", "outlet"):
        people.create_account(supply.staff[name], password=PASSWORD, **NOW)
    return supply


@pytest.fixture
def enter(supply, client):
    """Signs a person in and gives back the browser."""
    return lambda name: Office.sign_in(None, client, supply.staff[name])


def _text(response) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def test_a_part_is_bought_through_the_pages(supply, enter):
    supply.price(supply.a, "200", pack_qty=D(5))
    inventory.set_limits(supply.depot, part_id=supply.a.pk, min_qty=D(3), max_qty=D(8), **NOW)
    keeper = enter("keeper")
    assert "压缩机" in _text(keeper.get("/reorder/"))
    picked = {"pick": [f"{supply.depot.pk}-{supply.a.pk}"]}
    assert keeper.post("/reorder/request", picked | key()).status_code == 303
    assert keeper.post("/reorder/request", picked | key()).status_code == 303
    request, = queries.list_requests(supply.keeper)
    assert "没有需要补货的配件" in _text(keeper.get("/reorder/"))
    assert keeper.post(f"/purchase-requests/{request.number}/moves/submit", key()).status_code == 303
    assert "批准" not in _text(keeper.get(f"/purchase-requests/{request.number}/"))
    manager = enter("manager")
    line, = queries.request_lines_of(request)
    refused = manager.post(f"/purchase-requests/{request.number}/cut/", {f"qty-{line.pk}": "99", "reason": "少买"} | key())
    assert refused.status_code == 422 and "批准数量不能多于申请数量" in refused.content.decode() and "少买" in refused.content.decode()
    assert manager.post(f"/purchase-requests/{request.number}/cut/", {f"qty-{line.pk}": "5", "reason": "少买"} | key()).status_code == 303
    buyer = enter("buyer")
    assert buyer.post("/to-buy/order", {"pick": [line.pk]} | key()).status_code == 422
    made = buyer.post("/to-buy/order", {"pick": [line.pk], "supplier": supply.vendor.pk} | key())
    order, = queries.list_orders(supply.buyer)
    assert made["Location"] == f"/purchase-orders/{order.number}/"
    assert buyer.post(f"{made['Location']}moves/send", key()).status_code == 303
    keeper = enter("keeper")
    line, = queries.lines_of(order)
    form = {f"qty-{line.pk}": "6", f"noted_qty-{line.pk}": "6", "delivery_note": "DN9"}
    refused = keeper.post(f"{made['Location']}receive/", form | key())
    assert refused.status_code == 422 and "DN9" in refused.content.decode() and "超出订购数量" in refused.content.decode()
    received = keeper.post(f"{made['Location']}receive/", form | {"keep_excess": "on"} | key())
    assert received.status_code == 303
    receipt, = queries.list_receipts(supply.keeper)
    first = queries.receipt_lines_of(receipt)[0]
    judge = {f"rejected_qty-{first.pk}": "1", f"remedy-{first.pk}": "replace"}
    assert keeper.post(f"{received['Location']}inspect/", judge | key()).status_code == 422
    assert keeper.post(f"{received['Location']}inspect/", judge | {f"reason-{first.pk}": "破损"} | key()).status_code == 303
    assert supply.on_hand(supply.a) == 4
    assert "破损" in _text(keeper.get(received["Location"]))


def test_each_page_answers_within_its_statements(supply, enter):
    supply.price(supply.a, "200")
    inventory.set_limits(supply.depot, part_id=supply.b.pk, min_qty=D(3), max_qty=D(8), **NOW)
    waiting = actions.submit(actions.create_request(place=supply.depot, lines=[{"part_id": supply.a.pk, "qty": 1}], **supply.act("keeper")),
                             **supply.act("keeper"))
    supply.approved((supply.b, 2, "3"))
    order, lines = supply.sent((supply.a, 3, "200"), (supply.b, 3, "2"))
    receipt = supply.received(order, (lines[0], 2))
    names = {"vendor": supply.vendor.number, "request": waiting.number, "order": order.number, "receipt": receipt.number}
    manager = enter("manager")
    manager.get("/suppliers/")
    dear = {}
    for address, most in PAGES.items():
        with CaptureQueriesContext(connection) as asked:
            response = manager.get(address.format(**names))
        assert response.status_code == 200, address
        if len(asked) > most:
            dear[address] = len(asked)
    assert dear == {}
    for slug in EXPORTS:
        assert b"".join(manager.get(f"/{slug}/export.xlsx").streaming_content)[:2] == b"PK"


def _sent_back(page: str) -> dict[str, str]:
    """What a browser would send of that page's form, untouched."""
    fields = {}
    for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not name[1].startswith(("csrf", "idempotency")):
            fields[name[1]] = value[1] if value else ""
    return fields


@pytest.mark.parametrize("paper", ["purchase-requests", "purchase-orders"])
def test_a_long_draft_keeps_all_its_lines_and_their_papers_when_edited(supply, enter, paper):
    buyer = enter("buyer")
    lines = [{"part_id": (supply.a, supply.b)[n % 2].pk, "qty": n + 1, "price_amount": D("1.5")} for n in range(30)]
    act = supply.act("buyer")
    if paper == "purchase-requests":
        lines[29] |= {"source": Source("work.workorder", 7, "WO7")}
        lines[27] |= {"source": Source("work.workorder", 8, "WO8")}
        row = actions.create_request(place=supply.depot, lines=lines, **act)
        read = queries.request_lines_of
    else:
        row, read = actions.create_order(supplier=supply.vendor, place=supply.depot, lines=lines, **act), queries.lines_of
    told = [(line.part_id, line.qty, getattr(line, "source_number", "")) for line in read(row)]
    address = f"/{paper}/{row.number}/edit/"
    with CaptureQueriesContext(connection) as asked:
        page = buyer.get(address).content.decode()
    assert 'name="qty35"' in page and len(asked) <= 20
    with CaptureQueriesContext(connection) as asked:
        assert buyer.post(address, _sent_back(page) | {"remark": "x", "version": row.version} | key()).status_code == 303
    assert [(line.part_id, line.qty, getattr(line, "source_number", "")) for line in read(row)] == told
    assert queries.list_orders(supply.buyer).count() + queries.list_requests(supply.buyer).count() == 1
    # The form of the next paper is short again.
    assert 'name="qty8"' not in buyer.get(f"/{paper}/new/").content.decode()


def test_forms_keep_what_was_typed_and_make_rows(supply, enter):
    buyer = enter("buyer")
    new = {"name": "北方配件", "currency": "CNY", "tax_percent": "13", "lead_days": "3", "payment_days": "30", "is_active": "on"}
    assert buyer.post("/suppliers/new/", new | {"name": "东方制冷"} | key()).status_code == 422
    made = buyer.post("/suppliers/new/", new | key())
    assert made.status_code == 303
    assert buyer.post(f"{made['Location']}edit/", new | {"remark": "月结", "version": "1"} | key()).status_code == 303
    assert "月结" in _text(buyer.get(made["Location"]))
    price = {"supplier": supply.vendor.pk, "part": "压缩机", "part_id": supply.a.pk, "price_amount": "0.0125", "pack_qty": "1", "min_qty": "0",
             "valid_from": "2026-01-01"}
    assert buyer.post("/supplier-prices/new/", price | key()).status_code == 303
    assert "供应商这个配件" in buyer.post("/supplier-prices/new/", price | key()).content.decode()
    draft = {"supplier": supply.vendor.pk, "place": supply.depot.pk, "part0": "压缩机", "part0_id": supply.a.pk, "qty0": "4"}
    made = buyer.post("/purchase-orders/new/", draft | key())
    assert made.status_code == 303
    assert buyer.get(f"{made['Location']}edit/").status_code == 200
    changed = {"part0": "压缩机", "part0_id": supply.a.pk, "qty0": "5", "price_amount0": "0.02", "remark": "急", "version": "1"}
    assert buyer.post(f"{made['Location']}edit/", changed | key()).status_code == 303
    order, = queries.list_orders(supply.buyer)
    assert (order.net_amount, order.remark) == (D("0.10"), "急")
    assert buyer.get("/approval-levels/new/").status_code == 403
    manager = enter("manager")
    level = {"name": "小额", "up_to_amount": "1000", "right": "purchasing.approve", "valid_from": "2026-01-01"}
    assert manager.post("/approval-levels/new/", level | key()).status_code == 303
    assert manager.post("/tolerances/new/", {"over_percent": "5", "price_percent": "1", "price_amount": "0", "valid_from": "2026-01-01"} | key()).status_code == 303
    assert manager.post(f"/purchase-orders/{order.number}/moves/send", key()).status_code == 303
    line, = queries.lines_of(order)
    amend = {"reason": "加量", f"qty-{line.pk}": "8", f"price_amount-{line.pk}": "0.02"}
    assert manager.post(f"/purchase-orders/{order.number}/amend/", amend | key()).status_code == 303
    assert queries.get_order(order.pk, supply.buyer).revision == 1
    outlet = enter("outlet")
    asked = {"place": supply.shelf.pk, "part0": "滤网", "part0_id": supply.b.pk, "qty0": "2", "price_amount0": "1"}
    made = outlet.post("/purchase-requests/new/", asked | key())
    assert made.status_code == 303 and outlet.get(made["Location"]).status_code == 200
    assert outlet.get("/purchase-orders/").status_code == 403


def test_several_wrong_parts_are_set_apart_and_half_a_line_is_told(supply, enter):
    order, (line,) = supply.sent((supply.a, 2, "2"))
    keeper = enter("keeper")
    page = f"/purchase-orders/{order.number}/receive/"
    half = {f"qty-{line.pk}": "2", "wrong_part": "B-1", "wrong_part_id": ""}
    refused = keeper.post(page, half | key())
    assert refused.status_code == 422 and "错货要填配件和数量" in refused.content.decode()
    sent = half | {"wrong_qty": "3", "wrong_part2": "B-1", "wrong_part2_id": "", "wrong_qty2": "1"}
    assert keeper.post(page, sent | key()).status_code == 303
    receipt, = queries.list_receipts(supply.keeper)
    assert [(row.part.code, row.qty, row.kind_of) for row in queries.receipt_lines_of(receipt)] == [
        ("A-1", 2, "ordered"), ("B-1", 3, "wrong"), ("B-1", 1, "wrong")]
