"""Forms of quotes: a new one for an order, the company's rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import queries as people
from aftercare.domain.quotes import access, actions, queries
from aftercare.domain.work import queries as orders
from aftercare.flows import quoting
from aftercare.foundation import clock
from aftercare.foundation.refusals import Refusal
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage, attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


class QuoteForm(forms.Form):
    """What a quote says beside its lines."""

    lump_amount = fields.money(_("一口价（元）"), required=False, help_text=_("留空按下面的明细报价"))
    inspection_amount = fields.money(_("不修时的检测费（元）"), required=False)
    valid_days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=90)
    tax_note = fields.text(_("税费说明"), 120)
    note = fields.text(_("说明"), 500, rows=2)


@page(access.MAKE)
def new(request: HttpRequest, key: str) -> HttpResponse:
    """A quote for an order: its lines as foreseen, how long it holds, what is due if the customer refuses."""
    actor = actor_of(request)
    order = orders.get_order(key, actor)
    today = clock.local_day(clock.now(), actor.zone)
    limits = queries.rules_at(order.branch_id)
    initial = {"valid_days": limits.valid_days, "tax_note": limits.tax_note, "inspection_amount": quoting.inspection_fee(order, on=today)}
    form = QuoteForm(request.POST or None, initial=initial)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        def act(*, actor, at) -> str:
            return f"/quotes/{quoting.propose(order, actor=actor, at=at, **form.cleaned_data).number}/"

        try:
            return perform(request, f"quotes.new:{order.number}", act, done=_t("报价已发出"))
        except Refusal as refused:
            if refused.status in (403, 404):
                raise
            refusal = attach(form, refused)
    lines = quoting.preview(order, on=today)
    context = {
        "title": _t("报价"), "list_label": order.number, "list_url": f"/orders/{order.number}/", "form": form, "refusal": refusal,
        "submit": _t("发出报价"), "lines": lines, "total": sum((line.customer_amount for line in lines), start=0), "order": order,
        "sections": [{"label": _t("报价条件"), "fields": [{"field": form[n], "full": n == "note"} for n in form.fields]}],
    }  # fmt: skip
    return render(request, "quotes/new.html", context, status=422 if request.method == "POST" else 200)


class PolicyForm(fields.RowForm):
    """The rules for quotes, of the company or of one branch."""

    branch = fields.row(_("机构"), help_text=_("留空为全公司"))
    free_limit_amount = fields.money(_("免报价限额（元）"), required=False, help_text=_("客户应付超过它，须先取得同意；留空不限"))
    valid_days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=90, initial=15)
    inspection_amount = fields.money(_("不修时的检测费（元）"), required=False, help_text=_("留空按收费标准"))
    tax_note = fields.text(_("税费说明"), 120)
    at_start = forms.ChoiceField(
        label=_("未经同意就开工"), choices=queries.AT_START, initial="off",
        help_text=_("收费的活在客户同意报价之前到达或开始修理；限额以内不问，不设限额时凡收费都要同意"),
    )  # fmt: skip

    def fit(self):
        self.fields["branch"].queryset = people.list_branches(self.actor)
        if self.row is not None:
            del self.fields["branch"]

    def start(self):
        return {"valid_days": 15, "at_start": "off"} if self.row is None else super().start()


def load_policy(key: str, actor: Any):
    """These rules."""
    return fields.one(queries.list_policies(actor), pk=fields.whole(key))


def save_policy(row: Any, cleaned: dict, *, actor, at, version) -> str:
    """Set the rules."""
    branch = cleaned.pop("branch", None)
    branch_id = row.branch_id if row is not None else branch.pk if branch else None
    actions.set_policy(branch_id=branch_id, version=version, actor=actor, at=at, **fields.values(cleaned))
    return "/quotes/rules/"


POLICY = EditPage(
    name="quote_policy", title=_("报价规则"), permission=access.SET_POLICY, list_label=_("报价规则"), list_url="/quotes/rules/",
    form=PolicyForm.build, save=save_policy, load=load_policy,
    sections=((_("规则"), ("branch", "free_limit_amount", "valid_days", "inspection_amount", "tax_note", "at_start")),),
)  # fmt: skip


@page(access.VIEW)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force: the company's and those of branches."""
    actor = actor_of(request)
    context = {"title": _t("报价规则"), "rows": list(queries.list_policies(actor)), "may_set": actor.holds(access.SET_POLICY)}
    return render(request, "quotes/rules.html", context)
