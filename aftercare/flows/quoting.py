"""From the precheck to the repair: a quote made of what is foreseen, told, answered; and the order moved along with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from aftercare.domain.billing import queries as bills
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.quotes import actions as quotes
from aftercare.domain.quotes import queries as quoted
from aftercare.domain.work import actions as work
from aftercare.domain.work import queries as orders
from aftercare.flows import charging, finish_visit, lending
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.money import ZERO
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source
from aftercare.foundation.transactions import whole

ORDER_KIND = "work.workorder"
# After the audit the money is final: who wants another price reverses it first.
_TOO_LATE = {"audited", "settled", "closed", "cancelled"}
_FINISHED = {"done", "inspected", "repaired"}


def preview(order, *, on: dt.date) -> list[quotes.Line]:
    """The lines a quote would have now: what is foreseen, or for finished work what was charged."""
    source = Source.of(order)
    if order.status in _FINISHED and bills.find_bill(source) is not None:
        charged = [
            (c.base_line, c.kind_of, c.name, c.qty, c.price_amount, c.amount, c.payer, c.net_amount)
            for c in bills.charges_of(source)
        ]
    else:
        # What he did not agree to before is asked anew: the whole repair, not the look alone.
        asked = _without_answer(order)
        charged = [
            (p.base, p.kind, p.name, p.qty, p.price, p.amount, p.payer, p.amount - p.waived)
            for p in charging.foresee(asked, on=on)
        ]
    lines: dict[str, quotes.Line] = {}
    for base, kind, name, qty, price, amount, payer, net in charged:
        own = net if payer == "customer" else ZERO
        known = lines.get(base)
        if known is None:
            lines[base] = quotes.Line(kind, name, qty, price, amount, own, payer)
        else:
            lines[base] = known._replace(amount=known.amount + amount, customer_amount=known.customer_amount + own)
    return [line for line in lines.values() if line.amount]


def _without_answer(order):
    order.quote = {key: value for key, value in order.quote.items() if key != "agreed"}
    return order


def inspection_fee(order, *, on: dt.date) -> Decimal:
    """What is due when the customer does not agree: by the rules for quotes, else by the fee schedule, else nothing."""
    ruled = quoted.rules_at(order.branch_id).inspection
    return ruled if ruled is not None else charging.inspection_price(order, on=on) or ZERO


@whole()
def propose(
    order, *, inspection_amount: Decimal | None = None, lump_amount: Decimal | None = None, valid_days: int | None = None,
    tax_note: str | None = None, note: str = "", version: int | None = None, actor: Actor, at: dt.datetime,
):
    """Make a quote of the order as it stands and tell it to the customer; gives back the quote.

    An earlier quote is superseded: what was agreed by it counts no more. `lump_amount` (CNY) asks for one sum instead of
    lines. An order at work waits for the answer (待报价确认). Refuses after the audit, and where nothing is to be paid.
    """
    if order.status in _TOO_LATE:
        raise WrongState(_("已审核或取消的服务单不能再报价"), state=order.status, move="propose")
    on = clock.local_day(at, actor.zone)
    limits = quoted.rules_at(order.branch_id)
    lines = preview(order, on=on)
    if lump_amount is not None:
        name = wording.stored(lambda: _("维修一口价"))
        lines = [quotes.Line("other", name, Decimal(1), lump_amount, lump_amount, lump_amount)]
    fee = inspection_fee(order, on=on) if inspection_amount is None else inspection_amount
    lender = lending.for_quote(order, actor)
    quote = quotes.make(
        Source.of(order), branch_id=order.branch_id, outlet_id=order.outlet_id, customer_id=order.customer_id,
        employee_id=order.engineer_id, lines=lines, subject=order.title, unit=_unit(order), service_class=order.service_class,
        inspection_amount=fee, is_lump=lump_amount is not None, valid_days=limits.valid_days if valid_days is None else valid_days,
        tax_note=limits.tax_note if tax_note is None else tax_note, note=note, actor=lender, at=at,
    )
    quote = quotes.send(quote, actor=lender, at=at)
    told = {"amount": quote.total_amount, "note": note, "number": quote.number, "inspection": fee}
    insider = lending.trusted(actor)
    if order.status == "working":
        work.request_quote(order, **told, version=version, actor=insider, at=at)
    else:
        work.stamp_quote(order, work.asked(**told, actor=actor, at=at), actor=insider, at=at)
    return quote


def _unit(order) -> str:
    product = order.product.name if order.product_id else ""
    return " ".join(filter(None, (product, order.asset.serial if order.asset_id else "")))


@whole()
def answer(
    quote, *, agreed: bool, channel: str, name: str, reason: str = "", evidence: Mapping | None = None,
    picture: bytes | None = None, version: int | None = None, actor: Actor, at: dt.datetime,
):
    """Keep the customer's answer and go on: repair, or give the thing back. Gives back the quote.

    Not agreed: every promised part goes free, a thing on the bench waits for its owner not repaired, and nothing but the
    inspection fee is charged. Of two answers at once one counts (`wrong_state` for the other).
    """
    order = order_of(quote)
    lender = lending.for_quote(order, actor) if order is not None else actor
    if agreed:
        quote = quotes.accept(quote, channel=channel, name=name, evidence=evidence, picture=picture, version=version,
                              actor=lender, at=at)
    else:
        quote = quotes.refuse(quote, channel=channel, name=name, reason=reason, evidence=evidence, version=version,
                              actor=lender, at=at)
    if order is not None:
        _tell_order(order, quote, agreed, " · ".join(filter(None, (_channel(channel), name.strip(), reason.strip()))), actor, at)
    return quote


def _channel(code: str) -> str:
    return str(dict(quoted.CHANNELS)[code])


def order_of(quote):
    """The order that the quote is for, whoever asks; None for another kind of document."""
    if quote.source_kind != ORDER_KIND:
        return None
    return orders.get_order(quote.source_id, Actor.system("quotes"))


def _tell_order(order, quote, agreed: bool, said: str, actor: Actor, at: dt.datetime) -> None:
    insider = lending.trusted(actor)
    if order.status == "quoting":
        order = (work.accept_quote if agreed else work.refuse_quote)(order, reason=said, actor=insider, at=at)
    else:
        order = work.stamp_quote(order, work.answered(order, agreed, said, actor, at), actor=insider, at=at, note=said)
    if agreed:
        return
    free_parts(order, actor=insider, at=at)
    if order.status == "working" and order.mode in ("bench", "outside"):
        findings = wording.stored(lambda: _("客户不同意报价，退回未修"))
        finish_visit.repair(order, findings=findings, minutes=0, result="unrepaired", actor=insider, at=at)


def free_parts(order, *, actor: Actor, at: dt.datetime) -> None:
    """Let go every part promised or asked for, the order's lines with them."""
    source = Source.of(order)
    inventory.release(source=source, actor=actor, at=at)
    inventory.cancel_requests(source=source, actor=actor, at=at)
    rows = [row for row in orders.materials_of(order) if row.reserved_qty]
    for row in rows:
        row.reserved_qty = ZERO
    work.note_stock(rows)


