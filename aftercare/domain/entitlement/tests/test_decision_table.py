"""The decision table, row by row; and its sentences, which never say otherwise than the decision."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.domain.entitlement import queries, rules
from aftercare.domain.entitlement.tests import contradictions, table

D = dt.date
KNOWN = table.terms()


@pytest.mark.parametrize("case", table.cases(), ids=lambda case: case["情形"])
def test_the_table_holds(case):
    found = table.decide(case, KNOWN)
    assert table.told(found) == {name: case[name] for name in ("类别", "配件", "人工", "上门", "止", "疑点")}
    assert contradictions.find(found) == []
    assert rules.Decision.from_data(found.as_data()) == found


def test_every_line_of_the_table_is_a_sentence_in_each_language():
    for case in table.cases():
        told = queries.in_every_language(table.decide(case, KNOWN))
        for code, text in told.items():
            full = "." if code == "en" else "。"
            assert text.endswith(full) and text.count(full) >= 2, (case["情形"], code, text)
            assert re.search(r"20\d\d", text), (case["情形"], code, text)
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"[「“][^」”]*[」”]", "", told["en"]).replace("张", "")), told["en"]


days = st.dates(D(2023, 1, 1), D(2028, 12, 31))
units = st.builds(
    rules.Unit, serial=st.sampled_from(["", "S1"]), invoice_serial=st.sampled_from(["", "S1", "S2"]),
    invoice_number=st.sampled_from(["", "F1"]), sold_on=st.none() | days, invoiced_on=st.none() | days,
    installed_on=st.none() | days, made_on=st.none() | days, reading=st.none() | st.integers(0, 20000),
)  # fmt: skip
covers = st.builds(
    lambda kind, letter, start, length, percent, shares: rules.Cover(
        kind, f"{kind} 保障", "", start, start + dt.timedelta(days=length), service_class=letter, parts_percent=percent,
        covers_labour=shares, borne_by="company",
    ),
    st.sampled_from(["base", "extension", "goodwill", "contract", "exchange"]), st.sampled_from("BCD"), days,
    st.integers(0, 800), st.sampled_from([0, 30, 50, 100]), st.booleans(),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(units, st.sets(st.sampled_from(sorted(KNOWN)), max_size=4), st.lists(covers, max_size=3), days, st.integers(0, 3),
       st.integers(0, 2))
def test_the_explanation_never_contradicts_the_decision(unit, names, ledger, on, code, earlier):
    job = rules.Job(codes={code: "进液"} if code else {}, earlier=tuple(f"WO{n}" for n in range(earlier)))
    found = rules.decide(unit, [KNOWN[name] for name in names], ledger, on, job)
    assert contradictions.find(found) == []
    for change in ("A", "D"):
        by_hand = rules.overridden(found, service_class=change, why="协商", by="王经理", percents={"labour": 40})
        assert contradictions.find(by_hand) == []


@given(st.decimals(min_value=0, max_value=Decimal("99999.99"), places=2), st.integers(0, 100))
def test_shares_are_exact_to_the_cent(amount, percent):
    term = rules.TermLine(1, "t", None, None, "", 12, 0, "sale", 0, True, True, True, D(2020, 1, 1), None, parts_percent=percent)
    unit = rules.Unit(sold_on=D(2025, 1, 1), invoice_number="F")
    shares = rules.shares_of(rules.decide(unit, [term], [], D(2025, 2, 1)), "parts", amount)
    assert sum(shares.values()) == amount
    assert abs(shares.get("maker", 0) - amount * percent / 100) < Decimal("0.01")


def test_the_third_claim_of_a_fault_is_flagged_and_stays_what_it_was():
    term = KNOWN["整机一年"]
    unit = rules.Unit(sold_on=D(2025, 1, 1), invoice_number="F")
    twice = rules.decide(unit, [term], [], D(2025, 2, 1), rules.Job(codes={3: "不制冷"}, earlier=("WO1",)))
    third = rules.decide(unit, [term], [], D(2025, 2, 1), rules.Job(codes={3: "不制冷"}, earlier=("WO1", "WO2")))
    assert "third_claim" not in twice.flags and third.flags == ["third_claim"]
    assert third.service_class == "C"
    with translation.override("zh-hans"):
        assert queries.reason_text(third.reasons[0]) == "同一故障第 3 次报修"


@pytest.mark.parametrize(("policy", "left", "until"), [
    ("restart", D(2026, 12, 31), D(2026, 9, 1)), ("inherit", D(2026, 12, 31), D(2026, 12, 31)),
    ("longer", D(2026, 12, 31), D(2026, 12, 31)), ("longer", D(2026, 7, 1), D(2026, 9, 1)), ("inherit", None, None),
])
def test_what_is_put_in_runs_anew_or_takes_over_by_policy(policy, left, until):
    term = rules.TermLine(1, "配件三月", None, None, "", 3, 0, "sale", 0, True, False, False, D(2020, 1, 1), None, kind="part",
                          policy=policy)
    replaced = rules.Cover("base", "整机", "", D(2025, 1, 1), left) if left else None
    found = rules.replacement_cover(rules.TermBook([term]), rules.Unit(), kind="part", component="主板", on=D(2026, 6, 1),
                                    replaced=replaced)
    assert (found and found.ends_on) == until
    assert found is None or (found.component == "主板" and found.starts_on == D(2026, 6, 1))


def test_a_regions_term_holds_there_alone_and_goes_first():
    here = rules.TermLine(1, "上海两年", None, None, "", 24, 0, "sale", 0, True, True, True, D(2020, 1, 1), None, region="310000")
    unit = rules.Unit(sold_on=D(2025, 1, 1), invoice_number="F", regions=("310101", "310100", "310000"))
    assert rules.decide(unit, [here, KNOWN["整机一年"]], [], D(2026, 6, 1)).term_name == "上海两年"
    away = rules.Unit(sold_on=D(2025, 1, 1), invoice_number="F", regions=("330100", "330000"))
    assert rules.decide(away, [here, KNOWN["整机一年"]], [], D(2025, 6, 1)).term_name == "整机一年"
