"""What an import promises: the desk's own steps, unknown stays unknown, bad rows come back, never double, dry is dry."""

import csv
import datetime as dt
import gzip
from decimal import Decimal

import pytest
import xlsxwriter

from aftercare.domain.assets.models import Asset
from aftercare.domain.billing.models import Bill
from aftercare.domain.cases.models import Contact
from aftercare.domain.catalog.models import Category, Product
from aftercare.domain.journal.models import Fact
from aftercare.domain.parties.models import Customer
from aftercare.domain.work.models import WorkOrder
from aftercare.flows import registers
from aftercare.foundation.access import Actor
from aftercare.imports import runner
from tests import world

AT = dt.datetime(2026, 11, 22, 4, 0, tzinfo=dt.UTC)
HEADS = ["id", "product_category", "brand", "year_of_manufacture", "repair_status", "repair_barrier_if_end_of_life",
         "group_identifier", "event_date", "problem"]
ROWS = [
    ["a_1", "Coffee maker", "Melitta", "2019", "Fixed", "", "Langaa", "2025-04-01", "Læk i slange – 'virker ikke'"],
    ["a_2", "Coffee maker", "Unknown", "", "End of life", "No way to open product", "Langaa", "1999-12-13", ""],
    ["a_3", "Lamp", "IKEA", "20x9", "Fixed", "", "", "2025-04-01", "flackert"],
    ["a_4", "Lamp", "IKEA", "", "Repairable", "", "", "2031-01-01", "from the future"],
    ["a_5", "Lamp", "Ikea ", "", "Unknown", "", "", "2025-04-02", "kaputt"],
]


@pytest.fixture
def company(db):
    """A small company to import into."""
    return world.found()


def write_csv(path, rows=ROWS, heads=HEADS):
    """A gzipped CSV file of these rows."""
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def run(path, company, **options):
    """One run as the command makes it."""
    mapping = options.pop("mapping", None) or registers.load("openrepair")
    return runner.run(path, mapping, branch_id=company.head.pk, actor=Actor.system("import"), at=AT, **options)


@pytest.mark.both
def test_records_become_contacts_units_orders_and_outcomes(company, tmp_path):
    outcome = run(write_csv(tmp_path / "r.csv.gz"), company)
    assert (outcome.read, outcome.taken, outcome.refused) == (5, 3, 2)
    order = WorkOrder.objects.get(external_id="ords:a_1")
    assert (order.status, order.result, order.detail) == ("done", "fixed", "Læk i slange – 'virker ikke'")
    assert order.created_at == order.finished_at == dt.datetime(2025, 4, 1, 4, 0, tzinfo=dt.UTC)
    assert (order.asset.made_year, order.product.brand, order.category.name) == (2019, "Melitta", "Coffee maker")
    contact = Contact.objects.get(external_id="ords:a_1")
    assert (contact.status, contact.led_to_number) == ("done", order.number)
    assert {f.verb for f in Fact.objects.filter(number=order.number)} == {"work.order.open", "work.order.backfill"}


def test_what_the_record_does_not_know_stays_unknown(company, tmp_path):
    run(write_csv(tmp_path / "r.csv.gz"), company)
    order = WorkOrder.objects.get(external_id="ords:a_2")
    assert order.finished_at is None and order.asset.made_year is None and order.product.brand == ""
    assert (order.result, order.cause.name) == ("end_of_life", "No way to open product")


def test_spellings_of_one_word_are_one_entry(company, tmp_path):
    run(write_csv(tmp_path / "r.csv.gz", [r for r in ROWS if r[0] in ("a_1", "a_5")] + [
        ["b_1", "coffee  MAKER", "MELITTA", "", "Fixed", "", "", "2025-04-03", ""]]), company)
    assert Category.objects.filter(name__iexact="coffee maker").count() == 1
    assert Product.objects.filter(brand__iexact="melitta").count() == 1


