"""Pure rules of work orders: guards, repeat repairs, fitness of engineers, order of the pool."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

REPEAT_DAYS = 30
MAX_MINUTES = 60 * 24 * 60
# Moments from another clock may differ a little from ours.
TOLERANCE = dt.timedelta(minutes=5)
# Whether the person who inspected may audit as well; the engineer never may.
INSPECTOR_MAY_AUDIT = True


@dataclass(frozen=True)
class EarlierWork:
    """An earlier order for the same unit: what decides whether a new one repeats it."""

    order_id: int
    number: str
    fault_id: int | None
    title: str
    finished_at: dt.datetime


def find_repeat(earlier: Iterable[EarlierWork], *, fault_id: int | None, title: str, at: dt.datetime) -> EarlierWork | None:
    """The newest repair of the same fault finished within 30 days before `at`; None when this is not a repeat."""
    since = at - dt.timedelta(days=REPEAT_DAYS)
    same = [
        work for work in earlier
        if since <= work.finished_at <= at and is_same_fault(work.fault_id, work.title, fault_id, title)
    ]
    return max(same, key=lambda work: (work.finished_at, work.order_id), default=None)


def is_same_fault(one_id: int | None, one_title: str, other_id: int | None, other_title: str) -> bool:
    """True for equal fault codes; where either has none, for equal words."""
    if one_id and other_id:
        return one_id == other_id
    return bool(_words(one_title)) and _words(one_title) == _words(other_title)


def _words(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def require_reason(reason: str | None) -> str | None:
    """`reason_missing`, or None when something is written."""
    return None if (reason or "").strip() else "reason_missing"


def require_work_done(findings: str, minutes: int | None, result: str, results: Sequence[str]) -> tuple[str, str] | None:
    """(code, field) of what is missing in a completion, or None."""
    if not findings.strip():
        return "findings_missing", "findings"
    if minutes is not None and not 0 <= minutes <= MAX_MINUTES:
        return "bad_minutes", "minutes"
    if not result or result not in results:
        return "bad_result", "result"
    return None


def require_other_person(actor_id: int | None, engineers: Iterable[int | None], *, inspector_id: int | None = None,
                         inspector_may: bool = True) -> str | None:
    """Why this person may not judge the work, or None: never one's own work.

    The product itself (no employee) may, e.g. when a paper register is taken over.
    """
    if actor_id is None:
        return None
    if actor_id in {pk for pk in engineers if pk}:
        return "own_work"
    if not inspector_may and inspector_id == actor_id:
        return "own_inspection"
    return None


@dataclass(frozen=True)
class Fitness:
    """What counts of an engineer for one job on one day."""

    is_active: bool = True
    is_engineer: bool = True
    skills: frozenset[str] = frozenset()
    certificates: dict[str, dt.date] = field(default_factory=dict)
    regions: frozenset[str] = frozenset()


def find_unfit(fitness: Fitness, *, categories: Sequence[str], needs_certificate: bool, on: dt.date) -> str | None:
    """Code of why this engineer can't be sent, or None.

    `categories` are the codes of the product's category and of those above it; none when it is unknown. An engineer
    without any skill on file is not refused for it: nothing has to be set up before the first job.
    """
    if not fitness.is_active:
        return "not_active"
    if not fitness.is_engineer:
        return "not_engineer"
    if not categories:
        return None
    wanted = {*categories, ""}
    if fitness.skills and not fitness.skills & wanted:
        return "no_skill"
    if needs_certificate:
        dates = [day for code, day in fitness.certificates.items() if code in wanted]
        if not dates:
            return "no_certificate"
        if max(dates) < on:
            return "certificate_expired"
    return None


def find_overlap(start: dt.datetime, minutes: int, others: Iterable[tuple[dt.datetime, int, str]]) -> str | None:
    """Number of the first of `others` (start, minutes, number) whose time meets this one's; touching is no overlap."""
    end = start + dt.timedelta(minutes=minutes)
    for other, length, number in sorted(others):
        if other < end and start < other + dt.timedelta(minutes=length):
            return number
    return None


@dataclass(frozen=True)
class Suggestion:
    """An engineer for a job: higher `score` first; `reasons` are (code, params); `refused` is why he can't be sent."""

    employee_id: int
    number: str
    name: str
    branch: str
    score: int
    reasons: tuple[tuple[str, dict], ...]
    refused: str | None = None
    load: int = 0


def score(fitness: Fitness, *, categories: Sequence[str], needs_certificate: bool, regions: Sequence[str],
          load: int, with_customer: int, with_asset: int, refused_today: bool) -> tuple[int, tuple[tuple[str, dict], ...]]:
    """Points and reasons (code, params) for a fit engineer. Each reason is worth a fixed number of points."""
    points, reasons = 50, []

    def count(value: int, code: str, **params) -> None:
        nonlocal points
        points += value
        reasons.append((code, params))

    wanted = {*categories, ""}
    if categories and fitness.skills & wanted:
        count(20, "skill")
    if needs_certificate:
        count(10, "certificate", until=max(d for c, d in fitness.certificates.items() if c in wanted).isoformat())
    if regions and fitness.regions & set(regions):
        nearest = next(i for i, code in enumerate(regions) if code in fitness.regions)
        count(20 - 5 * min(nearest, 3), "district")
    elif regions and fitness.regions:
        count(-15, "other_district")
    if with_asset:
        count(8, "knows_unit", times=with_asset)
    elif with_customer:
        count(5, "knows_customer", times=with_customer)
    count(-6 * load if load else 5, "load", orders=load)
    if refused_today:
        count(-30, "refused_before")
    return points, tuple(reasons)


def is_overdue(due_at: dt.datetime | None, at: dt.datetime) -> bool:
    """True when the limit has passed."""
    return due_at is not None and at > due_at


def minutes_late(due_at: dt.datetime | None, at: dt.datetime) -> int:
    """Whole minutes of wall time after the limit; 0 when in time."""
    return max(int((at - due_at).total_seconds() // 60), 0) if due_at else 0


def require_price(price: Decimal) -> str | None:
    """`bad_price` for a negative price, or None."""
    return "bad_price" if price < 0 else None
