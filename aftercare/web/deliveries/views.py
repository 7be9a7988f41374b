from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aftercare.domain.journal import access, delivering, queries
from aftercare.foundation import clock
from aftercare.web.pages import timelines
from aftercare.web.policy import actor_of, page

MOST = 100


@page(access.OPERATE)
def browse(request: HttpRequest) -> HttpResponse:
    """Deliveries of one state (the dead ones first), and the schedules."""
    actor = actor_of(request)
    counts = queries.count_deliveries()
    labels = {"dead": _("失败停止"), "waiting": _("等待"), "running": _("执行中")}
    state = request.GET.get("tab", "dead" if counts["dead"] else "waiting")
    state = state if state in labels else "waiting"
    rows = queries.list_deliveries(actor).filter(state=state).order_by("due_at" if state == "waiting" else "-id")[:MOST]
    context = {
        "tabs": [
            {"label": label, "url": f"?tab={key}", "count": counts[key], "current": key == state}
            for key, label in labels.items()
        ],
        "rows": [{"row": row, "words": timelines.say(row.fact.verb, row.fact.kind)} for row in rows],
        "state": state,
        "schedules": list(queries.list_schedules()),
        "now": clock.now(),
        "seal": queries.newest_seal(),
    }
    return render(request, "deliveries/browse.html", context)


def revive(delivery: int, *, actor, at) -> str:
    """Send a dead letter round again."""
    delivering.revive(delivery, actor=actor, at=at)
    return "/deliveries/?tab=waiting"
