"""What the answers of a call-back mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

# Four aspects, each with four levels: 4 very good, 3 good, 2 fair, 1 bad.
ASPECTS = ("attitude", "skill", "punctuality", "promise")
LEVELS = (4, 3, 2, 1)
BAD = 1
# Calls in vain after which it makes no sense to try again.
MAX_TRIES = 3
# Days after the service until the call-back is due.
DUE_AFTER = dt.timedelta(days=1)


def is_dissatisfied(scores: Mapping[str, int]) -> bool:
    """True when any aspect was called bad."""
    return any(scores.get(aspect) == BAD for aspect in ASPECTS)


def next_try(tries: int, at: dt.datetime) -> dt.datetime:
    """When to call again after so many calls in vain: after 4 hours, then a day later each time."""
    return at + (dt.timedelta(hours=4) if tries <= 1 else dt.timedelta(days=1))


def find_bad_scores(scores: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with the scores, by aspect: `missing` or `unknown`; empty when all four are given."""
    wrong = {}
    for aspect in ASPECTS:
        score = scores.get(aspect)
        if score is None:
            wrong[aspect] = "missing"
        elif score not in LEVELS:
            wrong[aspect] = "unknown"
    return wrong


@dataclass(frozen=True)
class Satisfaction:
    """Figures of call-backs. `levels[aspect][level]` counts; rates are fractions, None without an answer."""

    answered: int
    unreached: int
    dissatisfied: int
    levels: Mapping[str, Mapping[int, int]]

    @property
    def satisfied_rate(self) -> Decimal | None:
        """Part of the answered ones without any bad aspect."""
        return Decimal(self.answered - self.dissatisfied) / self.answered if self.answered else None

    @property
    def reached_rate(self) -> Decimal | None:
        """Part of the finished ones that were reached."""
        finished = self.answered + self.unreached
        return Decimal(self.answered) / finished if finished else None

    def average(self, aspect: str) -> Decimal | None:
        """Mean level of an aspect, 1 to 4."""
        counts = self.levels[aspect]
        total = sum(counts.values())
        return Decimal(sum(level * n for level, n in counts.items())) / total if total else None


def summarise(rows: Iterable[tuple[tuple[int, ...], int]], unreached: int) -> Satisfaction:
    """Figures of (levels of the four aspects, how many call-backs had them)."""
    levels: dict[str, dict[int, int]] = {aspect: dict.fromkeys(LEVELS, 0) for aspect in ASPECTS}
    answered = dissatisfied = 0
    for scores, count in rows:
        answered += count
        dissatisfied += count if BAD in scores else 0
        for aspect, level in zip(ASPECTS, scores, strict=True):
            levels[aspect][level] += count
    return Satisfaction(answered, unreached, dissatisfied, levels)
