"""Pages of an order beside its list: document, drawer, card, money, cover, unmasking."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from aftercare.domain.billing import access as money
from aftercare.domain.billing import actions as billing
from aftercare.domain.entitlement import access as cover
from aftercare.domain.parties import actions as parties
from aftercare.domain.people import queries as people
from aftercare.domain.work import access, actions, queries
from aftercare.flows import charging, finding, judge_cover
from aftercare.foundation import clock
from aftercare.foundation.refusals import Invalid, NotFound, Refusal
from aftercare.foundation.sources import Source
from aftercare.web.pages import fields
from aftercare.web.pages.edits import EditPage, VersionedForm, attach
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.quotes import shown as quotes
from aftercare.web.work import document, shown
from aftercare.web.work.moves import long_field

# Blank rows of the table of tests, to be filled in.
_BLANK_TESTS = 4


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """An order with everything that belongs to it."""
    actor = actor_of(request)
    return render(request, "work/order.html", document.build(queries.get_order(key, actor), actor))


@page(access.VIEW)
def peek(request: HttpRequest, key: str) -> HttpResponse:
    """The same in short, for the drawer of the list."""
    actor = actor_of(request)
    return render(request, "work/peek.html", document.build_peek(queries.get_order(key, actor), actor))


@page(access.VIEW)
@require_POST
def unmask(request: HttpRequest, key: str) -> JsonResponse:
    """The full telephone or address; who looked is written on the customer's timeline."""
    actor = actor_of(request)
    order = queries.get_order(key, actor)
    if order.customer_id is None:
        raise NotFound(_t("没有找到客户"))
    parties.unmask(order.customer, reason=order.number, actor=actor, at=clock.now())
    return JsonResponse({"text": order.address if request.GET.get("what") == "address" else order.phone})


@page(access.VIEW)
def signature(request: HttpRequest, key: str) -> HttpResponse:
    """The customer's signature as a picture."""
    found = queries.signature_of(queries.get_order(key, actor_of(request)))
    if found is None:
        raise NotFound(_t("没有签名"))
    return HttpResponse(
        bytes(found.image), content_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
    )


@page(money.COLLECT)
@require_POST
def collect(request: HttpRequest, key: str) -> HttpResponse:
    """Take money for the order; the receipt can be printed at once."""
    order = queries.get_order(key, actor_of(request))
    given = _cleaned(document.CollectForm(request.POST))

    def act(*, actor, at) -> str:
        at_desk = actor.may(money.REMIT, branch_id=order.branch_id)
        found = billing.collect(
            Source.of(order),
            amount=given["amount"],
            method=given["method"],
            collected_by_id=actor.employee_id,
            at_desk=at_desk,
            actor=actor,
            at=at,
        )
        return f"/orders/{order.number}/print/receipt/?no={found.number}"

    return perform(request, f"orders.collect:{key}", act, done=_t("已收款"))


@page(cover.OVERRIDE)
@require_POST
def judge(request: HttpRequest, key: str) -> HttpResponse:
    """Another service class with a reason."""
    order = queries.get_order(key, actor_of(request))
    form = document.CoverForm(request.POST)
    _cleaned(form)
    given = form.inputs()

    def act(*, actor, at) -> str:
        judge_cover.override(order, actor=actor, at=at, **given)
        return shown.address_of(order)

    return perform(request, f"orders.cover:{key}", act, done=_t("已改判"))


@page(access.VIEW)
@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    """A word on the order, kept on its timeline."""
    order = queries.get_order(key, actor_of(request))

    def act(*, actor, at) -> str:
        actions.note(order, text=request.POST.get("text", ""), actor=actor, at=at)
        return shown.address_of(order)

    return perform(request, f"orders.note:{key}", act)


def _cleaned(form: forms.Form) -> dict:
    if not form.is_valid():
        wrong = {name: str(errors[0]) for name, errors in form.errors.items()}
        first = next(iter(wrong))
        # Told in a toast, so it has to say of which field it speaks.
        named = _t("%(name)s：%(error)s") % {"name": form[first].label, "error": wrong[first]} if first in form.fields else None
        raise Invalid(wrong, named)
    return form.cleaned_data


class CardForm(VersionedForm):
    """The repair card; the table of tests stands beside it."""

    bench = forms.CharField(label=_("工位"), max_length=40, required=False)
    minutes = forms.IntegerField(label=_("工时（分）"), min_value=0, max_value=86_400, required=False)
    inspection = long_field(_("检查情况"), required=False)
    conclusion = long_field(_("结论"), required=False)


