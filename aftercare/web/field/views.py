"""Today, a scanned unit, the van, the month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftercare.domain.assets import queries as assets
from aftercare.domain.assets import rules as serials
from aftercare.domain.cores import access as cores_access
from aftercare.domain.cores import queries as cores
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.inventory import access as stock_access
from aftercare.domain.inventory import queries as stock
from aftercare.domain.settlement import actions as settling
from aftercare.domain.settlement import queries as settlement
from aftercare.domain.work import access
from aftercare.domain.work import queries as orders
from aftercare.flows import prepare_parts
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.reports import cash
from aftercare.web.field import shown
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


def frame(request: HttpRequest, **context) -> dict:
    """What every telephone page needs around its content."""
    return {"nav_field": shown.bar(request.path), "scan_url": "/field/scan/", "now": clock.now(), "zone": actor_of(request).zone} | context


@page(access.PERFORM)
def today(request: HttpRequest) -> HttpResponse:
    """The engineer's day: the next job as a card, then the late ones, today's and the other days'."""
    actor, at = actor_of(request), clock.now()
    day = clock.local_day(at, actor.zone)
    rows = orders.list_for_engineer(actor.employee_id, day=day, actor=actor) if actor.employee_id else []
    found = shown.sort_day(rows, day=day, at=at, zone=actor.zone)
    lists = [
        {"label": _("已超时"), "note": _("请先处理"), "jobs": _rows(found.late, actor)},
        {"label": _("今日安排"), "note": _("按预约时间"), "jobs": _rows(found.today, actor)},
        {"label": _("以后"), "note": "", "dated": True, "jobs": _rows(found.other, actor)},
    ]
    context = frame(
        request, title=_("%(name)s，今天 %(n)s 单") % {"name": actor.name, "n": found.total},
        sub=_("%(month)s月%(day)s日 · 已完成 %(n)s 单") % {"month": day.month, "day": day.day, "n": found.done},
        done=found.done, total=found.total, job=shown.card(found.hero, actor) if found.hero else None,
        lists=[one for one in lists if one["jobs"]], unnamed=orders.count_unnamed(actor),
        counts=to_count(actor),
    )
    return render(request, "field/today.html", context)


def _rows(rows: list, actor: Actor) -> list[dict]:
    return [
        {
            # What is done tells when it was done: it may have been planned for another day.
            "url": shown.address_of(order), "planned_at": order.finished_at or order.planned_at, "title": order.title,
            "thing": order.product.name if order.product_id else "", "status": shown.status_of(order),
            "person": order.contact_name, "address": order.address, "off": bool(order.finished_at),
        }
        for order in rows
    ]


@page(access.PERFORM)
def scan(request: HttpRequest) -> HttpResponse:
    """The unit of a scanned or typed serial number: its warranty and history, and the order that is open for it.

    An engineer sees units through his own orders; whoever reaches the unit itself sees it without one.
    """
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    unit, found = _find_unit(text, actor) if text else (None, [])
    today = clock.local_day(clock.now(), actor.zone)
    decision = entitlement.decide(asset_id=unit.pk, on=today) if unit else None
    context = frame(
        request, title=unit.product.name if unit else _("查设备"), sub=unit.serial if unit else text, q=text, unit=unit,
        back_url="/field/", decision=decision, sentence=entitlement.sentence(decision) if decision else "",
        open_jobs=[_line(o) for o in found if o.status in orders.RUNNING],
        history=[_line(o) for o in found if o.status not in orders.RUNNING],
        facts=[] if unit is None else [
            {"label": _("设备编号"), "value": unit.number}, {"label": _("产品编码"), "value": unit.product.code},
            {"label": _("销售日期"), "value": unit.sold_on}, {"label": _("安装日期"), "value": unit.installed_on},
        ],
    )
    return render(request, "field/scan.html", context)


def _find_unit(text: str, actor: Actor):
    units = assets.find_by_serial(text, actor)
    if units:
        return units[0], orders.list_of_asset(units[0].pk, actor)
    key = serials.serial_key(text)
    mine = orders.list_orders(actor, text=text).filter(asset__isnull=False).order_by("-id")[:20]
    for order in mine:
        if serials.serial_key(order.asset.serial) == key:
            return order.asset, orders.list_of_asset(order.asset_id, actor)
    return None, []


def _line(order) -> dict:
    return {"url": shown.address_of(order), "order": order, "status": shown.status_of(order)}


