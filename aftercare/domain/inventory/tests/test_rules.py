"""The moving average keeps every millionth; lines of one balance are merged."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.inventory import rules
from aftercare.domain.inventory.rules import Shift

quantities = st.decimals(min_value=D("0.001"), max_value=D(1000), places=3)
costs = st.decimals(min_value=0, max_value=D(10000), places=6)


@given(st.lists(st.tuples(quantities, costs), min_size=1, max_size=8), st.lists(quantities, max_size=8))
def test_an_empty_store_is_worth_nothing(received, taken):
    qty = value = D(0)
    for put, unit in received:
        qty, value = rules.put_in(qty, value, put, unit)
    for wish in taken:
        _unit, qty, value = rules.take_out(qty, value, min(wish, qty) if qty else D(0))
    if qty:
        _unit, qty, value = rules.take_out(qty, value, qty)
    assert (qty, value) == (0, 0)


def test_replay_is_the_same_walk():
    assert rules.replay([(D(2), D(10)), (D(1), D(11)), (D(-1), D(0))]) == (D(2), D("20.666667"))
    assert rules.replay([(D(2), D(10)), (D(-2), D(0)), (D(1), D(3))]) == (D(1), D(3))


def test_average_of_nothing_is_nothing():
    assert (rules.average(D(0), D(5)), rules.average(D(3), D(10))) == (0, D("3.333333"))


def test_what_is_enough():
    assert rules.is_enough(D(2), D(1), Shift(on_hand=D(-1)))
    assert not rules.is_enough(D(2), D(1), Shift(on_hand=D(-2)))
    assert rules.is_enough(D(2), D(1), Shift(on_hand=D(-1), reserved=D(-1)))
    assert not rules.is_enough(D(2), D(1), Shift(reserved=D(2)))
    assert not rules.is_enough(D(2), D(1), Shift(reserved=D(-2)))
