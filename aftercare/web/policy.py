"""Who may open a page. Every view carries a policy; a view without one is refused by the middleware and by a test.

`@page("work.view_order")` lets in who holds that permission anywhere (the rows are limited by the queries);
`@page()` any signed-in employee; `@page(public=True)` anybody. Refusals of the house become answers here, once.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import defaults

from aftercare.domain.people import queries as people
from aftercare.foundation import access, busy
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed, Refusal, RuleBroken
from aftercare.web import once, toasts

logger = logging.getLogger("aftercare.web")


@dataclass(frozen=True)
class Policy:
    """What a view asks of who opens it: one of `permissions` (any signed-in employee when empty), or nothing."""

    permissions: tuple[str, ...] = ()
    public: bool = False


def page(*permissions: str, public: bool = False) -> Callable:
    """Declare a view's policy and turn refusals into answers."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            actor = actor_of(request)
            if actor is None and not public:
                return _to_sign_in(request)
            if actor is not None:
                timezone.activate(actor.zone)
            try:
                if permissions and not any(actor.holds(p) for p in permissions):
                    raise access.not_allowed(permissions[0])
                with once.during(request):
                    return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)
            except (OverflowError, DataError) as error:
                # What no form foresaw: a number or date that the database cannot hold. Nothing was written.
                logger.warning("out of range: %s %s", request.method, request.path, exc_info=error)
                return refused(request, RuleBroken(_("有数字或日期超出系统能存的范围，请检查"), code="out_of_range"))
            except OperationalError as error:
                if found := busy.find(error):
                    return refused(request, found)
                raise

        run.policy = Policy(permissions, public)
        return run

    return declare


def actor_of(request: HttpRequest) -> Actor | None:
    """The employee who is signed in, as an actor through this door; None for strangers."""
    if not hasattr(request, "_actor"):
        actor = None
        if request.user.is_authenticated and request.user.employee_id:
            found = people.actor_for(request.user.employee)
            actor = found.through("web", request.META.get("REMOTE_ADDR", "")) if found else None
        request._actor = actor
    return request._actor


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal: a toast for htmx and scripts (what was typed stays), else a page in plain words."""
    answer = _refused(request, refusal)
    for name, value in getattr(refusal, "headers", {}).items():
        answer.headers[name] = value
    return answer


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if request.headers.get("X-Requested-With") == "fetch":
        # Our own scripts show `detail` in a toast (js/core.js).
        return JsonResponse({"detail": str(refusal.message), "code": refusal.code}, status=refusal.status)
    if request.headers.get("HX-Request"):
        return toasts.attach(HttpResponse(status=refusal.status), refusal.message, kind="error")
    context = {"refusal": refusal, "status": refusal.status, "again": _what_was_sent(request, refusal)}
    return render(request, "refusal.html", context, status=refusal.status)


def _what_was_sent(request: HttpRequest, refusal: Refusal) -> list[tuple[str, str]]:
    """What a button "try again" sends once more, with its key: what was typed is not lost because others were quicker."""
    if not isinstance(refusal, busy.Busy) or request.method != "POST" or request.FILES:
        return []
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    return [] if any("password" in name for name, _value in sent) else sent


def server_error(request: HttpRequest) -> HttpResponse:
    """What no page caught: a database that is too busy is told as such, all else as an error of ours."""
    found = busy.find(sys.exc_info()[1])
    return refused(request, found) if found else defaults.server_error(request)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return refused(request, NotAllowed(_("这个账号没有关联在职员工，不能使用")))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": "/accounts/login/"})
    return redirect_to_login(request.get_full_path())
