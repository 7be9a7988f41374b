"""Dictionaries, prices, terms, limits, rates and stores of the demo company."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aftercare.demo import articles, warranties, words
from aftercare.demo.company import CENTRES, OUTLET_OF, STAFF, SYSTEM, Company
from aftercare.domain.billing import actions as billing
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.people import queries as people
from aftercare.domain.quotes import actions as quotes
from aftercare.domain.settlement import actions as settlement
from aftercare.foundation.clock import local_day
from aftercare.foundation.sources import Source

# code, name, minutes, is a repair
WORK_TYPES = (("WX", "维修", 60, True), ("AZ", "安装", 90, False), ("BY", "保养清洗", 45, False), ("TS", "调试", 40, False))
HOUR = 60


@dataclass
class Catalogue:
    """Rows by code."""

    categories: dict[str, Any] = field(default_factory=dict)
    products: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, list] = field(default_factory=dict)
    causes: dict[str, list] = field(default_factory=dict)
    solutions: list = field(default_factory=list)
    work_types: dict[str, Any] = field(default_factory=dict)
    depots: dict[str, Any] = field(default_factory=dict)
    vans: dict[str, Any] = field(default_factory=dict)


def fill(company: Company, *, first_stock: int) -> Catalogue:
    """All of it; `first_stock` pieces of each stocked part come into every depot from a supplier."""
    given = {"actor": SYSTEM, "at": company.at}
    day = local_day(company.at, "Asia/Shanghai") - dt.timedelta(days=2000)
    made = company.catalogue = Catalogue()
    _write_words(made, given)
    articles.describe(made, given)
    _set_prices(made, day, given)
    _set_terms(made, day, given)
    _set_rates(made, day, given)
    _open_stores(company, made, first_stock, given)
    return made


def _write_words(made: Catalogue, given: dict) -> None:
    for code, (name, needs, faults) in words.CATEGORIES.items():
        category, _new = catalog.ensure_category(name, code=code, **given)
        if needs:
            category = catalog.edit_category(category, version=category.version, needs_certificate=True, **given)
        made.categories[code] = category
        made.faults[code] = [
            catalog.ensure_code("fault", text, category=category, code=f"{code}-F{index}", **given)[0]
            for index, text in enumerate(faults, 1)
        ]
        made.causes[code] = [
            catalog.ensure_code("cause", text, category=category, code=f"{code}-C{index}", **given)[0]
            for index, text in enumerate(words.CAUSES[code], 1)
        ]
    made.solutions = [catalog.ensure_code("solution", text, code=f"S{n}", **given)[0] for n, text in enumerate(words.SOLUTIONS, 1)]
    for grade in ("普通", "重点", "VIP"):
        catalog.ensure_code("grade", grade, **given)
    for category, model, name, brand in words.PRODUCTS:
        made.products[model], _new = catalog.ensure_product(
            name, category_name=words.CATEGORIES[category][0], brand=brand, code=model, **given)
    for code, name, category, price, _cost, _kept in words.PARTS:
        made.parts[code] = catalog.create_part(
            code=code, name=name, category=made.categories.get(category), price_amount=Decimal(price),
            is_returnable=Decimal(price) > 300, **given)
    for position, (code, name, minutes, is_repair) in enumerate(WORK_TYPES, 1):
        made.work_types[code], _new = catalog.ensure_work_type(
            name, code=code, minutes=minutes, is_repair=is_repair, position=position, **given)


def _set_prices(made: Catalogue, day: dt.date, given: dict) -> None:
    price = {"valid_from": day, **given}
    catalog.set_labour_price(amount=Decimal(80), **price)
    catalog.set_labour_price(amount=Decimal(30), fee="travel", **price)
    catalog.set_labour_price(amount=Decimal(50), fee="travel", is_urban=False, **price)
    catalog.set_labour_price(amount=Decimal(30), fee="inspection", **price)
    for code, amount in (("BGL", 150), ("KT", 120), ("RSQ", 100)):
        catalog.set_labour_price(amount=Decimal(amount), work_type=made.work_types["WX"], category=made.categories[code], **price)
    catalog.set_labour_price(amount=Decimal(200), work_type=made.work_types["AZ"], **price)
    catalog.set_labour_price(amount=Decimal(120), work_type=made.work_types["BY"], **price)
    for first, last, amount in ((20, 40, 40), (40, None, 80)):
        catalog.set_labour_price(amount=Decimal(amount), fee="distance", from_km=first, to_km=last, **price)
    catalog.set_labour_price(amount=Decimal(60), customer_grade="VIP", **price)
    catalog.set_part_price(made.parts["BX-001"] if "BX-001" in made.parts else made.parts["JSQ-001"], amount=Decimal(150),
                           customer_kind="dealer", valid_from=day, **given)
    quotes.set_policy(free_limit_amount=Decimal(5000), valid_days=15, inspection_amount=Decimal(30), tax_note="含税", **given)
    for code, amount in (("auditor", 100), ("accountant", 300)):
        billing.set_limit(role_id=next(role.pk for role in people.list_roles(given["actor"]) if role.code == code), amount=Decimal(amount), **given)
    catalog.set_part_price(made.parts["JSQ-001"], amount=Decimal(188), valid_from=local_day(given["at"], "Asia/Shanghai"), **given)
    for is_urban, hours in ((True, 6), (False, 7)):
        catalog.set_service_level(respond_minutes=hours * HOUR, repair_minutes=24 * HOUR, is_urban=is_urban, **given)
        catalog.set_service_level(respond_minutes=(hours - 3) * HOUR, repair_minutes=8 * HOUR, is_urban=is_urban,
                                  urgent=True, **given)


def _set_terms(made: Catalogue, day: dt.date, given: dict) -> None:
    term = {"valid_from": day - dt.timedelta(days=3000), **given}
    for code, months in (("BGL", 24), ("KT", 72), ("BX", 36), ("XYJ", 36), ("JSQ", 12), ("RSQ", 36), ("YYJ", 60)):
        name = words.CATEGORIES[code][0]
        entitlement.create_term(name=f"{name}整机{months // 12}年", months=months, category=made.categories[code],
                                starts="installation" if code in ("BGL", "KT") else "sale", **term)
    for code, component, months in (("KT", "压缩机", 120), ("BX", "压缩机", 120), ("BGL", "板式换热器", 60)):
        entitlement.create_term(name=f"{component}{months // 12}年", months=months, category=made.categories[code],
                                component=component, covers_labour=False, covers_travel=False, **term)
    warranties.set_terms(made.categories, term)


def _set_rates(made: Catalogue, day: dt.date, given: dict) -> None:
    rate = {"valid_from": day, **given}
    settlement.create_rate(amount=Decimal(20), labour_percent=Decimal(15), part_percent=Decimal(3), **rate)
    settlement.create_rate(amount=Decimal(30), labour_percent=Decimal(18), part_percent=Decimal(4), grade="高级", **rate)
    settlement.create_rate(amount=Decimal(15), labour_percent=Decimal(12), part_percent=Decimal(3), mode="bench", **rate)
    settlement.create_rate(amount=Decimal(45), work_type_id=made.work_types["AZ"].pk, **rate)
    for minutes, amount in ((0, 5), (4 * HOUR, 10), (16 * HOUR, 20)):
        settlement.create_deduction(cause="overdue", over_minutes=minutes, amount=Decimal(amount), **rate)
    settlement.create_deduction(cause="repeat", percent=Decimal(100), **rate)


def _open_stores(company: Company, made: Catalogue, first_stock: int, given: dict) -> None:
    stocked = [row for row in words.PARTS if row[5]]
    for centre in (*CENTRES, *OUTLET_OF.values()):
        branch = company.branches[centre]
        ensure = inventory.ensure_depot if centre in CENTRES else inventory.ensure_outlet
        place = made.depots[centre] = ensure(branch.pk, name=f"{branch.name}配件库", **given)
        pieces = first_stock if centre in CENTRES else max(first_stock // 3, 2)
        keeper = company.by("keeper", centre) if centre in CENTRES else SYSTEM
        inventory.receive(
            place, source=Source("demo.opening", branch.pk, "开业备货"), memo="开业备货", actor=keeper, at=company.at,
            lines=[(made.parts[code].pk, Decimal(pieces), Decimal(cost)) for code, _n, _c, _p, cost, _k in stocked],
        )
    for number, name, branch, roles, *_rest in STAFF:
        if "engineer" in roles and branch in CENTRES:
            van = made.vans[number] = inventory.ensure_van(
                company.staff[number].pk, branch_id=company.branches[branch].pk, name=f"{name}随车", **given)
            mine = [code for code, _n, c, *_r in stocked if not c or c in company.skills[number]]
            inventory.transfer(
                from_place=made.depots[branch], to_place=van, memo="随车备件", actor=company.by("keeper", branch), at=company.at,
                lines=[(made.parts[code].pk, Decimal(2)) for code in mine],
            )


def restock(company: Company, centre: str, *, target: int, at: dt.datetime) -> None:
    """The keeper's monthly round: what is below half of `target` in the depot is filled up from the supplier."""
    from aftercare.domain.inventory import queries as stock

    made, place = company.catalogue, company.catalogue.depots[centre]
    stocked = [row for row in words.PARTS if row[5]]
    free = stock.available([made.parts[row[0]].pk for row in stocked], [place.pk])
    lines = []
    for code, _name, _category, _price, cost, _kept in stocked:
        left = free.get((made.parts[code].pk, place.pk), Decimal(0))
        if left * 2 < target:
            lines.append((made.parts[code].pk, Decimal(target) - left, Decimal(cost)))
    if lines:
        keeper = company.by("keeper", centre) if centre in CENTRES else SYSTEM
        number = f"{at:%Y%m}"
        inventory.receive(place, lines=lines, source=Source("demo.supply", place.pk * 1000000 + int(number), f"补货{number}"),
                          memo="月度补货", actor=keeper, at=at)
