"""Bring the database to the tables of this version."""

from argparse import ArgumentParser, Namespace

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from aftercare.commands import CommandFailed


def add_arguments(parser: ArgumentParser) -> None:
    """`--check` only tells."""
    parser.add_argument("--check", action="store_true", help="change nothing; status 1 when something is to be done")


def run(options: Namespace) -> int:
    """Apply what is missing, a line for each migration."""
    if options.check:
        waiting = find_waiting()
        print("\n".join(waiting) or "the database is up to date")
        return 1 if waiting else 0
    bring_up_to_date(verbose=True)
    return 0


def find_waiting() -> list[str]:
    """The migrations still to be applied, as `app.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def find_newer() -> list[str]:
    """The migrations that the database has and this version does not know."""
    loader = MigrationExecutor(connection).loader
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(f"{app}.{name}" for app, name in unknown if app in loader.migrated_apps)


def bring_up_to_date(*, verbose: bool) -> None:
    """Apply what is missing; costs little when nothing is. Refuses a database of a newer version."""
    newer = find_newer()
    if newer:
        raise CommandFailed(f"the database is of a newer version of aftercare: {', '.join(newer[:5])} is unknown here")
    if find_waiting():
        call_command("migrate", interactive=False, verbosity=1 if verbose else 0)
    elif verbose:
        print("the database is up to date")
