"""`aftercare check` finds bills and books that do not agree, and is silent when they do."""

from decimal import Decimal as D

import pytest

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import checks
from aftercare.domain.billing.models import Bill
from aftercare.domain.billing.tests.test_bills import LINES, NOW, ORDER, Till
from aftercare.domain.ledger import checks as ledger_checks
from aftercare.domain.ledger.models import Balance

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def till(db):
    till = Till()
    till.set()
    billing.finalise(ORDER, **NOW)
    receipt = billing.collect(ORDER, amount=D("20.10"), method="cash", collected_by_id=till.engineer.pk, **NOW)
    billing.remit([receipt], **NOW)
    billing.void(receipt, reason="x", **NOW)
    billing.collect(ORDER, amount=D("20.20"), method="wechat", **NOW)
    return till


def test_sound_books_are_silent(till):
    for check in (checks.check_sums, checks.check_receivables, ledger_checks.check_entries, ledger_checks.check_balances):
        assert check() == []


def test_a_reversed_bill_keeps_the_books_sound(till):
    billing.reverse_final(ORDER, reason="x", **NOW)
    till.set(LINES[:1])
    assert checks.check_sums() + checks.check_receivables() == []


def test_an_edited_bill_is_found(till):
    Bill.objects.update(paid_amount=D(1))
    assert len(checks.check_sums()) == 1


def test_an_edited_balance_is_found(till):
    Balance.objects.filter(account__code="receivable").update(amount=D(1))
    assert len(ledger_checks.check_balances()) == 1
    assert len(checks.check_receivables()) == 1