@whole()
def withdraw(quote, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """The quote counts no more, and its link opens nothing; a waiting order goes back to work. Gives back the quote."""
    order = order_of(quote)
    lender = lending.for_quote(order, actor) if order is not None else actor
    quote = quotes.supersede(quote, reason=reason, version=version, actor=lender, at=at)
    if order is not None and order.status == "quoting":
        work.lapse_quote(order, reason=reason, actor=lending.trusted(actor), at=at)
    return quote


def end_with(order, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """The order was cancelled: nobody may answer its quote any more."""
    quote = quoted.current_of(Source.of(order))
    if quote is not None:
        quotes.supersede(quote, reason=reason or wording.stored(lambda: _("服务单已取消")), actor=lending.trusted(actor), at=at)


def expire_due(*, at: dt.datetime) -> int:
    """End every quote whose last day is over, each on its own; gives back how many. For the worker, safe to repeat."""
    ended = 0
    for quote in quoted.list_overdue(at):
        try:
            expire(quote, actor=Actor.system("worker"), at=at)
            ended += 1
        except WrongState:  # answered in this very moment
            continue
    return ended


@whole()
def expire(quote, *, version: int | None = None, actor: Actor, at: dt.datetime):
    """End a quote whose last day is over, and let its order go on. Gives back the quote; refuses one that still holds."""
    order = order_of(quote)
    lender = lending.for_quote(order, actor) if order is not None else actor
    quote = quotes.expire(quote, version=version, actor=lender, at=at)
    if order is not None and order.status == "quoting":
        reason = wording.stored(lambda: _("报价到期，客户没有答复"))
        work.lapse_quote(order, reason=reason, actor=lending.trusted(actor), at=at)
    return quote


# --- the order's own buttons ----------------------------------------------------------------------------------------


def ask_by_move(order, *, amount: Decimal | None = None, note: str = "", version: int | None = None, actor: Actor, at: dt.datetime):
    """The order's move 报价: a quote of what is foreseen, or of one sum where another amount is named. Gives back the order."""
    planned = sum((line.customer_amount for line in preview(order, on=clock.local_day(at, actor.zone))), ZERO)
    lump = Decimal(amount) if amount is not None and Decimal(amount) != planned else None
    propose(order, lump_amount=lump, note=note, version=version, actor=actor, at=at)
    return orders.get_order(order.pk, lending.trusted(actor))


def accept_by_move(order, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """The order's move 客户同意报价, told at the counter; `reason` says how he agreed. Gives back the order."""
    return _answer_by_move(order, True, reason, version, actor, at)


def refuse_by_move(order, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """The order's move 客户不同意报价. Gives back the order."""
    return _answer_by_move(order, False, reason, version, actor, at)


def lapse_by_move(order, *, reason: str, version: int | None = None, actor: Actor, at: dt.datetime):
    """The order's move 撤回报价: its quote counts no more and work goes on. Gives back the order."""
    quote = quoted.current_of(Source.of(order))
    if quote is None or quote.status != "sent" or version not in (None, order.version):
        return work.lapse_quote(order, reason=reason, version=version, actor=actor, at=at)
    withdraw(quote, reason=reason, actor=actor, at=at)
    return orders.get_order(order.pk, lending.trusted(actor))


def _answer_by_move(order, agreed: bool, reason: str, version: int | None, actor: Actor, at: dt.datetime):
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing", field="reason")
    quote = quoted.current_of(Source.of(order))
    if quote is None or quote.status != "sent":
        # Told before quotes were documents of their own.
        make = work.accept_quote if agreed else work.refuse_quote
        return make(order, reason=reason, version=version, actor=actor, at=at)
    if version is not None and order.version != version:
        return (work.accept_quote if agreed else work.refuse_quote)(order, reason=reason, version=version, actor=actor, at=at)
    name = order.contact_name or wording.stored(lambda: _("客户"))
    answer(quote, agreed=agreed, channel="counter", name=name, reason="" if agreed else reason, evidence={"note": reason},
           actor=actor, at=at)
    return orders.get_order(order.pk, lending.trusted(actor))
