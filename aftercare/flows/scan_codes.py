"""GS1 element strings as makers print them: article, lot, serial number and days in one code. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

# Symbology identifiers that scanners put before GS1 data, and the sign between fields of open length (FNC1).
_PREFIX = re.compile(r"^\](?:C1|e0|d2|Q3)")
_GROUP = "\x1d"
_BRACKETS = re.compile(r"\((\d{2,4})\)([^(]*)")
# Application identifiers of fixed length; the others end at FNC1 or at the end.
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
_OPEN = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "240": 30, "241": 30, "250": 30, "400": 30}


@dataclass(frozen=True)
class Gs1:
    """What such a code says; `gtin` has fourteen digits."""

    gtin: str
    lot: str = ""
    serial: str = ""
    expires_on: dt.date | None = None

    def article_codes(self) -> list[str]:
        """The article number as registers write it: as it stands, and without leading zeros as EAN-13, UPC and EAN-8."""
        return [self.gtin, *(self.gtin[-n:] for n in (13, 12, 8) if not self.gtin[:-n].strip("0"))]


def read_gs1(text: str) -> Gs1 | None:
    """What a GS1 code says; None for any other code, and for one whose article number is wrong."""
    text = text.strip()
    if text.startswith("(01)"):
        fields = dict(_BRACKETS.findall(text))
    else:
        bare = _PREFIX.sub("", text)
        # Without its prefix only what is longer than a bare article number can be told from one.
        fields = _split(bare) if bare.startswith("01") and (bare != text or len(bare) > 16) else {}
    gtin = fields.get("01", "").strip()
    if not _is_gtin(gtin):
        return None
    return Gs1(gtin, fields.get("10", "").strip(), fields.get("21", "").strip(), _day(fields.get("17", "")))


def _split(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    while text:
        key = next((text[:n] for n in (2, 3) if text[:n] in _FIXED or text[:n] in _OPEN), None)
        if key is None:
            return {}
        text = text[len(key):]
        if key in _FIXED:
            fields[key], text = text[: _FIXED[key]], text[_FIXED[key]:].lstrip(_GROUP)
        else:
            fields[key], _sign, text = text.partition(_GROUP)
            if len(fields[key]) > _OPEN[key]:
                return {}
    return fields


def _is_gtin(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{14}", text):
        return False
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(text[:-1]))
    return (10 - total % 10) % 10 == int(text[-1])


def _day(text: str) -> dt.date | None:
    # Day 00 means the last of the month; the century is the one that lies nearer, as GS1 says, for years to come.
    if not re.fullmatch(r"[0-9]{6}", text):
        return None
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, day or last) if day <= last else None
