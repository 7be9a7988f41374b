"""The counting page: made for a telephone between the shelves. It never tells what the books say.

The keeper's page and the engineer's under /field/ are the same forms in two shells.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from aftercare.domain.inventory import access, actions, queries
from aftercare.flows import scan_count
from aftercare.flows.scan_count import Counting
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.stock.registers import CONDITIONS
from aftercare.web.stocktakes.registers import address_of

SHOWN = 60


@page(access.COUNT)
def count(request: HttpRequest, key: str) -> HttpResponse:
    """Enter what lies there: by scan, or down the list of what this round still waits for."""
    row = queries.get_stocktake(key, actor_of(request))
    here = f"{address_of(row)}count/"
    answered, context = take(request, row, here)
    if answered is not None:
        return answered
    context |= {"title": _("盘点录入"), "address": address_of(row), "here": here}
    return render(request, "stocktakes/count.html", context, status=context["status"])


def take(request: HttpRequest, row: Any, here: str) -> tuple[HttpResponse | None, dict[str, Any]]:
    """Write what was sent down and go on at `here`; else the context of a counting page, with the refusal if there was one."""
    refusal = None
    if request.method == "POST":
        act = _from_list(request, row, here) if request.POST.get("what") == "list" else _from_scan(request, row, here)
        try:
            return perform(request, f"stocktakes.count:{row.number}", act), {}
        except Refusal as refused:
            if refused.status == 403:
                raise
            refusal = refused
    return None, context_of(request, row, refusal)


def context_of(request: HttpRequest, row: Any, refusal: Refusal | None = None) -> dict[str, Any]:
    """What a counting page shows."""
    actor = actor_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    spot = asked.get("bin", "")
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
    tone = "bad" if refusal else asked.get("tone", "") if asked.get("said") else ""
    return {
        "row": row, "bin": spot, "lines": lines, "done": done, "left": left, "every": every, "counted": every - left,
        "conditions": CONDITIONS, "said": str(refusal.message) if refusal else asked.get("said", ""), "tone": tone,
        "refusal": str(refusal.message) if refusal else "", "blamed": refusal.field if refusal else "",
        "last": asked.get("last", ""), "waits": asked.get("waits", ""),
        "typed": request.POST if request.method == "POST" and request.POST.get("what") != "list" else {},
        "has_bins": bool(queries.bins_of([row.place_id])), "is_open": row.status == "counting", "status": 422 if refusal else 200,
    }  # fmt: skip


def _from_scan(request: HttpRequest, row: Any, here: str):
    def act(*, actor: Actor, at: dt.datetime) -> str:
        given = request.POST
        last = given.get("last", "")
        where = Counting(given.get("bin", ""), int(last) if last.isdigit() else None, given.get("waits", "")[:60])
        qty = _qty(given["qty"], "qty") if given.get("qty", "").strip() else None
        heard = scan_count.take(
            row, given.get("code", ""), where=where, qty=qty, condition=given.get("condition") or "good", lot=given.get("lot", ""),
            adds=bool(given.get("adds")), note=given.get("note", ""), actor=actor, at=at,
        )
        return _onward(here, heard.now, said=heard.said, tone=heard.tone)

    return act


def _from_list(request: HttpRequest, row: Any, here: str):
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
        return _onward(here, Counting(request.POST.get("bin", "")), said=_("%(n)s 行") % {"n": len(lines)}, tone="ok")

    return act


def _onward(here: str, now: Counting, *, said: str, tone: str) -> str:
    told = {"bin": now.bin, "last": now.last or "", "waits": now.waits, "tone": tone, "said": said}
    return f"{here}?{urlencode({name: value for name, value in told.items() if value})}"


def _qty(text: str, field: str) -> Decimal:
    try:
        qty = Decimal(text.strip())
    except InvalidOperation:
        raise RuleBroken(_("数量不是数字"), code="bad_quantity", field=field) from None
    if not qty.is_finite() or qty < 0:
        raise RuleBroken(_("数量不能为负"), code="negative_quantity", field=field)
    return qty
