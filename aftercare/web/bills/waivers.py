"""Requests to let off: the work list, one request, and who may let off how much."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.billing import access, actions, queries
from aftercare.domain.billing.lifecycle import WAIVER
from aftercare.domain.people import queries as people
from aftercare.flows import charging
from aftercare.web.bills.registers import BRANCH
from aftercare.web.pages import cells, fields, sources, timelines
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.registers import Column, Register, Tab
from aftercare.web.policy import actor_of, page

TONES = {"pending": "warn", "approved": "ok", "refused": "bad", "withdrawn": "struck"}


def address_of(row: Any) -> str:
    """The page of a request."""
    return f"/waivers/{row.number}/"


WAIVERS = Register(
    slug="waivers", title=pgettext_lazy("list", "减免申请"), permission=access.VIEW_BILL, rows=queries.list_waivers, address=address_of, order=("-id",),
    search=lambda rows, text, actor: rows.filter(number__istartswith=text) | rows.filter(bill__source_number__istartswith=text),
    search_hint=_("申请号 / 服务单号"), default_tab="pending",
    tabs=(
        Tab("pending", _("待批"), lambda rows: rows.filter(status="pending"), count=queries.count_waiting),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("申请号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("source", _("单据"), lambda r, s: cells.link("source_number", lambda b: sources.address_of(b.source_kind, b.source_number))(r.bill, s),
               export=lambda r, s: r.bill.source_number),
        Column("name", _("费用"), cells.text("name")), Column("reason", _("原因"), cells.text("reason"), css="c-wide"),
        Column("asked_name", _("申请人"), cells.text("asked_name")), Column("asked_at", _("申请时间"), cells.moment("asked_at"), kind="moment"),
        Column("decided_name", _("批准人"), cells.text("decided_name"), css="c-opt"),
        Column("charge_amount", _("费用金额"), cells.money("charge_amount"), css="num c-opt", kind="money"),
        Column("amount", _("减免金额"), cells.money("amount"), css="num c-end", kind="money"),
    ),
    filters=(BRANCH,), empty=_("没有减免申请"),
)  # fmt: skip
MOVES = MoveDoor(
    slug="waivers", lifecycle=WAIVER, load=queries.get_waiver, address=address_of,
    runs={"approve": charging.approve_waiver, "refuse": actions.refuse, "withdraw": actions.withdraw},
    asks={"reason": lambda actor, row: fields.text(_("原因"), 200, required=True)},
)  # fmt: skip


@page(access.VIEW_BILL)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A request: what is to be let off, why, who decided."""
    actor = actor_of(request)
    row = queries.get_waiver(key, actor)
    context = {
        "row": row, "title": f"{row.name} −¥{row.amount:,.2f}", "number": row.number, "list_label": _now("减免申请"), "list_url": "/waivers/",
        "status": {"label": row.get_status_display(), "tone": TONES[row.status]}, "sub": row.branch.name, "moves": MOVES.buttons(row, actor),
        "source_url": sources.address_of(row.bill.source_kind, row.bill.source_number), "limit": queries.waiver_limit(actor),
        "events": timelines.events("billing.waiverrequest", row.pk, zone_name=actor.zone),
    }  # fmt: skip
    return render(request, "bills/waiver.html", context)


class LimitForm(fields.RowForm):
    """How much holders of a role may let off without another."""

    role = fields.row(_("角色"), help_text=_("留空为没有另设的其他人"))
    amount = fields.money(_("减免限额（元）"), required=False, help_text=_("留空不限"))

    def fit(self):
        self.fields["role"].queryset = people.list_roles(self.actor)


def _save(_row: Any, cleaned: dict, *, actor, at, version) -> str:
    actions.set_limit(role_id=cleaned["role"].pk if cleaned["role"] else None, amount=cleaned["amount"], actor=actor, at=at)
    return "/waivers/limits/"


LIMIT = EditPage(
    name="waiver_limit", title=_("减免权限"), permission=access.SET_LIMITS, list_label=_("减免权限"), list_url="/waivers/limits/",
    form=LimitForm.build, save=_save,
)  # fmt: skip


@page(access.VIEW_BILL)
def limits(request: HttpRequest) -> HttpResponse:
    """Who may let off how much without another."""
    actor = actor_of(request)
    context = {"title": _now("减免权限"), "rows": list(queries.list_limits(actor)), "may_set": actor.holds(access.SET_LIMITS),
               "own": queries.waiver_limit(actor)}
    return render(request, "bills/limits.html", context)
