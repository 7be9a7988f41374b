"""The proofs of `entitlement`, one function each: gives back its figures or raises AssertionError."""

from __future__ import annotations

import datetime as dt
import random
import time

D = dt.date
# Decisions a minute in one process that a fleet report needs.
WANTED = 1_000_000
NAMED = {
    (D(2024, 2, 29), 12): D(2025, 2, 28), (D(2025, 8, 31), 6): D(2026, 2, 28), (D(2026, 1, 31), 1): D(2026, 2, 28),
    (D(2023, 8, 31), 6): D(2024, 2, 29), (D(2025, 3, 15), 12): D(2026, 3, 15), (D(2025, 12, 31), 2): D(2026, 2, 28),
}


def _walk(start: D, months: int, days: int) -> D:
    """Day by day: through so many changes of month, to the wanted day or the month's end, then the days."""
    one = dt.timedelta(days=1)
    day, left = start, months
    while left:
        day += one
        left -= day.day == 1
    while day.day < start.day and (day + one).day != 1:
        day += one
    for _step in range(days):
        day += one
    return day


def walk_dates(examples: int) -> str:
    """Random starts, months and days, and the days that the rule names."""
    from aftercare.domain.entitlement import rules

    draw = random.Random(7)
    for (start, months), end in NAMED.items():
        assert rules.cover_end(start, months) == end, f"{start} + {months} months: {rules.cover_end(start, months)}"
    for _turn in range(examples):
        start = D(1990, 1, 1) + dt.timedelta(days=draw.randrange(33_000))
        months, days = draw.randrange(61), draw.choice((0, 0, draw.randrange(90)))
        found, walked = rules.cover_end(start, months, days), _walk(start, months, days)
        assert found == walked, f"{start} + {months} months + {days} days: {found}, walked {walked}"
    return f"{examples + len(NAMED)} spans agree with a walk through the days"


def hold_table() -> str:
    """Each row of the table, and its sentences in three languages."""
    from aftercare.domain.entitlement import queries
    from aftercare.domain.entitlement.tests import table

    cases = table.cases()
    for case in cases:
        decision = table.decide(case)
        told = table.told(decision)
        wrong = {name: (told[name], case[name]) for name in told if told[name] != case[name]}
        assert not wrong, f"{case['情形']}: {wrong}"
        assert all(queries.in_every_language(decision).values())
    return f"{len(cases)} rows hold, each told in three languages"


def compare_explanations(examples: int) -> str:
    """Random units, terms, ledgers, contracts, faults."""
    from aftercare.domain.entitlement import rules
    from aftercare.domain.entitlement.tests import contradictions, table

    draw, known = random.Random(11), list(table.terms().values())
    free = 0
    for _turn in range(examples):
        unit, on = _random_unit(draw), _random_day(draw)
        terms = draw.sample(known, draw.randrange(5))
        ledger = [_random_cover(draw, on) for _n in range(draw.randrange(3))]
        coverage = [_random_cover(draw, on, "contract")] if draw.random() < 0.2 else []
        job = rules.Job(codes={1: "进液"} if draw.random() < 0.2 else {}, earlier=("WO1", "WO2")[: draw.randrange(3)])
        decision = rules.decide(unit, terms, ledger, on, job, coverage)
        wrong = contradictions.find(decision)
        assert not wrong, f"{wrong}: {decision}"
        free += decision.service_class != rules.PAID
    assert examples * 0.1 < free < examples * 0.9, f"{free} of {examples} free: the examples prove little"
    return f"{examples} random decisions, {free} of them free or shared: no contradiction"


def _random_day(draw: random.Random) -> D:
    return D(2023, 1, 1) + dt.timedelta(days=draw.randrange(1500))


def _random_unit(draw: random.Random):
    from aftercare.domain.entitlement import rules

    def maybe():
        return _random_day(draw) if draw.random() < 0.7 else None

    sold = maybe()
    return rules.Unit(
        serial=draw.choice(("", "S1")), invoice_serial=draw.choice(("", "", "S1", "S2")), sold_on=sold,
        invoiced_on=sold if draw.random() < 0.8 else maybe(), installed_on=maybe(), invoice_number=draw.choice(("", "F1")),
        made_on=maybe() if draw.random() < 0.3 else None, reading=draw.choice((None, 500, 20_000)),
    )


def _random_cover(draw: random.Random, on: D, kind: str = ""):
    from aftercare.domain.entitlement import rules

    kind = kind or draw.choice(("base", "extension", "part", "goodwill", "exchange", "repair_days"))
    start = on - dt.timedelta(days=draw.randrange(-60, 700))
    letter = {"goodwill": "D", "contract": "B"}.get(kind, "C")
    return rules.Cover(
        kind, f"保障 {kind}", "主板" if kind == "part" else "", start, start + dt.timedelta(days=draw.randrange(900)),
        service_class=letter, parts_percent=draw.choice((100, 50, 0)), covers_travel=draw.random() < 0.6,
        borne_by=draw.choice(("maker", "supplier", "company")), is_reversed=draw.random() < 0.1,
    )


