"""Checks of the installation itself: durability, migrations, the database's own integrity, the kept keys."""

import os
import stat

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from aftercare.config import durability
from aftercare.foundation.checks import register_check


@register_check("durability")
def check_durability() -> list[str]:
    """What the database really does, compared with what must hold."""
    race = connection.vendor == "sqlite" and durability.has_wal_race(durability.read_sqlite().version)
    return durability.find_problems(alone=race)  # `require_durable` holds such a database for one process


@register_check("migrations")
def check_migrations() -> list[str]:
    """Whether the database has exactly the tables of this version."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    problems = [f"migration {m.app_label}.{m.name} is not applied; run `aftercare migrate`" for m, _back in plan]
    loader = executor.loader
    newer = {key for key in loader.applied_migrations if key not in loader.disk_migrations}
    newer = sorted(f"{app}.{name}" for app, name in newer if app in loader.migrated_apps)
    return problems + [f"the database knows {name}, this version does not: it is older" for name in newer]


@register_check("integrity")
def check_integrity() -> list[str]:
    """The database's own proof that its pages and references hold."""
    if connection.vendor != "sqlite":
        return _find_unvalidated()
    with connection.cursor() as cursor:
        pages = [row[0] for row in cursor.execute("PRAGMA integrity_check(20)").fetchall()]
        orphans = cursor.execute("PRAGMA foreign_key_check").fetchmany(20)
    problems = [f"integrity_check: {line}" for line in pages if line != "ok"]
    return problems + [f"{table}: row {row} points to a missing row of {parent}" for table, row, parent, _i in orphans]


def _find_unvalidated() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated")
        problems = [f"constraint {name} of {table} was never validated" for table, name in cursor.fetchall()]
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        return problems + [f"index {name} is not valid; REINDEX it" for (name,) in cursor.fetchall()]


@register_check("keys")
def check_keys() -> list[str]:
    """The kept keys are readable by their owner only."""
    if os.name != "posix":
        return []
    kept = [path for name in ("secret-key", "journal-key") if (path := settings.DATA_DIR / name).exists()]
    open_to_others = [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]
    return [f"{path} can be read by others: chmod 600" for path in open_to_others]
