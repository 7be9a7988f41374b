"""The register of quotes: what waits for an answer, what ends soon, what was agreed to."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.people import queries as people
from aftercare.domain.quotes import access, queries
from aftercare.foundation import clock
from aftercare.web.pages import cells, sources
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"draft": "mute", "sent": "warn", "accepted": "ok", "refused": "bad", "expired": "struck", "superseded": "struck"}


def address_of(quote) -> str:
    """The page of a quote."""
    return f"/quotes/{quote.number}/"


def _status(*wanted: str):
    return lambda rows: rows.filter(status__in=wanted)


QUOTES = Register(
    slug="quotes",
    title=pgettext_lazy("list", "报价单"),
    permission=access.VIEW,
    rows=queries.list_quotes,
    address=address_of,
    order=("-id",),
    search=lambda rows, text, actor: rows.filter(
        Q(number__istartswith=text) | Q(source_number__istartswith=text) | Q(customer__name__icontains=text) | Q(unit__icontains=text)
    ),
    search_hint=_("报价单号 / 服务单号 / 客户 / 设备"),
    tabs=(
        Tab("sent", _("待客户答复"), _status("draft", "sent")),
        Tab("soon", _("两天内到期"), lambda rows: queries.expiring(rows, clock.now())),
        Tab("accepted", _("客户同意"), _status("accepted")),
        Tab("refused", _("客户不同意"), _status("refused")),
        Tab("expired", _("已过期"), _status("expired")),
        Tab("all", _("全部"), lambda rows: rows),
    ),
    default_tab="sent",
    columns=(
        Column("number", _("报价单号"), cells.link("number", address_of)),
        Column("status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()),
        Column("valid_until", _("有效期至"), cells.moment("last_moment"), css="c-end", kind="moment", export=lambda r, s: r.last_moment),
        Column("subject", _("事由"), cells.text("subject", small="unit"), css="c-wide"),
        Column("customer", _("客户"), cells.text("customer.name"), export=lambda r, s: cells.read(r, "customer.name") or ""),
        Column("source_number", _("服务单"), sources.source()),
        Column("round", _("次"), cells.number("round"), css="num c-opt", kind="integer"),
        Column("employee", _("工程师"), cells.text("employee.name"), css="c-opt", export=lambda r, s: cells.read(r, "employee.name") or ""),
        Column("made_by", _("报价人"), cells.text("made_by"), css="c-opt"),
        Column("sent_at", _("发出"), cells.moment("sent_at"), css="c-opt", kind="moment"),
        Column("answered_at", _("答复"), cells.moment("answered_at"), css="c-opt", kind="moment"),
        Column("total_amount", _("金额"), cells.money("total_amount"), css="num c-end", kind="money"),
    ),
    filters=(
        Filter("branch", _("机构"), lambda rows, v: rows.filter(branch_id=v) if v.isdigit() else rows.none(),
               lambda actor: [(str(b.pk), b.name) for b in people.list_branches(actor)]),
        Filter("round", _("重新报价"), lambda rows, v: rows.filter(round__gt=1), lambda actor: [("2", _("第二次起"))]),
    ),
    empty=_("没有报价单"),
)
