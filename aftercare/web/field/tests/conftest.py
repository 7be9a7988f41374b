import pytest

from aftercare.web.field.tests import staff


@pytest.fixture
def company(db):
    return staff.found()


@pytest.fixture
def wang(company):
    """王工's telephone."""
    return staff.sign_in(company.wang)
