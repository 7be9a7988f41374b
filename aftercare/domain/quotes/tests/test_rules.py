"""What a consent covers, and what proves it. No database."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.quotes import rules

names = st.sampled_from(["人工费", "主板", "上门费"])
kinds = st.sampled_from(["labour", "part"])
lines = st.lists(st.tuples(kinds, names, st.decimals("0.01", 999, places=2)), max_size=6)


@given(lines, lines)
def test_what_exceeds_is_what_is_charged_above_the_consent(agreed, charged):
    over = rules.exceeding(agreed, charged)
    sums = {key: sum((a for k, n, a in agreed if (k, n) == key), D(0)) for key in {(k, n) for k, n, _a in [*agreed, *charged]}}
    for key, allowed in sums.items():
        wanted = sum((a for k, n, a in charged if (k, n) == key), D(0))
        found = sum((a for k, n, a in over if (k, n) == key), D(0))
        assert found == max(wanted - allowed, D(0))
    # What is covered line by line is covered in all.
    if not over:
        assert sum((a for *_x, a in charged), D(0)) <= sum((a for *_x, a in agreed), D(0))


@given(lines)
def test_what_was_agreed_to_is_covered_and_a_cent_more_is_not(agreed):
    assert rules.exceeding(agreed, agreed) == []
    assert rules.exceeding(agreed, [*agreed, ("other", "加项", D("0.01"))]) == [("other", "加项", D("0.01"))]


def test_a_lump_sum_binds_by_its_total():
    agreed = [("other", "一口价", D(400))]
    assert rules.exceeding(agreed, [("labour", "人工费", D(100)), ("part", "主板", D(300))], is_lump=True) == []
    assert rules.exceeding(agreed, [("part", "主板", D("400.01"))], is_lump=True) == [("", "", D("0.01"))]


@pytest.mark.parametrize(("due", "company", "customer", "wanted"), [
    (D(100), None, None, False), (D(100), D(100), None, False), (D("100.01"), D(100), None, True),
    (D(60), D(100), D(50), True), (D(40), D(0), None, True),
])
def test_the_lower_of_both_limits_decides_whether_consent_is_needed(due, company, customer, wanted):
    assert rules.needs_consent(due, company, customer) is wanted


@pytest.mark.parametrize(("channel", "name", "evidence", "picture", "code"), [
    ("fax", "李", {}, None, "unknown_channel"), ("counter", " ", {}, None, "name_missing"),
    ("signature", "李", {}, None, "signature_missing"), ("signature", "李", {}, b"x" * 400_001, "signature_too_large"),
    ("call", "李", {"reference": "12"}, None, "recording_missing"),
])
def test_a_consent_without_its_evidence(channel, name, evidence, picture, code):
    assert rules.require_evidence(channel, name, evidence, picture)[0] == code


@pytest.mark.parametrize(("channel", "evidence", "picture"), [
    ("portal", {}, None), ("counter", {}, None), ("signature", {}, b"png"), ("call", {"reference": "REC-0012"}, None),
])
def test_a_consent_with_its_evidence(channel, evidence, picture):
    assert rules.require_evidence(channel, "李女士", evidence, picture) is None


def test_links_are_128_bits_and_differ_by_quote_series_and_secret():
    tokens = {rules.link_token(secret, number, series) for secret in (b"a", b"b") for number in ("1", "2") for series in (1, 2)}
    assert len(tokens) == 8 and all(len(token) == 22 for token in tokens)
    assert rules.token_digest("x") != rules.token_digest("y")
