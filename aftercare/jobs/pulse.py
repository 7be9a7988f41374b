"""Keeps the lease of the delivery in hand while a long one runs."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from django.db import DatabaseError, connection

from aftercare.domain.journal import delivering
from aftercare.foundation import clock

logger = logging.getLogger("aftercare.jobs")
BEAT = delivering.LEASE.total_seconds() / 4


class Pulse:
    """A thread that lengthens the lease of what its worker is doing; it ends with the `with` block."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self._held = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"{worker}-pulse", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *exc) -> None:
        self._stop.set()
        self._thread.join(timeout=30)

    @contextlib.contextmanager
    def holding(self, delivery) -> Iterator[None]:
        """While inside, the delivery's lease does not run out."""
        self._held = delivery
        try:
            yield
        finally:
            self._held = None

    def _beat(self) -> None:
        while not self._stop.wait(BEAT):
            delivery = self._held
            if delivery is None:
                continue
            try:
                if not delivering.heartbeat(delivery, worker=self.worker, at=clock.now()):
                    logger.warning("lost the lease of delivery %s", delivery.pk)
            except DatabaseError:
                # The next beat tries again; three more fit into the lease.
                logger.warning("no heartbeat for delivery %s", delivery.pk, exc_info=True)
            finally:
                connection.close()
