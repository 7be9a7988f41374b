"""The warranty rules on plain values."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.entitlement import rules
from aftercare.domain.entitlement.rules import Cover, TermLine, Unit, add_months, cover_end, decide

D = dt.date
SOLD = D(2025, 3, 15)
SALE = {"sold_on": SOLD, "invoiced_on": SOLD, "invoice_number": "FP1"}


def term(**changes) -> TermLine:
    values = {
        "id": 1, "name": "整机一年", "product_id": None, "category_id": None, "component": "", "months": 12, "days": 0,
        "starts": "sale", "grace_months": 0, "covers_parts": True, "covers_labour": True, "covers_travel": True,
        "valid_from": D(2000, 1, 1), "valid_to": None,
    }
    return TermLine(**values | changes)


def unit(**changes) -> Unit:
    return Unit(**{"product_id": 7, "categories": (3, 2), "serial": "S1", **SALE} | changes)


def base(**changes) -> Cover:
    values = {"kind": "base", "name": "整机一年", "component": "", "starts_on": SOLD, "ends_on": D(2026, 3, 15)}
    return Cover(**values | changes)


def codes(decision) -> list[str]:
    return [reason["code"] for reason in decision.reasons]


@pytest.mark.parametrize(("start", "months", "end"), [
    (D(2024, 2, 29), 12, D(2025, 2, 28)),
    (D(2025, 8, 31), 6, D(2026, 2, 28)),
    (D(2026, 1, 31), 1, D(2026, 2, 28)),
    (D(2023, 8, 31), 6, D(2024, 2, 29)),
    (D(2025, 3, 15), 12, D(2026, 3, 15)),
    (D(2025, 12, 31), 2, D(2026, 2, 28)),
    (D(2025, 3, 31), -1, D(2025, 2, 28)),
    (D(2025, 3, 15), 0, D(2025, 3, 15)),
])
def test_a_month_ends_with_its_corresponding_day(start, months, end):
    assert add_months(start, months) == end


def walk(start: D, months: int) -> D:
    """Day by day through `months` changes of month, then to the wanted day or the month's end."""
    day, left = start, months
    while left:
        day += dt.timedelta(days=1)
        left -= day.day == 1
    while day.day < start.day and (day + dt.timedelta(days=1)).day != 1:
        day += dt.timedelta(days=1)
    return day


@given(st.dates(D(1990, 1, 1), D(2080, 12, 31)), st.integers(1, 60))
def test_months_agree_with_a_walk_through_the_days(start, months):
    assert add_months(start, months) == walk(start, months)


@given(st.dates(D(1990, 1, 1), D(2080, 12, 31)), st.integers(1, 60))
def test_a_longer_term_never_ends_earlier(start, months):
    assert cover_end(start, months) < cover_end(start, months + 1) or start.day >= 28
    assert cover_end(start, months) <= cover_end(start, months + 1)
    assert cover_end(start, months) > start


def test_days_are_added_after_months():
    assert cover_end(D(2026, 1, 31), 1, 3) == D(2026, 3, 3)
    assert cover_end(D(2026, 1, 1), days=7) == D(2026, 1, 8)


def test_the_last_day_counts_and_the_next_does_not():
    assert decide(unit(), [term()], [], D(2026, 3, 15)).service_class == "C"
    late = decide(unit(), [term()], [], D(2026, 3, 16))
    assert late.service_class == "A" and late.payer == "customer"
    assert "expired" in codes(late) and late.ends_on == D(2026, 3, 15)


def test_a_covered_unit_tells_term_days_and_papers():
    found = decide(unit(), [term()], [], D(2025, 6, 1))
    assert (found.service_class, found.payer, found.term_name) == ("C", "maker", "整机一年")
    assert (found.starts_on, found.ends_on, found.evidence) == (SOLD, D(2026, 3, 15), "FP1")
    assert codes(found) == ["within", "started_by"] and not found.flags
    assert found.payers == {"parts": "maker", "labour": "maker", "travel": "maker"}


def test_before_its_start_a_term_does_not_hold():
    found = decide(unit(), [term()], [], D(2025, 3, 14))
    assert found.service_class == "A" and codes(found) == ["not_started"]


