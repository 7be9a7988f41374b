import datetime as dt

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.inventory import access, queries
from aftercare.foundation import clock
from aftercare.web.pages import cells, links, sources
from aftercare.web.pages.registers import Column, Filter, Register, Tab

CONDITIONS = [("good", _("良品")), ("inspection", _("待检")), ("defective", _("不良品")), ("return", _("待返还"))]
REASONS = [("receipt", _("采购入库")), ("supplier_return", _("采购退货")), ("transfer", _("调拨")), ("issue", _("领料")), ("return", _("退料")),
           ("use", _("维修用料")), ("use_warranty", _("保修更换")), ("use_paid", _("收费更换")), ("unuse", _("用料退回")),
           ("old_part", _("旧件回收")), ("count", _("盘点差异")), ("scrap", _("报废")), ("state", _("状态调整")),
           ("opening", _("期初")), ("sale", _("配件销售")), ("dealer", _("经销商备货")), ("reversal", _("冲销"))]  # fmt: skip
COUNTING = _("盘点中")
TONES = {"open": "warn", "filled": "ok", "cancelled": "struck"}


def _places(actor):
    return [(str(p.pk), p.name) for p in queries.list_places(actor) if p.is_inside]


def _at_place(rows, value):
    return rows.filter(place_id=value) if value.isdigit() else rows.none()


def _of_part(rows, text, actor):
    return rows.filter(Q(part__name__icontains=text) | Q(part__code__icontains=text) | Q(lot__icontains=text))


def seen(path):
    """A quantity of the books; while it is counted blind its counters read that instead."""
    draw = cells.number(path)
    return lambda row, shown: str(COUNTING) if row.is_counting else draw(row, shown)


def since(rows, value):
    day = _day(value)
    return rows.filter(at__gte=clock.day_bounds(day, "Asia/Shanghai")[0]) if day else rows


def until(rows, value):
    day = _day(value)
    return rows.filter(at__lt=clock.day_bounds(day, "Asia/Shanghai")[1]) if day else rows


def _day(value):
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


STOCK = Register(
    slug="stock",
    title=_("库存"),
    permission=access.VIEW_STOCK,
    rows=lambda actor: queries.seen_balances(actor, empty=True, is_ranked=True),
    address=lambda row: f"/parts/{row.part_id}/",
    order=("part__code", "id"),
    search=_of_part,
    search_hint=_("配件 / 编码 / 序列号"),
    default_tab="here",
    tabs=(
        Tab("here", _("有库存"), lambda rows: rows.filter(on_hand_qty__gt=0)),
        Tab(
            "short",
            _("低于下限"),
            lambda rows: rows.filter(is_counting=False, min_qty__gt=0, on_hand_qty__lt=F("min_qty") + F("reserved_qty")),
        ),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column(
            "part",
            _("配件"),
            cells.link("part.name", lambda r: f"/parts/{r.part_id}/"),
            css="lead c-text",
            export=lambda r, s: r.part.name,
        ),
        Column("code", _("编码"), cells.text("part.code"), order=("part__code",), export=lambda r, s: r.part.code),
        Column("place", _("库位"), cells.text("place.name"), order=("place__code",), export=lambda r, s: r.place.name),
        Column("condition", _("状态"), cells.choice("condition"), export=lambda r, s: r.get_condition_display()),
        Column("lot", _("批次或序列号"), cells.text("lot"), css="c-opt"),
        Column(
            "on_hand_qty",
            _("在库"),
            seen("seen_qty"),
            order=("rank_qty",),
            first="desc",
            css="num",
            kind="quantity",
            export=lambda r, s: r.seen_qty,
        ),
        Column("reserved_qty", _("占用"), seen("held_qty"), css="num c-opt", kind="quantity", export=lambda r, s: r.held_qty),
        Column(
            "free",
            _("可用"),
            seen("left_qty"),
            css="num c-end",
            kind="quantity",
            export=lambda r, s: r.left_qty,
        ),
        Column("counting", _("盘点"), None, on_page=False, export=lambda r, s: str(COUNTING) if r.is_counting else ""),
        Column("min_qty", _("下限"), cells.number("min_qty"), css="num c-opt", kind="quantity"),
    ),
    filters=(
        Filter("place", _("库位"), _at_place, _places),
        Filter("condition", _("状态"), lambda rows, v: rows.filter(condition=v), lambda actor: CONDITIONS),
    ),
    create=(_("入库"), "/stock/receive/", access.RECEIVE),
)

