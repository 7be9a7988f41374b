"""Find what somebody comes for; hand it back with money and code in one step."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing import queries as bills
from aftercare.domain.custody import queries as receipts
from aftercare.domain.work import access
from aftercare.domain.work import queries as orders
from aftercare.flows import charging, hand_back, lend_loaner
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, WrongState
from aftercare.foundation.sources import Source
from aftercare.web.custody.registers import search
from aftercare.web.pages.edits import attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.work.moves import METHODS

SHOWN = 40


@page(access.HAND_OVER)
def find(request: HttpRequest) -> HttpResponse:
    """What is ready to be collected; a search for a single thing that is ready leads straight to its page."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    if text:
        held = list(search(receipts.list_custodies(actor, status="held"), text, actor).order_by("-id")[:SHOWN])
        known = orders.get_orders([one.source_id for one in held if one.source_kind == "work.workorder"], actor)
        rows = [{"custody": one, "order": known.get(one.source_id)} for one in held]
        ready = [row for row in rows if row["order"] is not None and row["order"].status == "repaired"]
        if len(rows) == 1 and ready:
            return redirect(f"/counter/{ready[0]['order'].number}/")
    else:
        waiting = list(orders.list_orders(actor, status="repaired").order_by("finished_at", "id")[:SHOWN])
        held_for = receipts.find_held_for_many("work.workorder", [order.pk for order in waiting])
        rows = [{"custody": held_for.get(order.pk), "order": order} for order in waiting]
    out = receipts.loans_out_for("work.workorder", [row["order"].pk for row in rows if row["order"] is not None]) if rows else {}
    for row in rows:
        row["loan"] = out.get(row["order"].pk) if row["order"] is not None else None
    context = {"title": _t("取件台"), "q": text, "rows": rows}
    return render(request, "counter/find.html", context)


class HandBackForm(forms.Form):
    """What is asked when a thing goes back."""

    code = forms.CharField(label=_("收条取件码"), max_length=20, required=False)
    returned_to = forms.CharField(label=_("取件人"), max_length=60)
    amount = forms.DecimalField(label=_("本次收款（元）"), min_value=0, decimal_places=2, max_digits=12, required=False)
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)
    no_receipt_reason = forms.CharField(label=_("没有收条时如何核实身份"), max_length=120, required=False)
    owed_reason = forms.CharField(label=_("挂账原因"), max_length=120, required=False)
    loaner_reason = forms.CharField(label=_("备用机还没收回，仍要交还的原因"), max_length=120, required=False)


@page(access.HAND_OVER)
def give(request: HttpRequest, key: str) -> HttpResponse:
    """The page on which a repaired thing goes back to its owner."""
    actor = actor_of(request)
    order = orders.get_order(key, actor)
    source = Source.of(order)
    held = receipts.find_held_for(source)
    owed = charging.owed(order)
    initial = {"returned_to": order.contact_name, "amount": owed or None, "method": "cash"}
    form = HandBackForm(request.POST if request.method == "POST" else None, initial=initial)
    loans = lend_loaner.loans_out(order)
    if not loans:
        del form.fields["loaner_reason"]
    refusal = ""
    if request.method == "GET" and order.status != "repaired":
        raise WrongState(_t("这张服务单现在是「%(state)s」，不能交还") % {"state": order.get_status_display()}, code="not_repaired")
    if request.method == "POST" and form.is_valid():
        try:
            return perform(request, f"counter.give:{order.number}", _giver(order, held, form.cleaned_data), done=_t("已交还"))
        except Refusal as refused:
            refusal = attach(form, refused)
    context = {
        "title": _t("收款交还"), "list_label": _t("取件台"), "list_url": "/counter/", "order": order, "custody": held,
        "form": form, "refusal": refusal, "submit": _t("收款并交还"), "bill": bills.find_bill(source), "owed": owed,
        "charges": bills.charges_of(source), "sections": [
            {"label": _t("核对取件人"), "fields": [{"field": form[n]} for n in ("code", "returned_to", "no_receipt_reason")]},
            {"label": _t("收款"), "fields": [{"field": form[n]} for n in ("amount", "method", "owed_reason")]},
            *([{"label": _t("备用机"), "fields": [{"field": form["loaner_reason"], "full": True}]}] if loans else []),
        ], "loans": loans,
    }  # fmt: skip
    return render(request, "counter/give.html", context, status=422 if request.method == "POST" else 200)


def _giver(order: Any, held: Any, cleaned: dict):
    def act(*, actor: Actor, at) -> str:
        given = {name: value for name, value in cleaned.items() if value not in (None, "")}
        amount = given.pop("amount", Decimal(0))
        done = hand_back.collect(order, amount=amount or None, actor=actor, at=at, **given)
        if done["custody"] is not None:
            return f"/custody/{done['custody'].number}/print/return/"
        return f"/orders/{order.number}/"

    return act
