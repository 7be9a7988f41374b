"""A very small company for the tests of this room: one branch, two engineers, one customer with one unit."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from aftercare.domain.assets import actions as assets
from aftercare.domain.catalog import actions as words
from aftercare.domain.catalog.models import ServiceLevel
from aftercare.domain.parties import actions as parties
from aftercare.domain.people.models import Branch, Coverage, Employee, Region
from aftercare.foundation.access import EVERYWHERE, Actor, Reach

# A Monday, 09:00 in Shanghai.
AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def hours(count: float) -> dt.datetime:
    """`count` hours after the beginning of the tests' Monday."""
    return AT + dt.timedelta(hours=count)


def employee_actor(employee: Employee, *permissions: str, own: bool = False) -> Actor:
    """The actor of an employee who holds these permissions at his branch (or over his own rows only)."""
    reach = Reach(people=frozenset({employee.pk})) if own else Reach(branches=frozenset({employee.branch_id}))
    return Actor(kind="employee", id=employee.pk, name=employee.name, branch_id=employee.branch_id,
                 employee_id=employee.pk, reaches=dict.fromkeys(("work.view_order", *permissions), reach),
                 outlets=frozenset(Branch.objects.filter(kind_of="outlet").values_list("pk", flat=True)))


def everything(employee: Employee) -> Actor:
    """That employee with every permission everywhere."""
    return Actor(kind="employee", id=employee.pk, name=employee.name, branch_id=employee.branch_id,
                 employee_id=employee.pk, reaches={"*": EVERYWHERE})


def found_company() -> SimpleNamespace:
    """Rows of the company, by name."""
    branch = Branch.objects.create(number="B1", name="总部", kind_of="head_office", path="/1/")
    Branch.objects.filter(pk=branch.pk).update(path=f"/{branch.pk}/")
    other = Branch.objects.create(number="B2", name="分部", kind_of="branch", path="/900001/")
    outlet = Branch.objects.create(number="N1", name="网点", kind_of="outlet", path="/900002/")
    province = Region.objects.filter(code="310000").first() or Region.objects.create(code="310000", name="上海市", level=1)
    district = Region.objects.filter(code="310101").first() or Region.objects.create(
        code="310101", name="黄浦区", level=3, parent=province, is_urban=True)
    people = {
        name: Employee.objects.create(number=number, name=shown, branch=branch, is_engineer=name in ("wang", "zhao"))
        for name, number, shown in (
            ("clerk", "E1", "接待"), ("wang", "E2", "王工"), ("zhao", "E3", "赵工"), ("inspector", "E4", "检验"),
            ("auditor", "E5", "审核"), ("dispatcher", "E6", "主任"),
        )
    }
    Coverage.objects.create(region=district, branch=branch, employee=people["wang"])
    given = {"actor": Actor.system("tests"), "at": AT}
    category = words.ensure_category("空调", code="AC", **given)[0]
    product = words.ensure_product("空调一号", category_name="空调", brand="格", **given)[0]
    work_type = words.ensure_work_type("维修", **given)[0]
    ServiceLevel.objects.create(respond_minutes=120, repair_minutes=480)
    customer = parties.create_customer(
        name="张三丰", phone="13800001111", branch_id=branch.pk, region_code="310101", address="南京路一号", **given)
    asset = assets.register_asset(product=product, serial="SN-778899", customer=customer, branch_id=branch.pk, **given)
    fault = words.ensure_code("fault", "不制冷", category=category, **given)[0]
    part = words.create_part(code="P-1", name="压缩机", price_amount="320.00", **given)
    return SimpleNamespace(branch=branch, other=other, outlet=outlet, province=province, district=district,
                           category=category, product=product, work_type=work_type, customer=customer, asset=asset,
                           fault=fault, part=part, **people)
