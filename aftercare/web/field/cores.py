"""The engineer's own old parts on the telephone: what he owes, until when, and what became of the rest."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.cores import access, queries
from aftercare.foundation import clock
from aftercare.web.cores.registers import TONES
from aftercare.web.field.views import frame
from aftercare.web.policy import actor_of, page

# Of what is done with, only the newest are shown.
_DONE = 30


@page(access.VIEW)
def own(request: HttpRequest) -> HttpResponse:
    """What is owed, the overdue first; below it what was handed in lately and what became of it."""
    actor = actor_of(request)
    day = clock.local_day(clock.now(), actor.zone)
    mine = queries.list_cores(actor).filter(employee_id=actor.employee_id or 0)
    owed = [
        {"core": core, "late": max((day - core.due_on).days, 0), "days": (core.due_on - day).days}
        for core in mine.filter(status="owed").order_by("due_on", "id")[:200]
    ]
    done = [{"core": core, "tone": TONES[core.status]} for core in mine.exclude(status__in=["owed", "cancelled"]).order_by("-id")[:_DONE]]
    late = sum(1 for one in owed if one["late"])
    context = frame(
        request, title=_("我的旧件"), sub=_("应交 %(n)s 件，逾期 %(late)s 件") % {"n": len(owed), "late": late}, back_url="/field/van/",
        owed=owed, done=done,
    )
    return render(request, "field/cores.html", context)
