"""Playing all stories in order of time, many orders a transaction."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from aftercare.demo import (
    asking,
    catalogue,
    chatter,
    closing,
    contracts,
    counting,
    returning,
    shelves,
    supplying,
    things,
    warranties,
)
from aftercare.demo import company as founding
from aftercare.demo.company import CENTRES, OUTLET_OF, ZONE, Company
from aftercare.demo.field_work import Diary
from aftercare.demo.planning import Plan, Unit, plan_orders, plan_people, plan_units
from aftercare.demo.stories import Story, enrol
from aftercare.domain.catalog import actions as words
from aftercare.domain.journal import actions as journal
from aftercare.domain.journal import delivering
from aftercare.domain.people import queries as people
from aftercare.domain.settlement import actions as settlement
from aftercare.domain.settlement import queries as statements
from aftercare.domain.work import actions as work
from aftercare.flows import reactions
from aftercare.foundation import clock, numbering, transactions

SEED = 20260101
BATCH = 40
WORKER = "demo"
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    customers: int
    units: int
    orders: int


USUAL, FULL, TINY = Size(400, 600, 800), Size(2000, 3000, 5000), Size(14, 20, 24)


@contextmanager
def many() -> Iterator[None]:
    """One transaction for many documents."""
    with transactions.whole(gathers=True), journal.batched(), words.gathered_uses():
        yield


def make(size: Size, *, now: dt.datetime, tell: Tell = lambda done, total: None) -> Company:
    """The whole company with a year behind it. `tell(orders done, all)` is called after each batch."""
    rng = Random(SEED)
    now = now.replace(microsecond=0)
    today = clock.local_day(now, ZONE)
    began = clock.day_bounds(today - dt.timedelta(days=372), ZONE)[0] + dt.timedelta(hours=9)
    with many():
        company = founding.found_company(rng, at=began, today=today)
        catalogue.fill(company, first_stock=max(8, size.orders // 60))
        contracts.agree(began)
        returning.agree(began, today)
    shop = people.working_clock(company.branches["SH"].pk)
    owners = plan_people(rng, size.customers)
    units = company.units = plan_units(rng, owners, size.units, today)
    plans = plan_orders(rng, units, size.orders, now=now, clock=shop)
    _make_true(rng, units, plans)
    with numbering.blocks(BATCH):
        _play(company, rng, size, units, plans, began=began, now=now, tell=tell)
    with many():
        contracts.live(company, now=now)
        contracts.claim(company, now=now)
        warranties.tell(company, now)
    _lock_months(company, today)
    with many():
        supplying.stock_up(company, now)
    _react(now)
    shelves.fill(company, now)
    counting.count(company, now)
    asking.fill(company, now)
    things.tell(company, now)
    returning.bring(company, now)
    _react(now)
    work.fold_figures(limit=1_000_000)
    return company


def _make_true(rng: Random, units: list[Unit], plans: list[Plan]) -> None:
    """Nothing breaks before it was sold."""
    for plan in plans:
        day = clock.local_day(plan.at, ZONE)
        unit = plan.unit
        if unit.sold_on and unit.sold_on > day:
            unit.sold_on = day - dt.timedelta(days=rng.randint(0, 30))
        if unit.made_on > day or (unit.sold_on and unit.made_on > unit.sold_on and unit.oddity != "made_later"):
            unit.made_on = (unit.sold_on or day) - dt.timedelta(days=rng.randint(30, 200))


def _play(company: Company, rng: Random, size: Size, units, plans: list[Plan], *, began, now, tell: Tell) -> None:
    diary = Diary()
    others = sorted(_before(rng, units, plans, began, now) + _rounds(size, began, now), key=lambda pair: (pair[0], pair[1]))
    done = 0
    while done < len(plans):
        batch = plans[done : done + BATCH]
        done += len(batch)
        until = plans[done].at if done < len(plans) else now
        stories = [Story(plan, company, rng, diary) for plan in batch]
        runs = [(story.plan.at, story.tell()) for story in stories]
        while others and others[0][0] < until:
            at, _turn, begin = others.pop(0)
            runs.append((at, begin(company, at)))
        with many():
            play(runs, now)
        _react(now)
        with many():
            for story in stories:
                if getattr(story, "audited", False):
                    closing.call_back(story, now)
            chatter.call(company, rng, batch, now)
        tell(done, len(plans))


def play(runs: list[tuple[dt.datetime, Iterator[dt.datetime]]], now: dt.datetime) -> None:
    """Let the stories take their steps in order of time, as far as the present."""
    waiting = []
    for turn, (_at, story) in enumerate(runs):
        at = next(story, None)
        if at is not None:
            heapq.heappush(waiting, (at, turn, story))
    while waiting:
        at, turn, story = heapq.heappop(waiting)
        if at > now:
            continue
        following = next(story, None)
        if following is not None:
            heapq.heappush(waiting, (following, turn, story))


def _before(rng: Random, units: list[Unit], plans: list[Plan], began: dt.datetime, now: dt.datetime) -> list:
    """Units entered before anything breaks; the others come in with their first call."""
    first: dict[int, dt.datetime] = {}
    for plan in plans:
        first.setdefault(id(plan.unit), plan.at)
    found = []
    for index, unit in enumerate(units):
        sold = clock.day_bounds(max(unit.sold_on or unit.made_on, unit.made_on), ZONE)[0] + dt.timedelta(hours=10, minutes=index % 400)
        at = max(began + dt.timedelta(minutes=60 + index), sold)
        until = first.get(id(unit), now)
        if at < until and (id(unit) not in first or unit.contract or rng.random() < 0.7):
            found.append((at, index, lambda company, at, unit=unit: enrol(unit, company, at)))
    return found


def _rounds(size: Size, began: dt.datetime, now: dt.datetime) -> list:
    """The keepers' monthly rounds."""
    found, at, target = [], began + dt.timedelta(days=30), max(8, size.orders // 60)
    while at < now:
        for centre in (*CENTRES, *OUTLET_OF.values()):
            def begin(company, at, centre=centre):
                yield at
                catalogue.restock(company, centre, target=target if centre in CENTRES else max(target // 3, 2), at=at)

            found.append((at, len(found), begin))
        at += dt.timedelta(days=30)
    return found


def _react(now: dt.datetime) -> None:
    """What the worker would do: make the reactions to what has happened, at the time it happened."""
    with many():
        while deliveries := delivering.claim_many(worker=WORKER, at=now):
            for delivery in deliveries:
                reactions.run(delivery.reaction, delivery.fact, at=delivery.fact.at)
            delivering.finish_many(deliveries, worker=WORKER, at=now)


def _lock_months(company: Company, today: dt.date) -> None:
    """The accountant locked every month but the last two; one engineer does not agree with his last one."""
    accountant = company.by("accountant", "HQ")
    this_month = today.replace(day=1)
    last_month = (this_month - dt.timedelta(days=1)).replace(day=1)
    with many():
        rows = sorted(statements.list_statements(accountant), key=lambda row: (row.month, row.number))
        for row in rows:
            following = (row.month + dt.timedelta(days=32)).replace(day=1)
            at = clock.day_bounds(following, ZONE)[0] + dt.timedelta(days=4, hours=10)
            if row.month < last_month:
                settlement.lock_statement(row, actor=accountant, at=at)
        for row in [row for row in rows if row.month == last_month][:1]:
            own = next(n for n, employee in company.staff.items() if employee.pk == row.employee_id)
            settlement.appeal(row, reason="上月 15 日的超时单是客户改期，请复核", actor=company.actor(own),
                              at=clock.day_bounds(this_month, ZONE)[0] + dt.timedelta(hours=1))
        settlement.refresh_stale(at=clock.day_bounds(today, ZONE)[0])
