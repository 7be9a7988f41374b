import pytest

from aftercare.web.tests.office import Office


@pytest.fixture
def office(db):
    """A small company."""
    return Office()


@pytest.fixture
def admin(office, client):
    """A browser in which the administrator is signed in."""
    return office.sign_in(client, office.admin)
