"""A PostgreSQL database as one member a table, read in a single snapshot and loaded by COPY.

No program of PostgreSQL is needed and versions of server and client need not fit, unlike with pg_dump. The tables
themselves come from the migrations whose names stand in the manifest.
"""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from aftercare.commands import CommandFailed, migrate

PREFIX = "tables/"


def dump(add: Callable[[str, Iterator[bytes]], None]) -> None:
    """Hand over every table: a line of column names, then COPY's text format."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in _list_tables():
            add(f"{PREFIX}{table}", _read(cursor, table))


def _list_tables() -> list[str]:
    there = set(connection.introspection.table_names())
    return sorted(there - {"django_migrations"})


def _read(cursor, table: str) -> Iterator[bytes]:
    columns = _list_columns(cursor, table)
    yield (",".join(columns) + "\n").encode()
    with cursor.cursor.copy(f"COPY {_quote(table)} ({_join(columns)}) TO STDOUT") as copy:
        for piece in copy:
            yield bytes(piece)


def _list_columns(cursor, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [_quote(table)],
    )
    return [name for (name,) in cursor.fetchall()]


def is_empty() -> bool:
    """Whether nothing has been put into this database yet."""
    return not connection.introspection.table_names()


def make_empty() -> None:
    """Throw every table away."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()


def load(migrations: list[list[str]], members: list[str], pieces: Callable[[str], Iterator[bytes]]) -> None:
    """Make the tables as they were, fill them in one transaction, set the sequences on."""
    executor = MigrationExecutor(connection)
    unknown = [f"{app}.{name}" for app, name in migrations if (app, name) not in executor.loader.disk_migrations]
    if unknown:
        raise CommandFailed(f"the backup comes from a newer version: {', '.join(unknown[:5])} is not known here")
    applied = {(app, name) for app, name in migrations}
    if applied >= set(executor.loader.graph.nodes):
        migrate.found()  # the same tables at once, as for a new company
    else:
        executor.migrate(_find_leaves(executor, applied))
    with transaction.atomic(), connection.cursor() as cursor:
        for member in members:
            cursor.execute(f"DELETE FROM {_quote(member.removeprefix(PREFIX))}")
        for member in members:
            _write(cursor, member.removeprefix(PREFIX), pieces(member))
        for statement in connection.ops.sequence_reset_sql(_no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)


def _find_leaves(executor: MigrationExecutor, applied: set[tuple[str, str]]) -> list[tuple[str, str]]:
    nodes = executor.loader.graph.node_map

    def is_last(node: tuple[str, str]) -> bool:
        return not any(child.key[0] == node[0] and child.key in applied for child in nodes[node].children)

    return [node for node in applied if node in nodes and is_last(node)]


def _write(cursor, table: str, pieces: Iterator[bytes]) -> None:
    head = b""
    for piece in pieces:
        head += piece
        if b"\n" in head:
            break
    first, _newline, rest = head.partition(b"\n")
    columns = first.decode().split(",")
    with cursor.cursor.copy(f"COPY {_quote(table)} ({_join(columns)}) FROM STDIN") as copy:
        copy.write(rest)
        for piece in pieces:
            copy.write(piece)


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def _join(names: list[str]) -> str:
    return ", ".join(map(_quote, names))


def _no_style():
    from django.core.management.color import no_style

    return no_style()
