"""The job at hand: every step is an ordinary form, sent once for its key, so that a repeat does nothing twice."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import access, queries
from aftercare.domain.work import rules as works
from aftercare.domain.work.lifecycle import BEFORE_WORK, IN_WORK, ORDER, Status
from aftercare.flows import charging, consent, finish_visit, identify_unit, moves, prepare_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.foundation.sources import Source
from aftercare.web import toasts
from aftercare.web.field import shown
from aftercare.web.field.views import frame
from aftercare.web.files import shown as files
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.quotes import shown as quotes

# Which inputs each step's form may carry.
STEPS: dict[str, tuple[str, ...]] = {
    "accept": (), "refuse": ("reason",), "schedule": ("planned_at",), "set_out": ("claimed_at", "position"),
    "arrive": ("claimed_at", "position"), "start": (), "wait_for_part": ("reason",), "escalate": ("reason",),
    "resume": (), "restart": (), "request_quote": ("amount", "note"), "accept_quote": ("reason",),
    "refuse_quote": ("reason",), "take": (),
}  # fmt: skip
# Steps asked for in a sheet: name, heading, a word about it.
SHEETS = (
    ("refuse", gettext_lazy("拒单"), gettext_lazy("写明原因，服务单退回派工")),
    ("schedule", gettext_lazy("预约时间"), gettext_lazy("与客户约定的上门时间")),
    ("wait_for_part", gettext_lazy("待件"), gettext_lazy("缺什么，预计何时到")),
    ("escalate", gettext_lazy("报难修"), gettext_lazy("难在哪里，请谁协助")),
    ("request_quote", gettext_lazy("报价"), gettext_lazy("先让客户知道价格")),
    ("accept_quote", gettext_lazy("客户同意报价"), gettext_lazy("客户怎样答复的")),
    ("refuse_quote", gettext_lazy("客户不同意报价"), gettext_lazy("客户怎样答复的")),
)
METHODS = (
    ("cash", gettext_lazy("现金")), ("wechat", gettext_lazy("微信")), ("alipay", gettext_lazy("支付宝")),
    ("card", gettext_lazy("刷卡")), ("transfer", gettext_lazy("转账")),
)
RESULTS = (
    ("fixed", gettext_lazy("已修复")), ("no_fault", gettext_lazy("未见故障")), ("repairable", gettext_lazy("可修未修")),
    ("end_of_life", gettext_lazy("不能修复")), ("unrepaired", gettext_lazy("退回未修")),
)
_LIMIT = 400_000  # bytes of a signature picture
_PNG = "data:image/png;base64,"


@page(access.PERFORM)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a job."""
    return _render(request, queries.get_order(key, actor_of(request)))


def _render(request: HttpRequest, order: Any, refusal: Refusal | None = None) -> HttpResponse:
    context = frame(request, **build(order, actor_of(request)), back_url="/field/")
    context |= {"refusal": refusal, "typed": request.POST if refusal else {}}
    return render(request, "field/job.html", context, status=refusal.status if refusal else 200)


def build(order: Any, actor: Actor) -> dict:
    """Context of field/job.html."""
    card = shown.card(order, actor)
    sheets = [{"name": n, "heading": h, "text": t} for n, h, t in SHEETS if n in card["moves"]]
    bill = bills.find_bill(Source.of(order))
    history = [o for o in queries.list_of_asset(order.asset_id, actor, limit=6) if o.pk != order.pk] if order.asset_id else []
    at_work = order.status == Status.WORKING
    foreseen = at_work or consent.policy_at(order) != "off"
    planned = charging.foresee(order, on=clock.local_day(clock.now(), actor.zone)) if foreseen else None
    return parts_context(order, actor) | {
        "title": card["title"], "sub": order.number, "job": card, "sheets": sheets, "quotes": quotes.card(order, actor, planned),
        "decision": entitlement.sentence(order.entitlement) if order.entitlement else "",
        "under_contract": "".join(entitlement.tell_contracts([(order.entitlement or {}).get("contract") or {}]).values()),
        "at_work": at_work, "may_finish": at_work and "complete" in card["moves"],
        "may_repair": at_work and "finish_repair" in card["moves"], "results": RESULTS,
        "first_result": "unrepaired" if order.quote.get("agreed") is False else "fixed", "methods": METHODS, "bill": bill,
        "owed": _owed(planned, bill) if at_work else charging.owed(order),
        "hints": queries.suggested_solutions(
            product_id=order.product_id, category_id=order.category_id, fault_id=order.fault_id, limit=4
        ) if at_work else [],
        "minutes": min(works.minutes_late(order.arrived_at, clock.now()), works.MAX_MINUTES) if order.arrived_at and at_work else None,
        "history": [{"order": o, "status": shown.status_of(o), "url": shown.address_of(o)} for o in history],
        "attached": files.section(order, actor), "facts": _facts(order), "fault": order.fault.name if order.fault_id else "", "fault_id": order.fault_id or "",
    }  # fmt: skip


