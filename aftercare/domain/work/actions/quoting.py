"""The price told to the customer and his answer, as the order keeps them. The quote itself is a document of its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.domain.work import access as permissions
from aftercare.domain.work import facts
from aftercare.domain.work.actions.refusing import require_reason
from aftercare.domain.work.lifecycle import ORDER
from aftercare.domain.work.models import WorkOrder
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import revise
from aftercare.foundation.money import require_amount


@ORDER.move("request_quote")
def request_quote(
    order: WorkOrder, *, actor: Actor, at: dt.datetime, amount: Decimal | None = None, note: str = "", number: str = "",
    inspection: Decimal | None = None,
):
    """Tell the customer a price (CNY) before paid work goes on.

    `number` is that of the quote, `inspection` what he pays if he does not agree (CNY).
    """
    told = asked(amount, note, number, inspection, actor, at)
    revise(order, quote=told)
    return facts.QuoteAsked(order_id=order.pk, number=order.number, amount=told["amount"])


def asked(amount: Decimal | None, note: str, number: str, inspection: Decimal | None, actor: Actor, at: dt.datetime) -> dict:
    """What an order keeps of a price that was told."""
    if amount is not None:
        amount = require_amount(amount, field="amount")
    told = {"amount": "" if amount is None else str(amount), "note": note, "asked_at": at.isoformat(), "asked_by": actor.name}
    if number:
        told["number"] = number
    if inspection is not None:
        told["inspection"] = str(require_amount(inspection, field="inspection"))
    return told


@ORDER.move("accept_quote")
def accept_quote(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """The customer agrees; `reason` tells how (telephone, signature, page)."""
    return _answer_quote(order, actor, at, reason, agreed=True)


@ORDER.move("refuse_quote")
def refuse_quote(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """The customer does not agree: it goes back not repaired, with an inspection fee where one is due."""
    return _answer_quote(order, actor, at, reason, agreed=False)


def _answer_quote(order: WorkOrder, actor: Actor, at: dt.datetime, reason: str, *, agreed: bool):
    require_reason(reason)
    revise(order, quote=answered(order, agreed, reason, actor, at))
    return facts.QuoteAnswered(order_id=order.pk, number=order.number, agreed=agreed)


def answered(order: WorkOrder, agreed: bool, reason: str, actor: Actor, at: dt.datetime) -> dict:
    """What an order keeps of the customer's answer."""
    return {**order.quote, "agreed": agreed, "answer": reason, "answered_at": at.isoformat(), "answered_by": actor.name}


@ORDER.move("lapse_quote")
def lapse_quote(order: WorkOrder, *, actor: Actor, at: dt.datetime, reason: str):
    """The price told counts no more, e.g. its last day is over: the order goes back to whoever works on it."""
    require_reason(reason)
    revise(order, quote={**order.quote, "lapsed": reason})
    return facts.QuoteLapsed(order_id=order.pk, number=order.number, why=reason)


def stamp_quote(order: WorkOrder, quote: dict, *, actor: Actor, at: dt.datetime, note: str = "") -> WorkOrder:
    """Keep on the order what was told or answered, in whatever state it is: before work, or after it was done."""
    return revise(order, actor=actor, at=at, permission=permissions.QUOTE, verb="work.order.stamp_quote", because=note,
                  fact=facts.QuoteStamped(order_id=order.pk, number=order.number), quote=quote)
