"""The swap of a component, from the order's page and from the telephone: one form, one view for each door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aftercare.domain.assets import queries as units
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import OPEN
from aftercare.flows import swap_component
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal
from aftercare.foundation.sources import Source
from aftercare.web.pages import fields
from aftercare.web.pages.edits import attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.work import shown


class SwapForm(forms.Form):
    """What comes out, what goes in."""

    old = forms.ChoiceField(label=_("拆下的部件"), required=False)
    old_serial = fields.text(_("旧件序列号"), 60, help_text=_("列表里没有时，扫描或输入旧件上的号"))
    product = fields.Combo(_("部件名称"), "product", find=catalog.find_product, required=False, help_text=_("旧件没有登记过时填写"))
    new_serial = fields.text(_("新件序列号"), 60, required=True)
    is_old_kept = fields.yes(_("旧件留给客户"))
    reason = fields.text(_("说明"), 200)

    @classmethod
    def of(cls, order: Any, actor: Actor, data: Any = None) -> SwapForm:
        """The form for this order's unit, with its components to choose from."""
        form = cls(data)
        components = list(units.list_components(order.asset)) if order.asset_id else []
        form.fields["old"].choices = [("", "—"), *((str(c.pk), f"{c.product.name} {c.serial}") for c in components)]
        form.fields["product"].queryset = catalog.list_products(actor)
        if len(components) == 1:
            form.initial["old"] = str(components[0].pk)
        return form


def swaps_of(order: Any) -> list:
    """The swaps made for the order."""
    source = Source.of(order)
    return [swap for swap in units.swaps_of(source.kind, source.id) if swap.reverses_id is None] if order.asset_id else []


def may_swap(order: Any, actor: Actor) -> bool:
    """Whether he may swap a component of the order's unit now."""
    if order.asset_id is None or order.status not in OPEN:
        return False
    mine = actor.may("work.perform", branch_id=order.branch_id, people=order.people_shown())
    return mine or actor.may(access.EDIT, branch_id=order.branch_id)


@page(access.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, key: str) -> HttpResponse:
    """The form as a page of the office."""
    order = queries.get_order(key, actor_of(request))
    return answer(request, order, shown.address_of(order), "layouts/form.html")


def answer(request: HttpRequest, order: Any, back: str, template: str, extra: dict | None = None) -> HttpResponse:
    """Show the form, or swap and go back to the order's page."""
    actor = actor_of(request)
    swap_component.require_mine(order, actor)
    form = SwapForm.of(order, actor, request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}

        def act(*, actor: Actor, at) -> str:
            swap_component.swap(order, actor=actor, at=at, **given)
            return back

        try:
            return perform(request, f"orders.swap:{order.number}", act, done=_t("部件已更换"))
        except Refusal as refused:
            if refused.status in (403, 404):
                raise
            refusal = attach(form, refused)
    context = {
        "title": _t("换件登记"), "list_label": order.number, "list_url": back, "form": form, "refusal": refusal,
        "submit": _t("更换"), "order": order, **(extra or {}),
    }  # fmt: skip
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@page(access.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, key: str, swap: int) -> HttpResponse:
    """Take a swap back before the audit, with a reason."""
    order = queries.get_order(key, actor_of(request))
    swap_component.require_mine(order, actor_of(request))
    form = UndoForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():

        def act(*, actor: Actor, at) -> str:
            swap_component.undo(order, swap_id=swap, reason=form.cleaned_data["reason"], actor=actor, at=at)
            return shown.address_of(order)

        try:
            return perform(request, f"orders.unswap:{swap}", act, done=_t("已撤销更换"))
        except Refusal as refused:
            if refused.status in (403, 404):
                raise
            refusal = attach(form, refused)
    context = {
        "title": _t("撤销换件"), "list_label": order.number, "list_url": shown.address_of(order), "form": form,
        "refusal": refusal, "submit": _t("撤销"),
    }  # fmt: skip
    return render(request, "layouts/form.html", context, status=422 if request.method == "POST" else 200)


class UndoForm(forms.Form):
    """Why the swap is taken back."""

    reason = fields.text(_("理由"), 200, required=True)
