from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import queries as stock
from aftercare.domain.purchasing import access, queries
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"requested": "warn", "approved": "info", "shipped": "violet", "settled": "ok", "rejected": "bad", "cancelled": "struck"}


def address_of(row) -> str:
    """The page of a transfer."""
    return f"/transfers/{row.number}/"


def _stores(actor):
    return [(str(p.pk), p.name) for p in stock.list_places(actor).filter(kind_of__in=["depot", "outlet", "van"])]


def _of(column):
    return lambda rows, value: rows.filter(**{column: value}) if value.isdigit() else rows.none()


TRANSFERS = Register(
    slug="transfers",
    title=pgettext_lazy("list", "要货与调拨"),
    permission=access.VIEW_TRANSFER,
    rows=queries.list_transfers,
    address=address_of,
    search=lambda rows, text, actor: queries.search_transfers(rows, text),
    search_hint=_("单号 / 库位 / 配件"),
    default_tab="open",
    tabs=(
        Tab("open", _("进行中"), lambda rows: rows.filter(status__in=["requested", "approved", "shipped"])),
        Tab("requested", _("待批准"), lambda rows: rows.filter(status="requested")),
        Tab("approved", _("待发货"), lambda rows: rows.filter(status="approved")),
        Tab("shipped", _("在途"), lambda rows: rows.filter(status="shipped")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("from_place", _("发货库位"), cells.text("from_place.name"), export=lambda r, s: r.from_place.name),
        Column("to_place", _("收货库位"), cells.text("to_place.name"), export=lambda r, s: r.to_place.name),
        Column("needed_on", _("需要日期"), cells.day("needed_on"), css="c-opt", kind="date"),
        Column("created_by", _("申请人"), cells.text("created_by"), css="c-opt"),
        Column("created_at", _("时间"), cells.moment("created_at"), css="c-opt", kind="moment"),
        Column("shipped_at", _("发货时间"), cells.moment("shipped_at"), kind="moment"),
        Column("received_at", _("签收时间"), cells.moment("received_at"), kind="moment"),
        Column("settled_by", _("差异处理人"), cells.text("settled_by"), css="c-opt"),
    ),
    filters=(
        Filter("from", _("发货库位"), _of("from_place_id"), _stores),
        Filter("to", _("收货库位"), _of("to_place_id"), _stores),
    ),
    create=(_("新建要货"), "/transfers/new/", access.REQUEST_TRANSFER),
    empty=_("没有进行中的调拨"),
)
