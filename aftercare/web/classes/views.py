"""The matrix of classes, idle stock and turnover, as pages and workbooks."""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.people import queries as people
from aftercare.foundation import clock, spreadsheet
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.reports import slow_movers, stock_turnover
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.stocktakes.registers import places

SHOWN = 500


def _today(actor: Actor) -> dt.date:
    return clock.local_day(clock.now(), actor.zone)


def _day(request: HttpRequest, name: str, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return default


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def _branches(actor: Actor) -> list:
    reached = queries.list_places(actor).exclude(branch=None).order_by().values_list("branch_id", flat=True).distinct()
    return list(people.list_branches(actor).filter(pk__in=reached).order_by("number"))


def _workbook(name: str, title: str, columns: Any, rows: Any, actor: Actor) -> FileResponse:
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, list(columns), rows, title=title, zone_name=actor.zone)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


@page(access.VIEW_COST)
def matrix(request: HttpRequest) -> HttpResponse:
    """The nine fields of a branch and month with what they mean; every field opens its parts."""
    actor = actor_of(request)
    heads = list(queries.list_classifications(actor)[:200])
    branch, month = _number(request, "branch"), request.GET.get("month", "")
    asked = [one for one in heads if branch in (None, one.branch_id) and month in ("", one.number_shown)]
    head = asked[0] if asked else None
    fields = queries.class_matrix(head) if head else {}
    used = sum((cell.usage_amount for cell in fields.values()), start=0)
    lines = [
        {"letter": abc, "cells": [{"letter": f"{abc}{xyz}", "cell": fields[abc, xyz], "url": f"/part-classes/?abc={abc}&xyz={xyz}&branch="
                                   f"{head.branch_id}&month={head.number_shown}"} for xyz in "XYZ"]} for abc in "ABC"
    ] if head else []  # fmt: skip
    branches = _branches(actor)
    context = {
        "title": _("配件分类"), "head": head, "lines": lines, "used": used, "branch": branch, "month": month, "branches": branches,
        "months": sorted({one.number_shown for one in heads}, reverse=True), "may_classify": actor.holds(access.CLASSIFY),
        "wanted": branch or (head.branch_id if head else branches[0].pk if branches else ""),
        "stock": sum((cell.stock_amount for cell in fields.values()), start=0),
    }  # fmt: skip
    return render(request, "classes/matrix.html", context)


@page(access.CLASSIFY)
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Class the parts of a branch now, for this month."""

    def act(*, actor: Actor, at: dt.datetime) -> str:
        text = request.POST.get("branch", "")
        branch = people.list_branches(actor).filter(pk=int(text)).first() if text.isdigit() else None
        if branch is None:
            raise NotFound(_("没有这个机构"), kind="people.branch", field="branch")
        head = actions.classify(branch.pk, actor=actor, at=at)
        return f"/part-classes/matrix/?branch={branch.pk}&month={head.number_shown}"

    return perform(request, "classes.compute", act, done=_("已重新分类"))


def _idle(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    asked = {"branch_id": _number(request, "branch"), "place_id": _number(request, "place"), "days": _number(request, "days"),
             "dead_only": request.GET.get("what") == "dead"}
    rows = slow_movers.calculate(actor, today=_today(actor), **asked)
    return {
        "title": _("呆滞与死库存"), "rows": rows, "shown": rows[:SHOWN], "asked": asked, "branches": _branches(actor), "places": places(actor),
        "value": sum((one.value_amount for one in rows), start=0), "dead": sum((one.value_amount for one in rows if one.is_dead), start=0),
        "dead_count": sum(one.is_dead for one in rows), "query": request.GET.urlencode(), "place": request.GET.get("place", ""),
    }  # fmt: skip


@page(access.VIEW_COST)
def idle(request: HttpRequest) -> HttpResponse:
    """What lies and is not used, what is worth most first."""
    return render(request, "classes/slow_movers.html", _idle(request))


@page(access.VIEW_COST)
def idle_export(request: HttpRequest) -> FileResponse:
    """The same as a workbook, all rows."""
    found, actor = _idle(request), actor_of(request)
    return _workbook(f"slow-movers-{_today(actor)}.xlsx", found["title"], slow_movers.COLUMNS, slow_movers.rows(found["rows"]), actor)


def _turnover(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    today = _today(actor)
    until = min(_day(request, "until", today), today)
    since = min(_day(request, "since", until - dt.timedelta(days=364)), until)
    group = "place" if request.GET.get("group") == "place" else "branch"
    branch = _number(request, "branch")
    rows = stock_turnover.calculate(actor, since=since, until=until, group=group, branch_id=branch)
    return {"title": _("库存周转"), "rows": rows, "since": since, "until": until, "group": group, "groups": stock_turnover.GROUPS.items(),
            "branch": branch, "branches": _branches(actor), "query": request.GET.urlencode()}


@page(access.VIEW_COST)
def turnover(request: HttpRequest) -> HttpResponse:
    """How often the stock of each branch or place is used up in a year."""
    return render(request, "classes/turnover.html", _turnover(request))


@page(access.VIEW_COST)
def turnover_export(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    found, actor = _turnover(request), actor_of(request)
    name = f"stock-turnover-{found['since']}-{found['until']}.xlsx"
    return _workbook(name, found["title"], stock_turnover.COLUMNS, stock_turnover.rows(found["rows"]), actor)
