"""The worker: makes the reactions that are due, fires the periodic jobs, gives back what dead workers held.

Many may run beside each other, as threads of the server or as processes of their own. A delivery is claimed by one
worker with a lease; its effect and the mark that it is done are one transaction, so that a worker killed at any moment
leaves it either done or still to be done. Long jobs of users run outside a transaction and keep their lease by a pulse.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
import traceback

from django.db import DatabaseError, close_old_connections, connections, transaction

from aftercare.domain.journal import delivering
from aftercare.domain.people import queries as people
from aftercare.flows import long_jobs, reactions
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.jobs import schedules
from aftercare.jobs.pulse import Pulse

logger = logging.getLogger("aftercare.jobs")
POLL_SECONDS = 1.0
_TELL_SECONDS = 1.0
_BACK_OFF_SECONDS = (1, 2, 5, 10, 30)


class _LeaseLost(Exception):
    """Another worker holds the delivery by now: what was done here is rolled back."""


def run(stop: threading.Event, *, name: str = "", poll: float = POLL_SECONDS) -> None:
    """Work until `stop` is set; the delivery in hand is finished first."""
    worker = (name or f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}")[:60]
    logger.info("worker %s begins", worker)
    failures = 0
    try:
        with Pulse(worker) as pulse:
            while not stop.is_set():
                try:
                    close_old_connections()
                    work_once(stop, worker=worker, pulse=pulse)
                    failures, pause = 0, poll
                except Exception:
                    # A database that is away (restart, failover) must not end the worker; the lease gives work back.
                    logger.exception("worker %s stumbled", worker)
                    connections.close_all()
                    pause = _BACK_OFF_SECONDS[min(failures, len(_BACK_OFF_SECONDS) - 1)]
                    failures += 1
                stop.wait(pause)
        schedules.seal_rest(at=clock.now())
    except DatabaseError:
        logger.exception("worker %s could not seal at its end", worker)
    finally:
        connections.close_all()
        logger.info("worker %s ends", worker)


def work_once(stop: threading.Event, *, worker: str, pulse: Pulse | None = None) -> int:
    """One round: sweep, fire what is due, make every reaction that is due; gives back how many were tried."""
    if lost := delivering.sweep(at=clock.now()):
        logger.warning("gave back %s deliveries of dead workers", lost)
    schedules.fire_due(at=clock.now())
    tried = 0
    while not stop.is_set():
        delivery = delivering.claim(worker=worker, at=clock.now())
        if delivery is None:
            break
        if pulse is None:
            perform(delivery, worker=worker)
        else:
            with pulse.holding(delivery):
                perform(delivery, worker=worker)
        tried += 1
        if tried % 50 == 0:
            schedules.fire_due(at=clock.now())
    return tried


def perform(delivery, *, worker: str) -> bool:
    """Make one reaction; True when it is done. A failure is kept with its trace and tried again later."""
    try:
        if delivery.reaction == long_jobs.REACTION:
            _perform_long(delivery, worker)
        else:
            with transaction.atomic():
                reactions.run(delivery.reaction, delivery.fact, at=clock.now())
                if not delivering.finish(delivery, worker=worker, at=clock.now()):
                    raise _LeaseLost
    except _LeaseLost:
        logger.warning("delivery %s (%s) went to another worker", delivery.pk, delivery.reaction)
        return False
    except Exception as error:
        logger.warning("delivery %s (%s) failed: %s", delivery.pk, delivery.reaction, error, exc_info=True)
        trace = "".join(traceback.format_exception(error))
        delivering.fail(delivery, worker=worker, at=clock.now(), error=trace[-4000:])
        return False
    return True


def _perform_long(delivery, worker: str) -> None:
    told = 0.0

    def tell(done: int, total: int | None = None, word: str = "") -> None:
        nonlocal told
        if time.monotonic() - told < _TELL_SECONDS:
            return
        told = time.monotonic()
        progress = {"done": done, "total": total, "word": word}
        if not delivering.heartbeat(delivery, worker=worker, at=clock.now(), progress=progress):
            raise _LeaseLost

    result = long_jobs.perform(delivery, actor=_asker(delivery.fact), at=clock.now(), tell=tell)
    progress = {**delivery.progress, "done": result.get("rows", 0), "total": result.get("rows", 0), "result": result}
    with transaction.atomic():
        kept = delivering.heartbeat(delivery, worker=worker, at=clock.now(), progress=progress)
        if not kept or not delivering.finish(delivery, worker=worker, at=clock.now()):
            raise _LeaseLost


def _asker(fact) -> Actor:
    """Who asked for the job, with the rights he has now."""
    if fact.actor_kind == "system":
        return Actor.system(fact.actor_name)
    asker = people.get_employee(fact.actor_id, Actor.system("worker"))
    return people.actor_for(asker, via="job", address=fact.address)
