"""A call-back's page and its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aftercare.domain.feedback import access, actions, queries
from aftercare.domain.feedback.lifecycle import CALLBACK
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as orders
from aftercare.flows import answer_callback
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Invalid, Refusal
from aftercare.web import toasts
from aftercare.web.callbacks.registers import ASPECTS, LEVELS, TONES, address_of
from aftercare.web.pages import timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page

MOVES = MoveDoor(
    slug="callbacks",
    lifecycle=CALLBACK,
    load=queries.get_callback,
    address=address_of,
    # The answer has a form of its own on the page.
    runs={"miss": actions.miss, "give_up": actions.give_up, "cancel": actions.cancel},
    asks={"reason": lambda actor, row: forms.CharField(label=_("事由"), max_length=200)},
)


@page(access.VIEW)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Whom to call about what, with the form for what he says; POST writes the answer."""
    actor = actor_of(request)
    callback = queries.get_callback(key, actor)
    refusal, wrong = "", {}
    if request.method == "POST":
        try:
            return perform(request, f"callbacks.answer:{key}", _answerer(request, callback), done=_t("已登记回访"))
        except Refusal as refused:
            if refused.status in (403, 404):
                raise
            refusal, wrong = str(refused.message), refused.errors if isinstance(refused, Invalid) else {}
    context = _build(callback, actor) | {"refusal": refusal, "typed": request.POST}
    given = request.POST if request.method == "POST" else {a: getattr(callback, a) for a, _label in ASPECTS}
    context["aspects"] = [
        {"name": name, "label": label, "value": given.get(name), "wrong": name in wrong} for name, label in ASPECTS
    ]
    return render(request, "callbacks/callback.html", context, status=422 if refusal else 200)


def _answerer(request: HttpRequest, callback: Any):
    def act(*, actor: Actor, at) -> str:
        scores = {name: _level(request.POST.get(name, "")) for name, _label in ASPECTS}
        version = request.POST.get("version", "")
        done = answer_callback.answer(
            callback, comment=request.POST.get("comment", "").strip(), version=int(version) if version.isdigit() else None,
            actor=actor, at=at, **scores,
        )
        if done["complaint"] is not None:
            toasts.add(request, _t("客户不满意，已转投诉 %(number)s") % {"number": done["complaint"].number}, kind="error")
        return address_of(callback)

    return act


def _level(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _build(callback: Any, actor: Actor) -> dict:
    order = None
    if callback.source_kind == "work.workorder":
        order = orders.get_orders([callback.source_id], actor).get(callback.source_id)
    phone = callback.customer.phone if parties.may_unmask(callback.customer, actor) else ""
    people = (callback.engineer_id,)
    may_answer = (
        callback.status in ("open", "unreached") and callback.engineer_id != actor.employee_id
        and actor.may(access.ANSWER, branch_id=callback.branch_id, people=people)
    )  # fmt: skip
    return {
        "callback": callback, "title": callback.subject or _t("回访"), "number": callback.number, "list_label": _t("回访"),
        "list_url": "/callbacks/", "status": {"label": callback.get_status_display(), "tone": TONES[callback.status]},
        "due": callback.due_at if callback.status == "open" else None, "order": order, "phone": phone, "now": clock.now(),
        "shown_phone": parties.shown_phone(callback.customer, actor), "levels": LEVELS, "may_answer": may_answer,
        "sub": _t("已拨打 %(n)s 次") % {"n": callback.tries} if callback.tries else "",
        "moves": MOVES.buttons(callback, actor), "zone": actor.zone,
        "facts": _facts(order) if order else [],
        "events": timelines.events("feedback.callback", callback.pk, zone_name=actor.zone),
    }  # fmt: skip


def _facts(order: Any) -> list[dict]:
    rows = [
        (_t("产品"), order.product.name if order.product_id else ""), (_t("工程师"), order.engineer.name if order.engineer_id else ""),
        (_t("登记"), order.created_at), (_t("到达"), order.arrived_at), (_t("完工"), order.finished_at),
        (_t("处理说明"), order.findings), (_t("应收"), order.amount),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows]
