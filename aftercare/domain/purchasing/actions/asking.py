"""Price enquiries: several suppliers asked, their answers written down, one chosen for each part with a reason."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aftercare.domain.purchasing import access, facts
from aftercare.domain.purchasing.actions.ordering import create_order
from aftercare.domain.purchasing.actions.papers import opened, require_lines, require_price, require_reason
from aftercare.domain.purchasing.lifecycle import ENQUIRY
from aftercare.domain.purchasing.models import Enquiry, EnquiryLine, Offer, OfferLine
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.quantity import require_quantity
from aftercare.foundation.refusals import NotFound, RuleBroken


def create_enquiry(
    *, place, lines: Iterable[Mapping[str, Any]], suppliers: Iterable, actor: Actor, at: dt.datetime, answer_by: dt.date | None = None,
    remark: str = "",
) -> Enquiry:
    """Ask these suppliers for prices: lines of part_id, qty, and optionally the request_line_id they answer. One supplier is no comparison, yet allowed."""
    if not place.is_store or place.branch_id is None:
        raise RuleBroken(_("只能收到公司内部库位"), code="place_outside", field="place")
    lines, suppliers = require_lines(lines), list(suppliers)
    if not suppliers:
        raise RuleBroken(_("请选择询价的供应商"), code="supplier_missing", field="suppliers")
    with transaction.atomic():
        enquiry = Enquiry(**opened("XJ", actor, at), branch_id=place.branch_id, place=place, answer_by=answer_by, remark=remark[:500])
        open_new(enquiry, actor=actor, at=at, permission=access.ORDER, fact=lambda row: facts.PricesAsked(row.pk, row.number, len(suppliers)))
        for line in lines:
            EnquiryLine(enquiry=enquiry, part_id=line["part_id"], qty=require_quantity(line["qty"]),
                        request_line_id=line.get("request_line_id") or None).save(force_insert=True)
        for supplier in {one.pk: one for one in suppliers}.values():
            Offer(enquiry=enquiry, supplier=supplier).save(force_insert=True)
        return enquiry


@ENQUIRY.move("ask")
def ask(enquiry: Enquiry, *, actor: Actor, at: dt.datetime, supplier) -> facts.PricesAsked:
    """Ask one more supplier; who was asked already stays asked once."""
    if not Offer.objects.filter(enquiry=enquiry, supplier=supplier).exists():
        Offer(enquiry=enquiry, supplier=supplier).save(force_insert=True)
    return facts.PricesAsked(enquiry.pk, enquiry.number, Offer.objects.filter(enquiry=enquiry).count())


@ENQUIRY.move("answer")
def answer(
    enquiry: Enquiry, *, actor: Actor, at: dt.datetime, supplier, prices: Mapping[int, Any], lead_days: int | None = None,
    valid_until: dt.date | None = None, remark: str = "",
) -> facts.OfferReceived:
    """Write down what a supplier answered: prices by line id, his lead time and how long they hold. A later answer replaces it."""
    offer = Offer.objects.filter(enquiry=enquiry, supplier=supplier).first()
    if offer is None:
        raise NotFound(_("没有向这家供应商询价"), kind="purchasing.offer", field="supplier")
    known = set(EnquiryLine.objects.filter(enquiry=enquiry).values_list("pk", flat=True))
    if set(prices) - known:
        raise NotFound(_("没有找到这一行"), kind="purchasing.enquiryline")
    given = {pk: require_price(price) for pk, price in prices.items() if price not in (None, "")}
    if not given:
        raise RuleBroken(_("请至少填写一行报价"), code="no_lines", field="lines")
    OfferLine.objects.filter(offer=offer).delete()
    for pk, price in sorted(given.items()):
        OfferLine(offer=offer, line_id=pk, price_amount=price).save(force_insert=True)
    Offer.objects.filter(pk=offer.pk).update(answered_at=at, lead_days=lead_days, valid_until=valid_until, remark=remark[:200])
    return facts.OfferReceived(enquiry.pk, offer.supplier_id, len(given))


@ENQUIRY.move("choose")
def choose(
    enquiry: Enquiry, *, actor: Actor, at: dt.datetime, choices: Mapping[int, int], reason: str
) -> facts.OffersChosen:
    """Choose a supplier (by id) for each line, with a reason; a line left out is not bought.

    Draft orders at the offered prices are made, one for each supplier: they are `enquiry.orders_made`. Refuses an offer that is
    no longer valid (`offer_expired`) and a supplier who gave no price for the line (`no_offer`).
    """
    reason = require_reason(reason)
    if not choices:
        raise RuleBroken(_("请选择中标的供应商"), code="nothing_chosen", field="lines")
    day = clock.local_day(at, actor.zone)
    rows = OfferLine.objects.filter(offer__enquiry=enquiry).select_related("offer", "offer__supplier", "line")
    offered = {(row.line_id, row.offer.supplier_id): row for row in rows}
    groups: dict[int, list[OfferLine]] = defaultdict(list)
    for line_id, supplier_id in sorted(choices.items()):
        row = offered.get((line_id, supplier_id))
        if row is None:
            raise RuleBroken(_("这家供应商没有报这一行的价格"), code="no_offer", field="lines")
        if row.offer.valid_until is not None and row.offer.valid_until < day:
            raise RuleBroken(_("%(supplier)s 的报价已过期") % {"supplier": row.offer.supplier.name}, code="offer_expired", field="lines")
        groups[supplier_id].append(row)
    OfferLine.objects.filter(pk__in=[row.pk for ones in groups.values() for row in ones]).update(is_chosen=True)
    made = []
    for ones in groups.values():
        lead = ones[0].offer.lead_days
        made.append(create_order(
            supplier=ones[0].offer.supplier, place=enquiry.place, actor=actor, at=at, remark=enquiry.number,
            expected_on=None if lead is None else day + dt.timedelta(days=lead),
            lines=[{"part_id": row.line.part_id, "qty": row.line.qty, "price_amount": row.price_amount, "request_line_id": row.line.request_line_id}
                   for row in ones],
        ))
    revise(enquiry, decided_at=at, decided_by=actor.name[:80], reason=reason)
    enquiry.orders_made = made
    return facts.OffersChosen(enquiry.pk, reason, [order.number for order in made])


@ENQUIRY.move("cancel")
def cancel_enquiry(enquiry: Enquiry, *, actor: Actor, at: dt.datetime, reason: str) -> facts.EnquiryCancelled:
    """Nothing is bought on it."""
    return facts.EnquiryCancelled(enquiry.pk, require_reason(reason))
