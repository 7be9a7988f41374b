"""Carry-in orders by where they stand; a row leads to the order with its repair card and moves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftercare.domain.people import queries as people
from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import OPEN
from aftercare.domain.work.lifecycle import Status as S
from aftercare.foundation.access import Actor
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab
from aftercare.web.work import registers as orders
from aftercare.web.work import shown as looks

_TABS: tuple[tuple[str, object, frozenset], ...] = (
    ("open", _("在店"), frozenset(OPEN)),
    ("pending", _("待派工"), frozenset({S.PENDING})),
    ("waiting", _("待修"), frozenset({S.DISPATCHED, S.ACCEPTED, S.SCHEDULED, S.REWORK})),
    ("working", _("修理中"), frozenset({S.WORKING})),
    ("parts", _("待件"), frozenset({S.WAITING_PART})),
    ("hard", _("难修"), frozenset({S.HARD})),
    ("quoting", _("待报价确认"), frozenset({S.QUOTING})),
    ("repaired", _("修复待取"), frozenset({S.REPAIRED})),
)  # fmt: skip


def rows(actor: Actor):
    """Carry-in orders he may see."""
    return queries.list_orders(actor, mode="bench")


def tab_counts(actor: Actor) -> dict[str, int]:
    """Numbers behind the tabs; one statement."""
    counts = queries.count_bench(actor)
    return {key: sum(counts.get(state, 0) for state in states) for key, _label, states in _TABS}


def _tab(states: frozenset):
    return lambda found: found.filter(status__in=sorted(states))


def _name(path: str):
    return lambda row, shown: cells.read(row, path) or ""


BENCH = Register(
    slug="bench",
    title=_("维修台"),
    permission=access.VIEW,
    rows=rows,
    address=looks.address_of,
    peek=lambda row: f"{looks.address_of(row)}peek/",
    order=("due_key", "id"),
    search=lambda found, text, actor: queries.narrow_orders(found, zone=actor.zone, text=text),
    search_hint=_("单号 / 客户 / 电话 / 序列号"),
    tabs=tuple(Tab(key, label, _tab(states)) for key, label, states in _TABS),
    default_tab="open",
    tab_counts=tab_counts,
    columns=(
        Column("number", _("单号"), cells.link("number", looks.address_of), order=("number",), first="desc"),
        Column("status", _("状态"), cells.pill("status", looks.TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("due_at", _("时限"), cells.countdown("due_at", looks.is_running), order=("due_key", "id"), kind="moment"),
        Column("unit", _("送修物品"), cells.text("product.name", small="asset.serial"), css="c-wide", export=_name("product.name")),
        Column("title", _("故障现象"), cells.text("title"), css="c-text"),
        Column("customer", _("客户"), cells.text("contact_name"), export=lambda r, s: r.contact_name),
        Column("engineer", _("维修员"), cells.text("engineer.name"), export=_name("engineer.name")),
        Column("limit_amount", _("超价先联系"), cells.money("limit_amount", "—"), css="num c-opt", kind="money"),
        Column("created_at", _("收件"), cells.moment("created_at"), order=("created_at", "id"), first="desc", css="c-opt", kind="moment"),
    ),
    filters=(
        Filter("branch", _("机构"), lambda found, v: found.filter(branch_id=v) if v.isdigit() else found.none(),
               lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)]),
        next(one for one in orders.ORDERS.filters if one.key == "engineer"),
    ),
    create=(_("登记送修"), "/desk/?mode=bench", "cases.register"),
    empty=_("这里没有送修单"),
)
