"""What of the customers' is in our hands, and what went back."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftercare.domain.assets import queries as assets
from aftercare.domain.custody import access, queries
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.web.markup import format_html
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Bulk, Column, Filter, Register, Tab

TONES = {"held": "brand", "returned": "ok", "voided": "struck", "disposed": "mute"}
_WEEK = "7"


def address_of(custody) -> str:
    """The page of a receipt."""
    return f"/custody/{custody.number}/"


def search(rows: QuerySet, text: str, actor: Actor) -> QuerySet:
    """By receipt or order number, else by the customer (telephone, name) or the unit's serial number."""
    text = text.strip()
    number = text.upper()
    if number[:2] in ("SJ", "WO") and number[2:].isdigit():
        column = "number" if number.startswith("SJ") else "source_number"
        return rows.filter(**{f"{column}__gte": number, f"{column}__lt": f"{number}~"})
    customers = [one.pk for one in parties.identify(text, actor, 20).customers]
    units = [one.pk for one in assets.find_by_serial(text, actor)]
    return rows.filter(Q(customer_id__in=customers) | Q(asset_id__in=units))


def _source(row, shown) -> str:
    if row.source_kind == "work.workorder":
        return format_html('<a class="link" href="/orders/{0}/">{0}</a>', row.source_number)
    return row.source_number or cells.EMPTY


def _days(row, shown) -> str:
    if row.status != "held":
        return cells.EMPTY
    days = (shown.now - row.received_at).days
    return format_html('<span class="{}">{}</span>', "t-bad" if days >= 15 else "", days)


def _name(path: str):
    return lambda row, shown: cells.read(row, path) or ""


CUSTODY = Register(
    slug="custody",
    title=_("客户商品"),
    permission=access.VIEW,
    rows=queries.list_custodies,
    address=address_of,
    order=("-id",),
    search=search,
    search_hint=_("收条号 / 服务单号 / 电话 / 姓名 / 序列号"),
    tabs=(
        Tab("held", _("在库"), lambda rows: rows.filter(status="held")),
        Tab("returned", _("已交还"), lambda rows: rows.filter(status="returned")),
        Tab("disposed", _("已处置"), lambda rows: rows.filter(status="disposed")),
        Tab("voided", _("已作废"), lambda rows: rows.filter(status="voided")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="held",
    columns=(
        Column("number", _("收条号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("item", _("物品"), cells.text("item", small="asset.serial"), css="c-wide"),
        Column("customer", _("客户"), cells.text("customer.name"), export=_name("customer.name")),
        Column("place", _("存放位置"), cells.text("place")),
        Column("source_number", _("来源单据"), _source),
        Column("received_at", _("收到"), cells.moment("received_at"), css="c-end", kind="moment"),
        Column("days", _("在库天数"), _days, css="num c-opt", export=lambda r, s: (s.now - r.received_at).days if r.status == "held" else None, kind="number"),
        Column("returned_at", _("交还"), cells.moment("returned_at"), css="c-opt", kind="moment"),
        Column("returned_to", _("取件人"), cells.text("returned_to"), css="c-opt"),
        Column("received_by", _("经手人"), cells.text("received_by"), css="c-opt"),
    ),
    filters=(
        Filter("branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(),
               lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)]),
    ),
    empty=_("没有客户的物品在我方"),
    bulk=(Bulk("labels", _("打印吊牌")),),
)
