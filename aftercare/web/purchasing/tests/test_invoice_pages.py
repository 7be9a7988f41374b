"""An invoice and a return through the pages: blocked, explained, released; sent back, credited."""

import re

import pytest

from aftercare.domain.people import actions as people
from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.tests.supply import NOW, Supply
from aftercare.web.tests.office import PASSWORD, Office, key

pytestmark = pytest.mark.django_db


def _text(response) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def test_an_invoice_that_differs_is_explained_and_released(client):
    supply = Supply()
    for name in ("accountant", "manager", "buyer", "keeper"):
        people.create_account(supply.staff[name], password=PASSWORD, **NOW)
    order, (line,) = supply.sent((supply.a, 10, "200"))
    receipt = actions.inspect(supply.received(order, (line, 6)), **supply.act("keeper"))
    accountant = Office.sign_in(None, client, supply.staff["accountant"])
    here = f"/purchase-orders/{order.number}/invoice/"
    assert 'value="6"' in accountant.get(here).content.decode()
    form = {"invoice_on": "2026-03-02", f"qty-{line.pk}": "7", f"price_amount-{line.pk}": "210", f"tax_percent-{line.pk}": "13"}
    assert accountant.post(here, form | key()).status_code == 422
    invoice = accountant.post(here, form | {"invoice_number": "F-7"} | key())["Location"]
    shown = _text(accountant.get(invoice))
    assert "超出验收合格数量" in shown and "单价与订单不符" in shown and "放行前不能付款" in shown
    assert "与订单或到货不符" in _text(accountant.post(f"{invoice}moves/post", key()))
    manager = Office.sign_in(None, client, supply.staff["manager"])
    assert manager.post(f"{invoice}moves/release", {"reason": "已谈妥"} | key()).status_code == 303
    assert "已谈妥" in _text(manager.get(invoice)) and "F-7" in _text(manager.get("/supplier-invoices/"))
    buyer = Office.sign_in(None, client, supply.staff["buyer"])
    came, = queries.receipt_lines_of(receipt)
    form = {"remedy": "credit", f"good_qty-{came.pk}": "9", f"reason-{came.pk}": "噪音大"}
    refused = buyer.post(f"/receipts/{receipt.number}/return/", form | key())
    assert refused.status_code == 422 and "噪音大" in refused.content.decode()
    back = buyer.post(f"/receipts/{receipt.number}/return/", form | {f"good_qty-{came.pk}": "2"} | key())["Location"]
    keeper = Office.sign_in(None, client, supply.staff["keeper"])
    assert keeper.post(f"{back}moves/ship", key()).status_code == 303
    assert keeper.get(f"{back}print/").status_code == 200
    accountant = Office.sign_in(None, client, supply.staff["accountant"])
    assert accountant.post(f"{back}moves/settle", {"credit_number": "红-1", "credit_amount": "452.00"} | key()).status_code == 303
    assert "红-1" in _text(accountant.get(back)) and "东方制冷" in _text(accountant.get("/supplier-returns/?tab=all"))
    for slug in ("supplier-invoices", "supplier-returns"):
        assert b"".join(accountant.get(f"/{slug}/export.xlsx").streaming_content)[:2] == b"PK"
