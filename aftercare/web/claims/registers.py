"""Claims, the charges that wait to be claimed, and what was agreed with suppliers."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.entitlement import access, queries
from aftercare.foundation.access import Actor
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"open": "warn", "sent": "info", "answered": "violet", "reimbursed": "ok", "closed": "mute", "cancelled": "struck"}
ANSWER_TONES = {"": "warn", "accepted": "ok", "partly": "violet", "rejected": "bad"}


def address_of(claim) -> str:
    """The page of a claim."""
    return f"/claims/{claim.number}/"


def _suppliers(actor: Actor) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in queries.list_agreements(actor).order_by("name")]


def _of_supplier(rows: QuerySet, value: str) -> QuerySet:
    return rows.filter(agreement_id=int(value)) if value.isdigit() else rows.none()


CLAIMS = Register(
    slug="claims",
    title=pgettext_lazy("list", "供应商索赔"),
    permission=access.VIEW_CLAIM,
    rows=queries.list_claims,
    address=address_of,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(number__startswith=text.strip().upper()),
    search_hint=_("索赔单号"),
    tabs=(
        Tab("running", _("进行中"), lambda rows: rows.filter(status__in=("open", "sent", "answered"))),
        Tab("open", pgettext_lazy("claim", "待发出"), lambda rows: rows.filter(status="open")),
        Tab("sent", _("待答复"), lambda rows: rows.filter(status="sent")),
        Tab("answered", _("待赔付"), lambda rows: rows.filter(status="answered")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="running",
    columns=(
        Column("number", _("索赔单号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("supplier", _("供应商"), cells.text("agreement.name"), css="c-wide", export=lambda r, s: r.agreement.name),
        Column("claimed_amount", _("索赔金额"), cells.money("claimed_amount"), css="num", kind="money"),
        Column("cost_amount", _("成本"), cells.money("cost_amount"), css="num c-opt", kind="money"),
        Column("accepted_amount", _("认可金额"), cells.money("accepted_amount"), css="num", kind="money"),
        Column("reimbursed_amount", _("赔付金额"), cells.money("reimbursed_amount"), css="num", kind="money"),
        Column("sent_at", _("发出"), cells.moment("sent_at"), css="c-opt", kind="moment"),
        Column("answered_at", _("答复时间"), cells.moment("answered_at"), css="c-opt", kind="moment"),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
    ),
    filters=(Filter("supplier", _("供应商"), _of_supplier, _suppliers),),
    create=(_("新索赔单"), "/claims/new/", access.KEEP_CLAIM),
    empty=_("没有索赔单"),
)


def _order(row, shown) -> str:
    return format_html('<a class="link" href="/orders/{0}/">{0}</a>', row.source_number)


def _claim(row, shown) -> str:
    if row.claim_id:
        return format_html('<a class="link" href="/claims/{0}/">{0}</a>', row.claim.number)
    if shown.actor.may(access.KEEP_CLAIM, branch_id=row.branch_id):
        return format_html('<a class="btn sm" href="/claim-lines/{}/">{}</a>', row.pk, _("定供应商"))
    return cells.EMPTY


LINES = Register(
    slug="claim_lines",
    path="/claim-lines/",
    title=pgettext_lazy("list", "索赔明细"),
    permission=access.VIEW_CLAIM,
    rows=queries.list_claim_lines,
    address=lambda row: f"/claim-lines/{row.pk}/",
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(source_number__startswith=text.strip().upper()),
    search_hint=_("服务单号"),
    tabs=(
        Tab("waiting", _("待索赔"), queries.waiting),
        Tab("unassigned", _("未定供应商"), lambda rows: queries.waiting(rows).filter(agreement=None)),
        Tab("reversed", _("审核已冲销"), lambda rows: rows.filter(is_reversed=True)),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="waiting",
    columns=(
        Column("source_number", _("服务单"), _order),
        Column("name", _("名称"), cells.text("name", small="fault"), css="c-wide"),
        Column("kind", _("种类"), cells.choice("kind_of"), export=lambda r, s: r.get_kind_of_display()),
        Column("product", _("产品"), cells.text("product.name", small="asset.serial"), export=lambda r, s: r.product.name if r.product_id else ""),
        Column("supplier", _("供应商"), cells.text("agreement.name"), export=lambda r, s: r.agreement.name if r.agreement_id else ""),
        Column("audited_on", _("审核日"), cells.day("audited_on"), css="c-opt", kind="date"),
        Column("cost_amount", _("成本"), cells.money("cost_amount"), css="num c-opt", kind="money"),
        Column("claimed_amount", _("索赔金额"), cells.money("claimed_amount"), css="num", kind="money"),
        Column("answer", _("答复"), cells.choice("answer"), export=lambda r, s: r.get_answer_display()),
        Column("claim", _("索赔单"), _claim, export=lambda r, s: r.claim.number if r.claim_id else ""),
    ),
    filters=(Filter("supplier", _("供应商"), _of_supplier, _suppliers),),
    empty=_("没有要索赔的明细：保内服务审核后，有索赔约定的品牌自动列在这里"),
)

AGREEMENTS = Register(
    slug="claim_agreements",
    path="/claim-agreements/",
    title=pgettext_lazy("list", "索赔约定"),
    permission=access.VIEW_CLAIM,
    rows=queries.list_agreements,
    address=lambda row: f"/claim-agreements/{row.pk}/edit/",
    order=("name", "id"),
    columns=(
        Column("name", _("供应商"), cells.link("name", lambda row: f"/claim-agreements/{row.pk}/edit/")),
        Column("supplier", _("供应商编号"), lambda row, shown: cells.EMPTY if not row.supplier_id else row.supplier.number, css="c-opt",
               export=lambda r, s: r.supplier.number if r.supplier_id else ""),
        Column("brands", _("品牌"), lambda row, shown: "、".join(row.brands) or cells.EMPTY, css="c-wide", export=lambda r, s: "、".join(r.brands)),
        Column("part_percent", _("配件赔付比例"), cells.number("part_percent"), css="num", kind="number"),
        Column("labour_percent", _("人工赔付比例"), cells.number("labour_percent"), css="num", kind="number"),
        Column("travel_percent", _("上门赔付比例"), cells.number("travel_percent"), css="num", kind="number"),
        Column("contact", _("联系方式"), cells.text("contact"), css="c-opt"),
        Column("is_active", _("启用"), cells.yes("is_active")),
    ),
    create=(_("新约定"), "/claim-agreements/new/", access.KEEP_CLAIM),
    empty=_("没有索赔约定"),
)
