"""Time is given, stored as UTC instants, shown in a branch's zone.

Only doors call `now()`; everything below them receives `at`.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from aftercare.foundation.refusals import RuleBroken

UTC = dt.UTC
# A device's or another server's clock may run ahead a little; more than this is a wrong input.
FUTURE_TOLERANCE = dt.timedelta(minutes=5)


def now() -> dt.datetime:
    """The present instant in UTC. For doors and the worker only."""
    return dt.datetime.now(UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name."""
    return ZoneInfo(name)


def require_instant(at: dt.datetime) -> dt.datetime:
    """`at` in UTC; refuses a time without zone."""
    if at.tzinfo is None:
        raise RuleBroken(_("时间必须带时区"), code="naive_time", field="at")
    return at.astimezone(UTC)


def require_past(at: dt.datetime, present: dt.datetime) -> dt.datetime:
    """`at` in UTC; refuses a time later than `present` plus a small tolerance."""
    at = require_instant(at)
    if at > present + FUTURE_TOLERANCE:
        raise RuleBroken(_("时间不能晚于现在"), code="future_time", field="at")
    return at


def local_day(at: dt.datetime, zone_name: str) -> dt.date:
    """The calendar day on which `at` falls in that zone."""
    return at.astimezone(zone(zone_name)).date()


def day_bounds(day: dt.date, zone_name: str) -> tuple[dt.datetime, dt.datetime]:
    """Start (inclusive) and end (exclusive) of that local day, as UTC instants."""
    tz = zone(zone_name)
    start = dt.datetime.combine(day, dt.time(), tz)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tz)
    return start.astimezone(UTC), end.astimezone(UTC)


def month_bounds(month: dt.date, zone_name: str) -> tuple[dt.datetime, dt.datetime]:
    """Start (inclusive) and end (exclusive) of the local month in which `month` lies, as UTC instants."""
    first = month.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return day_bounds(first, zone_name)[0], day_bounds(following, zone_name)[0]
