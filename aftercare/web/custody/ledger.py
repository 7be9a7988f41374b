"""The one ledger on a page: every thing that is not where it belongs, whose it is, who has it and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.custody import access, queries
from aftercare.web.custody.things import BRANCH
from aftercare.web.markup import format_html
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab


def keeping_url(row) -> str:
    """The page of its receipt or loan."""
    return f"/custody/{row.number}/" if row.custody_id else f"/holdings/{row.number}/"


def _holder(row, shown=None) -> str:
    if row.custody_id:
        return format_html("{}<small>{}</small>", row.branch.name, row.customer.name)
    return row.customer.name if row.customer_id else row.employee.name


def _holder_told(row, shown) -> str:
    return row.branch.name if row.custody_id else row.customer.name if row.customer_id else row.employee.name


def _days(row, shown) -> str:
    return str(((row.until or shown.now) - row.since).days)


def _kind(key):
    return lambda rows: rows.filter(until=None, kind_of=key)


KEEPINGS = Register(
    slug="keepings", title=pgettext_lazy("list", "在管总账"), permission=access.VIEW_THINGS, rows=queries.list_keepings, address=keeping_url,
    search=lambda rows, text, actor: queries.search_keepings(rows, text), search_hint=_("单号 / 物品 / 客户 / 持有人"), default_tab="open",
    tabs=(
        Tab("open", _("在管"), lambda rows: rows.filter(until=None)),
        *(Tab(key, label, _kind(key)) for key, label in queries.KINDS_OF_KEEPING),
        Tab("over", _("已了结"), lambda rows: rows.filter(until__isnull=False)), Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", keeping_url)),
        Column("kind_of", _("种类"), cells.choice("kind_of"), export=lambda r, s: r.get_kind_of_display()),
        Column("name", _("物品"), cells.text("name"), css="c-wide"),
        Column("holder", _("在谁处"), _holder, export=_holder_told),
        Column("since", _("起"), cells.moment("since", "%Y-%m-%d %H:%M"), kind="moment"),
        Column("days", _("天数"), _days, css="num", kind="number"),
        Column("until", _("止"), cells.moment("until", "%Y-%m-%d %H:%M"), css="c-opt", kind="moment"),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
    ),
    filters=(
        BRANCH, Filter("customer", _("客户"), lambda rows, v: rows.filter(customer__number=v), quiet=True),
        Filter("employee", _("持有人"), lambda rows, v: rows.filter(employee__number=v), quiet=True),
    ),
    empty=_("没有在管的物品"),
)  # fmt: skip
