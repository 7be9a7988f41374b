"""How a whole fleet stands: each unit's cover on its branch's own day, by the same rules as one unit's file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet

from aftercare.domain.assets import rules as serials
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.catalog import rules as trees
from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.queries import coverage
from aftercare.domain.entitlement.queries.deciding import cover_of_contract
from aftercare.domain.entitlement.queries.ledger import load_ledgers
from aftercare.domain.entitlement.queries.terms import load_all_terms
from aftercare.domain.entitlement.rules import contracts
from aftercare.domain.people import queries as people
from aftercare.foundation import clock

# Units read at once: three statements for each lot.
LOT = 1000
_COLUMNS = (
    "pk", "number", "serial", "serial_key", "product_id", "product__name", "product__category_id",
    "product__category__name", "customer_id", "customer__name", "customer__region__code", "branch_id", "place",
    "invoice_serial", "invoice_number", "order_number", "made_on", "made_year", "sold_on", "invoiced_on", "delivered_on",
    "installed_on", "registered_on", "reading", "read_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How one unit stands on a day: a state of `rules.STATES`, the cover people speak of, and its doubts."""

    asset_id: int
    number: str
    serial: str
    product: str
    category: str
    customer: str
    on: dt.date
    state: str
    cover: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    flags: tuple[str, ...]

    @property
    def days_left(self) -> int | None:
        """Days until the cover that holds ends, 0 on its last day; None where none holds."""
        holds = self.state in ("in_warranty", "contract", "goodwill") and self.ends_on is not None
        return (self.ends_on - self.on).days if holds else None


def walk_fleet(
    units: QuerySet, *, at: dt.datetime, on: dt.date | None = None, states: Collection[str] = (),
    within_days: int | None = None, before: int | None = None, after: int | None = None,
) -> Iterator[Standing | int]:
    """The units of that queryset (what the asker may see), newest first, with how they stand at that moment.

    Only those in one of `states` (empty: all) and, with `within_days`, whose cover ends within so many days. `before` and
    `after` are ids between which to look. After each lot of units the id reached is given, too (an int), so that a page
    can stop and go on there. A unit's day is its branch's; `on` takes its place. Three statements a lot.
    """
    book, parents = load_all_terms(), catalog.category_parents()
    chain = cache(lambda pk: tuple(trees.ancestry(pk, parents)))
    day_of = cache(lambda branch_id: on or clock.local_day(at, people.zone_of(branch_id)))
    units = units.filter(parent=None).order_by("-pk")
    if after is not None:
        units = units.filter(pk__gt=after)
    while True:
        lot = list((units.filter(pk__lt=before) if before is not None else units).values_list(*_COLUMNS)[:LOT])
        if not lot:
            return
        ledgers = load_ledgers([row[0] for row in lot])
        insured = _contracts(lot, chain, day_of)
        for row in lot:
            found = _standing(row, book, chain, day_of, ledgers.get(row[0], ()), insured.get(row[0], ()))
            left = found.days_left
            if (not states or found.state in states) and (within_days is None or (left is not None and left <= within_days)):
                yield found
        before = lot[-1][0]
        yield before
        if len(lot) < LOT:
            return


def _standing(row, book, chain, day_of, ledger, insured) -> Standing:
    (pk, number, serial, key, product_id, product, category_id, category, _customer_id, customer, region, branch_id, _place,
     invoice_serial, invoice_number, order_number, made_on, made_year, sold_on, invoiced_on, delivered_on, installed_on,
     registered_on, reading, read_on) = row
    unit = rules.Unit(
        product_id, chain(category_id), key, serials.serial_key(invoice_serial) if invoice_serial else "", invoice_number,
        order_number, made_on, made_year, sold_on, invoiced_on, delivered_on, installed_on, registered_on,
        tuple(people.region_chain(region)) if region else (), reading, read_on,
    )
    on = day_of(branch_id)
    found = rules.judge(unit, book, ledger, on, None, insured)
    shown = found.shown
    return Standing(pk, number, serial, product, category or "", customer or "", on, found.state, shown.name if shown else "",
                    shown.starts_on if shown else None, shown.ends_on if shown else None, tuple(found.flags))


def _contracts(lot, chain, day_of) -> dict[int, tuple[rules.Cover, ...]]:
    by_day: dict[dt.date, list] = {}
    for row in lot:
        if row[8] is not None:
            by_day.setdefault(day_of(row[11]), []).append(row)
    found = {}
    for day, rows in by_day.items():
        lines = coverage.load_coverage((row[8] for row in rows), day)
        customers = {line.customer_id for line in lines}
        for row in rows if lines else ():
            if row[8] in customers:
                chosen = contracts.choose(lines, contracts.Insured(row[0], row[8], chain(row[6]), row[12]))
                if chosen is not None:
                    found[row[0]] = (cover_of_contract(chosen),)
    return found
