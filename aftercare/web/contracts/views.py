"""A contract's page, its early end with what it brings, its printed form; a planned visit's page."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.entitlement import access, actions, queries
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as orders
from aftercare.flows import contract_money
from aftercare.foundation import clock
from aftercare.foundation.money import in_capitals
from aftercare.foundation.refusals import Refusal
from aftercare.web.contracts import document
from aftercare.web.contracts.moves import VISIT_MOVES
from aftercare.web.contracts.registers import VISIT_TONES, address_of
from aftercare.web.pages import buttons, fields, timelines
from aftercare.web.pages.edits import attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


@page(access.VIEW_CONTRACT)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What was agreed, what is left of it, what was done under it and what it earned."""
    actor = actor_of(request)
    return render(request, "contracts/contract.html", document.build(queries.get_contract(key, actor), actor))


class EndForm(forms.Form):
    """The last day that counts, and why."""

    last_on = fields.day(_("终止日"), help_text=_("含当日"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


@page(access.KEEP_CONTRACT)
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a contract early: first the day, then what it brings, then the confirmation."""
    actor = actor_of(request)
    contract = queries.get_contract(key, actor)
    today = clock.local_day(clock.now(), actor.zone)
    form = EndForm(request.POST if request.method == "POST" else request.GET or None, initial={"last_on": today})
    foreseen, refusal = None, ""
    if form.is_valid():
        try:
            foreseen = queries.foresee_end(contract, form.cleaned_data["last_on"])
            if request.method == "POST":
                return perform(request, f"contract.end:{key}", _ender(contract, form.cleaned_data), done=_t("合同已终止"))
        except Refusal as refused:
            refusal = attach(form, refused)
    context = {
        "title": _t("提前终止"), "list_label": contract.number, "list_url": address_of(contract), "form": form, "foreseen": foreseen,
        "contract": contract, "refusal": refusal,
    }
    return render(request, "contracts/end.html", context, status=422 if request.method == "POST" else 200)


def _ender(contract, cleaned):
    def act(*, actor, at) -> str:
        contract_money.end(contract, last_on=cleaned["last_on"], reason=cleaned["reason"], actor=actor, at=at)
        return address_of(contract)

    return act


@page(access.VIEW_CONTRACT)
def printed(request: HttpRequest, key: str) -> HttpResponse:
    """维保合同书: what both sides sign, on A4."""
    actor = actor_of(request)
    contract = queries.get_contract(key, actor)
    context = {
        "contract": contract, "title": f"{_t('维保合同')} {contract.number}", "size": "a4", "back_url": address_of(contract), "note": "A4",
        "phone": parties.shown_phone(contract.customer, actor), "capitals": in_capitals(contract.price_amount),
        "scopes": list(contract.scopes.select_related("asset", "asset__product", "category").order_by("pk")),
        "plans": list(contract.visit_rules.filter(is_active=True).select_related("work_type", "asset").order_by("pk")),
        "quotas": queries.quotas_of([contract.pk]).get(contract.pk, []), "instalments": queries.instalments_of(contract),
        "address": parties.shown_address(contract.customer, actor),
    }  # fmt: skip
    return render(request, "contracts/print_contract.html", context)


@page(access.VIEW_CONTRACT)
def instalment(request: HttpRequest, key: str) -> HttpResponse:
    """An instalment stands on its contract's page."""
    found = queries.get_instalment(key, actor_of(request))
    return HttpResponseRedirect(address_of(found.contract))


@page(access.VIEW_CONTRACT)
def visit(request: HttpRequest, key: str) -> HttpResponse:
    """A planned visit: when, for whom, what became of it."""
    actor = actor_of(request)
    found = queries.get_visit(fields.whole(key), actor)
    moves = VISIT_MOVES.buttons(found, actor)
    context = {
        "visit": found, "title": found.rule.title, "number": str(found.visit_on), "list_label": _t("计划保养"), "list_url": "/visits/",
        "status": {"label": found.get_status_display(), "tone": VISIT_TONES[found.status]}, "sub": found.contract.customer.name,
        "moves": [b for b in moves if not b["primary"]] + [b for b in moves if b["primary"]],
        "opens_on": found.visit_on - dt.timedelta(days=found.rule.lead_days), "phone": parties.shown_phone(found.contract.customer, actor),
        "order": orders.list_orders(actor).filter(number=found.order_number).first() if found.order_number else None,
        "events": timelines.events("entitlement.plannedvisit", found.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "contracts/visit.html", context)


def _remove_scope(key: str, scope_id: int, *, actor, at) -> str:
    contract = queries.get_contract(key, actor)
    actions.remove_scope(contract, scope_id, actor=actor, at=at)
    return address_of(contract)


def _stop_plan(key: str, rule_id: int, *, actor, at) -> str:
    contract = queries.get_contract(key, actor)
    actions.stop_visit_plan(contract, rule_id, reason=_t("停止保养计划"), actor=actor, at=at)
    return address_of(contract)


def _bill(instalment_id: int, *, actor, at) -> str:
    found = queries.get_instalment(instalment_id, actor)
    contract_money.bill_instalment(found, actor=actor, at=at)
    return address_of(found.contract)


remove_scope = buttons.view(access.KEEP_CONTRACT, "contract.remove_scope", _remove_scope, done=_("已去掉"))
stop_plan = buttons.view(access.KEEP_CONTRACT, "contract.stop_plan", _stop_plan, done=_("已停止"))
bill = buttons.view(access.BILL_CONTRACT, "contract.bill", _bill, done=_("已出账"))
