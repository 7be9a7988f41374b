"""日历: working calendars, official days off and make-up workdays."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Day, Id, Plain, Strict, Write
from aftercare.api.routes import Routes
from aftercare.api.rows import From, Made, Row, again, one_of
from aftercare.domain.people import actions
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor

routes = Routes("Organisation")
BranchKind = Literal["head_office", "branch", "service_centre", "outlet"]
Zone = Annotated[Plain, Field(min_length=1, max_length=40)]
Name80 = Annotated[Plain, Field(min_length=1, max_length=80)]
MinuteOfDay = Annotated[int, Field(ge=0, le=1440)]


class HoursRow(Row):
    """One opening interval: weekday 0 (Monday) to 6, 7 for make-up workdays; minutes of local wall time."""

    weekday: int
    starts: int
    ends: int


class CalendarRow(Row):
    """A working calendar."""

    id: int
    name: str
    zone: str
    follows_official: bool
    opens_make_up: bool
    hours: Annotated[list[HoursRow], Made(lambda calendar, actor: HoursRow.many(
        sorted(calendar.hours.all(), key=lambda hours: (hours.weekday, hours.starts)), actor
    ))]
    version: int


class Calendars(Row):
    """The working calendars."""

    items: list[CalendarRow]


class OfficialDay(Row):
    """A day off, or a make-up workday."""

    date: dt.date
    kind: Annotated[Literal["off", "workday"], From("kind_of")]
    name: str


class OfficialYear(Row):
    """The official days of a year; `is_announced` is false until the notice is out."""

    year: int
    is_announced: bool
    items: list[OfficialDay]


class Interval(Strict):
    """An opening interval."""

    weekday: Annotated[int, Field(ge=0, le=7)]
    starts: MinuteOfDay
    ends: MinuteOfDay


class NewCalendar(Write):
    """A working calendar."""

    name: Annotated[Plain, Field(min_length=1, max_length=60)]
    zone: Zone = "Asia/Shanghai"
    follows_official: bool = True
    opens_make_up: bool = True
    hours: Annotated[list[Interval], Field(min_length=1, max_length=60)]


class CalendarEdit(Write):
    """What may be changed; `hours` replaces all intervals."""

    name: Annotated[Plain, Field(min_length=1, max_length=60)] = None
    zone: Zone = None
    follows_official: bool = None
    opens_make_up: bool = None


class CalendarHours(Write):
    """All weekly hours."""

    hours: Annotated[list[Interval], Field(min_length=1, max_length=60)]


class SpecialDay(Write):
    """A day off or a make-up workday, for the whole country or for one calendar."""

    date: Day
    kind: Literal["off", "workday"]
    name: Annotated[Plain, Field(max_length=40)] = ""
    calendar_id: Id | None = None


def _answer(row: type[Row], subject, actor: Actor) -> Answer:
    subject = again(row, subject)
    return Answer(row.of(subject, actor), version=subject.version)


def find_calendar(calendar_id: int | None, actor: Actor):
    return one_of(CalendarRow, people.list_calendars(actor), actor, pk=calendar_id) if calendar_id else None


def _by_weekday(hours: list[Interval]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for interval in hours:
        found.setdefault(interval.weekday, []).append((interval.starts, interval.ends))
    return found


@routes.read("/calendars", Calendars)
def list_calendars(request):
    """The working calendars."""
    actor = calls.caller(request)
    actor.require_anywhere("people.view_branch")
    return {"items": CalendarRow.many(people.list_calendars(actor), actor)}


@routes.create("/calendars", CalendarRow)
def create_calendar(request, body: NewCalendar):
    """Make a working calendar."""
    actor = calls.caller(request)
    row = actions.create_calendar(
        name=body.name, hours=_by_weekday(body.hours), zone=body.zone, follows_official=body.follows_official,
        opens_make_up=body.opens_make_up, actor=actor, at=calls.moment(request, body.at),
    )
    return calls.created(_answer(CalendarRow, row, actor), "calendars", row.pk)


@routes.read("/calendars/{calendar_id}", CalendarRow)
def get_calendar(request, calendar_id: Id):
    """One calendar."""
    actor = calls.caller(request)
    row = find_calendar(calendar_id, actor)
    return Answer(CalendarRow.of(row, actor), version=row.version)


@routes.edit("/calendars/{calendar_id}", CalendarRow)
def edit_calendar(request, calendar_id: Id, body: CalendarEdit):
    """Change a calendar."""
    actor = calls.caller(request)
    row = actions.edit_calendar(find_calendar(calendar_id, actor), version=calls.version_edited(request), actor=actor,
                                at=calls.moment(request, body.at), **calls.edits(body))
    return _answer(CalendarRow, row, actor)


@routes.replace("/calendars/{calendar_id}/hours", CalendarRow, needs_version=True)
def set_calendar_hours(request, calendar_id: Id, body: CalendarHours):
    """Replace all weekly hours."""
    actor = calls.caller(request)
    row = actions.set_hours(find_calendar(calendar_id, actor), version=calls.version_edited(request),
                            hours=_by_weekday(body.hours), actor=actor, at=calls.moment(request, body.at))
    return _answer(CalendarRow, row, actor)


@routes.read("/official-days/{year}", OfficialYear)
def get_official_days(request, year: Annotated[int, Field(ge=1990, le=2200)]):
    """The official days off and make-up workdays of a year."""
    actor = calls.caller(request)
    announced = people.list_years().filter(year=year, is_announced=True).exists()
    return {"year": year, "is_announced": announced, "items": OfficialDay.many(people.list_official_days(year), actor)}


@routes.act("/special-days", OfficialDay)
def set_special_day(request, body: SpecialDay):
    """Make a day off or a workday."""
    actor = calls.caller(request)
    day = actions.set_day(date=body.date, kind_of=body.kind, name=body.name, calendar=find_calendar(body.calendar_id, actor),
                          actor=actor, at=calls.moment(request, body.at))
    return OfficialDay.of(day, actor)
