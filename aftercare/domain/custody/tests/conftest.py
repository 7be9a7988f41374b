import datetime as dt

import pytest

from aftercare.domain.custody import actions
from aftercare.domain.work.tests import company as companies

AT = companies.AT


@pytest.fixture
def company(db):
    return companies.found_company()


@pytest.fixture
def boss(company):
    """Who may everything; an employee like others."""
    return companies.everything(company.dispatcher)


@pytest.fixture
def things(company, boss):
    """A loaner, an instrument, a plain tool and a paper of the branch."""
    given = {"branch_id": company.branch.pk, "actor": boss, "at": AT}
    return type("Things", (), {
        "loaner": actions.create_loaner(product=company.product, serial="by-001", value_amount=1000, state="九成新",
                                        accessories=["电源线", "遥控器"], **given),
        "meter": actions.create_tool(name="万用表", kind_of="instrument", model="F-17", serial="M1", value_amount=800,
                                     calibration_months=12, calibrated_to=dt.date(2026, 6, 1), **given),
        "drill": actions.create_tool(name="电锤", value_amount=600, **given),
        "drawing": actions.create_paper(number="DWG-7", title="空调一号电路图", kind_of="drawing", secrecy="secret", **given),
    })  # fmt: skip
