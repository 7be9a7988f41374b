"""The counter where old parts come in: one field for the scanner, and what came in this sitting, wrong ones loud."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aftercare.domain.assets import rules as serials
from aftercare.domain.cores import access, actions, queries
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.clock import zone
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotAllowed, Refusal
from aftercare.web.cores.registers import address_of, who
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page

HERE = "/cores/hand-in/"
_SITTING = "cores.sitting"
_MOST = 200


@dataclass
class Asked:
    """What the page asks next: a serial number for a tag, or a reason for a wrong one."""

    tag: str = ""
    serial: str = ""
    is_wrong: bool = False
    text: str = ""


@page(access.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """GET: the field and the list. POST: one scan; a piece that is not right is told loudly and not taken in."""
    actor = actor_of(request)
    if request.method != "POST":
        return _answer(request, actor, Asked(), code=request.GET.get("code", "").strip()[:60])
    try:
        return perform(request, "cores.hand_in", _taker(request))
    except NotAllowed:
        raise
    except Refusal as refused:
        return _refused(request, actor, refused)


def _taker(request: HttpRequest):
    code, tag = request.POST.get("code", "").strip()[:60], request.POST.get("tag", "").strip()[:60]
    reason, qty = request.POST.get("reason", "").strip(), _qty(request.POST.get("qty", ""))

    def act(*, actor: Actor, at) -> str:
        row = queries.find_for_scan(tag or code, actor)
        # With a tag before it the scan is the number on the piece; by itself it is one of the two.
        serial = request.POST.get("serial", "").strip()[:60] or (code if tag or serials.serial_key(code) != row.number else "")
        row = actions.receive(row, serial=serial, reason=reason, qty=qty, actor=actor, at=at)
        _note(request, at, code or serial, True, row)
        return HERE

    return act


def _qty(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text.strip() else None
    except InvalidOperation:
        return Decimal(0)  # told as a bad quantity by the room


def _refused(request: HttpRequest, actor: Actor, refused: Refusal) -> HttpResponse:
    code = request.POST.get("code", "").strip()[:60]
    tag = refused.params.get("tag", "")
    if refused.code == "serial_expected":
        # No mistake: the tag is right, the piece's own number is asked for.
        return _answer(request, actor, Asked(tag=tag, text=str(refused.message)), status=422)
    _note(request, clock.now(), code, False, text=str(refused.message))
    asked = Asked(text=str(refused.message))
    if refused.code == "wrong_serial":
        asked = Asked(tag=tag, serial=refused.params["seen"], is_wrong=True, text=str(refused.message))
    return _answer(request, actor, asked, status=422, is_bad=True)


def _note(request: HttpRequest, at, code: str, is_in: bool, row: Any = None, text: str = "") -> None:
    """Keep in the sitting what came, the newest first."""
    entry = {"at": at.isoformat(), "code": code, "is_in": is_in, "text": text}
    if row is not None:
        entry |= {"tag": row.number, "part": row.part.name, "who": who(row), "qty": shown(row.qty), "source": row.source_number,
                  "wrong": row.mismatch_reason}
    request.session[_SITTING] = [entry, *request.session.get(_SITTING, [])][:_MOST]


def _answer(request: HttpRequest, actor: Actor, asked: Asked, *, status: int = 200, is_bad: bool = False, code: str = "") -> HttpResponse:
    tz = zone(actor.zone)
    entries = [
        {**one, "time": dt.datetime.fromisoformat(one["at"]).astimezone(tz).strftime("%H:%M:%S"), "url": f"/cores/{one['tag']}/" if one.get("tag") else ""}
        for one in request.session.get(_SITTING, [])
    ]
    came = [one for one in entries if one["is_in"]]
    row = _row_of(asked.tag, actor)
    context = {
        "title": _("收旧件"), "list_label": _("旧件返还"), "list_url": "/cores/", "asked": asked, "row": row, "is_bad": is_bad, "code": code,
        "row_url": address_of(row) if row else "", "entries": entries, "came": len(came), "wrong": len(entries) - len(came),
    }  # fmt: skip
    return render(request, "cores/hand_in.html", context, status=status)


def _row_of(tag: str, actor: Actor):
    return queries.list_cores(actor).filter(number=tag).first() if tag else None


@page(access.RECEIVE)
@require_POST
def begin_anew(request: HttpRequest) -> HttpResponse:
    """The sitting is over: the list begins anew; what came in stays in."""
    request.session.pop(_SITTING, None)
    return HttpResponseRedirect(HERE, status=303)
