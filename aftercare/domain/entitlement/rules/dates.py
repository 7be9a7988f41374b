"""Months and days of warranties.

**Months** are counted as the Civil Code does (民法典 201-203): the first day is not counted, the corresponding day of the
last month is the last day, a missing one is that month's end, and the last day counts until midnight in the branch's
zone. So twelve months from 2025-03-15 end with 2026-03-15, and from 2024-02-29 with 2025-02-28.
"""

from __future__ import annotations

import calendar
import datetime as dt


def add_months(day: dt.date, months: int) -> dt.date:
    """The corresponding day `months` later; where that month lacks it, the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cover_end(start: dt.date, months: int = 0, days: int = 0) -> dt.date:
    """The last day, still covered, of a term that runs from `start`: months first, then days."""
    return add_months(start, months) + dt.timedelta(days=days)
