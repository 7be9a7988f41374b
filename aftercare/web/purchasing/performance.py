"""The report of suppliers' performance: page and workbook."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.purchasing import access
from aftercare.foundation import clock, spreadsheet
from aftercare.reports import supplier_performance
from aftercare.web.policy import actor_of, page


def _day(request: HttpRequest, name: str, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return default


def _found(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    today = clock.local_day(clock.now(), actor.zone)
    since, until = _day(request, "since", today - dt.timedelta(days=90)), _day(request, "until", today)
    rows = supplier_performance.calculate(actor, since=since, until=until)
    return {"title": _("供应商绩效"), "since": since, "until": until, "zone": actor.zone, "rows": rows, "shown": [_told(row) for row in rows]}


def _told(row: supplier_performance.Performance) -> dict[str, Any]:
    return {
        "row": row, "on_time": _rate(row.on_time_rate), "complete": _rate(row.complete_rate), "defects": _rate(row.defect_rate),
        "change": "—" if row.price_change is None else f"{row.price_change * 100:+.1f}%",
    }  # fmt: skip


def _rate(value: Decimal | None) -> str:
    return "—" if value is None else f"{value * 100:.1f}%"


@page(access.VIEW)
def show(request: HttpRequest) -> HttpResponse:
    """How suppliers kept what they promised."""
    return render(request, "purchasing/performance.html", _found(request))


@page(access.VIEW)
def export(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    found = _found(request)
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, list(supplier_performance.COLUMNS), supplier_performance.rows(found["rows"]), title=found["title"],
                           zone_name=found["zone"])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"suppliers-{found['since']}-{found['until']}.xlsx")
