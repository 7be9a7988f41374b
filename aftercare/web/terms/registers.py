from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.entitlement import access, queries
from aftercare.web.pages import cells, links
from aftercare.web.pages.registers import Column, Filter, Register
from aftercare.web.prices.registers import VALID_ON
from aftercare.web.products.registers import CATEGORY

STARTS = [("sale", _("销售日")), ("invoice", _("开票日")), ("delivery", _("交付日")), ("installation", _("安装日")),
          ("registration", _("登记日")), ("production", _("生产日"))]  # fmt: skip
ALL_STARTS = [*STARTS, ("first", _("其中最早的一天"))]
KINDS = [("unit", _("购机保修")), ("part", _("更换的配件")), ("exchange", _("换新的整机")), ("extension", _("延保产品"))]
POLICIES = [("restart", _("重新起算")), ("inherit", _("继承剩余期限")), ("longer", _("两者取长"))]
BEARERS = [("maker", _("厂家")), ("supplier", _("供应商")), ("company", _("本公司"))]


def span(row, shown=None) -> str:
    """Months and days, told together."""
    told = (_("%s 个月") % row.months if row.months else "", _("%s 天") % row.days if row.days else "")
    return " ".join(str(text) for text in told if text)


def length(row, shown=None) -> str:
    """How long the term runs."""
    told = [span(row)]
    if row.cycles:
        told.append(f"{row.cycles:,} {row.cycle_unit}")
    return " ".join(str(text) for text in told if text) or str(dict(POLICIES)[row.policy])


def covers(row, shown=None) -> str:
    """What it pays for, and how much of it where that is not all."""
    named = (("parts", _("配件")), ("labour", _("人工")), ("travel", _("上门")))
    told = []
    for kind, word in named:
        percent = getattr(row, f"{kind}_percent")
        if getattr(row, f"covers_{kind}") and percent:
            told.append(str(word) if percent == 100 else f"{word} {percent}%")
    return str(_("、")).join(told) or "—"


def target(row, shown=None) -> str:
    """For what it holds, in one cell."""
    names = (row.product and row.product.name, row.category and row.category.name, row.region and row.region.name)
    return " · ".join(filter(None, names)) or str(_("全部"))


def starts(row, shown=None) -> str:
    """From when it runs."""
    if row.kind_of != "unit":
        return str(dict(POLICIES)[row.policy]) if row.kind_of != "extension" else "—"
    if row.starts == "first":
        return str(_("、")).join(str(dict(STARTS).get(name, name)) for name in row.starts_among) + str(_("中最早"))
    grace = _(" + %s 个月") % row.grace_months if row.grace_months and row.starts == "production" else ""
    return f"{row.get_starts_display()}{grace}"


TERMS = Register(
    slug="terms",
    title=pgettext_lazy("list", "保修条款"),
    permission=access.VIEW,
    rows=queries.list_terms,
    address=lambda row: f"/terms/{row.pk}/edit/",
    order=("-valid_from", "-id"),
    search=lambda rows, text, actor: rows.filter(name__icontains=text),
    search_hint=_("条款"),
    columns=(
        Column(
            "name",
            _("条款"),
            links.opens("name", lambda r: f"/terms/{r.pk}/edit/", access.EDIT_TERM),
            css="lead c-text",
        ),
        Column("kind_of", _("用于"), cells.choice("kind_of"), css="c-end", export=lambda r, s: r.get_kind_of_display()),
        Column("target", _("适用范围"), target, css="c-text", export=target),
        Column("component", _("部件"), cells.text("component"), css="c-opt"),
        Column("months", _("期限"), length, css="c-end", export=length),
        Column("starts", _("起算"), starts, css="c-opt", export=starts),
        Column("covers", _("包含"), covers, css="c-opt", export=covers),
        Column("borne_by", _("由谁承担"), cells.choice("borne_by"), css="c-opt", export=lambda r, s: r.get_borne_by_display()),
        Column("promotion", _("促销活动"), cells.text("promotion"), css="c-opt"),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), css="c-opt", order=("valid_from",), first="desc", kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-opt", kind="date"),
    ),
    filters=(
        Filter("kind", _("用于"), lambda rows, v: rows.filter(kind_of=v), lambda actor: KINDS),
        CATEGORY,
        VALID_ON,
    ),
    links=((_("试算"), "/terms/try/", access.VIEW),),
    create=(_("新建条款"), "/terms/new/", access.EDIT_TERM),
)
