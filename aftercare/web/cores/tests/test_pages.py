"""Old parts through the pages: handed in by scan, boxed, sent, answered, printed; everybody sees what is his."""

import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.cores import actions, queries
from aftercare.domain.cores.tests.shop import NOW, SYSTEM, Shop
from aftercare.domain.people import actions as people
from aftercare.web.tests.office import PASSWORD, Office, key

pytestmark = pytest.mark.django_db
SCAN = "/cores/hand-in/"

# page: most statements it may cost
PAGES = {
    "/cores/": 16, "/cores/?tab=overdue": 16, "/cores/?tab=all&q=压缩机": 16, "/cores/{core}/": 15, "/cores/{core}/tag/": 12, "/cores/tags/?pk=1": 12,
    "/cores/totals/": 12, "/cores/hand-in/": 12, "/cores/{here}/refurbish/": 13, "/core-shipments/": 12, "/core-shipments/new/": 13,
    "/core-shipments/{shipment}/": 13, "/core-shipments/{shipment}/print/": 11, "/core-shipments/{shipment}/edit/": 12, "/core-rules/": 14,
}  # fmt: skip


@pytest.fixture
def shop(db):
    shop = Shop()
    for name in ("keeper", "engineer", "accountant", "manager", "outlet", "stranger"):
        people.create_account(shop.staff[name], password=PASSWORD, **NOW)
    return shop


@pytest.fixture
def enter(shop, client):
    """Signs a person in and gives back the browser."""
    return lambda name: Office.sign_in(None, client, shop.staff[name])


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def fresh(core):
    return queries.get_core(core.pk, SYSTEM)


def test_each_scan_takes_one_in_and_the_list_tells_what_came(shop, enter):
    one, = shop.use((shop.a, 3), order=1)
    two, = shop.use((shop.s, 1, "SN-1"), order=2)
    keeper = enter("keeper")
    scan = {"code": one.number.lower(), "qty": "2"} | key()
    for _twice in range(2):  # the same form sent twice
        assert keeper.post(SCAN, scan).status_code == 303
    assert (fresh(one).status, fresh(one).qty) == ("received", 2)
    assert keeper.post(SCAN, {"code": "sn-1"} | key()).status_code == 303
    page = text(keeper.get(SCAN))
    assert "这一轮 2" in page and one.number in page and two.number in page
    assert keeper.post("/cores/hand-in/new/").status_code == 303
    assert "还没有扫描" in text(keeper.get(SCAN)) and fresh(two).status == "received"


def test_wrong_ones_are_loud_and_taken_only_with_a_reason(shop, enter):
    core, = shop.use((shop.s, 1, "SN-1"))
    keeper = enter("keeper")
    unknown = keeper.post(SCAN, {"code": "NIX"} | key())
    assert 'data-tone="bad"' in unknown.content.decode() and "/sound.js" in unknown.content.decode() and "data-taking" in unknown.content.decode()
    assert unknown.status_code == 422 and 'role="alert"' in unknown.content.decode() and "没有这个标签或序列号：NIX" in text(unknown)
    asked = keeper.post(SCAN, {"code": core.number} | key())
    assert asked.status_code == 422 and "请再扫旧件上的序列号" in text(asked) and f'name="tag" value="{core.number}"' in asked.content.decode()
    wrong = keeper.post(SCAN, {"tag": core.number, "code": "SN-2"} | key())
    assert wrong.status_code == 422 and "应交 SN-1，收到 SN-2" in text(wrong) and fresh(core).status == "owed"
    assert keeper.post(SCAN, {"tag": core.number, "serial": "SN-2", "reason": "标签磨损"} | key()).status_code == 303
    assert (fresh(core).received_serial, fresh(core).mismatch_reason) == ("SN-2", "标签磨损")
    page = text(keeper.get(SCAN))
    assert "序列号不符，已收" in page and "2 次没收成" in page
    again = keeper.post(SCAN, {"code": core.number} | key())
    assert again.status_code == 422 and "不能再收" in text(again)


