"""An empty database gets the same tables in both ways: made at once from the models, and by applying all migrations.

`aftercare prove migrations [--short]`: on SQLite; without `--short` on PostgreSQL, too. Compared are columns, constraints,
indexes and triggers, and how many rows each table holds. The negative control takes one trigger off, which must be told.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WAYS = {"at once": ["aftercare", "migrate"], "step by step": ["django", "migrate", "--verbosity", "0"]}
Schema = dict[tuple[str, str], object]

_POSTGRES = {
    "column": "SELECT table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, numeric_precision,"
    " numeric_scale, is_nullable, column_default, generation_expression) FROM information_schema.columns WHERE table_schema = 'public'",
    "constraint": "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": "SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def run(argv: list[str]) -> int:
    """0 when both ways give the same and the control is noticed."""
    failed = _on_sqlite()
    if "--short" not in argv:
        failed += _on_postgres()
    return 1 if failed else 0


def _on_sqlite() -> int:
    with tempfile.TemporaryDirectory(prefix="aftercare-migrations-") as folder:
        found = {}
        for name, command in WAYS.items():
            place = Path(folder) / name.replace(" ", "-")
            place.mkdir()
            _make(command, {"AFTERCARE_DATA_DIR": str(place)})
            found[name] = _read_sqlite(place / "aftercare.sqlite3")
        with sqlite3.connect(place / "aftercare.sqlite3") as connection:
            connection.execute("DROP TRIGGER journal_fact_no_update")
        control = _read_sqlite(place / "aftercare.sqlite3")
    return _tell("SQLite", *found.values(), control)


def _on_postgres() -> int:
    import psycopg

    from tests import postgres

    with postgres.running() as url:
        found = {}
        for number, (name, command) in enumerate(WAYS.items()):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE way{number}")
            place = postgres.database(url, f"way{number}")
            with tempfile.TemporaryDirectory() as folder:
                _make(command, {"AFTERCARE_DATA_DIR": folder, "AFTERCARE_DATABASE_URL": place})
            with psycopg.connect(place) as connection:
                found[name] = _read_postgres(connection)
                connection.execute("DROP TRIGGER journal_fact_append_only ON journal_fact")
                control = _read_postgres(connection)
                connection.rollback()
    return _tell("PostgreSQL", *found.values(), control)


def _make(command: list[str], settings: dict[str, str]) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AFTERCARE_")}
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "aftercare.config.settings", **settings}
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _read_sqlite(path: Path) -> Schema:
    found: Schema = {}
    with _opened(path) as connection:
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall():
            if name.startswith("sqlite_"):
                continue
            is_table = kind == "table" and sql.upper().startswith("CREATE TABLE")
            # Columns that came later stand behind the others; their order means nothing.
            found[kind, name] = frozenset(_parts(sql)) if is_table else " ".join(sql.split())
            if is_table and "_fts" not in name:
                found["rows", name] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
    return found


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    try:
        yield connection
    finally:
        connection.close()


def _parts(sql: str) -> Iterator[str]:
    """The columns and constraints of a CREATE TABLE: split at the commas outside of brackets and quotes."""
    text, depth, quote, begin = sql[sql.index("(") + 1 : sql.rindex(")")], 0, "", 0
    for place, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and not depth:
            yield " ".join(text[begin:place].split())
            begin = place + 1
    yield " ".join(text[begin:].split())


def _read_postgres(connection) -> Schema:
    found: Schema = {}
    for kind, query in _POSTGRES.items():
        found |= {(kind, name): told for name, told in connection.execute(query).fetchall()}
    for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
        found["rows", name] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
    return found


def _differences(one: Schema, other: Schema) -> list[str]:
    return [f"{kind} {name}: {one.get((kind, name))} / {other.get((kind, name))}"
            for kind, name in sorted(one.keys() | other.keys()) if one.get((kind, name)) != other.get((kind, name))]  # fmt: skip


def _tell(database: str, one: Schema, other: Schema, control: Schema) -> int:
    wrong = _differences(one, other)
    _print(f"  {database}, at once / step by step: ", wrong)
    noticed = bool(_differences(other, control))
    print(f"{database}: {len(one)} columns, constraints, indexes and triggers compared, {len(wrong)} differ; "
          f"a trigger taken off is {'noticed' if noticed else 'NOT noticed'}")
    return len(wrong) + (not noticed)


def _print(head: str, lines: Iterable[str]) -> None:
    for line in lines:
        print(head + line[:400])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
