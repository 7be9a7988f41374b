import pytest

from aftercare.web.work.tests import cast


@pytest.fixture
def company(db):
    return cast.found()
