"""Part lines of an order: the editor that stores on change, its combobox, and the sums under it."""

from __future__ import annotations

import copy
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.billing import queries as bills
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.inventory import queries as stock
from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import BEFORE_WORK, IN_WORK, Status
from aftercare.flows import charging, prepare_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.foundation.sources import Source
from aftercare.web.policy import actor_of, page
from aftercare.web.work import carrying

CHANGEABLE = BEFORE_WORK | IN_WORK | {Status.REPAIRED, Status.REWORK}
ZERO = Decimal(0)


def may_change(order: Any, actor: Actor) -> bool:
    """Whether he may write part lines now."""
    if order.status not in CHANGEABLE:
        return False
    return any(
        actor.may(p, branch_id=order.branch_id, people=(order.engineer_id,)) for p in (access.EDIT, access.PERFORM)
    )


def build(order: Any, actor: Actor, *, refusal: str = "", typed: dict | None = None) -> dict:
    """Context of work/lines.html; `typed` are the values of a refused line, which stay in their fields."""
    rows = list(queries.materials_of(order))
    has_used = any(row.used_qty for row in rows)
    bill = bills.find_bill(Source.of(order))
    charges = bills.charges_of(Source.of(order)) if bill else _foresee(order, rows, actor)
    by_line = {charge.line: charge for charge in charges}
    carried = prepare_parts.carried_of([order], rows)
    lines = [_line(row, by_line.get(f"m{row.pk}"), typed or {}, carried.get(row.pk, ZERO)) for row in rows]
    return {
        "order": order,
        "bill": bill,
        "charges": charges,
        "lines_url": f"/orders/{order.number}/lines",
        "carry": carrying.open_ways(order, rows, actor, carried),
        "lines": lines,
        "parts_url": f"/orders/{order.number}/parts",
        "readonly": not may_change(order, actor),
        "refusal": refusal,
        "default_free": _parts_covered(order),
        "has_used": has_used,
        "totals": _totals(charges, bill),
        "typed": typed if typed and not typed.get("line") else None,
    }


def _parts_covered(order: Any) -> bool:
    return bool(order.entitlement.get("covers_parts"))


def _foresee(order: Any, rows: list, actor: Actor) -> list:
    """The charges as they would be if every line were used; nothing is written."""
    planned = []
    for row in rows:
        row = copy.copy(row)
        row.used_qty = row.used_qty or row.qty
        planned.append(row)
    return bills.price(charging.calculate_lines(order, planned, on=clock.local_day(clock.now(), actor.zone)))


def _amount(charge: Any) -> Decimal:
    amount = getattr(charge, "amount", None)
    if amount is None:
        amount = charge.qty * charge.price
    return amount - (getattr(charge, "waived_amount", None) or ZERO)


def _kind(charge: Any) -> str:
    return getattr(charge, "kind_of", None) or charge.kind


def _totals(charges: list, bill: Any) -> list[dict]:
    own = [c for c in charges if c.payer == "customer"]
    parts = sum((_amount(c) for c in own if _kind(c) == "part"), ZERO)
    fees = sum((_amount(c) for c in own if _kind(c) != "part"), ZERO)
    covered = sum((_amount(c) for c in charges if c.payer != "customer"), ZERO)
    totals = [{"label": _("备件"), "amount": parts}, {"label": _("人工与上门费"), "amount": fees}]
    if covered:
        totals.append({"label": _("保修、合同或公司承担"), "amount": covered})
    totals.append({"label": _("应收合计"), "amount": bill.due_amount if bill else parts + fees, "grand": True})
    return totals


def _line(row: Any, charge: Any, typed: dict, carried: Decimal = ZERO) -> dict:
    line = {
        "id": row.pk,
        "name": row.part.name,
        "code": row.part.code,
        "qty": _plain(row.qty),
        "price": row.price_amount,
        "free": row.is_free,
        "reason": row.free_reason,
        "marks": _marks(row, carried),
        "amount": _amount(charge) if charge is not None and charge.payer == "customer" else ZERO,
        "payer": "" if charge is None or charge.payer == "customer" else charge.reason,
    }
    if str(typed.get("line")) == str(row.pk):
        line |= {
            "qty": typed["qty"],
            "price": typed["price"],
            "free": typed["free"],
            "reason": typed["reason"],
            "error": True,
        }
    return line


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _marks(row: Any, carried: Decimal) -> list[tuple[str, str]]:
    marks = []
    if row.used_qty:
        marks.append((_("已用 %s") % _plain(row.used_qty), "ok"))
    if row.reserved_qty:
        in_van = row.place is not None and row.place.kind_of == "van"
        if carried:
            marks.append((_("已领 %s") % _plain(carried), "info"))
        marks.append((_("已领") if in_van else _("占用 %s") % _plain(row.reserved_qty - carried), "info"))
    short = row.qty - row.used_qty - row.reserved_qty
    if short > 0 and not row.used_qty:
        marks.append((_("缺 %s") % _plain(short), "bad"))
    return marks


