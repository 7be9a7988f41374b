"""Bills of material from a table: lines are written, known ones changed, what can't be understood comes back."""

import datetime as dt
from decimal import Decimal

import pytest
import xlsxwriter

from aftercare.domain.catalog import queries
from aftercare.flows import registers
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Invalid
from aftercare.foundation.tabular import reader
from aftercare.imports import runner
from tests import world

AT = dt.datetime(2026, 11, 22, 4, 0, tzinfo=dt.UTC)
HEADS = ["型号", "位置", "料号", "物料名称", "用量", "备注"]
SYSTEM = Actor.system("import")


@pytest.fixture
def company(db):
    return world.found()


def table(path, rows, heads=HEADS):
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for at, row in enumerate([heads, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    return path


def run(path, company, **options):
    mapping = registers.guess(reader.read_heads(path), "fittings")
    return runner.run(path, mapping, branch_id=company.head.pk, actor=SYSTEM, at=AT, **options)


@pytest.mark.both
def test_lines_are_written_and_known_ones_changed(company, tmp_path):
    rows = [["变频空调一号", "U1", "p-100", "", 1, ""], ["变频空调一号", "C3", "N-1", "新电机", 2.5, "左"], ["变频空调一号", "X", "N-9", "", 1, ""],
            ["变频空调一号", "Y", "P-200", "", "两个", ""], ["", "Z", "P-200", "", 1, ""]]  # fmt: skip
    outcome = run(table(tmp_path / "b.xlsx", rows), company)
    assert (outcome.taken, outcome.refused) == (2, 3)
    assert [(row.position, row.part.code, row.qty) for row in queries.fittings_of(company.product.pk)] == [("C3", "N-1", Decimal("2.5")), ("U1", "P-100", 1)]
    assert any("N-9" in one["reason"] for one in outcome.examples)
    again = run(table(tmp_path / "c.xlsx", [["变频空调一号", "U1", "P-100", "", 4, "双"]]), company)
    assert (again.taken, again.known) == (1, 0)
    assert {row.position: row.qty for row in queries.fittings_of(company.product.pk)}["U1"] == 4


def test_a_dry_run_writes_nothing_and_a_file_without_products_is_refused(company, tmp_path):
    run(table(tmp_path / "d.xlsx", [["变频空调一号", "U1", "P-100", "", 1, ""]]), company, dry_run=True)
    assert queries.fittings_of(company.product.pk) == []
    with pytest.raises(Invalid):
        runner.run(table(tmp_path / "e.xlsx", [["U1", "P-100"]], ["位置", "料号"]), registers.load("bill-of-material"), branch_id=company.head.pk, actor=SYSTEM, at=AT)
