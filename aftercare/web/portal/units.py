"""The QR label of a unit: the customer's request page, or the unit's own page for who is signed in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aftercare.domain.assets import access as units
from aftercare.domain.assets import queries as assets
from aftercare.domain.people import queries as people
from aftercare.flows import request_by_label
from aftercare.foundation import clock, throttling
from aftercare.web.policy import actor_of
from aftercare.web.portal.entrance import address_of, closed, languages, miss, portal

_DAY = dt.timedelta(days=1)
# A family reports a fault twice, a shop some more; a machine reports hundreds.
_PER_PHONE, _PER_UNIT, _PER_ADDRESS = 3, 6, 30


class RequestForm(forms.Form):
    """A telephone number and what is wrong. `website` is seen by machines only: who fills it in is one."""

    name = forms.CharField(label=gettext_lazy("怎么称呼您"), max_length=40, required=False)
    phone = forms.RegexField(
        r"^[0-9+][0-9 -]{5,19}$", label=gettext_lazy("联系电话"), max_length=20,
        error_messages={"invalid": gettext_lazy("请填写能联系到您的电话")},
    )
    text = forms.CharField(label=gettext_lazy("出了什么问题"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    website = forms.CharField(required=False, max_length=200)


@portal
@require_http_methods(["GET", "HEAD", "POST"])
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """Where a scanned label leads: engineers to their page of the unit, the office to its file, everybody else to a request."""
    unit = assets.find_by_token(token)
    actor = actor_of(request)
    if actor is not None and actor.holds(units.VIEW):
        return _to_staff_page(unit, token, actor)
    if unit is None:
        return miss(request)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _register(request, unit, form.cleaned_data, token)
    context = {
        "title": _("报修"), "unit": unit, "form": form, "langs": languages(request), "branch": unit.branch,
        "done": request.GET.get("no", "")[:24] if request.GET.get("done") else "", "is_done": bool(request.GET.get("done")),
    }
    return render(request, "portal/unit.html", context, status=422 if request.method == "POST" else 200)


def _to_staff_page(found: Any, token: str, actor: Any) -> HttpResponse:
    if found is not None and actor.holds("work.perform"):
        # Whoever stands before the unit may know its number; what he sees of it his own page decides.
        return redirect(f"/field/scan/?q={found.serial or found.number}")
    return redirect(f"/assets/{assets.get_asset(found.number if found else token, actor).number}/")


def _register(request: HttpRequest, unit: Any, typed: dict, token: str) -> HttpResponse:
    at = clock.now()
    phone = "".join(ch for ch in typed["phone"] if ch.isdigit() or ch == "+")
    keys = ((f"request-phone:{phone}", _PER_PHONE), (f"request-unit:{unit.pk}", _PER_UNIT),
            (f"request-address:{address_of(request)}", _PER_ADDRESS))
    if typed["website"]:
        return HttpResponseRedirect(f"/u/{token}/?done=1", status=303)  # a machine is told what it wants to hear
    if not all([throttling.hit(key, limit=limit, per=_DAY, at=at) for key, limit in keys]):
        return closed(request, _("今天已收到多次报修"), status=429, hint=_("我们会尽快联系您，急事请拨打服务热线。"))
    contact = request_by_label.register(
        unit, phone=phone, name=typed["name"].strip(), text=typed["text"].strip(), address=address_of(request),
        zone=people.zone_of(unit.branch_id), at=at,
    )
    return HttpResponseRedirect(f"/u/{token}/?done=1&no={contact.number}", status=303)
