"""Collect, remit, void, cash sheet, unsettled: where the money lies at any time."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries
from aftercare.domain.billing.tests.test_bills import AT, LINES, NOW, ORDER, Till
from aftercare.domain.ledger import queries as ledger
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def till(db):
    till = Till()
    till.set()
    return till


def pay(till, amount="100", method="cash", **more):
    return billing.collect(
        ORDER, **{"amount": D(amount), "method": method, "collected_by_id": till.engineer.pk, **NOW, **more}
    )


def in_hand(till):
    return ledger.balance("engineer_cash", ("people.employee", till.engineer.pk))


def test_cash_on_site_is_in_the_engineers_hand(till):
    receipt = pay(till)
    assert (receipt.number, receipt.status, receipt.day) == ("SK260302000001", "held", DAY)
    assert (in_hand(till), till.owed, queries.find_bill(ORDER).paid_amount) == (100, -100, 100)


@pytest.mark.parametrize(("method", "more", "account"), [
    ("wechat", {}, "bank"), ("transfer", {"collected_by_id": None}, "bank"), ("cash", {"at_desk": True}, "cash_desk"),
])
def test_other_money_is_the_companys_at_once(till, method, more, account):
    receipt = pay(till, method=method, **more)
    assert (receipt.status, ledger.balance(account), in_hand(till)) == ("remitted", 100, 0)


def test_more_than_due_is_refused_unless_a_deposit(till):
    pay(till, "169.97")
    with pytest.raises(RuleBroken) as refusal:
        pay(till, "0.02")
    assert refusal.value.code == "more_than_due"
    pay(till, "0.01")
    pay(till, "10", deposit=True)
    assert queries.find_bill(ORDER).open_amount == -10


@pytest.mark.parametrize(("more", "code"), [
    ({"amount": D(0)}, "amount_too_small"), ({"method": "shells"}, "unknown_method"), ({"collected_by_id": None}, "collector_needed"),
])
def test_bad_collections_are_refused(till, more, code):
    with pytest.raises(RuleBroken) as refusal:
        pay(till, **more)
    assert refusal.value.code == code


def test_collecting_needs_the_right_and_sight_of_the_bill(till):
    with pytest.raises(NotAllowed):
        pay(till, actor=till.person("billing.view_bill"))
    elsewhere = Reach(branches=frozenset({99}))
    with pytest.raises(NotFound):
        pay(till, actor=Actor("employee", 99, "x", reaches={"billing.view_bill": elsewhere, "billing.collect": elsewhere}))
    assert pay(till, actor=till.person("billing.view_bill", "billing.collect")).pk


def test_a_reversed_bill_takes_no_money(till):
    billing.finalise(ORDER, **NOW)
    billing.reverse_final(ORDER, reason="x", **NOW)
    with pytest.raises(WrongState):
        pay(till)


def test_remit_moves_cash_to_the_desk_once(till):
    receipts = [pay(till, "60"), pay(till, "40")]
    done = billing.remit(receipts, remitted_to_id=till.cashier.pk, **NOW)
    assert {row.status for row in done} == {"remitted"} and done[0].remitted_to_id == till.cashier.pk
    assert (in_hand(till), ledger.balance("cash_desk")) == (0, 100)
    with pytest.raises(WrongState):
        billing.remit(receipts, **NOW)


def test_remit_is_all_or_nothing(till):
    first, second = pay(till, "60"), pay(till, "40")
    billing.remit([second], **NOW)
    with pytest.raises(WrongState):
        billing.remit([first, second], **NOW)
    assert in_hand(till) == 60


@pytest.mark.parametrize("remitted", [True, False])
def test_void_makes_the_money_owed_again(till, remitted):
    receipt = pay(till)
    if remitted:
        billing.remit([receipt], **NOW)
    billing.void(receipt, reason="写错", **NOW)
    assert (till.owed, in_hand(till), ledger.balance("cash_desk"), queries.find_bill(ORDER).paid_amount) == (0, 0, 0, 0)
    with pytest.raises(WrongState):
        billing.void(receipt, reason="写错", **NOW)


def test_void_needs_a_reason(till):
    receipt = pay(till)
    with pytest.raises(RuleBroken):
        billing.void(receipt, reason="", **NOW)


def test_cash_sheet_tells_who_holds_what(till):
    pay(till, "30", at=AT - dt.timedelta(days=1))
    pay(till, "20")
    billing.remit([pay(till, "40")], **NOW)
    billing.void(pay(till, "10"), reason="写错", **NOW)
    pay(till, "50", method="wechat")
    with CaptureQueriesContext(connection) as statements:
        sheet = queries.cash_sheet(till.branch.pk, DAY, actor=NOW["actor"])
    assert len(statements) == 2
    cash = next(row for row in sheet.rows if row.method == "cash")
    assert (cash.name, cash.held_amount, cash.remitted_amount, cash.voided_amount, cash.receipts) == ("王工", 20, 40, 10, 3)
    assert (sheet.total("held_amount"), sheet.by_method()["wechat"], sheet.overdue_amount) == (20, 50, 30)


def test_unsettled_lists_what_a_day_may_not_end_with(till):
    actor = NOW["actor"]
    pay(till, "100")
    listed = queries.unsettled(actor)
    assert (listed.unpaid.count(), listed.unremitted.count(), listed.not_final.count()) == (0, 1, 1)
    assert queries.without_final_bill(ORDER.kind, [ORDER.id, 7]) == {ORDER.id, 7}
    billing.finalise(ORDER, **NOW)
    listed = queries.unsettled(actor)
    assert (listed.unpaid.count(), listed.not_final.count()) == (1, 0)
    assert queries.without_final_bill(ORDER.kind, [ORDER.id, 7]) == {7}
    assert queries.unpaid_amount(till.customer.pk) == D("69.98")
    assert [bill.open_amount for bill in queries.unpaid_of_customer(till.customer.pk)] == [D("69.98")]


def test_overpaid_is_unsettled_too(till):
    pay(till, "150")
    till.set(LINES[:1])
    billing.finalise(ORDER, **NOW)
    assert queries.unsettled(NOW["actor"]).overpaid.count() == 1


def test_statements_of_a_collection(till):
    pay(till, "1")
    with CaptureQueriesContext(connection) as statements:
        pay(till)
    assert len(statements) <= 17
