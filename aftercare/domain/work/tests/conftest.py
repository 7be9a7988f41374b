import pytest

from aftercare.domain.work import actions
from aftercare.domain.work.tests import company as companies


@pytest.fixture
def company(db):
    return companies.found_company()


@pytest.fixture
def boss(company):
    """Somebody who may do everything and is no engineer."""
    return companies.everything(company.dispatcher)


@pytest.fixture
def open_order(company, boss):
    """Opens an order of the company's one unit; named values vary it."""

    def make(**values):
        given = {
            "work_type": company.work_type, "branch_id": company.branch.pk, "customer": company.customer,
            "asset": company.asset, "title": "不制冷", "fault": company.fault, "actor": boss, "at": companies.AT,
        }
        return actions.open_order(**(given | values))

    return make
