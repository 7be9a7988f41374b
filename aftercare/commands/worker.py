"""Do the queued work in a process of its own, until Ctrl-C. Several may run beside each other on PostgreSQL."""

import signal
import threading
from argparse import ArgumentParser, Namespace
from importlib import import_module

from aftercare.commands import messages
from aftercare.config import durability


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: Namespace) -> int:
    """Work until SIGINT or SIGTERM; the job in hand is finished first."""
    durability.require_durable()
    messages.compile_stale()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    import_module("aftercare.jobs.worker").run(stop)
    return 0
