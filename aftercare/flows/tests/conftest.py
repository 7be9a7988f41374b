from decimal import Decimal

import pytest

from aftercare.domain.inventory import actions as inventory
from aftercare.domain.work.tests import company as companies
from aftercare.foundation.access import Actor
from aftercare.foundation.sources import Source


@pytest.fixture
def company(db):
    """The company of the work room with a part store, a van and stock in both."""
    found = companies.found_company()
    system = Actor.system("tests")
    found.depot = inventory.ensure_depot(found.branch.pk, name="总部配件库", actor=system, at=companies.AT)
    found.van = inventory.ensure_van(found.wang.pk, branch_id=found.branch.pk, name="王工随车", actor=system, at=companies.AT)
    source = Source("tests.stock", 1, "T1")
    inventory.receive(found.depot, source=source, key="depot", actor=system, at=companies.AT,
                      lines=[(found.part.pk, Decimal(5), Decimal("100.00"))])
    return found


@pytest.fixture
def boss(company):
    return companies.everything(company.dispatcher)
