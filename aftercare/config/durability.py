"""Durability is asserted, not configured: what the database really does is read back at every start.

A database that could lose committed rows is refused with a sentence that says what to change.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from aftercare.config import holding

# The WAL-reset race: with several connections, a checkpoint may reset the log over frames not yet copied.
_RACE_FIRST = (3, 7, 0)
_RACE_MENDED = (3, 51, 3)
_RACE_MENDED_BACKPORT = (3, 50, 7)
_OLDEST_POSTGRES = 150000
_SQLITE_SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


class NotDurable(Exception):
    """The database does not keep what it acknowledges."""


@dataclass(frozen=True)
class SqliteFacts:
    """What an SQLite connection answered."""

    version: tuple[int, int, int]
    journal_mode: str
    synchronous: int
    foreign_keys: bool
    in_memory: bool = False


@dataclass(frozen=True)
class PostgresFacts:
    """What a PostgreSQL connection answered. `version` is the server's number, such as 150004."""

    version: int
    synchronous_commit: str
    fsync: str
    full_page_writes: str
    read_only: bool = False


def has_wal_race(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite version can lose committed rows when more than one process writes."""
    mended = version >= _RACE_MENDED or _RACE_MENDED_BACKPORT <= version < (3, 51, 0)
    return version >= _RACE_FIRST and not mended


def find_sqlite_problems(facts: SqliteFacts, *, alone: bool = False) -> list[str]:
    """Why this SQLite must not be used. `alone` says that no other process has the database open."""
    shown = ".".join(map(str, facts.version))
    problems = []
    if has_wal_race(facts.version) and not alone:
        problems.append(
            f"SQLite {shown} can lose committed rows when several processes write (the WAL-reset race, mended in "
            "3.51.3 and 3.50.7). Install pysqlite3, or run one process only, or use PostgreSQL."
        )
    if facts.journal_mode.lower() != "wal" and not facts.in_memory:
        problems.append(
            f"SQLite's journal mode is {facts.journal_mode!r}, not WAL. Does the data directory lie on a network share?"
        )
    if facts.synchronous < 2:
        name = _SQLITE_SYNCHRONOUS.get(facts.synchronous, facts.synchronous)
        problems.append(f"SQLite's synchronous is {name}, not FULL: a power cut could lose committed rows.")
    if not facts.foreign_keys:
        problems.append("SQLite does not enforce foreign keys on this connection.")
    return problems


def find_postgres_problems(facts: PostgresFacts) -> list[str]:
    """Why this PostgreSQL must not be used."""
    problems = []
    if facts.version < _OLDEST_POSTGRES:
        problems.append(f"PostgreSQL {facts.version // 10000} is too old; 15 or newer is needed.")
    if facts.synchronous_commit == "off":
        problems.append("PostgreSQL's synchronous_commit is off: a crash could lose committed rows. Set it to on.")
    if facts.fsync == "off":
        problems.append("PostgreSQL's fsync is off: a power cut could ruin the database. Set it to on.")
    if facts.full_page_writes == "off":
        problems.append("PostgreSQL's full_page_writes is off: a power cut could tear pages. Set it to on.")
    if facts.read_only:
        problems.append("PostgreSQL answers as a read-only server; is AFTERCARE_DATABASE_URL that of a standby?")
    return problems


def read_sqlite() -> SqliteFacts:
    """Ask the live connection."""
    with connection.cursor() as cursor:

        def ask(sql: str):
            return cursor.execute(sql).fetchone()[0]

        mode = ask("PRAGMA journal_mode")
        version = tuple(int(part) for part in ask("SELECT sqlite_version()").split(".")[:3])
        return SqliteFacts(
            version=version,
            journal_mode=mode,
            synchronous=ask("PRAGMA synchronous"),
            foreign_keys=bool(ask("PRAGMA foreign_keys")),
            in_memory=mode == "memory",
        )


def read_postgres() -> PostgresFacts:
    """Ask the live connection."""
    names = ("server_version_num", "synchronous_commit", "fsync", "full_page_writes", "transaction_read_only")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
        version, commit, fsync, pages, read_only = cursor.fetchone()
    return PostgresFacts(int(version), commit, fsync, pages, read_only == "on")


def find_problems(*, alone: bool = False) -> list[str]:
    """Why the configured database must not be used now."""
    if connection.vendor == "sqlite":
        return find_sqlite_problems(read_sqlite(), alone=alone)
    return find_postgres_problems(read_postgres())


def require_durable() -> None:
    """Refuse to start on a database that could lose committed rows. Called by everything that serves or works.

    An SQLite with the WAL-reset race may be used by one process, which then holds the data directory alone.
    """
    alone = False
    if connection.vendor == "sqlite":
        try:
            alone = has_wal_race(read_sqlite().version)
            holding.hold(settings.DATA_DIR, "database", alone=alone)
        except holding.Held as error:
            raise NotDurable(
                f"{error}, and one of the two runs an SQLite that allows a single process only. Stop the other one, "
                "install pysqlite3, or use PostgreSQL."
            ) from error
    problems = find_problems(alone=alone)
    if problems:
        raise NotDurable("\n".join(problems))
