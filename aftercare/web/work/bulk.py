"""One action for many orders: each row is its own write, and what came of each is told."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.journal import actions as journal
from aftercare.domain.people import queries as people
from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import ORDER
from aftercare.flows import moves as journeys
from aftercare.foundation import clock
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.web.policy import actor_of, page

MOST = 200
_MOVES = ("dispatch", "inspect", "audit")


class EngineerForm(forms.Form):
    """To whom the picked orders go."""

    engineer = forms.ChoiceField()


@page(access.VIEW)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Make the chosen move for every picked order; a dispatch asks for the engineer first."""
    actor = actor_of(request)
    name = request.POST.get("action", "")
    ids = [int(pk) for pk in request.POST.getlist("pk") if pk.isdigit()]
    if name not in _MOVES or not ids:
        raise RuleBroken(_("请先选择服务单和操作"), code="nothing_chosen")
    if len(ids) > MOST:
        raise RuleBroken(_("一次最多处理 %s 张") % MOST, code="too_many")
    actor.require_anywhere(ORDER.moves[name].permission)
    found = queries.get_orders(ids, actor)
    orders = [found[pk] for pk in ids if pk in found]
    context = {"title": ORDER.moves[name].label, "list_label": _("服务单"), "list_url": "/orders/", "move": name}
    inputs = {}
    if name == "dispatch":
        form = _engineer_form(orders, request)
        if not form.is_valid():
            return render(request, "work/bulk.html", context | {"rows": [(o, "", None) for o in orders], "form": form})
        inputs = {"engineer": form.cleaned_data["engineer"]}
    rows = [(order, *_make(request, order, name, actor, inputs)) for order in orders]
    good = sum(1 for _order, _text, ok in rows if ok)
    summary = _("%(good)s 张成功，%(bad)s 张没有办成") % {"good": good, "bad": len(rows) - good}
    return render(request, "work/bulk.html", context | {"rows": rows, "summary": summary})


def _engineer_form(orders: list, request: HttpRequest) -> forms.Form:
    form = EngineerForm(request.POST if request.POST.get("engineer") else None)
    branches = {pk for order in orders for pk in (order.branch_id, order.outlet_id) if pk}
    staff = people.list_engineers(branch_ids=branches)
    form.fields["engineer"].label = _("工程师")
    form.fields["engineer"].choices = [(e.number, f"{e.name} · {e.branch.name}") for e in staff]
    return form


def _make(request: HttpRequest, order, name: str, actor, inputs: dict) -> tuple[str, bool]:
    at, key = clock.now(), request.POST.get("idempotency_key", "")
    if not key:
        raise RuleBroken(_("表单缺少幂等键，请刷新页面后重试"), code="idempotency_key_required")

    def perform():
        moved = journeys.make(order, name, actor=actor, at=at, **inputs)
        return 200, str(moved.get_status_display()), {}

    try:
        _status, text, _headers, _again = journal.once(
            actor=actor,
            operation=f"web:orders.{name}:{order.number}",
            key=key[:100],
            at=at,
            request=journal.request_digest(name, str(order.pk), *inputs.values()),
            perform=perform,
        )
    except Refusal as refused:
        return str(refused.message), False
    return text, True
