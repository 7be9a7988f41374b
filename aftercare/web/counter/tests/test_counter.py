"""Workshop, custody and counter: a thing comes in, is repaired and goes back against code and money, once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.billing.models import Collection
from aftercare.domain.custody.models import Custody
from aftercare.domain.work.models import WorkOrder
from aftercare.domain.work.tests.company import everything
from aftercare.flows import finish_visit, moves
from aftercare.web.field.tests.staff import form, hours, register, sign_in

LIMITS = {"/bench/": 12, "/bench/?tab=repaired&q=13800001111": 12, "/counter/": 12, "/custody/": 12, "/custody/?q=13800001111": 16}


@pytest.fixture
def clerk(company):
    return sign_in(company.clerk)


@pytest.fixture
def taken_in(company):
    """A unit left at the counter; its order."""
    found = register(company, mode="bench", intake={"appearance": ["划痕"], "accessories": ["电源线"], "place": "A-3"})
    return found.order, found.custody


@pytest.fixture
def repaired(company, taken_in):
    order, custody = taken_in
    zhao = everything(company.zhao)
    order = moves.make(order, "take", engineer=company.zhao.pk, actor=company.boss, at=hours(0.2))
    order = moves.make(order, "start", actor=zhao, at=hours(0.3))
    lines = [{"part": company.part, "qty": 1}]
    return finish_visit.repair(order, findings="换压缩机", minutes=30, lines=lines, actor=zhao, at=hours(1)).order, custody


@pytest.mark.parametrize("path", LIMITS)
def test_lists_open_in_few_statements(clerk, repaired, path):
    clerk.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer = clerk.get(path)
    assert answer.status_code == 200 and "压缩机" not in answer.content.decode()
    assert len(seen) <= LIMITS[path], [q["sql"][:90] for q in seen]


def test_the_bench_counts_what_stands_where(clerk, repaired):
    page = clerk.get("/bench/?tab=repaired").content.decode()
    assert repaired[0].number in page
    assert repaired[0].number not in clerk.get("/bench/?tab=working").content.decode()


@pytest.mark.parametrize("path", ["/bench/export.xlsx", "/custody/export.xlsx?tab=all"])
def test_lists_are_given_as_workbooks(clerk, repaired, path):
    assert b"".join(clerk.get(path).streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("text", ["SJ", "WO", "13800001111", "张三丰", "SN-778899"])
def test_a_thing_that_is_ready_is_found_and_opened(clerk, repaired, text):
    order, custody = repaired
    text = {"SJ": custody.number, "WO": order.number}.get(text, text)
    assert clerk.get("/counter/", {"q": text})["Location"] == f"/counter/{order.number}/"


def test_a_thing_in_work_is_shown_but_not_given(clerk, taken_in):
    order, custody = taken_in
    page = clerk.get("/counter/", {"q": custody.number}).content.decode()
    assert custody.number in page and f"/counter/{order.number}/" not in page
    assert clerk.get(f"/counter/{order.number}/").status_code == 409


def test_a_foreign_text_finds_nothing(clerk, repaired):
    assert "没有找到" in clerk.get("/counter/?q=13900009999").content.decode()


def test_who_may_not_hand_over_is_refused(company, repaired):
    assert sign_in(company.inspector).get("/counter/").status_code == 403


def test_going_back_takes_money_and_code_once(clerk, repaired):
    order, custody = repaired
    given = form(code=custody.code, returned_to="李四", amount="320", method="cash")
    first = clerk.post(f"/counter/{order.number}/", given)
    assert (first.status_code, first["Location"]) == (303, f"/custody/{custody.number}/print/return/")
    assert clerk.post(f"/counter/{order.number}/", given)["Location"] == first["Location"]
    assert WorkOrder.objects.get(pk=order.pk).status == "done"
    assert Custody.objects.get(pk=custody.pk).returned_to == "李四"
    (money,) = Collection.objects.filter(bill__source_id=order.pk)
    assert money.amount == Decimal(320)
    sheet = clerk.get(first["Location"]).content.decode()
    assert "交还单" in sheet and "叁佰贰拾元" in sheet and money.number in sheet


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"code": "ZZZZZZ", "amount": "320"}, "取件码不对"),
        ({"amount": "320"}, "没有收条时请写明核实方式"),
        ({"amount": "20", "no_receipt_reason": "身份证"}, "请先收款或写明挂账原因"),
    ],
)
def test_a_refusal_stands_beside_what_was_typed(clerk, repaired, given, told):
    order, custody = repaired
    answer = clerk.post(f"/counter/{order.number}/", form(returned_to="李四", method="wechat", **given))
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and 'value="李四"' in page and f'value="{given["amount"]}"' in page
    assert Custody.objects.get(pk=custody.pk).status == "held"
    assert not Collection.objects.exists()


def test_the_receipt_names_state_accessories_and_code(clerk, taken_in):
    sheet = clerk.get(f"/custody/{taken_in[1].number}/print/").content.decode()
    assert all(word in sheet for word in ("收条", "划痕", "电源线", taken_in[1].code, "张三丰"))


def test_who_takes_nothing_in_sees_no_code(company, taken_in):
    caller = sign_in(company.auditor)
    assert caller.get(f"/custody/{taken_in[1].number}/print/").status_code == 403
    assert taken_in[1].code not in caller.get(f"/custody/{taken_in[1].number}/").content.decode()


def test_a_receipts_page_offers_what_may_be_done(clerk, repaired):
    with CaptureQueriesContext(connection) as seen:
        page = clerk.get(f"/custody/{repaired[1].number}/").content.decode()
    assert len(seen) <= 20
    assert f"/counter/{repaired[0].number}/" in page and "作废收条" in page and "moves/hand_back" not in page


def test_a_void_receipt_needs_a_reason(clerk, taken_in):
    url = f"/custody/{taken_in[1].number}/moves/void_receipt"
    assert clerk.post(url, form(reason="")).status_code == 422
    assert clerk.post(url, form(reason="写错了")).status_code == 303
    assert Custody.objects.get(pk=taken_in[1].pk).status == "voided"


def test_a_thing_of_an_open_order_does_not_go_back_past_the_counter(clerk, taken_in):
    answer = clerk.post(f"/custody/{taken_in[1].number}/moves/hand_back", form(returned_to="李四", code=taken_in[1].code))
    assert answer.status_code == 422
    assert Custody.objects.get(pk=taken_in[1].pk).status == "held"


def test_another_place_is_kept(clerk, taken_in):
    assert clerk.post(f"/custody/{taken_in[1].number}/moves/move_to", form(place="B-1")).status_code == 303
    assert Custody.objects.get(pk=taken_in[1].pk).place == "B-1"
