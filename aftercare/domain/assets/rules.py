"""Serial numbers, makers and days of a unit: pure functions on plain values."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

# Hyphens and dashes of all scripts that people and label printers use for the same sign.
_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d\u30fc\u2043]")
# No unit that comes in for service was sold or installed earlier; an earlier day is a slip of the pen.
FIRST_YEAR = 1950
# But it may have been made long before: clocks, lamps and sewing machines of the nineteenth century are brought in.
FIRST_MADE_YEAR = 1800


def serial_key(text: str) -> str:
    """The serial number as compared.

    Width and case do not count, spaces do not count, all kinds of dashes are one. Dashes themselves are kept: A1-23
    and A12-3 are two units of some makers. Slashes, dots and leading zeros are kept, too.
    """
    plain = re.sub(r"\s+", "", _DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    # Once more: without its space an accent may join the letter before it.
    return unicodedata.normalize("NFKC", plain.upper())[:60]


def squeezed(text: str) -> str:
    """The serial number's letters and digits alone: how it is searched for when dashes were left out."""
    return re.sub(r"[^0-9A-Z]", "", serial_key(text))


def maker_key(brand_key: str, product_id: int) -> str:
    """Within what a serial number is unique: the brand, or the product where the brand is unknown."""
    return brand_key[:120] if brand_key else f"#{product_id}"


def problems(
    *, today: dt.date, made_on: dt.date | None = None, made_year: int | None = None, sold_on: dt.date | None = None,
    invoiced_on: dt.date | None = None, delivered_on: dt.date | None = None, installed_on: dt.date | None = None,
    registered_on: dt.date | None = None,
) -> dict[str, str]:
    """Days that cannot be, by field: `future` (later than today), `year` (no such year), `mismatch`.

    Days that merely look wrong (sold before made) are kept: they are evidence, and the warranty decision flags them.
    """
    found: dict[str, str] = {}
    days = {"made_on": made_on, "sold_on": sold_on, "invoiced_on": invoiced_on, "delivered_on": delivered_on,
            "installed_on": installed_on, "registered_on": registered_on}
    for name, day in days.items():
        if day is None:
            continue
        if day > today:
            found[name] = "future"
        elif day.year < (FIRST_MADE_YEAR if name == "made_on" else FIRST_YEAR):
            found[name] = "year"
    if made_year is not None:
        if not FIRST_MADE_YEAR <= made_year <= today.year:
            found["made_year"] = "year"
        elif made_on is not None and made_on.year != made_year:
            found["made_year"] = "mismatch"
    return found
