"""Two who collect the same debt, or book the same thing, at once."""

from decimal import Decimal as D

import pytest

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import checks, queries
from aftercare.domain.billing.tests.test_bills import LINES, NOW, ORDER, Till
from aftercare.domain.inventory.tests.races import WON, race
from aftercare.domain.ledger import checks as ledger_checks
from aftercare.domain.ledger import queries as ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both, pytest.mark.slow]
CLIENTS = 8


@pytest.fixture
def till(transactional_db):
    till = Till()
    till.set(LINES[:1])
    return till


def test_a_debt_is_paid_once(till):
    def pay(_number: int) -> bool:
        billing.collect(ORDER, amount=D(120), method="cash", collected_by_id=till.engineer.pk, **NOW)
        return True

    assert race(CLIENTS, pay) == {WON: 1, "more_than_due": CLIENTS - 1}
    assert ledger.balance("engineer_cash") == queries.find_bill(ORDER).paid_amount == 120


def test_a_bill_is_final_once(till):
    def finalise(_number: int) -> bool:
        billing.finalise(ORDER, **NOW)
        return True

    assert race(CLIENTS, finalise) == {WON: 1, "wrong_state": CLIENTS - 1}
    assert till.owed == 120


def test_cash_is_remitted_once(till):
    receipt = billing.collect(ORDER, amount=D(120), method="cash", collected_by_id=till.engineer.pk, **NOW)

    def remit(_number: int) -> bool:
        billing.remit([receipt], **NOW)
        return True

    assert race(CLIENTS, remit) == {WON: 1, "wrong_state": CLIENTS - 1}
    assert ledger.balance("cash_desk") == 120
    assert checks.check_sums() + checks.check_receivables() + ledger_checks.check_balances() == []