def _facts(order: Any) -> list[dict]:
    rows = [
        (_("客户描述"), order.detail if order.detail != order.title else ""), (_("故障代码"), order.fault and order.fault.name),
        (_("超过此价先联系"), order.limit_amount), (_("处理说明"), order.findings),
        (_("结果"), order.get_result_display() if order.result else ""), (_("完工时间"), order.finished_at),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def parts_context(order: Any, actor: Actor) -> dict:
    """Context of field/parts.html: the lines with where their goods are."""
    rows = list(queries.materials_of(order))
    carried = prepare_parts.carried_of([order], rows)
    open_ = order.status in BEFORE_WORK | IN_WORK | {Status.REPAIRED, Status.REWORK}
    return {
        "order": order, "may_parts": open_, "may_fetch": False, "lines": [
            {
                "line": row, "in_van": row.place is not None and row.place.kind_of == "van", "carried": carried.get(row.pk),
                "short": max(row.qty - row.used_qty - row.reserved_qty, Decimal(0)) if open_ else 0,
            }
            for row in rows
        ],
    }


def _owed(planned: list, bill: Any) -> Decimal:
    """What the customer will owe if every line is used as written; nothing is written."""
    due = sum((line.amount - line.waived for line in planned if line.payer == "customer"), Decimal("0.00"))
    return max(due - (bill.paid_amount if bill else 0), Decimal("0.00"))


def _answer(request: HttpRequest, order: Any, operation: str, act: Any, done: str = "") -> HttpResponse:
    """Do it once; a refusal shows the page again with what was typed."""
    try:
        return perform(request, f"field.{operation}:{order.number}", act, done=done)
    except Refusal as refused:
        if refused.status in (403, 404) or request.headers.get("HX-Request"):
            raise
        fresh = queries.get_order(order.number, actor_of(request))
        return _render(request, fresh, refused)


@page(access.PERFORM)
@require_POST
def step(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Make one of the steps of STEPS; the telephone's clock and place are claims beside ours."""
    if name not in STEPS:
        raise Http404
    order = queries.get_order(key, actor_of(request))

    def act(*, actor: Actor, at: dt.datetime) -> str:
        inputs = {field: _READ[field](request.POST.get(field, ""), actor) for field in STEPS[name]}
        moves.make(order, name, actor=actor, at=at, **{f: v for f, v in inputs.items() if v is not None})
        # A refused order is not his any more.
        return "/field/" if name == "refuse" else shown.address_of(order)

    return _answer(request, order, name, act, str(ORDER.moves[name].label))


def _moment(text: str, actor: Actor) -> dt.datetime | None:
    found = parse_datetime(text.strip()) if text.strip() else None
    if found is None:
        return None
    # A field of the page has no zone: it is the branch's time.
    return found.replace(tzinfo=clock.zone(actor.zone)).astimezone(dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)


def _claim(text: str, actor: Actor) -> dt.datetime | None:
    try:
        return _moment(text, actor)
    except ValueError:
        return None


def _position(text: str, actor: Actor) -> dict | None:
    try:
        lat, lon, accuracy = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 0 <= accuracy < 1e6):
        return None
    return {"lat": round(lat, 6), "lon": round(lon, 6), "accuracy": round(accuracy)}


def _amount(text: str, actor: Actor | None = None) -> Decimal | None:
    if not text.strip():
        return None
    try:
        value = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise RuleBroken(_("金额不是数字"), code="bad_amount", field="amount")
    return value


_READ = {
    "reason": lambda text, actor: text.strip(), "note": lambda text, actor: text.strip(), "planned_at": _moment,
    "claimed_at": _claim, "position": _position, "amount": _amount,
}


@page(access.PERFORM)
@require_POST
def unit(request: HttpRequest, key: str) -> HttpResponse:
    """The serial number in front of him: matched with the order's unit, or registered."""
    order = queries.get_order(key, actor_of(request))
    typed = request.POST

    def act(*, actor: Actor, at: dt.datetime) -> str:
        product = int(typed["product_id"]) if typed.get("product_id", "").isdigit() else typed.get("product", "").strip()
        found = identify_unit.identify(
            order, serial=typed.get("serial", ""), product=product or None, confirm=bool(typed.get("confirm")), actor=actor, at=at
        )
        words = {"matched": _("序列号与单据一致"), "registered": _("设备已登记"), "exchanged": _("已换成这台设备")}
        toasts.add(request, words[found.outcome])
        return shown.address_of(order)

    return _answer(request, order, "unit", act)


@page(access.PERFORM)
@require_POST
def parts(request: HttpRequest, key: str) -> HttpResponse:
    """Add, change or take off a part line; htmx gets the lines anew, so that what was typed elsewhere stays."""
    order = queries.get_order(key, actor_of(request))
    typed = request.POST

    def act(*, actor: Actor, at: dt.datetime) -> str:
        if typed.get("delete", "").isdigit():
            prepare_parts.remove(order, int(typed["delete"]), actor=actor, at=at)
        elif typed.get("line", "").isdigit():
            prepare_parts.change(order, int(typed["line"]), qty=_qty(typed), actor=actor, at=at)
        else:
            prepare_parts.add(order, lines=[{"part": _find_part(typed, actor), "qty": _qty(typed)}], actor=actor, at=at)
        # Who picks from the bill of material picks more than one.
        return shown.address_of(order) + ("model/" if typed.get("from") == "model" else "")

    answer = _answer(request, order, "parts", act)
    if request.headers.get("HX-Request") and answer.status_code == 204:
        fresh = queries.get_order(key, actor_of(request))
        return render(request, "field/parts.html", parts_context(fresh, actor_of(request)))
    return answer


def _qty(typed: Any) -> Decimal:
    try:
        value = Decimal(typed.get("qty", "").strip() or 1)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise RuleBroken(_("请填写数字"), code="not_a_number", field="qty")
    return value


def _find_part(typed: Any, actor: Actor) -> Any:
    if typed.get("part_id", "").isdigit():
        return catalog.get_part(int(typed["part_id"]), actor)
    text = typed.get("part", "").strip()
    known = catalog.parts_by_code([text]).get(text) if text else None
    if known is not None:
        return known
    same = [one for one in catalog.suggest("part", text, actor, 2) if one.name == text] if text else []
    if len(same) != 1:
        raise RuleBroken(_("没有这个配件，请从列表中选择"), code="unknown_part", field="part")
    return catalog.get_part(same[0].id, actor)


def _told(free: Decimal | None) -> str:
    return _("盘点中") if free is None else f"{free.normalize():f}"


@page(access.PERFORM)
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """Parts for the combobox with what is free in his van and at the depot."""
    actor = actor_of(request)
    order = queries.get_order(key, actor, joined=False)
    found = catalog.suggest("part", request.GET.get("q", ""), actor, 8)
    places = stock.places_for(branch_id=order.outlet_id or order.branch_id, employee_id=order.engineer_id)
    free = stock.seen_free([one.id for one in found], [place.pk for place in places], actor) if found and places else {}
    rows = []
    for one in found:
        shelves = [f"{place.name} {_told(free[one.id, place.pk])}" for place in places if free.get((one.id, place.pk), 0) != 0]
        rows.append({"id": one.id, "label": one.name, "hint": " · ".join([one.code, *(shelves or [_("无库存")])])})
    return JsonResponse({"rows": rows})


@page(access.PERFORM)
@require_POST
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """Done: what was found, the codes, minutes, money taken, the customer's name and signature."""
    order = queries.get_order(key, actor_of(request))
    typed = request.POST
    is_repair = typed.get("to_collect") == "1"

    def act(*, actor: Actor, at: dt.datetime) -> str:
        values = {name: _code(typed, name, actor) for name in ("fault", "cause", "solution")}
        values |= {"findings": typed.get("findings", ""), "result": typed.get("result") or "fixed", "minutes": _minutes(typed)}
        if is_repair:
            finish_visit.repair(order, actor=actor, at=at, **values)
        else:
            amount, fee = _amount(typed.get("amount", "")), _amount(typed.get("fee_amount", ""))
            values["fees"] = [{"name": typed.get("fee_name", "").strip(), "amount": fee}] if fee else ()
            finish_visit.finish(
                order, actor=actor, at=at, signed_name=typed.get("signed_name", "").strip(), signature=_signature(typed),
                claimed_at=_claim(typed.get("claimed_at", ""), actor), distance_km=_amount(typed.get("distance_km", "")),
                collect={"amount": amount, "method": typed.get("method") or "cash"} if amount else None, **values,
            )
        return "/field/"

    return _answer(request, order, "finish", act, _("已修好，待取") if is_repair else _("已完工"))


def _code(typed: Any, name: str, actor: Actor) -> Any:
    chosen = typed.get(f"{name}_id", "")
    return catalog.get_code(int(chosen), actor) if chosen.isdigit() else typed.get(name, "").strip() or None


def _minutes(typed: Any) -> int | None:
    text = typed.get("minutes", "").strip()
    if text and not text.isdigit():
        raise RuleBroken(_("工时请填写整数分钟"), code="bad_minutes", field="minutes")
    return int(text) if text else None


def _signature(typed: Any) -> bytes | None:
    text = typed.get("signature", "")
    if not text:
        return None
    try:
        image = base64.b64decode(text.removeprefix(_PNG), validate=True)
    except (binascii.Error, ValueError):
        image = b""
    if not text.startswith(_PNG) or not image.startswith(b"\x89PNG") or len(image) > _LIMIT:
        raise RuleBroken(_("签名图片无效，请重签"), code="bad_signature", field="signature")
    return image