def test_parts_labour_and_travel_are_told_apart():
    found = decide(unit(), [term(covers_travel=False, covers_labour=False)], [], D(2025, 6, 1))
    assert found.service_class == "C"
    assert found.payers == {"parts": "maker", "labour": "customer", "travel": "customer"}
    assert codes(found)[-2:] == ["labour_not_covered", "travel_not_covered"]


def test_the_product_beats_the_near_category_beats_the_far_one_beats_all():
    lines = [
        term(id=1, name="全部"), term(id=2, name="上级品类", category_id=2), term(id=3, name="品类", category_id=3),
        term(id=4, name="产品", product_id=7), term(id=5, name="别的产品", product_id=8),
        term(id=6, name="别的品类", category_id=9),
    ]
    wins = []
    while True:
        name = decide(unit(), lines, [], D(2025, 6, 1)).term_name
        if not name:
            break
        wins.append(name)
        lines = [line for line in lines if line.name != name]
    assert wins == ["产品", "品类", "上级品类", "全部"]


def test_of_equal_terms_the_one_valid_from_later_wins_on_the_start_day():
    usual = term(id=1, name="一年", valid_from=D(2020, 1, 1))
    promotion = term(id=2, name="三年促销", months=36, valid_from=D(2025, 3, 1), valid_to=D(2025, 3, 31))
    assert decide(unit(), [usual, promotion], [], D(2027, 1, 1)).term_name == "三年促销"
    later = unit(sold_on=D(2025, 4, 1), invoiced_on=D(2025, 4, 1))
    assert decide(later, [usual, promotion], [], D(2025, 5, 1)).term_name == "一年"


@pytest.mark.parametrize(("starts", "day"), [
    ("sale", D(2025, 3, 15)), ("invoice", D(2025, 3, 16)), ("delivery", D(2025, 3, 20)),
    ("installation", D(2025, 4, 1)), ("registration", D(2025, 4, 5)), ("production", D(2025, 4, 10)),
])
def test_each_start_rule_takes_its_own_day(starts, day):
    known = unit(made_on=D(2025, 1, 10), invoiced_on=D(2025, 3, 16), delivered_on=D(2025, 3, 20),
                 installed_on=D(2025, 4, 1), registered_on=D(2025, 4, 5))
    found = decide(known, [term(starts=starts, grace_months=3)], [], D(2025, 5, 1))
    assert found.starts_on == day and found.service_class == "C" and not found.flags


@pytest.mark.parametrize(("starts", "known", "by"), [
    ("installation", {}, "sale"), ("sale", {"sold_on": None}, "invoice"),
    ("delivery", {"sold_on": None}, "invoice"), ("registration", {}, "sale"),
    ("installation", {"delivered_on": D(2025, 3, 20)}, "delivery"),
])
def test_a_missing_day_is_stood_in_for_and_says_so(starts, known, by):
    found = decide(unit(**known), [term(starts=starts)], [], D(2025, 5, 1))
    assert found.service_class == "C" and found.flags == ["provisional_start"]
    assert {"code": "started_by", "params": {"rule": by, "day": found.starts_on.isoformat()}} in found.reasons


def test_a_year_of_production_counts_from_its_last_day():
    found = decide(Unit(product_id=7, made_year=2025), [term(starts="production", grace_months=3)], [], D(2026, 5, 1))
    assert found.starts_on == D(2026, 3, 31)


def test_a_term_by_production_needs_no_sale():
    found = decide(Unit(product_id=7, serial="S1", made_on=D(2025, 1, 1)), [term(starts="production")], [], D(2025, 5, 1))
    assert found.service_class == "C" and not found.flags


SUSPICIOUS = {
    "serial_without_sale": {"sold_on": None, "invoiced_on": None, "invoice_number": "", "made_on": D(2025, 1, 1)},
    "sale_unknown": {"serial": "", "sold_on": None, "invoiced_on": None, "invoice_number": "", "made_on": D(2025, 1, 1)},
    "sold_after_invoice": {"sold_on": D(2025, 3, 20)},
    "invoice_for_other_serial": {"invoice_serial": "S2"},
    "sale_before_production": {"made_on": D(2025, 3, 16)},
}


