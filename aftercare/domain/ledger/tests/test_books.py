"""Bookings sum to zero, stand once, are reversed once, and respect closed days."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aftercare.domain.ledger import actions as ledger
from aftercare.domain.ledger import queries
from aftercare.domain.people.queries import marks_once
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, WrongState
from aftercare.foundation.sources import Source

pytestmark = [pytest.mark.django_db, pytest.mark.both]
AT = dt.datetime(2026, 3, 2, 17, 0, tzinfo=dt.UTC)  # the third of March in Shanghai
NOW = {"actor": Actor.system("test"), "at": AT}
PAPER = Source("work.workorder", 1, "WO000001")
CUSTOMER = ("parties.customer", 7)


@pytest.fixture
def branch(db):
    return apps.get_model("people.Branch").objects.create(number="B1", name="杭州", kind_of="branch", path="/1/")


def post(branch, amount="100", key="k", **more):
    amount = D(amount)
    lines = [("receivable", CUSTOMER, amount), ("revenue_labour", None, -amount)]
    return ledger.post(**{"source": PAPER, "key": key, "lines": lines, "branch_id": branch.pk, **NOW, **more})


def test_a_booking_raises_balances_on_the_local_day(branch):
    entry = post(branch)
    assert (entry.day, entry.at) == (dt.date(2026, 3, 3), AT)
    assert (queries.balance("receivable", CUSTOMER), queries.balance("revenue_labour")) == (100, -100)
    assert queries.open_amounts(CUSTOMER) == {"receivable": 100}


def test_the_same_call_twice_books_once(branch):
    assert post(branch).pk == post(branch).pk
    assert queries.balance("receivable", CUSTOMER) == 100


def test_a_key_means_one_booking(branch):
    post(branch)
    with pytest.raises(WrongState) as refusal, transaction.atomic():
        post(branch, "101")
    assert refusal.value.code == "key_reused"


def test_lines_of_one_account_and_party_are_one_line(branch):
    entry = post(branch, lines=[("receivable", CUSTOMER, D(60)), ("receivable", CUSTOMER, D(40)), ("bank", None, D(-100))])
    assert entry.lines.count() == 2


@pytest.mark.parametrize(("lines", "code"), [
    ([("receivable", None, D(1))], "not_balanced"), ([], "not_balanced"),
    ([("receivable", None, D("0.001")), ("bank", None, D("-0.001"))], "amount_too_fine"),
    ([("receivable", None, D(1)), ("nowhere", None, D(-1))], "no_account"),
])
def test_bad_bookings_are_refused(branch, lines, code):
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        post(branch, lines=lines)
    assert refusal.value.code == code


def test_reversal_once(branch):
    entry = post(branch)
    reversal = ledger.reverse(entry, key="undo", **NOW)
    assert ledger.reverse(entry, key="undo", **NOW).pk == reversal.pk
    assert queries.balance("receivable", CUSTOMER) == 0
    with pytest.raises(WrongState) as refusal, transaction.atomic():
        ledger.reverse(entry, key="undo again", **NOW)
    assert refusal.value.code == "reversed_already"
    with pytest.raises(WrongState):
        ledger.reverse(reversal, key="back", **NOW)


def test_reversal_by_hand_needs_right_and_reason(branch):
    entry = post(branch)
    with pytest.raises(RuleBroken):
        ledger.reverse_entry(entry.pk, reason=" ", **NOW)
    with pytest.raises(NotFound):
        ledger.reverse_entry(entry.pk, reason="x", actor=Actor("employee", 1, "x"), at=AT)
    ledger.reverse_entry(entry.pk, reason="错账", **NOW)
    assert queries.balance("receivable", CUSTOMER) == 0


def test_closed_days_take_no_more_bookings(branch):
    ledger.close_period(closed_to=dt.date(2026, 3, 4), branch_id=branch.pk, actor=NOW["actor"], at=AT + dt.timedelta(days=9))
    entry = post(branch)
    assert (entry.day, entry.at) == (dt.date(2026, 3, 5), AT)


@pytest.mark.parametrize("of_company", [True, False])
def test_closing_refuses_earlier_and_unfinished_days(branch, of_company):
    close = {"branch_id": None if of_company else branch.pk, **NOW}
    ledger.close_period(closed_to=dt.date(2026, 3, 1), **close)
    for day, code in ((dt.date(2026, 2, 1), "closed_already"), (dt.date(2026, 3, 3), "day_not_over")):
        with pytest.raises(RuleBroken) as refusal:
            ledger.close_period(closed_to=day, **close)
        assert refusal.value.code == code


def test_closing_needs_its_right(branch):
    own = Actor("employee", 1, "x", reaches={"ledger.close_period": Reach(branches=frozenset({branch.pk}))})
    ledger.close_period(closed_to=dt.date(2026, 3, 1), branch_id=branch.pk, actor=own, at=AT)
    with pytest.raises(NotAllowed):
        ledger.close_period(closed_to=dt.date(2026, 3, 1), branch_id=None, actor=own, at=AT)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_edits(branch, table, statement):
    post(branch)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_booking_takes_few_statements(branch):
    post(branch, key="first")
    with marks_once(), CaptureQueriesContext(connection) as statements:
        post(branch)
    assert len(statements) <= 7
