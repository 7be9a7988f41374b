"""What all pages for customers share: strict headers, a limit for guessing, the language by the address.

A link's token is the whole right to its page, so no cookie of ours gives any and posts need no form token: the browser
sends no referrer and no origin from these pages, by their own header.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from aftercare.foundation import clock, throttling
from aftercare.foundation.refusals import Refusal
from aftercare.web.policy import page

WINDOW = dt.timedelta(minutes=10)
# A telephone network may show many customers under one address; a guesser misses every time.
MOST_REQUESTS, MOST_MISSES = 600, 20


def address_of(request: HttpRequest) -> str:
    """The network address that asks."""
    return request.META.get("REMOTE_ADDR", "")[:45]


def portal(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for customers."""

    @csrf_exempt
    @page(public=True)
    @functools.wraps(view)
    def run(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        language = request.GET.get("lang", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        if not throttling.hit(f"portal:{address_of(request)}", limit=MOST_REQUESTS, per=WINDOW, at=clock.now()):
            response = closed(request, _("访问太频繁，请稍后再试"), status=429)
        else:
            try:
                response = view(request, *args, **kwargs)
            except Refusal as refusal:
                response = closed(request, str(refusal.message), status=refusal.status)
        if language in dict(settings.LANGUAGES):
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax")
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return run


def closed(request: HttpRequest, text: str, *, status: int, hint: str = "") -> HttpResponse:
    """A page that says in plain words why there is nothing to see."""
    return render(request, "portal/closed.html", {"title": text, "hint": hint, "status": status}, status=status)


def miss(request: HttpRequest) -> HttpResponse:
    """The answer to a token that opens nothing; who tries many is made to wait."""
    if not throttling.hit(f"portal-miss:{address_of(request)}", limit=MOST_MISSES, per=WINDOW, at=clock.now()):
        return closed(request, _("访问太频繁，请稍后再试"), status=429)
    return closed(request, _("链接无效"), status=404, hint=_("请核对地址，或联系服务网点重新发送。"))


def languages(request: HttpRequest) -> list[dict]:
    """Links to the page in the other languages."""
    current = translation.get_language()
    return [{"code": code, "url": f"?lang={code}", "current": code == current} for code, _name in settings.LANGUAGES]