def test_bad_rows_come_back_with_number_and_reason(company, tmp_path):
    errors = tmp_path / "errors.csv"
    run(write_csv(tmp_path / "r.csv.gz"), company, errors=errors)
    with errors.open(encoding="utf-8-sig") as file:
        bad = list(csv.DictReader(file))
    assert [(row["行号"], row["id"]) for row in bad] == [("4", "a_3"), ("5", "a_4")]
    assert "20x9" in bad[0]["原因"] and "2031-01-01" in bad[1]["原因"]


def test_a_second_run_makes_nothing_double(company, tmp_path):
    path = write_csv(tmp_path / "r.csv.gz")
    run(path, company)
    counts = [m.objects.count() for m in (Contact, WorkOrder, Asset, Product, Fact)]
    again = run(path, company)
    assert (again.taken, again.known) == (0, 3)
    assert counts == [m.objects.count() for m in (Contact, WorkOrder, Asset, Product, Fact)]


def test_a_run_broken_off_goes_on_where_it_stopped(company, tmp_path):
    path = write_csv(tmp_path / "r.csv.gz")

    def break_off(outcome):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, company, batch=2, tell=break_off)
    assert WorkOrder.objects.filter(external_id__startswith="ords:").count() == 2
    rest = run(path, company, batch=2)
    assert (rest.known, rest.taken) == (2, 1)


def test_a_dry_run_changes_nothing(company, tmp_path):
    models = (Contact, WorkOrder, Asset, Product, Category, Fact)
    before = [m.objects.count() for m in models]
    outcome = run(write_csv(tmp_path / "r.csv.gz"), company, dry_run=True)
    assert (outcome.taken, outcome.refused) == (3, 2)
    assert before == [m.objects.count() for m in models]


def test_a_row_refused_in_the_middle_leaves_nothing_behind(company, tmp_path):
    rows = [["c_1", "Toaster", "Neu", "2020", "No such state", "", "", "2025-04-01", "x"], ROWS[0]]
    outcome = run(write_csv(tmp_path / "r.csv.gz", rows), company)
    assert (outcome.taken, outcome.refused) == (1, 1)
    assert not Product.objects.filter(brand="Neu").exists() and not Contact.objects.filter(external_id="ords:c_1").exists()


def test_a_chinese_register_in_excel_is_guessed_by_its_headings(company, tmp_path):
    path = tmp_path / "登记簿.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["收费金额", "师傅", "故障描述", "机身号", "产品型号", "详细地址", "手机号码", "客户姓名", "报修日期", "处理结果"])
    sheet.write_row(1, 0, [120.5, "王师傅", "不制冷", "GR-0001", "空调 KFR-35", "张杨路 1 号", 13818000001.0, "张三"])
    sheet.write_datetime(1, 8, dt.datetime(2025, 7, 1), day)
    sheet.write_string(1, 9, "更换电容")
    sheet.write_row(2, 0, ["免费", "", "漏水", "1.23457E+19", "空调 KFR-35", "", "021-55550000", "李四", "2025年7月3日", "已修"])
    book.close()
    mapping = registers.guess(["收费金额", "师傅", "故障描述", "机身号", "产品型号", "详细地址", "手机号码", "客户姓名", "报修日期", "处理结果"])
    outcome = run(path, company, mapping=mapping)
    assert (outcome.taken, outcome.refused) == (1, 1), outcome.examples
    order = WorkOrder.objects.get(title="不制冷")
    assert order.customer == Customer.objects.get(name="张三") and order.customer.phone.replace(" ", "") == "13818000001"
    assert (order.engineer.name, order.findings, order.asset.serial) == ("王师傅", "更换电容", "GR-0001")
    assert order.created_at == dt.datetime(2025, 7, 1, 4, 0, tzinfo=dt.UTC)
    bill = Bill.objects.get(source_id=order.pk)
    assert bill.due_amount == bill.paid_amount == Decimal("120.50")
    assert "近似数" in outcome.examples[0]["reason"]
