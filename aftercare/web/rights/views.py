"""A rule with its try-out panel, loading the sets, a claim's page and its form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import access, actions, queries
from aftercare.domain.entitlement.lifecycle import RIGHT, RIGHT_RULE
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.domain.work import queries as orders
from aftercare.flows import ask_rights, claim_rights
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal
from aftercare.web import toasts
from aftercare.web.pages import fields, timelines
from aftercare.web.pages.edits import attach
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.rights import shown
from aftercare.web.rights.forms import ClaimForm, TryForm, exclusion_choices, load_rule, proof_choices, several
from aftercare.web.rights.registers import RULE_TONES, claim_address, remedies, rule_address, source
from aftercare.web.terms.registers import span


def _reason(actor: Actor, row: Any) -> forms.Field:
    return fields.text(_("原因"), 500, required=True, rows=2)


RULE_MOVES = MoveDoor(
    slug="rights", lifecycle=RIGHT_RULE, load=load_rule, address=rule_address,
    runs={"check_rule": actions.check_rule, "reopen_rule": actions.reopen_rule}, asks={"reason": _reason},
)
CLAIM_MOVES = MoveDoor(
    slug="right-claims", lifecycle=RIGHT, load=queries.get_right_claim, address=claim_address,
    runs={"grant_right": claim_rights.grant, "refuse_right": claim_rights.refuse, "add_evidence": claim_rights.add_evidence,
          "finish_right": actions.finish_right, "withdraw_right": actions.withdraw_right},
    asks={
        "reason": _reason,
        "reply": lambda actor, row: fields.text(_("对客户的答复"), 500, required=True, rows=2),
        "note": lambda actor, row: fields.text(_("办理结果"), 300, required=True, rows=2),
        "proofs": lambda actor, row: several(_("已出示凭证"), proof_choices, initial=row.proofs),
        "exclusions": lambda actor, row: several(_("检测认定的情形"), exclusion_choices, initial=row.exclusions),
    },
    more={"add_evidence": ("proofs", "exclusions")},
)


@page(access.VIEW)
def show_rule(request: HttpRequest, key: str) -> HttpResponse:
    """A rule, who checked it, and a panel to try it out on a made-up case."""
    actor = actor_of(request)
    rule = load_rule(key, actor)
    today = clock.local_day(clock.now(), actor.zone)
    asked = "start" in request.GET
    form = TryForm(request.GET if asked else None, initial={"start": today, "on": today, "proofs": list(rule.proofs)}, auto_id="try_%s")
    tried = shown.rows_of(queries.try_right_rule(rule, **_given(form))) if asked and form.is_valid() else []
    context = {
        "title": rule.name, "number": f"#{rule.pk}", "list_label": _t("三包规则"), "list_url": "/rights/",
        "status": {"label": rule.get_status_display(), "tone": RULE_TONES[rule.status]}, "rule": rule,
        "moves": RULE_MOVES.buttons(rule, actor), "facts": _rule_facts(rule), "form": form,
        "tried": [row for row in tried if row["remedy"] in rule.remedies],
        "may_edit": actor.holds(access.EDIT_RIGHT_RULE), "zone": actor.zone, "now": clock.now(),
        "events": timelines.events("entitlement.rightrule", rule.pk, zone_name=actor.zone),
    }
    return render(request, "rights/rule.html", context)


def _given(form: forms.Form) -> dict:
    return {name: value for name, value in form.cleaned_data.items() if value is not None}


def _rule_facts(rule: Any) -> list[dict]:
    proofs, exclusions = queries.proof_labels(), queries.exclusion_labels()
    joined = _t("、").join
    shown_facts = [
        (_t("依据"), source(rule)), (_t("品类"), rule.category.name if rule.category_id else _t("全部")),
        (_t("情形"), rule.get_kind_of_display()), (_t("可以主张"), remedies(rule)),
        (_t("期限"), _t("自%(rule)s起 %(length)s") % {"rule": rule.get_starts_display(), "length": span(rule) or "—"}),
        (_t("修理次数"), rule.repairs if rule.kind_of == "repeat" else ""),
        (_t("修理期限（天）"), rule.limit_days or ""), (_t("主要部件"), joined(rule.components)),
        (_t("日折旧率（%）"), rule.day_rate if rule.day_rate is not None else ""),
        (_t("所需凭证"), joined(proofs[one] for one in rule.proofs if one in proofs)),
        (_t("丧失权利的情形"), joined(exclusions[one] for one in rule.exclusions if one in exclusions)),
        (_t("扣除修理占用时间"), _t("是") if rule.is_put_off else _t("否")),
        (_t("有效期"), f"{rule.valid_from} – {rule.valid_to}" if rule.valid_to else _t("%(day)s 起") % {"day": rule.valid_from}),
        (_t("核对"), f"{rule.checked_by} {rule.checked_at:%Y-%m-%d}" if rule.checked_at else ""), (_t("备注"), rule.note),
    ]
    return [{"label": label, "value": value} for label, value in shown_facts if value not in ("", None)]


@page(access.EDIT_RIGHT_RULE)
@require_http_methods(["GET", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """GET tells which sets come with the product; POST loads them, and says which goods have no category here."""
    if request.method == "POST":
        def act(*, actor: Actor, at) -> str:
            made, left = claim_rights.load_sets(actor=actor, at=at)
            toasts.add(request, _t("新装入 %(n)s 条规则，使用前请逐条核对") % {"n": len(made)})
            if left:
                toasts.add(request, _t("没有对应品类，未装入：%(names)s") % {"names": _t("、").join(left)}, kind="error")
            return "/rights/?tab=draft"

        return perform(request, "rights.load", act)
    rows = [
        {"law": one["law"], "issued": one["issued"], "goods": _t("、").join(g["name"] for g in one["goods"] if g["name"]) or _t("全部"),
         "rules": len(one["rules"])}
        for one in queries.right_sets()
    ]
    return render(request, "rights/load.html", {"sets": rows})


@page(access.VIEW_RIGHT)
def show_claim(request: HttpRequest, key: str) -> HttpResponse:
    """What was asked, what the rules say for that day, what we answered."""
    actor = actor_of(request)
    claim = queries.get_right_claim(key, actor)
    answer = rules.Answer.from_data(claim.ruling)
    if claim.status == "claimed":
        answer = ask_rights.for_claim(claim, zone=actor.zone)
    rows = shown.rows_of(answer)
    proofs, exclusions = queries.proof_labels(), queries.exclusion_labels()
    told = [
        (_t("客户陈述"), claim.told), (_t("提出人"), claim.claimant), (_t("提出日期"), claim.claimed_on),
        (_t("本次故障"), claim.fault.name if claim.fault_id else ""), (_t("故障部件"), claim.component),
        (_t("已出示凭证"), _t("、").join(proofs.get(one, one) for one in claim.proofs)),
        (_t("检测认定的情形"), _t("、").join(exclusions.get(one, one) for one in claim.exclusions)),
        (_t("远程购买"), _t("是") if claim.is_distance else ""), (_t("发票价格"), claim.price_amount), (_t("折旧费"), claim.fee_amount),
        (_t("登记人"), claim.claimed_by),
    ]
    context = {
        "title": _t("要求%(remedy)s") % {"remedy": claim.get_remedy_display()}, "number": claim.number, "list_label": _t("三包诉求"),
        "list_url": "/right-claims/", "status": {"label": claim.get_status_display(), "tone": shown.STATUS_TONES[claim.status]},
        "claim": claim, "moves": sorted(CLAIM_MOVES.buttons(claim, actor), key=lambda button: button["primary"]), "asked": next(r for r in rows if r["remedy"] == claim.remedy),
        "others": [r for r in rows if r["remedy"] != claim.remedy], "answer": answer, "zone": actor.zone, "now": clock.now(),
        "facts": [{"label": label, "value": value} for label, value in told if value not in ("", None)],
        "events": timelines.events("entitlement.rightclaim", claim.pk, zone_name=actor.zone),
    }
    return render(request, "rights/claim.html", context)


@page(access.CLAIM_RIGHT)
@require_http_methods(["GET", "POST"])
def new_claim(request: HttpRequest) -> HttpResponse:
    """The form for a claim on a unit (`?asset=`) or from an order (`?order=`); a refusal keeps what was typed."""
    actor = actor_of(request)
    order = orders.get_order(request.GET["order"], actor) if request.GET.get("order") else None
    number = order.asset.number if order is not None and order.asset_id else request.GET.get("asset", "")
    unit = assets.get_asset(number, actor)
    today = clock.local_day(clock.now(), actor.zone)
    # An answer as of today stands beside the form.
    answer = ask_rights.for_order(order, on=today, zone=actor.zone) if order else ask_rights.for_unit(unit, on=today, zone=actor.zone)
    best = answer.best
    form = ClaimForm(request.POST if request.method == "POST" else None, initial={
        "claimed_on": today, "remedy": request.GET.get("remedy") or (best.remedy if best else "repair"),
        "fault": order.fault_id if order else None, "claimant": unit.customer.name if unit.customer_id else "",
        "proofs": ["invoice"] if unit.invoice_number else [],
    })
    choices = shown.faults_of(unit, actor)
    form.fields["fault"].choices = [("", "—"), *choices]
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            return perform(request, f"rights.claim:{unit.number}", _claimer(unit, order, form, request), done=_t("已登记"))
        except Refusal as refused:
            refusal = attach(form, refused)
    context = {
        "title": _t("登记三包诉求"), "list_label": unit.number, "list_url": f"/assets/{unit.number}/", "form": form, "refusal": refusal,
        "unit": unit, "order": order, "rows": shown.rows_of(answer), "on": today, "submit": _t("登记诉求"),
        "sections": [
            {"label": _t("诉求"), "fields": [{"field": form[n], "full": n == "told"} for n in
                                            ("remedy", "claimed_on", "fault", "component", "claimant", "price", "told", "is_distance")]},
            {"label": _t("凭证与检测"), "fields": [{"field": form[n], "full": True} for n in ("proofs", "exclusions")]},
        ],
    }
    return render(request, "rights/claim_form.html", context, status=422 if request.method == "POST" else 200)


def _claimer(unit: Any, order: Any, form: forms.Form, request: HttpRequest):
    given = dict(form.cleaned_data)
    fault = given.pop("fault")

    def act(*, actor: Actor, at) -> str:
        claim = claim_rights.claim(unit, order=order, fault=catalog.get_code(fault, actor) if fault else None, actor=actor, at=at, **given)
        return claim_address(claim)

    return act
