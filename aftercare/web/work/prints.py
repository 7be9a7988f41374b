"""Print sheets of an order: dispatch order, repair card, completion report, quote, receipt of money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.quotes import queries as quotes
from aftercare.domain.work import access, queries
from aftercare.foundation.money import in_capitals
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source
from aftercare.web.policy import actor_of, page
from aftercare.web.work import lines, shown

SHEETS = {
    "dispatch": _("派工单"),
    "card": _("修护卡"),
    "report": _("完工报告"),
    "quote": _("报价单"),
    "receipt": _("收款收据"),
}


@page(access.VIEW)
def show(request: HttpRequest, key: str, sheet: str) -> HttpResponse:
    """One sheet of A5 across; codes lead back to the order."""
    actor = actor_of(request)
    if sheet not in SHEETS:
        raise NotFound("")
    order = queries.get_order(key, actor)
    quote = quotes.newest_of(Source.of(order)) if sheet == "quote" and order.quote else None
    if quote is not None:
        return redirect(f"/quotes/{quote.number}/print/")
    context = lines.build(order, actor) | {
        "title": f"{SHEETS[sheet]} {order.number}",
        "heading": SHEETS[sheet],
        "size": "a5",
        "back_url": shown.address_of(order),
        "note": _t("A5 横向"),
        "sheet": sheet,
        "zone": actor.zone,
        "phone": shown.phone_of(order, actor),
        "home": shown.home_of(order, actor),
        "link": request.build_absolute_uri(shown.address_of(order)),
        "company": order.branch.name,
        "cover": entitlement.class_label(order.service_class),
        "card": queries.card_of(order) if sheet == "card" else None,
        "signature": queries.signature_of(order) if sheet == "report" else None,
    }
    return render(request, f"work/print_{sheet}.html", context | _money(order, sheet, context, request))


def _money(order: Any, sheet: str, context: dict, request: HttpRequest) -> dict:
    if sheet == "quote":
        amount = Decimal(order.quote.get("amount") or context["totals"][-1]["amount"])
        return {"amount": amount, "capitals": in_capitals(amount)}
    if sheet == "receipt":
        wanted = request.GET.get("no")
        found = [c for c in bills.collections_of(Source.of(order)) if wanted in (None, "", c.number)]
        if not found:
            raise NotFound(_t("没有找到收款"))
        return {"collection": found[-1], "capitals": in_capitals(found[-1].amount)}
    return {}