@pytest.mark.parametrize("flag", SUSPICIOUS)
def test_a_suspicious_unit_is_never_silently_free(flag):
    found = decide(unit(**SUSPICIOUS[flag]), [term(), term(id=2, component="电机", months=36)], [], D(2025, 6, 1))
    assert found.service_class == "A" and flag in found.flags
    assert flag in codes(found) and "needs_decision" in codes(found)
    assert not any(found.is_free(kind, "电机") for kind in rules.KINDS)


def test_every_suspicious_flag_is_tried():
    assert set(SUSPICIOUS) == rules.SUSPICIOUS


def test_a_sale_in_a_year_before_production_is_flagged():
    assert "sale_before_production" in rules.flags_of(unit(made_year=2026))
    assert "sale_before_production" not in rules.flags_of(unit(made_year=2025))


def test_goodwill_holds_in_spite_of_suspicion():
    goodwill = base(kind="goodwill", name="优惠保修", service_class="D", starts_on=D(2025, 6, 1), ends_on=D(2025, 6, 1))
    found = decide(unit(invoice_serial="S2"), [term()], [goodwill], D(2025, 6, 1))
    assert (found.service_class, found.payer) == ("D", "company")
    assert found.flags == ["invoice_for_other_serial"]


@pytest.mark.parametrize("kind", ["part", "exchange", "extension"])
def test_what_we_gave_ourselves_holds_in_spite_of_suspicion(kind):
    given_cover = base(kind=kind, name="自有")
    assert decide(unit(invoice_serial="S2"), [], [given_cover], D(2025, 6, 1)).service_class == "C"


def test_the_ledger_beats_the_terms():
    found = decide(unit(), [term(months=60)], [base()], D(2026, 6, 1))
    assert found.service_class == "A" and found.ends_on == D(2026, 3, 15)


def test_a_reversed_base_does_not_fall_back_to_the_terms():
    found = decide(unit(), [term()], [base(is_reversed=True)], D(2025, 6, 1))
    assert found.service_class == "A" and codes(found) == ["no_term"]


def test_an_extension_follows_the_base():
    extension = base(kind="extension", name="延保一年", starts_on=D(2026, 3, 16), ends_on=D(2027, 3, 15))
    found = decide(unit(), [term()], [extension], D(2026, 6, 1))
    assert (found.service_class, found.term_name) == ("C", "延保一年")


def test_a_contract_alone_is_class_b():
    contract = base(kind="extension", name="维保合同", service_class="B", ends_on=D(2030, 1, 1))
    assert decide(unit(), [term()], [contract], D(2025, 6, 1)).service_class == "C"
    found = decide(unit(), [term()], [contract], D(2028, 6, 1))
    assert (found.service_class, found.payer) == ("B", "contract")


def test_days_in_repair_lengthen_the_base():
    repair = base(kind="repair_days", name="", starts_on=D(2025, 5, 1), ends_on=D(2025, 5, 10))
    found = decide(unit(), [term()], [repair], D(2026, 3, 25))
    assert found.service_class == "C" and found.ends_on == D(2026, 3, 25)
    assert "repair_days" in codes(found)
    assert decide(unit(), [term()], [repair], D(2026, 3, 26)).service_class == "A"
    taken_back = [dataclasses.replace(repair, is_reversed=True)]
    assert decide(unit(), [term()], taken_back, D(2026, 3, 16)).service_class == "A"


def in_repair(start: D, end: D) -> Cover:
    return base(kind="repair_days", starts_on=start, ends_on=end)


def test_only_repairs_that_began_under_cover_lengthen_it_and_shared_days_count_once():
    late = in_repair(D(2026, 3, 16), D(2026, 3, 30))
    early = in_repair(D(2025, 3, 1), D(2025, 3, 5))
    assert decide(unit(), [term()], [late, early], D(2026, 3, 16)).service_class == "A"
    twice = [in_repair(D(2025, 5, 1), D(2025, 5, 4)), in_repair(D(2025, 5, 3), D(2025, 5, 6)),
             in_repair(D(2025, 5, 2), D(2025, 5, 3))]
    assert decide(unit(), [term()], twice, D(2025, 6, 1)).ends_on == D(2026, 3, 21)
    # Six days put the end off to the 21st, so a repair begun on the 18th counts, too.
    assert decide(unit(), [term()], [*twice, in_repair(D(2026, 3, 18), D(2026, 3, 19))], D(2025, 6, 1)).ends_on == D(2026, 3, 23)


