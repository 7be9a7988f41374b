"""The register of orders: columns, tabs from kept figures, chips, search told by its shape."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.catalog import queries as catalog
from aftercare.domain.people import queries as people
from aftercare.domain.work import access, queries
from aftercare.domain.work.lifecycle import OPEN
from aftercare.domain.work.lifecycle import Status as S
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.web import once
from aftercare.web.markup import conditional_escape, format_html
from aftercare.web.pages import cells, choosers, spans
from aftercare.web.pages.registers import Bulk, Column, Filter, Register, Tab
from aftercare.web.work import shown as looks

_TABS: tuple[tuple[str, object, frozenset], ...] = (
    ("open", _("未完成"), frozenset(OPEN)),
    ("pending", _("待派工"), frozenset({S.PENDING})),
    ("dispatched", _("已派工"), frozenset({S.DISPATCHED, S.ACCEPTED, S.SCHEDULED})),
    ("working", _("服务中"), frozenset({S.EN_ROUTE, S.WORKING, S.HARD, S.QUOTING, S.REWORK})),
    ("waiting", _("待件"), frozenset({S.WAITING_PART})),
    ("repaired", _("修复待取"), frozenset({S.REPAIRED})),
    ("done", _("待审核"), frozenset({S.DONE})),
    ("inspected", _("已检验"), frozenset({S.INSPECTED})),
    ("audited", _("已审核"), frozenset({S.AUDITED, S.SETTLED})),
    ("closed", _("已关闭"), frozenset({S.CLOSED})),
    ("cancelled", _("已取消"), frozenset({S.CANCELLED})),
)


def _tab(states: frozenset):
    chosen = sorted(states)
    if states == OPEN:
        return lambda rows: rows.filter(is_open=True)
    return lambda rows: rows.filter(status=chosen[0]) if len(chosen) == 1 else rows.filter(status__in=chosen)


def counts(actor: Actor) -> dict[str, int]:
    """Orders by state from the kept figures, read once a page."""
    return once.ask(("orders by state", actor.employee_id), lambda: queries.count_by_status(actor))


def tab_counts(actor: Actor) -> dict[str, int]:
    """Numbers behind the tabs from the kept figures: one statement, however many orders there are."""
    by_status = counts(actor)
    return {
        key: sum(by_status[s] for s in states) for key, _label, states in _TABS if key not in ("closed", "cancelled")
    }


def rows(actor: Actor) -> QuerySet:
    """The orders he may see."""
    return queries.list_orders(actor)


def search(found: QuerySet, text: str, actor: Actor) -> QuerySet:
    """A whole order number is found in whichever tab one stands; anything else within it."""
    number = text.strip().upper()
    if number.startswith("WO") and number[2:].isdigit() and len(number) >= 14:
        return queries.narrow_orders(rows(actor), zone=actor.zone, text=number)
    return queries.narrow_orders(found, zone=actor.zone, text=text)


def _by(name: str, value=lambda text: text):
    def apply(found: QuerySet, text: str) -> QuerySet:
        try:
            wanted = value(text)
        except ValueError:
            return found.none()
        return queries.narrow_orders(found, zone=timezone.get_current_timezone_name(), at=clock.now(), **{name: wanted})

    return apply


def _limit(found: QuerySet, text: str) -> QuerySet:
    return _by(text, bool)(found, "1") if text in ("late", "soon") else found.none()


def _created(found: QuerySet, text: str) -> QuerySet:
    days = spans.read(text)
    if days is None:
        return found.none()
    zone = timezone.get_current_timezone_name()
    return queries.narrow_orders(found, zone=zone, created_from=days[0], created_to=days[1])


def _staff(actor: Actor) -> list[tuple]:
    """Engineers with their branches: two chips of one statement."""
    rows = people.list_employees(actor).filter(is_engineer=True).order_by("number")
    columns = ("pk", "name", "branch_id", "branch__name", "branch__path")
    return once.ask(("engineers", actor.employee_id), lambda: list(rows.values_list(*columns)[:300]))


def _engineers(actor: Actor) -> list:
    return [(str(pk), name) for pk, name, *_branch in _staff(actor)]


def _branches(actor: Actor) -> list:
    """The branches that have engineers, in the order of the tree."""
    found = {pk: (path, name) for *_engineer, pk, name, path in _staff(actor)}
    return [(str(pk), name) for pk, (_path, name) in sorted(found.items(), key=lambda item: item[1])]


def _districts(actor: Actor) -> list:
    covered = people.list_coverage(actor).order_by("region__code").values_list("region__code", "region__name")
    return list(dict(covered).items())


def _number(row, shown) -> str:
    mark = ""
    if row.urgent:
        mark = shown.once("urgent", lambda: format_html('<span class="urgent" title="{}">{}</span>', _t("加急"), _t("急")))
    return format_html('<a class="lead" href="{}">{}</a>{}', looks.address_of(row), row.number, mark)


def _customer(row, shown) -> str:
    name = row.contact_name or (row.customer.name if row.customer_id else "")
    phone = looks.phone_of(row, shown.actor)
    return format_html("{}<small>{}</small>", name or "—", phone) if phone else conditional_escape(name or "—")


def _phone(row, shown) -> str:
    return conditional_escape(looks.phone_of(row, shown.actor) or "")


def _unit(row, shown) -> str:
    if row.product is None:
        return cells.EMPTY
    serial = row.asset.serial if row.asset_id else ""
    return (
        format_html("{}<small>{}</small>", row.product.name, serial) if serial else conditional_escape(row.product.name)
    )


def _engineer(row, shown) -> str:
    if row.engineer_id:
        return conditional_escape(row.engineer.name)
    if row.outlet_id:
        return conditional_escape(row.outlet.name)
    return shown.once("free", lambda: format_html('<span class="t-violet">{}</span>', _t("未派")))


def _amount(row, shown) -> str:
    if row.amount:
        return f"{row.amount:,.2f}"
    return shown.once(("free of charge", row.service_class), lambda: _free(row.service_class))


def _free(service_class: str) -> str:
    return format_html(
        '<span class="nil">{}</span>', {"C": _t("保内"), "B": _t("合同"), "D": _t("行政")}.get(service_class, "—")
    )


def _name(path: str):
    return lambda row, shown: cells.read(row, path) or ""


def _word(name: str):
    return lambda row, shown: getattr(row, f"get_{name}_display")()


# Narrowed to from the summary; a chip for each would be too many.
_QUIET = (("outlet", _("网点")), ("category", _("品类")), ("customer", _("客户")))

# For who chooses his columns, and for the spreadsheet.
_MORE = (
    Column("serial", _("序列号"), cells.text("asset.serial"), css="c-opt", export=_name("asset.serial"), on_page=False),
    Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=_name("branch.name"), on_page=False),
    Column("outlet", _("网点"), cells.text("outlet.name"), css="c-opt", export=_name("outlet.name"), on_page=False),
    Column("service_class", _("服务类别"), _word("service_class"), css="c-opt", export=_word("service_class"), on_page=False),
    Column("mode", _("方式"), _word("mode"), css="c-opt", export=_word("mode"), on_page=False),
    Column("planned_at", _("预约时间"), cells.moment("planned_at"), css="c-opt", kind="moment", on_page=False),
    Column("finished_at", _("完工时间"), cells.moment("finished_at"), css="c-opt", kind="moment", on_page=False),
)

ORDERS = Register(
    slug="orders",
    title=pgettext_lazy("list", "服务单"),
    permission=access.VIEW,
    rows=rows,
    address=looks.address_of,
    peek=lambda row: f"{looks.address_of(row)}peek/",
    order=queries.ORDER_SORT,
    search=search,
    search_hint=_("单号 / 客户 / 电话 / 序列号"),
    tabs=(Tab("all", _("全部"), lambda found: found), *(Tab(key, label, _tab(states)) for key, label, states in _TABS)),
    default_tab="open",
    tab_counts=tab_counts,
    columns=(
        Column("number", _("单号"), _number, order=("number",), first="desc"),
        Column(
            "status",
            _("状态"),
            cells.pill("status", looks.TONES),
            css="c-end",
            export=lambda r, s: r.get_status_display(),
        ),
        Column(
            "due_at", _("时限"), cells.countdown("due_at", looks.is_running), order=("due_key", "id"), kind="moment"
        ),
        Column("customer", _("客户"), _customer, css="c-wide", export=lambda r, s: r.contact_name),
        Column("phone", _("电话"), _phone, export=_phone, on_page=False),
        Column("unit", _("设备"), _unit, css="c-wide", export=_name("product.name")),
        Column("title", _("故障现象"), cells.text("title"), css="c-wide"),
        Column("work_type", _("类型"), cells.text("work_type.name"), css="c-opt", export=_name("work_type.name")),
        Column("region", _("区域"), cells.text("region.name"), css="c-opt", export=_name("region.name")),
        Column("engineer", _("工程师"), _engineer, export=_name("engineer.name")),
        Column(
            "created_at",
            _("受理"),
            cells.moment("created_at"),
            order=("created_at", "id"),
            first="desc",
            css="c-opt",
            kind="moment",
        ),
        Column("amount", _("费用"), _amount, css="num c-end", kind="money"),
        *_MORE,
    ),
    filters=(
        Filter(
            "work_type",
            _("服务类型"),
            _by("work_type", int),
            lambda actor: [(str(w.pk), w.name) for w in catalog.list_work_types(actor)[:60]],
        ),
        Filter("status", _("状态"), _by("status"), lambda actor: queries.ORDER_FILTERS["status"].choices, quiet=True),
        *(Filter(name, label, _by(name, int), quiet=True) for name, label in _QUIET),
        Filter("product", _("产品"), _by("product", int), choosers.products, quiet=True),
        Filter("fault", _("故障代码"), _by("fault", int), choosers.faults, quiet=True),
        Filter("mode", _("方式"), _by("mode"), lambda actor: queries.ORDER_FILTERS["mode"].choices),
        Filter("region", _("区域"), _by("region"), _districts),
        Filter("branch", _("机构"), _by("branch", int), _branches),
        Filter("engineer", _("工程师"), _by("engineer", int), _engineers),
        Filter(
            "class",
            _("服务类别"),
            _by("service_class"),
            lambda actor: [(key, f"{key} {label}") for key, label in queries.ORDER_FILTERS["service_class"].choices],
        ),
        Filter("limit", _("时限"), _limit, lambda actor: [("late", _("已超时")), ("soon", _("即将超时"))]),
        Filter("urgent", _("加急"), _by("urgent", lambda text: text == "1"), lambda actor: [("1", _("加急"))]),
        Filter("created", _("受理时间"), _created, lambda actor: spans.SPANS),
    ),
    summary="/orders/summary/",
    first=(_("登记第一张"), "/desk/", access.OPEN),
    bulk=(Bulk("dispatch", _("派工给…")), Bulk("inspect", _("检验合格")), Bulk("audit", _("审核"))),
)
