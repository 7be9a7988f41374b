"""Proofs about service contracts, for `aftercare prove entitlement`: visit days, instalments, quotas, their races.

Each takes `short` and gives back its figures, or fails an assertion. The races need a database that is set up; each
has a control without the guard, which must fail.
"""

from __future__ import annotations

import calendar
import datetime as dt
import random
import threading
from decimal import Decimal

_DAY = dt.timedelta(days=1)
SEED = 20260101


def visit_days(short: bool) -> str:
    """The days of visits are those that a walker over every day finds, and stay within the contract."""
    from aftercare.domain.entitlement.rules import visits

    chance, rounds = random.Random(SEED), 60 if short else 2000
    wrong = days = 0
    for _round in range(rounds):
        first = dt.date(2024, 1, 1) + _DAY * chance.randrange(1200)
        plan = visits.VisitPlan(
            first + _DAY * chance.randrange(60), chance.randint(1, 7), chance.choice(visits.UNITS), chance.choice([0, 1, 28, 29, 30, 31]),
            chance.choice(visits.HOLIDAY_POLICIES))
        last = first + _DAY * chance.randrange(1, 800)
        off = {first + _DAY * chance.randrange(800) for _n in range(30)}
        found = visits.calculate_days(plan, first, last, lambda day, off=off: day.weekday() < 6 and day not in off)
        wrong += [one.period_on for one in found] != _walk(plan, first, last)
        wrong += not all(first <= one.visit_on <= last for one in found)
        days += len(found)
    assert not wrong, f"{wrong} of {rounds} plans"
    return f"{rounds} plans, {days} visits, none wrong"


def _walk(plan, first: dt.date, last: dt.date) -> list[dt.date]:
    found, day = [], first
    while day <= last:
        if day >= plan.first_on and _is_named(plan, day):
            found.append(day)
        day += _DAY
    return found


def _is_named(plan, day: dt.date) -> bool:
    if plan.unit == "week":
        return (day - plan.first_on).days % (7 * plan.every) == 0
    apart = (day.year - plan.first_on.year) * 12 + day.month - plan.first_on.month
    longest = calendar.monthrange(day.year, day.month)[1]
    return apart % plan.every == 0 and day.day == min(plan.month_day or plan.first_on.day, longest)


def instalment_sums(short: bool) -> str:
    """Instalments sum to the price, and after an early end to what is earned, to the cent."""
    from aftercare.domain.entitlement.rules import instalments

    chance, rounds, wrong = random.Random(SEED), 2000 if short else 200_000, 0
    for _round in range(rounds):
        price, count = Decimal(chance.randint(1000, 99_999_999)) / 100, chance.randint(1, 36)
        amounts = [share.amount for share in instalments.split_price(price, count, dt.date(2026, 1, 31), 1)]
        agreed, served = chance.randint(1, 800), chance.randint(0, 800)
        earned = instalments.earned_amount(price, agreed, served)
        wrong += sum(amounts) != price or sum(instalments.cut_to(amounts, earned)) != earned
    assert not wrong, f"{wrong} of {rounds} prices"
    return f"{rounds} prices, none off by a cent"


def quota_floor(short: bool) -> str:
    """A quota never goes below zero, and every need is met out of it or priced."""
    from aftercare.domain.entitlement.rules import quotas

    chance, rounds = random.Random(SEED), 2000 if short else 200_000
    below = lost = 0
    for _round in range(rounds // 20):
        granted = Decimal(chance.randint(0, 3000)) / 100
        left, needed, over = {quotas.HOURS: granted}, Decimal(0), Decimal(0)
        for _job in range(20):
            need = Decimal(chance.randint(1, 500)) / 100
            (use,) = quotas.take({quotas.HOURS: need}, left)
            left[quotas.HOURS] -= use.taken
            needed, over = needed + need, over + use.over
        below += left[quotas.HOURS] < 0
        lost += granted - left[quotas.HOURS] + over != needed
    assert not below + lost, f"{below} below zero, {lost} lost"
    return f"{rounds} jobs, none below zero, none lost"


def contract_races(short: bool) -> str:
    """A plan run by many at once makes each visit once, the last of a quota is taken once; without the lock by many."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from aftercare.domain.entitlement import actions
    from aftercare.domain.entitlement.models import PlannedVisit, QuotaBalance
    from aftercare.domain.entitlement.tests.test_contracts import equip, furnish, sign
    from aftercare.domain.inventory.tests.races import WON, race
    from aftercare.domain.parties.tests.company import found_company
    from aftercare.foundation.sources import Source

    clients, rounds = 8, 3 if short else 50
    shop = equip(furnish(found_company()))
    contract, by = sign(shop, quota={"visits": Decimal(rounds)}), shop.by_boss
    balance = QuotaBalance.objects.filter(contract=contract)
    doubles = winners = 0
    for turn in range(rounds):
        PlannedVisit.objects.filter(contract=contract).delete()
        race(clients, lambda _n: actions.plan_visits(contract, **by) >= 0)
        doubles += PlannedVisit.objects.filter(contract=contract).count() != 12
        balance.update(left_qty=1)
        sources = [Source("prove.job", 1 + turn * clients + number, "P") for number in range(clients)]
        outcome = race(clients, lambda n, sources=sources: not actions.use(contract, {"visits": Decimal(1)}, source=sources[n], **by)[0].over)
        winners += outcome[WON] == 1
    assert not doubles, f"{doubles} rounds made a visit twice"
    assert winners == rounds, f"one winner in {winners} of {rounds} rounds only"
    balance.update(left_qty=1)
    gate = threading.Barrier(clients)

    def unguarded(_number: int) -> bool:
        free = balance.get().left_qty
        gate.wait()
        balance.update(left_qty=free - 1)
        return free >= 1

    taken = race(clients, unguarded)[WON]
    assert taken > 1, "the control must fail, else the race proves nothing"
    return f"{rounds} rounds of {clients} clients, one winner in each; without the lock {taken} of {clients} win"


PROOFS = (visit_days, instalment_sums, quota_floor, contract_races)
