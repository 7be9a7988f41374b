"""Customers who are to be told something, and what they were told: two lists, one form, and the card on a document's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftercare.domain.orders import access, actions, queries
from aftercare.domain.parties import queries as parties
from aftercare.domain.work import queries as orders
from aftercare.flows import telling
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source
from aftercare.web.markup import format_html
from aftercare.web.pages import cells, fields, sources
from aftercare.web.pages.edits import EditPage
from aftercare.web.pages.registers import Column, Filter, Register, Tab

ABOUT = (("repaired", _("已修好")), ("quote", _("待确认报价")), ("part_arrived", _("配件已到")), ("waiting_part", _("等待配件")),
         ("delay", _("延期")))  # fmt: skip
CHANNELS = (("phone", _("电话")), ("sms", _("短信")), ("wechat", _("微信")), ("counter", _("当面")))
OUTCOMES = (("reached", _("已告知")), ("message", _("已留言")), ("not_reached", _("未联系上")))
OUTCOME_TONES = {"reached": "ok", "message": "info", "not_reached": "warn"}
TONES = {"repaired": "ok", "quote": "violet", "part_arrived": "brand", "waiting_part": "info", "delay": "bad"}


def address_of(row: Any) -> str:
    """Where a duty is done: the form."""
    return f"/due-notices/{row.pk}/"


def paper_url(row: Any) -> str:
    """The page of the document that a duty or notice is about."""
    return sources.address_of(row.source_kind, row.source_number)


def _waited(row: Any, shown: Any) -> str:
    hours = int((shown.now - row.since).total_seconds() // 3600)
    return str(_("%(n)s 天") % {"n": hours // 24}) if hours >= 24 else str(_("%(n)s 小时") % {"n": max(hours, 0)})


def _tries(row: Any, shown: Any) -> str:
    return format_html('<span class="t-warn">{}</span>', row.tries) if row.tries else "0"


def _customer(row: Any, shown: Any = None) -> str:
    return row.customer.name if row.customer_id else ""


def _tell_link(row: Any, shown: Any) -> str:
    name = _customer(row) or _("散客")
    return format_html('<a class="lead" href="{}">{}</a>', address_of(row), name) if shown.actor.holds(access.NOTIFY) else name


DUE = Register(
    slug="due-notices", title=pgettext_lazy("list", "待通知客户"), permission=access.VIEW_NOTICE, rows=queries.list_duties, address=address_of,
    order=("since", "id"),
    search=lambda rows, text, actor: rows.filter(source_number__istartswith=text) | rows.filter(customer__name__icontains=text),
    search_hint=_("单号 / 客户"),
    tabs=(Tab("", _("全部"), lambda rows: rows), *(Tab(key, label, lambda rows, key=key: rows.filter(about=key)) for key, label in ABOUT)),
    columns=(
        Column("customer", _("客户"), _tell_link, css="lead", export=_customer),
        Column("about", _("通知事项"), cells.pill("about", TONES), css="c-end", export=lambda r, s: r.get_about_display()),
        Column("source_number", _("单据"), sources.source(), export=lambda r, s: r.source_number),
        Column("because", _("情况"), cells.text("because"), css="c-text"),
        Column("since", _("起"), cells.moment("since"), css="c-opt", kind="moment"),
        Column("waited", _("已等"), _waited, css="num"),
        Column("tries", _("已联系次数"), _tries, css="num", kind="integer", export=lambda r, s: r.tries),
        Column("last_at", _("上次联系"), cells.moment("last_at"), css="c-opt", kind="moment"),
    ),
    empty=_("没有要通知的客户"),
)  # fmt: skip

NOTICES = Register(
    slug="notices", title=pgettext_lazy("list", "客户通知"), permission=access.VIEW_NOTICE, rows=queries.list_notices, address=paper_url,
    search=lambda rows, text, actor: rows.filter(source_number__istartswith=text) | rows.filter(customer__name__icontains=text),
    search_hint=_("单号 / 客户"),
    columns=(
        Column("source_number", _("单据"), sources.source(), css="lead"),
        Column("customer", _("客户"), _customer, export=_customer),
        Column("about", _("通知事项"), cells.choice("about"), export=lambda r, s: r.get_about_display()),
        Column("channel", _("方式"), cells.choice("channel"), export=lambda r, s: r.get_channel_display()),
        Column("outcome", _("结果"), cells.pill("outcome", OUTCOME_TONES), export=lambda r, s: r.get_outcome_display()),
        Column("count", _("第几次"), cells.number("count"), css="num", kind="integer"),
        Column("at", _("通知时间"), cells.moment("at"), css="c-end", kind="moment"),
        Column("told_to", _("接听人"), cells.text("told_to"), css="c-opt"),
        Column("actor_name", _("经办"), cells.text("actor_name"), css="c-opt"),
        Column("note", _("备注"), cells.text("note"), css="c-text"),
    ),
    filters=(
        Filter("about", _("通知事项"), lambda rows, v: rows.filter(about=v), lambda actor: ABOUT),
        Filter("outcome", _("结果"), lambda rows, v: rows.filter(outcome=v), lambda actor: OUTCOMES),
        Filter("customer", _("客户"), lambda rows, v: rows.filter(customer__number=v), quiet=True),
    ),
    empty=_("还没有登记过客户通知"),
)  # fmt: skip


class TellForm(fields.RowForm):
    """Who was told of what, how, and whether he was reached."""

    about = forms.ChoiceField(label=_("通知事项"), choices=ABOUT)
    channel = forms.ChoiceField(label=_("方式"), choices=CHANNELS)
    outcome = forms.ChoiceField(label=_("结果"), choices=OUTCOMES)
    told_to = fields.text(_("接听人"), 60, help_text=_("不是客户本人时填写"))
    note = fields.text(_("备注"), 200, help_text=_("对方怎么说，例如约定的取件或上门时间"))

    def start(self):
        due = queries.duties_of(source_of(self.row))
        return {"about": getattr(self.row, "about", "") or (due[0].about if due else _usual(self.row))}

    @property
    def paper(self) -> dict[str, Any]:
        """Who is to be called, about which document, and what he was told so far."""
        source, customer = source_of(self.row), self.row.customer
        return {
            "customer": customer, "phone": parties.shown_phone(customer, self.actor) if customer else getattr(self.row, "phone", ""),
            "source": source, "url": sources.address_of(source.kind, source.number), "because": getattr(self.row, "because", ""),
            "told": queries.notices_of(source),
        }


def _usual(row: Any) -> str:
    return telling.BY_STATE.get(getattr(row, "status", ""), "delay")


def source_of(row: Any) -> Source:
    """The document of a duty, or the document itself."""
    return Source(row.source_kind, row.source_id, row.source_number) if hasattr(row, "source_kind") else Source.of(row)


def save_duty(row: Any, cleaned: dict, *, actor: Actor, at, version) -> str:
    """Note it down on the duty's document; the next customer follows."""
    telling.tell(telling.find_paper(row.source_kind, row.source_number, actor), actor=actor, at=at, **fields.values(cleaned))
    return "/due-notices/"


