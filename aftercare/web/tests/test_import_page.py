"""A paper register comes in through the page: titles above the heading, columns in any order, tried out before it is taken."""

import io
import threading
import uuid

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from aftercare.domain.parties import queries as parties
from aftercare.jobs import worker
from aftercare.web.tests.test_lists import _window
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.both]
HEADS = ("处理结果", "客户姓名", "登记日期", "故障描述", "联系电话", "产品", "师傅")
ROWS = (
    ("修好", "周先生", "2025年3月1日", "不制冷", "13800001234", "空调", "张师傅"),
    ("修好", "吴女士", "2025-03-02", "漏水", "13800001235", "热水器", "李师傅"),
    ("修好", "坏行", "哪天", "漏水", "13800001236", "热水器", "李师傅"),
)


def _workbook(*above: tuple) -> SimpleUploadedFile:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for number, row in enumerate((*above, HEADS, *ROWS)):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("登记表.xlsx", file.getvalue())


@pytest.mark.parametrize("above", [(), (("2025 年来电登记表",), ()), (("来电登记表",), ("制表人", "张三"))])
def test_the_heading_is_found_under_its_titles(above):
    clerk = _window(world.found(), "clerk")
    page = clerk.get(clerk.post("/imports/", {"file": _workbook(*above)})["Location"]).content.decode()
    assert "周先生" in page and "1 行有问题" in page
    assert f'<td class="num">{len(above) + 2}</td>' in page, "the row has another number than in the file"


def test_a_register_is_tried_out_and_taken(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    company = world.found()
    assert "补录历史服务" in _window(company, "clerk").get("/imports/").content.decode()
    boss = _window(company, "administrator")
    assert "补录历史服务" not in boss.get("/imports/").content.decode()
    address = boss.post("/imports/", {"file": _workbook(("来电登记表",))})["Location"]
    boss.get(address)
    columns = {"column-customer_name": "客户姓名", "column-phone": "联系电话", "column-happened_at": "登记日期",
               "column-fault": "故障描述", "column-product": "产品", "column-findings": "处理结果"}
    for action, found in (("dry", False), ("run", True)):
        answer = boss.post(address, columns | {"action": action, "idempotency_key": str(uuid.uuid4())})
        assert answer.status_code == 303, action
        worker.work_once(threading.Event(), worker="w")
        told = boss.get(answer["Location"]).content.decode()
        assert "哪天" in told
        assert bool(parties.identify("13800001234", company.actor("administrator")).customers) is found
    mine = boss.get("/imports/").content.decode()
    assert "试运行" in mine and mine.count("完成") == 2


def test_a_file_of_which_nothing_is_understood_is_not_started():
    clerk = _window(world.found(), "clerk")
    address = clerk.post("/imports/", {"file": SimpleUploadedFile("x.csv", "甲,乙,丙\n1,2,3\n".encode())})["Location"]
    assert "没有认出任何一列" in clerk.get(address).content.decode()
    assert clerk.post(address, {"action": "dry", "idempotency_key": "k1"}).status_code == 422
