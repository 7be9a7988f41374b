"""The one spreadsheet writer (reliability rule 18): cells are typed, text is never a formula, a link or a number.

Rows come from an iterator and are not kept, so an export of a million rows needs no more memory than one of ten.
xlsx: formulas, links and numbers are never guessed from text. CSV: text that a spreadsheet program would take for a
formula gets a leading apostrophe; `plain()` takes it off again when such a file is read back.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from aftercare.foundation.clock import zone

KINDS = ("text", "integer", "money", "quantity", "percent", "date", "instant", "bool")
# Full-width forms are folded to the plain ones by some programs before they look for a formula.
_TRIGGER = re.compile(r"^['\s\x00]*[=+\-@|%＝＋－＠\t\r\n\x00]")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_TEXT = 32_767
# Rows that are measured for the width of columns, and the widest column in digits.
_MEASURED, _WIDEST, _USUAL = 400, 56, 14
_WIDTHS = {"money": 12, "date": 12, "instant": 18}
_MAX_ROWS = 1_048_576
_FORMATS = {
    "integer": "0", "money": "#,##0.00", "quantity": "#,##0.###", "percent": "0.0%", "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class Column:
    """A column: its heading, what its cells are, its least width in characters.

    `percent` cells are fractions (0.5 is 50 %). `instant` cells are shown in the zone of the export.
    """

    title: Any
    kind: str = "text"
    width: int = _USUAL

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no column kind {self.kind!r}")


def write_xlsx(
    target: str | Path | IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, title: str = "Sheet1",
    zone_name: str = "Asia/Shanghai", tell: Callable[[int], None] | None = None,
) -> int:
    """Write a workbook; gives back the number of rows. `tell(rows so far)` is called every 1000 rows.

    More rows than a sheet holds go on in further sheets under the same headings.
    """
    import xlsxwriter  # only here: a server that exports nothing does not pay for it

    book = xlsxwriter.Workbook(
        str(target) if isinstance(target, (str, Path)) else target,
        {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "remove_timezone": True, "in_memory": False,
        },
    )
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    head = book.add_format({"bold": True, "bottom": 1})
    sheet, line, count, sheets = None, _MAX_ROWS, 0, 0
    widths: list[int] = []
    try:
        for row in rows:
            if line >= _MAX_ROWS:
                _end_sheet(sheet, line, widths)
                sheets += 1
                sheet, line, widths = _begin_sheet(book, columns, title, sheets, head), 1, [_heading_width(c) for c in columns]
            if line <= _MEASURED:
                widths = [max(width, _width(c.kind, value)) for width, c, value in zip(widths, columns, row, strict=True)]
            for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write_cell(sheet, line, index, column.kind, value, formats, zone_name)
            line, count = line + 1, count + 1
            if tell is not None and count % 1000 == 0:
                tell(count)
        if sheet is None:
            sheet, line, widths = _begin_sheet(book, columns, title, 1, head), 1, [_heading_width(c) for c in columns]
        _end_sheet(sheet, line, widths)
    finally:
        book.close()
    return count


def stream_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, zone_name: str = "Asia/Shanghai") -> Iterator[bytes]:
    """The same as CSV, in UTF-8 with a byte order mark (Excel needs it), piece by piece."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_guarded(str(column.title)) for column in columns])
    yield b"\xef\xbb\xbf" + _drain(buffer)
    for count, row in enumerate(rows, 1):
        writer.writerow([_shown(c.kind, v, zone_name) for c, v in zip(columns, row, strict=True)])
        if count % 200 == 0:
            yield _drain(buffer)
    if rest := _drain(buffer):
        yield rest


class CsvFile:
    """A CSV file that is written row by row while the work goes on."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([_guarded(str(column.title)) for column in columns])

    def add(self, row: Sequence[Any]) -> None:
        """Write one row."""
        self._writer.writerow([_shown(c.kind, v, "UTC") for c, v in zip(self._columns, row, strict=False)])

    def close(self) -> None:
        """End the file."""
        self._file.close()


def plain(text: str) -> str:
    """A text cell of our CSV as it was before its guard was put on."""
    return text[1:] if text.startswith("'") and _TRIGGER.match(text) else text


def _begin_sheet(book, columns: Sequence[Column], title: str, number: int, head):
    name = re.sub(r"[\[\]:*?/\\]", " ", title).strip("'")[: 31 if number == 1 else 26] or "Sheet1"
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, _clean(str(column.title)), head)
    return sheet


def _end_sheet(sheet, line: int, widths: list[int]) -> None:
    """Columns as wide as what the first rows hold, and a filter on every heading."""
    if sheet is None:
        return
    for index, width in enumerate(widths):
        sheet.set_column(index, index, min(width, _WIDEST))
    sheet.autofilter(0, 0, max(line - 1, 1), len(widths) - 1)


def _heading_width(column: Column) -> int:
    # The arrow of the filter stands beside the heading.
    return max(_length(str(column.title)) + 4, _WIDTHS.get(column.kind, 0), column.width if column.width != _USUAL else 0)


def _width(kind: str, value: Any) -> int:
    return _length(str(value)) + 2 if kind == "text" and value is not None else 0


def _length(text: str) -> int:
    """In digits: a Chinese sign is as wide as two."""
    return len(text) + sum(sign > "\u2e80" for sign in text)


def _write_cell(sheet, line: int, index: int, kind: str, value: Any, formats: dict, zone_name: str) -> None:
    if value is None or value == "":
        return
    if kind == "text":
        sheet.write_string(line, index, _clean(str(value)))
    elif kind == "bool":
        sheet.write_boolean(line, index, bool(value))
    elif kind == "instant":
        local = value.astimezone(zone(zone_name)).replace(tzinfo=None)
        sheet.write_datetime(line, index, local, formats[kind])
    elif kind == "date":
        sheet.write_datetime(line, index, dt.datetime.combine(value, dt.time()), formats[kind])
    elif _is_exact(value):
        sheet.write_number(line, index, value, formats[kind])
    else:
        sheet.write_string(line, index, str(value))


def _is_exact(value: int | Decimal) -> bool:
    # A cell holds 15 digits; a longer number is kept as text instead of being rounded silently.
    return Decimal(value).is_finite() and len(Decimal(value).as_tuple().digits) <= 15


def _clean(text: str) -> str:
    text = _ILLEGAL.sub("\ufffd", text)
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


def _shown(kind: str, value: Any, zone_name: str) -> str:
    if value is None:
        return ""
    if kind == "text":
        return _guarded(str(value))
    if kind == "instant":
        return value.astimezone(zone(zone_name)).strftime("%Y-%m-%d %H:%M:%S")
    if kind == "bool":
        return "1" if value else "0"
    if kind == "date":
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(int(value))


def _guarded(text: str) -> str:
    # A text that starts with an apostrophe of its own before a trigger is guarded too, so that `plain` gives it back.
    text = _ILLEGAL.sub("\ufffd", text)
    return f"'{text}" if _TRIGGER.match(text) else text


def _drain(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data
