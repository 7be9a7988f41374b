"""What stock was worth on past days: the moving averages as they stood then, to the last fraction."""

import datetime as dt
import random
from decimal import Decimal as D

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.inventory import queries
from aftercare.domain.inventory.models import Cost
from aftercare.domain.inventory.tests.stock import SYSTEM, Stock, order
from aftercare.foundation.refusals import RuleBroken

DAY = dt.date(2026, 3, 2)


def by(day: int) -> dict:
    return {"actor": SYSTEM, "at": dt.datetime.combine(DAY, dt.time(2), dt.UTC) + dt.timedelta(days=day)}


def kept() -> dict:
    return {(row.branch_id, row.part_id): (row.qty, row.value_amount) for row in Cost.objects.all() if row.qty or row.value_amount}


@pytest.mark.django_db
@pytest.mark.both
@pytest.mark.parametrize("seed", range(2))
def test_the_value_of_each_past_day_is_what_the_averages_were_that_evening(seed):
    stock, chance, evenings = Stock(), random.Random(seed), {}
    for day in range(9):
        for turn in range(4):
            part = chance.choice([stock.a, stock.b])
            try:
                match chance.randint(0, 3):
                    case 0:
                        cost = D(chance.randint(1, 99_999)) / 7000
                        inventory.receive(stock.depot, lines=[(part.pk, D(chance.randint(1, 7)), cost.quantize(D("0.000001")))], **by(day))
                    case 1:
                        inventory.consume(source=order(day * 10 + turn), lines=[("1", part.pk, D(chance.randint(1, 3)), stock.depot.pk)], **by(day))
                    case 2:
                        inventory.transfer(from_place=stock.depot, to_place=stock.other, lines=[(part.pk, D(chance.randint(1, 4)))], **by(day))
                    case _:
                        # Down to nothing: the last unit takes what is left.
                        inventory.count(stock.depot, lines=[(part.pk, D(0))], reason="x", **by(day))
            except RuleBroken:
                pass
        evenings[DAY + dt.timedelta(days=day)] = kept()
    assert queries.values_on(list(evenings), actor=SYSTEM) == evenings
    for day, found in queries.amounts_on(list(evenings), actor=SYSTEM).items():
        assert all(abs(amount - evenings[day].get(area, (0, 0))[1]) < D("0.001") for area, amount in found.items())
    last = max(evenings)
    assert queries.values_on([last], actor=SYSTEM, part_ids=[stock.a.pk])[last] == {k: v for k, v in evenings[last].items() if k[1] == stock.a.pk}
    assert queries.values_on([DAY - dt.timedelta(days=1)], actor=SYSTEM) == {DAY - dt.timedelta(days=1): {}}


@pytest.mark.django_db
def test_usage_by_place_and_when_a_part_was_used_last():
    stock = Stock()
    inventory.receive(stock.depot, lines=[(stock.a.pk, D(5), D(3)), (stock.b.pk, D(5), D(2))], **by(0))
    inventory.consume(source=order(1), lines=[("1", stock.a.pk, D(2), stock.depot.pk)], **by(3))
    inventory.consume(source=order(2), lines=[("1", stock.a.pk, D(1), stock.depot.pk)], **by(5))
    inventory.take_back(source=order(1), **by(6))
    until = DAY + dt.timedelta(days=9)
    assert queries.usage_by_place(SYSTEM, since=DAY, until=until) == {stock.depot.pk: D(3)}
    assert queries.last_usage() == {(stock.branch.pk, stock.a.pk): DAY + dt.timedelta(days=5)}
    assert queries.first_arrival([stock.b.pk]) == {(stock.branch.pk, stock.b.pk): DAY}
