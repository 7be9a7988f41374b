from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.parties import access, queries
from aftercare.domain.people import queries as people
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register

KINDS = [("person", _("个人")), ("company", _("单位")), ("dealer", _("经销商")), ("store", _("门店"))]


def address_of(customer) -> str:
    """The page of a customer's file."""
    return f"/customers/{customer.number}/"


def phone(row, shown) -> str:
    """The telephone, masked for who may not see it."""
    return queries.shown_phone(row, shown.actor) or cells.EMPTY


def home(row, shown) -> str:
    """The address, masked likewise."""
    return queries.shown_address(row, shown.actor) or cells.EMPTY


def _branches(actor):
    return [(str(b.pk), b.name) for b in people.list_branches(actor)]


CUSTOMERS = Register(
    slug="customers",
    title=pgettext_lazy("list", "客户"),
    permission=access.VIEW,
    rows=queries.list_customers,
    address=address_of,
    order=("-created_at", "-id"),
    search=lambda rows, text, actor: queries.searched(rows, text),
    search_hint=_("姓名 / 电话 / 编号 / 地址"),
    columns=(
        Column("name", _("客户"), cells.link("name", address_of), css="lead"),
        Column("number", _("编号"), cells.text("number")),
        Column("kind_of", _("类型"), cells.choice("kind_of"), export=lambda r, s: r.get_kind_of_display()),
        Column("phone", _("电话"), phone, export=phone),
        Column("grade", _("等级"), cells.text("grade")),
        Column(
            "region",
            _("区域"),
            cells.text("region.name"),
            css="c-opt",
            export=lambda r, s: r.region.name if r.region else "",
        ),
        Column("address", _("地址"), home, css="c-wide c-opt", export=home),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
        Column(
            "created_at",
            _("建档"),
            cells.moment("created_at"),
            order=("created_at",),
            first="desc",
            css="c-end",
            kind="moment",
        ),
    ),
    filters=(
        Filter("kind", _("类型"), lambda rows, v: rows.filter(kind_of=v), lambda actor: KINDS),
        Filter("grade", _("等级"), lambda rows, v: rows.filter(grade=v)),
        Filter(
            "branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(), _branches
        ),
    ),
    create=(_("新建客户"), "/customers/new/", access.EDIT),
)
