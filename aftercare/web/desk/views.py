from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aftercare.domain.cases import access
from aftercare.domain.cases import queries as cases
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.files.access import ADD as ADD_FILES
from aftercare.domain.parties import rules as telephones
from aftercare.flows import attachments, register_request
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.web import toasts
from aftercare.web.desk import known
from aftercare.web.files import shown as files
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page

KINDS = [
    ("repair", gettext_lazy("维修")),
    ("installation", gettext_lazy("安装")),
    ("delivery", gettext_lazy("送货")),
    ("return", gettext_lazy("退换货")),
    ("part_order", gettext_lazy("配件订购")),
    ("consultation", gettext_lazy("咨询")),
    ("complaint", gettext_lazy("投诉")),
    ("status_query", gettext_lazy("进度查询")),
    ("support", gettext_lazy("技术支持")),
]
MODES = [("on_site", gettext_lazy("上门")), ("bench", gettext_lazy("送修")), ("remote", gettext_lazy("远程"))]
CHANNELS = [
    ("phone", gettext_lazy("电话")),
    ("counter", gettext_lazy("柜台")),
    ("wechat", gettext_lazy("微信")),
    ("mail", gettext_lazy("邮件")),
    ("dealer", gettext_lazy("经销商")),
    ("letter", gettext_lazy("信函")),
]
# What is photographed at the counter.
_PICTURED = ("appearance", "fault", "nameplate", "paper")
PRIORITIES = [("", gettext_lazy("普通")), ("1", gettext_lazy("加急"))]


@page(access.REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """GET finds who calls; POST registers what he wants. A refused form comes back with all that was typed."""
    actor = actor_of(request)
    typed, refusal = QueryDict(mutable=True), None
    if request.method == "POST":
        try:
            return perform(request, "desk.register", _registrar(request))
        except Refusal as refused:
            typed, refusal = request.POST, refused
    query = typed.get("q") if refusal else request.GET.get("q", "")
    number = typed.get("customer", "") if refusal else request.GET.get("customer", "")
    found = known.look_up(query or "", number, actor, clock.now())
    context = _context(found, query or "", typed, refusal, actor, request)
    is_part = request.headers.get("HX-Request") and not refusal
    return render(
        request, "desk/body.html" if is_part else "desk/desk.html", context, status=refusal.status if refusal else 200
    )


def _context(
    found: known.Known, query: str, typed: QueryDict, refusal, actor: Actor, request: HttpRequest
) -> dict[str, Any]:
    is_phone = telephones.shape_of(query) == "phone" if query else False
    contact = request.GET.get("contact") or typed.get("contact")
    carried = cases.get_contact(contact, actor) if contact else None
    chosen = typed.get("unit") if refusal else str(found.unit_id or "")
    for unit in found.units:
        unit["is_chosen"] = str(unit["id"]) == chosen
    return {
        "title": _("前台接待"),
        "desk_url": "/desk/",
        "q": query,
        "focus": not query,
        "known": found,
        "typed": typed,
        "refusal": refusal,
        "asks_anyway": getattr(refusal, "code", "") == "open_order_exists",
        "asks_blocked": getattr(refusal, "code", "") == "customer_blocked" and actor.holds("parties.flag_customer"),
        "new_phone": query if is_phone else "",
        "new_name": "" if is_phone else query,
        "kinds": KINDS,
        "modes": MODES,
        "channels": CHANNELS,
        "priorities": PRIORITIES,
        "contact": carried,
        "kind": typed.get("kind") or (carried.kind_of if carried else "repair"),
        "mode": typed.get("mode") or "on_site",
        "channel": typed.get("channel") or "phone",
        "urgent": typed.get("urgent", ""),
        "hot_faults": [] if found.customers else catalog.suggest("fault", "", actor, limit=8),
        "work_types": catalog.list_work_types(actor).filter(is_active=True),
        "attached": files.loose(actor, typed.getlist("files"), _PICTURED) if actor.holds(ADD_FILES) else None,
        "detail": typed.get("detail") or (carried.text if carried else ""),
    }


def _registrar(request: HttpRequest):
    data = request.POST

    def act(*, actor: Actor, at) -> str:
        done = register_request.register(actor=actor, at=at, **_inputs(data, actor))
        document = done.order or done.contact
        toasts.add(request, _("已登记 %(number)s") % {"number": document.number})
        for warning in done.warnings:
            toasts.add(request, _warning(warning), kind="error")
        attachments.bind(data.getlist("files"), subject=done.custody or document, actor=actor, at=at)
        if done.custody is not None:
            return f"/custody/{done.custody.number}/print/"
        return f"/orders/{done.order.number}/" if done.order else f"/contacts/{done.contact.number}/"

    return act


def _inputs(data: QueryDict, actor: Actor) -> dict[str, Any]:
    """The form's fields in the words of the flow; refuses numbers that are none."""
    unit = data.get("unit", "")
    bench = data.get("mode") == "bench"
    inputs = {
        "branch_id": actor.branch_id,
        "channel": data.get("channel") or "phone",
        "kind": data.get("kind") or "repair",
        "customer": data.get("customer") or None,
        "customer_name": data.get("name", ""),
        "phone": data.get("phone", ""),
        "region_code": data.get("region_id", ""),
        "region": data.get("region", ""),
        "address": data.get("address", ""),
        "asset": int(unit) if unit.isdigit() else None,
        "product": _chosen(data, "product") or data.get("product", "").strip() or None,
        "brand": data.get("brand", ""),
        "category": data.get("category", ""),
        "serial": data.get("serial", ""),
        "fault": _chosen(data, "fault") or data.get("fault", "").strip() or None,
        "title": data.get("fault", ""),
        "detail": data.get("detail", ""),
        "mode": data.get("mode") or "on_site",
        "urgent": bool(data.get("urgent")),
        "work_type": int(data["work_type"]) if data.get("work_type", "").isdigit() else None,
        "limit_amount": _amount(data.get("limit_amount", "")),
        "open_anyway": bool(data.get("open_anyway")),
    }
    if bench:
        inputs["intake"] = {
            "appearance": _words(data.get("appearance", "")),
            "accessories": _words(data.get("accessories", "")),
            "place": data.get("place", ""),
        }
    return inputs


def _chosen(data: QueryDict, name: str) -> int | None:
    value = data.get(f"{name}_id", "")
    return int(value) if value.isdigit() else None


def _amount(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise RuleBroken(_("金额不是数字"), code="bad_amount", field="limit_amount") from None


def _words(text: str) -> list[str]:
    return [word for word in text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",") if word.strip()]


def _warning(warning: dict) -> str:
    if warning["code"] == "repeat_repair":
        return _("30 天内同一故障返修，已关联原单 %(number)s") % {"number": "、".join(warning["orders"])}
    if warning["code"] == "suspicious_unit":
        return _("设备信息可疑，请核对凭证")
    return _("这台设备还有未完结的服务单：%(numbers)s") % {"numbers": "、".join(warning["orders"])}
