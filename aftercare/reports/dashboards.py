"""What each role has to do now. Every figure names the list and the filter that show its rows.

Cheap by kept figures and indexed counts; the same person's page is worked out at most every 30 seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.cases import queries as cases
from aftercare.domain.feedback import queries as feedback
from aftercare.domain.inventory import queries as inventory
from aftercare.domain.purchasing import queries as purchasing
from aftercare.domain.settlement import queries as settlement
from aftercare.domain.work import lifecycle
from aftercare.domain.work import queries as work
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotAllowed

KEPT_SECONDS = 30


@dataclass(frozen=True)
class Figure:
    """One figure: a stable code, its label, its value, and the list behind it (register and filters).

    `kind` is count, money or percent; `tone` is plain, good, warn or bad.
    """

    code: str
    label: str
    value: int | Decimal | None
    kind: str = "count"
    register: str = ""
    filters: dict[str, Any] = field(default_factory=dict, hash=False)
    tone: str = "plain"


@dataclass(frozen=True)
class Dashboard:
    """The figures of one role, and when they were worked out."""

    role: str
    label: str
    figures: tuple[Figure, ...]
    at: dt.datetime


def roles_of(actor: Actor) -> list[str]:
    """The dashboards this actor may open, his own first."""
    return [code for code, (_label, needed, _panel) in ROLES.items() if actor.holds(needed)]


def calculate(actor: Actor, *, at: dt.datetime, role: str = "") -> Dashboard:
    """The dashboard of a role (default: the actor's own); refuses one that is not for him. At most 15 statements."""
    own = roles_of(actor)
    role = role or (own[0] if own else "")
    if role not in own:
        raise NotAllowed(_("没有可以显示的工作台"), code="no_dashboard")
    label, _needed, panel = ROLES[role]
    key = f"dashboard:{role}:{actor.kind}:{actor.id}:{hash(frozenset(actor.reaches.items()))}:{translation.get_language()}"
    kept = cache.get(key)
    if kept is None:
        kept = Dashboard(role, str(label), tuple(panel(actor, at)), at)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _by_status(actor: Actor, *statuses: str) -> list[Figure]:
    counts = work.count_by_status(actor)
    return [_status(counts, status) for status in statuses]


def _status(counts: dict[str, int], status: str) -> Figure:
    state = lifecycle.Status(status)
    return Figure(f"orders.{state.value}", str(state.label), counts.get(state.value, 0), register="orders",
                  filters={"status": [state.value]})


def _late(actor: Actor, at: dt.datetime, **more) -> list[Figure]:
    late = work.list_orders(actor, at=at, late=True, **more).count()
    soon = work.list_orders(actor, at=at, soon=True, **more).count()
    return [
        Figure("orders.late", _("已超时"), late, register="orders", filters={"late": True, **more}, tone="bad" if late else "good"),
        Figure("orders.soon", _("即将超时"), soon, register="orders", filters={"soon": True, **more}, tone="warn" if soon else "plain"),
    ]


def _today(actor: Actor, at: dt.datetime) -> Figure:
    day = clock.local_day(at, actor.zone)
    filters = {"created_from": day, "created_to": day}
    return Figure("orders.new_today", _("今日新单"), work.list_orders(actor, **filters).count(), register="orders", filters=filters)


def _contacts(actor: Actor) -> list[Figure]:
    counts = cases.count_undone(actor)
    complaints = cases.list_contacts(actor, kind="complaint", undone=True).count()
    return [
        Figure("contacts.undone", _("未办结来电"), sum(counts.values()), register="contacts", filters={"undone": True}),
        Figure("contacts.complaints", _("未办结投诉"), complaints, register="contacts",
               filters={"kind": "complaint", "undone": True}, tone="bad" if complaints else "good"),
    ]


def _callbacks(actor: Actor, at: dt.datetime) -> list[Figure]:
    queue = feedback.list_queue(actor)
    due = feedback.list_queue(actor, due_until=at).count()
    return [
        Figure("callbacks.open", _("待回访"), queue.count(), register="callbacks", filters={"status": ["open"]}),
        Figure("callbacks.due", _("应回访"), due, register="callbacks", filters={"due": True}, tone="warn" if due else "plain"),
    ]


def _clerk(actor: Actor, at: dt.datetime) -> list[Figure]:
    return [*_contacts(actor), _today(actor, at), *_by_status(actor, "pending", "quoting", "repaired")]


def _dispatcher(actor: Actor, at: dt.datetime) -> list[Figure]:
    states = ("pending", "dispatched", "accepted", "scheduled", "working", "waiting_part", "hard", "done")
    return [*_by_status(actor, *states), *_late(actor, at), _today(actor, at)]


def _engineer(actor: Actor, at: dt.datetime) -> list[Figure]:
    mine = {"engineer": actor.employee_id}
    day = clock.local_day(at, actor.zone)
    new = {**mine, "status": ["dispatched"]}
    planned = {**mine, "planned_on": day, "open": True}
    waiting = {**mine, "status": ["waiting_part", "hard", "rework"]}
    return [
        Figure("mine.new", _("待接单"), work.list_orders(actor, **new).count(), register="orders", filters=new),
        Figure("mine.today", _("今日预约"), work.list_orders(actor, **planned).count(), register="orders", filters=planned),
        Figure("mine.waiting", _("待件、难修与返工"), work.list_orders(actor, **waiting).count(), register="orders", filters=waiting),
        *_late(actor, at, **mine),
        *_month(actor, at),
    ]


def _month(actor: Actor, at: dt.datetime) -> list[Figure]:
    month = clock.local_day(at, actor.zone).replace(day=1)
    if actor.employee_id is None or not actor.holds("settlement.view_statement"):
        return []
    statement = settlement.find_statement(actor.employee_id, month, actor)
    earned = settlement.calculate_totals(statement).commission_amount if statement else Decimal(0)
    return [Figure("mine.commission", _("本月提成"), earned, "money", "statements", {"month": month})]


def _keeper(actor: Actor, at: dt.datetime) -> list[Figure]:
    requests = inventory.list_requests(actor).filter(status="open").count()
    below = inventory.below_limit(actor).count()
    return [
        Figure("requests.open", _("待补货申请"), requests, register="part-requests", filters={"status": ["open"]},
               tone="warn" if requests else "good"),
        Figure("stock.below", _("低于下限"), below, register="stock", filters={"below": True}, tone="warn" if below else "good"),
        *_by_status(actor, "waiting_part"),
    ]


def _buyer(actor: Actor, at: dt.datetime) -> list[Figure]:
    late = purchasing.overdue(purchasing.list_orders(actor), clock.local_day(at, actor.zone)).count()
    drafts = purchasing.list_orders(actor).filter(status="draft").count()
    waiting = purchasing.list_requests(actor).filter(status="submitted").count()
    approved = purchasing.list_requests(actor).filter(status="approved").count()
    inspecting, blocked = purchasing.to_inspect(actor).count(), purchasing.blocked_invoices(actor).count()
    return [
        Figure("purchases.late", _("超期未到"), late, register="purchase-orders", filters={"overdue": True}, tone="bad" if late else "good"),
        Figure("purchases.drafts", _("未下单草稿"), drafts, register="purchase-orders", filters={"status": ["draft"]}),
        Figure("purchases.waiting", _("待审批"), waiting, register="purchase-requests", filters={"status": ["submitted"]}),
        Figure("purchases.approved", _("待订购"), approved, register="purchase-requests", filters={"status": ["approved"]},
               tone="warn" if approved else "plain"),
        Figure("purchases.inspecting", _("待验收"), inspecting, register="receipts", filters={"status": ["inspecting"]}),
        Figure("purchases.blocked", _("差异冻结发票"), blocked, register="supplier-invoices", filters={"status": ["blocked"]},
               tone="bad" if blocked else "good"),
    ]


def _auditor(actor: Actor, at: dt.datetime) -> list[Figure]:
    return [*_by_status(actor, "done", "inspected", "rework", "audited"), *_late(actor, at)]


def _accountant(actor: Actor, at: dt.datetime) -> list[Figure]:
    sums = work.sums_by_status(actor)
    counts = {status: orders for status, (orders, _amount) in sums.items()}
    open_statements = settlement.list_statements(actor).exclude(status="locked").count()
    appealed = settlement.list_statements(actor).filter(status="appealed").count()
    return [
        _status(counts, "audited"),
        Figure("unsettled.amount", _("未结算金额"), sums.get("audited", (0, Decimal(0)))[1], "money", "orders", {"status": ["audited"]}),
        _status(counts, "settled"),
        Figure("statements.open", _("未锁定结算单"), open_statements, register="statements", filters={"status": ["draft", "appealed"]}),
        Figure("statements.appealed", _("有异议的结算单"), appealed, register="statements", filters={"status": ["appealed"]},
               tone="warn" if appealed else "good"),
    ]


def _caller(actor: Actor, at: dt.datetime) -> list[Figure]:
    return [*_callbacks(actor, at), *_contacts(actor)]


def _manager(actor: Actor, at: dt.datetime) -> list[Figure]:
    month = clock.local_day(at, actor.zone).replace(day=1)
    start, end = clock.month_bounds(month, actor.zone)
    answers = feedback.calculate_satisfaction(actor, since=start, until=end)
    rate = answers.satisfied_rate
    states = ("pending", "working", "waiting_part", "done", "audited", "closed")
    return [
        _today(actor, at), *_by_status(actor, *states), *_late(actor, at), *_contacts(actor),
        Figure("satisfaction.month", _("本月满意率"), rate, "percent", "callbacks", {"status": ["answered"]},
               "plain" if rate is None else "good" if rate >= Decimal("0.95") else "warn"),
    ]


Panel = Callable[[Actor, dt.datetime], list[Figure]]
# role: (label, the permission that tells who it is for, its figures); widest first.
ROLES: dict[str, tuple[Any, str, Panel]] = {
    "manager": (gettext_lazy("经营概览"), "people.edit_employee", _manager),
    "accountant": (gettext_lazy("财务"), "settlement.lock", _accountant),
    "dispatcher": (gettext_lazy("派工"), "work.dispatch", _dispatcher),
    "auditor": (gettext_lazy("检验与审核"), "work.audit", _auditor),
    "keeper": (gettext_lazy("仓库"), "inventory.receive", _keeper),
    "buyer": (gettext_lazy("采购"), "purchasing.order", _buyer),
    "caller": (gettext_lazy("回访"), "feedback.answer", _caller),
    "clerk": (gettext_lazy("接待"), "cases.register", _clerk),
    "engineer": (gettext_lazy("我的工作"), "work.perform", _engineer),
}
