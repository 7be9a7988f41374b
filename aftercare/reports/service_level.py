"""How good the service was: times, rates, ranking (ANA-01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from aftercare.domain.feedback import queries as feedback
from aftercare.domain.work import lifecycle
from aftercare.domain.work import queries as work
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.spreadsheet import Column
from aftercare.reports import access

# By what the ranking can be grouped: name -> (label, column of the key, column of its name).
GROUPS = {
    "branch": (_("机构"), "branch_id", "branch__name"),
    "engineer": (_("工程师"), "engineer_id", "engineer__name"),
    "category": (_("品类"), "category_id", "category__name"),
    "work_type": (_("工种"), "work_type_id", "work_type__name"),
    "region": (_("区域"), "region_id", "region__name"),
}
COLUMNS = (
    Column(_("名称"), width=20), Column(_("完工单数"), "integer"), Column(_("平均响应（小时）"), "quantity"),
    Column(_("平均修复（小时）"), "quantity"), Column(_("一次修复率"), "percent"), Column(_("按时率"), "percent"),
    Column(_("返修率"), "percent"),
)


@dataclass(frozen=True)
class Level:
    """Figures of orders finished in a period. Times are elapsed minutes from registration; rates are fractions or None.

    `response_minutes` until the arrival, `repair_minutes` until the work was done. First-time fix: repaired in one visit.
    """

    key: int | None
    name: str
    finished: int
    response_minutes: int | None
    repair_minutes: int | None
    first_time_rate: Decimal | None
    on_time_rate: Decimal | None
    repeat_rate: Decimal | None


def _elapsed(until: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(until) - F("created_at"), output_field=DurationField())


_FIGURES = {
    "n": Count("pk"),
    "response": Avg(_elapsed("arrived_at"), filter=Q(arrived_at__isnull=False)),
    "repair": Avg(_elapsed("finished_at")),
    "fixed": Count("pk", filter=Q(result="fixed")),
    "first": Count("pk", filter=Q(result="fixed", visit_count__lte=1)),
    "limited": Count("pk", filter=Q(due_at__isnull=False)),
    "in_time": Count("pk", filter=Q(finished_at__lte=F("due_at"))),
    "repeats": Count("pk", filter=Q(repeat_of__isnull=False)),
}


def calculate(actor: Actor, *, since: dt.date, until: dt.date, branch_id: int | None = None,
              engineer_id: int | None = None) -> Level:
    """The figures of the local days since..until, both inclusive. One statement."""
    found = _finished(actor, since, until, branch_id, engineer_id).aggregate(**_FIGURES)
    return _level(None, "", found)


def rank(actor: Actor, *, group: str, since: dt.date, until: dt.date, branch_id: int | None = None,
         engineer_id: int | None = None) -> list[Level]:
    """The same by branch, engineer, category, work type or region, most orders first. One statement."""
    _label, key, name = GROUPS[group]
    rows = _finished(actor, since, until, branch_id, engineer_id).values(key, name).annotate(**_FIGURES)
    return [_level(row[key], row[name] or "", row) for row in rows.order_by("-n", key)[:500]]


def satisfaction(actor: Actor, *, since: dt.date, until: dt.date, branch_id: int | None = None,
                 engineer_id: int | None = None):
    """Answers of the call-backs of these days; see feedback.rules.Satisfaction."""
    start, end = clock.day_bounds(since, actor.zone)[0], clock.day_bounds(until, actor.zone)[1]
    return feedback.calculate_satisfaction(actor, since=start, until=end, branch_id=branch_id, engineer_id=engineer_id)


def rows(levels: list[Level]) -> Iterator[tuple]:
    """Rows for `COLUMNS`."""
    for level in levels:
        yield (level.name, level.finished, _hours(level.response_minutes), _hours(level.repair_minutes),
               level.first_time_rate, level.on_time_rate, level.repeat_rate)


def _finished(actor: Actor, since: dt.date, until: dt.date, branch_id: int | None, engineer_id: int | None):
    actor.require_anywhere(access.VIEW_SERVICE)
    orders = work.list_orders(actor, branch=branch_id, engineer=engineer_id, finished_from=since, finished_to=until,
                              status=lifecycle.FINISHED)
    return orders.select_related(None).order_by()


def _level(key: int | None, name: str, found: dict) -> Level:
    return Level(
        key, name, found["n"], _minutes(found["response"]), _minutes(found["repair"]), _rate(found["first"], found["fixed"]),
        _rate(found["in_time"], found["limited"]), _rate(found["repeats"], found["n"]),
    )


def _minutes(span: dt.timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds() / 60)


def _hours(minutes: int | None) -> Decimal | None:
    return None if minutes is None else (Decimal(minutes) / 60).quantize(Decimal("0.1"))


def _rate(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001")) if whole else None
