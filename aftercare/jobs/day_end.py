"""What the product does by itself at a day's end: keep each branch's figures, warn of what is not settled."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from aftercare.domain.people import queries as people
from aftercare.flows import sign_report
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.reports import cash, director_day

_WORKER = Actor.system("worker")


def keep_reports(at: dt.datetime) -> None:
    """Keep the director's day of every branch, unsigned, as it stands now."""
    day = clock.local_day(at, settings.TIME_ZONE)
    for line in director_day.calculate(_WORKER, day=day, at=at):
        sign_report.keep(
            "director_day", subject_id=line.branch_id, number=line.number, branch_id=line.branch_id, day=day,
            figures=line.figures(), actor=_WORKER, at=at,
        )


def warn_unsettled(at: dt.datetime) -> None:
    """Put on each branch's timeline how many audited orders are not settled."""
    day = clock.local_day(at, settings.TIME_ZONE)
    found = cash.count_unsettled(_WORKER)
    for branch in people.list_branches(_WORKER):
        orders, amount = found.get(branch.pk, (0, 0))
        sign_report.warn_unsettled(
            branch_id=branch.pk, number=branch.number, day=day, orders=orders, amount=str(amount), actor=_WORKER, at=at,
        )
