"""When a customer is to be told something of his order, and when no longer: repaired, part come, waiting for a part, late, a price.

What he is to be told follows from the documents: their facts open and end duties (`orders.Duty`), a round every quarter of an
hour adds what only time brings, and mends what was missed. Who told him by which way is written down as a notice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.cases import queries as contacts
from aftercare.domain.journal import queries as journal
from aftercare.domain.orders import actions as sales
from aftercare.domain.orders import queries as sold
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.foundation import clock, wording
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.sources import Source

ORDER, SALE, CONTACT = "work.workorder", "orders.sale", "cases.contact"
# The state of an order -> what its customer is to be told of it.
BY_STATE = {"repaired": "repaired", "waiting_part": "waiting_part", "quoting": "quote"}
ENTERS = {"RepairFinished": "repaired", "WorkPaused": "waiting_part", "QuoteAsked": "quote"}
# A visit that is completed is left to the round: it ends a duty only where the order was late.
FACTS_OF_ORDERS = (
    *ENTERS, "PartsArrived", "WorkResumed", "QuoteAnswered", "QuoteLapsed", "OrderHandedOver", "OrderSentBack", "OrderCancelled",
)  # fmt: skip
FACTS_OF_SALES = ("SaleArrived", "SaleHandedOut", "SaleCancelled")
# What was due longer ago than this when the product first looks is history.
OLDEST = dt.timedelta(days=30)


def find_paper(kind: str, number: str, actor: Actor) -> Any:
    """The document of that kind and number, if he sees it."""
    rows = {ORDER: orders.list_orders, SALE: sold.list_sales, CONTACT: contacts.list_contacts}[kind](actor)
    paper = rows.filter(number=number).first()
    if paper is None:
        raise NotFound(_("没有找到 %(number)s") % {"number": number}, kind=kind, field="source_number")
    return paper


def party_of(paper: Any) -> sales.Party:
    """Whom a document concerns."""
    employee = getattr(paper, "handler_id", None) if paper.kind == CONTACT else getattr(paper, "engineer_id", None)
    return sales.Party(paper.branch_id, paper.customer_id, employee, getattr(paper, "outlet_id", None))


def tell(paper: Any, *, about: str, channel: str, outcome: str = "reached", told_to: str = "", note: str = "", actor: Actor, at: dt.datetime):
    """Note that the customer of a document was told of it, or could not be reached. Gives back the notice."""
    return sales.tell_customer(
        source=Source.of(paper), about=about, channel=channel, party=party_of(paper), outcome=outcome, told_to=told_to, note=note,
        actor=actor, at=at)


def follow_order(fact: Any, *, at: dt.datetime) -> None:
    """Something happened to an order: open what its customer is to be told, end what is no longer so."""
    if fact.kind != ORDER:
        return
    order = orders.get_order(fact.object_id, Actor.system("reactions"), joined=False)
    fits = _fits(order, at)
    about, because = ENTERS.get(fact.name), str(fact.data.get("reason") or "")
    if fact.name == "PartsArrived" and fact.data["ready"] and order.status == "waiting_part":
        about, because = "part_arrived", ""
    if "part_arrived" in fits and (about == "part_arrived" or _is_due(order, "part_arrived")):
        fits.discard("waiting_part")  # the newer news says both
    sales.end_duties(Source.of(order), but=fits, at=fact.at)
    if about in fits:
        sales.open_duty(Source.of(order), about, party_of(order), since=fact.at, because=because or _told_price(about, fact))


def _told_price(about: str | None, fact: Any) -> str:
    if about != "quote" or not fact.data.get("amount"):
        return ""
    return wording.stored(lambda: _("报价 ¥%(amount)s") % {"amount": fact.data["amount"]})


def _is_due(order: Any, about: str) -> bool:
    return any(one.about == about for one in sold.duties_of(Source.of(order)))


def _fits(order: Any, at: dt.datetime) -> set[str]:
    """What there could be to tell of an order as it stands."""
    fits = {BY_STATE[order.status]} if order.status in BY_STATE else set()
    if order.status == "waiting_part":
        fits.add("part_arrived")
    if order.status in orders.RUNNING and order.due_at is not None and order.due_at < at:
        fits.add("delay")
    return fits


def follow_sale(fact: Any, *, at: dt.datetime) -> None:
    """The parts that a customer ordered have come; or they were handed out or given up."""
    if fact.kind != SALE:
        return
    sale = sold.get_sale(fact.object_id, Actor.system("reactions"))
    has_come = sale.status == "arrived"
    sales.end_duties(Source.of(sale), but=("part_arrived",) if has_come else (), at=fact.at)
    if has_come and fact.name == "SaleArrived":
        sales.open_duty(Source.of(sale), "part_arrived", party_of(sale), since=fact.at)


def run_round(*, at: dt.datetime) -> None:
    """Every quarter of an hour: what is late by now is to be told; what is told no longer fits is ended; what was missed is opened."""
    _end_what_is_over(at)
    _open_states(at)
    late = orders.list_orders(Actor.system("worker")).filter(due_key__gte=at - OLDEST, due_key__lt=at).order_by("pk")
    for chunk in _chunks(late):
        known = sold.duties_since(ORDER, "delay", [order.pk for order in chunk])
        for order in chunk:
            if (order.pk, order.due_at) not in known:
                sales.open_duty(Source.of(order), "delay", party_of(order), since=order.due_at)
    for sale in sold.sales_late(clock.local_day(at, "UTC")).order_by("pk")[:500]:
        since = clock.day_bounds(sale.wanted_on, people.zone_of(sale.branch_id))[1]
        if since <= at and at - since < OLDEST:
            sales.open_duty(Source.of(sale), "delay", party_of(sale), since=since)


def _end_what_is_over(at: dt.datetime) -> None:
    after, actor = 0, Actor.system("worker")
    while rows := sold.open_duties(ORDER, after):
        found = orders.get_orders([row.source_id for row in rows], actor)
        for row in rows:
            order = found.get(row.source_id)
            fits = _fits(order, at) if order is not None else set()
            if row.about not in fits:
                sales.end_duties(Source(ORDER, row.source_id, row.source_number), but=fits, at=at)
        after = rows[-1].pk


def _open_states(at: dt.datetime) -> None:
    """Orders that came into their state before the product knew of duties."""
    waiting = orders.list_orders(Actor.system("worker")).filter(status__in=sorted(BY_STATE)).order_by("pk")
    for chunk in _chunks(waiting):
        ever = sold.ever_due(ORDER, [order.pk for order in chunk])
        missed = [order for order in chunk if (order.pk, BY_STATE[order.status]) not in ever]
        entered = {fact.object_id: fact for fact in journal.find_facts(ORDER, [order.pk for order in missed], ENTERS)}
        for order in missed:
            fact = entered.get(order.pk)
            because = str(fact.data.get("reason") or "") if fact else ""
            sales.open_duty(Source.of(order), BY_STATE[order.status], party_of(order), since=fact.at if fact else at, because=because)


def _chunks(rows: Any, size: int = 500):
    after = 0
    while chunk := list(rows.filter(pk__gt=after)[:size]):
        yield chunk
        after = chunk[-1].pk
