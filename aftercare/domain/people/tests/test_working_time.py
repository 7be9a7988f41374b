"""Working time: the cases others agreed on, and a slow walker that goes minute by minute."""

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aftercare.domain.people import rules

# Beside the checkout, or one folder further up for a second worktree.
_PLACES = [folder / "shared" / "data" / "sla/cases.json" for folder in Path(__file__).resolve().parents[5:7]]
CASES = next((place for place in _PLACES if place.exists()), _PLACES[0])
MINUTE = dt.timedelta(minutes=1)
DAY_SHIFT = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
OFFICE = rules.WorkingClock("Asia/Shanghai", {day: DAY_SHIFT for day in range(5)})


def _cases():
    return json.loads(CASES.read_text())["cases"] if CASES.exists() else []


def _intervals(pairs):
    return tuple((rules.minutes_of(a), rules.minutes_of(b)) for a, b in pairs)


def _clock(calendar) -> rules.WorkingClock:
    days = [day for year in rules.read_official_years() for day in year.days]
    follows = calendar["holidays"] == "CN"
    return rules.WorkingClock(
        calendar["timezone"],
        {int(day): _intervals(pairs) for day, pairs in calendar["weekly"].items()},
        days_off=frozenset(d.date for d in days if d.is_off and follows),
        make_up_days=frozenset(d.date for d in days if not d.is_off and follows and calendar["makeup_workdays"]),
        make_up_hours=_intervals(calendar["makeup_hours"]),
        exceptions={dt.date.fromisoformat(d): _intervals(pairs) for d, pairs in calendar["exceptions"].items()},
    )


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this checkout")
@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_agreed_cases(case):
    clock = _clock(case["calendar"])
    instant = dt.datetime.fromisoformat
    pauses = [(instant(a), instant(b)) for a, b in case.get("pauses", [])]
    match case["kind"]:
        case "due":
            due = clock.due(instant(case["created"]), case["target_minutes"], pauses)
            assert due == instant(case["expected"]["due"])
            for day, seconds in case["expected"]["business_seconds_per_local_day"].items():
                start = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), ZoneInfo(clock.zone))
                start, end = max(start, instant(case["created"])), min(start + dt.timedelta(days=1), due)
                assert clock.elapsed(start, end, pauses) == seconds
        case "due_days":
            assert clock.due_days(instant(case["created"]), case["target_days"]) == instant(case["expected"]["due"])
        case "elapsed":
            seconds = clock.elapsed(instant(case["from"]), instant(case["to"]), pauses)
            assert seconds == case["expected"]["business_seconds"]


def _walk(clock, start, minutes, pauses):
    """The plainest reading of the rules: look at each minute and count the open ones."""
    at, zone = start, ZoneInfo(clock.zone)
    while minutes:
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        is_open = any(a <= minute < b for a, b in clock.hours_on(local.date()))
        if is_open and not any(a <= at < b for a, b in pauses):
            minutes -= 1
        at += MINUTE
    return at


ZONES = st.sampled_from(
    ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo"]
)


@st.composite
def intervals(draw):
    edges = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    return tuple((a * 15, b * 15) for a, b in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def situations(draw):
    # The change of the clock in spring and autumn is where errors hide, so start within days of one.
    near = draw(st.sampled_from(["2025-03-07", "2025-03-29", "2025-10-24", "2025-11-01", "2018-11-02", "2025-04-24"]))
    start = dt.datetime.fromisoformat(near).replace(tzinfo=dt.UTC) + draw(st.integers(0, 4000)) * MINUTE
    days = [start.date() + dt.timedelta(days=i) for i in range(-1, 6)]
    clock = rules.WorkingClock(
        draw(ZONES),
        draw(st.dictionaries(st.integers(0, 6), intervals(), min_size=1, max_size=7)),
        days_off=frozenset(draw(st.sets(st.sampled_from(days), max_size=2))),
        make_up_days=frozenset(draw(st.sets(st.sampled_from(days), max_size=2))),
        make_up_hours=draw(intervals()),
        exceptions=draw(st.dictionaries(st.sampled_from(days), st.just(()) | intervals(), max_size=2)),
    )
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + draw(st.integers(-600, 6000)) * MINUTE
        pauses.append((begin, begin + draw(st.integers(0, 3000)) * MINUTE))
    return clock, start, draw(st.integers(1, 900)), pauses


@given(situations())
@settings(max_examples=60, deadline=None)
def test_clock_agrees_with_walking_every_minute(situation):
    clock, start, minutes, pauses = situation
    assume(any(ends > starts for hours in clock.weekly.values() for starts, ends in hours))
    due = clock.due(start, minutes, pauses)
    assert due == _walk(clock, start, minutes, pauses)
    assert clock.elapsed(start, due, pauses) == minutes * 60
    assert clock.elapsed(start, due - MINUTE, pauses) == (minutes - 1) * 60


def test_seconds_of_the_start_are_kept():
    start = dt.datetime(2025, 3, 12, 1, 30, 20, 500000, tzinfo=dt.UTC)
    assert OFFICE.due(start, 60) == start + dt.timedelta(hours=1)


def test_pause_without_end_stops_the_clock():
    start = dt.datetime(2025, 3, 12, 1, 30, tzinfo=dt.UTC)
    pause = [(start + dt.timedelta(minutes=30), None)]
    assert OFFICE.due(start, 60, pause) is None
    assert OFFICE.due(start, 30, pause) == start + dt.timedelta(minutes=30)
    assert OFFICE.elapsed(start, start + dt.timedelta(days=9), pause) == 1800


def test_calendar_without_hours_is_told():
    closed = rules.WorkingClock("Asia/Shanghai", {})
    with pytest.raises(rules.NeverOpen):
        closed.due(dt.datetime(2025, 3, 12, tzinfo=dt.UTC), 1)
    with pytest.raises(rules.NeverOpen):
        closed.due_days(dt.datetime(2025, 3, 12, tzinfo=dt.UTC), 1)


def test_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.due(dt.datetime(2025, 3, 12), 1)


@pytest.mark.parametrize(("text", "minutes"), [("09:00", 540), ("24:00", 1440), ("9：30", 570)])
def test_time_of_day_is_read(text, minutes):
    assert rules.minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["25:00", "9", "12:60", "-1:00"])
def test_wrong_time_of_day_is_refused(text):
    with pytest.raises(ValueError):
        rules.minutes_of(text)


def test_overlap_is_found():
    assert rules.find_overlap([(540, 720), (780, 1080)]) is None
    assert rules.find_overlap([(540, 720), (700, 1080)]) == (700, 1080)
    assert rules.find_overlap([(720, 720)]) == (720, 720)
    assert rules.find_overlap([(720, 1441)]) == (720, 1441)
