"""A very small company for the tests of the low rooms: two branches, a clerk of the first, a stranger of the second."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from aftercare.domain.people.models import Branch, Region
from aftercare.foundation.access import EVERYWHERE, Actor, Reach

# A Sunday, 10:00 in Shanghai.
AT = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)


def at_branch(branch: Branch, *permissions: str, name: str = "员工") -> Actor:
    """Somebody who holds these permissions at that branch and nothing else."""
    reach = Reach(branches=frozenset({branch.pk}))
    return Actor(kind="employee", id=7, name=name, branch_id=branch.pk, employee_id=7,
                 reaches=dict.fromkeys(permissions, reach))


def customer_actor(customer, *permissions: str) -> Actor:
    """A signed-in customer."""
    return Actor(kind="customer", id=customer.pk, name=customer.name, customer_id=customer.pk,
                 reaches=dict.fromkeys(permissions, EVERYWHERE))


def found_company() -> SimpleNamespace:
    """Branches, a region and the cast, by name."""
    here = Branch.objects.create(number="T1", name="本店", kind_of="branch")
    there = Branch.objects.create(number="T2", name="外地", kind_of="branch")
    for branch in (here, there):
        Branch.objects.filter(pk=branch.pk).update(path=f"/{branch.pk}/")
    region = Region.objects.filter(code="310101").first() or Region.objects.create(
        code="310101", name="黄浦区", level=3, is_urban=True)
    desk = ("parties.view_customer", "parties.edit_customer", "assets.view_asset", "assets.edit_asset", "catalog.view",
            "catalog.add_word", "entitlement.view")
    return SimpleNamespace(
        here=here, there=there, region=region, boss=Actor.system("测试"), clerk=at_branch(here, *desk, name="接待"),
        stranger=at_branch(there, *desk, name="外地接待"), reader=at_branch(here, "parties.view_customer", "catalog.view"),
    )
