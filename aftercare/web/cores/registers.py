from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.cores import access, queries
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.quantity import shown as plain
from aftercare.web.bills.registers import BRANCH, Bulk
from aftercare.web.markup import format_html
from aftercare.web.pages import cells, sources
from aftercare.web.pages.registers import Column, Filter, Register, Tab
from aftercare.web.prices.registers import VALID_ON
from aftercare.web.products.registers import CATEGORY

TONES = {"owed": "warn", "received": "info", "shipped": "violet", "credited": "ok", "refused": "bad", "waived": "mute", "scrapped": "mute",
         "refurbished": "ok", "cancelled": "struck"}  # fmt: skip
SHIPMENT_TONES = {"draft": "warn", "posted": "violet", "settled": "ok", "cancelled": "struck", "reversed": "struck"}
ANY = _("不限")


def address_of(row) -> str:
    """The page of an old part."""
    return f"/cores/{row.number}/"


def shipment_address(row) -> str:
    """The page of a shipment."""
    return f"/core-shipments/{row.number}/"


def today():
    """The day by which lists tell what is overdue: the company's own."""
    from django.conf import settings

    return clock.local_day(clock.now(), settings.TIME_ZONE)


def who(row, shown=None) -> str:
    """Who owes it: the outlet, else the engineer."""
    if row.outlet_id:
        return row.outlet.name
    return row.employee.name if row.employee_id else "—"


def _who_cell(row, shown):
    if row.outlet_id and row.employee_id:
        return format_html("{}<small>{}</small>", row.outlet.name, row.employee.name)
    return format_html("{}", who(row))


def _due_cell(row, shown):
    day = f"{row.due_on:%m-%d}" if row.due_on.year == shown.now.year else f"{row.due_on:%Y-%m-%d}"
    if row.status == "owed" and row.due_on < shown.once("today", today):
        return format_html('<b class="t-bad">{}</b>', day)
    return day


def _serial_cell(row, shown):
    if row.mismatch_reason:
        return format_html('<span class="t-bad">{}</span>', row.received_serial)
    return format_html("{}", row.received_serial or row.serial) if row.received_serial or row.serial else cells.EMPTY


def _engineers(actor):
    return [(str(one.pk), one.name) for one in people.list_employees(actor).filter(is_engineer=True).order_by("name")[:300]]


def _outlets(actor):
    return [(str(one.pk), one.name) for one in people.list_branches(actor).filter(kind_of="outlet")]


def _of(column):
    return lambda rows, value: rows.filter(**{column: value}) if value.isdigit() else rows.none()


def _count(tab):
    return lambda actor: min(tab(queries.list_cores(actor).order_by()).count(), 9999)


def _owed(rows):
    return rows.filter(status="owed")


def _late(rows):
    return queries.overdue(rows, today())


def _to_ship(rows):
    return rows.filter(status="received", shipment=None)