MOVES = Register(
    slug="moves",
    title=_("出入库流水"),
    permission=access.VIEW_STOCK,
    rows=queries.seen_moves,
    address=lambda row: f"/moves/{row.pk}/reverse/",
    order=("-id",),
    search=lambda rows, text, actor: _of_part(rows, text, actor) | rows.filter(source_number__icontains=text),
    search_hint=_("配件 / 编码 / 单号"),
    columns=(
        Column("at", _("业务时间"), cells.moment("at"), css="lead", kind="moment"),
        Column("part", _("配件"), cells.text("part.name", "part.code"), css="c-text", export=lambda r, s: r.part.name),
        Column("qty", _("数量"), cells.number("qty"), css="num", kind="quantity"),
        Column("from_place", _("从"), cells.text("from_place.name"), export=lambda r, s: r.from_place.name),
        Column("to_place", _("到"), cells.text("to_place.name"), export=lambda r, s: r.to_place.name),
        Column("reason", _("类型"), cells.choice("reason"), export=lambda r, s: r.get_reason_display()),
        Column(
            "to_condition",
            _("状态"),
            cells.choice("to_condition"),
            css="c-opt",
            export=lambda r, s: r.get_to_condition_display(),
        ),
        Column("lot", _("批次或序列号"), cells.text("lot"), css="c-opt"),
        Column("source_number", _("单据"), sources.source(), css="c-opt"),
        Column("actor_name", _("经办"), cells.text("actor_name"), css="c-opt"),
        Column("memo", _("说明"), cells.text("memo"), css="c-opt"),
        Column(
            "id",
            _("流水号"),
            links.opens("pk", lambda r: f"/moves/{r.pk}/reverse/", access.REVERSE),
            css="num c-end",
            kind="integer",
        ),
    ),
    filters=(
        Filter(
            "place",
            _("库位"),
            lambda rows, v: rows.filter(Q(from_place_id=v) | Q(to_place_id=v)) if v.isdigit() else rows.none(),
            _places,
        ),
        Filter("reason", _("类型"), lambda rows, v: rows.filter(reason=v), lambda actor: REASONS),
        Filter("since", _("自"), since, input="date"),
        Filter("until", _("至"), until, input="date"),
    ),
)


def request_address(row) -> str:
    """The page of a part request."""
    return f"/part-requests/{row.number}/"


REQUESTS = Register(
    slug="part-requests",
    title=pgettext_lazy("list", "缺件申请"),
    permission=access.VIEW_STOCK,
    rows=queries.list_requests,
    address=request_address,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(
        Q(part__name__icontains=text) | Q(number__icontains=text) | Q(source_number__icontains=text)
    ),
    search_hint=_("配件 / 单号"),
    default_tab="open",
    tabs=(
        Tab("open", _("待补货"), lambda rows: rows.filter(status="open")),
        Tab("filled", _("已到货"), lambda rows: rows.filter(status="filled")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("单号"), cells.link("number", request_address), css="lead"),
        Column("part", _("配件"), cells.text("part.name", "part.code"), css="c-text", export=lambda r, s: r.part.name),
        Column("qty", _("数量"), cells.number("qty"), css="num", kind="quantity"),
        Column("place", _("库位"), cells.text("place.name"), export=lambda r, s: r.place.name),
        Column("source_number", _("单据"), sources.source()),
        Column("priority", _("优先级"), lambda row, shown: row.priority or cells.EMPTY, order=("priority", "-id"), first="desc", css="num", kind="integer"),
        Column("created_at", _("时间"), cells.moment("created_at"), css="c-opt", kind="moment"),
        Column(
            "status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()
        ),
    ),
)
