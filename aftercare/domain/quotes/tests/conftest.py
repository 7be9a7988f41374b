import datetime as dt
from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from django.apps import apps

from aftercare.domain.quotes import actions
from aftercare.domain.quotes.rules import Line
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.sources import Source

AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
LINES = [
    Line("labour", "人工费", D(1), D("120.00"), D("120.00"), D("120.00")),
    Line("part", "主板", D(1), D("300.00"), D("300.00"), D("90.00")),
]


@pytest.fixture
def desk(db):
    """A branch that quotes for document 1; `make` and `send` do so by the product itself."""
    branch = apps.get_model("people.Branch").objects.create(number="B1", name="杭州", kind_of="branch", path="/1/")
    system = {"actor": Actor.system("test"), "at": AT}

    def make(number: int = 1, **values):
        source = Source("work.workorder", number, f"WO{number:06d}")
        return actions.make(source, **{"branch_id": branch.pk, "lines": LINES, "subject": "不制冷", **system, **values})

    def person(*permissions):
        return Actor("employee", 5, "李接待", employee_id=5, reaches=dict.fromkeys(permissions, Reach(branches=frozenset({branch.pk}))))

    return SimpleNamespace(
        branch=branch, make=make, send=lambda *a, **more: actions.send(make(*a, **more), **system), person=person, system=system
    )
