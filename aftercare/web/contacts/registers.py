"""The register of approaches: who came by which channel with what, and what became of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.cases import access, queries
from aftercare.domain.parties import access as parties
from aftercare.domain.parties import rules as phones
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.web import once
from aftercare.web.markup import conditional_escape, format_html
from aftercare.web.pages import cells, spans
from aftercare.web.pages.registers import Column, Filter, Register, Tab

TONES = {"new": "violet", "open": "brand", "done": "ok", "void": "struck"}
_DONE, _VOID = "done", "void"


def address_of(contact) -> str:
    """The page of a contact."""
    return f"/contacts/{contact.number}/"


def phone_of(contact, actor: Actor) -> str:
    """The caller's number, masked for who may not see it."""
    seen = actor.may(parties.UNMASK, branch_id=contact.branch_id, people=(contact.handler_id, contact.taken_by_id))
    return contact.phone if seen else phones.mask_phone(contact.phone)


def counts(actor: Actor) -> dict[str, int]:
    """Contacts that still wait, by state; read once a page."""
    return once.ask(("contacts by state", actor.employee_id), lambda: queries.count_undone(actor))


def tab_counts(actor: Actor) -> dict[str, int]:
    """Numbers of what still waits; one statement."""
    waiting = counts(actor)
    return {"undone": sum(waiting.values()), "new": waiting["new"], "open": waiting["open"]}


def _by(name: str, value=lambda text: text):
    def apply(rows: QuerySet, text: str) -> QuerySet:
        try:
            wanted = value(text)
        except ValueError:
            return rows.none()
        return queries.narrow_contacts(rows, zone=timezone.get_current_timezone_name(), **{name: wanted})

    return apply


def _created(rows: QuerySet, text: str) -> QuerySet:
    days = spans.read(text)
    if days is None:
        return rows.none()
    zone = timezone.get_current_timezone_name()
    return queries.narrow_contacts(rows, zone=zone, created_from=days[0], created_to=days[1])


def _search(rows: QuerySet, text: str, actor: Actor) -> QuerySet:
    number = text.strip().upper()
    if number.startswith("LD") and len(number) >= 14:
        rows = queries.list_contacts(actor)
    return queries.narrow_contacts(rows, zone=actor.zone, text=text)


def _number(row, shown) -> str:
    mark = format_html('<span class="urgent" title="{}">{}</span>', _t("加急"), _t("急")) if row.urgent else ""
    return format_html('<a class="lead" href="{}">{}</a>{}', address_of(row), row.number, mark)


def _kind(row, shown) -> str:
    label = row.get_kind_of_display()
    if row.kind_of == "complaint":
        return format_html('<span class="t-bad">{}</span>', label)
    return conditional_escape(label)


def _who(row, shown) -> str:
    return conditional_escape(row.customer.name if row.customer_id else row.caller or "—")


def _phone(row, shown) -> str:
    return conditional_escape(phone_of(row, shown.actor))


def _outcome(row, shown) -> str:
    if row.led_to_number and row.led_to_kind == "work.workorder":
        return format_html('<a class="link" href="/orders/{0}/">{0}</a>', row.led_to_number)
    return conditional_escape(row.get_outcome_display()) if row.outcome else cells.EMPTY


def _branches(actor: Actor) -> list:
    return [(str(b.pk), b.name) for b in people.list_branches(actor)]


CONTACTS = Register(
    slug="contacts",
    title=pgettext_lazy("list", "来电登记"),
    permission=access.VIEW,
    rows=queries.list_contacts,
    address=address_of,
    order=("-created_at", "-id"),
    search=_search,
    search_hint=_("登记号 / 客户 / 电话 / 内容"),
    tabs=(
        Tab("all", _("全部"), lambda rows: rows),
        Tab("undone", _("未办结"), lambda rows: rows.filter(status__in=["new", "open"])),
        Tab("new", _("待处理"), lambda rows: rows.filter(status="new")),
        Tab("open", _("处理中"), lambda rows: rows.filter(status="open")),
        Tab("done", _("已办结"), lambda rows: rows.filter(status=_DONE)),
        Tab("void", _("已作废"), lambda rows: rows.filter(status=_VOID)),
    ),
    default_tab="all",
    tab_counts=tab_counts,
    columns=(
        Column("number", _("登记号"), _number),
        Column(
            "status", _("状态"), cells.pill("status", TONES), css="c-end", export=lambda r, s: r.get_status_display()
        ),
        Column("kind_of", _("类别"), _kind, export=lambda r, s: r.get_kind_of_display()),
        Column("channel", _("渠道"), cells.choice("channel"), css="c-opt", export=lambda r, s: r.get_channel_display()),
        Column("customer", _("客户"), _who, export=lambda r, s: r.customer.name if r.customer_id else r.caller),
        Column("phone", _("电话"), _phone, export=_phone),
        Column("text", _("内容"), cells.text("text"), css="c-wide"),
        Column("outcome", _("结果"), _outcome, export=lambda r, s: r.led_to_number or r.get_outcome_display()),
        Column(
            "handler",
            _("处理人"),
            cells.text("handler.name"),
            css="c-opt",
            export=lambda r, s: cells.read(r, "handler.name"),
        ),
        Column(
            "created_at",
            _("登记时间"),
            cells.moment("created_at"),
            order=("created_at", "id"),
            first="desc",
            css="c-end",
            kind="moment",
        ),
    ),
    filters=(
        Filter("kind", _("类别"), _by("kind"), lambda actor: queries.KINDS),
        Filter("channel", _("渠道"), _by("channel"), lambda actor: queries.CHANNELS),
        Filter("outcome", _("结果"), _by("outcome"), lambda actor: queries.OUTCOMES[1:]),
        Filter("branch", _("机构"), _by("branch", int), _branches),
        Filter("urgent", _("加急"), _by("urgent", lambda text: text == "1"), lambda actor: [("1", _("加急"))]),
        Filter("created", _("登记时间"), _created, lambda actor: spans.SPANS),
    ),
    create=(_("登记来电"), "/desk/", access.REGISTER),
)
