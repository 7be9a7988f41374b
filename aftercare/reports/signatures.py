"""Who signed which day's report, and what it said then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aftercare.domain.journal import queries as journal

# What a report is about, by its name.
SUBJECTS = {"engineer_day": "people.employee", "director_day": "people.branch"}


@dataclass(frozen=True)
class Signature:
    """One signature: who, when, the figures he signed and his remark."""

    name: str
    employee_id: int | None
    at: dt.datetime
    figures: dict
    remark: str


def list_signatures(report: str, subject_id: int, day: dt.date) -> list[Signature]:
    """Signatures under that report, oldest first; for whoever may see the report."""
    facts = journal.find_facts(SUBJECTS[report], [subject_id], ["ReportSigned"])
    return [_signature(f) for f in facts.filter(data__report=report, data__day=day.isoformat())]


def find_kept(report: str, subject_id: int, day: dt.date) -> dict | None:
    """The figures that were kept at that day's end; None when none were."""
    facts = journal.find_facts(SUBJECTS[report], [subject_id], ["ReportKept"])
    kept = facts.filter(data__report=report, data__day=day.isoformat()).last()
    return kept.data["figures"] if kept else None


def list_unsigned(report: str, subject_ids: list[int], day: dt.date) -> list[int]:
    """Which of these branches or engineers have no signature for that day."""
    facts = journal.find_facts(SUBJECTS[report], subject_ids, ["ReportSigned"])
    signed = set(facts.filter(data__report=report, data__day=day.isoformat()).values_list("object_id", flat=True))
    return [pk for pk in subject_ids if pk not in signed]


def _signature(fact) -> Signature:
    return Signature(fact.actor_name, fact.actor_id, fact.at, fact.data["figures"], fact.data["remark"])
