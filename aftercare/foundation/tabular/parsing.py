"""Cells as people type them, and as spreadsheets ruin them, turned into plain values."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_TIME = re.compile(r"(\d{1,2})\s*[:：时]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2}))?")
_FIRST_YEAR = 1800


def as_text(value: Any) -> str:
    """Any cell as text: whole floats without `.0` (telephone numbers that a spreadsheet took for numbers)."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") if value.time() != dt.time() else value.strftime("%Y-%m-%d")
    return str(value).strip()


def text(raw: str, cell: Any) -> str:
    """Free text, kept as it is."""
    return raw


def date(raw: str, cell: Any) -> dt.date:
    """A day: 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日, 20261122, or a real date cell."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    plain = unicodedata.normalize("NFKC", raw).split(" ")[0].strip()
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    match = _DATE.match(plain)
    if not match:
        raise ValueError(_("「%(raw)s」不是日期") % {"raw": raw[:40]})
    try:
        return dt.date(*map(int, match.groups()))
    except ValueError:
        raise ValueError(_("「%(raw)s」不是日期") % {"raw": raw[:40]}) from None


def instant(raw: str, cell: Any) -> dt.datetime:
    """A local day and time without zone; noon when no time is given."""
    if isinstance(cell, dt.datetime):
        return cell
    plain = unicodedata.normalize("NFKC", raw).strip()
    time = _TIME.search(plain)
    day = date(plain[: time.start()].strip().rstrip("T") if time else plain, None)
    if not time:
        return dt.datetime.combine(day, dt.time(12))
    try:
        return dt.datetime.combine(day, dt.time(*(int(part or 0) for part in time.groups())))
    except ValueError:
        raise ValueError(_("「%(raw)s」不是时间") % {"raw": raw[:40]}) from None


def year(raw: str, cell: Any) -> int:
    """A year of manufacture from 1800 to 2100."""
    match = re.fullmatch(r"(\d{4})(?:\.0+)?年?", raw)
    if not match or not _FIRST_YEAR <= int(match[1]) <= dt.date.max.year or int(match[1]) > 2100:
        raise ValueError(_("「%(raw)s」不是年份") % {"raw": raw[:40]})
    return int(match[1])


def amount(raw: str, cell: Any) -> Decimal:
    """An amount of money: 120, ¥1,200.50, 120元."""
    plain = unicodedata.normalize("NFKC", raw).replace(",", "").replace("元", "").strip().lstrip("¥$ ")
    try:
        value = Decimal(plain).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(_("「%(raw)s」不是金额") % {"raw": raw[:40]}) from None
    if not 0 <= value < Decimal(10) ** 9:
        raise ValueError(_("「%(raw)s」不是金额") % {"raw": raw[:40]})
    return value


def quantity(raw: str, cell: Any) -> Decimal:
    """A quantity above zero with up to three places: 2, 0.35, 1,200."""
    plain = unicodedata.normalize("NFKC", raw).replace(",", "").strip()
    try:
        value = Decimal(plain).quantize(Decimal("0.001"))
    except InvalidOperation:
        raise ValueError(_("「%(raw)s」不是数量") % {"raw": raw[:40]}) from None
    if not 0 < value < Decimal(10) ** 9:
        raise ValueError(_("「%(raw)s」不是数量") % {"raw": raw[:40]})
    return value


def serial(raw: str, cell: Any) -> str:
    """A serial number; refuses one that a spreadsheet has rounded already."""
    if (isinstance(cell, float) and abs(cell) >= 2**53) or re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", raw):
        raise ValueError(_("序列号「%(raw)s」已被表格软件改成了近似数，请把该列设为文本后重新录入") % {"raw": raw})
    return raw


READS: dict[str, Callable[[str, Any], Any]] = {
    "text": text,
    "date": date,
    "instant": instant,
    "year": year,
    "amount": amount,
    "quantity": quantity,
    "phone": text,
    "serial": serial,
}
