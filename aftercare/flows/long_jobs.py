"""Long jobs that a user starts (exports, imports): asked for here, done by the worker, watched by their progress.

A door calls `request`, shows `find(...)` until it is done, and offers `result_path(...)`. Whoever can do a kind of job
says so at start with `@offers("export")`. The job runs outside of any transaction with the rights of who asked for it,
and may be started anew after a crash: it must be safe to run twice.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from aftercare.domain.journal import actions as journal_actions
from aftercare.domain.journal import queries as journal
from aftercare.foundation import transactions
from aftercare.foundation.access import Actor
from aftercare.foundation.recording import Happening, record
from aftercare.foundation.refusals import NotFound, RuleBroken, WrongState

REACTION = "long_job"
KEPT = dt.timedelta(days=7)


@dataclass(frozen=True)
class JobRequested:
    """Somebody wants a long job done."""

    job: str
    params: dict


class Tell(Protocol):
    """Report progress: how many are done, of how many (None when unknown), and a word about it."""

    def __call__(self, done: int, total: int | None = None, word: str = "") -> None: ...


@dataclass(frozen=True)
class Job:
    """A long job as its owner sees it. `state` is waiting, running, done or dead; `progress` what was told last."""

    id: int
    name: str
    params: dict
    state: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None
    progress: dict
    error: str

    @property
    def done(self) -> int:
        """How much is done."""
        return self.progress.get("done", 0)

    @property
    def total(self) -> int | None:
        """Of how much, when known."""
        return self.progress.get("total")

    @property
    def result(self) -> dict | None:
        """What the job gave back."""
        return self.progress.get("result")


Perform = Callable[..., dict[str, Any]]
_OFFERED: dict[str, Perform] = {}


def offers(name: str) -> Callable[[Perform], Perform]:
    """Decorate `perform(params, *, actor, at, tell, folder) -> result`: who can do jobs of that name.

    `folder` is an empty directory of the job's own; a result {"file": name} offers a file in it for download.
    """

    def declare(perform: Perform) -> Perform:
        _OFFERED[name] = perform
        return perform

    return declare


def request(name: str, params: dict, *, actor: Actor, at: dt.datetime) -> int:
    """Ask for a job; gives back its id. Refuses a name that nobody offers."""
    if name not in _OFFERED:
        raise RuleBroken(_("没有这种后台任务"), code="unknown_job", field="name")
    fact = record(
        Happening(
            verb="jobs.request", kind="jobs.job", id=None, number="", branch_id=actor.branch_id, actor=actor, at=at,
            fact=JobRequested(name, params),
        )
    )
    transactions.write_gathered()  # a page's journey writes its facts at its end; the id is told before
    return journal.find_delivery(fact.pk, REACTION).pk


def list_own(actor: Actor) -> list[Job]:
    """The actor's newest 50 jobs."""
    return [_job(d) for d in journal.list_own_deliveries(actor, REACTION)[:50]]


def find(job_id: int, actor: Actor) -> Job:
    """One of the actor's own jobs; anybody else's is not found."""
    delivery = journal.list_own_deliveries(actor, REACTION).filter(pk=job_id).first()
    if delivery is None:
        raise NotFound(_("没有找到"))
    return _job(delivery)


def result_path(job_id: int, actor: Actor) -> Path:
    """The file that one of the actor's own jobs made; refuses before it is done and after it was cleared away."""
    job = find(job_id, actor)
    if job.state != "done":
        raise WrongState(_("任务还没有完成"), code="job_not_done")
    name = Path((job.result or {}).get("file") or "").name
    path = folder_of(job_id) / name
    if not name or not path.is_file():
        raise NotFound(_("文件已清理，请重新导出"), code="file_gone")
    return path


def perform(delivery, *, actor: Actor, at: dt.datetime, tell: Tell) -> dict[str, Any]:
    """Do the job of a delivery, in an empty folder of its own. For the worker."""
    wanted = delivery.fact.data
    if wanted["job"] not in _OFFERED:
        raise LookupError(f"nobody offers jobs named {wanted['job']!r}")
    folder = folder_of(delivery.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return _OFFERED[wanted["job"]](wanted["params"], actor=actor, at=at, tell=tell, folder=folder)


def folder_of(job_id: int) -> Path:
    """Where the files of a job lie."""
    return Path(settings.DATA_DIR) / "jobs" / str(job_id)


def clear_files(*, at: dt.datetime) -> int:
    """Remove files of jobs older than a week; gives back how many folders."""
    root, cleared = folder_of(0).parent, 0
    for folder in root.iterdir() if root.is_dir() else ():
        made = dt.datetime.fromtimestamp(folder.stat().st_mtime, dt.UTC)
        if folder.is_dir() and made < at - KEPT:
            shutil.rmtree(folder, ignore_errors=True)
            cleared += 1
    return cleared


def _job(delivery) -> Job:
    wanted = delivery.fact.data
    return Job(
        id=delivery.pk, name=wanted.get("job", ""), params=wanted.get("params", {}), state=delivery.state,
        asked_at=delivery.fact.at, finished_at=delivery.finished_at, progress=delivery.progress,
        error=delivery.error.strip().splitlines()[-1] if delivery.error.strip() else "",
    )


journal_actions.subscribe({"JobRequested": (REACTION,)})
