"""Reports that somebody answers for: the figures as they were are kept in the journal, and who signed them.

Reports write nothing, so the door that showed the figures hands them over. They stand in an append-only, sealed fact:
what was signed can be read years later, whatever has been corrected since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.journal import queries as journal
from aftercare.foundation.access import Actor, permission
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.refusals import NotAllowed, RuleBroken

SIGN_ENGINEER_DAY = permission("reports.sign_engineer_day", gettext_lazy("提交和审阅工程师日报"))
SIGN_DIRECTOR_DAY = permission("reports.sign_director_day", gettext_lazy("签署主管日报"))
# Which permission a report's signature needs, and what it is about.
REPORTS = {
    "engineer_day": (SIGN_ENGINEER_DAY, "people.employee"),
    "director_day": (SIGN_DIRECTOR_DAY, "people.branch"),
}


@dataclass(frozen=True)
class ReportKept:
    """The figures of a day, as the product itself found them at its end."""

    report: str
    day: str
    figures: dict


@dataclass(frozen=True)
class ReportSigned:
    """Somebody answers for these figures of that day."""

    report: str
    day: str
    figures: dict
    remark: str


@dataclass(frozen=True)
class UnsettledFound:
    """Orders of a branch that are audited or done but not settled."""

    day: str
    orders: int
    amount: str


def sign(
    report: str, *, subject_id: int, number: str, branch_id: int, day: dt.date, figures: Mapping[str, Any],
    remark: str = "", actor: Actor, at: dt.datetime,
) -> None:
    """Sign a report of a branch or an engineer with its figures as they are; a later signature may tell other ones.

    `subject_id` is the branch of a director's day, the engineer of an engineer's day.
    """
    if report not in REPORTS:
        raise RuleBroken(_("没有这种日报"), code="unknown_report", field="report")
    needed, kind = REPORTS[report]
    if kind != "people.employee" or actor.employee_id != subject_id:  # one's own day is always one's own to sign
        actor.require(needed, branch_id=branch_id)
    if actor.kind != "employee":
        raise NotAllowed(_("日报由本人签署"), code="not_a_person")
    if day > at.astimezone(dt.UTC).date() + dt.timedelta(days=1):
        raise RuleBroken(_("不能签署将来的日报"), code="future_day", field="day")
    record(_happening("reports.sign", kind, subject_id, number, branch_id, actor, at,
                      ReportSigned(report, day.isoformat(), dict(figures), remark.strip()), remark))


def keep(
    report: str, *, subject_id: int, number: str, branch_id: int, day: dt.date, figures: Mapping[str, Any],
    actor: Actor, at: dt.datetime,
) -> None:
    """Keep a day's figures unsigned, once: the worker does it at the day's end."""
    _permission, kind = REPORTS[report]
    known = journal.find_facts(kind, [subject_id], ["ReportKept"])
    if not known.filter(data__report=report, data__day=day.isoformat()).exists():
        record(_happening("reports.keep", kind, subject_id, number, branch_id, actor, at,
                          ReportKept(report, day.isoformat(), dict(figures))))


def warn_unsettled(
    *, branch_id: int, number: str, day: dt.date, orders: int, amount: str, actor: Actor, at: dt.datetime,
) -> None:
    """Put on the branch's timeline how much is not settled; once a day."""
    known = journal.find_facts("people.branch", [branch_id], ["UnsettledFound"])
    if orders and not known.filter(data__day=day.isoformat()).exists():
        record(_happening("reports.warn_unsettled", "people.branch", branch_id, number, branch_id, actor, at,
                          UnsettledFound(day.isoformat(), orders, amount)))


def _happening(verb, kind, subject_id, number, branch_id, actor, at, fact, note="") -> Happening:
    return Happening(verb=verb, kind=kind, id=subject_id, number=number, branch_id=branch_id, actor=actor, at=at,
                     fact=fact, note=note.strip())
