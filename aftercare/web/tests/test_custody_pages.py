"""Loaners, tools, papers, their ledger, unclaimed things and rules on pages, as keeper, clerk, manager and engineer see them."""

import base64
import datetime as dt

import pytest

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.custody import actions as custody
from aftercare.domain.custody import queries as things
from aftercare.domain.parties import actions as parties
from aftercare.domain.people import queries as people
from aftercare.domain.settlement import queries as settlement
from aftercare.web.tests.office import SYSTEM, key

PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG drawn").decode()
TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def stock(office):
    """A loaner, an instrument, a paper; a customer with a thing left here."""
    make, here = office.make, {"branch_id": office.branch.pk}
    shelf = type("Shelf", (), {})()
    shelf.product, _new = catalog.ensure_product("空调一号", category_name="空调", **make)
    shelf.loaner = custody.create_loaner(product=shelf.product, serial="BY-1", value_amount=1000, accessories=["电源线"], **here, **make)
    shelf.meter = custody.create_tool(name="万用表", calibration_months=12, calibrated_to=TODAY + dt.timedelta(days=9), **here, **make)
    shelf.drawing = custody.create_paper(number="DWG-7", title="电路图", **here, **make)
    shelf.customer = parties.create_customer(name="张三丰", phone="13800001111", **here, **make)
    shelf.held = custody.receive(customer=shelf.customer, item="电饭煲", place="A-1", **here, **make)
    return shelf


@pytest.fixture
def keeper(office, client):
    return office.sign_in(client, office.keeper)


def sent(client, url, **form):
    answer = client.post(url, {**form, **key()})
    assert answer.status_code in (204, 303), [line for line in answer.content.decode().splitlines() if "err" in line or "banner" in line]
    return answer.headers.get("Location", "")


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def test_a_loaner_goes_to_a_customer_and_is_settled(office, stock, client):
    clerk = office.sign_in(client, office.clerk)
    page = read(clerk, f"/loans/new/?custody={stock.held.number}")
    assert "押金 300.00" in page and "张三丰" in page and stock.held.number in page
    form = {"loaner": stock.loaner.number, "customer": "张三丰", "customer_id": f"{stock.customer.pk}", "method": "cash",
            "due_on": f"{TODAY + dt.timedelta(days=5)}", "custody": stock.held.number}
    late = clerk.post("/loans/new/", {**form, "due_on": "2020-01-01", **key()})
    assert late.status_code == 422 and "不能早于今天" in late.content.decode() and stock.held.number in late.content.decode()
    address = sent(clerk, "/loans/new/", **form)
    page = read(clerk, address)
    assert "电源线" in page and "手写签名" in page and "收回待验" in page
    sent(clerk, f"{address}sign", way="out", signature=PNG, signed_name="张三丰")
    assert clerk.get(f"{address}signature/out.png").content == b"\x89PNG drawn"
    sheet = read(clerk, f"{address}print/")
    assert "备用机借用合同" in sheet and "叁佰元整" in sheet and "借用方签名" in sheet
    refused = clerk.post(f"/custody/{stock.held.number}/moves/hand_back", {"code": stock.held.code, "returned_to": "张", **key()})
    assert refused.status_code == 422 and "备用机" in refused.content.decode()
    assert "借出" in read(clerk, f"/custody/{stock.held.number}/")
    assert address in read(clerk, f"/customers/{stock.customer.number}/")
    sent(clerk, f"{address}moves/bring_back", in_state="有划痕", missing=["电源线"])
    sent(clerk, f"{address}moves/inspect", damage="缺电源线", compensation_amount="30", method="cash")
    assert things.get_loaner(stock.loaner.number, SYSTEM).status == "suspended"  # the box was not ticked
    assert "缺电源线" in read(clerk, address)
    sent(clerk, f"/custody/{stock.held.number}/moves/hand_back", code=stock.held.code, returned_to="张")


def test_tools_are_registered_issued_calibrated_and_come_back(office, stock, keeper):
    made = sent(keeper, "/tools/new/", name="钳形表", kind_of="instrument", branch=office.branch.pk, value_amount="500", calibration_months="6")
    assert "还没有校准记录" in read(keeper, made)
    assert "发放" not in read(keeper, made).split("</header>")[1]
    assert keeper.post(f"{made}issue/", {"employee": "冯勇", "employee_id": office.engineer.pk, **key()}).status_code in (409, 422)
    sent(keeper, f"{made}calibrate/", done_on=f"{TODAY}", is_fit="on", certificate="C-1")
    address = sent(keeper, f"{made}issue/", employee="冯勇", employee_id=office.engineer.pk, version="2")
    assert "冯勇" in read(keeper, made) and "C-1" in read(keeper, made)
    assert "工具领用单" in read(keeper, f"{address}print/")
    sent(keeper, f"{address}moves/take_back", damage="外壳裂", compensation_amount="50")
    assert settlement.list_accruals(SYSTEM).get().amount == -50
    sent(keeper, f"{made}edit/", name="钳形表二", kind_of="instrument", branch=office.branch.pk, value_amount="500", version="4")
    sent(keeper, f"{made}moves/send_away", reason="年检")
    assert "将到期" in read(keeper, "/tools/?tab=due")


