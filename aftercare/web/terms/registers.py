from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.entitlement import access, queries
from aftercare.web.pages import cells, links
from aftercare.web.pages.registers import Column, Register
from aftercare.web.prices.registers import VALID_ON
from aftercare.web.products.registers import CATEGORY

STARTS = [("sale", _("销售日")), ("invoice", _("开票日")), ("delivery", _("交付日")), ("installation", _("安装日")),
          ("registration", _("登记日")), ("production", _("生产日"))]  # fmt: skip


def length(row, shown=None) -> str:
    """How long the term runs."""
    months = _("%s 个月") % row.months if row.months else ""
    days = _("%s 天") % row.days if row.days else ""
    return f"{months} {days}".strip() or "—"


def covers(row, shown=None) -> str:
    """What it pays for."""
    named = ((row.covers_parts, _("配件")), (row.covers_labour, _("人工")), (row.covers_travel, _("上门")))
    return str(_("、")).join(str(word) for on, word in named if on) or "—"


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
        Column(
            "product", _("产品"), cells.text("product.name"), export=lambda r, s: r.product.name if r.product else ""
        ),
        Column(
            "category",
            _("品类"),
            cells.text("category.name"),
            export=lambda r, s: r.category.name if r.category else "",
        ),
        Column("component", _("部件"), cells.text("component"), css="c-opt"),
        Column("months", _("期限"), length, export=length),
        Column("starts", _("起算"), cells.choice("starts"), export=lambda r, s: r.get_starts_display()),
        Column("covers", _("包含"), covers, css="c-opt", export=covers),
        Column("valid_from", _("生效日期"), cells.day("valid_from"), order=("valid_from",), first="desc", kind="date"),
        Column("valid_to", _("失效日期"), cells.day("valid_to"), css="c-end", kind="date"),
    ),
    filters=(CATEGORY, VALID_ON),
    create=(_("新建条款"), "/terms/new/", access.EDIT_TERM),
)
