"""Serve pages and API. One process with the worker as a thread; several processes with --processes on PostgreSQL."""

import ctypes
import gc
import os
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import connection

from aftercare.commands import CommandFailed, messages, migrate
from aftercare.config import durability, environment

_ARENA_MAX = -8  # of glibc's mallopt


def add_arguments(parser: ArgumentParser) -> None:
    """Where to listen, and what to leave out."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=4, help="of each process")
    parser.add_argument("--processes", type=int, default=1, help="more than one needs PostgreSQL and gunicorn")
    parser.add_argument("--no-migrate", action="store_true", help="the database is brought up to date elsewhere")
    parser.add_argument("--no-worker", action="store_true", help="`aftercare worker` runs elsewhere")


def run(options: Namespace) -> int:
    """Check the database, bring it up to date, serve until Ctrl-C."""
    if options.processes > 1 and connection.vendor == "sqlite":
        raise CommandFailed("several processes need PostgreSQL: set AFTERCARE_DATABASE_URL")
    durability.require_durable()
    if not options.no_migrate:
        migrate.bring_up_to_date(verbose=False)
    messages.compile_stale()
    if options.processes > 1:
        return _serve_many(options)
    return serve(options.host, options.port, threads=options.threads, worker=not options.no_worker)


def serve(host: str, port: int, *, threads: int = 4, worker: bool = True) -> int:
    """Serve from this process until SIGINT or SIGTERM; the worker runs as a thread and ends with the server."""
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    try:
        server = create_server(
            get_wsgi_application(),
            host=host,
            port=port,
            threads=threads,
            ident="aftercare",
            channel_timeout=60,
            **_trust_proxy(),
        )
    except OSError as error:
        raise CommandFailed(f"cannot listen on {host}:{port}: {error.strerror}") from error
    _give_back_memory()
    stop = threading.Event()
    helper = start_worker(stop) if worker else None
    # SIGINT too: a shell starts background jobs with it ignored
    previous = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    address = f"http://{host}:{port or server.effective_port}/"
    print(f"{address}  (Ctrl-C stops)", flush=True)
    _tell_first_start(address)
    try:
        server.run()  # returns on KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        stop.set()
        server.close()
        if helper is not None:
            helper.join(timeout=30)
    return 0


def _tell_first_start(base: str) -> None:
    """Say where the company is made as long as nobody can sign in."""
    from aftercare.web.sign_in import first_start

    where = first_start.address(base)
    if where:
        print(f"nobody can sign in yet: name the company and its first administrator at\n{where}", flush=True)


def _give_back_memory() -> None:
    """Return to the system what loading the code used for a moment, and keep the threads from hoarding each his own."""
    gc.collect()
    gc.freeze()  # what is loaded stays: later collections need not look at it again
    gc.set_threshold(10_000, 20, 20)  # a request makes thousands of objects that end with it; few of them are circles
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(_ARENA_MAX, 2)
        libc.malloc_trim(0)
    except (OSError, AttributeError, TypeError):
        pass  # not glibc


def _trust_proxy() -> dict:
    """Whose word about the caller's address and scheme is taken; nobody's unless the operator says so."""
    if not settings.TRUSTED_PROXY:
        return {"clear_untrusted_proxy_headers": False}  # /metrics must see that the request came through a proxy
    return {
        "trusted_proxy": settings.TRUSTED_PROXY,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


def start_worker(stop: threading.Event) -> threading.Thread | None:
    """Start the worker as a thread; None where `AFTERCARE_WORKER=0` says that it runs elsewhere."""
    if not environment.is_on("AFTERCARE_WORKER", True):
        return None
    if find_spec("aftercare.jobs") is None or find_spec("aftercare.jobs.worker") is None:
        print("aftercare: no worker in this version; queued work waits", file=sys.stderr)
        return None
    thread = threading.Thread(target=import_module("aftercare.jobs.worker").run, args=(stop,), name="worker")
    thread.daemon = True  # a second Ctrl-C must end the process even when a job hangs
    thread.start()
    return thread


def _interrupt(_signal, _frame) -> None:
    raise KeyboardInterrupt


def _serve_many(options: Namespace) -> int:
    if find_spec("gunicorn") is None:
        raise CommandFailed("gunicorn is not installed: pip install 'aftercare[team]'")
    address = f"{options.host}:{options.port}"
    _tell_first_start(f"http://{address}/")
    connection.close()
    command = [
        *(sys.executable, "-m", "gunicorn", "aftercare.config.wsgi:application", "--bind", address),
        *("--worker-class", "gthread", "--workers", str(options.processes), "--threads", str(options.threads)),
        *("--max-requests", "20000", "--max-requests-jitter", "2000", "--graceful-timeout", "30"),
        "--no-control-socket",
    ]
    print(f"http://{address}/  ({options.processes} processes; run `aftercare worker` beside it)", flush=True)
    os.execv(sys.executable, command)
