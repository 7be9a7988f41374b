"""One field, always in focus: a scanned document opens its job, then place, part and quantity go round.

A step books nothing: what was scanned travels with the page, and only finishing writes, once for its key.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.inventory import access
from aftercare.domain.inventory import queries as stock
from aftercare.flows import scan_jobs, scan_loop, scanning
from aftercare.flows.scan_jobs import Told
from aftercare.flows.scan_state import Job, Said, State
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Invalid, NotAllowed, Refusal, RuleBroken
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.scanning import links
from aftercare.web.work.moves import METHODS

# How many of the last scans are listed, and how many rows of stock a look-up shows.
LAST, ROWS = 6, 40


def address_of(job: str, number: str) -> str:
    """The page of a job."""
    return f"/scan/{job}/{number}/"


@page(access.VIEW_STOCK)
def start(request: HttpRequest) -> HttpResponse:
    """What a code is. A document with one job to do opens it; of several the keeper chooses."""
    actor, code = actor_of(request), request.GET.get("q", "").strip()
    context: dict[str, Any] = {"title": _("扫码作业"), "code": code, "zone": actor.zone}
    is_part = request.headers.get("X-Requested-With") == "fetch"
    template = "scanning/found.html" if is_part else "scanning/start.html"
    if not code:
        return render(request, template, context)
    try:
        found = scanning.resolve(code, actor=actor)
    except Refusal as refused:
        context["said"] = Said(str(refused.message), "bad")
        return render(request, template, context, status=200 if is_part else 404)
    jobs = scan_jobs.open_for(found.kind, found.number, actor=actor, at=clock.now())
    if found.kind in links.OPENED:
        return HttpResponseRedirect(links.OPENED[found.kind].format(found.number))
    if len(jobs) == 1 and found.kind != "inventory.place" and "look" not in request.GET:
        return HttpResponseRedirect(address_of(jobs[0].name, found.number))
    context |= {
        "found": found, "said": Said(f"{found.name} {found.number}"), "rows": _stock_of(found, actor),
        "jobs": [{"label": scan_jobs.KINDS[job.name].label, "url": address_of(job.name, found.number)} for job in jobs] + links.of(found, actor),
        "label_url": links.label_of(found),
    }  # fmt: skip
    return render(request, template, context)


def _stock_of(found: scanning.Scanned, actor: Actor) -> list:
    """Where a scanned part or number lies, or what lies at a scanned place."""
    rows = stock.seen_balances(actor)
    if found.kind == "catalog.part":
        rows = rows.filter(part_id=found.id)
    elif found.kind in ("inventory.serial", "inventory.lot"):
        rows = rows.filter(part_id=found.id, lot=found.number)
    elif found.kind == "inventory.place":
        rows = rows.filter(place_id=found.id)
    else:
        return []
    return list(rows.order_by("place__code", "part__code", "lot")[:ROWS])


@page(access.VIEW_STOCK)
def show(request: HttpRequest, job: str, number: str) -> HttpResponse:
    """A job that begins."""
    made = scan_jobs.make(job, number, actor=actor_of(request), at=clock.now())
    return _answer(request, made, State(), Said(_opening(made), "ask"))


@page(access.VIEW_STOCK)
@require_POST
def step(request: HttpRequest, job: str, number: str) -> HttpResponse:
    """One scan: what stands on the page then. A wrong one is told aloud and changes nothing."""
    actor = actor_of(request)
    made = scan_jobs.make(job, number, actor=actor, at=clock.now())
    state = _state(request)
    if "restore" in request.POST:
        return _restored(request, made, state)
    code = request.POST.get("code", "")
    try:
        after, said = scan_loop.step(made, state, code, lambda text: scanning.resolve(text, actor=actor))
    except Refusal as refused:
        told = f"{code[:60]}{_('：')}{refused.message}{_('。')}{scan_loop.expected(made, state)}"
        return _answer(request, made, state, Said(told, "bad"), status=422)
    if said.tone == "ok" and not scan_loop.missing(made, after):
        said = Said(_("%(text)s。全部扫完，请提交") % {"text": said.text}, "full")
    return _answer(request, made, after, said)


def _restored(request: HttpRequest, job: Job, state: State) -> HttpResponse:
    """What a telephone kept of an unfinished job, if the document still allows it."""
    try:
        scan_loop.require_whole(job, state, lambda pk: True)
    except Refusal:
        return _answer(request, job, State(), Said(_("单据已变，上次没提交的扫描已作废"), "bad"))
    return _answer(request, job, state, Said(_("接着上次没提交的 %(n)s 次扫描") % {"n": len(state.picks)}, "ask"))


@page(access.VIEW_STOCK)
@require_POST
def finish(request: HttpRequest, job: str, number: str) -> HttpResponse:
    """Book what was scanned; a refusal keeps all scans on the page."""
    actor = actor_of(request)
    made = scan_jobs.make(job, number, actor=actor, at=clock.now())
    state = _state(request)

    def act(*, actor: Actor, at) -> str:
        told = Told(request.POST.get("note", "").strip()[:60], request.POST.get("method", ""), "credit" in request.POST)
        return scan_jobs.finish(job, number, state, is_short="is_short" in request.POST, told=told, actor=actor, at=at)

    try:
        return perform(request, f"scan.{job}:{number}", act, done=_("已提交%s") % scan_jobs.KINDS[job].label)
    except NotAllowed:
        raise
    except Refusal as refused:
        told = " ".join(str(text) for text in refused.errors.values()) if isinstance(refused, Invalid) else str(refused.message)
        return _answer(request, made, state, Said(told, "bad"), status=422)


def _state(request: HttpRequest) -> State:
    """What was scanned so far, as the page carries it, with what its boxes say now."""
    try:
        told = json.loads(request.POST.get("state") or "{}")
    except ValueError:
        raise RuleBroken(_("扫描记录已损坏，请重新开始"), code="bad_state") from None
    if not isinstance(told, dict):
        raise RuleBroken(_("扫描记录已损坏，请重新开始"), code="bad_state")
    if "boxes" in request.POST:
        told |= {name: name in request.POST for name in ("excess", "wrong", "bad")}
    return State.read(told)


def _opening(job: Job) -> str:
    if not job.wants:
        return _("没有要扫的货")
    if job.needs_place:
        return _("请扫要放到的货位")
    if job.wants[0].kinds:
        return _("请扫%(name)s") % {"name": job.wants[0].name}
    return _("请扫货位或配件") if job.way else _("请扫配件")


def _answer(request: HttpRequest, job: Job, state: State, said: Said, status: int = 200) -> HttpResponse:
    is_part = request.headers.get("X-Requested-With") == "fetch"
    last = state.picks[-1] if state.picks else None
    lines = [
        {"want": want, "picked": done, "is_full": done >= want.qty, "is_last": bool(last) and last.want == want.key,
         "left": max(want.qty - done, 0) if last and done else 0, "bad": scan_loop.picked(state, want, bad=True) if job.bad else 0}
        for want in job.wants for done in [scan_loop.picked(state, want)]
    ]
    kind = scan_jobs.KINDS[job.name]
    context = {
        "job": job, "kind": kind, "label": kind.label, "asks": kind.asks, "title": f"{kind.label} {job.number}", "said": said, "state": state,
        "told": json.dumps(state.told(), separators=(",", ":")), "lines": lines, "log": _log(job, state),
        "here": job.spots.get(state.place) if state.place else None, "done": sum(one["is_full"] for one in lines),
        "is_full": bool(lines) and not scan_loop.missing(job, state), "address": address_of(job.name, job.number),
        "note": request.POST.get("note", ""), "method": request.POST.get("method", "cash"), "methods": METHODS if "method" in kind.asks else (),
        "has_where": bool(job.way) or any(want.hint for want in job.wants),
    }  # fmt: skip
    template = "scanning/state.html" if is_part else "scanning/job.html"
    # Our script draws refusals too: to it each answer is a good one, the tone stands in it.
    return render(request, template, context, status=200 if is_part else status)


def _log(job: Job, state: State) -> list[dict]:
    """The last scans, newest first."""
    names = {want.key: want.name for want in job.wants}
    return [
        {"name": names.get(one.want, _("错货")), "pick": one, "place": job.spots[one.place].name if one.place in job.spots else ""}
        for one in state.picks[: -LAST - 1 : -1]
    ]
