"""The few rows these tests stand on."""

import datetime as dt
from decimal import Decimal

from django.apps import apps

from aftercare.domain.settlement import rules
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.sources import Source

AT = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
MARCH, APRIL, MAY = dt.date(2026, 3, 1), dt.date(2026, 4, 1), dt.date(2026, 5, 1)
SYSTEM = Actor.system("test")


def branch(number="B1", zone="Asia/Shanghai"):
    return apps.get_model("people.Branch").objects.create(number=number, name=number, kind_of="branch", zone=zone)


def engineer(branch, number="E1", wage="3000"):
    return apps.get_model("people.Employee").objects.create(
        number=number, name=number, branch=branch, is_engineer=True, wage_amount=Decimal(wage)
    )


def actor(employee, *codes, branch_id=None, people=()):
    """Somebody who holds these permissions at a branch (or for people's own rows)."""
    reach = Reach(branches=frozenset({branch_id} if branch_id else ()), people=frozenset(people))
    return Actor(kind="employee", id=employee.pk if employee else 0, name="x", employee_id=employee.pk if employee else None,
                 branch_id=branch_id, reaches=dict.fromkeys(codes, reach))


def work(employee, pk=1, **fields):
    base = {
        "source": Source("work.workorder", pk, f"WO{pk}"), "employee_id": employee.pk, "branch_id": employee.branch_id,
        "audited_on": AT.date(), "finished_at": AT, "labour_amount": Decimal("100.00"),
    }
    return rules.AuditedWork(**{**base, **fields})
