"""Contracts, planned visits, and who is to be told of an end."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.assets import queries as assets
from aftercare.domain.billing import queries as bills
from aftercare.domain.entitlement import access, queries
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web.pages import cells, spans
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {
    "draft": "warn", "active": "ok", "suspended": "warn", "ended": "mute", "expired": "mute", "renewed": "info", "withdrawn": "struck",
}  # fmt: skip
VISIT_TONES = {"planned": "warn", "opened": "info", "skipped": "struck"}
INSTALMENT_TONES = {"planned": "mute", "billed": "info", "cancelled": "struck"}


def address_of(contract) -> str:
    """The page of a contract."""
    return f"/contracts/{contract.number}/"


def visit_address(visit) -> str:
    """The page of a planned visit's contract, at the visits."""
    return f"/contracts/{visit.contract.number}/"


def search(rows: QuerySet, text: str, actor: Actor) -> QuerySet:
    """By contract number, else by the customer (telephone, name), a unit's serial number, or a name that begins so."""
    text = text.strip()
    if text[:2].upper() == "HT" and text[2:].isdigit():
        return rows.filter(number__gte=text.upper(), number__lt=f"{text.upper()}~")
    customers = [one.pk for one in parties.identify(text, actor, 20).customers]
    units = [one.pk for one in assets.find_by_serial(text, actor)]
    return rows.filter(Q(customer_id__in=customers) | Q(scopes__asset_id__in=units) | Q(name__startswith=text)).distinct()



def _ending(rows: QuerySet) -> QuerySet:
    return queries.ending_soon(rows, clock.local_day(clock.now(), "Asia/Shanghai"))


def _days_left(row, shown) -> str:
    if row.status not in ("active", "suspended"):
        return cells.EMPTY
    days = (row.ends_on - shown.now.astimezone(shown.tz).date()).days
    return format_html('<span class="{}">{}</span>', "t-bad" if days < 0 else "t-warn" if days <= 30 else "", days)


def _span(row, shown) -> str:
    return format_html("{} <span class=\"muted\">–</span> {}", row.starts_on, row.ends_on)


