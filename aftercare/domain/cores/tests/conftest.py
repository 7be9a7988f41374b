import pytest

from aftercare.domain.cores.tests.shop import Shop


@pytest.fixture
def shop(db) -> Shop:
    return Shop()
