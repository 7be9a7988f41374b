"""What the company gave an engineer: his tools, instruments and papers, on his telephone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.custody import access as custody_access
from aftercare.domain.custody import actions
from aftercare.domain.custody import queries as custody
from aftercare.domain.work import access
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.custody.things import CALIBRATION
from aftercare.web.field.views import frame
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


@page(access.PERFORM)
def show(request: HttpRequest) -> HttpResponse:
    """His list: what he has not acknowledged yet first, then what is late, and instruments whose calibration runs out."""
    actor = actor_of(request)
    today = clock.local_day(clock.now(), actor.zone)
    rows = []
    for one in custody.list_mine(actor):
        state = custody.calibration_of(one.tool, today) if one.tool_id else "none"
        label, tone = CALIBRATION[state]
        rows.append({
            "row": one, "late": bool(one.due_on and one.due_on < today), "waits": one.acknowledged_at is None,
            "calibration": {"label": label, "tone": tone, "to": one.tool.calibrated_to} if state not in ("none", "good") else None,
        })  # fmt: skip
    rows.sort(key=lambda told: (not told["waits"], not told["late"]))
    context = frame(
        request, title=_("我的工具与资料"), sub=_("%(n)s 件") % {"n": len(rows)}, back_url="/field/me/", rows=rows,
        may_acknowledge=actor.holds(custody_access.HOLD),
    )
    return render(request, "field/things.html", context)


@page(access.PERFORM, custody_access.HOLD)
@require_POST
def acknowledge(request: HttpRequest, key: str) -> HttpResponse:
    """He has it."""
    row = next((one for one in custody.list_mine(actor_of(request)) if one.number == key), None)
    row = row or custody.get_holding(key, actor_of(request))

    def act(*, actor: Actor, at) -> str:
        actions.acknowledge(row, actor=actor, at=at)
        return "/field/things/"

    return perform(request, f"field.acknowledge:{key}", act, done=_("已确认收到"))
