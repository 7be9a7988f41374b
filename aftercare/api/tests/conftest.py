"""A small company that calls the API, and a caller that checks every answer against the OpenAPI document."""

import pytest

from aftercare.api.tests.world import World, found_world


@pytest.fixture
def world(db) -> World:
    """Head office, two branches, and one person for each role."""
    return found_world()
