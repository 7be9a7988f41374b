import pytest

from tests import world as worlds


@pytest.fixture
def world(db) -> worlds.World:
    return worlds.found()
