"""What suppliers promised and what they did, as plain rows for reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from aftercare.domain.purchasing.lifecycle import OrderStatus, ReceiptStatus
from aftercare.domain.purchasing.models import Order, OrderLine, Receipt, ReceiptLine
from aftercare.foundation import quantity
from aftercare.foundation.access import Actor, visible


class Promise(NamedTuple):
    """An order that was due: when it should have been complete, when it was, and whether it ever was."""

    supplier_id: int
    expected_on: dt.date
    full_on: dt.date | None
    is_full: bool


class Paid(NamedTuple):
    """A price that was ordered, in CNY per unit, oldest first."""

    supplier_id: int
    part_id: int
    price: Decimal
    qty: Decimal


def _placed(actor: Actor) -> QuerySet[Order]:
    return visible(Order, actor).filter(status__in=[OrderStatus.SENT, OrderStatus.CLOSED])


def promises(actor: Actor, *, since: dt.date, until: dt.date) -> list[Promise]:
    """Orders that were due on these days. One statement."""
    rows = _placed(actor).filter(expected_on__gte=since, expected_on__lte=until).values_list("supplier_id", "expected_on", "full_on", "arrival")
    return [Promise(supplier, expected, full, arrival == Order.Arrival.FULL) for supplier, expected, full, arrival in rows]


def judged(actor: Actor, *, since: dt.datetime, until: dt.datetime) -> dict[int, tuple[Decimal, Decimal]]:
    """What was inspected between these moments, by supplier: (came, rejected). One statement."""
    receipts = visible(Receipt, actor).filter(status=ReceiptStatus.JUDGED, judged_at__gte=since, judged_at__lt=until)
    rows = ReceiptLine.objects.filter(receipt__in=receipts).order_by().values_list("receipt__supplier_id")
    sums = rows.annotate(came=quantity.summed("qty"), bad=quantity.summed("rejected_qty"))
    return {supplier: (came, bad) for supplier, came, bad in sums}


def paid(actor: Actor, *, since: dt.datetime, until: dt.datetime) -> list[Paid]:
    """What was ordered between these moments at which price, oldest first. One statement."""
    rows = OrderLine.objects.filter(order__in=_placed(actor).filter(sent_at__gte=since, sent_at__lt=until)).order_by("order__sent_at", "id")
    columns = rows.values_list("order__supplier_id", "part_id", "price_amount", "order__exchange_rate", "qty")
    return [Paid(supplier, part, price * rate, qty) for supplier, part, price, rate, qty in columns]
