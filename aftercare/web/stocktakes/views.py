"""A stocktake's page, its differences, and its papers."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.inventory import access, actions, queries
from aftercare.domain.inventory.lifecycle import STOCKTAKE
from aftercare.foundation import clock, spreadsheet
from aftercare.foundation.access import Actor, not_allowed
from aftercare.foundation.refusals import RuleBroken
from aftercare.web.pages import fields, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.stocktakes.registers import LINE_TONES, TONES, address_of

SHOWN = 300

DOOR = MoveDoor(
    slug="stocktakes",
    lifecycle=STOCKTAKE,
    load=queries.get_stocktake,
    address=address_of,
    runs={"close_round": actions.finish_round, "recalculate": actions.recalculate, "cancel_stocktake": actions.cancel_stocktake,
          "reverse_stocktake": actions.reverse_stocktake},
    asks={"reason": lambda actor, row: forms.CharField(label=_("原因"), max_length=200),
          "rest_is_zero": lambda actor, row: _rest(row)},
    more={"close_round": ("rest_is_zero",)},
)  # fmt: skip


def _rest(row) -> forms.Field | None:
    left = queries.left_to_count(row).count()
    return fields.yes(_t("还有 %(n)s 行没有盘，按没有找到（0）记") % {"n": left}) if left else None


@page(access.VIEW_STOCK)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What is to be counted and how far it is; what differs only to who may see it."""
    actor = actor_of(request)
    row = queries.get_stocktake(key, actor)
    is_shown = queries.may_see_book(row, actor)
    lines, count = _lines(request, row, is_shown)
    names = {move.name for move in STOCKTAKE.open_moves(row, actor)}
    every, left, again = queries.progress_of([row.pk]).get(row.pk, (0, 0, 0))
    moves = [one for one in DOOR.buttons(row, actor) if one["name"] != "recalculate" or is_shown]
    for one in moves:
        # While something is left to count, counting is the next step, not the end of the round.
        one["primary"] &= not left
    context = {
        "row": row, "title": f"{row.place.name} · {row.get_scope_of_display()}", "number": row.number, "list_label": _t("盘点单"),
        "list_url": "/stocktakes/", "status": {"label": row.get_status_display(), "tone": TONES[row.status]}, "sub": row.branch.name,
        "moves": moves, "steps": _steps(row), "has_bins": bool(queries.bins_of([row.place_id])),
        "lines": lines, "count": count, "is_shown": is_shown, "every": every, "left": left, "done": every - left, "again": again,
        "may_count": "record_counts" in names, "may_review": "approve_stocktake" in names and is_shown,
        "counters": queries.counters_of(row), "show": request.GET.get("show", ""), "q": request.GET.get("q", ""),
        "is_counter": row.status == "submitted" and "approve_stocktake" in names and not is_shown, "tones": LINE_TONES,
        "events": timelines.events(row.kind, row.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "stocktakes/stocktake.html", context)


def _steps(row) -> list[dict[str, Any]]:
    labels = [_t("安排"), _t("盘点 第 %(n)s 轮") % {"n": row.round}, _t("审核"), _t("入账")]
    at = {"counting": 1, "submitted": 2, "settled": 4, "cancelled": 1, "reversed": 3}[row.status]
    ends = row.status in ("cancelled", "reversed")
    return [{"label": label, "state": "done" if n < at else ("stop" if ends else "now") if n == at else ""} for n, label in enumerate(labels)]


def _lines(request: HttpRequest, row, is_shown: bool) -> tuple[list, int]:
    """The lines asked for, at most so many, and how many there are; what differs first to be seen by who may see it."""
    rows, text, what = queries.stocktake_lines(row), request.GET.get("q", "").strip(), request.GET.get("show", "")
    if text:
        rows = rows.filter(part__code__icontains=text) | rows.filter(part__name__icontains=text) | rows.filter(place__code__icontains=text)
    if what == "left":
        rows = rows.filter(pk__in=queries.left_to_count(row).values("pk"))
    elif is_shown and what != "all":
        rows = rows.exclude(difference_qty=0)
    count = rows.count()
    lines, own = list(rows[:SHOWN]), queries.own_counts(row, actor_of(request))
    for line in lines:
        line.own_qty, line.tone = own.get(line.pk), LINE_TONES[line.state]
        line.is_waiting = line.state in ("open", "recount") and line.counted_round < row.round
    return lines, count


@page(access.PLAN_COUNT)
def due(request: HttpRequest) -> HttpResponse:
    """Where how many parts of which class are due for the cycle count; each number plans it."""
    actor = actor_of(request)
    places = list(queries.list_places(actor).filter(is_active=True, parent=None, branch__isnull=False).exclude(kind_of="transit"))
    found = queries.due_by_place(places, today=clock.local_day(clock.now(), actor.zone))
    rows = []
    for place in places:
        letters = Counter(found[place.pk].values())
        if letters:
            told = [{"letter": letter, "n": letters[letter], "url": f"/stocktakes/new/?place={place.pk}&scope=cycle&abc={letter}"} for letter in "ABC"]
            rows.append({"place": place, "letters": told, "total": letters.total(), "url": f"/stocktakes/new/?place={place.pk}&scope=cycle"})
    return render(request, "stocktakes/due.html", {"title": _t("循环盘点到期"), "rows": rows})


@page(access.APPROVE_COUNT)
def review(request: HttpRequest, key: str) -> HttpResponse:
    """The differences with their value and every count behind them; reasons are written here, then booked or sent back."""
    actor = actor_of(request)
    row = queries.get_stocktake(key, actor)
    if not queries.may_see_book(row, actor):
        raise not_allowed(access.APPROVE_COUNT)
    refusal = ""
    if request.method == "POST":
        try:
            return perform(request, f"stocktakes.review:{key}", _reviewer(request, row), done=_t("已审核"))
        except RuleBroken as refused:
            refusal = str(refused.message)
    lines = list(queries.stocktake_lines(row).exclude(difference_qty=0).order_by("position"))
    known = queries.found_elsewhere(lines)
    mine = {queries.key_of(line) for line in lines if line.difference_qty < 0}
    entries, since = queries.counts_of(line.pk for line in lines), queries.since_count(lines)
    for line in lines:
        line.entries_told, line.since_qty, line.tone = entries.get(line.pk, []), since.get(line.pk), LINE_TONES[line.state]
        line.typed = request.POST.get(f"reason-{line.position}", line.reason)
        where = known.get(line.pk)
        line.known_at = where.place.name if where else ""
        line.is_outside = where is not None and queries.key_of(where) not in mine
        line.is_picked = str(line.position) in request.POST.getlist("pick")
    rule = queries.count_rule_of(row.branch_id)
    context = {
        "row": row, "title": _t("差异审核"), "lines": lines, "refusal": refusal, "reason": request.POST.get("reason", ""),
        "has_outside": any(line.is_outside for line in lines), "is_large": rule.approve_amount is not None and (row.value_amount or 0) > rule.approve_amount, "limit": rule.approve_amount,
        "plus": sum(line.difference_amount for line in lines if line.difference_amount > 0),
        "minus": sum(line.difference_amount for line in lines if line.difference_amount < 0),
        "may_large": actor.may(access.APPROVE_LARGE_COUNT, branch_id=row.branch_id), "zone": actor.zone, "address": address_of(row),
    }  # fmt: skip
    return render(request, "stocktakes/review.html", context, status=422 if refusal else 200)


def _reviewer(request: HttpRequest, row):
    def act(*, actor: Actor, at: dt.datetime) -> str:
        reason = request.POST.get("reason", "")
        version = request.POST.get("version", "")
        seen = int(version) if version.isdigit() else None
        if request.POST.get("what") == "send_back":
            picked = [int(n) for n in request.POST.getlist("pick") if n.isdigit()]
            actions.send_back_stocktake(row, reason=reason, lines=picked, version=seen, actor=actor, at=at)
        else:
            reasons = {int(name[7:]): text for name, text in request.POST.items() if name.startswith("reason-") and name[7:].isdigit()}
            actions.approve_stocktake(row, reasons=reasons, reason=reason, move_serials=request.POST.get("what") == "approve_moving", version=seen,
                                      actor=actor, at=at)
        return address_of(row)

    return act


@page(access.VIEW_STOCK)
def print_blind(request: HttpRequest, key: str) -> HttpResponse:
    """盲盘表: what is to be counted, without a quantity, to walk along the shelves with."""
    actor = actor_of(request)
    row = queries.get_stocktake(key, actor)
    context = _paper(row, _t("盲盘表"), actor) | {
        "lines": queries.left_to_count(row) if row.status == "counting" else queries.stocktake_lines(row),
        "link": request.build_absolute_uri(f"{address_of(row)}count/"),
    }
    return render(request, "stocktakes/print_blind.html", context)


@page(access.APPROVE_COUNT)
def print_result(request: HttpRequest, key: str) -> HttpResponse:
    """盘点差异表 with reasons and signatures; only for who may see it."""
    actor = actor_of(request)
    row = queries.get_stocktake(key, actor)
    if not queries.may_see_book(row, actor):
        raise not_allowed(access.APPROVE_COUNT)
    lines = list(queries.stocktake_lines(row).exclude(difference_qty=0))
    context = _paper(row, _t("盘点差异表"), actor) | {
        "lines": lines, "every": queries.stocktake_lines(row).count(), "counters": queries.counters_of(row),
        "total": sum((line.difference_amount for line in lines), start=0),
    }
    return render(request, "stocktakes/print_result.html", context)


def _paper(row, heading: str, actor: Actor) -> dict[str, Any]:
    return {"row": row, "heading": heading, "title": f"{heading} {row.number}", "size": "a4", "back_url": address_of(row), "note": "A4",
            "zone": actor.zone}


@page(access.VIEW_STOCK)
def export(request: HttpRequest, key: str) -> FileResponse:
    """All lines as a workbook; quantities only for who may see them."""
    actor = actor_of(request)
    row = queries.get_stocktake(key, actor)
    is_shown = queries.may_see_book(row, actor)
    heads = [(_("行号"), "integer"), (_("货位"), "text"), (_("配件编码"), "text"), (_("配件"), "text"), (_("状态"), "text"), (_("批次或序列号"), "text"),
             (_("单位"), "text"), (_("盘点状态"), "text")]  # fmt: skip
    if is_shown:
        heads += [(_("应有数"), "quantity"), (_("实盘数"), "quantity"), (_("差异数"), "quantity"), (_("差异金额"), "money"), (_("差异原因"), "text"),
                  (_("盘点人"), "text")]  # fmt: skip
    rows = (_cells(line, is_shown) for line in queries.stocktake_lines(row).order_by("position").iterator(2000))
    file = tempfile.TemporaryFile()  # closed by the response
    spreadsheet.write_xlsx(file, [spreadsheet.Column(str(label), kind) for label, kind in heads], rows, title=row.number, zone_name=actor.zone)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"stocktake-{row.number}.xlsx")


def _cells(line, is_shown: bool) -> list:
    told = [line.position, line.place.code, line.part.code, line.part.name, line.get_condition_display(), line.lot, line.part.unit,
            line.get_state_display()]
    if is_shown:
        told += [line.expected_qty, line.counted_qty, line.difference_qty, line.difference_amount, line.reason, line.counted_by_name]
    return told


