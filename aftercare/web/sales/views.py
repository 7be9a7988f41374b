"""A sale's page with its moves, and its receipt on paper."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing import queries as bills
from aftercare.domain.inventory import queries as stock
from aftercare.domain.orders import access, actions, queries
from aftercare.domain.orders.lifecycle import SALE
from aftercare.flows import sell_parts
from aftercare.foundation.money import in_capitals
from aftercare.foundation.sources import Source
from aftercare.web.pages import fields, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.policy import actor_of, page
from aftercare.web.purchasing import shown as supply
from aftercare.web.sales import telling
from aftercare.web.sales.registers import TONES, address_of, party_of
from aftercare.web.work.moves import METHODS


def _owed(row):
    bill = bills.find_bill(Source.of(row))
    return max(bill.open_amount, 0) if bill else 0


def _amount(actor, row):
    return fields.money(_("收款金额"), required=False, initial=_owed(row)) if _owed(row) else None


def _method(actor, row):
    return forms.ChoiceField(label=_("收款方式"), choices=METHODS, required=False)


DOOR = MoveDoor(
    slug="sales",
    lifecycle=SALE,
    load=queries.get_sale,
    address=address_of,
    runs={"hand_out": sell_parts.hand_out, "place_order": sell_parts.place_order, "notify": actions.notify, "cancel": sell_parts.cancel},
    asks={
        "amount": _amount, "deposit": lambda actor, row: fields.money(_("定金"), required=False), "method": _method,
        "channel": lambda actor, row: forms.ChoiceField(label=_("方式"), choices=telling.CHANNELS),
        "outcome": lambda actor, row: forms.ChoiceField(label=_("结果"), choices=telling.OUTCOMES),
        "told_to": lambda actor, row: fields.text(_("接听人"), 60), "note": lambda actor, row: fields.text(_("备注"), 200),
        "reason": lambda actor, row: forms.CharField(label=_("原因"), max_length=200),
    },
    more={"hand_out": ("amount", "method"), "place_order": ("deposit", "method"), "notify": ("outcome", "told_to", "note")},
)  # fmt: skip


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A sale: for whom, which parts, what lies ready, what lacks, what was paid, what the customer was told."""
    actor = actor_of(request)
    row = queries.get_sale(key, actor)
    source = Source.of(row)
    may = {move.name for move in SALE.open_moves(row, actor)}
    bill = bills.find_bill(source)
    context = {
        "row": row, "title": party_of(row), "number": row.number, "list_label": _t("配件出库"), "list_url": "/sales/",
        "status": {"label": row.get_status_display(), "tone": TONES[row.status]}, "sub": row.get_kind_of_display(),
        "moves": DOOR.buttons(row, actor), "lines": queries.lines_of(row), "ready": _ready(source),
        "requests": [one for one in stock.requests_of(source) if one.status != "cancelled"], "bill": bill,
        "money": [one for one in bills.collections_of(source) if one.status != "voided"], "notices": telling.card(row, actor), "supply": supply.supply("orders.sale", row.pk, actor),
        "edit_url": f"{address_of(row)}edit/" if "rewrite" in may else "",
        "back_url": f"{address_of(row)}back/" if "take_back" in may and row.kind_of != "engineer" else "",
        "print_url": f"{address_of(row)}print/", "events": timelines.events("orders.sale", row.pk, zone_name=actor.zone),
    }  # fmt: skip
    return render(request, "sales/sale.html", context)


def _ready(source: Source) -> dict[int, str]:
    """What is promised to each line and where, by the line's id."""
    told: dict[int, list[str]] = {}
    for one in stock.reservations_of(source):
        lot = f" {one.lot}" if one.lot else ""
        told.setdefault(int(one.line[1:]), []).append(f"{one.place.name}{lot} ×{one.qty.normalize():f}")
    return {pk: "、".join(spots) for pk, spots in told.items()}


@page(access.VIEW)
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """What the buyer gets: parts, prices, what he paid."""
    actor = actor_of(request)
    row = queries.get_sale(key, actor)
    money = [one for one in bills.collections_of(Source.of(row)) if one.status != "voided"]
    total = sum((one.amount for one in money), start=0)
    context = {
        "row": row, "lines": queries.lines_of(row), "party": party_of(row), "money": money, "total": total,
        "capitals": in_capitals(total) if total else "", "title": f"{_t('配件销售单')} {row.number}", "size": "a5",
        "back_url": address_of(row), "note": _t("A5 横向"), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "sales/print.html", context)
