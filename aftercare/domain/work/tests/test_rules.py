"""The rules of work, on plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.work import rules

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
DAY = AT.date()


def earlier(days: float, fault: int | None = 1, title: str = "不制冷", number: str = "WO1") -> rules.EarlierWork:
    return rules.EarlierWork(1, number, fault, title, AT - dt.timedelta(days=days))


@pytest.mark.parametrize(("past", "fault", "title", "is_repeat"), [
    (earlier(5), 1, "别的", True),
    (earlier(5), 2, "不制冷", False),
    (earlier(30), 1, "", True),
    (earlier(30.01), 1, "", False),
    (earlier(-1), 1, "", False),
    (earlier(5, fault=None), None, "不 制冷！", True),
    (earlier(5, fault=None), 1, "不制冷", True),
    (earlier(5, fault=None, title=""), None, "", False),
])
def test_a_repeat_is_the_same_fault_within_thirty_days(past, fault, title, is_repeat):
    assert (rules.find_repeat([past], fault_id=fault, title=title, at=AT) is not None) == is_repeat


def test_the_newest_repair_is_the_one_repeated():
    found = rules.find_repeat([earlier(9, number="WO1"), earlier(2, number="WO2")], fault_id=1, title="", at=AT)
    assert found.number == "WO2"


@pytest.mark.parametrize(("fitness", "needs", "code"), [
    (rules.Fitness(is_active=False), False, "not_active"),
    (rules.Fitness(is_engineer=False), False, "not_engineer"),
    (rules.Fitness(), False, None),
    (rules.Fitness(skills=frozenset({"TV"})), False, "no_skill"),
    (rules.Fitness(skills=frozenset({"AC"})), False, None),
    (rules.Fitness(skills=frozenset({"HOME"})), False, None),
    (rules.Fitness(skills=frozenset({""})), False, None),
    (rules.Fitness(), True, "no_certificate"),
    (rules.Fitness(certificates={"TV": DAY}), True, "no_certificate"),
    (rules.Fitness(certificates={"AC": DAY - dt.timedelta(days=1)}), True, "certificate_expired"),
    (rules.Fitness(certificates={"AC": DAY}), True, None),
    (rules.Fitness(certificates={"": DAY}), True, None),
])
def test_who_can_be_sent(fitness, needs, code):
    assert rules.find_unfit(fitness, categories=["AC", "HOME"], needs_certificate=needs, on=DAY) == code


def test_an_unknown_category_asks_for_nothing():
    assert rules.find_unfit(rules.Fitness(skills=frozenset({"TV"})), categories=[], needs_certificate=False, on=DAY) is None


@given(st.integers(-600, 600), st.integers(1, 300), st.integers(1, 300))
def test_overlap_is_sharing_a_minute(shift, one, other):
    start = AT + dt.timedelta(minutes=shift)
    shared = max(AT, start) < min(AT + dt.timedelta(minutes=one), start + dt.timedelta(minutes=other))
    assert (rules.find_overlap(AT, one, [(start, other, "WO1")]) == "WO1") == shared


@pytest.mark.parametrize(("actor", "engineers", "inspector", "may", "code"), [
    (1, [1], None, True, "own_work"), (2, [1, None], None, True, None), (None, [1], None, True, None),
    (2, [1], 2, False, "own_inspection"), (2, [1], 2, True, None), (2, [None], 3, False, None),
])
def test_nobody_judges_himself(actor, engineers, inspector, may, code):
    assert rules.require_other_person(actor, engineers, inspector_id=inspector, inspector_may=may) == code


@pytest.mark.parametrize(("findings", "minutes", "result", "wrong"), [
    ("换", 10, "fixed", None), ("换", None, "fixed", None), (" ", 10, "fixed", ("findings_missing", "findings")),
    ("换", -1, "fixed", ("bad_minutes", "minutes")), ("换", 10**7, "fixed", ("bad_minutes", "minutes")),
    ("换", 10, "", ("bad_result", "result")), ("换", 10, "magic", ("bad_result", "result")),
])
def test_a_completion_says_what_was_done(findings, minutes, result, wrong):
    assert rules.require_work_done(findings, minutes, result, ["fixed"]) == wrong


def test_scores_tell_their_reasons():
    fitness = rules.Fitness(skills=frozenset({"AC"}), certificates={"AC": DAY}, regions=frozenset({"310101"}))
    points, reasons = rules.score(fitness, categories=["AC"], needs_certificate=True, regions=["310101", "310100"], load=0,
                                  with_customer=2, with_asset=1, refused_today=False)
    assert [code for code, _ in reasons] == ["skill", "certificate", "district", "knows_unit", "load"]
    busy, _ = rules.score(fitness, categories=["AC"], needs_certificate=True, regions=["310101"], load=4, with_customer=0,
                          with_asset=0, refused_today=True)
    assert busy < points


def test_lateness_counts_whole_minutes():
    assert rules.minutes_late(None, AT) == 0 == rules.minutes_late(AT, AT)
    assert rules.minutes_late(AT, AT + dt.timedelta(seconds=119)) == 1 and rules.is_overdue(AT, AT + dt.timedelta(seconds=1))
