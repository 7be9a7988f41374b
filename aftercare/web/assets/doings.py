"""What people do on a unit's page: hand over, exchange, read the counter, write in its warranty ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aftercare.domain.assets import access as units
from aftercare.domain.assets import actions, queries
from aftercare.domain.entitlement import access as covers
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as decisions
from aftercare.domain.parties import queries as parties
from aftercare.flows import exchange_unit, sell_warranty
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound, Refusal
from aftercare.web.assets.registers import address_of
from aftercare.web.bills.registers import METHODS
from aftercare.web.pages import choosers, fields
from aftercare.web.pages.edits import attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


class TransferForm(forms.Form):
    """To whom the unit goes over, and when."""

    customer = choosers.CustomerCombo(_("新客户"), help_text=_("姓名、电话或客户编号；先建档再过户"))
    on = fields.day(_("过户日期"))
    reason = fields.text(_("说明"), 200)


class ExchangeForm(forms.Form):
    """The unit given for this one."""

    new_serial = fields.text(_("新机序列号"), 60, required=True)
    on = fields.day(_("换机日期"))
    reason = fields.text(_("理由"), 200, required=True)


class ReadingForm(forms.Form):
    """What the counter shows."""

    value = forms.IntegerField(label=_("读数"), min_value=0, max_value=2_000_000_000)
    on = fields.day(_("读数日期"))
    note = fields.text(_("说明"), 200)


class BaseForm(forms.Form):
    """The base cover by the terms."""

    reason = fields.text(_("说明"), 200, help_text=_("按现在的条款和日期登记；日期改过的会冲销重登"))


class SaleForm(forms.Form):
    """An extension sold."""

    term = fields.row(_("延保产品"), required=True)
    sold_on = fields.day(_("购买日期"))
    evidence = fields.text(_("收据或发票号"), 200, required=True)
    price_amount = fields.money(_("售价"), required=False, help_text=_("不填按产品定价；售价记入客户应收"))
    collect = fields.money(_("现收"), required=False, help_text=_("客户当场付的；不填以后收"))
    method = forms.ChoiceField(label=_("收款方式"), choices=METHODS, required=False)


class UndoForm(forms.Form):
    """Why an exchange is taken back."""

    reason = fields.text(_("理由"), 200, required=True)


class GoodwillForm(forms.Form):
    """Free service for some days."""

    starts_on = fields.day(_("起"))
    ends_on = fields.day(_("止"))
    reason = fields.text(_("理由"), 200, required=True)


class EndForm(forms.Form):
    """Another last day."""

    ends_on = fields.day(_("新的到期日"))
    reason = fields.text(_("理由"), 200, required=True)


class ReversalForm(forms.Form):
    """Why a line is taken back."""

    reason = fields.text(_("理由"), 200, required=True)


def _transfer(unit, given, **who):
    customer = parties.get_customer(given.pop("customer"), who["actor"])
    actions.change_owner(unit, customer=customer, **given, **who)


def _read(unit, given, **who):
    actions.add_reading(unit, **given, **who)


def _sell(unit, given, **who):
    sell_warranty.sell(unit, given.pop("term"), **given, **who)


# Name in the address: label, permission, form, what it does, the button is a danger.
DOINGS: dict[str, tuple[Any, str, type[forms.Form], Callable[..., Any], bool]] = {
    "transfer": (_("过户"), units.EDIT, TransferForm, _transfer, False),
    "exchange": (_("换机"), units.EDIT, ExchangeForm, lambda u, g, **w: exchange_unit.exchange(u, **g, **w), False),
    "undo_exchange": (_("撤销换机"), units.UNDO_EXCHANGE, UndoForm, lambda u, g, **w: exchange_unit.undo(u, **g, **w), True),
    "reading": (_("抄表"), units.EDIT, ReadingForm, _read, False),
    "base": (_("登记保修"), covers.REGISTER, BaseForm, lambda u, g, **w: entitlement.register_base(u, **g, **w), False),
    "extension": (_("卖延保"), covers.SELL, SaleForm, _sell, False),
    "goodwill": (_("优惠保修"), covers.OVERRIDE, GoodwillForm, lambda u, g, **w: entitlement.grant_goodwill(u, **g, **w), False),
}
ON_ENTRY: dict[str, tuple[Any, str, type[forms.Form], Callable[..., Any], bool]] = {
    "set_end": (_("改到期日"), covers.SET_END, EndForm, lambda e, g, **w: entitlement.set_end(e, **g, **w), False),
    "reverse": (_("冲销"), covers.REGISTER, ReversalForm, lambda e, g, **w: sell_warranty.take_back(e, **g, **w), True),
}


def offered(unit, actor: Actor) -> list[dict]:
    """The buttons that this actor has on the unit's page."""
    own = (actor.employee_id,) if unit.branch_id == actor.branch_id else ()
    found = []
    for name, (label, permission, _form, _run, _danger) in DOINGS.items():
        if name == "exchange" and unit.customer_id is None:
            continue
        if name == "undo_exchange" and (unit.customer_id is not None or queries.find_exchange(unit) is None):
            continue
        if actor.may(permission, branch_id=unit.branch_id, people=own):
            found.append({"name": name, "label": label, "url": f"{address_of(unit)}do/{name}/"})
    return found