def test_an_engineer_sees_and_acknowledges_what_he_has(office, stock, client):
    row = custody.issue_tool(stock.meter, employee=office.engineer, **office.make)
    custody.lend_paper(stock.drawing, employee=office.engineer, **office.make)
    engineer = office.sign_in(client, office.engineer)
    page = read(engineer, "/field/things/")
    assert "万用表" in page and "DWG-7" in page and "将到期" in page and page.count('>确认收到<') == 2
    assert sent(engineer, f"/field/things/{row.number}/acknowledge") == "/field/things/"
    assert read(engineer, "/field/things/").count('>确认收到<') == 1
    assert engineer.get("/holdings/").status_code == 200 and engineer.get("/tools/new/").status_code == 403


def test_what_somebody_has_is_listed_printed_and_handed_over_before_he_leaves(office, stock, admin):
    rows = [custody.issue_tool(stock.meter, employee=office.engineer, **office.make),
            custody.lend_paper(stock.drawing, employee=office.engineer, **office.make)]
    base = f"/employees/{office.engineer.number}/"
    assert "手里的物品" in read(admin, base) and "万用表" in read(admin, f"{base}leave/")
    refused = admin.post(f"{base}leave/", {"on": f"{TODAY}", "version": "1", **key()})
    assert refused.status_code == 422 and "先归还或移交" in refused.content.decode()
    assert "万用表" in read(admin, f"{base}things/print/")
    sent(admin, f"{base}things/", successor="王库", successor_id=office.keeper.pk, note="离职", number=[rows[0].number])
    assert [one.number for one in things.list_in_hands(office.engineer.pk)] == [rows[1].number]
    custody.set_rule(leaving="warn", **office.make)
    sent(admin, f"{base}leave/", on=f"{TODAY}", version="1", reason="资料随后寄回")
    assert not people.get_employee(office.engineer.number, SYSTEM).is_active


def test_unclaimed_things_climb_the_ladder_to_the_letter(office, stock, admin):
    ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=400)
    held = custody.mark_ready(stock.held, ready_at=ago, **office.make)
    for day in (0, 15, 45):
        held = custody.remind(held, actor=SYSTEM, at=ago + dt.timedelta(days=300 + day))
        if day < 45:
            held = custody.note_told(held, channel="phone", actor=SYSTEM, at=ago + dt.timedelta(days=301 + day))
    page = read(admin, "/unclaimed/?tab=untold")
    assert "已发通知书" in page and "待通知" in page and "送达通知书后" in page
    sheet = read(admin, f"/custody/{held.number}/print/notice/")
    assert "民法典" in sheet and "第四百五十三条" in sheet and "以电话方式" in sheet
    sent(admin, f"/custody/{held.number}/moves/note_told", channel="letter", note="XA123")
    refused = admin.post(f"/custody/{held.number}/moves/dispose", {"reason": "变卖", **key()})
    assert refused.status_code == 422 and "期限" in refused.content.decode()
    assert "催取记录" in read(admin, f"/custody/{held.number}/")


def test_each_page_answers(office, stock, admin):
    loan = custody.lend_loaner(stock.loaner, customer=stock.customer, **office.make)
    paper = custody.lend_paper(stock.drawing, employee=office.keeper, **office.make)
    sent(admin, "/custody-rules/new/", **{
        "branch": office.branch.pk, "first_days": 10, "second_days": 20, "notice_days": 40, "wait_days": 60, "loan_days": 7,
        "deposit_percent": 20, "least_deposit_amount": "50", "paper_days": 5, "overdue_days": 2, "calibration_days": 14, "leaving": "warn"})
    rule = things.list_rules(SYSTEM).get()
    bad = admin.post(f"/custody-rules/{rule.pk}/", {"first_days": 10, "wait_days": 10, **key()})
    assert bad.status_code == 422
    pages = [f"/{noun}/{rest}" for noun in ("loaners", "tools", "papers", "holdings", "unclaimed")
             for rest in ("", "?tab=all&q=x", "?tab=late&q=JY26", "export.xlsx")]
    pages += ["/loaners/new/", "/tools/new/", "/papers/new/", "/custody-rules/", f"/custody-rules/{rule.pk}/", "/loans/new/",
              f"/loaners/{stock.loaner.number}/", f"/loaners/{stock.loaner.number}/edit/", f"/tools/{stock.meter.number}/edit/",
              f"/tools/{stock.meter.number}/issue/", f"/tools/{stock.meter.number}/calibrate/", "/papers/DWG-7/", "/papers/DWG-7/edit/",
              f"/holdings/{loan.number}/", f"/holdings/{paper.number}/print/", "/holdings/?kind_of=loaner", "/tools/?kind_of=tool&q=万"]
    for page in pages:
        assert admin.get(page).status_code == 200, page
    assert admin.get(f"/custody/{stock.held.number}/print/notice/").status_code == 404
    assert admin.post("/papers/new/", {"number": "DWG-7", "title": "x", "kind_of": "manual", "secrecy": "open", "branch": office.branch.pk,
                                       **key()}).status_code == 422