CORES = Register(
    slug="cores",
    title=pgettext_lazy("list", "旧件返还"),
    permission=access.VIEW,
    rows=queries.list_cores,
    address=address_of,
    search=lambda rows, text, actor: queries.search_cores(rows, text),
    search_hint=_("标签 / 单号 / 序列号 / 配件 / 责任人"),
    default_tab="owed",
    tabs=(
        Tab("owed", _("应交"), _owed, _count(_owed)),
        Tab("overdue", _("逾期"), _late, _count(_late)),
        Tab("received", _("已收待寄"), _to_ship, _count(_to_ship)),
        Tab("shipped", _("已寄厂"), lambda rows: rows.filter(status="shipped")),
        Tab("answered", pgettext_lazy("old part", "已结算"), lambda rows: rows.filter(status__in=["credited", "refused"])),
        Tab("done", _("已处理"), lambda rows: rows.filter(status__in=["waived", "scrapped", "refurbished", "cancelled"])),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("标签号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), export=lambda r, s: r.get_status_display()),
        Column("due_on", _("应交日期"), _due_cell, kind="date"),
        Column("part", _("配件"), cells.text("part.name", "part.code"), css="c-wide", export=lambda r, s: r.part.name),
        Column("part_code", _("编码"), cells.text("part.code"), export=lambda r, s: r.part.code, on_page=False),
        Column("qty", _("数量"), lambda r, s: plain(r.qty), css="num", kind="quantity"),
        Column("serial", _("旧件序列号"), _serial_cell, export=lambda r, s: r.received_serial or r.serial),
        Column("who", _("责任人"), _who_cell, export=who),
        Column("source_number", _("服务单"), sources.source(), css="c-opt"),
        Column("owed_at", _("更换时间"), cells.moment("owed_at"), kind="moment", on_page=False),
        Column("received_at", _("收件时间"), cells.moment("received_at"), kind="moment", on_page=False),
        Column("shipment", _("寄厂单"), cells.text("shipment.number"), css="c-opt", export=lambda r, s: r.shipment.number if r.shipment else ""),
        Column("charged_amount", _("已扣款"), cells.money("charged_amount", "—"), css="num", kind="money"),
        Column("credit_amount", _("厂家结算"), cells.money("credit_amount", "—"), css="num c-end", kind="money"),
    ),
    filters=(
        Filter("employee", _("工程师"), _of("employee_id"), _engineers),
        Filter("outlet", _("网点"), _of("outlet_id"), _outlets),
        BRANCH,
        Filter("code", _("配件编码"), lambda rows, v: rows.filter(part__code__iexact=v.strip())),
    ),
    links=(
        (_("责任人汇总"), "/cores/totals/", access.VIEW),
    ),
    bulk=(Bulk("labels", _("打印标签")),),
    create=(_("收旧件"), "/cores/hand-in/", access.RECEIVE),
    empty=_("没有这样的旧件"),
)

SHIPMENTS = Register(
    slug="core-shipments",
    title=pgettext_lazy("list", "旧件寄厂"),
    permission=access.VIEW_SHIPMENT,
    rows=queries.list_shipments,
    address=shipment_address,
    search=lambda rows, text, actor: queries.search_shipments(rows, text),
    search_hint=_("单号 / 运单号 / 厂家 / 标签"),
    default_tab="open",
    tabs=(
        Tab("open", _("进行中"), lambda rows: rows.filter(status__in=["draft", "posted"])),
        Tab("draft", _("装箱中"), lambda rows: rows.filter(status="draft")),
        Tab("posted", _("待厂家结算"), lambda rows: rows.filter(status="posted")),
        Tab("settled", _("已结清"), lambda rows: rows.filter(status="settled")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", shipment_address)),
        Column("status", _("状态"), cells.pill("status", SHIPMENT_TONES), export=lambda r, s: r.get_status_display()),
        Column("supplier", _("厂家"), cells.text("supplier.name"), export=lambda r, s: r.supplier.name if r.supplier else ""),
        Column("receiver", _("收件人"), cells.text("receiver"), css="c-opt"),
        Column("carrier", _("承运人"), cells.text("carrier")),
        Column("tracking_number", _("运单号"), cells.text("tracking_number")),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
        Column("created_by", _("制单人"), cells.text("created_by"), css="c-opt"),
        Column("created_at", _("制单时间"), cells.moment("created_at"), css="c-opt", kind="moment"),
        Column("posted_at", _("寄出时间"), cells.moment("posted_at"), css="c-end", kind="moment"),
    ),
    filters=(BRANCH,),
    create=(_("新建寄厂单"), "/core-shipments/new/", access.SHIP),
    empty=_("没有进行中的寄厂单"),
)


def _edit(row) -> str:
    return f"/core-rules/{row.pk}/edit/"


def target(row, shown=None) -> str:
    """For what a rule holds, in one cell."""
    names = (row.part and row.part.name, row.category and row.category.name)
    return " · ".join(filter(None, names)) or str(_("全部标记返还的配件"))


def _target_cell(row, shown):
    if shown.actor.holds(access.EDIT_RULES):
        return format_html('<a class="lead" href="{}">{}</a>', _edit(row), target(row))
    return format_html("{}", target(row))


RULES = Register(
    slug="core-rules",
    title=pgettext_lazy("list", "旧件返还规则"),
    permission=access.VIEW_RULE,
    rows=queries.list_rules,
    address=_edit,
    order=("-valid_from", "-id"),
    columns=(
        Column("target", _("适用"), _target_cell, css="lead c-wide", export=target),
        Column("branch", _("机构"), cells.text("branch.name"), export=lambda r, s: r.branch.name if r.branch else ""),
        Column("is_returned", _("要返还"), cells.yes("is_returned"), kind="bool"),
        Column("is_paid_too", _("付费也要"), cells.yes("is_paid_too"), kind="bool"),
        Column("days", _("期限（工作日）"), cells.number("days"), css="num", kind="integer"),
        Column("charge_amount", _("逾期每件扣款"), cells.money("charge_amount", "—"), css="num", kind="money"),
        Column("is_charge_lifted", _("补交冲回"), cells.yes("is_charge_lifted"), css="c-opt", kind="bool"),
        Column("blocking", _("逾期时月结算"), cells.choice("blocking"), export=lambda r, s: r.get_blocking_display()),
        Column("credit_amount", _("厂家每件应结"), cells.money("credit_amount", "—"), css="num", kind="money"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), order=("valid_from",), first="desc", kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-end", kind="date"),
    ),
    filters=(CATEGORY, BRANCH, VALID_ON),
    create=(_("新建规则"), "/core-rules/new/", access.EDIT_RULES),
    empty=_("还没有规则：标记了旧件返还的配件按 15 个工作日返还，不扣款"),
)


BILL_TONES = {"open": "warn", "disputed": "bad", "collected": "ok", "waived": "mute"}


def bill_address(row) -> str:
    """The page of an outlet's bill."""
    return f"/core-bills/{row.number}/"


BILLS = Register(
    slug="core-bills", title=pgettext_lazy("list", "网点旧件扣款"), permission=access.VIEW, rows=queries.list_bills, address=bill_address,
    search=lambda rows, text, actor: queries.search_bills(rows, text), search_hint=_("单号 / 网点 / 旧件或服务单号"),
    tabs=(
        Tab("", _("全部"), lambda rows: rows), Tab("open", _("待收"), lambda rows: rows.filter(status="open")),
        Tab("disputed", _("有异议"), lambda rows: rows.filter(status="disputed")),
        Tab("collected", pgettext_lazy("outlet bill", "已收"), lambda rows: rows.filter(status="collected")),
        Tab("waived", _("已豁免"), lambda rows: rows.filter(status="waived")),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", bill_address), css="lead"),
        Column("status", _("状态"), cells.pill("status", BILL_TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("outlet", _("网点"), cells.text("outlet.name"), export=lambda r, s: r.outlet.name),
        Column("month", _("月份"), lambda r, s: f"{r.month:%Y-%m}", export=lambda r, s: f"{r.month:%Y-%m}"),
        Column("amount", _("金额"), cells.money("amount"), css="num", kind="money"),
        Column("made_at", _("出账时间"), cells.moment("made_at"), css="c-opt", kind="moment"),
        Column("collected_at", _("收款时间"), cells.moment("collected_at"), css="c-opt", kind="moment"),
        Column("reference", _("收款凭证号"), cells.text("reference"), css="c-opt"),
    ),
    empty=_("还没有网点扣款单"),
)  # fmt: skip
