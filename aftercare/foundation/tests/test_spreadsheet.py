"""The spreadsheet writer: what goes in comes out as it was, and nothing is a formula or a link."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from aftercare.foundation import spreadsheet
from aftercare.foundation.spreadsheet import Column

EVIL = [
    "=1+1", "+86 138 0000 0000", "-5", "@name", "=HYPERLINK(\"http://x\")", "http://example.org", "mailto:a@b.c", "\tx", "\r=1",
    "\n=1", "＝1+1", "＋1", "－1", "＠a", "'=1", "''=1", "'a", "|cmd", "%0A", "00123", "1e5", "TRUE", "2026-01-01", " =1", "\x00=1", "a\x08b",
    "_x0041_", "<f>1</f>", "]]>", "internal:Sheet1!A1", "x" * 40_000, "\ud800", "😀漏水",
]
TEXT = (Column("标题"),)


def shown(text):
    return spreadsheet._clean(text)


def read_xlsx(columns, rows, **more):
    target = io.BytesIO()
    spreadsheet.write_xlsx(target, columns, rows, **more)
    return target, CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_texts_stay_texts():
    target, (head, *cells) = read_xlsx(TEXT, [(text,) for text in EVIL])
    assert head == ["标题"]
    assert [cell[0] for cell in cells] == [shown(text) for text in EVIL]
    with zipfile.ZipFile(io.BytesIO(target.getvalue())) as book:
        for name in book.namelist():
            content = book.read(name)
            assert not any(tag in content for tag in (b"<f>", b"<hyperlink", b"externalLink")), name


def test_numbers_dates_and_instants_have_their_types():
    columns = (Column("a", "money"), Column("b", "quantity"), Column("c", "integer"), Column("d", "date"), Column("e", "instant"),
               Column("f", "bool"), Column("g", "percent"), Column("h", "money"), Column("i"))
    at = dt.datetime(2026, 3, 10, 16, 30, tzinfo=dt.UTC)
    row = (Decimal("-12.30"), Decimal("1.5"), 7, dt.date(2026, 3, 10), at, True, Decimal("0.5"), Decimal("12345678901234.56"), None)
    _target, (_head, cells) = read_xlsx(columns, [row])
    assert cells[:4] == [-12.3, 1.5, 7.0, dt.date(2026, 3, 10)]
    assert cells[4] == dt.datetime(2026, 3, 11, 0, 30), "the zone of the export"
    assert cells[5:] == [True, 0.5, "12345678901234.56", ""]


def test_an_empty_export_has_its_headings():
    assert read_xlsx(TEXT, [])[1] == [["标题"]]


def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheet, "_MAX_ROWS", 4)
    target = io.BytesIO()
    told = []
    assert spreadsheet.write_xlsx(target, TEXT, ((str(n),) for n in range(7)), title="a/b*c", tell=told.append) == 7
    book = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue()))
    assert book.sheet_names == ["a b c", "a b c 2", "a b c 3"]
    assert [len(book.get_sheet_by_index(n).to_python()) for n in range(3)] == [4, 4, 2]


def read_csv(rows, columns=TEXT):
    data = b"".join(spreadsheet.stream_csv(columns, rows))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_cells_never_start_a_formula():
    _head, *cells = read_csv([(text,) for text in EVIL])
    for text, (cell,) in zip(EVIL, cells, strict=True):
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")), text
        assert spreadsheet.plain(cell) == spreadsheet._ILLEGAL.sub("\ufffd", text)


@given(st.text())
def test_csv_round_trip_keeps_every_text(text):
    (_head, *cells) = read_csv([(text, "x")], (*TEXT, Column("b")))
    assert spreadsheet.plain(cells[0][0]) == spreadsheet._ILLEGAL.sub("\ufffd", text)


def test_csv_numbers_may_be_negative():
    (_head, row) = read_csv([(Decimal("-5.10"), dt.date(2026, 1, 2), False)], (Column("a", "money"), Column("b", "date"), Column("c", "bool")))
    assert row == ["-5.10", "2026-01-02", "0"]


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError):
        Column("x", "formula")
