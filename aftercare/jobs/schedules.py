"""The periodic jobs. Each is fired by one worker when it is due; its last error stands on the operator's page."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from aftercare.domain.files import actions as files
from aftercare.domain.inventory import actions as inventory
from aftercare.domain.journal import actions as journal_actions
from aftercare.domain.journal import delivering, sealing
from aftercare.domain.journal import queries as journal
from aftercare.domain.settlement import actions as settlement
from aftercare.domain.work import actions as work
from aftercare.flows import long_jobs, quoting, telling
from aftercare.foundation import checks, clock, throttling
from aftercare.foundation.access import Actor
from aftercare.jobs import day_end

logger = logging.getLogger("aftercare.jobs")
_DAY = dt.timedelta(days=1)
INTENTS_KEPT = dt.timedelta(days=30)
BACKUP_TOO_OLD = dt.timedelta(days=2)


@dataclass(frozen=True)
class Schedule:
    """A periodic job: `run(at)` gives back a problem to show to the operator, or nothing.

    With `time` it runs daily at that wall time in the installation's zone.
    """

    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], str | None]
    time: dt.time | None = None

    def first_at(self, at: dt.datetime) -> dt.datetime:
        """When it is due for the first time: at once, or at the next such wall time."""
        if self.time is None:
            return at
        local = at.astimezone(clock.zone(settings.TIME_ZONE))
        first = local.replace(hour=self.time.hour, minute=self.time.minute, second=0, microsecond=0)
        return (first if first >= local else first + _DAY).astimezone(dt.UTC)


def fire_due(*, at: dt.datetime) -> int:
    """Run whatever is due now; gives back how many. A job that fails is told and does not stop the others."""
    due_at = {s.name: s.due_at for s in journal.list_schedules()}
    fired = 0
    for schedule in SCHEDULES:
        if schedule.name in due_at and due_at[schedule.name] > at:
            continue
        if delivering.take_due(schedule.name, every=schedule.every, at=at, first_at=schedule.first_at(at)):
            _fire(schedule, at)
            fired += 1
    return fired


def _fire(schedule: Schedule, at: dt.datetime) -> None:
    try:
        problem = schedule.run(at) or ""
    except Exception as error:
        logger.exception("schedule %s failed", schedule.name)
        problem = f"{type(error).__name__}: {error}"
    if problem:
        logger.error("schedule %s: %s", schedule.name, problem)
    delivering.note_schedule(schedule.name, error=problem)


def seal_rest(*, at: dt.datetime) -> None:
    """Seal every fact that is there."""
    while sealing.seal(at=at) is not None:
        pass


def _fold(at: dt.datetime) -> None:
    work.fold_figures()


def _keep_stock(at: dt.datetime) -> None:
    inventory.keep_closed_stock(at=at)


def _classify(at: dt.datetime) -> None:
    # Every night, so that the first of a month is not missed: what has classes of this month is left alone.
    inventory.classify_all(actor=Actor.system("worker"), at=at)


def _forget(at: dt.datetime) -> None:
    journal_actions.forget_intents(before=at - INTENTS_KEPT)
    long_jobs.clear_files(at=at)
    throttling.forget(before=at - dt.timedelta(days=2))


def _refresh_statements(at: dt.datetime) -> None:
    settlement.refresh_stale(at=at)


def _expire_quotes(at: dt.datetime) -> None:
    quoting.expire_due(at=at)


def _check(at: dt.datetime) -> str:
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("checks")
    found = [problem for _name, problems in checks.run_checks() for problem in problems]
    return "\n".join(found[:20])


def _sweep(at: dt.datetime) -> None:
    files.sweep(at=at)


def _check_backup(at: dt.datetime) -> str:
    """Whether a backup was made lately; `aftercare backup` leaves its time in the data directory."""
    mark = Path(settings.DATA_DIR) / "last-backup"
    if not mark.exists():
        return "no backup was made yet: run `aftercare backup FILE` every day"
    age = at - dt.datetime.fromtimestamp(mark.stat().st_mtime, dt.UTC)
    return f"the last backup is {age.days} days old" if age > BACKUP_TOO_OLD else ""


SCHEDULES = (
    Schedule("journal.seal", dt.timedelta(seconds=5), lambda at: seal_rest(at=at)),
    Schedule("work.fold_figures", dt.timedelta(minutes=1), _fold),
    Schedule("settlement.refresh", dt.timedelta(minutes=5), _refresh_statements),
    Schedule("quotes.expire", dt.timedelta(minutes=5), _expire_quotes),
    Schedule("work.warn_unsettled", _DAY, day_end.warn_unsettled, dt.time(18, 0)),
    Schedule("reports.director_day", _DAY, day_end.keep_reports, dt.time(23, 50)),
    Schedule("stock.keep_closed", dt.timedelta(minutes=15), _keep_stock),
    Schedule("customers.told", dt.timedelta(minutes=15), lambda at: telling.run_round(at=at)),
    Schedule("stock.classify", _DAY, _classify, dt.time(1, 30)),
    Schedule("contracts.day", _DAY, day_end.run_contracts, dt.time(1, 0)),
    Schedule("custody.day", _DAY, day_end.run_custody, dt.time(7, 30)),
    Schedule("cores.day", _DAY, day_end.run_old_parts, dt.time(1, 30)),
    Schedule("check.nightly", _DAY, _check, dt.time(2, 30)),
    Schedule("journal.forget", _DAY, _forget, dt.time(3, 10)),
    Schedule("files.sweep", _DAY, _sweep, dt.time(3, 40)),
    Schedule("backup.age", _DAY, _check_backup, dt.time(9, 0)),
)