def save_order(row: Any, cleaned: dict, *, actor: Actor, at, version) -> str:
    """Note it down on the order."""
    telling.tell(row, actor=actor, at=at, **fields.values(cleaned))
    return f"/orders/{row.number}/"


_FIELDS = ((_("客户通知"), ("about", "channel", "outcome", "told_to", "note")),)
TELL_DUTY = EditPage(
    name="duty_tell", title=_("登记客户通知"), permission=access.NOTIFY, list_label=pgettext_lazy("list", "待通知客户"), list_url="/due-notices/",
    form=TellForm.build, save=save_duty, load=lambda key, actor: queries.get_duty(fields.whole(key), actor), sections=_FIELDS,
    template="sales/tell.html",
)  # fmt: skip
TELL_ORDER = EditPage(
    name="order_tell", title=_("登记客户通知"), permission=access.NOTIFY, list_label=_("服务单"), list_url="/orders/", form=TellForm.build,
    save=save_order, load=orders.get_order, sections=_FIELDS, template="sales/tell.html",
)  # fmt: skip


def card(paper: Any, actor: Actor) -> dict[str, Any]:
    """What the customer of a document is to be told and was told, for its page; nothing for who may not see it."""
    if not actor.holds(access.VIEW_NOTICE):
        return {}
    source = Source.of(paper)
    due, told = queries.duties_of(source), queries.notices_of(source)
    may_tell = paper.kind == telling.ORDER and actor.holds(access.NOTIFY) and actions.may_tell(telling.party_of(paper), actor)
    if not (due or told or may_tell):
        return {}
    return {
        "due": [{"row": one, "tone": TONES[one.about]} for one in due], "told": told, "counts": _counts(told),
        "url": f"/orders/{paper.number}/tell/" if may_tell else "",
    }


def _counts(told: list) -> list[tuple[Any, int]]:
    found: dict[str, int] = {}
    for one in told:
        found[one.about] = found.get(one.about, 0) + 1
    return [(label, found[key]) for key, label in ABOUT if key in found]
