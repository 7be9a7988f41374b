"""Append-only tables: the database itself refuses UPDATE and DELETE, on SQLite and on PostgreSQL.

Use in a migration after the table is made: `AppendOnly("inventory_stockmove")`.
A mistake is mended by a reversal row that names its original, never by an edit.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.migrations.operations.base import Operation
from django.db.models import Model


class AppendOnly(Operation):
    """Add triggers to a table that refuse every UPDATE and DELETE."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self):
        return (self.__class__.__name__, [self.table], {})

    def state_forwards(self, app_label, state) -> None:
        """The models' state does not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for statement in _create(self.table, schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for statement in _drop(self.table, schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Refuse UPDATE and DELETE on {self.table}"


class AppendOnlyStill(Operation):
    """After columns were added to an append-only table: SQLite makes the table anew and loses its triggers; add them again."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self):
        return (self.__class__.__name__, [self.table], {})

    def state_forwards(self, app_label, state) -> None:
        """The models' state does not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for statement in _create(self.table, "sqlite"):
                schema_editor.execute(statement.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1))

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Nothing: the triggers stand in both directions."""

    def describe(self) -> str:
        return f"Go on refusing UPDATE and DELETE on {self.table}"


def _create(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _drop(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER {table}_append_only ON {table}",
        f"DROP TRIGGER {table}_no_truncate ON {table}",
        f"DROP FUNCTION {table}_refuse()",
    ]


# So many values one statement takes: SQLite's own limit is 32,766, PostgreSQL's 65,535.
VALUES = 30_000


def insert_once(rows: Sequence[Model]) -> list[int]:
    """Insert rows of one model in one statement (very many in several), leaving out those whose unique key is taken; gives back the keys of the new.

    When all were new the rows get their keys. A twin that books the same thing at the same moment waits for the first one
    and then inserts nothing, so that booking twice needs neither a look beforehand nor a savepoint.
    """
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    most = VALUES // len(fields)
    if len(rows) > most:
        return [key for begin in range(0, len(rows), most) for key in insert_once(rows[begin : begin + most])]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    one = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({columns}) VALUES {', '.join([one] * len(rows))} "
            f"ON CONFLICT DO NOTHING RETURNING {meta.pk.column}",
            values,
        )
        keys = [key for (key,) in cursor.fetchall()]
    if len(keys) == len(rows):
        for row, key in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding = False
    return keys
