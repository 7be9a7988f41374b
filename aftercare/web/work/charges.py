"""Money of an order that nobody's schedule knows: a fee that was typed, and what is let off."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
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
        form = cls(data, auto_id=f"{cls.__name__.lower()}_%s")
        form.fields["line"].choices = choices
        return form


class DivideForm(forms.Form):
    """How a charge is divided between payers: `30%` or an amount for each; the customer bears the rest."""

    line = forms.ChoiceField(label=_("费用"))
    reason = forms.CharField(label=_("原因"), max_length=200)

    @classmethod
    def of(cls, charges: Iterable[Any], data: Any = None) -> DivideForm | None:
        """The form for these charges; None where there is none."""
        sums: dict[str, list] = {}
        for charge in charges:
            sums.setdefault(charge.base_line, [charge.name, 0])[1] += charge.amount
        choices = [(line, f"{name} ¥{amount}") for line, (name, amount) in sums.items() if amount]
        if not choices:
            return None
        form = cls(data, auto_id=f"{cls.__name__.lower()}_%s")
        form.fields["line"].choices = choices
        for payer, label in bills.PAYERS:
            if payer != "customer":
                form.fields[payer] = ShareField(label=label, required=False)
        form.fields["warranty"].help_text = _("填 30% 或金额；都留空即恢复按保修判定")
        form.order_fields(["line", *(payer for payer, _label in bills.PAYERS), "reason"])
        return form

    def inputs(self) -> dict[str, Any]:
        """What `charging.divide` asks for."""
        given = self.cleaned_data
        shares = [{"payer": payer, **given[payer]} for payer, _label in bills.PAYERS if given.get(payer)]
        return {"line": given["line"], "reason": given["reason"], "shares": shares}


class ShareField(forms.CharField):
    """A percentage with its sign, or an amount: {"percent": …} or {"amount": …}."""

    def to_python(self, value: Any) -> dict | None:
        text = super().to_python(value).replace("％", "%").replace("¥", "").strip()
        if not text:
            return None
        try:
            number = Decimal(text.rstrip("%").replace(",", "").strip())
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or number <= 0:
            raise forms.ValidationError(_t("请填 30% 或金额"), code="bad_share")
        return {"percent": number} if text.endswith("%") else {"amount": number}

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return {"inputmode": "decimal", "maxlength": 12, "autocomplete": "off"}


@page(money.DIVIDE)
@require_POST
def divide(request: HttpRequest, key: str) -> HttpResponse:
    """Divide a charge between payers."""
    order = queries.get_order(key, actor_of(request))
    form = DivideForm.of(bills.charges_of(Source.of(order)), request.POST)
    return _write(request, order, form, "divide", charging.divide, _t("已分摊"))


@page(money.WAIVE, money.ASK_WAIVER)
@require_POST
def waive(request: HttpRequest, key: str) -> HttpResponse:
    """Let off a charge, or a part of it; above one's own limit another is asked."""
    order = queries.get_order(key, actor_of(request))
    form = WaiveForm.of(bills.charges_of(Source.of(order)), request.POST)
    return _write(request, order, form, "waive", charging.ask_waiver, _t("已减免，超过权限的已提交申请"))


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
        make(order, actor=actor, at=at, **(form.inputs() if isinstance(form, DivideForm) else form.cleaned_data))
        return shown.address_of(order)

    return perform(request, f"orders.{name}:{order.number}", act, done=done)
