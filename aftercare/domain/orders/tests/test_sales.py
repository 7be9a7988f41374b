"""Sales: what is refused, and notices that count."""

from decimal import Decimal as D

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from aftercare.domain.inventory.tests.stock import NOW, Stock
from aftercare.domain.orders import actions as orders
from aftercare.domain.orders import queries
from aftercare.foundation.refusals import RuleBroken, WrongState
from aftercare.foundation.sources import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock(db):
    return Stock()


def sale(stock, **given):
    told = {"kind": "retail", "branch_id": stock.branch.pk, "place_id": stock.depot.pk, "place_name": "库",
            "lines": [{"part_id": stock.a.pk, "qty": D(3), "price_amount": D("9.99")}]}
    return orders.open_sale(**{**told, **given}, **NOW)


def test_a_sale_is_for_somebody_and_has_lines(stock):
    assert sale(stock).amount == D("29.97")
    for given, code in (({"kind": "gift"}, "no_such_kind"), ({"kind": "dealer"}, "party_needed"), ({"lines": []}, "no_lines"),
                        ({"kind": "engineer"}, "party_needed")):
        with pytest.raises(RuleBroken) as refused:
            sale(stock, **given)
        assert refused.value.code == code
    one = orders.rewrite(sale(stock), lines=[{"part_id": stock.b.pk, "qty": D(1), "price_amount": D(2)}], memo="改", **NOW)
    assert (one.amount, one.memo) == (D(2), "改")
    with pytest.raises(RuleBroken) as refused:
        orders.place_order(one, **NOW)
    assert refused.value.code == "party_needed"
    with pytest.raises(RuleBroken):
        orders.place_order(sale(stock, kind="engineer", engineer_id=stock.engineer.pk), **NOW)
    with pytest.raises(RuleBroken):
        orders.cancel(one, reason=" ", **NOW)
    assert orders.cancel(one, reason="不要了", **NOW).status == "cancelled"


def test_no_more_comes_back_than_was_sold(stock):
    one = orders.hand_out(sale(stock), **NOW)
    line, = queries.lines_of(one)
    one = orders.take_back(one, lines={line.pk: D(2)}, reason="多买", **NOW)
    assert one.amount == D("9.99")
    for lines, reason, code in (({line.pk: D(2)}, "x", "more_than_sold"), ({line.pk: D(1)}, "", "reason_needed"), ({}, "x", "no_lines"),
                                ({line.pk + 9: D(1)}, "x", "more_than_sold")):
        with pytest.raises(RuleBroken) as refused:
            orders.take_back(one, lines=lines, reason=reason, **NOW)
        assert refused.value.code == code
    with pytest.raises(WrongState):
        orders.rewrite(one, memo="x", **NOW)


@pytest.mark.both
def test_notices_count_and_stay(stock):
    customer = apps.get_model("parties.Customer").objects.create(number="C1", name="李", name_key="李", branch=stock.branch, created_at=NOW["at"])
    one = orders.arrive(orders.place_order(sale(stock, customer_id=customer.pk), **NOW), **NOW)
    orders.notify(one, channel="phone", **NOW)
    orders.notify(one, channel="sms", note="未接", **NOW)
    source, party = Source.of(one), orders.Party(stock.branch.pk)
    orders.tell_customer(source=source, about="delay", channel="wechat", party=party, **NOW)
    assert [(n.about, n.channel, n.count) for n in queries.notices_of(source)] == [
        ("delay", "wechat", 1), ("part_arrived", "sms", 2), ("part_arrived", "phone", 1)]
    for told, code in (({"about": "x", "channel": "sms"}, "no_such_notice"), ({"about": "delay", "channel": "x"}, "no_such_channel")):
        with pytest.raises(RuleBroken) as refused:
            orders.tell_customer(source=source, party=party, **told, **NOW)
        assert refused.value.code == code
    with pytest.raises(DatabaseError), transaction.atomic():
        apps.get_model("orders.Notice").objects.update(note="x")
