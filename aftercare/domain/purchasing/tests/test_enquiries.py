"""Suppliers asked, compared and chosen."""

import datetime as dt

import pytest

from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.tests.supply import Supply
from aftercare.foundation.refusals import NotAllowed, Refusal

pytestmark = pytest.mark.django_db


def refused(code, call, *given, **named):
    with pytest.raises(Refusal) as caught:
        call(*given, **named)
    assert caught.value.code == code


def test_offers_are_compared_and_chosen_with_a_reason():
    supply = Supply()
    request = supply.approved((supply.a, 5, "200"), (supply.b, 10, "6"))
    lines = [{"part_id": row.part_id, "qty": row.qty, "request_line_id": row.pk} for row in queries.request_lines_of(request)]
    refused("supplier_missing", actions.create_enquiry, place=supply.depot, lines=lines, suppliers=[], **supply.act("buyer"))
    with pytest.raises(NotAllowed):
        actions.create_enquiry(place=supply.depot, lines=lines, suppliers=[supply.vendor], **supply.act("keeper"))
    enquiry = actions.create_enquiry(place=supply.depot, lines=lines, suppliers=[supply.vendor], **supply.act("buyer"))
    a, b = queries.enquiry_lines_of(enquiry)
    refused("not_found", actions.answer, enquiry, supplier=supply.rival, prices={a.pk: 1}, **supply.act("buyer"))
    enquiry = actions.ask(actions.ask(enquiry, supplier=supply.rival, **supply.act("buyer")), supplier=supply.rival, **supply.act("buyer"))
    refused("no_lines", actions.answer, enquiry, supplier=supply.rival, prices={a.pk: ""}, **supply.act("buyer"))
    refused("bad_price", actions.answer, enquiry, supplier=supply.rival, prices={a.pk: -1}, **supply.act("buyer"))
    actions.answer(enquiry, supplier=supply.vendor, prices={a.pk: "190", b.pk: "6"}, lead_days=9, **supply.act("buyer"))
    actions.answer(enquiry, supplier=supply.rival, prices={a.pk: "150"}, **supply.act("buyer"))
    enquiry = actions.answer(enquiry, supplier=supply.rival, prices={a.pk: "195"}, lead_days=2, valid_until=dt.date(2026, 3, 3), **supply.act("buyer"))
    offers, compared, totals = queries.compare(enquiry)
    assert [offer.supplier_id for offer in offers] == [supply.vendor.pk, supply.rival.pk]
    assert [[row and row.price_amount for row in one.offers] for one in compared] == [[190, 195], [6, None]]
    assert compared[0].cheapest.price_amount == 190 and totals == {offers[0].pk: 1010, offers[1].pk: 975}
    choices = {a.pk: supply.rival.pk, b.pk: supply.vendor.pk}
    refused("reason_needed", actions.choose, enquiry, choices=choices, reason=" ", **supply.act("buyer"))
    refused("nothing_chosen", actions.choose, enquiry, choices={}, reason="x", **supply.act("buyer"))
    refused("no_offer", actions.choose, enquiry, choices={b.pk: supply.rival.pk}, reason="x", **supply.act("buyer"))
    refused("offer_expired", actions.choose, enquiry, choices=choices, reason="x", **supply.act("buyer", 5))
    enquiry = actions.choose(enquiry, choices=choices, reason="压缩机急用，交期短", **supply.act("buyer"))
    first, second = enquiry.orders_made
    assert (first.supplier_id, first.net_amount, first.expected_on) == (supply.rival.pk, 975, dt.date(2026, 3, 4))
    assert (second.supplier_id, second.net_amount) == (supply.vendor.pk, 60)
    assert queries.get_request(request.pk, supply.buyer).status == "ordered"
    refused("wrong_state", actions.cancel_enquiry, enquiry, reason="x", **supply.act("buyer"))
    other = actions.create_enquiry(place=supply.depot, lines=[{"part_id": supply.a.pk, "qty": 1}], suppliers=[supply.vendor], **supply.act("buyer"))
    assert actions.cancel_enquiry(other, reason="不买了", **supply.act("buyer")).status == "cancelled"
