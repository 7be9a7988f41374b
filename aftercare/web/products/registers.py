from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.catalog import access, queries
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab


def categories_of(actor):
    """Choices of a category filter."""
    return [(str(row.category.pk), "　" * row.depth + row.category.name) for row in queries.category_tree(actor, counted=False)]


def by_category(rows, value):
    """Rows of that category and of all below it."""
    return queries.in_category(rows, int(value)) if value.isdigit() else rows.none()


def address_of(product) -> str:
    """The page of a product."""
    return f"/products/{product.pk}/"


CATEGORY = Filter("category", _("品类"), by_category, categories_of)

PRODUCTS = Register(
    slug="products",
    title=pgettext_lazy("list", "产品"),
    permission=access.VIEW,
    rows=queries.list_products,
    address=address_of,
    peek=lambda row: f"/products/{row.pk}/peek/",
    order=("-uses", "id"),
    search=lambda rows, text, actor: rows.filter(Q(search__grams=text) | Q(code__icontains=text)),
    search_hint=_("产品 / 型号 / 品牌"),
    default_tab="active",
    tabs=(
        Tab("active", _("启用"), lambda rows: rows.filter(is_active=True)),
        Tab("new", _("新词条"), lambda rows: rows.filter(is_new=True)),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column(
            "name",
            _("产品"),
            cells.link("name", address_of),
            order=("name",),
            css="lead c-text",
        ),
        Column("code", _("型号"), cells.text("code"), order=("code",)),
        Column("brand", _("品牌"), cells.text("brand"), order=("brand",)),
        Column(
            "category",
            _("品类"),
            cells.text("category.name"),
            export=lambda r, s: r.category.name if r.category else "",
        ),
        Column("gtin", _("商品条码"), cells.text("gtin"), css="c-opt"),
        Column(
            "uses", _("使用次数"), cells.number("uses"), order=("uses",), first="desc", css="num c-end", kind="integer"
        ),
    ),
    filters=(CATEGORY,),
    create=(_("新建产品"), "/products/new/", access.EDIT),
)
