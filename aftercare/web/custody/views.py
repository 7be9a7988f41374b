"""A receipt's page, its moves and its printed sheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing import queries as bills
from aftercare.domain.custody import access, actions, queries
from aftercare.domain.custody.lifecycle import CUSTODY
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as orders
from aftercare.flows import hand_back, lend_loaner
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.money import in_capitals
from aftercare.foundation.refusals import WrongState
from aftercare.foundation.sources import Source
from aftercare.web.custody.registers import TONES, address_of
from aftercare.web.files import shown as files
from aftercare.web.pages import timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.policy import actor_of, page


def order_of(custody: Any, actor: Actor) -> Any:
    """The order because of which the thing is here, if the reader sees it."""
    if custody.source_kind != "work.workorder":
        return None
    return orders.get_orders([custody.source_id], actor).get(custody.source_id)


CHANNELS = (("phone", _("电话")), ("sms", _("短信")), ("wechat", _("微信")), ("letter", _("挂号信")), ("counter", _("当面")))


def _text(label: object, *, required: bool = True):
    return lambda actor, row: forms.CharField(label=label, max_length=120, required=required)


def _hand_back(custody: Any, *, actor: Actor, at, **inputs):
    order = order_of(custody, actor)
    if order is not None and order.status in (*orders.RUNNING, "repaired"):
        # Money and the order's end belong to it: the counter does all of it at once.
        raise WrongState(_t("服务单还没有办结，请到取件台收款交还，或先取消服务单"), code="order_open", field="code")
    return hand_back.give_back(custody, actor=actor, at=at, **inputs)


def _open_moves(custody: Any, actor: Actor) -> list:
    order = order_of(custody, actor)
    is_bound = order is not None and order.status in (*orders.RUNNING, "repaired")
    return [move for move in queries.open_moves(custody, actor) if not (is_bound and move.name == "hand_back")]


MOVES = MoveDoor(
    slug="custody",
    lifecycle=CUSTODY,
    load=queries.get_custody,
    address=address_of,
    runs={
        "move_to": actions.move_to, "mark_ready": actions.mark_ready, "unmark_ready": actions.unmark_ready,
        "note_told": actions.note_told, "hand_back": _hand_back, "void_receipt": actions.void_receipt, "dispose": actions.dispose,
    },
    asks={
        "place": _text(_("存放位置")), "returned_to": _text(_("取件人")), "code": _text(_("收条取件码"), required=False),
        "reason": _text(_("原因或没有收条时的核实方式")), "note": _text(_("备注"), required=False),
        "channel": lambda actor, row: forms.ChoiceField(label=_("通知方式"), choices=CHANNELS),
        # Asked only while a loaner is out for it: then it says loudly why it may stay there.
        "loaner_reason": lambda actor, row: forms.CharField(
            label=_("备用机还没收回，仍要交还的原因"), max_length=120) if lend_loaner.loans_out(row) else None,
    },
    more={"hand_back": ("reason", "loaner_reason"), "note_told": ("note",)},
    open_moves=_open_moves,
)  # fmt: skip


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What was received in which state, where it lies, and how it went back."""
    actor = actor_of(request)
    custody = queries.get_custody(key, actor)
    order = order_of(custody, actor)
    buttons = MOVES.buttons(custody, actor)
    context = {
        "custody": custody, "title": custody.item, "number": custody.number, "list_label": _t("客户商品"),
        "list_url": "/custody/", "status": {"label": custody.get_status_display(), "tone": TONES[custody.status]},
        "sub": f"{custody.branch.name} · {custody.place or _t('未记位置')}", "order": order,
        "moves": [b for b in buttons if not b["primary"]] + [b for b in buttons if b["primary"]],
        "print_url": f"{address_of(custody)}print/" if actor.holds(access.RECEIVE) else "",
        "return_url": f"{address_of(custody)}print/return/" if custody.status == "returned" else "",
        "counter_url": f"/counter/{order.number}/" if order is not None and order.status == "repaired"
        and custody.status == "held" and actor.holds("work.hand_over") else "",
        "reminders": (reminders := queries.reminders_of(custody)), "places": queries.places_of(custody),
        "loans": queries.loans_of(lend_loaner.source_of(custody)) if actor.holds(access.VIEW_THINGS) else [],
        "lend_url": f"/loans/new/?custody={custody.number}" if custody.status == "held" and actor.holds(access.LEND) else "",
        "notice_url": f"{address_of(custody)}print/notice/" if any(one.stage == 3 for one in reminders) else "",
        "days": (clock.now() - custody.received_at).days if custody.status == "held" else None,
        "phone": parties.shown_phone(custody.customer, actor), "attached": files.section(custody, actor),
        "events": timelines.events("custody.custody", custody.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "custody/custody.html", context)


@page(access.RECEIVE)
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """收条: what the customer gets when he leaves his thing with us, with the code to collect it by."""
    return _print(request, key, "custody/print_receipt.html", _t("收条"))


@page(access.VIEW)
def returned(request: HttpRequest, key: str) -> HttpResponse:
    """交还单: what went back to whom, and the money that was taken."""
    return _print(request, key, "custody/print_return.html", _t("交还单"))


def _print(request: HttpRequest, key: str, template: str, heading: str) -> HttpResponse:
    actor = actor_of(request)
    custody = queries.get_custody(key, actor)
    order = order_of(custody, actor)
    source = Source(custody.source_kind, custody.source_id, custody.source_number)
    money = [one for one in bills.collections_of(source) if one.status != "voided"] if order is not None else []
    total = sum((one.amount for one in money), start=0)
    context = {
        "custody": custody, "order": order, "title": f"{heading} {custody.number}", "heading": heading, "size": "a5",
        "back_url": address_of(custody), "note": _t("A5 横向"), "zone": actor.zone,
        "phone": parties.shown_phone(custody.customer, actor), "pictures": files.told(custody), "money": money, "total": total,
        "charges": [c for c in bills.charges_of(source) if c.payer == "customer"] if order is not None else [],
        "capitals": in_capitals(total) if total else "",
        "link": request.build_absolute_uri(f"/counter/?q={custody.number}"),
    }  # fmt: skip
    return render(request, template, context)