def build_form(name: str, unit, actor: Actor, data: Any = None) -> forms.Form:
    """The form of a doing, with today's day filled in and only what fits this unit to choose from."""
    today = decisions.local_day(unit, clock.now())
    kind = DOINGS[name][2]
    form = kind(data, initial=dict.fromkeys(("on", "sold_on", "starts_on"), today))
    if name == "extension":
        form.fields["term"].queryset = decisions.extensions_for(unit, today)
    return form


@page(units.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A doing's form as a page, and its post."""
    actor = actor_of(request)
    unit = queries.get_asset(key, actor)
    if name not in DOINGS:
        raise NotFound("")
    label, permission, _kind, run, _danger = DOINGS[name]
    own = (actor.employee_id,) if unit.branch_id == actor.branch_id else ()
    actor.require(permission, branch_id=unit.branch_id, people=own)
    form = build_form(name, unit, actor, request.POST if request.method == "POST" else None)
    return _answer(request, form, label, unit, lambda given, **who: run(unit, given, **who), f"assets.{name}:{key}")


@page(covers.VIEW)
def entry_of(request: HttpRequest, key: str) -> HttpResponse:
    """A line of the warranty ledger, as bills name it (unit and line), stands on its unit's page."""
    entry = decisions.get_entry(fields.whole(key.rpartition("-")[2]), actor_of(request))
    return HttpResponseRedirect(address_of(entry.asset))


@page(covers.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def on_entry(request: HttpRequest, key: str, entry: int, name: str) -> HttpResponse:
    """Another end for a line of the ledger, or its reversal."""
    actor = actor_of(request)
    unit = queries.get_asset(key, actor)
    line = decisions.get_entry(entry, actor)
    if name not in ON_ENTRY or line.asset_id != unit.pk:
        raise NotFound("")
    label, permission, kind, run, _danger = ON_ENTRY[name]
    own = (actor.employee_id,) if unit.branch_id == actor.branch_id else ()
    actor.require(permission, branch_id=unit.branch_id, people=own)
    form = kind(request.POST if request.method == "POST" else None, initial={"ends_on": line.ends_on})
    return _answer(request, form, label, unit, lambda given, **who: run(line, given, **who), f"entries.{name}:{entry}")


def _answer(request: HttpRequest, form: forms.Form, label: Any, unit, run: Callable[..., Any], operation: str) -> HttpResponse:
    refusal = ""
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}

        def act(*, actor: Actor, at) -> str:
            run(given, actor=actor, at=at)
            return address_of(unit)

        try:
            return perform(request, operation, act, done=label)
        except Refusal as refused:
            if refused.status in (403, 404):
                raise
            refusal = attach(form, refused)
    context = {
        "title": label, "list_label": unit.number, "list_url": address_of(unit), "form": form, "refusal": refusal,
        "submit": label,
    }  # fmt: skip
    return render(request, "layouts/form.html", context, status=422 if request.method == "POST" else 200)
