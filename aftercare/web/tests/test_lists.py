"""Lists that one arranges for oneself: columns, views, and what an empty one says."""

import re

import pytest
from django.test import Client

from aftercare.flows import register_request
from aftercare.reports import order_summary
from aftercare.web.pages.registers import REGISTERS
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def company():
    return world.found()


def _window(company, name: str) -> Client:
    from aftercare.domain.people import actions as people

    client = Client()
    account = people.create_account(company.people[name], password="harbour-lamp-71", actor=world.SYSTEM, at=world.FOUNDED)
    client.force_login(account, backend="aftercare.web.sign_in.adapter.PeopleBackend")
    return client


def _heads(page: str) -> str:
    return page.partition("<thead>")[2].partition("</thead>")[0]


def test_chosen_columns_are_ones_own_and_can_be_taken_back(company):
    clerk, boss = _window(company, "clerk"), _window(company, "dispatcher")
    usual = _heads(clerk.get("/customers/").content.decode())
    assert "地址" in usual
    answer = clerk.post("/views/customers/columns", {"columns": ["phone", "nonsense"], "query": "q=138"})
    assert (answer.status_code, answer["Location"]) == (302, "/customers/?q=138")
    seen = _heads(clerk.get("/customers/").content.decode())
    assert "电话" in seen and "客户" in seen and "地址" not in seen
    assert _heads(boss.get("/customers/").content.decode()) == usual
    clerk.post("/views/customers/columns", {"usual": "1"})
    assert _heads(clerk.get("/customers/").content.decode()) == usual


def test_columns_of_the_workbook_can_be_shown_on_the_page(company):
    clerk = _window(company, "clerk")
    assert "完工时间" not in _heads(clerk.get("/orders/?tab=all").content.decode())
    clerk.post("/views/orders/columns", {"columns": ["status", "finished_at", "branch", "service_class"]})
    seen = _heads(clerk.get("/orders/?tab=all").content.decode())
    assert all(word in seen for word in ("单号", "完工时间", "机构", "服务类别")) and "故障现象" not in seen


def test_the_columns_do_not_stand_among_the_views_and_views_can_be_dropped(company):
    clerk = _window(company, "clerk")
    clerk.post("/views/orders/columns", {"columns": ["status"]})
    clerk.post("/views/orders/save", {"name": "加急单", "query": "urgent=1"})
    page = clerk.get("/orders/").content.decode()
    assert page.count("/drop") == 1 and "删除视图 加急单" in page
    key = page[page.index("/drop") - 12 : page.index("/drop")].rpartition("/")[2]
    clerk.post(f"/views/{key}/drop")
    page = clerk.get("/orders/").content.decode()
    assert "加急单" not in page and "故障现象" not in _heads(page)


def test_every_list_stands_where_its_buttons_lead(company):
    admin = _window(company, "administrator")
    admin.get("/orders/")  # loads all registers
    for register in REGISTERS.values():
        assert admin.get(register.home).status_code == 200, register.slug
        assert admin.get(f"{register.home}export.xlsx").status_code == 200, register.slug
        for answer in (admin.post(f"/views/{register.slug}/save", {"name": "试", "query": "q=1"}),
                       admin.post(f"/views/{register.slug}/columns", {"usual": "1"})):
            assert answer["Location"].partition("?")[0] == register.home


def test_an_unknown_list_is_not_arranged(company):
    assert _window(company, "clerk").post("/views/nothing/columns", {"columns": ["a"]}).status_code == 404


def test_an_empty_list_leads_on(company):
    clerk = _window(company, "clerk")
    assert "登记第一张" in clerk.get("/orders/?tab=cancelled").content.decode()
    filtered = clerk.get("/orders/?tab=cancelled&urgent=1").content.decode()
    assert "清除条件" in filtered and "登记第一张" not in filtered


def test_a_new_company_says_what_comes_first(company):
    page = _window(company, "administrator").get("/").content.decode()
    assert "从这里开始" in page and 'href="/terms/"' in page
    assert "从这里开始" not in _window(company, "manager").get("/").content.decode()


def test_a_number_that_no_column_holds_is_refused_in_words(company):
    manager = _window(company, "manager")
    for minutes in ("9" * 20, "9" * 10):
        answer = manager.post("/service-levels/new/", {"respond_minutes": minutes, "repair_minutes": minutes})
        assert answer.status_code == 422 and minutes in answer.content.decode()
    answer = manager.post("/stock/transfer/", {"from_place": "1", "to_place": "2", "part0": "x", "part0_id": "9" * 21, "qty0": "1"})
    assert answer.status_code == 422


def test_the_summary_of_orders_leads_to_its_orders(company):
    number = register_request.register(
        branch_id=company.head.pk, customer=company.customer, asset=company.new_unit, fault="不制冷", mode="on_site",
        actor=company.actor("manager"), at=world.FOUNDED,
    ).order.number
    clerk = _window(company, "manager")
    assert "/orders/summary/?tab=all&amp;urgent=1" in clerk.get("/orders/?tab=all&urgent=1").content.decode()
    for by in order_summary.GROUPS:
        page = clerk.get(f"/orders/summary/?by={by}&across=mode&measure=amount").content.decode()
        assert "合计" in page
    page = clerk.get("/orders/summary/?by=month&across=status").content.decode()
    address = page.partition('class="lead" href="/orders/?')[2].partition('"')[0].replace("&amp;", "&")
    assert number in clerk.get(f"/orders/?{address}").content.decode()
    part = clerk.get("/orders/summary/?by=engineer&q=nothing", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "没有符合条件的记录" in part
    assert b"".join(clerk.get("/orders/summary/export.xlsx?by=status").streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("name", ["clerk", "dispatcher", "keeper", "accountant", "manager", "administrator"])
def test_the_page_of_reports_offers_only_what_opens(company, name):
    window = _window(company, name)
    page = window.get("/reports/")
    if page.status_code == 403:
        return
    addresses = re.findall(r'class="lead" href="([^"]+)"', page.content.decode())
    assert addresses
    assert {address: window.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_reports_are_found_by_name(company):
    found = _window(company, "manager").get("/palette/?q=日报").content.decode()
    assert 'href="/reports/engineer-day/"' in found and 'href="/reports/director-day/"' in found
    assert "/reports/" not in _window(company, "clerk").get("/palette/?q=日报").content.decode()