def _number(text: str, field: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise RuleBroken(_("请填写数字"), code="not_a_number", field=field)
    return value


def _free_reason(order: Any, typed: dict) -> str:
    """What was typed; for a covered job its class is reason enough."""
    if typed["reason"] or not typed["free"] or order.service_class == "A":
        return typed["reason"]
    return str(entitlement.class_label(order.service_class))


@page(access.VIEW)
@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Add, change or remove a line; the answer is the editor anew. A refusal stays beside what was typed."""
    actor, at = actor_of(request), clock.now()
    order = queries.get_order(key, actor)
    given = request.POST
    typed = {
        "line": given.get("line", ""),
        "name": given.get("name", "").strip(),
        "code": given.get("code", "").strip(),
        "qty": given.get("qty", "1"),
        "price": given.get("price", ""),
        "free": bool(given.get("free")),
        "reason": given.get("free_reason", "").strip(),
    }
    refusal = ""
    try:
        if given.get("delete", "").isdigit():
            prepare_parts.remove(order, int(given["delete"]), actor=actor, at=at)
        elif typed["line"].isdigit():
            prepare_parts.change(order, int(typed["line"]), actor=actor, at=at, **_values(order, typed))
        else:
            part = _find_part(given, actor)
            prepare_parts.add(order, lines=[{"part": part, **_values(order, typed)}], actor=actor, at=at)
    except Refusal as refused:
        if refused.status in (403, 404):
            raise
        refusal = str(refused.message)
    order = queries.get_order(key, actor)
    context = build(order, actor, refusal=refusal, typed=typed if refusal else None)
    return render(request, "work/lines.html", context)


def _values(order: Any, typed: dict) -> dict:
    values = {
        "qty": _number(typed["qty"], "qty"),
        "is_free": typed["free"],
        "free_reason": _free_reason(order, typed) if typed["free"] else "",
    }
    if typed["price"].strip():
        values["price_amount"] = _number(typed["price"], "price")
    return values


def _find_part(given: Any, actor: Actor):
    if given.get("name_id", "").isdigit():
        return catalog.get_part(int(given["name_id"]), actor)
    for text in (given.get("code", "").strip(), given.get("name", "").strip()):
        if text:
            known = catalog.parts_by_code([text])
            if known.get(text):
                return known[text]
            same = [s for s in catalog.suggest("part", text, actor, 2) if s.name == text]
            if len(same) == 1:
                return catalog.get_part(same[0].id, actor)
    raise RuleBroken(_("没有这个配件，请从列表中选择"), code="unknown_part", field="name")


@page(access.VIEW)
def offer(request: HttpRequest, key: str) -> JsonResponse:
    """Parts for the combobox: name, code, price, and what is free in the engineer's van and the depot."""
    actor = actor_of(request)
    order = queries.get_order(key, actor)
    found = catalog.suggest("part", request.GET.get("q", ""), actor, 8)
    places = stock.places_for(branch_id=order.outlet_id or order.branch_id, employee_id=order.engineer_id)
    free = stock.seen_free([s.id for s in found], [p.pk for p in places], actor) if found and places else {}
    known = catalog.parts_by_code([s.code for s in found]) if found else {}
    traits = queries.price_traits(order)
    today = clock.local_day(clock.now(), actor.zone)
    prices = catalog.part_prices(known.values(), today, grade=traits.grade, kind=traits.kind) if known else {}
    rows = []
    for suggestion in found:
        shelves = [
            f"{place.name} {_('盘点中') if free[suggestion.id, place.pk] is None else _plain(free[suggestion.id, place.pk])}"
            for place in places
            if free.get((suggestion.id, place.pk), ZERO) != 0
        ]
        hint = " · ".join([suggestion.code, *(shelves or [_("无库存")])])
        price = prices.get(suggestion.id)
        rows.append(
            {
                "id": suggestion.id,
                "label": suggestion.name,
                "hint": hint,
                "fill": {"code": suggestion.code, "price": "" if price is None else str(price)},
            }
        )
    return JsonResponse({"rows": rows})
