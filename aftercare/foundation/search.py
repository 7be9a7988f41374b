"""Substring search that works for Chinese on both databases, without an extension.

A `SearchField` column holds grams made by `grams()`: bigrams of Chinese text, trigrams of letters and digits.
SQLite searches it through an FTS5 table kept by triggers, PostgreSQL through a GIN index on `to_tsvector`.
FTS5's own trigram tokenizer answers wrongly for two-character Chinese words; grams of our own do not.
Ask with `.filter(search__grams="漏水")`; use `searchable()` to see whether a text is long enough to be asked.
"""

from __future__ import annotations

import json
import re
import unicodedata

from django.db import connections, models
from django.db.migrations.operations.base import Operation

_RUN = re.compile(r"[0-9a-z]+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[^\W\d_a-z]+")


def fold(text: str) -> str:
    """`text` in one width and case, spaces collapsed: what is compared when people type."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _width(run: str) -> int:
    return 3 if run[0].isascii() else 2


def grams(*texts: str | None) -> str:
    """Grams of these texts for storing in a `SearchField`."""
    out: dict[str, None] = {}
    for text in texts:
        for run in _RUN.findall(fold(text or "")):
            width = _width(run)
            out[run[:32]] = None
            for i in range(max(len(run) - width + 1, 1)):
                out[run[i : i + width]] = None
    return " ".join(out)


def wanted_grams(text: str) -> list[str]:
    """Grams that a row must have to contain `text`.

    Pieces too short for a gram are left out beside longer ones, since they may be the beginning of a longer word;
    alone they stand for a whole word.
    """
    whole: dict[str, None] = {}
    short: dict[str, None] = {}
    for run in _RUN.findall(fold(text)):
        width = _width(run)
        if len(run) < width:
            short[run] = None
        for i in range(len(run) - width + 1):
            whole[run[i : i + width]] = None
    return list(whole or short)


def searchable(text: str) -> bool:
    """True when `text` has at least one whole gram (two Chinese characters or three letters or digits)."""
    return any(len(run) >= _width(run) for run in _RUN.findall(fold(text)))


class SearchField(models.TextField):
    """Text column of grams; filled by actions, never shown."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


@SearchField.register_lookup
class Grams(models.Lookup):
    """`search__grams="text"`: rows that hold every gram of the text."""

    lookup_name = "grams"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        column, _params = self.process_lhs(compiler, connection)
        table, key = self._table_and_key(column, connection)
        query = " AND ".join(f'"{gram}"' for gram in wanted_grams(self.rhs)) or '""'
        return f"{key} IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s)", [query]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{gram}'" for gram in wanted_grams(self.rhs))
        return f"to_tsvector('simple', {column}) @@ to_tsquery('simple', %s)", [*params, query]

    def as_sql(self, compiler, connection):
        raise NotImplementedError("search runs on SQLite and PostgreSQL")

    def _table_and_key(self, column, connection):
        quote = connection.ops.quote_name
        model = self.lhs.target.model
        alias = column.rsplit(".", 1)[0]
        return model._meta.db_table, f"{alias}.{quote(model._meta.pk.column)}"


@SearchField.register_lookup
class Worded(models.Lookup):
    """`search__worded="text"`: the same rows as `grams`, found by looking into each row instead of into the index.

    For words that very many rows hold: then the newest ones are found soonest by walking a list in its own order.
    """

    lookup_name = "worded"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        grams_wanted = wanted_grams(self.rhs)
        held = " AND ".join([f"instr(' ' || {column} || ' ', %s) > 0"] * len(grams_wanted)) or "1 = 0"
        return held, [value for gram in grams_wanted for value in (*params, f" {gram} ")]

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection)[0].replace("instr(", "strpos("), self.as_sql(compiler, connection)[1]


@SearchField.register_lookup
class Gathered(Grams):
    """`search__gathered="text"`: the same rows as `grams`, collected from the index before anything else.

    PostgreSQL takes looking into a row for cheap and walks a list instead, splitting each row into words again.
    """

    lookup_name = "gathered"

    def as_postgresql(self, compiler, connection):
        column, _params = self.process_lhs(compiler, connection)
        table, key = self._table_and_key(column, connection)
        inner, params = super().as_postgresql(compiler, connection)
        inner = inner.replace(column, column.rsplit(".", 1)[-1])
        return f"{key} = ANY(ARRAY(SELECT {key.rsplit('.', 1)[-1]} FROM {connection.ops.quote_name(table)} WHERE {inner}))", params


