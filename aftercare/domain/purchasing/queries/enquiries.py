"""Price enquiries, and their offers side by side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.purchasing.lifecycle import ENQUIRY
from aftercare.domain.purchasing.models import Enquiry, EnquiryLine, Offer, OfferLine
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound


@dataclass(frozen=True)
class Compared:
    """One part with the offers for it, in the order of the suppliers; the cheapest is told."""

    line: EnquiryLine
    offers: list[OfferLine | None]
    cheapest: OfferLine | None


def list_enquiries(actor: Actor) -> QuerySet[Enquiry]:
    """Enquiries the actor may see."""
    return visible(Enquiry, actor).select_related("place", "branch")


def get_enquiry(key: int | str, actor: Actor) -> Enquiry:
    """The enquiry of that id or number; refuses one that is not seen."""
    found = list_enquiries(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到询价单"), kind="purchasing.enquiry", key=str(key))
    return found


def enquiry_lines_of(enquiry: Enquiry) -> list[EnquiryLine]:
    """What is asked about."""
    return list(EnquiryLine.objects.filter(enquiry=enquiry).select_related("part", "request_line", "request_line__request").order_by("id"))


def offers_of(enquiry: Enquiry) -> list[Offer]:
    """Who was asked, in the order of asking."""
    return list(Offer.objects.filter(enquiry=enquiry).select_related("supplier").order_by("id"))


def compare(enquiry: Enquiry) -> tuple[list[Offer], list[Compared], dict[int, Decimal]]:
    """Suppliers, the parts with their offers side by side, and what each supplier's offer is in all (without tax). Three statements."""
    offers = offers_of(enquiry)
    rows = {(row.line_id, row.offer_id): row for row in OfferLine.objects.filter(offer__enquiry=enquiry).select_related("offer")}
    lines, totals = [], {offer.pk: Decimal(0) for offer in offers}
    for line in enquiry_lines_of(enquiry):
        found = [rows.get((line.pk, offer.pk)) for offer in offers]
        for row in found:
            if row is not None:
                totals[row.offer_id] += row.price_amount * line.qty
        lines.append(Compared(line, found, min((row for row in found if row), key=lambda row: row.price_amount, default=None)))
    return offers, lines, totals


def open_enquiry_moves(enquiry: Enquiry, actor: Actor) -> list:
    """The moves the actor may make now."""
    return ENQUIRY.open_moves(enquiry, actor)


def search_enquiries(rows: QuerySet[Enquiry], text: str) -> QuerySet[Enquiry]:
    """Enquiries by number, part or supplier."""
    lines = EnquiryLine.objects.filter(Q(part__code__iexact=text) | Q(part__name__icontains=text)).values("enquiry_id")
    asked = Offer.objects.filter(supplier__name__icontains=text).values("enquiry_id")
    return rows.filter(Q(number__istartswith=text) | Q(pk__in=lines) | Q(pk__in=asked))
