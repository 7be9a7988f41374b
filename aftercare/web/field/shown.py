"""How a job looks on the telephone: its place in the day, its next move, what is told of customer and unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.parties import rules as phones
from aftercare.domain.work import queries
from aftercare.domain.work.lifecycle import Status as S
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.work.shown import may_unmask, status_of

# The one big button: the first of these moves that is legal now, in the engineer's words.
NEXT = (
    ("accept", gettext_lazy("接单")), ("set_out", gettext_lazy("出发")), ("arrive", gettext_lazy("到达，开始服务")),
    ("start", gettext_lazy("开始修理")), ("resume", gettext_lazy("继续修理")), ("restart", gettext_lazy("重新开工")),
)  # fmt: skip
# Moves whose form carries the telephone's own clock and place.
CLAIMING = ("set_out", "arrive")
_AT_HAND = (S.WORKING, S.EN_ROUTE, S.REWORK)
_MAP = "https://uri.amap.com/search?keyword="


@dataclass
class Day:
    """An engineer's day: the job at hand or next, the late ones, today's, the rest, and what is done."""

    hero: Any = None
    late: list = field(default_factory=list)
    today: list = field(default_factory=list)
    other: list = field(default_factory=list)
    done: int = 0
    total: int = 0


def sort_day(orders: list, *, day: dt.date, at: dt.datetime, zone: str) -> Day:
    """Put an engineer's open and today's finished orders where he looks for them."""
    end = clock.day_bounds(day, zone)[1]
    found = Day()
    for order in orders:
        if order.finished_at and order.status not in queries.RUNNING:
            found.done += 1
            found.today.append(order)
        elif order.planned_at and order.planned_at >= end:
            found.other.append(order)
        elif order.due_at and order.due_at < at:
            found.late.append(order)
        else:
            found.today.append(order)
    waiting = [o for o in (*found.late, *found.today) if not _is_done(o)]
    found.total = len(waiting) + found.done
    at_hand = [o for o in waiting if o.status in _AT_HAND]
    startable = [o for o in waiting if o.status not in (S.WAITING_PART, S.HARD, S.QUOTING)]
    found.hero = next(iter(sorted(at_hand or startable, key=_time)), None)
    found.today.sort(key=lambda o: (_is_done(o), *((o.finished_at, o.pk) if _is_done(o) and o.finished_at else _time(o))))
    found.late.sort(key=lambda o: o.due_at)
    return found


def _is_done(order: Any) -> bool:
    return order.status not in queries.RUNNING


def _time(order: Any):
    return (order.planned_at or order.created_at, order.pk)


def card(order: Any, actor: Actor) -> dict:
    """What the hero card and the head of a job page tell."""
    open_ones = {move.name: move for move in queries.open_moves(order, actor)}
    name, label = next(((n, text) for n, text in NEXT if n in open_ones), ("", ""))
    seen = may_unmask(order, actor)
    thing = order.product.name if order.product_id else ""
    return {
        "order": order, "status": status_of(order), "moves": open_ones, "next": name, "next_label": label,
        "claims": name in CLAIMING, "url": address_of(order),
        "title": " · ".join(filter(None, (order.title, thing))),
        "unit": " · ".join(filter(None, (order.asset.serial if order.asset_id else "", order.get_service_class_display()))),
        "person": order.contact_name or (order.customer.name if order.customer_id else ""),
        "phone": order.phone if seen else phones.mask_phone(order.phone),
        "call": f"tel:{order.phone}" if seen and order.phone else "",
        "home": order.address if seen else phones.mask_address(order.address),
        "map": _MAP + quote(f"{order.region.name if order.region_id else ''}{order.address}") if seen and order.address else "",
        "due": order.due_at if order.status in queries.RUNNING else None,
    }


def address_of(order: Any) -> str:
    """The engineer's page of an order."""
    return f"/field/job/{order.number}/"


def bar(path: str) -> list[dict]:
    """Entries of the bar at the bottom."""
    entries = [
        {"label": _("任务"), "url": "/field/", "icon": "list"}, {"label": _("扫码"), "url": "/field/scan/", "icon": "scan", "open": "#scan"},
        {"label": _("备件"), "url": "/field/van/", "icon": "part"}, {"label": _("我的"), "url": "/field/me/", "icon": "user"},
    ]
    for entry in entries:
        entry["current"] = path == entry["url"] or (entry["url"] == "/field/" and path.startswith("/field/job/"))
    return entries
