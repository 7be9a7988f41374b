"""Daily reports that somebody signs, and the level of service; each as page, sheet and workbook."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.people import queries as people
from aftercare.flows import sign_report
from aftercare.foundation import clock, spreadsheet
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, RuleBroken
from aftercare.reports import access, director_day, engineer_day, service_level, signatures
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.reports import offered


@page(access.VIEW_ENGINEER_DAY, access.VIEW_DIRECTOR_DAY, access.VIEW_SERVICE, "work.perform")
def index(request: HttpRequest) -> HttpResponse:
    """The reports that the reader may open, those of other rooms too."""
    actor = actor_of(request)
    return render(request, "reports/index.html", {"title": _("报表"), "rows": offered.list_reports(actor)})


def _day(request: HttpRequest, name: str, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get(name) or request.POST.get(name, ""))
    except ValueError:
        return default


def _today(actor: Actor) -> dt.date:
    return clock.local_day(clock.now(), actor.zone)


def _workbook(title: str, columns: Iterable, rows: Iterable, zone: str, name: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, list(columns), rows, title=title[:31], zone_name=zone)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


# --- an engineer's day ---------------------------------------------------------


def _engineer(request: HttpRequest, actor: Actor) -> tuple[int, list]:
    """Whose day is asked for (one's own unless told), and whom one may ask about."""
    staff = []
    if actor.holds(access.VIEW_ENGINEER_DAY):
        staff = list(people.list_employees(actor).filter(is_engineer=True).order_by("number")[:200])
    asked = request.GET.get("employee") or request.POST.get("employee", "")
    if asked.isdigit():
        return int(asked), staff
    if actor.employee_id and (not staff or any(one.pk == actor.employee_id for one in staff)):
        return actor.employee_id, staff
    if not staff:
        raise NotFound(_("没有可以查看的工程师"))
    return staff[0].pk, staff


def _engineer_day(request: HttpRequest) -> tuple[Actor, engineer_day.EngineerDay, list]:
    actor = actor_of(request)
    employee_id, staff = _engineer(request, actor)
    day = _day(request, "day", _today(actor))
    return actor, engineer_day.calculate(actor, employee_id=employee_id, day=day), staff


@page()
def engineer(request: HttpRequest) -> HttpResponse:
    """An engineer's day as it was recorded, who signed it, and the form to sign it with."""
    actor, report, staff = _engineer_day(request)
    return render(request, "reports/engineer_day.html", _engineer_context(actor, report, staff))


@page()
def engineer_print(request: HttpRequest) -> HttpResponse:
    """The same as a sheet of A4."""
    actor, report, staff = _engineer_day(request)
    context = _engineer_context(actor, report, staff)
    return render(request, "reports/engineer_day_print.html", context | {"size": "a4", "note": "A4"})


@page()
def engineer_export(request: HttpRequest) -> FileResponse:
    """The trips of the day as a workbook."""
    actor, report, _staff = _engineer_day(request)
    name = f"engineer-day-{report.employee.number}-{report.day}.xlsx"
    return _workbook(_("工程师日报"), engineer_day.COLUMNS, engineer_day.rows(report), actor.zone, name)


def _engineer_context(actor: Actor, report: Any, staff: list) -> dict:
    who = report.employee
    signed = signatures.list_signatures("engineer_day", who.pk, report.day)
    query = f"?employee={who.pk}&day={report.day}"
    may_sign = actor.employee_id == who.pk or actor.may(sign_report.SIGN_ENGINEER_DAY, branch_id=who.branch_id)
    return {
        "title": _("工程师日报"), "report": report, "staff": staff, "day": report.day, "query": query, "signed": signed,
        "may_sign": may_sign, "is_own": actor.employee_id == who.pk, "zone": actor.zone,
        "kilometres": signed[-1].figures.get("kilometres") if signed else None,
        "back_url": f"/reports/engineer-day/{query}", **_around(report.day, f"employee={who.pk}"),
    }  # fmt: skip


def _around(day: dt.date, more: str) -> dict:
    one = dt.timedelta(days=1)
    return {"previous": f"?{more}&day={day - one}", "following": f"?{more}&day={day + one}"}


@page()
@require_POST
def engineer_sign(request: HttpRequest) -> HttpResponse:
    """Sign the day with its figures as they are now; the engineer adds his kilometres."""

    def act(*, actor: Actor, at: dt.datetime) -> str:
        employee_id, _staff = _engineer(request, actor)
        day = _day(request, "day", _today(actor))
        report = engineer_day.calculate(actor, employee_id=employee_id, day=day, kilometres=_kilometres(request))
        who = report.employee
        sign_report.sign(
            "engineer_day", subject_id=who.pk, number=who.number, branch_id=who.branch_id, day=day,
            figures=report.figures(), remark=request.POST.get("remark", ""), actor=actor, at=at,
        )
        return f"/reports/engineer-day/?employee={who.pk}&day={day}"

    return perform(request, "reports.engineer_day", act, done=_("已签署"))


def _kilometres(request: HttpRequest) -> Decimal | None:
    text = request.POST.get("kilometres", "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < 10_000:
        raise RuleBroken(_("公里数不合理"), code="bad_kilometres", field="kilometres")
    return value


# --- the director's day --------------------------------------------------------


def _director_day(request: HttpRequest) -> dict:
    actor, at = actor_of(request), clock.now()
    day = _day(request, "day", _today(actor))
    rows = director_day.calculate(actor, day=day, at=at)
    told = [{"row": row, "signed": signatures.list_signatures("director_day", row.branch_id, day),
             "may_sign": actor.may(sign_report.SIGN_DIRECTOR_DAY, branch_id=row.branch_id)} for row in rows]
    return {
        "title": _("主管日报"), "day": day, "rows": told, "days": rows, "zone": actor.zone, "actor": actor,
        "query": f"?day={day}", "back_url": f"/reports/director-day/?day={day}", **_around(day, "v=1"),
    }  # fmt: skip


@page(access.VIEW_DIRECTOR_DAY)
def director(request: HttpRequest) -> HttpResponse:
    """Each branch's day in a line, to be looked over and signed."""
    return render(request, "reports/director_day.html", _director_day(request))


@page(access.VIEW_DIRECTOR_DAY)
def director_print(request: HttpRequest) -> HttpResponse:
    """The same as a sheet of A4."""
    return render(request, "reports/director_day_print.html", _director_day(request) | {"size": "a4", "note": "A4"})


@page(access.VIEW_DIRECTOR_DAY)
def director_export(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    found = _director_day(request)
    name = f"director-day-{found['day']}.xlsx"
    return _workbook(found["title"], director_day.COLUMNS, director_day.rows(found["days"]), found["zone"], name)


@page(sign_report.SIGN_DIRECTOR_DAY)
@require_POST
def director_sign(request: HttpRequest) -> HttpResponse:
    """Sign one branch's day with its figures as they are now."""

    def act(*, actor: Actor, at: dt.datetime) -> str:
        branch = people.get_branch(int(request.POST.get("branch") or 0), actor)
        day = _day(request, "day", _today(actor))
        rows = director_day.calculate(actor, day=day, at=at, branch_id=branch.pk)
        if not rows:
            raise NotFound(_("没有可以查看的机构"))
        sign_report.sign(
            "director_day", subject_id=branch.pk, number=branch.number, branch_id=branch.pk, day=day,
            figures=rows[0].figures(), remark=request.POST.get("remark", ""), actor=actor, at=at,
        )
        return f"/reports/director-day/?day={day}"

    return perform(request, "reports.director_day", act, done=_("已签署"))


# --- the level of service ------------------------------------------------------


def _service_level(request: HttpRequest) -> dict:
    actor = actor_of(request)
    today = _today(actor)
    since, until = _day(request, "since", today.replace(day=1)), _day(request, "until", today)
    group = request.GET.get("group", "")
    group = group if group in service_level.GROUPS else "engineer"
    return {
        "title": _("服务水平"), "since": since, "until": until, "group": group, "zone": actor.zone,
        "groups": [(key, label) for key, (label, *_columns) in service_level.GROUPS.items()],
        "total": service_level.calculate(actor, since=since, until=until),
        "levels": service_level.rank(actor, group=group, since=since, until=until),
        "answers": service_level.satisfaction(actor, since=since, until=until),
        "query": f"?since={since}&until={until}&group={group}",
    }  # fmt: skip


@page(access.VIEW_SERVICE)
def level(request: HttpRequest) -> HttpResponse:
    """Times and rates of a period, and who ranks where."""
    found = _service_level(request)
    total, answers = found["total"], found["answers"]
    found["kpis"] = [
        {"label": _("完工单数"), "value": total.finished, "url": "/orders/?tab=all"},
        {"label": _("平均响应"), "value": tell_minutes(total.response_minutes)},
        {"label": _("平均修复"), "value": tell_minutes(total.repair_minutes)},
        {"label": _("一次修复率"), "value": tell_rate(total.first_time_rate)},
        {"label": _("按时率"), "value": tell_rate(total.on_time_rate)},
        {"label": _("返修率"), "value": tell_rate(total.repeat_rate)},
        {"label": _("满意率"), "value": tell_rate(answers.satisfied_rate), "url": "/callbacks/?tab=answered"},
    ]
    found["levels"] = [
        {"level": one, "response": tell_minutes(one.response_minutes), "repair": tell_minutes(one.repair_minutes),
         "rates": [tell_rate(r) for r in (one.first_time_rate, one.on_time_rate, one.repeat_rate)]}
        for one in found["levels"]
    ]
    return render(request, "reports/service_level.html", found)


@page(access.VIEW_SERVICE)
def level_export(request: HttpRequest) -> FileResponse:
    """The ranking as a workbook."""
    found = _service_level(request)
    name = f"service-level-{found['since']}-{found['until']}.xlsx"
    return _workbook(found["title"], service_level.COLUMNS, service_level.rows(found["levels"]), found["zone"], name)


def tell_minutes(minutes: int | None) -> str:
    """Minutes in words: hours and minutes, from two days on days."""
    if minutes is None:
        return "—"
    if minutes >= 2 * 24 * 60:
        return _("%(n)s 天") % {"n": f"{minutes / 1440:.1f}"}
    return _("%(h)s 时 %(m)s 分") % {"h": minutes // 60, "m": minutes % 60}


def tell_rate(rate: Decimal | None) -> str:
    """A fraction in per cent."""
    return "—" if rate is None else f"{rate * 100:.1f}%"
