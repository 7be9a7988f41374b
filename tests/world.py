"""One small company with its cast, made by the product's own actions: what stories and door tests play in.

Everybody holds a role as a new company gets them, so that a story also proves that the roles suffice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.parties import actions as parties
from aftercare.domain.people import actions as people
from aftercare.domain.people import queries as staff
from aftercare.domain.people.models import Role
from aftercare.domain.settlement import actions as settlement
from aftercare.foundation.access import Actor

# A Monday, 09:00 in Shanghai; everything before the stories happened a good year earlier.
MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
FOUNDED = dt.datetime(2025, 1, 6, 1, 0, tzinfo=dt.UTC)
SYSTEM = Actor.system("world")

# Name in the stories: number, name, role, whether an engineer.
CAST = {
    "clerk": ("E001", "李接待", "clerk", False),
    "dispatcher": ("E002", "周主任", "dispatcher", False),
    "engineer": ("E003", "王师傅", "engineer", True),
    "repairer": ("E004", "赵师傅", "engineer", True),
    "keeper": ("E005", "钱仓管", "keeper", False),
    "buyer": ("E012", "何采购", "buyer", False),
    "inspector": ("E006", "孙检验", "auditor", False),
    "auditor": ("E007", "吴审核", "auditor", False),
    "accountant": ("E008", "郑财务", "accountant", False),
    "caller": ("E009", "冯回访", "caller", False),
    "manager": ("E010", "陈经理", "manager", False),
    "administrator": ("E011", "管理员", "administrator", False),
    "outlet": ("N001", "网点负责人", "outlet", False),
    "stranger": ("X001", "外地员工", "clerk", False),
}


@dataclass
class World:
    """The company's rows (`rows`), its people (`people`) and who they are when they act (`actor`)."""

    rows: SimpleNamespace
    people: dict[str, Any]

    def actor(self, name: str) -> Actor:
        """That member of the cast with the grants he holds now."""
        return staff.actor_for(self.people[name])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows, name)


def found() -> World:
    """Found the company: branches, cast, catalogue, prices, stock, a customer with two units (in and out of warranty)."""
    given = {"actor": SYSTEM, "at": FOUNDED}
    people.seed_roles(**given)
    people.seed_regions(**given)
    head = people.create_branch(number="B01", name="上海公司", kind_of="branch", **given)
    outlet = people.create_branch(number="N01", name="徐汇网点", kind_of="outlet", parent=head, **given)
    elsewhere = people.create_branch(number="B02", name="杭州公司", kind_of="branch", **given)
    cast = {}
    for name, (number, shown, role, is_engineer) in CAST.items():
        branch = {"outlet": outlet, "stranger": elsewhere}.get(name, head)
        cast[name] = people.create_employee(
            number=number, name=shown, branch=branch, is_engineer=is_engineer, wage_amount=Decimal("3000.00"), grade="中级", **given)
        people.grant(cast[name], role=Role.objects.get(code=role), branch=branch, **given)
    district = staff.get_region("310101")
    people.set_coverage(region=district, branch=head, **given)
    people.set_coverage(region=district, branch=head, employee=cast["engineer"], **given)
    rows = SimpleNamespace(head=head, outlet=outlet, elsewhere=elsewhere, district=district)
    _fill_catalogue(rows, given)
    for name in ("engineer", "repairer"):
        people.set_skills(cast[name], category_codes=["AC"], **given)
    people.add_certificate(cast["engineer"], name="制冷上岗证", category_code="AC", expires_on=dt.date(2027, 12, 31), **given)
    people.add_certificate(cast["repairer"], name="制冷上岗证", category_code="AC", expires_on=dt.date(2027, 12, 31), **given)
    _fill_stores(rows, cast, given)
    _welcome_customer(rows, given)
    return World(rows, cast)


def _fill_catalogue(rows: SimpleNamespace, given: dict) -> None:
    rows.category = catalog.ensure_category("空调", code="AC", **given)[0]
    type(rows.category).objects.filter(pk=rows.category.pk).update(needs_certificate=True)
    rows.product = catalog.ensure_product("变频空调一号", category_name="空调", brand="清风", **given)[0]
    rows.work_type = catalog.ensure_work_type("维修", **given)[0]
    rows.compressor = catalog.create_part(code="P-100", name="压缩机", price_amount=Decimal("320.00"), **given)
    rows.capacitor = catalog.create_part(code="P-200", name="电容", price_amount=Decimal("12.50"), **given)
    catalog.set_service_level(respond_minutes=360, repair_minutes=960, **given)
    day = dt.date(2025, 1, 1)
    for fee, amount in (("labour", "80.00"), ("travel", "30.00"), ("inspection", "20.00")):
        catalog.set_labour_price(amount=Decimal(amount), fee=fee, valid_from=day, **given)
    entitlement.create_term(name="整机一年", months=12, starts="sale", category=rows.category, valid_from=dt.date(2020, 1, 1), **given)
    settlement.create_rate(amount=Decimal("25.00"), labour_percent=Decimal(10), valid_from=day, **given)
    settlement.create_deduction(cause="overdue", over_minutes=0, amount=Decimal("5.00"), valid_from=day, **given)
    settlement.create_deduction(cause="repeat", percent=Decimal(100), valid_from=day, **given)


def _fill_stores(rows: SimpleNamespace, cast: dict, given: dict) -> None:
    rows.depot = inventory.ensure_depot(rows.head.pk, name="上海配件库", **given)
    rows.van = inventory.ensure_van(cast["engineer"].pk, branch_id=rows.head.pk, name="王师傅随车", **given)
    inventory.receive(rows.depot, lines=[(rows.compressor.pk, Decimal(10), Decimal("200.00")),
                                         (rows.capacitor.pk, Decimal(40), Decimal("4.00"))], **given)
    inventory.transfer(from_place=rows.depot, to_place=rows.van, lines=[(rows.capacitor.pk, Decimal(5))], **given)


def _welcome_customer(rows: SimpleNamespace, given: dict) -> None:
    rows.customer = parties.create_customer(
        name="张三丰", phone="13800001111", branch_id=rows.head.pk, region_code="310101", address="南京东路一号", **given)
    rows.old_unit = assets.register_asset(
        product=rows.product, serial="QF-OLD-0001", customer=rows.customer, branch_id=rows.head.pk,
        sold_on=dt.date(2024, 12, 1), invoice_number="F-24", **given)
    rows.new_unit = assets.register_asset(
        product=rows.product, serial="QF-NEW-0002", customer=rows.customer, branch_id=rows.head.pk,
        sold_on=dt.date(2025, 6, 1), invoice_number="F-25",
        **(given | {"at": dt.datetime(2025, 6, 2, 1, 0, tzinfo=dt.UTC)}))
