"""The register of sales of parts."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.orders import access, queries
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"draft": "warn", "ordered": "violet", "arrived": "brand", "done": "ok", "cancelled": "struck"}
KINDS = (("retail", _("客户购买")), ("warranty", _("保修更换")), ("paid", _("收费更换")), ("dealer", _("经销商备货")),
         ("outlet", _("网点供货")), ("engineer", _("工程师领用")))  # fmt: skip


def address_of(row) -> str:
    """The page of a sale."""
    return f"/sales/{row.number}/"


def party_of(row) -> str:
    """For whom it is."""
    return str(row.customer or row.outlet or row.engineer or _("散客"))


SALES = Register(
    slug="sales",
    title=pgettext_lazy("list", "配件出库"),
    permission=access.VIEW,
    rows=queries.list_sales,
    address=address_of,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(
        Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(reference__icontains=text)
    ),
    search_hint=_("单号 / 客户 / 相关单据"),
    default_tab="open",
    tabs=(
        Tab("open", _("未出库"), lambda rows: rows.filter(status__in=["draft", "ordered", "arrived"])),
        Tab("arrived", _("已到货"), lambda rows: rows.filter(status="arrived")),
        Tab("done", _("已出库"), lambda rows: rows.filter(status="done")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", address_of), css="lead"),
        Column("status", _("状态"), cells.pill("status", TONES), export=lambda r, s: r.get_status_display()),
        Column("kind_of", _("出库类型"), cells.choice("kind_of"), export=lambda r, s: r.get_kind_of_display()),
        Column("party", _("对方"), lambda r, s: party_of(r), css="c-text", export=lambda r, s: party_of(r)),
        Column("place_name", _("出库库位"), cells.text("place_name"), css="c-opt"),
        Column("wanted_on", _("期望到货"), cells.day("wanted_on"), css="c-opt", kind="date"),
        Column("created_at", _("开单时间"), cells.moment("created_at"), kind="moment"),
        Column("made_by_name", _("开单人"), cells.text("made_by_name"), css="c-opt"),
        Column("amount", _("金额"), cells.money("amount"), css="num c-end", kind="money"),
    ),
    filters=(Filter("kind", _("出库类型"), lambda rows, v: rows.filter(kind_of=v), lambda actor: KINDS),),
    create=(_("新建销售"), "/sales/new/", access.SELL),
)
