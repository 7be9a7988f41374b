"""Believable warranties: terms for parts, exchanges and extensions, a promotion, a printer by prints; a few units' stories."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aftercare.demo.company import ZONE, Company
from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as covers
from aftercare.domain.parties import actions as parties
from aftercare.flows import exchange_unit, sell_warranty
from aftercare.foundation import clock


def set_terms(categories: dict, term: dict) -> None:
    """Beside the base terms: what parts, exchanged units and extensions get; `term` is validity and who sets them."""
    liquid = [catalog.ensure_code("cause", name, actor=term["actor"], at=term["at"])[0] for name in ("进液", "人为损坏")]
    entitlement.create_term(name="更换配件保修半年", kind="part", months=6, policy="longer", covers_labour=False, covers_travel=False, **term)
    entitlement.create_term(name="换机继承原保修", kind="exchange", months=3, policy="longer", **term)
    entitlement.create_term(name="热水器桶胆八年", months=96, category=categories["RSQ"], component="内胆", starts="first",
                            starts_among=["sale", "production"], grace_months=3, covers_labour=False, covers_travel=False,
                            borne_by="supplier", excluded_codes=liquid, **term)
    for name, code, months, price in (("空调延保两年", "KT", 24, 299), ("冰箱延保一年", "BX", 12, 159)):
        entitlement.create_term(name=name, kind="extension", months=months, category=categories[code],
                                price_amount=Decimal(price), excluded_codes=liquid, **term)
    spring = term["valid_from"].replace(month=5, day=1) + dt.timedelta(days=365 * 8)
    entitlement.create_term(name="五一活动洗衣机整机五年", months=60, category=categories["XYJ"], promotion="五一焕新",
                            labour_percent=50, excluded_codes=liquid,
                            **term | {"valid_from": spring, "valid_to": spring + dt.timedelta(days=31)})


def tell(company: Company, now: dt.datetime) -> None:
    """An extension sold, a unit exchanged, a compressor known by its number, a counter read, a customer watched."""
    actor, today = company.by("manager", "SH"), clock.local_day(now, ZONE)
    who = {"actor": actor, "at": now}
    known = [unit for unit in company.units if unit.row is not None and unit.owner.centre == "SH" and unit.sold_on and not unit.oddity]
    coolers = [unit for unit in known if unit.category == "KT" and not unit.contract]
    for unit in coolers[:3]:
        for term in covers.extensions_for(unit.row, today)[:1]:
            sell_warranty.sell(unit.row, term, sold_on=today, evidence=f"YB{unit.serial[-5:]}", **who)
    for unit in coolers[3:5]:
        pump, _new = catalog.ensure_product("压缩机 QD-91", category_name="部件", **who)
        assets.register_asset(product=pump, serial=f"QD{unit.serial[-6:]}", customer=unit.owner.row, branch_id=unit.row.branch_id,
                              parent=unit.row, **who)
    for unit in [unit for unit in known if unit.category == "XYJ"][-1:]:
        fresh = assets.add_reading(units.get_asset(unit.row.pk, actor), value=1860, on=today, note="显示面板", **who)
        exchange_unit.exchange(fresh, new_serial=f"{unit.serial}R", on=today, reason="同一故障修过两次", **who)
    for unit, kind, reason in zip(known[-3:-1], ("watch", "abuse"), ("多次改约，上门前先确认", "两次以他人发票报修"), strict=False):
        customer = unit.owner.row
        customer.refresh_from_db(fields=["version"])
        parties.flag_customer(customer, kind=kind, reason=reason, until_on=today + dt.timedelta(days=180), **who)
