"""An outlet's bill on its page: the outlet objects, the accountant answers, collects or waives; each sees his buttons only."""

import datetime as dt

import pytest

from aftercare.domain.cores import actions
from aftercare.domain.cores.tests.shop import AT, NOW, SYSTEM, Shop
from aftercare.domain.cores.tests.test_bills import AFTER, NEXT
from aftercare.domain.cores.tests.test_charges import charged
from aftercare.domain.people import actions as people
from aftercare.web.tests.office import PASSWORD, Office, key


@pytest.fixture
def shop(db):
    shop = Shop()
    for name in ("manager", "outlet"):
        people.create_account(shop.staff[name], password=PASSWORD, **NOW)
    return shop


def test_an_outlet_objects_and_the_bill_is_answered_and_collected(shop, client):
    shop.rule()
    core, = shop.use((shop.a, 2), outlet=shop.low)
    charged(shop, NEXT)
    bill, = actions.draw_bills(actor=SYSTEM, at=AT + dt.timedelta(days=AFTER))
    page = f"/core-bills/{bill.number}/"
    outlet = Office.sign_in(None, client, shop.staff["outlet"])
    assert bill.number in outlet.get("/core-bills/?tab=open").text
    shown = outlet.get(page).text
    assert core.number in shown and "扣款时逾期" in shown and "壹佰元整" in shown and "提出异议" in shown and "登记收款" not in shown
    assert outlet.post(f"{page}moves/collect", {"method": "cash", **key()}).status_code in (403, 404, 422)
    assert outlet.post(f"{page}moves/dispute", {"reason": "已寄回", **key()}).status_code == 303
    manager = Office.sign_in(None, client, shop.staff["manager"])
    assert "已寄回" in manager.get(page).text
    assert manager.post(f"{page}moves/answer_dispute", {"reason": "未收到", **key()}).status_code == 303
    assert manager.post(f"{page}moves/collect", {"method": "transfer", "reference": "B-7", **key()}).status_code == 303
    shown = manager.get(page).text
    assert "B-7" in shown and "转账" in shown and "未收到" in shown
