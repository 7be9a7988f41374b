"""The product's own server or worker with one thing changed: a place where it kills itself or halts, or a guard taken away.

`python -m bench.prove._crash_process server|worker …`: run by `aftercare prove crash` only, each in a session of its own,
so that a kill reaches nothing else.
"""

from __future__ import annotations

import contextvars
import datetime as dt
import os
import queue
import signal
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

LATE_SECONDS = 0.4
HALT_SECONDS = 600


def main() -> int:
    """Change it, then run the product's command."""
    parser = ArgumentParser(prog="crash-process")
    parser.add_argument("command", choices=("server", "worker"))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--kill", choices=("", "before", "after"), default="", help="at a write's commit")
    parser.add_argument("--operation", default="", help="only at writes whose operation ends so")
    parser.add_argument("--count", type=int, default=1, help="at which of them")
    parser.add_argument("--early", action="store_true", help="negative control: answer first, commit later")
    parser.add_argument("--lease", type=float, default=0, help="seconds that a worker holds a job without a sign of life")
    parser.add_argument("--halt", choices=("", "job", "reaction"), default="", help="in the middle of one")
    parser.add_argument("--mark", type=Path, help="the file that tells that it halted")
    parser.add_argument("--no-takeover", action="store_true", help="negative control: nobody gives back what a dead worker held")
    options = parser.parse_args()
    import django

    django.setup()
    return _serve(options) if options.command == "server" else _work(options)


def _serve(options: Namespace) -> int:
    from aftercare.commands import serve
    from aftercare.domain.journal import actions as journal

    if options.kill:
        journal.once = _killing(journal.once, options)
    if options.early:
        journal.once = _early(journal.once)
    arguments = Namespace(host="127.0.0.1", port=options.port, threads=8, processes=1, no_migrate=False, no_worker=True)
    return serve.run(arguments)


def _killing(once, options: Namespace):
    """`once`, at whose N-th write the process kills itself: with the effect made and not committed, or committed and not answered."""
    seen, lock = 0, threading.Lock()

    def is_the_one(operation: str) -> bool:
        nonlocal seen
        if not operation.endswith(options.operation):
            return False
        with lock:
            seen += 1
            return seen == options.count

    def run(*, operation: str, perform, **rest):
        # A repeat that gets its stored answer performs nothing, and is none of those counted.
        def perform_and_die():
            answer = perform()
            if options.kill == "before" and is_the_one(operation):
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        answer = once(operation=operation, perform=perform_and_die, **rest)
        if options.kill == "after" and not answer[3] and is_the_one(operation):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return run


def _early(once):
    """`once`, whose answer leaves before its transaction is committed: what must never be."""
    from django.db import connection

    def run(*, perform, **rest):
        box: queue.Queue = queue.Queue()

        def perform_and_tell():
            answer = perform()
            box.put((*answer, False))
            time.sleep(LATE_SECONDS)
            return answer

        def work() -> None:
            try:
                once(perform=perform_and_tell, **rest)
            finally:
                connection.close()

        threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
        return box.get(timeout=60)

    return run


def _work(options: Namespace) -> int:
    from aftercare.domain.journal import delivering

    if options.lease:
        delivering.LEASE = dt.timedelta(seconds=options.lease)  # before the pulse counts its beats from it
    if options.no_takeover:
        delivering.sweep = lambda *, at: 0
    from aftercare.commands import worker
    from aftercare.flows import reactions
    from aftercare.imports import runner

    if options.halt == "job":
        runner.run = _halting_after_a_batch(runner.run, options.mark)
    if options.halt == "reaction":
        reactions.run = _halting_at_the_end(reactions.run, options.mark)
    return worker.run(Namespace())


def _halting_after_a_batch(run, mark: Path):
    def run_and_halt(*args, tell, **rest):
        def tell_and_halt(outcome) -> None:
            tell(outcome)
            _halt(mark)

        return run(*args, tell=tell_and_halt, **rest)

    return run_and_halt


def _halting_at_the_end(run, mark: Path):
    """The effect is made, its transaction is still open."""
    def run_and_halt(*args, **rest):
        run(*args, **rest)
        _halt(mark)

    return run_and_halt


def _halt(mark: Path) -> None:
    mark.write_text("halted")
    time.sleep(HALT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
