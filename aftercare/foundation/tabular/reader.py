"""Rows of a spreadsheet or CSV file, with the row numbers people see in it."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from aftercare.foundation import spreadsheet
from aftercare.foundation.refusals import RuleBroken

MAX_ROWS = 1_000_000
# The first two columns of a file of refused rows; such a file is read back as it was before it was guarded.
# Rows in which the heading is looked for.
LOOKED_AT = 12
ERROR_HEADS = (gettext_noop("行号"), gettext_noop("原因"))
# A workbook is a zip archive: more than this inside is a bomb, not a register.
MAX_UNPACKED = 400 * 1024 * 1024
# Encodings of Chinese registers: Excel's UTF-8 with signature, plain UTF-8, and what older programs write.
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, as people see it there, and the cells by heading."""

    number: int
    cells: dict[str, Any]


def read_heads(path: Path) -> list[str]:
    """The headings of the file."""
    return next(_lines(path), (0, []))[1]


def read_rows(path: Path) -> Iterator[Row]:
    """The rows under the heading; rows without any content are passed over."""
    lines = _lines(path)
    _number, heads = next(lines, (0, None))
    if not heads or not any(heads):
        raise RuleBroken(_("文件第一行没有列标题"), code="no_heading", field="file")
    is_handed_back = tuple(heads[:2]) == ERROR_HEADS
    for number, line in lines:
        if is_handed_back:
            line = [spreadsheet.plain(cell) if isinstance(cell, str) else cell for cell in line]
        if number > MAX_ROWS:
            raise RuleBroken(_("行数超过上限 %(most)s") % {"most": MAX_ROWS}, code="too_many_rows", field="file")
        cells = {head: value for head, value in zip(heads, line, strict=False) if head}
        if any(value not in (None, "") for value in cells.values()):
            yield Row(number, cells)


def count_rows(path: Path) -> int | None:
    """How many rows there are, for a progress bar; None when counting would cost as much as reading."""
    if _is_workbook(path):
        return None
    with _open_bytes(path) as file:
        return max(sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1, 0)


def _lines(path: Path) -> Iterator[tuple[int, list]]:
    """The rows with their numbers, the heading first; titles above it are passed over."""
    if not path.is_file():
        raise RuleBroken(_("没有这个文件：%(path)s") % {"path": path.name}, code="no_file", field="file")
    lines = _workbook_lines(path) if _is_workbook(path) else _csv_lines(path)
    numbered = enumerate(lines, start=1)
    first = list(islice(numbered, LOOKED_AT))
    for place, (number, line) in enumerate(first[_heading_at([line for _number, line in first]) :]):
        yield number, [str(head).strip() for head in line] if place == 0 else line
    yield from numbered


def _heading_at(lines: list[list]) -> int:
    """Which row names the columns: the first about as full as the fullest. A title or who made the list fills a cell or two."""
    filled = [sum(value not in (None, "") for value in line) for line in lines]
    most = max(filled, default=0)
    return next((i for i, count in enumerate(filled) if most > 2 and count * 5 >= most * 3), 0)


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


def _workbook_lines(path: Path) -> Iterator[list]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise RuleBroken(_("文件展开后太大"), code="file_too_large", field="file")
    import python_calamine  # by who reads a workbook: no other process needs the megabyte

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_index(0)
    except (python_calamine.CalamineError, OSError) as error:
        raise RuleBroken(_("读不懂这个表格文件：%(error)s") % {"error": error}, code="bad_file", field="file") from None
    yield from sheet.iter_rows()


def _open_bytes(path: Path):
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def _csv_lines(path: Path) -> Iterator[list]:
    encoding = _find_encoding(path)
    with _open_bytes(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="", errors="replace") as file:
        sample = file.readline()
        delimiter = max(",;\t|", key=sample.count)
        file.seek(0)
        csv.field_size_limit(1 << 20)
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except csv.Error as error:
            raise RuleBroken(
                _("读不懂这个 CSV 文件：%(error)s") % {"error": error}, code="bad_file", field="file"
            ) from None


def _find_encoding(path: Path) -> str:
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with _open_bytes(path) as file:
                for chunk in iter(lambda: file.read(1 << 20), b""):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"
