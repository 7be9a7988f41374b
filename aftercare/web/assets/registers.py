from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.assets import access, queries
from aftercare.domain.catalog import queries as catalog
from aftercare.web.pages import cells, choosers
from aftercare.web.pages.registers import Column, Filter, Register


def address_of(unit) -> str:
    """The page of a unit's file."""
    return f"/assets/{unit.number}/"


def _categories(actor):
    return [(str(c.pk), c.name) for c in catalog.list_categories(actor).filter(is_active=True).order_by("name")[:200]]


def _by_category(rows, value):
    return rows.filter(product__category_id__in=catalog.subtree(int(value))) if value.isdigit() else rows.none()


ASSETS = Register(
    slug="assets",
    title=pgettext_lazy("list", "设备档案"),
    permission=access.VIEW,
    rows=queries.list_assets,
    address=address_of,
    order=("-created_at", "-id"),
    search=lambda rows, text, actor: queries.searched(rows, text),
    search_hint=_("序列号 / 设备编号 / 产品 / 发票号"),
    columns=(
        Column("number", _("设备编号"), cells.link("number", address_of)),
        Column(
            "product",
            _("产品"),
            cells.text("product.name", small="product.code"),
            css="c-wide",
            export=lambda r, s: r.product.name,
        ),
        Column("serial", _("序列号"), cells.text("serial")),
        Column(
            "category",
            _("品类"),
            cells.text("product.category.name"),
            css="c-opt",
            export=lambda r, s: r.product.category.name if r.product.category else "",
        ),
        Column(
            "customer",
            _("客户"),
            cells.text("customer.name"),
            export=lambda r, s: r.customer.name if r.customer else "",
        ),
        Column("sold_on", _("销售日期"), cells.day("sold_on"), css="c-end", kind="date"),
        Column("installed_on", _("安装日期"), cells.day("installed_on"), css="c-opt", kind="date"),
        Column("place", _("安装地点"), cells.text("place"), css="c-wide c-opt"),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
        Column(
            "created_at",
            _("建档"),
            cells.moment("created_at"),
            order=("created_at",),
            first="desc",
            css="c-opt",
            kind="moment",
        ),
    ),
    filters=(
        Filter("category", _("品类"), _by_category, _categories),
        Filter("product", _("产品"), lambda rows, v: rows.filter(product_id=v) if v.isdigit() else rows.none(), choosers.products, quiet=True),
        Filter("sold_from", _("销售日起"), lambda rows, v: rows.filter(sold_on__gte=v), input="date"),
    ),
    create=(_("登记设备"), "/assets/new/", access.EDIT),
)
