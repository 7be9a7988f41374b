"""The pages of requests, orders and receipts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.purchasing import access, actions, queries
from aftercare.domain.purchasing.lifecycle import ORDER, RECEIPT, REQUEST
from aftercare.foundation import clock
from aftercare.web.pages import fields, sources, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.policy import actor_of, page
from aftercare.web.purchasing.registers import (
    ARRIVAL_TONES,
    ORDER_TONES,
    RECEIPT_TONES,
    REQUEST_TONES,
    order_address,
    receipt_address,
    request_address,
)


def reason(actor, row):
    """Why."""
    return forms.CharField(label=_("原因"), max_length=200)


def _reason_of_rest(actor, row):
    return forms.CharField(label=_("原因（还有未到数量时必填）"), max_length=200, required=False)


REQUEST_DOOR = MoveDoor(
    slug="purchase-requests",
    lifecycle=REQUEST,
    load=queries.get_request,
    address=request_address,
    runs={"submit": actions.submit, "withdraw": actions.withdraw, "approve": actions.approve, "reject": actions.reject,
          "finish": actions.finish, "cancel": actions.cancel_request},
    asks={"reason": lambda actor, row: forms.CharField(label=_("原因"), max_length=200, required=row.status != "approved")},
    open_moves=lambda row, actor: queries.open_request_moves(row, actor, clock.now()),
)  # fmt: skip
ORDER_DOOR = MoveDoor(
    slug="purchase-orders",
    lifecycle=ORDER,
    load=queries.get_order,
    address=order_address,
    runs={"send": actions.send, "confirm": actions.confirm, "close": actions.close, "cancel": actions.cancel},
    asks={"reason": lambda actor, row: (reason if row.arrival == "waiting" else _reason_of_rest)(actor, row),
          "expected_on": lambda actor, row: fields.day(_("预计到货"), initial=row.expected_on)},
    open_moves=lambda row, actor: _shown_order_moves(row, actor),
)  # fmt: skip
RECEIPT_DOOR = MoveDoor(
    slug="receipts",
    lifecycle=RECEIPT,
    load=queries.get_receipt,
    address=receipt_address,
    runs={"undo": actions.undo},
    asks={"reason": reason},
)


def _shown_order_moves(row, actor):
    # What came cannot be cancelled, what did not come need not be closed: one of the two buttons is enough.
    hidden = "close" if row.arrival == "waiting" else "cancel"
    return [move for move in queries.open_order_moves(row, actor) if move.name != hidden]


def document(row: Any, actor: Any, *, label: str, url: str, tones: dict, door: MoveDoor, title: str) -> dict[str, Any]:
    """What every page of a paper shows."""
    return {
        "row": row, "title": title, "number": row.number, "list_label": label, "list_url": url,
        "status": {"label": row.get_status_display(), "tone": tones[row.status]}, "moves": door.buttons(row, actor),
        "events": timelines.events(row.kind, row.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip


@page(access.VIEW_REQUEST)
def show_request(request: HttpRequest, key: str) -> HttpResponse:
    """What is wanted, for which documents, who decides, and what was ordered of it."""
    actor = actor_of(request)
    row = queries.get_request(key, actor)
    open_names = {move.name for move in queries.open_request_moves(row, actor, clock.now())}
    lines = queries.request_lines_of(row)
    for line in lines:
        line.source_url = sources.address_of(line.source_kind, line.source_number)
    may_edit = row.status in ("draft", "rejected") and actor.may(access.REQUEST, branch_id=row.branch_id)
    context = document(row, actor, label=_t("采购申请"), url="/purchase-requests/", tones=REQUEST_TONES, door=REQUEST_DOOR,
                       title=_t("%(place)s 采购申请") % {"place": row.place.name})
    context |= {"lines": lines, "may_edit": may_edit, "may_cut": "approve" in open_names,
                "may_order": row.status == "approved" and actor.holds(access.ORDER)}
    return render(request, "purchasing/request.html", context)


@page(access.VIEW)
def show_order(request: HttpRequest, key: str) -> HttpResponse:
    """What was ordered, what came of it, and how the order was changed."""
    actor = actor_of(request)
    row = queries.get_order(key, actor)
    open_names = {move.name for move in queries.open_order_moves(row, actor)}
    today = clock.local_day(clock.now(), actor.zone)
    context = document(row, actor, label=_t("采购订单"), url="/purchase-orders/", tones=ORDER_TONES, door=ORDER_DOOR,
                       title=row.supplier.name)
    lines = queries.lines_of(row)
    context |= {
        "lines": lines, "has_rejected": any(line.rejected_qty for line in lines), "has_cancelled": any(line.cancelled_qty for line in lines),
        "receipts": queries.receipts_of(row), "revisions": queries.revisions_of(row),
        "arrival": {"label": row.get_arrival_display(), "tone": ARRIVAL_TONES[row.arrival]},
        "is_late": row.status == "sent" and row.arrival != "full" and row.expected_on and row.expected_on < today,
        "may_edit": row.status == "draft" and actor.may(access.ORDER, branch_id=row.branch_id), "may_amend": "amend" in open_names,
        "invoices": queries.invoices_of(row), "may_invoice": row.status in ("sent", "closed") and actor.holds(access.ENTER_INVOICE),
        "may_receive": "receive" in open_names and row.arrival != "full", "print_url": f"{order_address(row)}print/",
    }  # fmt: skip
    return render(request, "purchasing/order.html", context)


@page(access.VIEW)
def print_order(request: HttpRequest, key: str) -> HttpResponse:
    """采购订单 on A4, as it goes to the supplier."""
    actor = actor_of(request)
    row = queries.get_order(key, actor)
    context = {
        "row": row, "lines": queries.lines_of(row), "title": f"{_t('采购订单')} {row.number}", "heading": _t("采购订单"), "size": "a4",
        "back_url": order_address(row), "note": "A4", "zone": actor.zone, "link": request.build_absolute_uri(order_address(row)),
    }  # fmt: skip
    return render(request, "purchasing/print_order.html", context)


@page(access.VIEW)
def show_receipt(request: HttpRequest, key: str) -> HttpResponse:
    """What came and how it was judged."""
    actor = actor_of(request)
    row = queries.get_receipt(key, actor)
    lines = queries.receipt_lines_of(row)
    open_names = {move.name for move in queries.open_receipt_moves(row, actor)}
    context = document(row, actor, label=_t("到货单"), url="/receipts/", tones=RECEIPT_TONES, door=RECEIPT_DOOR, title=row.supplier.name)
    may_return = row.status == "judged" and actor.holds(access.RETURN_GOODS)
    context |= {"returns": queries.returns_of(row) if row.status == "judged" else [], "may_return": may_return,
                "lines": lines, "may_inspect": "inspect" in open_names, "print_url": f"{receipt_address(row)}print/",
                "short": [line for line in lines if line.noted_qty is not None and line.noted_qty != line.qty]}
    return render(request, "purchasing/receipt.html", context)


@page(access.VIEW)
def print_receipt(request: HttpRequest, key: str) -> HttpResponse:
    """到货验收单 on A4."""
    actor = actor_of(request)
    row = queries.get_receipt(key, actor)
    context = {
        "row": row, "lines": queries.receipt_lines_of(row), "title": f"{_t('到货验收单')} {row.number}", "heading": _t("到货验收单"),
        "size": "a4", "back_url": receipt_address(row), "note": "A4", "zone": actor.zone,
        "link": request.build_absolute_uri(receipt_address(row)),
    }  # fmt: skip
    return render(request, "purchasing/print_receipt.html", context)
