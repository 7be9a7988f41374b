"""Orders on pages: who sees what, what a page costs, what a refusal leaves in place."""

import json
import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.journal import queries as journal
from aftercare.domain.orders import actions as sales
from aftercare.domain.orders import queries as sales_queries
from aftercare.domain.work import queries
from aftercare.flows import telling
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.web.work.tests import cast

pytestmark = pytest.mark.django_db
MOST = json.loads((Path(__file__).parent / "data" / "pages.json").read_text(encoding="utf-8"))
SYSTEM = Actor.system("test")


@pytest.fixture
def company():
    return cast.found()


def post(client, url, **data):
    return client.post(url, {"idempotency_key": uuid.uuid4().hex, **data})


@pytest.mark.parametrize(
    ("name", "orders", "board", "contacts"),
    [
        ("clerk", 200, 403, 200), ("dispatcher", 200, 200, 200), ("wang", 200, 403, 200), ("keeper", 200, 403, 403),
        ("auditor", 200, 403, 200), ("caller", 200, 403, 200),
    ],
)  # fmt: skip
def test_each_role_opens_what_it_may(company, name, orders, board, contacts):
    client = company.client(name)
    assert [client.get(url).status_code for url in ("/orders/", "/board/", "/contacts/")] == [orders, board, contacts]


def test_strangers_are_sent_to_sign_in(client, db):
    assert client.get("/orders/").status_code == 302


def test_an_engineer_sees_his_own_orders_only(company):
    order = company.register()
    company.move(order, "dispatch", "dispatcher", engineer="A002")
    assert company.client("wang").get(f"/orders/{order.number}/").status_code == 200
    for page in ("", "peek/", "print/dispatch/", "parts"):
        assert company.client("zhao").get(f"/orders/{order.number}/{page}").status_code == 404


@pytest.mark.parametrize("page", sorted(MOST))
def test_pages_stay_within_their_statements(company, page):
    for i in range(12):
        order = company.register(phone=f"138000011{i:02d}", serial=f"SN{i:06d}")
    order = company.move(order, "dispatch", "dispatcher", engineer="A002")
    contact = queries.get_order(order.number, SYSTEM).contact_number
    client = company.client("dispatcher")
    url = page.replace("ORDER", order.number).replace("CONTACT", contact)
    headers = {"X-Requested-With": "fetch"} if page.endswith("peek/") else {}
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url, headers=headers).status_code == 200
    assert len(seen) <= MOST[page], "\n".join(q["sql"][:160] for q in seen)


