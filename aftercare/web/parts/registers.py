from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.catalog import access, queries
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Bulk, Column, Register, Tab
from aftercare.web.products.registers import CATEGORY


def address_of(part) -> str:
    """The page of a part."""
    return f"/parts/{part.pk}/"


PARTS = Register(
    slug="parts",
    title=pgettext_lazy("list", "配件"),
    permission=access.VIEW,
    rows=queries.list_parts,
    address=address_of,
    order=("-uses", "id"),
    search=lambda rows, text, actor: rows.filter(Q(search__grams=text) | Q(code__icontains=text)),
    search_hint=_("配件 / 编码 / 条码"),
    default_tab="active",
    tabs=(
        Tab("active", _("启用"), lambda rows: rows.filter(is_active=True)),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("name", _("配件"), cells.link("name", address_of), order=("name",), css="lead c-text"),
        Column("code", _("配件编码"), cells.text("code"), order=("code",)),
        Column("unit", _("单位"), cells.text("unit")),
        Column(
            "category",
            _("适用品类"),
            cells.text("category.name"),
            css="c-opt",
            export=lambda r, s: r.category.name if r.category else "",
        ),
        Column("warranty_months", _("保修月数"), cells.number("warranty_months"), css="num c-opt", kind="integer"),
        Column("is_returnable", _("旧件返还"), cells.yes("is_returnable"), css="c-opt", kind="bool"),
        Column(
            "price_amount",
            _("单价"),
            cells.money("price_amount"),
            order=("price_amount",),
            css="num c-end",
            kind="money",
        ),
    ),
    filters=(CATEGORY,),
    create=(_("新建配件"), "/parts/new/", access.EDIT),
    bulk=(Bulk("labels", _("打印标签")),),
)
