from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.parties import access as parties
from aftercare.domain.parties import queries as suppliers
from aftercare.domain.purchasing import access, queries
from aftercare.foundation import search
from aftercare.web.pages import cells, links
from aftercare.web.pages.registers import Column, Filter, Register, Tab
from aftercare.web.prices.registers import VALID_ON

RIGHTS = [
    ("purchasing.approve", _("审批采购申请")),
    ("purchasing.approve_large", _("审批大额采购申请")),
    ("purchasing.approve_top", _("审批特大额采购申请")),
]


def address_of(row) -> str:
    """The page of a supplier."""
    return f"/suppliers/{row.number}/"


def _found(rows, text, actor):
    if search.searchable(text):
        return rows.filter(search__grams=text)
    return rows.filter(Q(name__icontains=text) | Q(number__istartswith=text))


def supplier_choices(actor):
    """Suppliers for a filter."""
    return [(str(row.pk), row.name) for row in suppliers.list_suppliers(actor, active=True).order_by("name")[:300]]


SUPPLIER = Filter(
    "supplier", _("供应商"), lambda rows, v: rows.filter(supplier_id=v) if v.isdigit() else rows.none(), supplier_choices
)

SUPPLIERS = Register(
    slug="suppliers",
    title=pgettext_lazy("list", "供应商"),
    permission=parties.VIEW_SUPPLIER,
    rows=suppliers.list_suppliers,
    address=address_of,
    search=_found,
    search_hint=_("名称 / 编号 / 联系人"),
    default_tab="active",
    tabs=(
        Tab("active", _("启用"), lambda rows: rows.filter(is_active=True)),
        Tab("closed", _("停用"), lambda rows: rows.filter(is_active=False)),
    ),
    columns=(
        Column("number", _("供应商编号"), cells.link("number", address_of)),
        Column("name", _("供应商"), cells.text("name"), css="c-text"),
        Column("contact", _("联系人"), cells.text("contact")),
        Column("phone", _("电话"), cells.text("phone"), css="c-opt"),
        Column("currency", _("币种"), cells.text("currency"), css="c-opt"),
        Column("tax_percent", _("税率（%）"), cells.number("tax_percent"), css="num c-opt", kind="quantity"),
        Column("lead_days", _("交货期（天）"), cells.number("lead_days"), css="num", kind="integer"),
        Column("payment_days", _("付款期（天）"), cells.number("payment_days"), css="num c-end", kind="integer"),
    ),
    create=(_("新建供应商"), "/suppliers/new/", parties.EDIT_SUPPLIER),
    empty=_("还没有供应商"),
)

PRICES = Register(
    slug="supplier-prices",
    title=pgettext_lazy("list", "供应价"),
    permission=access.VIEW_TERMS,
    rows=queries.list_prices,
    address=lambda row: f"/supplier-prices/{row.pk}/edit/",
    search=lambda rows, text, actor: rows.filter(Q(part__name__icontains=text) | Q(part__code__icontains=text) | Q(supplier_code__icontains=text)),
    search_hint=_("配件 / 编码 / 供方编码"),
    columns=(
        Column("part", _("配件"), links.opens("part.name", lambda r: f"/supplier-prices/{r.pk}/edit/", access.EDIT_PRICE), css="lead c-text",
               export=lambda r, s: r.part.name),
        Column("code", _("编码"), cells.text("part.code"), export=lambda r, s: r.part.code),
        Column("supplier", _("供应商"), cells.text("supplier.name"), export=lambda r, s: r.supplier.name),
        Column("supplier_code", _("供方编码"), cells.text("supplier_code"), css="c-opt"),
        Column("price_amount", _("不含税单价"), cells.price("price_amount"), css="num", kind="quantity"),
        Column("pack_qty", _("包装数量"), cells.number("pack_qty"), css="num c-opt", kind="quantity"),
        Column("min_qty", _("最小订量"), cells.number("min_qty"), css="num c-opt", kind="quantity"),
        Column("lead_days", _("交货期（天）"), cells.number("lead_days"), css="num c-opt", kind="integer"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-end", kind="date"),
    ),
    filters=(SUPPLIER, VALID_ON),
    create=(_("新建供应价"), "/supplier-prices/new/", access.EDIT_PRICE),
)  # fmt: skip

LEVELS = Register(
    slug="approval-levels",
    title=pgettext_lazy("list", "采购审批级别"),
    permission=access.VIEW_TERMS,
    rows=queries.list_levels,
    address=lambda row: f"/approval-levels/{row.pk}/edit/",
    columns=(
        Column("name", _("级别"), links.opens("name", lambda r: f"/approval-levels/{r.pk}/edit/", access.EDIT_RULES), css="lead"),
        Column("up_to_amount", _("金额上限"), cells.money("up_to_amount", zero=_("不限")), css="num", kind="money"),
        Column("right", _("审批权限"), cells.choice("right"), export=lambda r, s: r.get_right_display()),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-end", kind="date"),
    ),
    filters=(VALID_ON,),
    create=(_("新建级别"), "/approval-levels/new/", access.EDIT_RULES),
    empty=_("还没有审批级别：持有审批权限的人可以批准任何金额"),
)

TOLERANCES = Register(
    slug="tolerances",
    title=pgettext_lazy("list", "收货与发票允差"),
    permission=access.VIEW_TERMS,
    rows=queries.list_tolerances,
    address=lambda row: f"/tolerances/{row.pk}/edit/",
    columns=(
        Column("supplier", _("供应商"), links.opens("supplier.name", lambda r: f"/tolerances/{r.pk}/edit/", access.EDIT_RULES, nothing=_("全部")),
               css="lead", export=lambda r, s: r.supplier.name if r.supplier else ""),
        Column("over_percent", _("超收允差（%）"), cells.number("over_percent"), css="num", kind="quantity"),
        Column("price_percent", _("单价允差（%）"), cells.number("price_percent"), css="num", kind="quantity"),
        Column("price_amount", _("每行金额允差"), cells.money("price_amount"), css="num", kind="money"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-end", kind="date"),
    ),
    filters=(SUPPLIER, VALID_ON),
    create=(_("新建规则"), "/tolerances/new/", access.EDIT_RULES),
    empty=_("还没有允差规则：数量和价格必须与订单完全一致"),
)  # fmt: skip
