from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import access, queries
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"counting": "brand", "submitted": "warn", "settled": "ok", "cancelled": "struck", "reversed": "struck"}
LINE_TONES = {"open": "mute", "recount": "warn", "agreed": "ok", "disputed": "bad"}
SCOPES = [("whole", _("整库")), ("bins", _("指定货位")), ("cycle", _("循环盘点")), ("parts", _("指定配件"))]


def address_of(row) -> str:
    """The page of a stocktake."""
    return f"/stocktakes/{row.number}/"


def places(actor):
    """What can be counted: places of the company that are no bins."""
    return [(str(p.pk), p.name) for p in queries.list_places(actor).filter(parent=None, branch__isnull=False)]


STOCKTAKES = Register(
    slug="stocktakes",
    title=pgettext_lazy("list", "盘点单"),
    permission=access.VIEW_STOCK,
    rows=queries.list_stocktakes,
    address=address_of,
    search=lambda rows, text, actor: rows.filter(number__icontains=text) | rows.filter(memo__icontains=text),
    search_hint=_("单号 / 说明"),
    default_tab="open",
    tabs=(
        Tab("open", _("进行中"), lambda rows: rows.filter(status__in=["counting", "submitted"])),
        Tab("counting", _("盘点中"), lambda rows: rows.filter(status="counting")),
        Tab("submitted", _("待审核"), lambda rows: rows.filter(status="submitted")),
        Tab("settled", _("已入账"), lambda rows: rows.filter(status="settled")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", address_of), css="lead"),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("place", _("库位"), cells.text("place.name"), export=lambda r, s: r.place.name),
        Column("scope_of", _("盘点范围"), cells.choice("scope_of"), export=lambda r, s: r.get_scope_of_display()),
        Column("round", _("轮次"), cells.number("round"), css="num", kind="number"),
        Column("planned_by_name", _("安排人"), cells.text("planned_by_name"), css="c-opt"),
        Column("created_at", _("安排时间"), cells.moment("created_at"), css="c-opt", kind="moment"),
        Column("counted_on", _("盘点日期"), cells.day("counted_on"), css="c-opt", kind="date"),
        Column("booked_on", _("入账日"), cells.day("booked_on"), css="c-opt", kind="date"),
        Column("approved_by_name", _("审核人"), cells.text("approved_by_name"), css="c-opt"),
        Column("memo", _("说明"), cells.text("memo"), css="c-text c-opt c-end"),
    ),
    filters=(
        Filter("place", _("库位"), lambda rows, v: rows.filter(place_id=v) if v.isdigit() else rows.none(), places),
        Filter("scope", _("盘点范围"), lambda rows, v: rows.filter(scope_of=v), lambda actor: SCOPES),
    ),
    create=(_("安排盘点"), "/stocktakes/new/", access.PLAN_COUNT),
    links=((_("循环盘点到期"), "/stocktakes/due/", access.PLAN_COUNT),),
    empty=_("没有进行中的盘点"),
)