# --- with a database ----------------------------------------------------------------------------------------------


def _found(units: int):
    """A branch with that many units of twenty products, half of them with warranty lines, and terms; once a process."""
    from django.apps import apps

    from aftercare.domain.catalog import actions as catalog
    from aftercare.domain.entitlement import actions as entitlement
    from aftercare.domain.parties import actions as parties
    from aftercare.domain.parties.tests import company as companies

    asset, entry = apps.get_model("assets.Asset"), apps.get_model("entitlement.WarrantyEntry")
    missing = units - asset.objects.count()
    if missing <= 0:
        return
    who = {"actor": companies.SYSTEM if hasattr(companies, "SYSTEM") else _system(), "at": companies.AT}
    branch = apps.get_model("people.Branch").objects.first() or companies.found_company().here
    products = [catalog.ensure_product(f"型号 {n}", category_name=f"品类 {n % 5}", brand="甲", **who)[0] for n in range(20)]
    customer = parties.create_customer(name="车队客户", branch_id=branch.pk, **who)
    for product in products[:5]:
        try:
            for component, months in (("", 12), ("压缩机", 36)):
                entitlement.create_term(name=f"{product.category.name}{component or '整机'}", category=product.category, months=months,
                                        component=component, valid_from=D(2015, 1, 1), **who)
        except Exception as refused:  # made by an earlier proof
            if getattr(refused, "code", "") != "term_twice":
                raise
    draw, start = random.Random(3), asset.objects.count()
    rows = []
    for n in range(start, units):
        sold = D(2021, 1, 1) + dt.timedelta(days=draw.randrange(1800))
        rows.append(asset(number=f"F{n:07d}", product=products[n % 20], serial=f"S{n:07d}", serial_key=f"S{n:07d}", maker_key="甲",
                          customer=customer, branch=branch, sold_on=sold, invoiced_on=sold, invoice_number=f"F{n}",
                          token=f"t{n}", created_at=companies.AT))
    asset.objects.bulk_create(rows, batch_size=500)
    entry.objects.bulk_create([
        entry(asset=row, kind_of="extension", name="延保", starts_on=row.sold_on + dt.timedelta(days=366),
              ends_on=row.sold_on + dt.timedelta(days=731), made_at=companies.AT, actor_name="x")
        for row in rows[::2]
    ], batch_size=500)


def _system():
    from aftercare.foundation.access import Actor

    return Actor.system("proof")


def count_statements() -> str:
    """A hundred units, some with lines of their own, under a contract in force."""
    from django.apps import apps
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from aftercare.domain.entitlement import queries

    _found(300)
    ids = list(apps.get_model("assets.Asset").objects.values_list("pk", flat=True)[:100])
    queries.decide_many(ids[:1], D(2025, 6, 1))  # a company at work has its terms in memory; the look for their mark counts
    with CaptureQueriesContext(connection, ) as captured:
        found = queries.decide_many(ids, D(2025, 6, 1))
    assert len(found) == 100 and len(captured) <= 4, f"{len(captured)} statements for {len(found)} units"
    return f"{len(found)} units in {len(captured)} statements"


def measure(units: int) -> str:
    """Decisions by the rules alone, and the whole report with its reading; by this process's own time."""
    from django.apps import apps

    from aftercare.domain.entitlement import queries, rules

    _found(units)
    asset = apps.get_model("assets.Asset")
    rows = asset.objects.select_related("product__category__parent__parent__parent", "customer__region")[:3000]
    plain, book = queries.plain_units({row.pk: row for row in rows})
    known, on, done = list(plain.values()), D(2025, 6, 1), 0
    started = time.process_time()
    while (spent := time.process_time() - started) < 1.5:
        for unit in known:
            rules.judge(unit, book, (), on)
        done += len(known)
    rate = done / spent * 60
    started, wall = time.process_time(), time.monotonic()
    walked = sum(not isinstance(one, int) for one in queries.walk_fleet(asset.objects.all(), at=dt.datetime(2025, 6, 1, tzinfo=dt.UTC)))
    spent, wall = time.process_time() - started, time.monotonic() - wall
    assert walked == asset.objects.filter(parent=None).count(), f"{walked} units walked"
    assert rate >= WANTED, f"{rate:,.0f} decisions a minute, {WANTED:,} wanted"
    return (f"{rate:,.0f} decisions a minute by the rules; the report of {walked:,} units with their reading: "
            f"{walked / spent * 60:,.0f} a minute of its own time, {wall:.2f} s by the clock")
