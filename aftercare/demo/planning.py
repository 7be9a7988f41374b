"""What will happen: who calls when with which unit, and how far his order shall have come by now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from aftercare.demo import words
from aftercare.demo.company import CENTRES

# States that shall be seen whatever the dice say; more of those that a visitor looks for first.
STOPS = (
    "pending", "dispatched", "accepted", "scheduled", "en_route", "working", "waiting_part", "hard", "quoting", "repaired",
    "done", "rework", "inspected", "audited", "settled", "closed", "cancelled",
)


@dataclass
class Person:
    """A customer to be."""

    name: str
    phone: str
    kind: str
    centre: str
    region: str
    address: str
    grade: str
    row: Any = None


@dataclass
class Unit:
    """A unit to be; `oddity` names what looks wrong with its papers."""

    owner: Person
    category: str
    model: str
    serial: str
    made_on: dt.date
    sold_on: dt.date | None
    oddity: str = ""
    contract: bool = False
    row: Any = None
    held: bool = False


@dataclass
class Plan:
    """One order to be. `stop` is the state in which it shall be found now; empty lets it run its course."""

    unit: Unit
    at: dt.datetime
    kind: str
    stop: str = ""
    fault: int = 0
    turn: str = ""
    repeat_of: Plan | None = None


def plan_people(rng: Random, count: int) -> list[Person]:
    """So many customers, most of them persons."""
    people = []
    for index in range(count):
        centre = rng.choices(CENTRES, (5, 3, 2))[0]
        city, districts = words.DISTRICTS[centre]
        district = rng.choice(districts)
        estate = f"{rng.choice(words.STREETS)}{rng.randint(1, 980)}号{rng.choice(words.ESTATES)}{rng.randint(1, 40)}幢{rng.randint(1, 32)}0{rng.randint(1, 4)}室"
        is_company = rng.random() < 0.06
        name = (rng.choice(words.COMPANIES) + f"（{district[6:].rstrip('*')}店）" if is_company
                else rng.choice(words.SURNAMES) + rng.choice(words.GIVEN))
        people.append(Person(
            name=name, phone=f"161{index * 7919 % 100000000:08d}", kind="company" if is_company else "person", centre=centre,
            region=district[:6], address=f"{city}{district[6:].rstrip('*')}{estate}",
            grade="重点" if is_company else rng.choices(("普通", "VIP", ""), (6, 1, 3))[0],
        ))
    return people


def plan_units(rng: Random, people: list[Person], count: int, today: dt.date) -> list[Unit]:
    """So many units; everybody has one, the rest is spread."""
    owners = [*people, *(rng.choice(people) for _ in range(count - len(people)))][:count]
    units = []
    for index, owner in enumerate(owners):
        category, model, _name, _brand = rng.choice(words.PRODUCTS)
        sold_on = today - dt.timedelta(days=rng.randint(20, 2900) if rng.random() < 0.6 else rng.randint(20, 800))
        made_on = sold_on - dt.timedelta(days=rng.randint(20, 300))
        unit = Unit(owner, category, model, f"{model.replace('-', '')}{made_on:%y%m}{index + 10001}", made_on, sold_on,
                    contract=owner.kind == "company" and rng.random() < 0.6)
        dice = rng.random()
        if dice < 0.03:
            unit.oddity, unit.sold_on = "no_sale", None
        elif dice < 0.045:
            unit.oddity = "foreign_invoice"
        elif dice < 0.055:
            unit.oddity, unit.made_on = "made_later", sold_on + dt.timedelta(days=10)
        units.append(unit)
    return units


def plan_orders(rng: Random, units: list[Unit], count: int, *, now: dt.datetime, clock) -> list[Plan]:
    """So many orders in order of time: history of a year, the crowd of the last days, and one at least for each state."""
    stops = [stop for stop in STOPS for _ in range(1 if count < 200 else _twins(stop, count))]
    today = min(count // 16, 45)
    past = max(count - len(stops) - today, 0)
    plans = [_stopped(rng, units, stop, now, clock) for stop in stops]
    plans += [_plan(rng, units, _recent(rng, now, clock)) for _ in range(min(today, count - len(stops)))]
    for _ in range(past):
        plans.append(_follow(rng, plans, now) or _plan(rng, units, _moment(rng, now)))
    return sorted(plans, key=lambda plan: plan.at)


def _twins(stop: str, count: int) -> int:
    return {"pending": 6, "dispatched": 3, "accepted": 3, "waiting_part": 4, "en_route": 2, "working": 3, "quoting": 2,
            "hard": 2, "repaired": 5, "done": 4, "audited": 4, "scheduled": 3, "rework": 2}.get(stop, 1)


def _plan(rng: Random, units: list[Unit], at: dt.datetime, **values) -> Plan:
    unit = rng.choice(units)
    kind = values.pop("kind", "") or rng.choices(("visit", "bench", "install", "care", "outlet"), (62, 18, 7, 5, 8))[0]
    if kind == "outlet" and unit.owner.centre == "HZ":
        kind = "visit"
    turn = values.pop("turn", None)
    if turn is None:
        turn = rng.choices(
            ("", "refused", "part", "hard", "quote", "rework", "cancel", "owed", "reverse"), (66, 6, 8, 3, 6, 3, 4, 3, 1))[0]
    fault = rng.choices(range(len(words.CATEGORIES[unit.category][2])), [5, 4, 3, 2, 1, 1][: len(words.CATEGORIES[unit.category][2])])[0]
    return Plan(unit, at, kind, fault=fault, turn=turn, **values)


def _stopped(rng: Random, units: list[Unit], stop: str, now: dt.datetime, clock) -> Plan:
    """A plan begun early enough, in working time, to have come to that state by now."""
    needed = {"pending": 100, "dispatched": 90, "accepted": 100, "scheduled": 150, "en_route": 160, "working": 220,
              "waiting_part": 1300, "hard": 1500, "quoting": 700, "repaired": 2300, "done": 600, "rework": 1500,
              "inspected": 1200, "audited": 3000, "settled": 3600, "closed": 9000, "cancelled": 900}[stop]
    at = now
    while clock.elapsed(at, now) < needed * 60:
        at -= dt.timedelta(minutes=23)
    if stop == "pending":
        at -= dt.timedelta(hours=rng.choice((0, 1, 20, 45)))
    turn = {"waiting_part": "part", "hard": "hard", "quoting": "quote", "rework": "rework", "audited": "owed",
            "cancelled": "cancel"}.get(stop, "refused" if stop == "pending" and rng.random() < 0.3 else "")
    bench = stop == "repaired" or (stop in ("waiting_part", "hard", "quoting") and rng.random() < 0.5)
    # The outlets have something to do today, too.
    outlet = not bench and stop in ("dispatched", "accepted", "scheduled", "working", "done") and rng.random() < 0.35
    return _plan(rng, units, at, kind="bench" if bench else "outlet" if outlet else "visit", turn=turn, stop=stop)


def _moment(rng: Random, now: dt.datetime) -> dt.datetime:
    # More work with every month, as a growing company has.
    days = 364 - int(361 * rng.random() ** 0.7) if rng.random() < 0.85 else rng.randint(2, 20)
    local = (now - dt.timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    return local + dt.timedelta(minutes=rng.randint(8 * 60 + 20, 17 * 60 + 20) - 8 * 60, seconds=rng.randint(0, 59))


def _recent(rng: Random, now: dt.datetime, clock) -> dt.datetime:
    at = now - dt.timedelta(minutes=rng.randint(30, 45 * 60))
    while not clock.is_open(at):
        at -= dt.timedelta(minutes=rng.randint(20, 300))
    return at


def _follow(rng: Random, plans: list[Plan], now: dt.datetime) -> Plan | None:
    """Now and then the same fault on the same unit again, within thirty days."""
    if not plans or rng.random() > 0.035:
        return None
    first = rng.choice(plans)
    at = first.at + dt.timedelta(days=rng.randint(9, 24))
    if first.kind != "visit" or first.stop or first.turn or at > now - dt.timedelta(hours=2):
        return None
    return Plan(first.unit, at, "visit", fault=first.fault, turn="", repeat_of=first)
