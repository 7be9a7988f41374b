"""A very small company for the tests of this room: one branch, two engineers, one customer with one unit."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from aftercare.domain.assets.models import Asset
from aftercare.domain.catalog.models import Category, Code, Part, Product, ServiceLevel, WorkType
from aftercare.domain.parties.models import Customer
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
                 employee_id=employee.pk, reaches=dict.fromkeys(("work.view_order", *permissions), reach))


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
    category = Category.objects.create(code="AC", name="空调", name_key="空调")
    product = Product.objects.create(name="空调一号", name_key="空调一号", brand="格", category=category)
    work_type = WorkType.objects.create(code="T-REPAIR", name="修理", minutes=60)
    ServiceLevel.objects.create(respond_minutes=120, repair_minutes=480)
    customer = Customer.objects.create(number="C000001", name="张三丰", name_key="张三丰", phone="13800001111",
                                       branch=branch, region=district, address="南京路一号", created_at=AT)
    asset = Asset.objects.create(number="A000001", product=product, serial="SN-778899", serial_key="SN778899",
                                 maker_key="格", customer=customer, branch=branch, token="t1", created_at=AT)
    fault = Code.objects.create(kind_of="fault", name="不制冷", name_key="不制冷", category=category)
    part = Part.objects.create(code="P-1", name="压缩机", price_amount="320.00")
    return SimpleNamespace(branch=branch, other=other, outlet=outlet, province=province, district=district,
                           category=category, product=product, work_type=work_type, customer=customer, asset=asset,
                           fault=fault, part=part, **people)
