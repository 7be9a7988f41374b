from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.catalog import access, queries
from aftercare.web.pages import cells, links
from aftercare.web.pages.registers import Column, Filter, Register
from aftercare.web.products.registers import CATEGORY

FEES = [
    ("labour", _("人工费")), ("travel", _("上门费")), ("inspection", _("检测费")), ("distance", _("远程费")), ("time", _("超时工时费")),
    ("holiday", _("节假日加价")), ("night", _("夜间加价")),
]  # fmt: skip
CLASSES = [("A", _("收费")), ("B", _("合同")), ("C", _("保内免费")), ("D", _("行政"))]
CUSTOMERS = [("person", _("个人")), ("company", _("单位")), ("dealer", _("经销商")), ("store", _("门店"))]
ANY = _("不限")


def _on(rows, day):
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def _urban(row, shown) -> str:
    return "" if row.is_urban is None else _t("城区") if row.is_urban else _t("郊区")


def _word(name, choices):
    words = dict(choices)
    return lambda row, shown: words.get(getattr(row, name), ANY)


def _or_any(path):
    # An empty condition holds for all: never a dash, which would read as "not known".
    return lambda row, shown: cells.read(row, path) or ANY


def _amount(row, shown):
    if row.percent is not None:
        return format_html("{}%", f"{row.percent.normalize():f}")
    return cells.money("amount")(row, shown)


VALID_ON = Filter("on", _("有效日期"), _on, input="date")

PRICES = Register(
    slug="prices",
    title=_("收费标准"),
    permission=access.VIEW,
    rows=queries.list_labour_prices,
    address=lambda row: f"/prices/{row.pk}/end/",
    order=("-valid_from", "-id"),
    columns=(
        Column(
            "fee",
            _("费用种类"),
            links.opens("get_fee_display", lambda r: f"/prices/{r.pk}/end/", access.EDIT_PRICE),
            css="lead",
            export=lambda r, s: r.get_fee_display(),
        ),
        Column(
            "work_type",
            _("工种"),
            _or_any("work_type.name"),
            export=lambda r, s: r.work_type.name if r.work_type else "",
        ),
        Column(
            "category",
            _("品类"),
            _or_any("category.name"),
            export=lambda r, s: r.category.name if r.category else "",
        ),
        Column("region", _("区域"), _or_any("region.name"), css="c-opt", export=lambda r, s: r.region.full_name or r.region.name if r.region else ""),
        Column("is_urban", _("城郊"), links.either("is_urban", yes=_("城区"), no=_("郊区"), neither=ANY), css="c-opt", export=_urban),
        Column("customer_grade", _("客户等级"), _or_any("customer_grade"), css="c-opt"),
        Column("customer_kind", _("客户类型"), _word("customer_kind", CUSTOMERS), css="c-opt"),
        Column("service_class", _("服务类别"), _word("service_class", CLASSES), css="c-opt"),
        Column("band", _("公里或时段"), lambda r, s: queries.band_label(r) or cells.EMPTY, css="c-opt", export=lambda r, s: queries.band_label(r)),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), order=("valid_from",), first="desc", kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), kind="date"),
        Column("amount", _("金额"), _amount, order=("amount",), css="num c-end", kind="money"),
        *(
            Column(name, label, lambda r, s: "", on_page=False, can_show=False, kind=kind)
            for name, label, kind in (
                ("percent", _("按人工费（%）"), "quantity"), ("from_km", _("超过公里"), "integer"), ("to_km", _("至公里"), "integer"),
                ("per_minutes", _("每（分钟）"), "integer"),
            )
        ),
        *(
            Column(name, label, lambda r, s: "", on_page=False, can_show=False, export=lambda r, s, name=name: f"{getattr(r, name):%H:%M}" if getattr(r, name) else "")
            for name, label in (("from_time", _("自")), ("to_time", _("至")))
        ),
    ),
    filters=(Filter("fee", _("费用种类"), lambda rows, v: rows.filter(fee=v), lambda actor: FEES), CATEGORY, VALID_ON),
    create=(_("设收费标准"), "/prices/new/", access.EDIT_PRICE),
)

PART_PRICES = Register(
    slug="part-prices",
    title=_("配件价格"),
    permission=access.VIEW,
    rows=queries.list_part_prices,
    address=lambda row: f"/parts/{row.part_id}/",
    order=("-valid_from", "-id"),
    search=lambda rows, text, actor: rows.filter(Q(part__name__icontains=text) | Q(part__code__icontains=text)),
    search_hint=_("配件 / 编码"),
    columns=(
        Column(
            "part",
            _("配件"),
            cells.link("part.name", lambda r: f"/parts/{r.part_id}/"),
            css="lead",
            export=lambda r, s: r.part.name,
        ),
        Column("code", _("编码"), cells.text("part.code"), export=lambda r, s: r.part.code),
        Column("customer_grade", _("客户等级"), _or_any("customer_grade"), css="c-opt"),
        Column("customer_kind", _("客户类型"), _word("customer_kind", CUSTOMERS), css="c-opt"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), order=("valid_from",), first="desc", kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), kind="date"),
        Column("amount", _("金额"), cells.money("amount"), order=("amount",), css="num c-end", kind="money"),
    ),
    filters=(VALID_ON,),
)
