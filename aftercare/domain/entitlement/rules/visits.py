"""On which days the visits of a service contract fall: by a rule of weeks or months, moved off days that nobody works."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

WEEK, MONTH = "week", "month"
UNITS = (WEEK, MONTH)
KEEP, NEXT, PREVIOUS = "keep", "next", "previous"
HOLIDAY_POLICIES = (KEEP, NEXT, PREVIOUS)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class VisitPlan:
    """Every so many weeks from a first day, or every so many months on a day of the month.

    `month_day` 31 is each month's last day, 30 the last day of February; 0 takes the day of `first_on`.
    """

    first_on: dt.date
    every: int
    unit: str = MONTH
    month_day: int = 0
    holidays: str = NEXT


@dataclass(frozen=True)
class PlannedDay:
    """One visit of a plan: the day of the rule, which names it for ever, and the day on which it is made."""

    period_on: dt.date
    visit_on: dt.date


def calculate_periods(plan: VisitPlan, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days of the rule from `first` to `last`, both included, never counted on from a day that was cut short.

    So the 31st gives 02-28, 03-31, 04-30, and not the 28th for ever after February.
    """
    found, step = [], 0
    while True:
        day = _period(plan, step)
        if day > last:
            return found
        if day >= max(first, plan.first_on):
            found.append(day)
        step += 1


def _period(plan: VisitPlan, step: int) -> dt.date:
    if plan.unit == WEEK:
        return plan.first_on + dt.timedelta(weeks=plan.every * step)
    year, month = divmod(plan.first_on.year * 12 + plan.first_on.month - 1 + plan.every * step, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(plan.month_day or plan.first_on.day, longest))


def calculate_days(
    plan: VisitPlan, first: dt.date, last: dt.date, is_worked: Callable[[dt.date], bool]
) -> list[PlannedDay]:
    """The visits within the contract's days: those on a day off moved by the policy, no two of the plan on one day.

    A move never leaves the contract: where the policy finds no day inside, the other direction is taken, and where
    nobody works at all the day of the rule stays.
    """
    taken: set[dt.date] = set()
    days = []
    for period in calculate_periods(plan, first, last):
        visit = period if plan.holidays == KEEP else _moved(plan, period, first, last, is_worked, taken)
        taken.add(visit)
        days.append(PlannedDay(period, visit))
    return days


def _moved(plan, period, first, last, is_worked, taken) -> dt.date:
    directions = (_DAY, -_DAY) if plan.holidays == NEXT else (-_DAY, _DAY)
    for direction in directions:
        day = period
        while first <= day <= last:
            if is_worked(day) and day not in taken:
                return day
            day += direction
    return period
