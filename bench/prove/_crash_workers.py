"""Workers killed in the middle of a job: another one takes it over when the lease is over, and its effect is there once."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path
from typing import Any

from bench.prove import _crash_running as crash

LEASE = 1.0
ROWS = 220  # more than one batch of an import
HEADS = ("登记号", "登记时间", "客户姓名", "联系电话", "品类", "产品", "故障现象", "处理结果", "结果")


def prove(company: Any) -> list[str]:
    """Kill one in an import; one that takes nothing over in a reaction; then a sound one does both."""
    folder = Path(os.environ["AFTERCARE_DATA_DIR"])
    jobs = [_Import(folder, company), _CallBack(company)]
    failed = _kill_in(jobs[0], folder)
    time.sleep(LEASE)
    # The next one finds the lease over, and yet goes on to the reaction: it is the negative control, too.
    failed += _kill_in(jobs[1], folder, "--no-takeover")
    noticed = [job for job in jobs if job.wrong()]
    print(f"negative control, a worker that takes nothing over: {len(noticed)} of {len(jobs)} jobs found undone", flush=True)
    if len(noticed) != len(jobs):
        failed.append("jobs were done without takeover: the proof proves nothing")
    time.sleep(LEASE)
    worker = crash.start("bench.prove._crash_process", "worker", "--lease", str(LEASE))
    _until(lambda: all(job.state() == "done" for job in jobs))
    worker.terminate()
    worker.wait(timeout=60)
    for job in jobs:
        print(f"taken over, {job.name}: {job.state()}, {job.count()} of {job.wanted} there", flush=True)
        failed += job.wrong()
    return failed


def _kill_in(job: _Job, folder: Path, *changes: str) -> list[str]:
    """Let a worker come to the middle of that job, and kill it there."""
    mark = folder / f"halted-{job.halt}"
    worker = crash.start("bench.prove._crash_process", "worker", "--lease", str(LEASE), "--halt", job.halt, "--mark", str(mark), *changes)
    is_halted = _until(mark.exists)
    crash.kill(worker)
    print(f"worker killed in the middle of {job.name}: {job.count()} of {job.wanted} there", flush=True)
    return [] if is_halted else [f"no worker came to {job.name}"]


def _until(is_so, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _model(name: str):
    from django.apps import apps

    return apps.get_model(name).objects


class _Job:
    """A delivery and what it must bring about."""

    name, halt, wanted = "", "", 0
    delivery_id = 0

    def state(self) -> str:
        """Of the delivery."""
        return _model("journal.Delivery").get(pk=self.delivery_id).state

    def count(self) -> int:
        """How many of its effects are there."""
        raise NotImplementedError

    def wrong(self) -> list[str]:
        """Why it is not done exactly once."""
        state, there = self.state(), self.count()
        return [] if (state, there) == ("done", self.wanted) else [f"{self.name}: {state}, {there} of {self.wanted} there"]


class _Import(_Job):
    """A register of calls that a user has imported; it commits in batches."""

    name, halt, wanted = "an import", "job", ROWS

    def __init__(self, folder: Path, company: Any) -> None:
        from aftercare.domain.people import queries as people
        from aftercare.flows import long_jobs, registers
        from aftercare.foundation import clock

        path = folder / "calls.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = ([f"K-{n:05d}", "2025-04-01", f"客户{n}", f"137{n:08d}", "空调", "变频空调一号", "不制冷", "加氟", "已修复"] for n in range(ROWS))
            csv.writer(file).writerows([HEADS, *rows])
        actor = people.actor_for(company.world.people["administrator"])
        params = {"path": str(path), "mapping": registers.known("cases").as_data(), "branch_id": company.world.head.pk, "dry_run": False}
        self.delivery_id = long_jobs.request("import", params, actor=actor, at=clock.now())

    def count(self) -> int:
        """Contacts with numbers of the register, each counted as often as it is there."""
        return _model("cases.Contact").filter(external_id__contains="K-").count()

    def wrong(self) -> list[str]:
        """Also when an order was made twice."""
        orders = _model("work.WorkOrder").filter(external_id__contains="K-").count()
        return super().wrong() + ([f"{self.name}: {orders} orders"] if orders != self.wanted else [])


class _CallBack(_Job):
    """The call-back that follows from an audit; effect and mark are one transaction."""

    name, halt, wanted = "a reaction", "reaction", 1

    def __init__(self, company: Any) -> None:
        from bench import _calling, lifecycle

        self.number = lifecycle.play(_calling.Inside(company.tokens, _calling.Book()), 1)
        waiting = _model("journal.Delivery").filter(reaction="schedule_callback", fact__number=self.number)
        self.delivery_id = waiting.get().pk

    def count(self) -> int:
        """Call-backs of the order."""
        return _model("feedback.Callback").filter(source_number=self.number).count()

