import calendar as months
import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.people import access, actions, queries
from aftercare.foundation import clock
from aftercare.web.calendars import forms
from aftercare.web.calendars.hours import show_hours
from aftercare.web.pages import fields, timelines
from aftercare.web.policy import actor_of, page


@page(access.VIEW_BRANCH)
def browse(request: HttpRequest) -> HttpResponse:
    """All calendars with their hours, and the years whose official days are known."""
    actor = actor_of(request)
    calendars = [{"row": c, "week": _week(c)} for c in queries.list_calendars(actor)]
    context = {
        "calendars": calendars,
        "years": list(queries.list_years()[:8]),
        "may_edit": actor.holds(access.EDIT_CALENDAR),
    }
    return render(request, "calendars/browse.html", context)


def _week(row) -> list[dict]:
    hours: dict[int, list] = {}
    for span in row.hours.all():
        hours.setdefault(span.weekday, []).append((span.starts, span.ends))
    return [{"label": label, "hours": show_hours(hours.get(day, []))} for day, label in enumerate(forms.WEEKDAYS)]


@page(access.VIEW_BRANCH)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One calendar: weekly hours and its own exceptions."""
    actor = actor_of(request)
    row = forms.load(key, actor)
    days = [
        {"row": d, "hours": show_hours(d.intervals) if d.intervals else ""} for d in row.days.order_by("-date")[:200]
    ]
    context = {
        "row": row,
        "week": _week(row),
        "days": days,
        "may_edit": actor.holds(access.EDIT_CALENDAR),
        "events": timelines.events("people.calendar", row.pk, limit=20),
    }
    return render(request, "calendars/calendar.html", context)


@page(access.VIEW_BRANCH)
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The official days of a year as twelve months; says so when the year is not announced yet."""
    actor = actor_of(request)
    known = queries.list_years().filter(year=year).first()
    days = {d.date: d for d in queries.list_official_days(year)}
    today = clock.local_day(clock.now(), actor.zone)
    reach = actor.reach(access.EDIT_CALENDAR)
    context = {
        "year": year,
        "known": known,
        "is_announced": bool(known and known.is_announced),
        "months": [_month(year, month, days, today) for month in range(1, 13)] if 1 < year < 9998 else [],
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "days": list(days.values()),
        "may_edit": bool(reach and reach.everywhere),
    }
    return render(request, "calendars/year.html", context)


def _month(year: int, month: int, days: dict, today: dt.date) -> dict:
    weeks = []
    for week in months.Calendar().monthdatescalendar(year, month):
        weeks.append(
            [{"day": d.day, "known": days.get(d), "is_today": d == today} if d.month == month else None for d in week]
        )
    return {"month": month, "weeks": weeks}


def drop_day(key: int, day: str, *, actor, at) -> str:
    """A day of one calendar becomes an ordinary one."""
    row = forms.load(str(key), actor)
    actions.remove_day(date=_date(day), calendar=row, actor=actor, at=at)
    return forms.address_of(row)


def drop_official(day: str, *, actor, at) -> str:
    """An official day becomes an ordinary one."""
    actions.remove_day(date=_date(day), actor=actor, at=at)
    return f"/calendars/years/{_date(day).year}/"


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return fields.whole("x")
