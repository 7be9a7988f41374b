"""Money of an order that nobody's schedule knows: a fee that was typed, and what is let off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.billing import access as money
from aftercare.domain.billing import queries as bills
from aftercare.domain.work import queries
from aftercare.flows import charging
from aftercare.foundation.refusals import Invalid
from aftercare.foundation.sources import Source
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.work import shown


class FeeForm(forms.Form):
    """A further fee of the order."""

    name = forms.CharField(label=_("费用名称"), max_length=60)
    amount = forms.DecimalField(
        label=_("金额（元）"), min_value=0, decimal_places=2, max_digits=12, help_text=_("同名再填即改，填 0 删除")
    )


class WaiveForm(forms.Form):
    """Which charge is let off, how much of it, and why."""

    line = forms.ChoiceField(label=_("费用"))
    amount = forms.DecimalField(label=_("减免（元）"), min_value=0, decimal_places=2, max_digits=12)
    reason = forms.CharField(label=_("原因"), max_length=200)

    @classmethod
    def of(cls, charges: Iterable[Any], data: Any = None) -> WaiveForm | None:
        """The form for these charges; None where the customer pays none of them."""
        choices = [(c.line, f"{c.name} ¥{c.amount}") for c in charges if c.payer == "customer" and c.amount]
        if not choices:
            return None
        form = cls(data)
        form.fields["line"].choices = choices
        return form


@page(money.WAIVE)
@require_POST
def waive(request: HttpRequest, key: str) -> HttpResponse:
    """Let off a charge, or a part of it."""
    order = queries.get_order(key, actor_of(request))
    form = WaiveForm.of(bills.charges_of(Source.of(order)), request.POST)
    return _write(request, order, form, "waive", charging.waive, _t("已减免"))


@page(money.EDIT_CHARGES)
@require_POST
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Add a typed fee, change it or take it off."""
    order = queries.get_order(key, actor_of(request))
    return _write(request, order, FeeForm(request.POST), "fee", charging.add_fee, _t("已记费用"))


def _write(request: HttpRequest, order: Any, form: Any, name: str, make: Any, done: str) -> HttpResponse:
    if form is None or not form.is_valid():
        raise Invalid({field: str(errors[0]) for field, errors in form.errors.items()} if form else {})

    def act(*, actor, at) -> str:
        make(order, actor=actor, at=at, **form.cleaned_data)
        return shown.address_of(order)

    return perform(request, f"orders.{name}:{order.number}", act, done=done)
