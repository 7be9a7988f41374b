from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import queries as stock
from aftercare.domain.people import queries as people
from aftercare.domain.purchasing import access, queries
from aftercare.foundation import clock
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab
from aftercare.web.suppliers.registers import SUPPLIER

REQUEST_TONES = {"draft": "mute", "submitted": "warn", "approved": "info", "rejected": "bad", "ordered": "ok", "cancelled": "struck"}
ORDER_TONES = {"draft": "mute", "sent": "info", "closed": "ok", "cancelled": "struck"}
ARRIVAL_TONES = {"waiting": "mute", "partial": "warn", "full": "ok"}
RECEIPT_TONES = {"inspecting": "warn", "judged": "ok", "reversed": "struck"}


def request_address(row) -> str:
    """The page of a request."""
    return f"/purchase-requests/{row.number}/"


def order_address(row) -> str:
    """The page of an order."""
    return f"/purchase-orders/{row.number}/"


def receipt_address(row) -> str:
    """The page of a receipt."""
    return f"/receipts/{row.number}/"


BRANCH = Filter(
    "branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(),
    lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)],
)  # fmt: skip
PLACE = Filter(
    "place", _("收货库位"), lambda rows, v: rows.filter(place_id=v) if v.isdigit() else rows.none(),
    lambda actor: [(str(p.pk), p.name) for p in stock.list_places(actor) if p.is_inside and p.kind_of in ("depot", "outlet")],
)  # fmt: skip

REQUESTS = Register(
    slug="purchase-requests",
    title=pgettext_lazy("list", "采购申请"),
    permission=access.VIEW_REQUEST,
    rows=queries.list_requests,
    address=request_address,
    search=lambda rows, text, actor: queries.search_requests(rows, text),
    search_hint=_("单号 / 配件 / 来源单号"),
    default_tab="open",
    tabs=(
        Tab("open", _("进行中"), lambda rows: rows.filter(status__in=["draft", "submitted", "approved", "rejected"])),
        Tab("submitted", _("待审批"), lambda rows: rows.filter(status="submitted")),
        Tab("approved", _("待订购"), lambda rows: rows.filter(status="approved")),
        Tab("ordered", _("已订购"), lambda rows: rows.filter(status="ordered")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", request_address)),
        Column("status", _("状态"), cells.pill("status", REQUEST_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("origin", _("来源"), cells.choice("origin"), css="c-opt", export=lambda r, s: r.get_origin_display()),
        Column("place", _("收货库位"), cells.text("place.name"), export=lambda r, s: r.place.name),
        Column("supplier", _("建议供应商"), cells.text("supplier.name"), export=lambda r, s: r.supplier.name if r.supplier else ""),
        Column("total_amount", _("预计金额"), cells.money("total_amount"), css="num", kind="money"),
        Column("needed_on", _("需要日期"), cells.day("needed_on"), css="c-opt", kind="date"),
        Column("created_by", _("申请人"), cells.text("created_by")),
        Column("created_at", _("时间"), cells.moment("created_at"), css="c-opt", kind="moment"),
        Column("decided_by", _("审批人"), cells.text("decided_by"), css="c-opt"),
    ),
    filters=(BRANCH, PLACE, SUPPLIER),
    create=(_("新建申请"), "/purchase-requests/new/", access.REQUEST),
    empty=_("没有采购申请"),
)


def _late(row, shown):
    if row.status == "sent" and row.arrival != "full" and row.expected_on and row.expected_on < clock.local_day(shown.now, shown.actor.zone):
        return cells.format_html('<b class="t-bad">{}</b>', row.expected_on.isoformat())
    return cells.day("expected_on")(row, shown)


ORDERS = Register(
    slug="purchase-orders",
    title=pgettext_lazy("list", "采购订单"),
    permission=access.VIEW,
    rows=queries.list_orders,
    address=order_address,
    search=lambda rows, text, actor: queries.search_orders(rows, text),
    search_hint=_("单号 / 供应商 / 配件"),
    default_tab="open",
    tabs=(
        Tab("open", _("进行中"), lambda rows: rows.filter(status__in=["draft", "sent"])),
        Tab("draft", _("草稿"), lambda rows: rows.filter(status="draft")),
        Tab("late", _("超期未到"), lambda rows: queries.overdue(rows, clock.local_day(clock.now(), "Asia/Shanghai"))),
        Tab("full", _("已到齐"), lambda rows: rows.filter(status="sent", arrival="full")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", order_address)),
        Column("status", _("状态"), cells.pill("status", ORDER_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("arrival", _("到货"), cells.pill("arrival", ARRIVAL_TONES), export=lambda r, s: r.get_arrival_display()),
        Column("supplier", _("供应商"), cells.text("supplier.name"), css="c-text", export=lambda r, s: r.supplier.name),
        Column("expected_on", _("预计到货"), _late, kind="date"),
        Column("place", _("收货库位"), cells.text("place.name"), css="c-opt", export=lambda r, s: r.place.name),
        Column("currency", _("币种"), cells.text("currency"), css="c-opt"),
        Column("net_amount", _("不含税金额"), cells.money("net_amount"), css="num", kind="money"),
        Column("tax_amount", _("税额"), cells.money("tax_amount"), css="num c-opt", kind="money"),
        Column("revision", _("变更版次"), cells.number("revision"), css="num c-opt", kind="integer"),
        Column("created_by", _("制单人"), cells.text("created_by"), css="c-opt"),
    ),
    filters=(BRANCH, SUPPLIER, PLACE),
    create=(_("新建订单"), "/purchase-orders/new/", access.ORDER),
    empty=_("没有采购订单"),
)

RECEIPTS = Register(
    slug="receipts",
    title=pgettext_lazy("list", "到货单"),
    permission=access.VIEW,
    rows=queries.list_receipts,
    address=receipt_address,
    search=lambda rows, text, actor: rows.filter(number__istartswith=text) | rows.filter(delivery_note=text) | rows.filter(order__number=text),
    search_hint=_("单号 / 送货单号 / 订单号"),
    default_tab="inspecting",
    tabs=(
        Tab("inspecting", _("待验收"), lambda rows: rows.filter(status="inspecting")),
        Tab("judged", _("已验收"), lambda rows: rows.filter(status="judged")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", receipt_address)),
        Column("status", _("状态"), cells.pill("status", RECEIPT_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("supplier", _("供应商"), cells.text("supplier.name"), css="c-text", export=lambda r, s: r.supplier.name),
        Column("order", _("采购订单"), cells.text("order.number"), export=lambda r, s: r.order.number),
        Column("place", _("收货库位"), cells.text("place.name"), export=lambda r, s: r.place.name),
        Column("delivery_note", _("送货单号"), cells.text("delivery_note"), css="c-opt"),
        Column("arrived_at", _("到货时间"), cells.moment("arrived_at"), kind="moment"),
        Column("created_by", _("收货人"), cells.text("created_by"), css="c-opt"),
        Column("judged_by", _("验收人"), cells.text("judged_by"), css="c-opt"),
    ),
    filters=(BRANCH, SUPPLIER, PLACE),
    empty=_("没有到货单"),
)
