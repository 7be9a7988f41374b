"""A customer's part order from the lack to the notice: the sale's page leads to the purchase, what comes is his."""

import re
from decimal import Decimal as D

import pytest
from django.apps import apps

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.journal import delivering
from aftercare.domain.orders import queries as sales
from aftercare.domain.people import actions as people
from aftercare.domain.purchasing import actions, queries
from aftercare.domain.purchasing.tests.supply import NOW, SYSTEM, Supply
from aftercare.flows import propose_supply, reactions, sell_parts
from aftercare.foundation.sources import Source
from aftercare.web.tests.office import PASSWORD, Office, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def supply(db):
    supply = Supply()
    for name in ("keeper", "manager"):
        people.create_account(supply.staff[name], password=PASSWORD, **NOW)
    supply.customer = apps.get_model("parties.Customer").objects.create(
        number="C1", name="李女士", name_key="李女士", branch=supply.head, created_at=NOW["at"])
    return supply


def react(at):
    """Do what follows, as the worker does."""
    while (delivery := delivering.claim(worker="t", at=at)) is not None:
        reactions.run(delivery.reaction, delivery.fact, at=at)
        delivering.finish(delivery, worker="t", at=at)


def ordered(supply, part, qty, **more):
    """A customer's order of parts that are not there."""
    sale = sell_parts.open_sale(place=supply.depot, kind="retail", customer_id=supply.customer.pk,
                                lines=[{"part": part.code, "qty": D(qty), "price_amount": D(300)}], **NOW)
    return sell_parts.place_order(sale, deposit=D(100), **NOW)


def words(response) -> str:
    """The text of a page."""
    return re.sub(r"<[^>]+>", " ", response.content.decode())


@pytest.mark.both
def test_what_a_customer_ordered_is_bought_promised_to_him_and_told(supply, client):
    sale = ordered(supply, supply.a, 2)
    lack, = stock.requests_of(Source.of(sale))
    asked, = propose_supply.request_shortages([lack], **supply.act("keeper"))
    page = f"/sales/{sale.number}/"
    manager = Office.sign_in(None, client, supply.staff["manager"])
    assert asked.number in words(manager.get(page)) and "草稿" in words(manager.get(page))
    actions.submit(asked, **supply.act("keeper"))
    actions.approve(asked, **supply.act("manager"))
    line, = queries.request_lines_of(asked)
    order = actions.create_order(supplier=supply.vendor, place=supply.depot, **supply.act("buyer"), lines=[
        {"part_id": supply.a.pk, "qty": D(2), "price_amount": D(200), "request_line_id": line.pk}])
    order = actions.send(order, **supply.act("manager"))
    assert order.number in words(manager.get(page)) and "未到货" in words(manager.get(page))
    assert order.number in words(manager.get(f"/part-requests/{lack.number}/"))
    receipt = supply.received(order, (queries.lines_of(order)[0], 2))
    react(NOW["at"])
    # Goods that nobody has judged are promised to nobody.
    assert stock.reservations_of(Source.of(sale)) == [] and sales.get_sale(sale.pk, SYSTEM).status == "ordered"
    actions.inspect(receipt, **supply.act("keeper", 1))
    # The worker serves who waits.
    react(supply.act("keeper", 2)["at"])
    assert [(one.part_id, one.qty) for one in stock.reservations_of(Source.of(sale))] == [(supply.a.pk, 2)]
    assert sales.get_sale(sale.pk, SYSTEM).status == "arrived" and stock.get_request(lack.pk, SYSTEM).status == "filled"
    shown = words(manager.get(page))
    assert "已到齐" in shown and "已到货" in shown
    assert manager.post(f"{page}moves/notify", {"channel": "phone", "outcome": "reached", "note": "下午来取", **key()}).status_code == 303
    assert "第 1 次" in words(manager.get(page)) and sale.number in words(manager.get("/notices/"))


def test_who_is_more_urgent_gets_what_comes_first_and_the_page_sets_it(supply, client):
    first, second = ordered(supply, supply.a, 1), ordered(supply, supply.a, 1)
    late, = stock.requests_of(Source.of(second))
    manager = Office.sign_in(None, client, supply.staff["manager"])
    page = f"/part-requests/{late.number}/"
    assert manager.post(f"{page}priority/", {"priority": "6", "version": late.version, **key()}).status_code == 303
    assert "紧急" in words(manager.get(page)) and "6" in words(manager.get("/part-requests/?sort=-priority"))
    # What a sale's customer was told is noted on the sale.
    assert manager.post(f"{page}tell/", {"about": "waiting_part", "channel": "phone", "outcome": "reached", **key()}).status_code == 422
    inventory.receive(supply.depot, lines=[(supply.a.pk, D(1), D(4))], **NOW)
    react(NOW["at"])
    assert [sales.get_sale(one.pk, SYSTEM).status for one in (first, second)] == ["ordered", "arrived"]
