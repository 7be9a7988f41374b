"""Several payers of one charge: exact to the cent, kept by hand, booked to each."""

import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.billing import actions as billing
from aftercare.domain.billing import queries, rules
from aftercare.domain.billing.rules import Share
from aftercare.domain.billing.tests.test_bills import LINES, NOW, ORDER, Till
from aftercare.domain.ledger import queries as ledger
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken

amounts = st.decimals(0, 10**6, places=2)
shares = st.lists(
    st.one_of(
        st.tuples(st.decimals("0.001", 100, places=3), st.none()), st.tuples(st.none(), st.decimals("0.01", 500, places=2)),
        st.tuples(st.none(), st.none()),
    ), min_size=1, max_size=len(billing.PAYERS),
)


@given(amounts, shares)
def test_shares_sum_to_the_line_and_nobody_bears_less_than_nothing(amount, given_shares):
    wanted = [Share(payer, percent, fixed) for payer, (percent, fixed) in zip(billing.PAYERS, given_shares, strict=False)]
    found = rules.divided(amount, wanted)
    assert sum(part for _share, part in found) == amount
    assert all(part >= 0 for _share, part in found)
    assert len({share.payer for share, _part in found}) == len(found)


@given(amounts, shares)
def test_what_may_stand_is_divided_as_it_says(amount, given_shares):
    wanted = [Share(payer, percent, fixed) for payer, (percent, fixed) in zip(billing.PAYERS, given_shares, strict=False)]
    if rules.check_shares(wanted, amount) is not None:
        return
    parts = {share.payer: part for share, part in rules.divided(amount, wanted)}
    for share in wanted:
        if share.amount is not None:
            assert parts.get(share.payer, 0) >= share.amount
        if share.percent is not None and share.payer != "customer":
            assert abs(parts.get(share.payer, D(0)) - amount * share.percent / 100) <= D("0.01")


@pytest.fixture
def till(db):
    return Till()


@pytest.mark.both
def test_a_charge_divided_by_hand_stays_so_and_is_booked_to_each(till):
    bill = till.set()
    outlet = Share("outlet", D(30), party=("people.branch", till.branch.pk))
    bill = billing.divide(bill, line="labour", shares=[outlet, Share("company", amount=D("20.01")), Share("customer")],
                          reason="网点责任", **NOW)
    assert [(r.line, r.payer, r.amount, r.share_percent) for r in queries.charges_of(ORDER) if r.base_line == "labour"] == [
        ("labour/outlet", "outlet", D("36.00"), D(30)), ("labour/company", "company", D("20.01"), None),
        ("labour/customer", "customer", D("63.99"), None),
    ]
    assert (bill.due_amount, bill.covered_amount) == (D("113.97"), D("106.01"))
    bill = billing.waive(bill, line="labour/customer", amount=D("3.99"), reason="老客户", **NOW)
    dearer = [LINES[0]._replace(price=D(200)), *LINES[1:]]
    bill = till.set(dearer)
    assert {r.payer: r.net_amount for r in queries.charges_of(ORDER) if r.base_line == "labour"} == {
        "outlet": D(60), "company": D("20.01"), "customer": D("116.00")}
    assert till.set(dearer).version == bill.version
    billing.finalise(ORDER, **NOW)
    assert ledger.balance("outlet_claim", ("people.branch", till.branch.pk)) == 60
    assert (ledger.balance("company_cost"), till.owed) == (D("20.01"), bill.due_amount)
    assert [amount for _p, _label, amount in queries.borne_by(queries.charges_of(ORDER))] == [
        D("165.98"), D(60), D("20.01"), D(50)]


def test_undoing_the_division_gives_the_line_back(till):
    bill = till.set()
    bill = billing.divide(bill, line="labour", shares=[Share("company", D(50))], reason="优待", **NOW)
    assert bill.due_amount == D("109.98")
    bill = billing.divide(bill, line="labour", shares=[], reason="记错", **NOW)
    assert till.set().due_amount == D("169.98") and bill.shares == {}


@pytest.mark.parametrize(("given_shares", "code"), [
    ([Share("uncle", D(5))], "unknown_payer"), ([Share("company", D(5)), Share("company", D(6))], "payer_twice"),
    ([Share("company"), Share("outlet")], "payer_twice"), ([Share("company", D(101))], "bad_share"),
    ([Share("company", D(5), D(5))], "bad_share"), ([Share("company", amount=D("0.001"))], "bad_share"),
    ([Share("company", D(60)), Share("outlet", D(60))], "too_much"), ([Share("company", amount=D(121))], "too_much"),
])
def test_shares_that_may_not_stand(till, given_shares, code):
    with pytest.raises(RuleBroken) as refusal:
        billing.divide(till.set(), line="labour", shares=given_shares, reason="x", **NOW)
    assert refusal.value.code == code


def test_dividing_needs_line_reason_and_right(till):
    bill = till.set()
    with pytest.raises(NotFound):
        billing.divide(bill, line="gift", shares=[Share("company", D(5))], reason="x", **NOW)
    with pytest.raises(RuleBroken):
        billing.divide(bill, line="labour", shares=[Share("company", D(5))], reason=" ", **NOW)
    clerk = till.person("billing.view_bill", "billing.edit_charges")
    with pytest.raises(NotAllowed):
        billing.divide(bill, line="labour", shares=[Share("company", D(5))], reason="x", actor=clerk,
                       at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
