"""What the product does by itself at a day's end: keep each branch's figures, warn of what is not settled."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings

from aftercare.domain.cores import actions as cores
from aftercare.domain.people import queries as people
from aftercare.flows import contract_money, contract_visits, custody_day, sign_report
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.reports import cash, director_day

logger = logging.getLogger("aftercare.jobs")
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


def run_contracts(at: dt.datetime) -> str:
    """The morning of service contracts: who is over ends, who is to be told, which visits open, which instalments fall due.

    Each part is safe to run again the same day. One that fails does not stop the others; what failed is told.
    """
    day = clock.local_day(at, settings.TIME_ZONE)
    parts = {
        "end": lambda: contract_visits.close_day(day=day, actor=_WORKER, at=at),
        "plan": lambda: contract_visits.plan_all(actor=_WORKER, at=at),
        "open": lambda: contract_visits.open_due(day=day, actor=_WORKER, at=at),
        "bill": lambda: contract_money.bill_due(day=day, actor=_WORKER, at=at),
    }
    problems = []
    for name, run in parts.items():
        try:
            run()
        except Exception as error:
            logger.exception("contracts: %s failed", name)
            problems.append(f"{name}: {type(error).__name__}: {error}")
    return "\n".join(problems)


def run_custody(at: dt.datetime) -> str:
    """The morning of custody: steps of the ladder for unclaimed things, reminders of what is late. What failed is told."""
    _made, problems = custody_day.run(actor=_WORKER, at=at)
    return "\n".join(problems[:20])


def run_old_parts(at: dt.datetime) -> str:
    """The morning of old parts: who owes them is reminded, what is overdue is charged as the rules say, each once; outlets are billed."""
    day = clock.local_day(at, settings.TIME_ZONE)
    cores.remind(day=day, actor=_WORKER, at=at)
    _done, problems = cores.charge_overdue(day=day, actor=_WORKER, at=at)
    cores.draw_bills(actor=_WORKER, at=at)
    return "\n".join(problems[:20])