def test_htmx_gets_the_list_alone(company):
    company.register()
    answer = company.client("clerk").get("/orders/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer and "WO" in answer


def test_a_whole_number_is_found_in_whichever_tab(company):
    order = company.register()
    company.move(order, "cancel", "dispatcher", reason="重复登记")
    client = company.client("clerk")
    assert order.number not in client.get("/orders/").content.decode()
    assert order.number in client.get(f"/orders/?q={order.number}").content.decode()


def test_the_deadline_sorts_with_unlimited_orders_at_the_end(company):
    company.register()
    company.register(phone="13800002222")
    answer = company.client("clerk").get("/orders/?sort=due_at")
    assert answer.status_code == 200 and 'aria-sort="ascending"' in answer.content.decode()


def test_the_story_runs_on_buttons(company):
    order = company.register()
    address = f"/orders/{order.number}/"
    steps = [
        ("dispatcher", "dispatch", {"engineer": "A002"}), ("wang", "accept", {}), ("wang", "arrive", {}),
        ("wang", "complete", {"findings": "更换电容", "result": "fixed", "minutes": "40", "signed_name": "林晓燕"}),
        ("auditor", "inspect", {}), ("auditor", "audit", {}),
    ]  # fmt: skip
    for name, move, data in steps:
        answer = post(company.client(name), f"{address}moves/{move}", **data)
        assert (answer.status_code, answer["Location"]) == (303, address), (move, answer.content.decode()[:2000])
    assert queries.get_order(order.number, SYSTEM).status == "audited"
    assert company.client("clerk").get(address).status_code == 200


def test_a_refused_move_keeps_what_was_typed(company):
    order = company.register()
    company.move(order, "dispatch", "dispatcher", engineer="A002")
    company.move(order, "accept", "wang")
    company.move(order, "arrive", "wang")
    answer = post(company.client("wang"), f"/orders/{order.number}/moves/complete", findings="", result="fixed",
                  solution="换了一个电容")  # fmt: skip
    assert answer.status_code == 422 and "换了一个电容" in answer.content.decode()


def test_a_move_that_is_not_his_is_refused(company):
    order = company.register()
    assert post(company.client("caller"), f"/orders/{order.number}/moves/cancel", reason="试试").status_code == 403
    assert post(company.client("clerk"), f"/orders/{order.number}/moves/nothing").status_code == 404


def test_lines_store_on_change_and_tell_what_is_reserved(company):
    order = company.register()
    client = company.client("clerk")
    url = f"/orders/{order.number}/lines"
    assert "占用 2" in post(client, url, name="压缩机电容", qty="2", price="68").content.decode()
    line = queries.materials_of(order).get()
    refused = post(client, url, line=line.pk, qty="many", price="70.5").content.decode()
    assert "many" in refused and "70.5" in refused
    assert queries.materials_of(order).get().price_amount == line.price_amount
    assert 'role="alert"' in post(client, url, line=line.pk, qty="9", price="68").content.decode()
    unexplained = post(client, url, line=line.pk, qty="2", price="68", free="on").content.decode()
    assert "免费原因" in unexplained and not queries.materials_of(order).get().is_free
    post(client, url, line=line.pk, qty="2", price="68", free="on", free_reason="质量问题")
    assert queries.materials_of(order).get().is_free
    post(client, url, delete=line.pk)
    assert not queries.materials_of(order).exists()


def test_an_unknown_part_keeps_what_was_typed(company):
    order = company.register()
    answer = post(company.client("clerk"), f"/orders/{order.number}/lines", name="没有的零件", qty="3").content.decode()
    assert "没有的零件" in answer and 'role="alert"' in answer


def test_parts_are_offered_with_their_stock(company):
    order = company.register()
    rows = company.client("clerk").get(f"/orders/{order.number}/parts?q=电容").json()["rows"]
    assert rows[0]["fill"] == {"code": "P-10032", "price": "68.00"} and "5" in rows[0]["hint"]


def test_the_telephone_is_masked_and_a_look_is_recorded(company):
    order = company.register()
    client = company.client("clerk")
    assert "13800001111" not in client.get(f"/orders/{order.number}/").content.decode()
    assert post(client, f"/orders/{order.number}/unmask").json() == {"text": "13800001111"}
    assert journal.list_facts(SYSTEM).filter(verb="parties.customer.unmask").count() == 1
    answer = company.client("keeper").post(f"/orders/{order.number}/unmask", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 403 and answer.json()["detail"]


def test_many_orders_each_get_their_own_answer(company):
    first, second = company.register(), company.register(phone="13800002222")
    for order in (first, second):
        company.move(order, "dispatch", "dispatcher", engineer="A002")
    company.move(first, "accept", "wang")
    company.move(first, "arrive", "wang")
    company.move(first, "complete", "wang", findings="好了", result="fixed")
    data = {"action": "inspect", "pk": [first.pk, second.pk], "idempotency_key": "k1"}
    for _again in range(2):
        answer = company.client("auditor").post("/orders/bulk", data).content.decode()
        assert "1 张成功，1 张没有办成" in answer and "已检验" in answer
    asked = post(company.client("dispatcher"), "/orders/bulk", action="dispatch", pk=[second.pk]).content.decode()
    assert 'name="engineer"' in asked


@pytest.mark.parametrize("sheet", ["dispatch", "card", "report", "quote"])
def test_sheets_are_drawn_with_both_codes(company, sheet):
    order = company.register()
    answer = company.client("clerk").get(f"/orders/{order.number}/print/{sheet}/").content.decode()
    assert 'class="barcode"' in answer and 'class="qr"' in answer and order.number in answer
    assert company.client("clerk").get(f"/orders/{order.number}/print/other/").status_code == 404


def test_another_class_needs_the_right_and_a_reason(company):
    order = company.register()
    url = f"/orders/{order.number}/cover"
    assert post(company.client("clerk"), url, service_class="C", reason="厂家同意").status_code == 403
    assert post(company.client("dispatcher"), url, service_class="C", reason="").status_code == 422
    assert post(company.client("dispatcher"), url, service_class="C", reason="厂家同意").status_code == 303
    assert queries.get_order(order.number, SYSTEM).service_class == "C"


def test_the_repair_card_is_written_with_its_tests(company):
    order = company.register(mode="bench")
    url = f"/orders/{order.number}/card/"
    answer = post(company.client("clerk"), url, bench="3 号", inspection="主板烧毁", minutes="30",
                  test_name=["绝缘电阻", ""], test_value=["2.1", ""], test_unit=["MΩ", ""], test_ok=["1", "1"])  # fmt: skip
    assert answer.status_code == 303
    card = queries.card_of(order)
    assert card.tests == [{"name": "绝缘电阻", "value": "2.1", "unit": "MΩ", "ok": True}] and card.minutes == 30
    assert "绝缘电阻" in company.client("clerk").get(f"/orders/{order.number}/").content.decode()


def test_money_is_collected_once_and_its_receipt_printed(company):
    order = company.register()
    post(company.client("clerk"), f"/orders/{order.number}/lines", name="压缩机电容", qty="1", price="68")
    for name, who, inputs in (
        ("dispatch", "dispatcher", {"engineer": "A002"}), ("accept", "wang", {}), ("arrive", "wang", {}),
        ("complete", "wang", {"findings": "更换电容", "result": "fixed"}),
    ):  # fmt: skip
        company.move(queries.get_order(order.number, SYSTEM), name, who, **inputs)
    client, url = company.client("clerk"), f"/orders/{order.number}/collect"
    assert "未收清" in client.get(f"/orders/{order.number}/").content.decode()
    assert post(client, url, amount="500", method="cash").status_code == 422
    taken = [client.post(url, {"amount": "68", "method": "cash", "idempotency_key": "k"}) for _again in range(2)]
    assert taken[0]["Location"] == taken[1]["Location"]
    sheet = client.get(taken[0]["Location"]).content.decode()
    assert "陆拾捌元整" in sheet and 'class="qr"' in sheet
    assert "已收清" in client.get(f"/orders/{order.number}/").content.decode()


def test_who_was_told_what_stands_on_the_order_at_the_desk_and_in_two_lists(company):
    order = company.register()
    order = company.move(order, "dispatch", "dispatcher", engineer="A002")
    sales.open_duty(Source.of(order), "delay", telling.party_of(order), since=order.created_at, because="人手不够")
    (duty,) = sales_queries.list_duties(SYSTEM)
    clerk, wang, zhao = (company.client(name) for name in ("clerk", "wang", "zhao"))
    page = clerk.get("/due-notices/?tab=delay").text
    assert order.number in page and "人手不够" in page and order.number in wang.get("/due-notices/").text
    assert order.number not in zhao.get("/due-notices/").text and zhao.get(f"/due-notices/{duty.pk}/").status_code == 404
    form = clerk.get(f"/due-notices/{duty.pk}/").text
    assert order.customer.name in form and order.number in form
    told = {"about": "delay", "channel": "phone", "outcome": "not_reached"}
    assert post(clerk, f"/due-notices/{duty.pk}/", **told)["Location"] == "/due-notices/"
    assert "已联系 1 次" in clerk.get(f"/orders/{order.number}/").text
    assert "待通知" in clerk.get(f"/desk/?customer={order.customer.number}").text
    assert post(wang, f"/orders/{order.number}/tell/", **told | {"outcome": "reached", "note": "周三上午"})["Location"] == f"/orders/{order.number}/"
    shown = clerk.get(f"/orders/{order.number}/").text
    assert "第 2 次" in shown and "周三上午" in shown and "通知客户 延期 · 电话 · 第 2 次" in shown
    assert "已通知 2 次" in clerk.get(f"/desk/?customer={order.customer.number}").text
    assert order.number not in clerk.get("/due-notices/").text and "周三上午" in clerk.get("/notices/").text
