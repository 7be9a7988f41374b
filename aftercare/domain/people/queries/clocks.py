"""Working clocks of branches, and the tables they are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from aftercare.domain.people.models import Branch, Calendar, CalendarDay, CalendarHours, CalendarYear
from aftercare.domain.people.queries import kept
from aftercare.domain.people.rules import WorkingClock
from aftercare.domain.people.rules.working_time import Interval, Pause
from aftercare.foundation import access
from aftercare.foundation.access import Actor

# A branch whose line of parents names no calendar works like this: Monday to Saturday, a lunch break.
DEFAULT_HOURS: tuple[Interval, ...] = ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30))
DEFAULT_WEEK = range(6)


def working_clock(branch_id: int) -> WorkingClock:
    """The clock of a branch: its own calendar, else the nearest one above it. One statement when kept."""
    mark = kept.calendar.mark()
    calendars, zones = kept.calendar.at_mark(mark, "branches", _read_branches)
    key = calendars.get(branch_id), zones.get(branch_id, "Asia/Shanghai")
    return kept.calendar.at_mark(mark, ("clock", *key), lambda: _make_clock(*key))


def due_at(branch_id: int, start: dt.datetime, minutes: int, pauses: Iterable[Pause] = ()) -> dt.datetime | None:
    """When `minutes` of the branch's working time have passed since `start`; None while an open pause holds it."""
    return working_clock(branch_id).due(start, minutes, pauses)


def due_in_days(branch_id: int, start: dt.datetime, days: int) -> dt.datetime:
    """Closing time of the branch's n-th open day after the day of `start`."""
    return working_clock(branch_id).due_days(start, days)


def elapsed(branch_id: int, start: dt.datetime, end: dt.datetime, pauses: Iterable[Pause] = ()) -> int:
    """Whole seconds of the branch's working time between two instants."""
    return working_clock(branch_id).elapsed(start, end, pauses)


def _read_branches() -> tuple[dict[int, int | None], dict[int, str]]:
    rows = {pk: (path, calendar, zone) for pk, path, calendar, zone in
            Branch.objects.values_list("id", "path", "calendar_id", "zone")}
    found: dict[int, int | None] = {}
    for pk, (path, _calendar, _zone) in rows.items():
        line = [int(part) for part in reversed(path.strip("/").split("/")) if part]
        found[pk] = next((rows[above][1] for above in line if above in rows and rows[above][1]), None)
    return found, {pk: zone for pk, (_path, _calendar, zone) in rows.items()}


def _make_clock(calendar_id: int | None, zone: str) -> WorkingClock:
    official = list(CalendarDay.objects.filter(calendar=None))
    calendar = Calendar.objects.prefetch_related("hours", "days").filter(pk=calendar_id).first() if calendar_id else None
    if calendar is None:
        weekly: dict[int, list[Interval]] = {day: list(DEFAULT_HOURS) for day in DEFAULT_WEEK}
        follows, opens, own = True, True, []
    else:
        weekly, own = {}, list(calendar.days.all())
        follows, opens, zone = calendar.follows_official, calendar.opens_make_up, calendar.zone
        for hours in calendar.hours.all():
            weekly.setdefault(hours.weekday, []).append((hours.starts, hours.ends))
    make_up_hours = tuple(sorted(weekly.get(CalendarHours.MAKE_UP) or weekly.get(0, ())))
    off = CalendarDay.Kind.OFF
    days = official if follows else []
    exceptions = {day.date: _own_hours(day, make_up_hours) for day in own}
    for day in days:
        if day.kind_of != off and day.intervals and opens:
            exceptions.setdefault(day.date, _own_hours(day, make_up_hours))
    return WorkingClock(
        zone,
        {weekday: tuple(sorted(hours)) for weekday, hours in weekly.items() if weekday != CalendarHours.MAKE_UP},
        days_off=frozenset(day.date for day in days if day.kind_of == off),
        make_up_days=frozenset(day.date for day in days if day.kind_of != off and opens),
        make_up_hours=make_up_hours,
        exceptions=exceptions,
    )


def _own_hours(day: CalendarDay, make_up_hours: tuple[Interval, ...]) -> tuple[Interval, ...]:
    if day.kind_of == CalendarDay.Kind.OFF:
        return ()
    if day.intervals is None:
        return make_up_hours
    return tuple(sorted((starts, ends) for starts, ends in day.intervals))


def list_calendars(actor: Actor) -> QuerySet[Calendar]:
    """The working calendars with their hours in order."""
    hours = Prefetch("hours", CalendarHours.objects.order_by("weekday", "starts"))
    return access.visible(Calendar, actor).prefetch_related(hours).order_by("name")


def list_official_days(year: int) -> QuerySet[CalendarDay]:
    """The official days off and make-up workdays of a year."""
    return CalendarDay.objects.filter(calendar=None, date__year=year).order_by("date")


def list_years() -> QuerySet[CalendarYear]:
    """Which years are announced, newest first; a year that is missing is not announced either."""
    return CalendarYear.objects.order_by("-year")
