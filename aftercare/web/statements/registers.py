import datetime as dt

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.settlement import access, queries
from aftercare.web.bills.registers import BRANCH
from aftercare.web.markup import conditional_escape
from aftercare.web.pages import cells, sources
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"draft": "mute", "appealed": "warn", "locked": "ok"}
KINDS = [
    ("commission", _("提成")),
    ("overdue", _("超时扣款")),
    ("repeat", _("返修扣款")),
    ("reward", _("奖励")),
    ("penalty", _("处罚")),
]


def address_of(row) -> str:
    """The page of a statement."""
    return f"/statements/{row.number}/"


def month_of(value: str) -> dt.date | None:
    """The first day of a month as the browser sends it: `2026-11`, or any day of it."""
    try:
        return dt.date.fromisoformat(f"{value[:7]}-01")
    except ValueError:
        return None


def _in_month(rows, value):
    month = month_of(value)
    return rows.filter(month=month) if month else rows


MONTH = Filter("month", _("月份"), _in_month, input="date")

STATEMENTS = Register(
    slug="statements",
    title=pgettext_lazy("list", "结算单"),
    permission=access.VIEW,
    rows=queries.list_statements,
    address=address_of,
    order=("-month", "-id"),
    search=lambda rows, text, actor: (
        rows.filter(employee__name__icontains=text) | rows.filter(employee__number__icontains=text)
    ),
    search_hint=_("工程师 / 工号"),
    tabs=(
        Tab("", _("全部"), lambda rows: rows),
        Tab("appealed", _("有异议"), lambda rows: rows.filter(status="appealed")),
        Tab("draft", _("草稿"), lambda rows: rows.filter(status="draft")),
        Tab("open", _("未锁定"), lambda rows: rows.exclude(status="locked")),
        Tab("locked", _("已锁定"), lambda rows: rows.filter(status="locked")),
    ),
    columns=(
        Column(
            "employee",
            _("工程师"),
            cells.link("employee.name", address_of),
            css="lead",
            export=lambda r, s: r.employee.name,
        ),
        Column(
            "employee_number",
            _("工号"),
            cells.text("employee.number"),
            css="c-opt",
            export=lambda r, s: r.employee.number,
        ),
        Column(
            "month",
            _("月份"),
            lambda r, s: f"{r.month:%Y-%m}",
            order=("month",),
            first="desc",
            export=lambda r, s: f"{r.month:%Y-%m}",
        ),
        Column("branch", _("机构"), cells.text("branch.name"), css="c-opt", export=lambda r, s: r.branch.name),
        Column("orders", _("单数"), cells.number("orders"), css="num", kind="integer"),
        Column("base_amount", _("岗位工资"), cells.money("base_amount"), css="num c-opt", kind="money"),
        Column("commission_amount", _("提成"), cells.money("commission_amount"), css="num", kind="money"),
        Column("deduction_amount", _("扣款"), cells.money("deduction_amount"), css="num", kind="money"),
        Column(
            "total_amount",
            _("应发"),
            cells.money("total_amount"),
            order=("total_amount",),
            first="desc",
            css="num",
            kind="money",
        ),
        Column(
            "status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()
        ),
    ),
    filters=(MONTH, BRANCH),
    create=(_("编制结算单"), "/statements/new/", access.MANAGE),
)

ACCRUALS = Register(
    slug="accruals",
    title=_("提成明细"),
    permission=access.VIEW,
    rows=queries.list_accruals,
    address=lambda row: sources.address_of(row.source_kind, row.source_number),
    order=("-id",),
    search=lambda rows, text, actor: (
        rows.filter(source_number__icontains=text) | rows.filter(employee__name__icontains=text)
    ),
    search_hint=_("单号 / 工程师"),
    columns=(
        Column("at", _("时间"), cells.moment("at"), css="lead", kind="moment"),
        Column("employee", _("工程师"), cells.text("employee.name"), export=lambda r, s: r.employee.name),
        Column("source_number", _("单据"), sources.source()),
        Column("kind_of", _("种类"), cells.choice("kind_of"), export=lambda r, s: r.get_kind_of_display()),
        Column("month", _("月份"), lambda r, s: f"{r.month:%Y-%m}", export=lambda r, s: f"{r.month:%Y-%m}"),
        Column(
            "explanation",
            _("计算说明"),
            lambda r, s: conditional_escape(queries.sentence(r)) or cells.EMPTY,
            css="c-wide c-opt",
            export=lambda r, s: queries.sentence(r),
        ),
        Column("amount", _("金额"), cells.money("amount"), css="num c-end", kind="money"),
    ),
    filters=(MONTH, BRANCH, Filter("kind", _("种类"), lambda rows, v: rows.filter(kind_of=v), lambda actor: KINDS)),
)
