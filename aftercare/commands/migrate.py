"""Bring the database to the tables of this version."""

from argparse import ArgumentParser, Namespace

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, router
from django.db.migrations.executor import MigrationExecutor

from aftercare.commands import CommandFailed
from aftercare.foundation.append_only import AppendOnly
from aftercare.foundation.search import SearchIndex


def add_arguments(parser: ArgumentParser) -> None:
    """`--check` only tells."""
    parser.add_argument("--check", action="store_true", help="change nothing; status 1 when something is to be done")


def run(options: Namespace) -> int:
    """Apply what is missing, a line for each migration."""
    if options.check:
        waiting = find_waiting() or [f"people.role {code}: {', '.join(new)}" for code, new in _find_new_permissions()]
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
    if not MigrationExecutor(connection).loader.applied_migrations:
        found()
        if verbose:
            print("the tables of an empty database were made")
    elif find_waiting():
        call_command("migrate", interactive=False, verbosity=1 if verbose else 0)
    elif verbose:
        print("the database is up to date")
    _renew_roles(verbose=verbose)


def _renew_roles(*, verbose: bool) -> None:
    # This module is imported before the rooms are.
    from aftercare.domain.people import actions as people
    from aftercare.foundation import clock
    from aftercare.foundation.access import Actor

    for code, granted in people.renew_roles(actor=Actor.system("migrate"), at=clock.now()).items():
        if verbose:
            print(f"role {code} got {', '.join(granted)}")


def _find_new_permissions() -> list[tuple[str, tuple[str, ...]]]:
    from aftercare.domain.people import queries as known

    return [(role.code, renewal.granted or renewal.offered) for role, renewal in known.list_renewals() if renewal.granted or renewal.offered]


def found() -> None:
    """Make the tables of an empty database from the models as they are, and note all migrations as applied.

    Applying the migrations one by one draws the whole graph of models anew for each step: minutes of waiting before a first
    look, for the same tables. `aftercare prove migrations` compares both ways. Migrations that fill rows are left out: there
    are none to fill.
    """
    executor = MigrationExecutor(connection)
    steps = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    emit_pre_migrate_signal(0, False, connection.alias)
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy and router.allow_migrate_model(connection.alias, model):
                editor.create_model(model)
        if connection.vendor == "postgresql":
            # Applied one by one, Django's migrations give this table of links a wide key, whatever the app itself says.
            editor.execute("ALTER TABLE auth_group_permissions ALTER COLUMN id TYPE bigint")
        for make, tables in ((AppendOnly, set()), (SearchIndex, set())):
            for step in (step for migration in steps for step in migration.operations if type(step) is make):
                if step.table not in tables:
                    tables.add(step.table)
                    step.database_forwards("", editor, None, None)
    executor.recorder.ensure_schema()
    for migration in steps:
        executor.recorder.record_applied(migration.app_label, migration.name)
    emit_post_migrate_signal(0, False, connection.alias)
