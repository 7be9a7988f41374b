from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.billing import access, queries
from aftercare.domain.people import queries as people
from aftercare.web.pages import cells, sources
from aftercare.web.pages.registers import Bulk, Column, Filter, Register, Tab

BILL_TONES = {"draft": "mute", "final": "ok", "reversed": "struck"}
MONEY_TONES = {"held": "warn", "remitted": "ok", "voided": "struck"}
METHODS = [
    ("cash", _("现金")),
    ("wechat", _("微信")),
    ("alipay", _("支付宝")),
    ("card", _("刷卡")),
    ("transfer", _("转账")),
]


def _branches(actor):
    return [(str(b.pk), b.name) for b in people.list_branches(actor)]


BRANCH = Filter(
    "branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(), _branches
)


def bill_address(row) -> str:
    """The page of a bill."""
    return f"/bills/{row.pk}/"


def receipt_address(row) -> str:
    """The page of a receipt."""
    return f"/collections/{row.number}/"


BILLS = Register(
    slug="bills",
    title=pgettext_lazy("list", "账单"),
    permission=access.VIEW_BILL,
    rows=queries.list_bills,
    address=bill_address,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(Q(source_number__icontains=text) | Q(customer__name__icontains=text)),
    search_hint=_("单号 / 客户"),
    default_tab="unpaid",
    tabs=(
        Tab("unpaid", _("未收清"), lambda rows: rows.filter(status="final", due_amount__gt=F("paid_amount"))),
        Tab("draft", _("未定"), lambda rows: rows.exclude(status="final")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("source_number", _("单据"), cells.link("source_number", bill_address), css="lead"),
        Column(
            "customer",
            _("客户"),
            cells.text("customer.name"),
            export=lambda r, s: r.customer.name if r.customer else "",
        ),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
        Column(
            "due_amount",
            _("客户应付"),
            cells.money("due_amount"),
            order=("due_amount",),
            first="desc",
            css="num",
            kind="money",
        ),
        Column("covered_amount", _("保修等承担"), cells.money("covered_amount"), css="num c-opt", kind="money"),
        Column("paid_amount", _("已收"), cells.money("paid_amount"), css="num", kind="money"),
        Column("open_amount", _("未收"), cells.money("open_amount"), css="num", kind="money"),
        Column("final_at", _("确定时间"), cells.moment("final_at"), css="c-opt", kind="moment"),
        Column(
            "status",
            _("状态"),
            cells.pill("status", BILL_TONES),
            css="c-end",
            export=lambda r, s: r.get_status_display(),
        ),
    ),
    filters=(BRANCH,),
)

COLLECTIONS = Register(
    slug="collections",
    title=pgettext_lazy("list", "收款"),
    permission=access.VIEW_BILL,
    rows=queries.list_collections,
    address=receipt_address,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(
        Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(bill__source_number__icontains=text)
    ),
    search_hint=_("收据号 / 单号 / 客户"),
    default_tab="held",
    tabs=(
        Tab("held", _("待交款"), lambda rows: rows.filter(status="held")),
        Tab("remitted", _("已交款"), lambda rows: rows.filter(status="remitted")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    columns=(
        Column("number", _("收据号"), cells.link("number", receipt_address), css="lead"),
        Column("source", _("单据"), lambda r, s: sources.source()(r.bill, s), export=lambda r, s: r.bill.source_number),
        Column(
            "customer",
            _("客户"),
            cells.text("customer.name"),
            export=lambda r, s: r.customer.name if r.customer else "",
        ),
        Column(
            "collected_by",
            _("收款人"),
            cells.text("collected_by.name"),
            export=lambda r, s: r.collected_by.name if r.collected_by else "",
        ),
        Column("method", _("方式"), cells.choice("method"), export=lambda r, s: r.get_method_display()),
        Column("amount", _("金额"), cells.money("amount"), order=("amount",), first="desc", css="num", kind="money"),
        Column("at", _("收款时间"), cells.moment("at"), css="c-opt", kind="moment"),
        Column(
            "status",
            _("状态"),
            cells.pill("status", MONEY_TONES),
            css="c-end",
            export=lambda r, s: r.get_status_display(),
        ),
    ),
    filters=(
        BRANCH,
        Filter("method", _("方式"), lambda rows, v: rows.filter(method=v), lambda actor: METHODS),
        Filter("day", _("收款日"), lambda rows, v: rows.filter(day=v) if _is_day(v) else rows, input="date"),
    ),
    bulk=(Bulk("remit", _("交款")),),
)


def _is_day(value: str) -> bool:
    """True for a date as the browser sends it."""
    return len(value) == 10 and value.replace("-", "").isdigit()
