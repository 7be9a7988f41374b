"""Every write of this room."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.cases import access as permissions
from aftercare.domain.cases import facts, rules
from aftercare.domain.cases.lifecycle import CONTACT
from aftercare.domain.cases.models import Contact
from aftercare.foundation import access, clock, numbering, search
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.sources import Source

EDITABLE = ("channel", "kind_of", "customer", "asset", "caller", "phone", "text", "urgent")


def register_contact(
    *, channel: str, kind: str, branch_id: int, customer=None, phone: str = "", text: str = "", asset=None,
    caller: str = "", urgent: bool = False, about: Source | None = None, external_id: str = "", actor: Actor,
    at: dt.datetime,
) -> Contact:
    """Write down one approach of a customer; it waits until it has an outcome."""
    if channel not in Contact.Channel.values:
        raise RuleBroken(_("没有这个渠道"), code="bad_channel", field="channel")
    if kind not in Contact.Kind.values:
        raise RuleBroken(_("没有这个类别"), code="bad_kind", field="kind")
    contact = Contact(
        number=numbering.take("LD", clock.local_day(at, actor.zone)), branch_id=branch_id, channel=channel, kind_of=kind,
        customer=customer, asset=asset, caller=caller[:80], phone=phone[:30], text=text, urgent=urgent,
        about_kind=about.kind if about else "", about_id=about.id if about else 0,
        about_number=about.number if about else "", taken_by_id=actor.employee_id, external_id=external_id,
        created_at=at,
    )
    contact.search = _words(contact)
    return open_new(
        contact, actor=actor, at=at, permission=permissions.REGISTER, people=(actor.employee_id,),
        verb="cases.contact.register",
        fact=lambda c: facts.ContactRegistered(contact_id=c.pk, number=c.number, kind=kind, channel=channel),
    )


def _words(contact: Contact) -> str:
    customer = contact.customer.name if contact.customer_id else ""
    serial = contact.asset.serial if contact.asset_id else ""
    return search.grams(contact.number, customer, contact.caller, contact.phone, serial, contact.text[:300])


def edit_contact(contact: Contact, *, version: int | None, actor: Actor, at: dt.datetime, **fields) -> Contact:
    """Change named fields of the register entry; `version` is the one the editor saw."""
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise RuleBroken(_("不能修改这一项"), code="not_editable", field=sorted(unknown)[0])
    for name, value in fields.items():
        setattr(contact, name, value)
    words = _words(contact)
    return revise(contact, actor=actor, at=at, permission=permissions.REGISTER, version=version,
                  verb="cases.contact.edit", search=words, **fields)


def note(contact: Contact, *, text: str, actor: Actor, at: dt.datetime) -> None:
    """Keep a word (at most 500 characters) on the contact's timeline; whoever sees the contact may."""
    text = text.strip()[:500]
    if not text:
        raise RuleBroken(_("请写明内容"), code="note_missing", field="text")
    _require_seen(contact, actor)
    record_about(contact, verb="cases.contact.note", actor=actor, at=at, note=text, fact=facts.ContactNoted(contact.pk))


def unmask(contact: Contact, *, actor: Actor, at: dt.datetime) -> str:
    """The caller's full telephone number; that someone looked is kept in the journal."""
    _require_seen(contact, actor)
    record_about(contact, verb="cases.contact.unmask", actor=actor, at=at, fact=facts.CallerUnmasked(contact.pk))
    return contact.phone


def _require_seen(contact: Contact, actor: Actor) -> None:
    if not access.visible(Contact, actor).filter(pk=contact.pk).exists():
        raise access.not_allowed(permissions.VIEW)


@CONTACT.move("take_up")
def take_up(contact: Contact, *, actor: Actor, at: dt.datetime):
    """Begin to work on it; whoever takes it up is its handler."""
    revise(contact, handler_id=actor.employee_id)
    return facts.ContactHandedOn(contact_id=contact.pk, handler_id=actor.employee_id)


@CONTACT.move("hand_on")
def hand_on(contact: Contact, *, actor: Actor, at: dt.datetime, handler, reason: str = ""):
    """Give it to another handler."""
    revise(contact, handler_id=handler.pk)
    return facts.ContactHandedOn(contact_id=contact.pk, handler_id=handler.pk)


@CONTACT.move("lead_to")
def lead_to(contact: Contact, *, actor: Actor, at: dt.datetime, source: Source):
    """It became that document: its outcome."""
    revise(
        contact, outcome=Contact.Outcome.ORDER, led_to_kind=source.kind, led_to_id=source.id,
        led_to_number=source.number, closed_at=at,
    )
    return facts.ContactDone(contact_id=contact.pk, outcome=Contact.Outcome.ORDER.value, led_to=source.number)


@CONTACT.move("solve")
def solve(contact: Contact, *, actor: Actor, at: dt.datetime, outcome: str = "solved", answer: str = ""):
    """End it without a document: solved by telephone, answered, forwarded or withdrawn."""
    wrong = rules.require_outcome(outcome, answer)
    if wrong == "bad_outcome":
        raise RuleBroken(_("请选择办结结果"), code=wrong, field="outcome")
    if wrong:
        raise RuleBroken(_("请写明答复内容"), code=wrong, field="answer")
    revise(contact, outcome=outcome, answer=answer, closed_at=at)
    return facts.ContactDone(contact_id=contact.pk, outcome=outcome)


@CONTACT.move("reopen")
def reopen(contact: Contact, *, actor: Actor, at: dt.datetime, reason: str):
    """Work on it again; the document it led to stays named."""
    _require_reason(reason)
    revise(contact, outcome=Contact.Outcome.NONE, closed_at=None)
    return facts.ContactReopened(contact_id=contact.pk, reason=reason)


@CONTACT.move("void")
def void(contact: Contact, *, actor: Actor, at: dt.datetime, reason: str):
    """It was registered by mistake; it stays readable."""
    _require_reason(reason)
    revise(contact, closed_at=at)
    return facts.ContactVoided(contact_id=contact.pk, reason=reason)


def _require_reason(reason: str) -> None:
    wrong = rules.require_reason(reason)
    if wrong:
        raise RuleBroken(_("请写明原因"), code=wrong, field="reason")