@page(access.PERFORM)
def van(request: HttpRequest) -> HttpResponse:
    """His van: what lies in it, and the part lines of his open orders that have to be fetched or brought back."""
    actor = actor_of(request)
    place = stock.van_of(actor.employee_id) if actor.employee_id else None
    rows = list(stock.seen_balances(actor).filter(place_id=place.pk).order_by("part__name", "lot")) if place else []
    lines = orders.list_materials_at_hand(actor.employee_id, actor) if actor.employee_id else []
    carried = prepare_parts.carried_of((line.order for line in lines), lines)
    jobs: dict[int, dict] = {}
    for line in lines:
        job = jobs.setdefault(line.order_id, {"order": line.order, "url": shown.address_of(line.order), "lines": [], "fetch": False, "back": False})
        in_van = line.place_id is not None and place is not None and line.place_id == place.pk
        job["lines"].append({"line": line, "in_van": in_van, "carried": carried.get(line.pk), "short": max(line.qty - line.used_qty - line.reserved_qty, Decimal(0))})
        job["fetch"] |= bool(line.reserved_qty) and not in_van
        job["back"] |= (bool(line.reserved_qty) and in_van) or line.pk in carried
    context = frame(
        request, title=_("备件"), sub=place.name if place else _("还没有随车库"), van=place, rows=rows, jobs=list(jobs.values()),
        old=_old_parts(actor), counts=to_count(actor),
    )
    return render(request, "field/van.html", context)


def to_count(actor: Actor) -> list[dict]:
    """The counts of his van that wait for him: which, and how many lines are left."""
    if actor.employee_id is None or not actor.holds(stock_access.COUNT):
        return []
    rows = list(stock.own_to_count(actor))
    progress = stock.progress_of([row.pk for row in rows]) if rows else {}
    return [{"row": row, "url": f"/field/counts/{row.number}/", "left": progress.get(row.pk, (0, 0, 0))[1]} for row in rows]


def _old_parts(actor: Actor):
    """What he owes of old parts; None when he owes nothing."""
    if actor.employee_id is None or not actor.holds(cores_access.VIEW):
        return None
    return cores.total_of(actor, day=clock.local_day(clock.now(), actor.zone), employee_id=actor.employee_id)


@page(access.PERFORM)
@require_POST
def carry(request: HttpRequest, key: str, way: str) -> HttpResponse:
    """Fetch what is promised to an order into the van, or bring back what was not used."""
    order = orders.get_order(key, actor_of(request))
    run = prepare_parts.issue if way == "fetch" else prepare_parts.return_unused

    def act(*, actor: Actor, at) -> str:
        run(order, actor=actor, at=at)
        return request.POST.get("next") if request.POST.get("next", "").startswith("/field/") else "/field/van/"

    return perform(request, f"field.{way}:{key}", act, done=_("已领到随车库") if way == "fetch" else _("已退回配件库"))


@page(access.PERFORM)
def month(request: HttpRequest) -> HttpResponse:
    """His month: the statement, every line with the explanation it follows from, and the cash he still holds."""
    actor = actor_of(request)
    today = clock.local_day(clock.now(), actor.zone)
    shown_month = _month(request.GET.get("month", ""), today)
    statement, lines = None, []
    if actor.employee_id and actor.holds("settlement.view_statement"):
        statement = settlement.find_statement(actor.employee_id, shown_month, actor)
        lines = list(
            settlement.list_lines(statement) if statement
            else settlement.list_accruals(actor).filter(employee_id=actor.employee_id, month=shown_month).order_by("id")
        )
    totals = settlement.calculate_totals(statement) if statement else None
    collected, held = cash.collected_by(actor, actor.employee_id, today) if actor.employee_id else (Decimal(0), Decimal(0))
    context = frame(
        request, title=_("我的"), sub=actor.name, month=shown_month, statement=statement, totals=totals,
        earned=sum((line.amount for line in lines), Decimal("0.00")),
        lines=[{"line": line, "text": settlement.sentence(line)} for line in lines],
        previous=(shown_month - dt.timedelta(days=1)).strftime("%Y-%m"),
        following=(shown_month + dt.timedelta(days=32)).strftime("%Y-%m") if shown_month < today.replace(day=1) else "",
        collected=collected, held=held, today=today,
        may_appeal=statement is not None and statement.status == "draft"
        and actor.may("settlement.appeal", branch_id=statement.branch_id, people=(actor.employee_id,)),
    )
    return render(request, "field/month.html", context)


def _month(text: str, today: dt.date) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return today.replace(day=1)


@page("settlement.appeal")
@require_POST
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """Say what is wrong with one's month."""
    statement = settlement.get_statement(number, actor_of(request))

    def act(*, actor: Actor, at) -> str:
        settling.appeal(statement, reason=request.POST.get("reason", ""), actor=actor, at=at)
        return f"/field/me/?month={statement.month:%Y-%m}"

    return perform(request, f"field.appeal:{number}", act, done=_("已提出异议"))
