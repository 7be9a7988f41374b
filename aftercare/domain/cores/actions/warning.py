"""Overdue old parts and the month of who owes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from aftercare.domain.cores import facts
from aftercare.domain.cores.models import CoreReturn
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import record_about
from aftercare.foundation.subjects import Subject


def warn_statement(statement: Subject, cores: Iterable[CoreReturn], *, actor: Actor, at: dt.datetime) -> None:
    """Write on the month's timeline that it was locked although these old parts are overdue."""
    numbers = tuple(core.number for core in cores)
    record_about(statement, verb="settlement.statement.cores_overdue", actor=actor, at=at,
                 fact=facts.StatementWarned(statement.pk, numbers[:50]))
