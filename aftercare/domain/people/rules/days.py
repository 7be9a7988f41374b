"""Official days off and make-up workdays of China, as far as the State Council has announced them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

# The package names some festivals without 节.
_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


@dataclass(frozen=True)
class OfficialDay:
    """One official day: off, or a Saturday or Sunday to be worked."""

    date: dt.date
    is_off: bool
    name: str


@dataclass(frozen=True)
class OfficialYear:
    """The official days of a year; a year without any is not announced yet."""

    year: int
    days: tuple[OfficialDay, ...]
    source: str


def read_official_years() -> list[OfficialYear]:
    """Every year the package `chinesecalendar` knows (2004 on), with its days off and make-up workdays.

    Ordinary weekends are not listed, only days inside a holiday and days moved by the notice.
    """
    from importlib.metadata import version

    from chinese_calendar import Holiday, constants

    source = f"国务院办公厅节假日安排，经 chinesecalendar {version('chinesecalendar')}"
    named = {holiday.value: _NAMES.get(holiday.chinese, holiday.chinese) for holiday in Holiday}
    days = [OfficialDay(day, True, named[value]) for day, value in constants.holidays.items()]
    days += [OfficialDay(day, False, named[value]) for day, value in constants.workdays.items()]
    years: dict[int, list[OfficialDay]] = {}
    for day in sorted(days, key=lambda d: d.date):
        years.setdefault(day.date.year, []).append(day)
    return [OfficialYear(year, tuple(found), source) for year, found in sorted(years.items())]
