"""The customer's page of a quote: GET shows it, POST answers it, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftercare.domain.people import queries as people
from aftercare.domain.quotes import access, actions, queries
from aftercare.flows import quoting
from aftercare.foundation import clock, throttling, wording
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import Refusal
from aftercare.web.portal.entrance import WINDOW, address_of, closed, languages, miss, portal

_MOST_ANSWERS = 20


def customer_of(quote: Any, request: HttpRequest, name: str) -> Actor:
    """Who holds the link: he may answer this branch's quotes, and no other is ever given to him."""
    here = Reach(branches=frozenset({quote.branch_id}))
    return Actor(
        kind="customer", id=quote.customer_id, name=name or wording.stored(lambda: _("客户")), customer_id=quote.customer_id, branch_id=quote.branch_id,
        reaches={access.VIEW: here, access.RECORD: here}, via="portal", address=address_of(request),
        zone=people.zone_of(quote.branch_id),
    )


@portal
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be repaired, what it costs, until when; two buttons. An old link says what became of it."""
    at = clock.now()
    quote = queries.find_by_token(token)
    if quote is None or quote.status == "draft":
        return miss(request)
    if quote.status == "superseded":
        return closed(request, _("这份报价已失效"), status=410, hint=_("报价已更改或撤回，请以最新收到的链接为准。"))
    if quote.status == "expired" or at >= quote.valid_until:
        return closed(request, _("这份报价已过有效期"), status=410, hint=_("需要维修请联系服务网点重新报价。"))
    refusal = None
    if request.method == "POST":
        try:
            return _answer(request, quote, at)
        except Refusal as refused:
            refusal = refused
            quote = queries.find_by_token(token)
    elif request.method == "GET" and quote.seen_at is None:
        actions.note_seen(quote, at=at)
    context = {
        "title": _("维修报价"), "quote": quote, "lines": queries.lines_of(quote), "consent": queries.consent_of(quote),
        "is_open": quote.status == "sent", "zone": people.zone_of(quote.branch_id), "langs": languages(request),
        "refusal": refusal, "typed": request.POST if refusal else {}, "last_day": quote.valid_until - dt.timedelta(seconds=1),
    }  # fmt: skip
    return render(request, "portal/quote.html", context, status=refusal.status if refusal else 200)


def _answer(request: HttpRequest, quote: Any, at: dt.datetime) -> HttpResponse:
    typed = request.POST
    if not throttling.hit(f"portal-answer:{quote.pk}", limit=_MOST_ANSWERS, per=WINDOW, at=at):
        return closed(request, _("访问太频繁，请稍后再试"), status=429)
    name = typed.get("name", "").strip()[:80]
    evidence = {"address": address_of(request), "browser": request.headers.get("User-Agent", "")[:200]}
    quoting.answer(
        quote, agreed=typed.get("answer") == "agree", channel="portal", name=name, reason=typed.get("reason", "").strip()[:200],
        evidence=evidence, actor=customer_of(quote, request, name), at=at,
    )
    return HttpResponseRedirect(request.path, status=303)