def test_an_extension_is_put_off_with_the_base_before_it():
    extension = base(kind="extension", name="延保一年", starts_on=D(2026, 3, 16), ends_on=D(2027, 3, 15))
    found = decide(unit(), [term()], [extension, in_repair(D(2025, 5, 1), D(2025, 5, 10))], D(2027, 3, 25))
    assert (found.service_class, found.ends_on) == ("C", D(2027, 3, 25))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30)), max_size=5))
def test_repair_days_never_shorten_and_never_add_more_than_the_days_in_repair(spans):
    repairs = [in_repair(SOLD + dt.timedelta(days=a), SOLD + dt.timedelta(days=a + n)) for a, n in spans]
    found = rules.lengthened(base(), repairs, SOLD)
    days = {r.starts_on + dt.timedelta(days=i) for r in repairs for i in range((r.ends_on - r.starts_on).days + 1)}
    assert 0 <= found.extra_days <= len(days)


def test_a_component_is_free_while_the_rest_is_paid():
    lines = [term(), term(id=2, name="压缩机三年", component="压缩机", months=36, covers_labour=False, covers_travel=False)]
    found = decide(unit(), lines, [], D(2027, 1, 1))
    assert found.service_class == "A" and "component_only" in codes(found)
    assert found.is_free("parts", "压缩机 QD-91") and not found.is_free("labour", "压缩机 QD-91")
    assert not found.is_free("parts", "控制板") and not found.is_free("parts")
    assert decide(unit(), lines, [], D(2029, 1, 1)).is_free("parts", "压缩机") is False


def test_without_a_unit_or_a_day_or_a_term_it_is_paid():
    assert codes(decide(None, [term()], [], SOLD)) == ["unit_unknown"]
    assert codes(decide(unit(), [], [], SOLD)) == ["no_term"]
    nothing = decide(Unit(product_id=7), [term()], [], SOLD)
    assert nothing.service_class == "A" and "sale_unknown" in nothing.flags


def test_a_decision_survives_being_kept_as_data():
    lines = [term(), term(id=2, component="电机", months=36)]
    found = decide(unit(), lines, [], D(2025, 6, 1))
    assert rules.Decision.from_data(found.as_data()) == found
    assert found.as_data()["payers"] == found.payers


def test_a_person_may_decide_otherwise():
    free = decide(unit(), [term()], [], D(2025, 6, 1))
    paid = rules.overridden(free, service_class="A", why="人为损坏", by="王经理")
    assert paid.service_class == "A" and not any(paid.is_free(kind) for kind in rules.KINDS)
    assert paid.reasons[-1] == {"code": "overridden",
                                "params": {"before": "C", "after": "A", "reason": "人为损坏", "by": "王经理"}}
    back = rules.overridden(paid, service_class="D", why="投诉和解", by="王经理")
    assert back.payers == {"parts": "company", "labour": "company", "travel": "company"}


@given(
    st.sampled_from([None, D(2025, 1, 1), D(2025, 3, 1)]), st.sampled_from([None, D(2025, 2, 1), D(2025, 4, 1)]),
    st.sampled_from([None, D(2025, 2, 1), D(2025, 3, 1)]), st.sampled_from(["", "S1", "S2"]),
    st.sampled_from(["", "S1"]), st.dates(D(2024, 1, 1), D(2028, 1, 1)),
)
def test_free_never_goes_with_a_suspicious_flag(made_on, sold_on, invoiced_on, invoice_serial, serial, on):
    asked = Unit(product_id=7, serial=serial, invoice_serial=invoice_serial, made_on=made_on, sold_on=sold_on,
                 invoiced_on=invoiced_on)
    found = decide(asked, [term(), term(id=2, starts="installation", component="电机")], [], on)
    if rules.SUSPICIOUS.intersection(found.flags):
        assert found.service_class == "A" and not found.is_free("parts", "电机")
    elif found.service_class == "C":
        assert found.starts_on <= on <= found.ends_on
