"""The board of a branch and a day: who waits, who does what when, and placing a job."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import pairwise
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from aftercare.domain.journal import actions as journal
from aftercare.domain.people import queries as people
from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import BEFORE_WORK, Status
from aftercare.flows import dispatch_order
from aftercare.flows import moves as journeys
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState
from aftercare.web.policy import actor_of, page
from aftercare.web.work.moves import suggestions

OPEN_HOUR, CLOSE_HOUR = 7, 21
POOL_MOST = 100
SLOT = dt.timedelta(minutes=30)  # the snap of the board
_UNDO = "board.undo"
UNDO_SECONDS = 15 * 60
# What a day holds where the calendar has it closed: an engineer who works then does so by arrangement.
DAY_MINUTES = 480
MOVABLE = BEFORE_WORK - {Status.PENDING, Status.EN_ROUTE}
_WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))


@page(access.DISPATCH)
def show(request: HttpRequest) -> HttpResponse:
    """The board; a poll that knows the newest version is answered with 204 and changes nothing."""
    actor, now = actor_of(request), clock.now()
    branches = [b for b in people.list_branches(actor) if actor.may(access.DISPATCH, branch_id=b.pk)]
    branch = _chosen(branches, request.GET.get("branch", ""), actor)
    day = _day(request.GET.get("day", ""), actor, now)
    region = request.GET.get("region", "")
    context = build(branch, day, region, actor=actor, now=now)
    is_poll = bool(request.headers.get("HX-Request"))
    if request.GET.get("version") == context["version"] or request.headers.get("If-None-Match") == context["version"]:
        return HttpResponse(status=204 if is_poll else 304)
    context |= {"branches": branches, "branch": branch, "region": region, "regions": _regions(actor)}
    return render(request, "board/board.html", context)


def _chosen(branches: list, wanted: str, actor: Actor):
    if not wanted:
        # A head office has nobody to send: its manager begins with the first branch that has engineers.
        staffed = set(people.list_engineers(branch_ids=[b.pk for b in branches]).values_list("branch_id", flat=True))
        branches = [b for b in branches if b.pk in staffed] or branches
        wanted = str(actor.branch_id) if any(b.pk == actor.branch_id for b in branches) else ""
    found = next((b for b in branches if str(b.pk) == wanted), None)
    if found is None and not wanted:
        found = branches[0] if branches else None
    if found is None:
        raise NotFound(_("没有找到机构"))
    return found


def _day(text: str, actor: Actor, now: dt.datetime) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return clock.local_day(now, actor.zone)


def _regions(actor: Actor) -> list[tuple[str, str]]:
    covered = people.list_coverage(actor).order_by("region__code").values_list("region__code", "region__name")
    return list(dict(covered).items())


def build(branch: Any, day: dt.date, region: str, *, actor: Actor, now: dt.datetime) -> dict:
    """Context of board/board.html, with a version that changes whenever anything shown does."""
    waiting = list(queries.pool(actor, at=now, branch_id=branch.pk, region_code=region)[:POOL_MOST])
    rows = queries.board(branch.pk, day=day, actor=actor)
    today = clock.local_day(now, actor.zone)
    start, _end = clock.day_bounds(day, actor.zone)
    open_hours = people.working_clock(branch.pk).hours_on(day)
    lanes = [_lane(engineer, orders, start, open_hours) for engineer, orders in rows]
    shown = [*waiting, *(order for _engineer, orders in rows for order in orders)]
    mark = hashlib.sha256(repr([(o.pk, o.version) for o in shown] + [e.pk for e, _o in rows]).encode()).hexdigest()[:16]
    placed = sum(len(lane["jobs"]) for lane in lanes)
    query = {"branch": branch.pk, "region": region}
    return {
        "title": _("派工看板"), "day": day.isoformat(), "version": mark, "now": now, "zone": actor.zone,
        "day_label": _("%(month)s月%(day)s日 %(weekday)s") % {
            "month": day.month, "day": day.day, "weekday": _WEEKDAYS[day.weekday()]},
        "sub": _("已排 %s 单") % placed,
        "previous_url": "?" + urlencode(query | {"day": day - dt.timedelta(days=1)}),
        "next_url": "?" + urlencode(query | {"day": day + dt.timedelta(days=1)}),
        "poll_url": "/board/?" + urlencode(query | {"day": day, "version": mark}),
        "assign_url": "/board/assign", "suggest_url": "/board/suggest/", "open_hour": OPEN_HOUR, "hours": range(OPEN_HOUR, CLOSE_HOUR),
        "pool": [_job(order, None) for order in waiting], "lanes": lanes,
        "times": [f"{m // 60:02d}:{m % 60:02d}" for m in range(OPEN_HOUR * 60, CLOSE_HOUR * 60, 30)],
        "now_minute": int((now - start).total_seconds() // 60) if day == today else None,
    }  # fmt: skip


def _lane(engineer: Any, orders: list, start: dt.datetime, open_hours: Any) -> dict:
    jobs = _timed(orders, start)
    load = sum(order.planned_minutes for order in orders)
    capacity = sum(end - begin for begin, end in open_hours) or DAY_MINUTES
    # Breaks are what lies between the opening hours.
    rests = [{"start": one[1], "minutes": two[0] - one[1]} for one, two in pairwise(open_hours) if two[0] > one[1]]
    return {
        "id": engineer.pk,
        "name": engineer.name,
        "detail": engineer.branch.name,
        "jobs": jobs,
        "rests": rests,
        "load": load,
        "capacity": capacity,
        "load_text": _("已排 %(load)s 分钟 / %(capacity)s") % {"load": load, "capacity": capacity},
    }


def _timed(orders: list, start: dt.datetime) -> list[dict]:
    """Job cards at their minute of the day; those without a time stand small in the first gaps until they get one."""
    jobs, loose = [], []
    for order in orders:
        moment = order.planned_at or order.arrived_at
        minute = int((moment - start).total_seconds() // 60) if moment else -1
        if OPEN_HOUR * 60 <= minute < CLOSE_HOUR * 60:
            jobs.append(_job(order, minute))
        else:
            loose.append(order)
    taken = [(job["start"], job["start"] + job["minutes"]) for job in jobs]
    slots = (
        minute for minute in range(OPEN_HOUR * 60, CLOSE_HOUR * 60, 30)
        if not any(begin < minute + 30 and minute < end for begin, end in taken)
    )
    return jobs + [_job(order, next(slots, OPEN_HOUR * 60)) | {"minutes": 30} for order in loose]


def _job(order: Any, start: int | None) -> dict:
    is_over = order.status not in BEFORE_WORK and order.finished_at is not None
    is_working = start is not None and not is_over and order.status not in BEFORE_WORK
    tone = "ok" if is_over else "brand" if is_working or order.status == Status.EN_ROUTE else "info"
    place = order.region.name if order.region_id else ""
    thing = order.product.name if order.product_id else order.work_type.name
    if start is None:
        tone = "bad" if order.urgent or order.refusals else "none"
        lines = [
            f"{thing} · {order.work_type.name}",
            " · ".join(filter(None, (place, order.contact_name))) + _(" · %s 分") % order.planned_minutes,
        ]
        if order.refusals:
            lines.append(_("被拒 %s 次") % order.refusals)
    else:
        lines = [order.contact_name, " · ".join(filter(None, (place, thing)))]
    return {
        "id": order.pk,
        "title": order.title,
        "lines": lines,
        "minutes": max(order.planned_minutes, 30),
        "start": start,
        "urgent": order.urgent,
        "due": order.respond_due_at or order.due_at,
        "tone": tone,
        "over": is_over,
        "movable": start is None or order.status in MOVABLE,
        "tip": f"{order.number} {order.title} · {order.get_status_display()} · {order.address}",
    }


@page(access.DISPATCH)
@require_POST
def assign(request: HttpRequest) -> JsonResponse:
    """Place a job in a lane at a minute of the day, or take it back to the pool."""
    actor, at = actor_of(request), clock.now()
    given = request.POST
    if not given.get("job", "").isdigit() or not given.get("idempotency_key"):
        raise RuleBroken(_("请求不完整，请刷新页面"), code="bad_request")
    order = queries.get_order(int(given["job"]), actor)
    perform = _back if not given.get("lane") else _placed
    _status, text, _headers, _again = journal.once(
        actor=actor,
        operation=f"web:board.assign:{order.pk}",
        key=given["idempotency_key"][:100],
        at=at,
        request=journal.request_digest(*(given.get(n, "") for n in ("job", "lane", "start", "day"))),
        perform=lambda: (200, perform(order, given, actor, at), {}),
    )
    return JsonResponse({"text": text, "undo": _undo(order, given)})


def _placed(order: Any, given: Any, actor: Actor, at: dt.datetime) -> str:
    planned_at = _moment(given, actor, at)
    engineer = people.get_employee(int(given["lane"]), actor)
    _give(order, engineer, planned_at, actor, at, wording.stored(lambda: _("看板改派")))
    return _("%(title)s → %(name)s %(time)s") % {
        "title": order.title,
        "name": engineer.name,
        "time": planned_at.astimezone(clock.zone(actor.zone)).strftime("%H:%M"),
    }


def _give(
    order: Any, engineer: Any, planned_at: dt.datetime | None, actor: Actor, at: dt.datetime, reason: str, *, as_before: bool = False
) -> None:
    if order.engineer_id == engineer.pk and planned_at and order.status in (Status.ACCEPTED, Status.SCHEDULED):
        # The same engineer at another time: an appointment moved, not a new dispatch he would have to accept again.
        journeys.make(order, "schedule", planned_at=planned_at, as_before=as_before, actor=actor, at=at)
        return
    if order.status not in BEFORE_WORK:
        raise WrongState(_("当前状态是「%s」，不能改派") % order.get_status_display(), code="wrong_state")
    dispatch_order.assign(order, engineer=engineer, planned_at=planned_at, actor=actor, at=at, reason=reason, as_before=as_before)


def _moment(given: Any, actor: Actor, at: dt.datetime) -> dt.datetime:
    try:
        day, minute = dt.date.fromisoformat(given.get("day", "")), int(given.get("start", ""))
    except ValueError:
        raise RuleBroken(_("请选择开始时间"), code="planned_at_missing", field="planned_at") from None
    planned_at = clock.day_bounds(day, actor.zone)[0] + dt.timedelta(minutes=minute)
    # The slot in which we are means now; one that is over is refused.
    return at.replace(second=0, microsecond=0) if planned_at <= at < planned_at + SLOT else planned_at


def _back(order: Any, given: Any, actor: Actor, at: dt.datetime) -> str:
    if order.status != Status.PENDING:
        journeys.make(order, "recall", reason=wording.stored(lambda: _("看板撤回")), actor=actor, at=at)
    return _("%s 退回待派工") % order.title


def _undo(order: Any, given: Any) -> str:
    """The address that puts the job back where it was before; `order` is still the row as it was read."""
    before = {"job": order.pk, "lane": order.engineer_id or ""}
    if order.planned_at:
        before["at"] = order.planned_at.isoformat()
    # Signed: what stood before may be put back although its hour is over, and nothing else may.
    return "/board/undo?" + urlencode({"before": signing.dumps(before, salt=_UNDO)})


@page(access.DISPATCH)
@require_POST
def undo(request: HttpRequest) -> JsonResponse:
    """Put a job back to the engineer and time it had, or into the pool."""
    actor, at = actor_of(request), clock.now()
    try:
        before = signing.loads(request.GET.get("before", ""), salt=_UNDO, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        raise RuleBroken(_("撤销已过期，请直接改派"), code="undo_over") from None
    order = queries.get_order(before["job"], actor)
    if not before["lane"]:
        text = _back(order, request.GET, actor, at)
    else:
        planned_at = dt.datetime.fromisoformat(before["at"]) if before.get("at") else None
        _give(order, people.get_employee(before["lane"], actor), planned_at, actor, at, _("撤销"), as_before=True)
        text = _("已撤销")
    return JsonResponse({"text": text})


@page(access.DISPATCH)
def suggest(request: HttpRequest, key: int) -> HttpResponse:
    """Engineers for one job with reasons, for the panel beside the pool and the keyboard's dialog."""
    actor = actor_of(request)
    order = queries.get_order(key, actor)
    context = {"order": order, "suggested": suggestions(order, actor, limit=12)}
    return render(request, "board/suggest.html", context)
