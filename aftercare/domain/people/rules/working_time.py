"""The clock of working time: it runs while the shop is open and nothing pauses it.

Opening hours are local wall time, everything measured is an instant; a day of clock change is cut at the change,
so an hour that happens twice counts twice and one that never happens does not count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

# Half open [starts, ends) in minutes of local wall time; 1440 is the coming midnight.
Interval = tuple[int, int]
# A pause that has not ended yet has None as its end.
Pause = tuple[dt.datetime, dt.datetime | None]
# Half open span of instants in microseconds since 1970.
Span = tuple[int, int]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_FOREVER = 1 << 62
_FIRST_ORDINAL = dt.date(1970, 1, 1).toordinal()
# Longer than any closing of a shop; a calendar without any hours is told instead of searched for ever.
_LONGEST_CLOSING_DAYS = 800


class NeverOpen(ValueError):
    """The calendar has no opening hours within years: no due time can be told."""


@dataclass(frozen=True)
class WorkingClock:
    """Opening hours of a place.

    `weekly` maps a weekday (0 = Monday) to its intervals. `days_off` close a day, `make_up_days` open it with
    `make_up_hours`; `exceptions` (empty = closed) win over both.
    """

    zone: str
    weekly: Mapping[int, Sequence[Interval]]
    days_off: frozenset[dt.date] = frozenset()
    make_up_days: frozenset[dt.date] = frozenset()
    make_up_hours: Sequence[Interval] = ()
    exceptions: Mapping[dt.date, Sequence[Interval]] = field(default_factory=dict)
    _spans: dict[int, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def hours_on(self, day: dt.date) -> Sequence[Interval]:
        """The opening intervals of that local day, in minutes of wall time; empty when closed."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.make_up_days:
            return self.make_up_hours
        if day in self.days_off:
            return ()
        return self.weekly.get(day.weekday(), ())

    def is_open(self, at: dt.datetime) -> bool:
        """True when the shop is open at that instant (closing time itself is closed)."""
        moment = _micro(at)
        return any(start <= moment < end for start, end in self._day_spans(self._local_ordinal(at)))

    def due(self, start: dt.datetime, minutes: int, pauses: Iterable[Pause] = ()) -> dt.datetime | None:
        """The first instant at which `minutes` of working time have passed since `start`, in UTC.

        Used up exactly at closing is due at closing. None when a pause without end keeps the clock from getting
        there. Raises NeverOpen for a calendar without hours.
        """
        left = minutes * _MINUTE
        if left <= 0:
            return start.astimezone(dt.UTC)
        held = _merged(pauses)
        for span_start, span_end in self._running_from(start, held):
            if span_end - span_start >= left:
                return _EPOCH + (span_start + left) * _MICROSECOND
            left -= span_end - span_start
        return None

    def due_days(self, start: dt.datetime, days: int) -> dt.datetime:
        """Closing time of the n-th open day after the local day of `start` (which never counts), in UTC."""
        ordinal, closed = self._local_ordinal(start), 0
        while days > 0:
            ordinal += 1
            spans = self._day_spans(ordinal)
            if spans:
                days, closed = days - 1, 0
                if days == 0:
                    return _EPOCH + spans[-1][1] * _MICROSECOND
            else:
                closed = self._require_opening(closed)
        return start.astimezone(dt.UTC)

    def elapsed(self, start: dt.datetime, end: dt.datetime, pauses: Iterable[Pause] = ()) -> int:
        """Whole seconds of working time between two instants; 0 when `end` is not later."""
        first, last = _micro(start), _micro(end)
        if last <= first:
            return 0
        held, total = _merged(pauses), 0
        for ordinal in range(self._local_ordinal(start), self._local_ordinal(end) + 1):
            for span in self._day_spans(ordinal):
                cut = max(span[0], first), min(span[1], last)
                if cut[0] < cut[1]:
                    total += sum(b - a for a, b in _without(cut, held))
        return total // _SECOND

    def open_spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """The open spans of that local day as UTC instants, for boards and slots."""
        return [
            (_EPOCH + a * _MICROSECOND, _EPOCH + b * _MICROSECOND)
            for a, b in self._day_spans(day.toordinal() - _FIRST_ORDINAL)
        ]

    def _running_from(self, start: dt.datetime, held: list[Span]) -> Iterator[Span]:
        first, ordinal, closed = _micro(start), self._local_ordinal(start), 0
        stops_at = held[-1][0] if held and held[-1][1] == _FOREVER else _FOREVER
        while True:
            spans = self._day_spans(ordinal)
            closed = 0 if spans else self._require_opening(closed)
            for span in spans:
                if span[0] >= stops_at:
                    return
                if span[1] > first:
                    yield from _without((max(span[0], first), span[1]), held)
            ordinal += 1

    @staticmethod
    def _require_opening(closed: int) -> int:
        if closed > _LONGEST_CLOSING_DAYS:
            raise NeverOpen("the calendar has no opening hours")
        return closed + 1

    def _local_ordinal(self, at: dt.datetime) -> int:
        return at.astimezone(ZoneInfo(self.zone)).toordinal() - _FIRST_ORDINAL

    def _day_spans(self, ordinal: int) -> tuple[Span, ...]:
        found = self._spans.get(ordinal)
        if found is None:
            found = self._spans[ordinal] = self._make_spans(ordinal)
        return found

    def _make_spans(self, ordinal: int) -> tuple[Span, ...]:
        hours = self.hours_on(dt.date.fromordinal(ordinal + _FIRST_ORDINAL))
        if not hours:
            return ()
        midnight = ordinal * _DAY
        out = []
        # Wall time is told apart by the offset in force: one piece on most days, two on a day of clock change.
        for piece_start, piece_end, offset in self._offsets(midnight - 15 * _HOUR, midnight + 40 * _HOUR):
            for starts, ends in hours:
                a = max(midnight + starts * _MINUTE - offset, piece_start)
                b = min(midnight + ends * _MINUTE - offset, piece_end)
                if a < b:
                    out.append((a, b))
        return tuple(_joined(out))

    def _offsets(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Pieces (start, end, offset from UTC) of [start, end) in which the zone keeps one offset."""
        first, last = self._offset(start), self._offset(end)
        if first == last:
            return [(start, end, first)]
        low, high = start, end
        while high - low > _SECOND:
            middle = (low + high) // 2 // _SECOND * _SECOND
            if self._offset(middle) == first:
                low = middle
            else:
                high = middle
        return [(start, high, first), (high, end, last)]

    def _offset(self, moment: int) -> int:
        at = (_EPOCH + moment * _MICROSECOND).astimezone(ZoneInfo(self.zone))
        return at.utcoffset() // _MICROSECOND


def minutes_of(text: str) -> int:
    """Minutes since midnight of "HH:MM" (up to "24:00"); raises ValueError otherwise."""
    hours, colon, minutes = text.strip().replace("：", ":").partition(":")
    value = int(hours) * 60 + int(minutes)
    if not colon or not 0 <= int(minutes) < 60 or not 0 <= value <= 1440:
        raise ValueError(f"not a time of day: {text}")
    return value


def find_overlap(intervals: Iterable[Interval]) -> Interval | None:
    """The first interval that is empty, outside the day or overlaps another; None when all is well."""
    before = 0
    for starts, ends in sorted(intervals):
        if not (before <= starts < ends <= 1440):
            return starts, ends
        before = ends
    return None


def _micro(at: dt.datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (at - _EPOCH) // _MICROSECOND


def _joined(spans: Iterable[Span]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], end)
        else:
            out.append((start, end))
    return out


def _merged(pauses: Iterable[Pause]) -> list[Span]:
    spans = ((_micro(start), _FOREVER if end is None else _micro(end)) for start, end in pauses)
    return _joined(span for span in spans if span[0] < span[1])


def _without(span: Span, held: list[Span]) -> Iterator[Span]:
    """What is left of a span when the (sorted, disjoint) held spans are cut out."""
    start, end = span
    for held_start, held_end in held:
        if held_end <= start:
            continue
        if held_start >= end:
            break
        if held_start > start:
            yield start, held_start
        start = held_end
    if start < end:
        yield start, end