CONTRACTS = Register(
    slug="contracts",
    title=pgettext_lazy("list", "维保合同"),
    permission=access.VIEW_CONTRACT,
    rows=queries.list_contracts,
    address=address_of,
    order=("-id",),
    search=search,
    search_hint=_("合同号 / 客户电话 / 姓名 / 序列号"),
    tabs=(
        Tab("living", _("在用"), lambda rows: rows.filter(status__in=("active", "suspended"))),
        Tab("ending", _("即将到期"), _ending, lambda actor: _ending(queries.list_contracts(actor)).count()),
        Tab("over", _("超出额度"), queries.over_quota),
        Tab("unpaid", _("分期未收"), lambda rows: queries.with_instalments(rows, bills.unpaid_sources("entitlement.instalment"))),
        Tab("draft", pgettext_lazy("contract", "草稿"), lambda rows: rows.filter(status="draft")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="living",
    columns=(
        Column("number", _("合同号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("name", _("合同名称"), cells.text("name"), css="c-wide"),
        Column("customer", _("客户"), cells.text("customer.name"), export=lambda r, s: r.customer.name),
        Column("starts_on", _("合同期"), _span, kind="date"),
        Column("ends_on", _("到期日"), cells.day("ends_on"), order=("ends_on", "id"), css="c-opt", kind="date"),
        Column("days_left", _("剩余天数"), _days_left, css="num", kind="number",
               export=lambda r, s: (r.ends_on - s.now.astimezone(s.tz).date()).days),
        Column("price_amount", _("合同金额"), cells.money("price_amount"), css="num", kind="money"),
        Column("owner", _("负责人"), cells.text("owner.name"), css="c-opt", export=lambda r, s: r.owner.name if r.owner_id else ""),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
    ),
    filters=(
        Filter("status", _("状态"), lambda rows, v: rows.filter(status=v), lambda actor: access_choices()),
        Filter("branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(),
               lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)]),
        Filter("customer", _("客户"), lambda rows, v: rows.filter(customer__number=v), quiet=True),
    ),
    create=(_("新合同"), "/contracts/new/", access.KEEP_CONTRACT),
    empty=_("没有维保合同"),
)


def access_choices() -> list[tuple[str, object]]:
    """The states of a contract, for the chip."""
    from aftercare.domain.entitlement.lifecycle import CONTRACT

    return list(CONTRACT.states.choices)


def _order(row, shown) -> str:
    if not row.order_number:
        return cells.EMPTY
    return format_html('<a class="link" href="/orders/{0}/">{0}</a>', row.order_number)


def _visits_in(rows: QuerySet, value: str) -> QuerySet:
    span = spans.read(value)
    return rows.filter(visit_on__range=span) if span else rows.none()


VISITS = Register(
    slug="planned_visits",
    path="/visits/",
    title=pgettext_lazy("list", "计划保养"),
    permission=access.VIEW_CONTRACT,
    rows=queries.list_visits,
    address=visit_address,
    order=("visit_on", "id"),
    search=lambda rows, text, actor: rows.filter(
        Q(contract__number__startswith=text.strip().upper())
        | Q(contract__customer_id__in=[c.pk for c in parties.identify(text.strip(), actor, 20).customers])
    ),
    search_hint=_("合同号 / 客户电话 / 姓名"),
    tabs=(
        Tab("planned", pgettext_lazy("visit", "待安排"), lambda rows: rows.filter(status="planned")),
        Tab("opened", _("已开单"), lambda rows: rows.filter(status="opened")),
        Tab("skipped", _("不做"), lambda rows: rows.filter(status="skipped")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="planned",
    columns=(
        Column("visit_on", _("上门日"), cells.link("visit_on", lambda v: f"/visits/{v.pk}/"), order=("visit_on", "id"), kind="date"),
        Column("status", _("状态"), cells.pill("status", VISIT_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("title", _("保养内容"), cells.text("rule.title", small="rule.asset.number"), css="c-wide", export=lambda r, s: r.rule.title),
        Column("customer", _("客户"), cells.text("contract.customer.name"), export=lambda r, s: r.contract.customer.name),
        Column("contract", _("合同号"), cells.text("contract.number"), export=lambda r, s: r.contract.number),
        Column("period_on", _("计划日"), cells.day("period_on"), css="c-opt", kind="date"),
        Column("lead_days", _("提前几天开单"), cells.number("rule.lead_days"), css="num c-opt", kind="number", export=lambda r, s: r.rule.lead_days),
        Column("order_number", _("服务单"), _order),
        Column("reason", _("原因"), cells.text("reason"), css="c-opt"),
    ),
    filters=(
        Filter("visit", _("上门日"), _visits_in, lambda actor: spans.SPANS),
        Filter("contract", _("合同号"), lambda rows, v: rows.filter(contract__number=v), quiet=True),
        Filter("branch", _("机构"), lambda rows, v: rows.filter(contract__branch_id=v) if v.isdigit() else rows.none(),
               lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)]),
    ),
    empty=_("没有计划保养"),
)


def _told(row, shown) -> str:
    if row.done_at:
        return format_html("{} <small>{}</small>", row.done_by, row.outcome)
    if not shown.actor.may(access.KEEP_CONTRACT, branch_id=row.contract.branch_id):
        return cells.EMPTY
    return format_html('<a class="btn sm" href="/contract-notices/{}/told/">{}</a>', row.pk, _("登记已通知"))


NOTICES = Register(
    slug="contract_notices",
    path="/contract-notices/",
    title=pgettext_lazy("list", "到期提醒"),
    permission=access.VIEW_CONTRACT,
    rows=lambda actor: queries.list_notices(actor, is_open=None),
    address=visit_address,
    order=("ends_on", "id"),
    tabs=(
        Tab("open", _("待通知"), lambda rows: rows.filter(done_at=None), lambda actor: queries.list_notices(actor).count()),
        Tab("done", _("已通知"), lambda rows: rows.exclude(done_at=None)),
    ),
    default_tab="open",
    columns=(
        Column("contract", _("合同号"), cells.link("contract.number", visit_address), export=lambda r, s: r.contract.number),
        Column("audience", _("通知对象"), cells.choice("audience"), export=lambda r, s: r.get_audience_display()),
        Column("customer", _("客户"), cells.text("contract.customer.name"), css="c-wide", export=lambda r, s: r.contract.customer.name),
        Column("owner", _("负责人"), cells.text("contract.owner.name"), export=lambda r, s: r.contract.owner.name if r.contract.owner_id else ""),
        Column("ends_on", _("到期日"), cells.day("ends_on"), order=("ends_on", "id"), kind="date"),
        Column("made_at", _("生成时间"), cells.moment("made_at"), css="c-opt", kind="moment"),
        Column("done", _("结果"), _told, export=lambda r, s: r.outcome),
    ),
    empty=_("没有待办的到期提醒"),
)
