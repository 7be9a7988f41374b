"""Words, initials and schedules on plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.catalog import rules
from aftercare.domain.catalog.rules import Line, most_specific

D = dt.date


@pytest.mark.parametrize(("one", "other"), [
    ("洗衣机 X5", "洗衣机x5"), ("ＷＦ－１０００", "wf-1000"), (" 不  脱水 ", "不脱水"), ("LED  TV", "led tv"),
])
def test_words_that_look_alike_are_one(one, other):
    assert rules.word_key(one) == rules.word_key(other)


def test_latin_words_stay_apart():
    assert rules.word_key("LED TV") != rules.word_key("LEDTV")


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text):
    assert rules.word_key(rules.word_key(text)) == rules.word_key(text)


def test_products_of_two_brands_have_two_keys():
    assert rules.product_key("X5", "海尔") != rules.product_key("X5", "美的") != rules.product_key("X5")
    assert rules.product_key("x5", " 海 尔") == rules.product_key("X5", "海尔")


@pytest.mark.parametrize(("text", "typed"), [
    ("洗衣机 X5", "xyjx5"), ("不脱水", "bts"), ("LED灯", "ledd"), ("", ""), ("——", ""),
])
def test_initials(text, typed):
    assert rules.initials(text) == typed


def test_part_codes_and_aliases():
    assert rules.part_code(" sb－ 01") == "SB-01"
    assert rules.alias_keys(["甲", "甲 ", "乙", ""]) == "\x1f甲\x1f乙\x1f" and rules.alias_keys([]) == ""


def line(*wants, value, start=None, end=None) -> Line:
    return Line(wants, start, end, value)


def test_the_first_column_named_outweighs_all_the_others():
    lines = [line(None, 2, True, value="品类城区"), line(1, None, None, value="工种"), line(None, None, None, value="通用")]
    assert most_specific(lines, [(1,), (2,), (True,)], None).value == "工种"
    assert most_specific(lines, [(9,), (2,), (True,)], None).value == "品类城区"
    assert most_specific(lines, [(9,), (2,), (False,)], None).value == "通用"


def test_a_near_category_beats_its_ancestor_beats_any():
    lines = [line(None, value="任何"), line(10, value="上级"), line(20, value="本级")]
    assert most_specific(lines, [(20, 10)], None).value == "本级"
    assert most_specific(lines, [(30, 10)], None).value == "上级"
    assert most_specific(lines, [()], None).value == "任何"


def test_only_lines_of_the_day_count_and_gaps_answer_nothing():
    lines = [line(None, value="旧", start=D(2025, 1, 1), end=D(2025, 12, 31)),
             line(None, value="新", start=D(2026, 3, 1))]
    answers = {day: most_specific(lines, [()], day) for day in (D(2025, 12, 31), D(2026, 1, 1), D(2026, 3, 1))}
    assert [found and found.value for found in answers.values()] == ["旧", None, "新"]


def test_of_equal_lines_the_later_one_wins():
    lines = [line(1, value="新", start=D(2026, 1, 1)), line(1, value="旧", start=D(2025, 1, 1))]
    assert most_specific(lines, [(1,)], D(2026, 2, 1)).value == "新"


@given(st.permutations([(None, None), (1, None), (None, 2), (1, 2)]))
def test_the_order_of_the_lines_does_not_matter(wants):
    lines = [line(*want, value=want) for want in wants]
    assert most_specific(lines, [(1,), (2,)], None).value == (1, 2)


def test_a_circle_of_categories_ends_the_walk():
    assert rules.ancestry(1, {1: 2, 2: 3, 3: 1}) == [1, 2, 3]
    assert rules.ancestry(None, {}) == [] and rules.ancestry(5, {}) == [5]


_first = dt.date(2026, 1, 1)
_days = st.integers(0, 40).map(lambda n: _first + dt.timedelta(days=n))
_spans = st.tuples(_days, st.one_of(st.none(), _days)).map(lambda p: (p[0], p[1] if p[1] is None or p[1] >= p[0] else p[0]))


@given(_spans, st.lists(_spans, max_size=5))
def test_uncovered_days_are_those_a_day_walker_finds(span, covering):
    gaps = rules.uncovered(span, covering)
    for n in range(-2, 60):
        day = _first + dt.timedelta(days=n)

        def holds(one, day=day):
            return one[0] <= day and (one[1] is None or day <= one[1])

        assert any(map(holds, gaps)) == (holds(span) and not any(map(holds, covering)))