# From so many rows on a word is common: collecting and sorting them all costs more than walking the list.
COMMON = 5000


def narrow(rows: models.QuerySet, text: str, column: str = "search") -> models.QuerySet:
    """The rows that hold the text, by the way that is cheaper for how common it is; none for a text without a gram.

    Asks the index first how many there are: at most COMMON are counted, PostgreSQL estimates.
    """
    if not searchable(text):
        return rows.none()
    connection = connections[rows.db]
    ask = _is_common if connection.vendor == "sqlite" else _is_thought_common
    way = "worded" if ask(connection, rows.model, column, text) else "gathered"
    return rows.filter(**{f"{column}__{way}": text})


def _is_thought_common(connection, model, column: str, text: str) -> bool:
    holding = model._default_manager.using(connection.alias).filter(**{f"{column}__grams": text}).order_by().values("pk")
    plan = json.loads(holding.explain(format="json"))
    return plan[0]["Plan"]["Plan Rows"] > COMMON


def _is_common(connection, model, column: str, text: str) -> bool:
    table = model._meta.db_table
    query = " AND ".join(f'"{gram}"' for gram in wanted_grams(text))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 FROM {table}_fts WHERE {table}_fts MATCH %s LIMIT {COMMON + 1})", [query]
        )
        return cursor.fetchone()[0] > COMMON


class SearchIndex(Operation):
    """Make the index behind a `SearchField`: `SearchIndex("work_workorder", "search")`."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, column: str = "search", key: str = "id") -> None:
        self.table, self.column, self.key = table, column, key

    def deconstruct(self):
        return (self.__class__.__name__, [self.table, self.column, self.key], {})

    def state_forwards(self, app_label, state) -> None:
        """The models' state does not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for statement in self._create(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        table = self.table
        if schema_editor.connection.vendor == "sqlite":
            for name in ("ai", "ad", "au"):
                schema_editor.execute(f"DROP TRIGGER {table}_fts_{name}")
            schema_editor.execute(f"DROP TABLE {table}_fts")
        else:
            schema_editor.execute(f"DROP INDEX {table}_{self.column}_gin")

    def describe(self) -> str:
        return f"Search index on {self.table}.{self.column}"

    def _create(self, vendor: str) -> list[str]:
        table, column, key = self.table, self.column, self.key
        if vendor != "sqlite":
            return [f"CREATE INDEX {table}_{column}_gin ON {table} USING gin (to_tsvector('simple', {column}))"]
        fts = f"{table}_fts"
        drop = f"INSERT INTO {fts}({fts}, rowid, {column}) VALUES ('delete', old.{key}, old.{column})"
        add = f"INSERT INTO {fts}(rowid, {column}) VALUES (new.{key}, new.{column})"
        return [
            f"CREATE VIRTUAL TABLE {fts} USING fts5({column}, content='{table}', content_rowid='{key}', "
            # Our grams are folded already. The default tokenizer would split what its old tables take for no letter.
            f"tokenize='ascii', detail=none, columnsize=0)",
            f"CREATE TRIGGER {fts}_ai AFTER INSERT ON {table} BEGIN {add}; END",
            f"CREATE TRIGGER {fts}_ad AFTER DELETE ON {table} BEGIN {drop}; END",
            f"CREATE TRIGGER {fts}_au AFTER UPDATE OF {column} ON {table} "
            f"WHEN old.{column} IS NOT new.{column} BEGIN {drop}; {add}; END",
        ]


class SearchAgain(SearchIndex):
    """Make the search triggers of a table anew: on SQLite a migration that rebuilds a table loses them without a word."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        for name in ("ai", "ad", "au"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_fts_{name}")
        for statement in self._create("sqlite")[1:]:
            schema_editor.execute(statement)
        schema_editor.execute(f"INSERT INTO {self.table}_fts({self.table}_fts) VALUES('rebuild')")

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """The triggers stay: the step before should have had them."""

    def describe(self) -> str:
        return f"Search triggers of {self.table} again"
