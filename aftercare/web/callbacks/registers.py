"""The queue of calls to make after a service, and what was answered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.feedback import access, queries
from aftercare.domain.parties import queries as parties
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.web.markup import format_html
from aftercare.web.pages import cells
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"open": "violet", "answered": "ok", "unreached": "warn", "cancelled": "struck"}
LEVELS = ((4, _("很满意")), (3, _("满意")), (2, _("一般")), (1, _("不满意")))
ASPECTS = (("attitude", _("服务态度")), ("skill", _("技术水平")), ("punctuality", _("到达及时")), ("promise", _("承诺兑现")))


def address_of(callback) -> str:
    """The page of a call-back."""
    return f"/callbacks/{callback.number}/"


def _phone(row, shown) -> str:
    return parties.shown_phone(row.customer, shown.actor) or cells.EMPTY


def _worst(row, shown) -> str:
    levels = [getattr(row, aspect) for aspect, _label in ASPECTS]
    if None in levels:
        return cells.EMPTY
    worst = min(levels)
    return format_html('<span class="{}">{}</span>', "t-bad" if worst == 1 else "", dict(LEVELS)[worst])


def _name(path: str):
    return lambda row, shown: cells.read(row, path) or ""


CALLBACKS = Register(
    slug="callbacks",
    title=pgettext_lazy("list", "回访"),
    permission=access.VIEW,
    rows=queries.list_callbacks,
    address=address_of,
    order=queries.QUEUE_ORDER,
    search=lambda rows, text, actor: queries.searched(rows, text, actor),
    search_hint=_("回访号 / 服务单号 / 客户 / 电话"),
    tabs=(
        Tab("due", _("应回访"), lambda rows: rows.filter(status="open", due_at__lt=clock.now())),
        Tab("open", _("待回访"), lambda rows: rows.filter(status="open")),
        Tab("answered", _("已回访"), lambda rows: rows.filter(status="answered")),
        Tab("unreached", _("未接通"), lambda rows: rows.filter(status="unreached")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="open",
    columns=(
        Column("number", _("回访号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("due_at", _("应回访"), cells.countdown("due_at", lambda row: row.status == "open"), order=("due_at", "id"), kind="moment"),
        Column("customer", _("客户"), cells.text("customer.name"), export=_name("customer.name")),
        Column("phone", _("电话"), _phone, export=_phone),
        Column("subject", _("服务内容"), cells.text("subject", small="source_number"), css="c-wide"),
        Column("engineer", _("工程师"), cells.text("engineer.name"), export=_name("engineer.name")),
        Column("tries", _("拨打"), cells.number("tries"), css="num c-opt", kind="number"),
        Column("worst", _("最低评价"), _worst, export=lambda r, s: min((getattr(r, a) or 9) for a, _l in ASPECTS) if r.attitude else ""),
        Column("answered_at", _("回访时间"), cells.moment("answered_at"), css="c-opt", kind="moment"),
        Column("comment", _("意见"), cells.text("comment"), css="c-wide c-opt"),
    ),
    filters=(
        Filter("branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(),
               lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)]),
        Filter("engineer", _("工程师"), lambda rows, v: rows.filter(engineer_id=v) if v.isdigit() else rows.none(),
               lambda actor: [(str(e.pk), e.name) for e in people.list_employees(actor).filter(is_engineer=True)[:200]]),
    ),
    empty=_("没有要打的回访电话"),
)
