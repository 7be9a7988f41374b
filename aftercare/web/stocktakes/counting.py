"""The counting page: made for a telephone between the shelves. It never tells what the books say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.inventory import access, actions, queries
from aftercare.flows import scanning
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import NotFound, Refusal, RuleBroken
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.stock.registers import CONDITIONS
from aftercare.web.stocktakes.registers import address_of

SHOWN = 60


@page(access.COUNT)
def count(request: HttpRequest, key: str) -> HttpResponse:
    """Enter what lies there: by scan, or down the list of what this round still waits for."""
    actor = actor_of(request)
    row = queries.get_stocktake(key, actor)
    refusal = None
    if request.method == "POST":
        act = _from_list(request, row) if request.POST.get("what") == "list" else _from_scan(request, row)
        try:
            return perform(request, f"stocktakes.count:{key}", act)
        except Refusal as refused:
            refusal = refused
    spot = request.POST.get("bin") or request.GET.get("bin", "")
    waiting = queries.left_to_count(row)
    left = waiting.count()
    if spot and spot != row.place.code:
        waiting = waiting.filter(place__code=spot)
    lines = list(waiting[:SHOWN])
    for line in lines:
        line.typed = request.POST.get(f"qty-{line.position}", "")
    own = queries.own_counts(row, actor)
    done = list(queries.stocktake_lines(row).filter(pk__in=own)[:SHOWN])
    for line in done:
        line.typed = request.POST.get(f"qty-{line.position}", shown(own[line.pk]))
    every = queries.progress_of([row.pk]).get(row.pk, (0, 0, 0))[0]
    context = {
        "row": row, "title": _("盘点录入"), "address": address_of(row), "bin": spot, "lines": lines, "done": done, "left": left,
        "every": every, "counted": every - left, "conditions": CONDITIONS, "said": request.GET.get("said", ""),
        "refusal": str(refusal.message) if refusal else "", "blamed": refusal.field if refusal else "",
        "typed": request.POST if request.method == "POST" and request.POST.get("what") != "list" else {},
        "has_bins": bool(queries.bins_of([row.place_id])), "is_open": row.status == "counting",
    }  # fmt: skip
    return render(request, "stocktakes/count.html", context, status=422 if refusal else 200)


def _from_scan(request: HttpRequest, row):
    def act(*, actor: Actor, at: dt.datetime) -> str:
        spot = _place(row, request.POST.get("bin", ""), actor)
        code = request.POST.get("code", "").strip()
        if not code:
            raise RuleBroken(_("请扫描或填写配件编码"), code="code_needed", field="code")
        found = scanning.resolve(code, actor=actor)
        if found.kind == "inventory.place":
            return _onward(row, _place(row, found.number, actor).code)
        if found.kind not in ("catalog.part", "inventory.serial", "inventory.lot"):
            raise RuleBroken(_("「%(code)s」不是配件") % {"code": code}, code="not_a_part", field="code")
        lot = request.POST.get("lot", "").strip() or (found.number if found.kind != "catalog.part" else "")
        qty = _qty(request.POST.get("qty", ""), "qty")
        # A scanned pack stands for its base units.
        line = actions.CountLine(found.id, qty * found.per_qty, spot.pk, request.POST.get("condition") or "good", lot,
                                 bool(request.POST.get("adds")), request.POST.get("note", ""))
        actions.record_counts(row, lines=[line], actor=actor, at=at)
        part = catalog.get_part(found.id, actor)
        return _onward(row, spot.code, said=f"{part.name} {lot} × {shown(qty * found.per_qty)}")

    return act


def _from_list(request: HttpRequest, row):
    def act(*, actor: Actor, at: dt.datetime) -> str:
        typed = {int(name[4:]): text for name, text in request.POST.items() if name.startswith("qty-") and name[4:].isdigit() and text.strip()}
        found = {line.position: line for line in queries.stocktake_lines(row).filter(position__in=typed)}
        own = queries.own_counts(row, actor)
        lines = []
        for position, text in sorted(typed.items()):
            line, qty = found.get(position), _qty(text, f"qty-{position}")
            if line is not None and own.get(line.pk) != qty:
                lines.append(actions.CountLine(line.part_id, qty, line.place_id, line.condition, line.lot))
        if not lines:
            raise RuleBroken(_("请至少填写一行实盘数"), code="no_lines", field="lines")
        actions.record_counts(row, lines=lines, actor=actor, at=at)
        return _onward(row, request.POST.get("bin", ""), said=_("%(n)s 行") % {"n": len(lines)})

    return act


def _onward(row, spot: str, *, said: str = "") -> str:
    told = {name: value for name, value in (("bin", spot), ("said", said)) if value}
    return f"{address_of(row)}count/?{urlencode(told)}"


def _place(row, code: str, actor: Actor):
    code = code.strip()
    if code in ("", row.place.code):
        return row.place
    try:
        return queries.get_bin(row.place, code, actor)
    except NotFound as refusal:
        raise RuleBroken(str(refusal.message), code="no_such_bin", field="bin") from None


def _qty(text: str, field: str) -> Decimal:
    try:
        qty = Decimal(text.strip() or "1")
    except InvalidOperation:
        raise RuleBroken(_("数量不是数字"), code="bad_quantity", field=field) from None
    if not qty.is_finite() or qty < 0:
        raise RuleBroken(_("数量不能为负"), code="negative_quantity", field=field)
    return qty
