"""A write from a page: done once for its idempotency key, in one place for every form and button."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from aftercare.domain.journal import actions as journal
from aftercare.foundation import clock
from aftercare.foundation.refusals import RuleBroken
from aftercare.web import toasts
from aftercare.web.policy import actor_of

# Fields that differ between two submissions of the same intent.
_PASSING = {"csrfmiddlewaretoken", "idempotency_key", "claimed_at", "position"}


def perform(request: HttpRequest, operation: str, act: Callable[..., str], *, done: str = "") -> HttpResponse:
    """Run `act(actor=…, at=…)`, which answers the address to go on with, once for the form's key.

    The same form sent twice (double click, back button, lost answer) is answered with the first address.
    """
    actor, at = actor_of(request), clock.now()
    key = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    if not key:
        raise RuleBroken(_("表单缺少幂等键，请刷新页面后重试"), code="idempotency_key_required")
    fields = [f"{name}={request.POST.getlist(name)}" for name in sorted(request.POST) if name not in _PASSING]
    _status, address, _headers, was_replay = journal.once(
        actor=actor,
        operation=f"web:{operation}"[:120],
        key=key[:100],
        at=at,
        request=journal.request_digest(request.path, *fields),
        perform=lambda: (303, act(actor=actor, at=at), {}),
    )
    if done and not was_replay:
        toasts.add(request, done)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)
