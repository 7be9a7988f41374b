"""A contact's page and its moves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.cases import access, actions, queries, rules
from aftercare.domain.cases.lifecycle import CONTACT, UNDONE
from aftercare.domain.parties import access as customers
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties import rules as phones
from aftercare.domain.people import queries as people
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.web.contacts.registers import TONES, address_of
from aftercare.web.files import shown as files
from aftercare.web.pages import timelines
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


def _handlers(actor: Actor, contact: Any) -> forms.Field:
    staff = people.list_employees(actor).filter(branch_id=contact.branch_id)
    return forms.ChoiceField(label=_("处理人"), choices=[(e.number, e.name) for e in staff[:200]])


def _outcomes(actor: Actor, contact: Any) -> forms.Field:
    chosen = [(value, label) for value, label in queries.OUTCOMES if value in rules.CHOSEN]
    first = "solved" if contact.kind_of in ("repair", "support") else "answered"
    return forms.ChoiceField(label=_("办结结果"), choices=chosen, initial=first)


def _reason(actor: Actor, contact: Any) -> forms.Field:
    return forms.CharField(label=_("原因或说明"), max_length=200)


def _answer(actor: Actor, contact: Any) -> forms.Field:
    label = _("处理结果和对客户的答复") if contact.kind_of == "complaint" else _("答复内容")
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 4}))


def _hand_on(contact: Any, *, handler: str, actor: Actor, at, **inputs):
    return actions.hand_on(contact, handler=people.get_employee(handler, actor), actor=actor, at=at, **inputs)


MOVES = MoveDoor(
    slug="contacts",
    lifecycle=CONTACT,
    load=queries.get_contact,
    address=address_of,
    runs={
        "take_up": actions.take_up, "hand_on": _hand_on, "solve": actions.solve, "reopen": actions.reopen,
        "void": actions.void,
    },
    asks={"handler": _handlers, "outcome": _outcomes, "answer": _answer, "reason": _reason},
)  # fmt: skip


@page(access.VIEW)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What was said, who handles it, what became of it."""
    actor = actor_of(request)
    contact = queries.get_contact(key, actor)
    may_handle = actor.may(access.HANDLE, branch_id=contact.branch_id, people=contact.people_shown())
    is_open = contact.status in UNDONE
    earlier = queries.list_of_customer(contact.customer_id, limit=8) if contact.customer_id else []
    buttons = MOVES.buttons(contact, actor)
    context = {
        "contact": contact, "title": contact.text.split("\n")[0][:60] or contact.get_kind_of_display(),
        "number": contact.number, "list_label": _t("来电登记"), "list_url": "/contacts/",
        "status": {"label": contact.get_status_display(), "tone": TONES[contact.status]}, "is_urgent": contact.urgent,
        "sub": f"{contact.get_kind_of_display()} · {contact.get_channel_display()} · {contact.branch.name}",
        "moves": [b for b in buttons if not b["primary"]] + [b for b in buttons if b["primary"]],
        "desk_url": f"/desk/?contact={contact.number}" if is_open and may_handle and actor.holds("work.open") else "",
        "phone": phones.mask_phone(contact.phone),
        "unmask_url": f"{address_of(contact)}unmask" if _may_unmask(contact, actor) else "",
        "note_url": f"{address_of(contact)}note",
        "names": people.names_of([contact.taken_by_id, contact.handler_id]),
        "earlier": [other for other in earlier if other.pk != contact.pk],
        "attached": files.section(contact, actor),
        "events": timelines.events("cases.contact", contact.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    context |= {
        "taken_by": context["names"].get(contact.taken_by_id),
        "handler": context["names"].get(contact.handler_id),
    }
    return render(request, "contacts/contact.html", context)


def _may_unmask(contact: Any, actor: Actor) -> bool:
    return bool(contact.phone) and actor.may(
        customers.UNMASK, branch_id=contact.branch_id, people=contact.people_shown()
    )


@page(access.VIEW)
@require_POST
def unmask(request: HttpRequest, key: str) -> JsonResponse:
    """The caller's full number; it is written down who looked, on the customer or else on the contact."""
    actor = actor_of(request)
    contact = queries.get_contact(key, actor)
    if contact.customer_id:
        parties.unmask(contact.customer, reason=contact.number, actor=actor, at=clock.now())
    elif not _may_unmask(contact, actor):
        raise NotFound(_t("没有找到客户"))
    else:
        actions.unmask(contact, actor=actor, at=clock.now())
    return JsonResponse({"text": contact.phone})


@page(access.VIEW)
@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    """A word on the contact, kept on its timeline."""
    contact = queries.get_contact(key, actor_of(request))

    def act(*, actor, at) -> str:
        actions.note(contact, text=request.POST.get("text", ""), actor=actor, at=at)
        return address_of(contact)

    return perform(request, f"contacts.note:{key}", act)
