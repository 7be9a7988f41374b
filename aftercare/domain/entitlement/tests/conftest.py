import pytest

from aftercare.domain.parties.tests import company as companies


@pytest.fixture
def company(db):
    return companies.found_company()
