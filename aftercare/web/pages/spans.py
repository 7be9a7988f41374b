"""Named spans of days for one chip: today, the last week, this month; or two days in the address."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftercare.foundation import clock

SPANS = [
    ("today", _("今天")),
    ("yesterday", _("昨天")),
    ("week", _("近 7 天")),
    ("month", _("本月")),
    ("last_month", _("上月")),
    ("year", _("今年")),
]


def read(text: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a named span or of `2026-01-01..2026-03-31`; None for anything else."""
    today = clock.local_day(clock.now(), timezone.get_current_timezone_name())
    first = today.replace(day=1)
    before = first - dt.timedelta(days=1)
    yesterday = today - dt.timedelta(days=1)
    spans = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "week": (today - dt.timedelta(days=6), today),
        "month": (first, today),
        "last_month": (before.replace(day=1), before),
        "year": (today.replace(month=1, day=1), today),
    }
    if text in spans:
        return spans[text]
    try:
        since, until = (dt.date.fromisoformat(day) for day in text.split(".."))
    except ValueError:
        return None
    return since, until
