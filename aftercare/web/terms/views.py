"""Trying the terms out: a serial number or a product, days and a fault in; the decision and why out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import access, queries, rules
from aftercare.foundation import clock
from aftercare.web.pages import choosers, fields
from aftercare.web.policy import actor_of, page

DAYS = ("sold_on", "invoiced_on", "delivered_on", "installed_on", "registered_on", "made_on")
TONES = {"free": "ok", "paid": "mute", "contract": "info", "claim": "violet", "goodwill": "warn"}
OUTCOMES = {"wins": _("采用"), "weaker": _("有更优先的条款"), "not_valid": _("起算日不在有效期内"), "no_start": _("没有起算日")}


class TryForm(forms.Form):
    """What one tries the terms with."""

    serial = fields.text(_("序列号或设备编号"), 60, help_text=_("按档案里的日期判定；下面填了的日期优先"))
    product = fields.Combo(_("产品"), "product", find=catalog.find_product, required=False, help_text=_("没有档案时选产品，再填日期"))
    on = fields.day(_("报修日期"), required=False)
    sold_on = fields.day(_("销售日期"), required=False)
    invoiced_on = fields.day(_("开票日期"), required=False)
    delivered_on = fields.day(_("交付日期"), required=False)
    installed_on = fields.day(_("安装日期"), required=False)
    registered_on = fields.day(_("登记日期"), required=False)
    made_on = fields.day(_("生产日期"), required=False)
    reading = forms.IntegerField(label=_("读数"), min_value=0, max_value=2_000_000_000, required=False)
    region = choosers.RegionCombo(_("区域"), required=False)
    fault = fields.Combo(_("故障"), "fault", find=lambda text: catalog.find_code("fault", text), required=False)
    cause = fields.Combo(_("故障原因"), "cause", find=lambda text: catalog.find_code("cause", text), required=False)


@page(access.VIEW)
def try_out(request: HttpRequest) -> HttpResponse:
    """The try-out panel; a GET, so that a case can be sent to a colleague as a link."""
    actor = actor_of(request)
    asked = bool(request.GET)
    form = TryForm(request.GET if asked else None)
    form.fields["product"].queryset = catalog.list_products(actor)
    for kind in ("fault", "cause"):
        form.fields[kind].queryset = catalog.list_codes(actor, kind)
    context: dict[str, Any] = {"form": form, "title": _t("试算保修"), "list_label": _t("保修条款"), "list_url": "/terms/"}
    if asked and form.is_valid():
        context |= _tried(form, actor)
    return render(request, "terms/try.html", context, status=422 if asked and form.errors else 200)


def _tried(form: TryForm, actor) -> dict[str, Any]:
    typed = form.cleaned_data
    unit = find_unit(typed["serial"], actor)
    if unit is None and typed["serial"]:
        form.add_error("serial", _t("没有找到这台设备"))
        return {}
    if unit is None and typed["product"] is None:
        form.add_error("product", _t("请填写序列号，或选择产品"))
        return {}
    now = clock.now()
    on = typed["on"] or (queries.local_day(unit, now) if unit else clock.local_day(now, actor.zone))
    days = {name: typed[name] for name in DAYS}
    if typed["reading"] is not None:
        days |= {"reading": typed["reading"], "read_on": on}
    codes = {code.pk: code.name for code in (typed["fault"], typed["cause"]) if code is not None}
    trial = queries.try_out(
        on=on, asset=unit, product=typed["product"], region_code=typed["region"].code if typed["region"] else "",
        days=days, job=rules.Job(codes=codes),
    )  # fmt: skip
    terms = [{"one": row, "outcome": OUTCOMES[row.outcome], "wins": row.outcome == "wins",
              "rule": queries.start_label(row.started_by) if row.started_by else ""} for row in trial.terms]
    return {
        "unit": unit, "on": on, "trial": trial, "terms": terms, **shown(trial.decision),
        "sentences": [{"label": get_language_info(code)["name_local"], "text": text, "lang": code} for code, text in trial.sentences.items()],
    }  # fmt: skip


def find_unit(text: str, actor):
    """The one unit of that serial number or number that he may see; None when there is none, or more than one."""
    if not text.strip():
        return None
    found = assets.find_by_serial(text, actor, limit=2) or list(assets.list_assets(actor).filter(number=text.strip().upper())[:1])
    return found[0] if len(found) == 1 else None


def shown(decision: rules.Decision) -> dict[str, Any]:
    """A decision as pages draw it: each kind of line with verdict, payers, term and end; reasons and flags in words."""
    words = {"parts": _t("配件"), "labour": _t("人工"), "travel": _t("上门")}
    lines = []
    for kind in rules.KINDS:
        line = decision.line(kind)
        shares = [f"{queries.payer_label(payer)} {percent}%" if percent < 100 else queries.payer_label(payer)
                  for payer, percent in line.shares]
        lines.append({"kind": words[kind], "verdict": queries.verdict_label(line.verdict), "tone": TONES[line.verdict],
                      "shares": " · ".join(shares), "term": line.term_name, "ends_on": line.ends_on})
    return {
        "decision": decision, "lines": lines,
        "components": [one | {"borne": queries.payer_label(one["payer"]) if one["is_active"] else ""} for one in decision.components], "class_label": queries.class_label(decision.service_class),
        "reasons": [queries.reason_text(row) for row in decision.reasons],
        "flags": [queries.reason_text(row) for row in decision.reasons if row["code"] in decision.flags],
    }  # fmt: skip
