from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aftercare.domain.catalog import access, queries
from aftercare.flows import take_schedule, uploads
from aftercare.foundation import clock
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.web.pages import fields
from aftercare.web.policy import actor_of, page
from aftercare.web.prices.forms import find_region
from aftercare.web.prices.registers import CLASSES, CUSTOMERS, FEES

# A list to hang on the wall: who wants all parts takes the export.
MOST_PARTS = 400
_TONES = {"won": "ok", "beaten": "mute", "differs": "mute"}


def _day(text: str, today: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return today


@page(access.VIEW)
def public(request: HttpRequest) -> HttpResponse:
    """The price list for customers on A4, valid on a day (`on`, default today), of one category or all (`category`)."""
    actor = actor_of(request)
    today = clock.local_day(clock.now(), actor.zone)
    day, category = _day(request.GET.get("on", ""), today), request.GET.get("category", "")
    line = queries.ancestry(int(category)) if category.isdigit() else []
    valid = queries.list_labour_prices(actor).filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    valid = valid.filter(service_class__in=("", "A"), customer_grade="", customer_kind__in=("", "person"))
    parts = queries.list_parts(actor).filter(is_active=True)
    if line:
        valid = valid.filter(Q(category=None) | Q(category_id__in=line))
        parts = parts.filter(Q(category=None) | Q(category_id__in=line))
    lines = list(valid.order_by("work_type__position", "category__name", "region__code", "is_urban", "from_km", "id"))
    parts = list(parts.order_by("-uses", "id")[:MOST_PARTS])
    prices = queries.part_prices(parts, day, kind="person")
    categories = list(queries.list_categories(actor).order_by("name"))
    context = {
        "title": _("维修收费标准"), "size": "a4", "back_url": "/prices/", "today": day, "categories": categories,
        "category": next((c for c in categories if str(c.pk) == category), None),
        "fees": [
            {"label": label, "lines": [{"row": x, "band": queries.band_label(x)} for x in lines if x.fee == fee]} for fee, label in FEES
        ],
        "parts": [{"row": p, "price": prices[p.pk]} for p in parts if prices[p.pk]],
    }  # fmt: skip
    return render(request, "prices/public.html", context)


class CheckForm(forms.Form):
    """What a price depends on."""

    fee = forms.ChoiceField(label=gettext_lazy("费用种类"), choices=FEES)
    on = fields.day(gettext_lazy("日期"))
    work_type = fields.row(gettext_lazy("工种"))
    category = fields.row(gettext_lazy("品类"))
    region = forms.CharField(label=gettext_lazy("区域"), max_length=120, required=False)
    customer_kind = forms.ChoiceField(label=gettext_lazy("客户类型"), choices=[("", "—"), *CUSTOMERS], required=False)
    customer_grade = fields.text(gettext_lazy("客户等级"), 20)
    service_class = forms.ChoiceField(label=gettext_lazy("服务类别"), choices=[("", "—"), *CLASSES], required=False)
    km = forms.DecimalField(label=gettext_lazy("单程公里"), min_value=0, max_value=9999, required=False)
    minutes = forms.IntegerField(label=gettext_lazy("实际分钟"), min_value=0, max_value=6000, required=False)
    time = forms.TimeField(label=gettext_lazy("到达时间"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    is_holiday = fields.yes(gettext_lazy("节假日"))

    def __init__(self, data: Any, *, actor: Any) -> None:
        super().__init__(data)
        self.fields["work_type"].queryset = queries.list_work_types(actor)
        self.fields["category"].queryset = queries.list_categories(actor).order_by("name")

    def clean_region(self):
        return find_region(self.cleaned_data["region"])

    def job(self) -> queries.Job:
        """The job that is asked about."""
        given, region = self.cleaned_data, self.cleaned_data["region"]
        work_type, category = given["work_type"], given["category"]
        return queries.Job(
            given["on"], work_type.pk if work_type else None, category.pk if category else None, region.code if region else "",
            region.is_urban if region else None, given["customer_grade"], given["customer_kind"], given["service_class"], given["km"],
            given["minutes"], work_type.minutes if work_type else 60, given["is_holiday"], given["time"],
        )


@page(access.VIEW)
def check(request: HttpRequest) -> HttpResponse:
    """Which line of the schedule wins for a job, and why the others do not."""
    actor = actor_of(request)
    today = clock.local_day(clock.now(), actor.zone)
    given = request.GET.copy()
    given.setdefault("fee", "labour")
    given.setdefault("on", f"{today}")
    form, fee, told = CheckForm(given, actor=actor), None, []
    if form.is_valid():
        fee, told = queries.explain(form.cleaned_data["fee"], form.job())
    words = {"won": _("采用"), "beaten": _("不如上一条具体"), "differs": _("不适用")}
    context = {
        "title": _("价格核对"), "form": form, "fee": fee,
        "told": [one | {"label": queries.line_label(one["line"]), "word": words[one["verdict"]], "tone": _TONES[one["verdict"]]} for one in told],
    }
    return render(request, "prices/check.html", context)


@page(access.EDIT_PRICE)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Hand in a workbook of the schedule: first tried out row by row, then taken over. The export is its template."""
    actor, at = actor_of(request), clock.now()
    outcome, token, refusal = None, request.POST.get("token", ""), None
    if request.method == "POST":
        try:
            if not token:
                file = request.FILES.get("file")
                if file is None:
                    raise RuleBroken(_("请选择文件"), code="required", field="file")
                token = uploads.keep(file.name, file.chunks(), size=file.size, actor=actor)
            is_dry = request.POST.get("action") != "take"
            outcome = take_schedule.take(uploads.path_of(token, actor), dry_run=is_dry, actor=actor, at=at)
        except Refusal as refused:
            refusal, token = refused, ""
        if outcome is not None and not outcome.dry_run and not outcome.problems:
            return redirect("/prices/")
    context = {"title": _("导入收费标准"), "outcome": outcome, "token": token, "refusal": refusal, "endings": ",".join(uploads.ENDINGS)}
    return render(request, "prices/take.html", context, status=422 if refusal else 200)