@page(access.PERFORM, access.EDIT)
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, key: str) -> HttpResponse:
    """Write on the repair card: inspection, tests, time, conclusion."""
    actor = actor_of(request)
    order = queries.get_order(key, actor)
    known = queries.card_of(order)
    names = ("bench", "minutes", "inspection", "conclusion", "version")
    form = CardForm(request.POST or None, initial={n: getattr(known, n) for n in names} if known else {})
    tests = _tests(request.POST) if request.method == "POST" else list(known.tests if known else [])
    refusal = ""
    if request.method == "POST" and form.is_valid():
        given = {k: v for k, v in form.cleaned_data.items() if k != "version" and v is not None}

        def act(*, actor, at) -> str:
            actions.write_card(order, version=form.cleaned_data["version"], tests=tests, actor=actor, at=at, **given)
            return shown.address_of(order)

        try:
            return perform(request, f"orders.card:{key}", act, done=_t("已保存"))
        except Refusal as refused:
            refusal = attach(form, refused)
    context = {
        "title": _t("修护卡"),
        "list_label": order.number,
        "list_url": shown.address_of(order),
        "form": form,
        "refusal": refusal,
        "tests": tests + [{"ok": True}] * _BLANK_TESTS,
        # What the card finds is what the customer is quoted: the way to the quote stands here as on the order.
        "quotes": _quotes(order, actor),
    }
    return render(request, "work/card.html", context, status=422 if request.method == "POST" else 200)


def _quotes(order, actor) -> dict | None:
    card = quotes.card(order, actor, charging.foresee(order, on=clock.local_day(clock.now(), actor.zone)))
    return card and card | {"may_record": False}  # his signature is taken on the order's page


def _tests(given) -> list[dict]:
    rows = zip(
        given.getlist("test_name"),
        given.getlist("test_value"),
        given.getlist("test_unit"),
        given.getlist("test_ok"),
        strict=False,
    )
    return [
        {"name": name.strip()[:80], "value": value.strip()[:40], "unit": unit.strip()[:20], "ok": ok == "1"}
        for name, value, unit, ok in rows
        if name.strip()
    ]


class OrderForm(VersionedForm):
    """What is written on an order and may be changed before its audit."""

    title = forms.CharField(label=_("故障现象"), max_length=160)
    detail = long_field(_("客户描述"), required=False)
    urgent = forms.BooleanField(label=_("加急"), required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=120, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    region = fields.Word(_("区域"), "region", max_length=120, required=False, help_text=_("区县名或区划代码，没有的自动新建"))
    address = forms.CharField(label=_("服务地址"), max_length=250, required=False)
    planned_minutes = forms.IntegerField(label=_("预计分钟"), min_value=10, max_value=1440)
    limit_amount = forms.DecimalField(
        label=_("超过此价先联系"), min_value=0, decimal_places=2, max_digits=12, required=False
    )


def _build(actor, order, data) -> forms.Form:
    initial = {name: getattr(order, name, None) for name in OrderForm.base_fields}
    initial["region"] = (order.region.full_name or order.region.name) if order.region_id else ""
    form = OrderForm(data, initial=initial)
    if not shown.may_unmask(order, actor):
        del form.fields["phone"], form.fields["address"]
    return form


def _save(order, cleaned, *, actor, at, version) -> str:
    values = {name: value for name, value in cleaned.items() if name not in ("version", "region")}
    if cleaned["region"]:
        code = finding.ensure_region(cleaned["region"], branch_id=order.branch_id, actor=actor, at=at)
        values["region"] = people.get_region(code)
    changed = {name: value for name, value in values.items() if value != getattr(order, name)}
    if changed:
        actions.edit_order(order, version=version, actor=actor, at=at, **changed)
    return shown.address_of(order)


EDIT = EditPage(
    name="order",
    title=_("修改服务单"),
    permission=access.EDIT,
    list_label=_("服务单"),
    list_url="/orders/",
    form=_build,
    save=_save,
    load=queries.get_order,
    sections=(
        (_("服务内容"), ("title", "urgent", "detail", "planned_minutes", "limit_amount")),
        (_("联系方式"), ("contact_name", "phone", "region", "address")),
    ),
)
