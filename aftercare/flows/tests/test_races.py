"""Many at once: one winner, told to the others, and nothing left half done."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries as stock
from aftercare.domain.quotes import queries as quoted
from aftercare.domain.work import queries as orders
from aftercare.domain.work.models import WorkOrder
from aftercare.domain.work.tests.company import AT, everything, hours
from aftercare.flows import dispatch_order, moves, quoting, register_request, repair_bench, scan_jobs
from aftercare.flows.scan_loop import require_whole
from aftercare.flows.scan_state import Pick, State
from aftercare.foundation.refusals import Refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
CLIENTS = 8


def race(function, items) -> list[str]:
    """What became of each call made at the same time: "won" or the refusal's code."""

    def run(item):
        try:
            function(item)
            return "won"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, items))


@pytest.fixture
def open_orders(company, boss):
    def make(count, **values):
        return [
            register_request.register(
                branch_id=company.branch.pk, customer=company.customer, product=company.product, title="不制冷", with_contact=False,
                actor=boss, at=AT, **values).order
            for _ in range(count)
        ]

    return make


def test_the_last_parts_are_confirmed_once_each(company, boss, open_orders):
    waiting = open_orders(CLIENTS, mode="bench", lines=[{"part": "P-1", "qty": 2}])
    told = race(lambda order: repair_bench.confirm(order, engineer=company.zhao, actor=boss, at=hours(1)), waiting)
    # Five in stock: two orders get two each, the others stay as they were.
    assert sorted(told) == ["short_stock"] * (CLIENTS - 2) + ["won"] * 2
    assert WorkOrder.objects.filter(status="pending").count() == CLIENTS - 2
    assert stock.available([company.part.pk], [company.depot.pk])[company.part.pk, company.depot.pk] == Decimal(1)
    assert orders.compare_figures() == []


def test_one_order_is_taken_by_one(company, open_orders):
    (order,) = open_orders(1)
    takers = [everything(company.wang), everything(company.zhao)] * (CLIENTS // 2)
    told = race(lambda actor: moves.make(order, "take", actor=actor, at=hours(1)), takers)
    assert told.count("won") == 1 and set(told) == {"won", "wrong_state"}
    assert WorkOrder.objects.get(pk=order.pk).visit_count == 1 and orders.compare_figures() == []


def test_an_engineer_is_promised_once_at_a_time(company, boss, open_orders):
    waiting = open_orders(CLIENTS)
    told = race(
        lambda order: dispatch_order.assign(order, engineer=company.wang, planned_at=hours(3), actor=boss, at=hours(1)), waiting)
    assert told.count("won") == 1 and set(told) == {"won", "overlap"}


def test_of_answers_at_once_one_counts(company, boss, open_orders):
    (order,) = open_orders(1, lines=[{"part": "P-1", "qty": 1, "price_amount": Decimal(50)}])
    quote = quoting.propose(order, actor=boss, at=hours(1))
    told = race(lambda agreed: quoting.answer(quote, agreed=agreed, channel="counter", name="张三", actor=boss, at=hours(2)),
                [True, False] * (CLIENTS // 2))
    assert told.count("won") == 1 and set(told) == {"won", "wrong_state"}
    kept = quoted.consent_of(quote)
    assert kept.agreed == (quoted.get_quote(quote.pk, boss).status == "accepted")

    # The control: who reads, decides and then writes believes that he has won, as often as there are clients.
    (order,) = open_orders(1, lines=[{"part": "P-1", "qty": 1, "price_amount": Decimal(50)}])
    quote, all_have_read, believed = quoting.propose(order, actor=boss, at=hours(1)), Barrier(CLIENTS), []

    def naively(agreed):
        is_open = quoted.get_quote(quote.pk, boss).status == "sent"
        all_have_read.wait(timeout=30)
        if is_open:
            believed.append(agreed)

    race(naively, [True, False] * (CLIENTS // 2))
    assert len(believed) > 1


def test_what_two_keepers_scan_at_once_is_put_away_once(company, boss):
    spot = inventory.create_place(code="A-01", name="一号", kind="bin", branch_id=None, parent=company.depot, actor=boss, at=AT)
    job = scan_jobs.make("put-away", company.depot.code, actor=boss, at=hours(1))
    pick = State(picks=(Pick(job.wants[0].key, company.part.pk, Decimal(5), place=spot.pk),))
    told = race(lambda _n: scan_jobs.finish("put-away", company.depot.code, pick, actor=boss, at=hours(1)), range(CLIENTS))
    # Who comes later finds the goods gone, before or while he books.
    assert told.count("won") == 1 and set(told) <= {"won", "scan_stale", "short_stock", "more_than_wanted"}
    assert (stock.on_hand(company.part.pk, spot.pk), stock.on_hand(company.part.pk, company.depot.pk)) == (5, 5)

    # The control: the job alone, read before anybody books, lets all of them believe that the goods are theirs.
    inventory.transfer(from_place=spot, to_place=company.depot, lines=[(company.part.pk, Decimal(5))], actor=boss, at=hours(2))
    all_have_read, believed = Barrier(CLIENTS), []

    def naively(_n):
        again = scan_jobs.make("put-away", company.depot.code, actor=boss, at=hours(3))
        all_have_read.wait(timeout=30)
        require_whole(again, pick)
        believed.append(1)

    race(naively, range(CLIENTS))
    assert len(believed) > 1
