"""Working calendars, holidays and make-up workdays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftercare.domain.people import access, facts, rules
from aftercare.domain.people.actions import checks
from aftercare.domain.people.models import Calendar, CalendarDay, CalendarHours, CalendarYear
from aftercare.domain.people.queries import kept
from aftercare.domain.people.rules.working_time import Interval
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import Happening, record, record_about
from aftercare.foundation.refusals import NotFound, RuleBroken


def create_calendar(
    *, name: str, hours: Mapping[int, Iterable[Interval]], zone: str = "Asia/Shanghai", follows_official: bool = True,
    opens_make_up: bool = True, actor: Actor, at: dt.datetime,
) -> Calendar:
    """A working calendar with its weekly hours (weekday 0-6, 7 = make-up workdays; minutes of wall time)."""
    checks.require_text(name=name)
    checks.require_zone(zone)
    calendar = Calendar(name=name.strip(), zone=zone, follows_official=follows_official, opens_make_up=opens_make_up)
    try:
        with transaction.atomic():
            open_new(calendar, actor=actor, at=at, permission=access.EDIT_CALENDAR)
            _write_hours(calendar, _checked(hours))
            checks.renew(kept.CALENDAR)
    except IntegrityError as error:
        raise checks.number_taken(error, field="name") from error
    return calendar


def edit_calendar(calendar: Calendar, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Calendar:
    """Change name, zone, or whether it follows official days off and make-up workdays."""
    checks.require_known_fields(fields, {"name", "zone", "follows_official", "opens_make_up"})
    if "zone" in fields:
        checks.require_zone(fields["zone"])
    with transaction.atomic():
        fresh = revise(calendar, actor=actor, at=at, permission=access.EDIT_CALENDAR, version=version, **fields)
        checks.renew(kept.CALENDAR)
    return fresh


def set_hours(calendar: Calendar, *, version: int, hours: Mapping[int, Iterable[Interval]], actor: Actor,
              at: dt.datetime) -> Calendar:
    """Replace all weekly hours; refuses empty, overlapping or impossible intervals."""
    wanted = _checked(hours)
    with transaction.atomic():
        before: dict[str, list] = {}
        for row in calendar.hours.order_by("weekday", "starts"):
            before.setdefault(str(row.weekday), []).append([row.starts, row.ends])
        # The version is claimed first, so that two editors do not mix their hours.
        fresh = revise(calendar, actor=actor, at=at, permission=access.EDIT_CALENDAR, version=version)
        CalendarHours.objects.filter(calendar=calendar).delete()
        _write_hours(calendar, wanted)
        after = {str(day): [list(i) for i in intervals] for day, intervals in sorted(wanted.items()) if intervals}
        record_about(fresh, verb="people.calendar.hours", actor=actor, at=at, changes={"hours": [before, after]})
        checks.renew(kept.CALENDAR)
    return fresh


def _checked(hours: Mapping[int, Iterable[Interval]]) -> dict[int, list[Interval]]:
    wanted = {int(day): sorted(tuple(i) for i in intervals) for day, intervals in hours.items()}
    for day, intervals in wanted.items():
        if not 0 <= day <= CalendarHours.MAKE_UP:
            raise RuleBroken(_("没有这个星期"), code="unknown_weekday", field="hours")
        _require_intervals(intervals, field="hours")
    if not any(intervals for day, intervals in wanted.items() if day != CalendarHours.MAKE_UP):
        raise RuleBroken(_("一周内至少要有一段工作时间"), code="never_open", field="hours")
    return wanted


def _require_intervals(intervals: Iterable[Interval], *, field: str) -> None:
    if rules.find_overlap(intervals):
        raise RuleBroken(_("时段为空、重叠或超出一天"), code="bad_interval", field=field)


def _write_hours(calendar: Calendar, hours: Mapping[int, list[Interval]]) -> None:
    CalendarHours.objects.bulk_create(
        CalendarHours(calendar=calendar, weekday=day, starts=starts, ends=ends)
        for day, intervals in hours.items() for starts, ends in intervals
    )


def set_day(
    *, date: dt.date, kind_of: str, name: str = "", calendar: Calendar | None = None,
    intervals: Iterable[Interval] | None = None, actor: Actor, at: dt.datetime,
) -> CalendarDay:
    """Make a day off or a workday: for the whole country, or for one calendar; a second call changes it."""
    _require_calendar_right(actor, calendar)
    if kind_of not in CalendarDay.Kind.values:
        raise RuleBroken(_("没有这个类型"), code="unknown_day_kind", field="kind_of")
    hours = None if intervals is None else sorted([int(a), int(b)] for a, b in intervals)
    if hours is not None:
        if kind_of == CalendarDay.Kind.OFF or not hours:
            raise RuleBroken(_("休息日没有时段，补班日至少一段"), code="bad_interval", field="intervals")
        _require_intervals([tuple(pair) for pair in hours], field="intervals")
    with transaction.atomic():
        before = CalendarDay.objects.filter(calendar=calendar, date=date).values_list("kind_of", flat=True).first()
        day, _made = CalendarDay.objects.update_or_create(
            calendar=calendar, date=date, defaults={"kind_of": kind_of, "name": name.strip(), "intervals": hours}
        )
        _record_day(date, calendar, [before, kind_of], name, actor=actor, at=at)
    return day


def remove_day(*, date: dt.date, calendar: Calendar | None = None, actor: Actor, at: dt.datetime) -> None:
    """Make a day an ordinary one again."""
    _require_calendar_right(actor, calendar)
    with transaction.atomic():
        found = CalendarDay.objects.filter(calendar=calendar, date=date).first()
        if found is None:
            raise NotFound(_("没有找到"), kind="people.calendarday")
        found.delete()
        _record_day(date, calendar, [found.kind_of, None], found.name, actor=actor, at=at)


def set_year_announced(*, year: int, is_announced: bool, source: str = "", actor: Actor, at: dt.datetime) -> CalendarYear:
    """Say whether the official days of a year are known: until then it shows as 'not announced yet'."""
    _require_calendar_right(actor, None)
    if not 2000 <= year <= 2200:
        raise RuleBroken(_("年份不对"), code="year_out_of_range", field="year")
    with transaction.atomic():
        row, _made = CalendarYear.objects.update_or_create(
            year=year, defaults={"is_announced": is_announced, "source": source.strip()}
        )
        fact = facts.OfficialYearAnnounced(year=year) if is_announced else None
        record(Happening(verb="people.calendaryear.announce", kind="people.calendaryear", id=row.pk, number=str(year),
                         branch_id=None, actor=actor, at=at, fact=fact, changes={"is_announced": [None, is_announced]}))
    return row


def _require_calendar_right(actor: Actor, calendar: Calendar | None) -> None:
    actor.require_anywhere(access.EDIT_CALENDAR)
    reach = actor.reach(access.EDIT_CALENDAR)
    # Days of the whole country are not for who looks after one branch.
    if calendar is None and not reach.everywhere:
        raise not_allowed(access.EDIT_CALENDAR)


def _record_day(date, calendar, change, name, *, actor, at) -> None:
    if calendar is not None:
        record_about(calendar, verb="people.calendar.day", actor=actor, at=at, changes={date.isoformat(): change},
                     note=name)
    else:
        record(Happening(verb="people.calendarday.set", kind="people.calendarday", id=None, number=date.isoformat(),
                         branch_id=None, actor=actor, at=at, changes={"kind_of": change}, note=name))
    checks.renew(kept.CALENDAR)
