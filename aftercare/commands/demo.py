"""A believable company in a fresh database, ready to click: made by the product's own actions, the same every time."""

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from aftercare.commands import CommandFailed

# Django's settings read the environment when they are loaded, so the directory must be known before.
DJANGO = False
MARK = "demo.txt"


def add_arguments(parser: ArgumentParser) -> None:
    """Where to put it, how much of it, and whether to serve it."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--seed-only", action="store_true", help="make the data and end")
    parser.add_argument("--full", action="store_true", help="2,000 customers, 3,000 units, 5,000 orders")


def run(options: Namespace) -> int:
    """Make the company unless it is there, print the cast, serve."""
    directory = _settle_directory()
    import django

    django.setup()
    mark = directory / MARK
    if mark.exists():
        print(f"the demo in {directory} was made before; it is served as it stands (delete the directory for a new one)")
    else:
        _make(directory, full=options.full)
        mark.write_text("made by `aftercare demo`\n", encoding="utf-8")
    print(_cast(f"http://{options.host}:{options.port}"), flush=True)
    if options.seed_only:
        return 0
    from aftercare.commands import messages, migrate, serve

    migrate.bring_up_to_date(verbose=False)
    messages.compile_stale()
    return serve.serve(options.host, options.port)


def _settle_directory() -> Path:
    """The demo's own directory and database: never those of a company that works with the product."""
    if os.environ.get("AFTERCARE_DATABASE_URL"):
        raise CommandFailed("the demo makes a database of its own: unset AFTERCARE_DATABASE_URL")
    named = os.environ.get("AFTERCARE_DATA_DIR")
    directory = Path(named).expanduser().resolve() if named else Path.cwd() / ".demo"
    if (directory / "aftercare.sqlite3").exists() and not (directory / MARK).exists():
        raise CommandFailed(f"{directory} holds a database that is no finished demo: name an empty directory with --data-dir")
    os.environ["AFTERCARE_DATA_DIR"] = str(directory)
    return directory


def _make(directory: Path, *, full: bool) -> None:
    from aftercare.commands import migrate
    from aftercare.demo import making, swift
    from aftercare.foundation import clock
    from aftercare.jobs import schedules

    began = time.perf_counter()
    size = making.FULL if full else making.USUAL
    print(f"making {size.customers} customers, {size.units} units, {size.orders} orders in {directory}", flush=True)
    now = clock.now()
    try:
        with swift.unsynced(), swift.quick_hashes(), swift.few_collections():
            migrate.bring_up_to_date(verbose=False)
            making.make(size, now=now, tell=_bar)
            schedules.seal_rest(at=now)
    except BaseException:
        # Half a company helps nobody, and would be taken for a finished one.
        for name in ("aftercare.sqlite3", "aftercare.sqlite3-wal", "aftercare.sqlite3-shm", "journal-heads.log"):
            (directory / name).unlink(missing_ok=True)
        raise
    print(f"\rmade in {time.perf_counter() - began:.1f} s{' ' * 50}", flush=True)


def _bar(done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        filled = 30 * done // total
        print(f"\r{'█' * filled}{'░' * (30 - filled)} {done}/{total} orders", end="" if done < total else "\n",
              file=sys.stderr, flush=True)


def _cast(address: str) -> str:
    from aftercare.demo import cast

    return cast.describe(address)
