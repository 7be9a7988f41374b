from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import access, queries
from aftercare.foundation.access import Actor
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register

ABC = [("A", "A"), ("B", "B"), ("C", "C")]
XYZ = [("X", "X"), ("Y", "Y"), ("Z", "Z")]
LETTER_TONES = {"A": "brand", "B": "info", "C": "mute", "X": "ok", "Y": "warn", "Z": "mute"}


def _months(actor: Actor):
    months = queries.list_classifications(actor).order_by("-month").values_list("month", flat=True).distinct()
    return [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in months[:36]]


def _branches(actor: Actor):
    rows = queries.list_classifications(actor).order_by("branch__number").values_list("branch_id", "branch__name").distinct()
    return [(str(pk), name) for pk, name in rows]


def _of_month(rows, value):
    year, _dash, month = value.partition("-")
    if not (year.isdigit() and month.isdigit()):
        return rows.none()
    return rows.filter(classification__month__year=int(year), classification__month__month=int(month))


def rows_of(actor: Actor):
    """Parts with their classes, the newest computation first."""
    return queries.list_classes(actor)


PART_CLASSES = Register(
    slug="part-classes",
    title=pgettext_lazy("list", "配件分类"),
    permission=access.VIEW_COST,
    rows=rows_of,
    address=lambda row: f"/parts/{row.part_id}/",
    order=("-classification_id", "rank", "id"),
    search=lambda rows, text, actor: rows.filter(part__code__icontains=text) | rows.filter(part__name__icontains=text),
    search_hint=_("配件 / 编码"),
    columns=(
        Column("part", _("配件"), cells.link("part.name", lambda r: f"/parts/{r.part_id}/"), css="lead c-text", export=lambda r, s: r.part.name),
        Column("code", _("配件编码"), cells.text("part.code"), css="c-opt", export=lambda r, s: r.part.code),
        Column("branch", _("机构"), cells.text("classification.branch.name"), css="c-opt", export=lambda r, s: r.classification.branch.name),
        Column("month", _("月份"), cells.text("classification.number_shown"), css="c-opt", export=lambda r, s: r.classification.number_shown),
        Column("abc", "ABC", cells.pill("abc", LETTER_TONES), css="c-end"),
        Column("xyz", "XYZ", cells.pill("xyz", LETTER_TONES), css="c-end"),
        Column("rank", _("名次"), cells.number("rank"), css="num c-opt", kind="integer"),
        Column("usage_qty", _("12 个月用量"), cells.number("usage_qty"), css="num", kind="quantity"),
        Column("usage_amount", _("用量金额"), cells.money("usage_amount"), css="num", kind="money"),
        Column("share_percent", _("累计比例（%）"), cells.number("share_percent"), css="num c-opt", kind="quantity"),
        Column("variation", _("变异系数"), cells.number("variation"), css="num c-opt", kind="quantity"),
        Column("stock_qty", _("库存数量"), cells.number("stock_qty"), css="num", kind="quantity"),
        Column("stock_amount", _("库存金额"), cells.money("stock_amount"), css="num", kind="money"),
    ),
    filters=(
        Filter("branch", _("机构"), lambda rows, v: rows.filter(classification__branch_id=v) if v.isdigit() else rows.none(), _branches),
        Filter("month", _("月份"), _of_month, _months),
        Filter("abc", "ABC", lambda rows, v: rows.filter(abc=v), lambda actor: ABC),
        Filter("xyz", "XYZ", lambda rows, v: rows.filter(xyz=v), lambda actor: XYZ),
    ),
    links=((_("九宫格"), "/part-classes/matrix/", access.VIEW_COST), (_("呆滞与死库存"), "/reports/slow-movers/", access.VIEW_COST),
           (_("库存周转"), "/reports/stock-turnover/", access.VIEW_COST)),
    empty=_("还没有分类，每月自动计算，也可以在九宫格里立即计算"),
)  # fmt: skip