def test_a_shipment_is_filled_sent_and_answered(shop, enter):
    shop.rule(credit_amount=D("80.00"))
    one, two = shop.received(order=1), shop.received(order=2)
    keeper = enter("keeper")
    made = keeper.post("/core-shipments/new/", {"branch": shop.head.pk, "receiver": "苏州工厂"} | key())
    path = made["Location"]
    for core in (one, two):
        assert keeper.post(path, {"code": core.number} | key()).status_code == 303
    refused = keeper.post(path, {"code": one.number} | key())
    assert refused.status_code == 422 and "已装进寄厂单" in text(refused)
    assert keeper.post(f"{path}remove/{two.number}", key()).status_code == 303
    assert keeper.post(path, {"code": two.number} | key()).status_code == 303
    assert keeper.post(f"{path}moves/post", {"carrier": "顺丰", "tracking_number": ""} | key()).status_code == 422
    assert keeper.post(f"{path}moves/post", {"carrier": "顺丰", "tracking_number": "SF1"} | key()).status_code == 303
    printed = text(keeper.get(f"{path}print/"))
    assert "SF1" in printed and one.number in printed and two.number in printed
    accountant = enter("accountant")
    answer = {f"amount-{one.pk}": "80.00", f"amount-{two.pk}": "0", f"reason-{two.pk}": ""}
    short = accountant.post(f"{path}answer/", answer | key())
    assert short.status_code == 422 and fresh(one).status == "shipped"  # all or nothing
    assert accountant.post(f"{path}answer/", answer | {f"reason-{two.pk}": "人为损坏"} | key()).status_code == 303
    assert (fresh(one).status, fresh(two).status, queries.get_shipment(fresh(one).shipment_id, SYSTEM).status) == ("credited", "refused", "settled")


def test_buttons_do_what_they_say_and_keep_what_was_typed(shop, enter):
    core, = shop.use((shop.a, 1))
    manager = enter("manager")
    assert "免交" in text(manager.get(f"/cores/{core.number}/"))
    assert manager.post(f"/cores/{core.number}/moves/waive", {"reason": "客户留下"} | key()).status_code == 303
    assert manager.post(f"/cores/{core.number}/moves/reclaim", {"reason": "交回"} | key()).status_code == 303
    assert manager.post(f"/cores/{core.number}/moves/receive", {"qty": "1"} | key()).status_code == 303
    typed = manager.post(f"/cores/{core.number}/refurbish/", {"unit_cost": "-1", "condition": "good", "reason": "换绕组"} | key())
    assert typed.status_code == 422 and "换绕组" in typed.content.decode()
    assert manager.post(f"/cores/{core.number}/refurbish/", {"unit_cost": "9.50", "condition": "good"} | key()).status_code == 303
    assert fresh(core).status == "refurbished"


def test_rules_are_set_by_who_may(shop, enter):
    form = {"days": "7", "charge_amount": "50", "blocking": "block", "valid_from": "2026-01-01", "is_returned": "on"}
    assert enter("keeper").post("/core-rules/new/", form | key()).status_code == 403
    manager = enter("manager")
    assert manager.post("/core-rules/new/", form | key()).status_code == 303
    twice = manager.post("/core-rules/new/", form | key())
    assert twice.status_code == 422 and "同样条件的规则" in text(twice)
    rule, = queries.list_rules(SYSTEM)
    assert (rule.days, rule.blocking, rule.is_charge_lifted) == (7, "block", False)
    assert manager.post(f"/core-rules/{rule.pk}/edit/", form | {"days": "9", "version": rule.version} | key()).status_code == 303
    assert queries.get_rule(rule.pk, SYSTEM).days == 9


def test_the_engineer_sees_his_own_on_the_telephone_and_the_outlet_in_its_list(shop, enter):
    own, = shop.use((shop.a, 1), order=1)
    theirs, = shop.use((shop.a, 1), order=2, outlet=shop.low)
    engineer = enter("engineer")
    page = text(engineer.get("/field/cores/"))
    assert own.number in page and "应交 2" in page
    assert "我的旧件" in text(engineer.get("/field/van/"))
    assert engineer.get(SCAN).status_code == 403
    outlet = enter("outlet")
    page = text(outlet.get("/cores/"))
    assert theirs.number in page and own.number not in page
    assert outlet.get(f"/cores/{own.number}/").status_code == 404
    assert "徐汇网点" in text(outlet.get("/cores/totals/"))
    assert own.number not in text(enter("stranger").get("/cores/?tab=all"))


def test_tags_carry_both_codes(shop, enter):
    core, = shop.use((shop.a, 1))
    keeper = enter("keeper")
    picked = keeper.post("/cores/bulk", {"action": "labels", "pk": [core.pk]} | key())
    page = keeper.get(picked["Location"] + "&size=60x40").content.decode()
    assert page.count('class="qr"') == 1 and page.count('class="barcode"') == 1 and core.number in page


def test_pages_cost_few_statements(shop, enter):
    for order in range(1, 4):
        core, = shop.use((shop.a, 1), order=order)
    here = shop.received(order=9)
    shipment = actions.add(actions.open_shipment(branch_id=shop.head.pk, **shop.act("keeper")), core=shop.received(order=8), **shop.act("keeper"))
    shop.rule()
    manager = enter("manager")
    manager.get("/cores/")
    dear = {}
    for path, most in PAGES.items():
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(path.format(core=core.number, here=here.number, shipment=shipment.number)).status_code == 200
        if len(captured) > most:
            dear[path] = len(captured)
    assert dear == {}
