"""A quote's page, its moves, the customer's signature, its printed sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.quotes import access, actions, queries
from aftercare.domain.quotes.lifecycle import QUOTE
from aftercare.domain.work import access as work
from aftercare.domain.work import queries as orders
from aftercare.flows import lending, quoting
from aftercare.foundation.access import Actor
from aftercare.foundation.money import in_capitals
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source
from aftercare.web.pages import fields, sources, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page
from aftercare.web.quotes import shown
from aftercare.web.quotes.registers import TONES, address_of


def _lent(quote: Any, actor: Actor) -> Actor:
    order = quoting.order_of(quote)
    return lending.for_quote(order, actor) if order is not None else actor


def _accept(quote: Any, *, actor: Actor, at, channel: str, name: str, evidence: str = "", **given) -> Any:
    kept = {"reference": evidence} if channel == "call" else {"note": evidence}
    return quoting.answer(quote, agreed=True, channel=channel, name=name, evidence=kept, actor=actor, at=at, **given)


def _refuse(quote: Any, *, actor: Actor, at, **given) -> Any:
    return quoting.answer(quote, agreed=False, actor=actor, at=at, **given)


def _channel(actor: Actor, row: Any) -> forms.Field:
    # A signature has its own pad, the portal its own page.
    return forms.ChoiceField(label=_("怎样答复的"), choices=[c for c in queries.CHANNELS if c[0] in ("call", "counter")])


MOVES = MoveDoor(
    slug="quotes",
    lifecycle=QUOTE,
    load=queries.get_quote,
    address=address_of,
    runs={
        "send": lambda quote, *, actor, at: actions.send(quote, actor=_lent(quote, actor), at=at), "accept": _accept, "refuse": _refuse,
        "renew_link": lambda quote, *, actor, at: actions.renew_link(quote, actor=_lent(quote, actor), at=at),
        "supersede": quoting.withdraw,
    },
    asks={
        "channel": _channel, "name": lambda actor, row: fields.text(_("答复人"), 80, required=True),
        "evidence": lambda actor, row: fields.text(_("录音编号或核实方式"), 120, required=True),
        "reason": lambda actor, row: fields.text(_("原因"), 200, required=True),
    },
    open_moves=lambda row, actor: queries.open_moves(row, _lent(row, actor)),
)  # fmt: skip


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A quote: its lines, until when it holds, the customer's link, his answer."""
    actor = actor_of(request)
    quote = queries.get_quote(key, actor)
    buttons = MOVES.buttons(quote, actor)
    link = queries.link_of(quote) if _lent(quote, actor).may(access.MAKE, branch_id=quote.branch_id, people=quote.people_shown()) else ""
    context = {
        "quote": quote, "title": quote.subject, "number": quote.number, "list_label": _t("报价单"), "list_url": "/quotes/",
        "status": {"label": quote.get_status_display(), "tone": TONES[quote.status]},
        "sub": " · ".join(filter(None, (quote.branch.name, quote.unit))),
        "moves": [b for b in buttons if not b["primary"]] + [b for b in buttons if b["primary"]],
        "lines": queries.lines_of(quote), "consent": queries.consent_of(quote),
        "rounds": [row for row in queries.list_of_source(_source(quote)) if row.pk != quote.pk],
        "source_url": sources.address_of(quote.source_kind, quote.source_number),
        "link": request.build_absolute_uri(link) if link else "",
        "may_sign": any(b["name"] == "accept" for b in buttons), "print_url": f"{address_of(quote)}print/",
        "capitals": in_capitals(quote.total_amount), "events": timelines.events("quotes.quote", quote.pk, zone_name=actor.zone),
    }  # fmt: skip
    return render(request, "quotes/quote.html", context)


def _source(quote: Any) -> Source:
    return Source(quote.source_kind, quote.source_id, quote.source_number)


@page(access.RECORD)
@require_POST
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """The customer agrees with his signature on the telephone or tablet."""
    quote = queries.get_quote(key, actor_of(request))

    def act(*, actor: Actor, at) -> str:
        quoting.answer(
            quote, agreed=True, channel="signature", name=request.POST.get("signed_name", ""), actor=actor, at=at,
            picture=shown.read_signature(request.POST.get("signature", "")),
        )
        is_field = request.POST.get("next", "").startswith("/field/")
        return request.POST["next"] if is_field else address_of(quote)

    return perform(request, f"quotes.sign:{key}", act, done=_t("客户已签名同意"))


@page(access.VIEW)
def signature(request: HttpRequest, key: str) -> HttpResponse:
    """The picture of the customer's signature under his consent."""
    consent = queries.consent_of(queries.get_quote(key, actor_of(request)))
    if consent is None or not consent.picture:
        raise NotFound("")
    return HttpResponse(bytes(consent.picture), content_type="image/png", headers={"Cache-Control": "private, max-age=600"})


@page(access.VIEW, work.VIEW)
def printed(request: HttpRequest, key: str) -> HttpResponse:
    """报价单 on A4, with the customer's link as a code while he may answer."""
    actor = actor_of(request)
    quote = queries.get_quote(key, actor)
    order = orders.get_orders([quote.source_id], actor).get(quote.source_id) if quote.source_kind == quoting.ORDER_KIND else None
    link = queries.link_of(quote)
    context = {
        "quote": quote, "order": order, "title": f"{_t('报价单')} {quote.number}", "size": "a4", "back_url": address_of(quote),
        "note": "A4", "lines": queries.lines_of(quote), "consent": queries.consent_of(quote), "zone": actor.zone,
        "link": request.build_absolute_uri(link or address_of(quote)), "is_open": bool(link),
        "capitals": in_capitals(quote.total_amount),
    }  # fmt: skip
    return render(request, "quotes/print.html", context)
