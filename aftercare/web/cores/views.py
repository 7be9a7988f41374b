"""An old part's page, tags on paper, and who owes how many."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftercare.domain.cores import access, actions, queries
from aftercare.domain.cores.lifecycle import CORE
from aftercare.foundation.access import Actor
from aftercare.foundation.quantity import shown
from aftercare.web.cores.registers import TONES, address_of, today, who
from aftercare.web.labels import sheets
from aftercare.web.pages import sources, timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.policy import actor_of, page

MOST_TAGS = 120


def _receive(row, *, actor: Actor, at, **inputs):
    return actions.receive(row, actor=actor, at=at, **inputs)


def _charge(row, *, actor: Actor, at):
    return actions.charge(row, again=row.charged_at is not None, actor=actor, at=at)


def _reason(actor, row):
    return forms.CharField(label=_("原因"), max_length=200)


def _serial(actor, row):
    hint = _t("应为 %(serial)s") % {"serial": row.serial} if row.serial else ""
    return forms.CharField(label=_("旧件序列号"), max_length=60, help_text=hint) if queries.expected_serial(row) else None


def _qty(actor, row):
    return None if row.part.is_serial else forms.DecimalField(label=_("数量"), min_value=0, max_digits=12, decimal_places=3, initial=row.qty.normalize())


def _amount(actor, row):
    expected = None if row.credit_expected_amount is None else row.credit_expected_amount * row.qty
    return forms.DecimalField(label=_("厂家结算（元）"), min_value=0, max_digits=14, decimal_places=2, initial=expected)


DOOR = MoveDoor(
    slug="cores",
    lifecycle=CORE,
    load=queries.get_core,
    address=address_of,
    runs={
        "receive": _receive, "undo_receive": actions.undo_receive, "hand_back": actions.hand_back, "waive": actions.waive,
        "reclaim": actions.reclaim, "charge": _charge, "lift_charge": actions.lift_charge, "credit": actions.credit,
        "refuse": actions.refuse, "reopen": actions.reopen, "scrap": actions.scrap,
    },
    asks={"reason": _reason, "serial": _serial, "qty": _qty, "amount": _amount},
    more={"receive": ("serial", "qty", "reason"), "credit": ("reason",)},
    open_moves=lambda row, actor: queries.open_core_moves(row, actor, day=today()),
)


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Where the old part is, who owes it until when, what was charged and credited."""
    actor = actor_of(request)
    row = queries.get_core(key, actor)
    day = today()
    context = {
        "row": row, "title": row.part.name, "number": row.number, "list_label": _t("旧件返还"), "list_url": "/cores/",
        "sub": row.part.code, "status": {"label": row.get_status_display(), "tone": TONES[row.status]},
        "moves": DOOR.buttons(row, actor), "charges": queries.charges_of(row), "source_url": sources.address_of(row.source_kind, row.source_number),
        "late_days": (day - row.due_on).days if row.status == "owed" and day > row.due_on else 0,
        "may_refurbish": "refurbish" in {m.name for m in queries.open_core_moves(row, actor, day=day)},
        "events": timelines.events(row.kind, row.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "cores/core.html", context)


@page(access.VIEW)
def tag(request: HttpRequest, key: str) -> HttpResponse:
    """The tag of one old part, to be tied to it."""
    row = queries.get_core(key, actor_of(request))
    return _tags(request, [row], address_of(row))


@page(access.VIEW)
def tags(request: HttpRequest) -> HttpResponse:
    """The tags of the rows picked in a list (`pk`)."""
    picked = [int(pk) for pk in request.GET.getlist("pk") if pk.isdigit()][:MOST_TAGS]
    rows = queries.list_cores(actor_of(request)).filter(pk__in=picked).exclude(status="cancelled").order_by("id")
    return _tags(request, list(rows), "/cores/")


def _tags(request: HttpRequest, rows: list, back: str) -> HttpResponse:
    wanted = [
        sheets.Wanted(f"{row.pk}", sheets.Label(
            f"{shown(row.qty)} × {row.part.name}", row.number,
            tuple(filter(None, (row.serial, row.source_number, f"{_t('%(day)s 前交') % {'day': f'{row.due_on:%m-%d}'}} {who(row)}"))), mark=_t("旧件")))
        for row in rows
    ]
    return sheets.answer(request, wanted, title=_t("旧件标签"), back_url=back)


@page(access.VIEW)
def totals(request: HttpRequest) -> HttpResponse:
    """Who owes how many, is late with how many, and pays how much."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    rows = queries.totals(actor, day=today(), text=text)
    context = {
        "title": _t("旧件责任人汇总"), "list_label": _t("旧件返还"), "list_url": "/cores/", "rows": rows, "q": text,
        "sums": {name: sum(getattr(row, name) for row in rows) for name in ("owed", "overdue", "received", "shipped", "credited", "refused", "charged_amount")},
    }  # fmt: skip
    return render(request, "cores/totals.html", context)
