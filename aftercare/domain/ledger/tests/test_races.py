"""The same booking from many clients at once stands once."""

import pytest
from django.apps import apps

from aftercare.domain.inventory.tests.races import WON, race
from aftercare.domain.ledger import actions as ledger
from aftercare.domain.ledger import checks, queries
from aftercare.domain.ledger.tests.test_books import CUSTOMER, NOW, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both, pytest.mark.slow]
CLIENTS = 8


@pytest.fixture
def branch(transactional_db):
    return apps.get_model("people.Branch").objects.create(number="B1", name="杭州", kind_of="branch", path="/1/")


def test_one_key_books_once(branch):
    entries = []

    def book(_number: int) -> bool:
        entries.append(post(branch).pk)
        return True

    assert race(CLIENTS, book) == {WON: CLIENTS}
    assert len(set(entries)) == 1
    assert queries.balance("receivable", CUSTOMER) == 100
    assert checks.check_balances() == []


def test_one_entry_is_reversed_once(branch):
    entry = post(branch)

    def undo(number: int) -> bool:
        ledger.reverse(entry, key=f"undo {number}", **NOW)
        return True

    assert race(CLIENTS, undo) == {WON: 1, "reversed_already": CLIENTS - 1}
    assert queries.balance("receivable", CUSTOMER) == 0
