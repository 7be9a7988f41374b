"""Forms by which a thing leaves: a loaner to a customer, a tool or paper to an employee, all of somebody to his successor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.custody import access, actions, queries
from aftercare.domain.custody.rules import calculate_deposit
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import keep_things, lend_loaner
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, Refusal
from aftercare.web.custody.things import CALIBRATION, holding_url
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage, attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.work.moves import METHODS


def customer_field(actor: Actor) -> forms.Field:
    """A customer, searched while one types."""
    def find(text: str) -> Any:
        return parties.list_customers(actor).filter(number=text).first() or next(iter(parties.identify(text, actor, 1).customers), None)

    field = fields.Combo(_("客户"), "customer", find=find)
    field.queryset = parties.list_customers(actor)
    return field


def employee_field(actor: Actor, label: Any) -> forms.Field:
    """An employee, searched while one types."""
    def find(text: str) -> Any:
        return people.list_employees(actor).filter(number=text).first() or people.list_employees(actor).filter(name=text).first()

    field = fields.Combo(label, "employee", find=find)
    field.queryset = people.list_employees(actor)
    return field


class LoanForm(forms.Form):
    """Which loaner, to whom, until when, with which deposit."""

    loaner = forms.ChoiceField(label=_("备用机"))
    customer = forms.CharField()
    due_on = fields.day(_("应还日期"))
    out_state = fields.text(_("借出时成色"), 200, help_text=_("留空用登记的成色"))
    deposit_amount = fields.money(_("押金（元）"), required=False, help_text=_("留空按规则；填 0 不收"))
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS)
    note = fields.text(_("备注"), 500, rows=2)

    def __init__(self, data: Any, *, actor: Actor, free: list, initial: dict) -> None:
        super().__init__(data, initial=initial)
        self.fields["customer"] = customer_field(actor)
        self.fields["loaner"].choices = [(one.number, _told(one)) for one in free]


def _told(one: Any) -> str:
    deposit = calculate_deposit(queries.rule_at(one.branch_id), one.value_amount, one.deposit_amount)
    return _t("%(number)s %(product)s %(serial)s · 押金 %(deposit)s") % {
        "number": one.number, "product": one.product.name, "serial": one.serial, "deposit": deposit}


def _document(request: HttpRequest, actor: Actor) -> Any:
    given = request.POST if request.method == "POST" else request.GET
    if number := given.get("order", ""):
        return orders.get_order(number, actor)
    if number := given.get("custody", ""):
        return queries.get_custody(number, actor)
    return None


@page(access.LEND)
def lend(request: HttpRequest) -> HttpResponse:
    """Lend a loaner: what is free now, best match first, and when the others come back."""
    actor = actor_of(request)
    document = _document(request, actor)
    product = _product_of(document)
    free = queries.list_free_loaners(actor, product=product)
    wanted = request.GET.get("loaner", "")
    chosen = next((one for one in free if one.number == wanted), free[0] if free else None)
    days = queries.rule_at(chosen.branch_id if chosen else actor.branch_id or 0).loan_days
    initial = {
        "loaner": chosen.number if chosen else "", "customer": getattr(document, "customer_id", None), "method": "cash",
        "due_on": clock.local_day(clock.now(), actor.zone) + dt.timedelta(days=days),
    }
    form = LoanForm(request.POST if request.method == "POST" else None, actor=actor, free=free, initial=initial)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            return perform(request, "loans.new", _lender(form.cleaned_data, document), done=_t("已出借"))
        except Refusal as refused:
            if refused.status in (403, 404):
                raise
            refusal = attach(form, refused)
    out = list(queries.list_loaners(actor, status="lent").order_by("holding__due_on", "id")[:20])
    context = {
        "title": _t("出借备用机"), "list_label": _t("备用机"), "list_url": "/loaners/", "form": form, "refusal": refusal,
        "submit": _t("收押金并出借"), "document": document, "free": free, "out": out, "product": product,
        "sections": [
            {"label": _t("备用机与客户"), "fields": [{"field": form[n]} for n in ("loaner", "customer", "due_on", "out_state")]},
            {"label": _t("押金"), "fields": [{"field": form[n], "full": n == "note"} for n in ("deposit_amount", "method", "note")]},
        ],
    }  # fmt: skip
    return render(request, "custody/lend.html", context, status=422 if request.method == "POST" else 200)


def _product_of(document: Any) -> Any:
    if document is None:
        return None
    asset = document.asset if document.asset_id else None
    return asset.product if asset is not None else getattr(document, "product", None)


def _lender(cleaned: dict, document: Any):
    def act(*, actor: Actor, at) -> str:
        given = dict(cleaned)
        loaner = queries.get_loaner(given.pop("loaner"), actor)
        return holding_url(lend_loaner.lend(loaner, document=document, actor=actor, at=at, **given))

    return act


class GivingForm(fields.RowForm):
    """To whom a tool or paper is given."""

    employee = forms.CharField()
    due_on = fields.day(_("应还日期"), required=False)
    out_state = fields.text(_("发出时成色"), 200)
    note = fields.text(_("备注"), 500, rows=2)

    def start(self):
        return {"version": self.row.version}

    def fit(self):
        is_tool = self.row.kind == "custody.tool"
        first = employee_field(self.actor, _("领用人") if is_tool else _("借阅人"))
        self.fields = {"employee": first, **{name: field for name, field in self.fields.items() if name != "employee"}}
        rule = queries.rule_at(self.row.branch_id)
        if is_tool:
            self.fields["due_on"].help_text = _("留空为长期领用")
            state = queries.calibration_of(self.row, clock.local_day(clock.now(), self.actor.zone))
            if state in ("soon", "expired", "missing"):
                self.fields["employee"].help_text = _t("校准%(state)s：%(day)s") % {
                    "state": CALIBRATION[state][0], "day": self.row.calibrated_to or "—"}
        else:
            del self.fields["out_state"]
            self.fields["due_on"].help_text = _t("留空为 %(n)s 天后") % {"n": rule.paper_days}


def _save(run):
    def save(row, cleaned, *, actor, at, version):
        return holding_url(run(row, version=version, actor=actor, at=at, **fields.values(cleaned)))

    return save


ISSUE = EditPage(
    name="tool_issue", title=_("发放"), permission=access.LEND, list_label=_("工具仪器"), list_url="/tools/", form=GivingForm.build,
    save=_save(actions.issue_tool), load=queries.get_tool, done=_("已发放"),
)  # fmt: skip
BORROW = EditPage(
    name="paper_lend", title=_("借阅"), permission=access.LEND, list_label=_("借阅资料"), list_url="/papers/", form=GivingForm.build,
    save=_save(actions.lend_paper), load=queries.get_paper, done=_("已借出"),
)  # fmt: skip


class HandOverForm(forms.Form):
    """To whom all goes, or what is ticked."""

    note = fields.text(_("移交说明"), 200)

    def __init__(self, data: Any, *, actor: Actor, rows: list) -> None:
        super().__init__(data)
        self.fields = {"successor": employee_field(actor, _("接收人")), **self.fields}
        self.rows = rows


@page(access.VIEW_THINGS)
def in_hands(request: HttpRequest, key: str) -> HttpResponse:
    """What an employee has of the company's, and all of it to his successor in one act."""
    actor = actor_of(request)
    employee = people.get_employee(key, actor)
    rows = _in_hands(employee, actor)
    form = HandOverForm(request.POST if request.method == "POST" else None, actor=actor, rows=rows)
    refusal = ""
    if request.method == "POST" and not actor.holds(access.LEND):
        raise NotFound("")
    if request.method == "POST" and form.is_valid():
        numbers = request.POST.getlist("number")

        def act(*, actor: Actor, at) -> str:
            keep_things.hand_over_all(employee, successor=form.cleaned_data["successor"], numbers=numbers, note=form.cleaned_data["note"],
                                      actor=actor, at=at)
            return f"/employees/{employee.number}/things/"

        try:
            return perform(request, f"hand_over:{employee.number}", act, done=_t("已移交"))
        except Refusal as refused:
            if refused.status in (403, 404):
                raise
            refusal = attach(form, refused)
    context = {
        "title": _t("%(name)s 手里的物品") % {"name": employee.name}, "employee": employee, "rows": rows, "form": form,
        "refusal": refusal, "may_hand_over": actor.holds(access.LEND) and bool(rows), "today": clock.local_day(clock.now(), actor.zone),
        "zone": actor.zone, "chosen": request.POST.getlist("number") if request.method == "POST" else [row.number for row in rows],
    }  # fmt: skip
    return render(request, "custody/in_hands.html", context, status=422 if request.method == "POST" else 200)


def _in_hands(employee: Any, actor: Actor) -> list:
    """Rows the reader may see of what that employee has."""
    return list(queries.list_holdings(actor, employee_id=employee.pk, status="out").order_by("out_at", "id")[:500])


@page(access.VIEW_THINGS)
def in_hands_sheet(request: HttpRequest, key: str) -> HttpResponse:
    """移交清单 on A4: what an employee has, to be signed by both."""
    actor = actor_of(request)
    employee = people.get_employee(key, actor)
    context = {
        "title": f"{_t('物品移交清单')} {employee.number}", "heading": _t("物品移交清单"), "size": "a4", "note": "A4", "employee": employee,
        "rows": _in_hands(employee, actor), "back_url": f"/employees/{employee.number}/things/", "zone": actor.zone,
        "day": clock.local_day(clock.now(), actor.zone),
    }  # fmt: skip
    return render(request, "custody/print_in_hands.html", context)
