"""Moves of an order on pages: which inputs each asks for, and the journey that makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import queries as people
from aftercare.domain.work import queries
from aftercare.domain.work.lifecycle import ORDER, Status
from aftercare.flows import charging, lend_loaner
from aftercare.flows import moves as journeys
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.work import shown as looks

# Made by other means than a button: outlets and papers have pages of their own.
_ELSEWHERE = {"backfill"}
METHODS = (
    ("cash", _("现金")),
    ("wechat", _("微信")),
    ("alipay", _("支付宝")),
    ("card", _("刷卡")),
    ("transfer", _("转账")),
)


def when_field(label: object, *, required: bool = True) -> forms.DateTimeField:
    """A moment in the viewer's zone, typed with the browser's own picker."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "900"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, required=required)


def long_field(label: object, *, required: bool = True, **kwargs: Any) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(label=label, required=required, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


def describe(suggestion) -> str:
    """A suggested engineer in one line: name and reasons, or why he can't be sent."""
    if suggestion.refused:
        return _t("%(name)s（%(reason)s）") % {
            "name": suggestion.name, "reason": queries.reason_sentence(suggestion.refused, {})}
    reasons = [queries.reason_sentence(code, params) for code, params in suggestion.reasons]
    return f"{suggestion.name} — {_t('，').join(reasons)}" if reasons else suggestion.name


def _engineer(actor: Actor, order: Any) -> forms.Field:
    if order.status == Status.PENDING or actor.holds("work.dispatch"):
        found = queries.suggest_engineers(order, at=clock.now(), actor=actor, limit=40)
        choices = [(s.number, describe(s)) for s in found]
    else:
        staff = people.list_engineers(branch_ids=[pk for pk in (order.branch_id, order.outlet_id) if pk])
        choices = [(e.number, e.name) for e in staff]
    # Not needed where an outlet is chosen; the move itself asks for one of the two.
    return forms.ChoiceField(label=_("工程师"), choices=choices, required=False)


def _outlet(actor: Actor, order: Any) -> forms.Field | None:
    outlets = people.list_outlets(order.branch_id)
    if not outlets:
        return None
    choices = [("", _("不转网点")), *((outlet.number, outlet.name) for outlet in outlets)]
    return forms.ChoiceField(label=_("或转给网点"), choices=choices)


def _staff(actor: Actor, order: Any) -> forms.Field | None:
    # Only an outlet that got the order as a whole names who of its people goes.
    if order.engineer_id or not order.outlet_id:
        return None
    staff = people.list_engineers(branch_ids=[order.outlet_id])
    return forms.ChoiceField(label=_("工程师"), choices=[(e.number, e.name) for e in staff]) if staff else None


def _result(actor: Actor, order: Any) -> forms.Field:
    return forms.ChoiceField(label=_("处理结果"), choices=queries.ORDER_FILTERS["result"].choices, initial="fixed")


def _code(kind: str, label: object) -> Callable:
    def make(actor: Actor, order: Any) -> forms.Field:
        known = getattr(order, kind, None)
        return forms.CharField(
            label=label,
            required=False,
            max_length=120,
            initial=known.name if known else "",
            help_text=_("没有的词条保存时自动新建"),
        )

    return make


def _amount(actor: Actor, order: Any) -> forms.Field:
    owed = charging.owed(order) if order.status == Status.REPAIRED else None
    return forms.DecimalField(label=_("金额（元）"), min_value=0, decimal_places=2, max_digits=12, initial=owed or None)


ASKS: dict[str, Callable[[Actor, Any], forms.Field | None]] = {
    "engineer": _engineer,
    "outlet": _outlet,
    "staff": _staff,
    "fee_name": lambda actor, order: forms.CharField(label=_("其他费用名称"), max_length=60),
    "fee_amount": lambda actor, order: forms.DecimalField(
        label=_("其他费用（元）"), min_value=0, decimal_places=2, max_digits=12
    ),
    "planned_at": lambda actor, order: when_field(_("预约时间")),
    "planned_minutes": lambda actor, order: forms.IntegerField(
        label=_("预计分钟"), min_value=10, max_value=1440, initial=order.planned_minutes
    ),
    "reason": lambda actor, order: forms.CharField(label=_("原因或说明"), max_length=200),
    "amount": _amount,
    "note": lambda actor, order: forms.CharField(label=_("说明"), max_length=200, required=False),
    "findings": lambda actor, order: long_field(_("处理说明"), initial=order.findings),
    "minutes": lambda actor, order: forms.IntegerField(
        label=_("实际分钟"), min_value=0, max_value=86_400, required=False
    ),
    "result": _result,
    "fault": _code("fault", _("故障代码")),
    "cause": _code("cause", _("故障原因")),
    "solution": _code("solution", _("解决措施")),
    "signed_name": lambda actor, order: forms.CharField(label=_("签收人"), max_length=60, required=False),
    "method": lambda actor, order: forms.ChoiceField(label=_("收款方式"), choices=METHODS),
    "paid": lambda actor, order: forms.DecimalField(
        label=_("当场收款（元）"), min_value=0, decimal_places=2, max_digits=12
    ),
    "returned_to": lambda actor, order: forms.CharField(label=_("领取人"), max_length=60, initial=order.contact_name),
    "code": lambda actor, order: forms.CharField(label=_("收条取件码"), max_length=20, required=False),
    "no_receipt_reason": lambda actor, order: forms.CharField(label=_("没有收条时如何核实身份"), max_length=120),
    "owed_reason": lambda actor, order: forms.CharField(label=_("挂账原因"), max_length=120),
    "loaner_reason": lambda actor, order: forms.CharField(label=_("备用机还没收回，仍要交还的原因"), max_length=120)
    if lend_loaner.loans_out(order) else None,
    "item": lambda actor, order: forms.ChoiceField(
        label=_("客户物品"),
        choices=[("", _("不在我方")), ("returned", _("已交还客户")), ("void", _("从未收到，收条作废"))],
    ),
}
MORE = {
    "dispatch": ("outlet", "planned_at", "planned_minutes"),
    "accept": ("staff",),
    "schedule": ("planned_minutes",),
    "complete": ("fault", "cause", "solution", "signed_name", "fee_name", "fee_amount", "paid", "method"),
    "finish_repair": ("fault", "cause", "solution"),
    "hand_over": ("amount", "method", "no_receipt_reason", "owed_reason", "loaner_reason"),
    "cancel": ("item", "returned_to"),
}


def _complete(
    order: Any, *, paid=None, method: str = "cash", fee_name: str = "", fee_amount=None, actor: Actor, at, **inputs
):
    collect = {"amount": paid, "method": method} if paid else None
    fees = [{"name": fee_name, "amount": fee_amount}] if fee_amount else ()
    return journeys.make(order, "complete", collect=collect, fees=fees, actor=actor, at=at, **inputs)


def _accept(order: Any, *, staff: str = "", actor: Actor, at, **inputs):
    return journeys.make(order, "accept", engineer=staff or None, actor=actor, at=at, **inputs)


def _dispatch(order: Any, *, engineer: str = "", outlet: str = "", actor: Actor, at, **inputs):
    # The best engineer stands chosen in the dialog; a chosen outlet goes before him and names its own.
    given = {"outlet": outlet} if outlet else {"engineer": engineer}
    return journeys.make(order, "dispatch", actor=actor, at=at, **given, **inputs)


def _run(name: str) -> Callable:
    def run(order: Any, *, actor: Actor, at, **inputs):
        return journeys.make(order, name, actor=actor, at=at, **inputs)

    return run


RUNS = {name: _run(name) for name in ORDER.moves if name not in _ELSEWHERE} | {"complete": _complete, "dispatch": _dispatch, "accept": _accept}

MOVES = MoveDoor(
    slug="orders",
    lifecycle=ORDER,
    load=queries.get_order,
    address=looks.address_of,
    runs=RUNS,
    asks=ASKS,
    more=MORE,
    open_moves=queries.open_moves,
)


def suggestions(order: Any, actor: Actor, *, limit: int = 8) -> list[dict]:
    """Engineers for the order with reasons in words, best first."""
    return [
        {
            "number": s.number,
            "id": s.employee_id,
            "name": s.name,
            "branch": s.branch,
            "score": s.score,
            "refused": queries.reason_sentence(s.refused, {}) if s.refused else "",
            "reasons": [queries.reason_sentence(code, params) for code, params in s.reasons],
        }
        for s in queries.suggest_engineers(order, at=clock.now(), actor=actor, limit=limit)
    ]
