"""The commonest statements, put together once in a process: one row found by its columns, inserted, changed.

Django puts every statement together anew, which costs several times what SQLite takes to answer it. Where a document
takes a hundred of them that is most of its time. What can't be kept (an expression as a value, a column with a default
made by the database) takes Django's ordinary way, with the same effect.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import F, Model, Q, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

from aftercare.foundation import values
from aftercare.foundation.search import SearchField

# Rows a statement; more of them are Django's business, whose own work is little for each by then.
_FEW = 8
# Rows a statement where very many are written: one kept statement of this length, again and again.
_MANY = 40


def find(rows: Callable[[], QuerySet], *, where: Q | None = None, **equal) -> Any:
    """The first row of `rows()` whose columns equal these values (never None), or None; with what it joins.

    `rows` is a function of a module: by it the statement is kept. Its conditions take no values of their own. `where`
    is a further condition, usually what somebody may see; a statement is kept for each of its shapes and values.
    """
    return next(iter(_read(rows, equal, where, 1)), None)


def read(rows: Callable[[], QuerySet], *, where: Q | None = None, limit: int | None = None, **equal) -> list:
    """All rows of `rows()` (or the first `limit`) whose columns equal these values (never None), in its order; `where` as of `find`."""
    return _read(rows, equal, where, limit)


def _read(rows: Callable[[], QuerySet], equal: dict[str, Any], where: Q | None, limit: int | None) -> list:
    names = tuple(sorted(equal))
    try:
        plan = _reading(rows, names, _condition(where), limit)
    except LookupError:
        found = rows().filter(**equal).filter(where)
        return list(found[:limit])
    if plan is None:
        return []
    columns, sql, more, converters, start, end, attributes, populators, model, using = plan
    connection = connections[using]
    params = [column.save(equal[name], connection) for column, name in zip(columns, names, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *more])
        found = cursor.fetchall()
    made = []
    for answer in found:
        row = _converted(answer, converters, connection)
        one = model.from_db(using, attributes, row[start:end])
        for populator in populators:
            populator.populate(row, one)
        made.append(one)
    return made


class Condition:
    """A `Q` as the key of a kept statement: equal when it asks the same of the same columns."""

    __slots__ = ("_hash", "_key", "q")

    def __init__(self, q: Q) -> None:
        self.q, self._key = q, _key_of(q)
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self._key == other._key


def _key_of(q: Q) -> tuple:
    children = []
    for child in q.children:
        if isinstance(child, Q):
            children.append(_key_of(child))
        elif isinstance(child, tuple) and isinstance(child[1], (frozenset, str, int, type(None))):
            children.append(child)
        elif isinstance(child, tuple) and isinstance(child[1], (list, tuple, set)):
            children.append((child[0], tuple(child[1])))
        else:
            raise LookupError("a condition with a query of its own can't be kept")
    return q.connector, q.negated, *children


def _condition(where: Q | None) -> Condition | None:
    return Condition(where) if where else None


@functools.lru_cache(maxsize=2048)
def _reading(rows: Callable[[], QuerySet], names: tuple[str, ...], where: Condition | None, limit: int | None):
    found = rows()
    model, using = found.model, found.db
    fields = [_field(model, name) for name in names]
    found = found.filter(**{name: _sample(field) for name, field in zip(names, fields, strict=True)})
    if where is not None:
        found = found.filter(where.q)
    compiler = found[:limit].query.get_compiler(using)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    _require_first(model, fields, params, exactly=where is None)
    plan = compiler.klass_info["select_fields"]
    start, end = plan[0], plan[-1] + 1
    attributes = [column[0].target.attname for column in compiler.select[start:end]]
    converters = compiler.get_converters([column[0] for column in compiler.select])
    populators = get_related_populators(compiler.klass_info, compiler.select, using)
    columns = [values.column(field) for field in fields]
    return columns, sql, tuple(params[len(fields):]), converters, start, end, attributes, populators, model, using


def _require_first(model: type[Model], fields: list, params, *, exactly: bool) -> None:
    """The values that change from call to call stand first among a kept statement's parameters."""
    connection = connections[router.db_for_read(model)]
    samples = [field.get_db_prep_value(_sample(field), connection) for field in fields]
    if list(params[: len(fields)]) != samples or (exactly and len(params) != len(fields)):
        raise ValueError(f"{model._meta.label}: the rows take values of their own")


def _sample(field) -> Any:
    # Only the shape of the condition is kept; the value must be one that the column takes.
    inner = field.target_field if field.remote_field else field
    return {"CharField": "-", "TextField": "-", "DateField": "2000-01-01", "BooleanField": True}.get(inner.get_internal_type(), 0)


def insert(row: Model) -> Model:
    """Insert this new row; its key is set."""
    insert_all([row])
    return row


def insert_all(rows: Iterable[Model]) -> list[Model]:
    """Insert these new rows of one model in one statement; their keys are set."""
    rows = list(rows)
    if not rows:
        return rows
    model = type(rows[0])
    using = router.db_for_write(model)
    plan = _inserting(model, len(rows), using) if len(rows) <= _FEW or len(rows) == _MANY else None
    if plan is None or any(row.pk is not None for row in rows):
        return model._default_manager.using(using).bulk_create(rows)
    columns, sql, returned, converters = plan
    connection = connections[using]
    params: list = []
    for row in rows:
        if row._state.fields_cache:
            row._prepare_related_fields_for_save(operation_name="save")
        held = row.__dict__
        for column in columns:
            value = held[column.attribute] if column.attribute in held else column.field.pre_save(row, True)
            if hasattr(value, "resolve_expression"):
                return model._default_manager.using(using).bulk_create(rows)
            params.append(column.save(value, connection))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        answers = cursor.fetchall()
    for row, answer in zip(rows, answers, strict=True):
        row.__dict__.update(zip(returned, _converted(answer, converters, connection), strict=True))
        row._state.adding, row._state.db = False, using
    return rows


def insert_many(rows: list[Model]) -> list[Model]:
    """Insert many new rows of one model, some at a time; their keys are set in their order."""
    for start in range(0, len(rows), _MANY):
        insert_all(rows[start : start + _MANY])
    return rows


@functools.cache
def _inserting(model: type[Model], count: int, using: str):
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not (field.primary_key or field.generated)]
    if meta.parents or any(hasattr(field, "get_placeholder") for field in fields):
        return None
    # What the database makes (the key, columns derived from others) comes back with the same statement.
    made = [field for field in meta.local_concrete_fields if field.primary_key or field.generated]
    if set(made) != set(meta.db_returning_fields):
        return None
    compiler = model._default_manager.using(using).query.get_compiler(using)
    converters = compiler.get_converters([field.get_col(meta.db_table) for field in made])
    returning = ", ".join(connections[using].ops.quote_name(field.column) for field in made)
    sql = f"{_insertion(model, fields, count, using)} RETURNING {returning}"
    return [values.column(field) for field in fields], sql, [field.attname for field in made], converters


def _insertion(model: type[Model], fields: list, count: int, using: str) -> str:
    quote = connections[using].ops.quote_name
    marks = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * count)
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)}) VALUES {marks}"


def insert_rows(model: type[Model], names: tuple[str, ...], rows: list[tuple]) -> None:
    """Insert rows of these columns' values, all the model has but its key: for rows of which nobody needs an object."""
    using = router.db_for_write(model)
    connection = connections[using]
    for start in range(0, len(rows), _MANY):
        chunk = rows[start : start + _MANY]
        columns, sql = _inserting_rows(model, names, len(chunk), using)
        params = [column.save(value, connection) for row in chunk for column, value in zip(columns, row, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


@functools.cache
def _inserting_rows(model: type[Model], names: tuple[str, ...], count: int, using: str):
    fields = [_field(model, name) for name in names]
    if {field for field in model._meta.concrete_fields if not field.primary_key} != set(fields):
        raise ValueError(f"{model._meta.label}: name all columns but the key")
    return [values.column(field) for field in fields], _insertion(model, fields, count, using)


def insert_plain(model: type[Model], names: Iterable[str], rows: Iterable[tuple]) -> int:
    """Insert rows of these columns' plain values, other columns by their defaults; how many they were.

    For tables that a company is delivered with: thousands of rows of which nobody needs an object.
    """
    using = router.db_for_write(model)
    connection = connections[using]
    given = [_field(model, name) for name in names]
    others = [field for field in model._meta.concrete_fields if field not in given and not field.primary_key]
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    lines = [
        (*(field.get_db_prep_save(value, connection) for field, value in zip(given, row, strict=True)), *defaults) for row in rows
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in (*given, *others))
    marks = ", ".join(["%s"] * (len(given) + len(others)))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", lines)
    return len(lines)


def update(model: type[Model], changed: dict[str, Any], /, **equal) -> int:
    """Set these columns of the rows whose columns equal the given values (never None); how many they were."""
    using = router.db_for_write(model)
    plan = None
    if not any(hasattr(value, "resolve_expression") for value in changed.values()):
        plan = _updating(model, tuple(changed), tuple(equal), using)
    if plan is None:
        return model._default_manager.using(using).filter(**equal).update(**changed)
    connection = connections[using]
    written, asked, sql = plan
    params = [column.save(value, connection) for column, value in zip(written, changed.values(), strict=True)]
    params += [column.save(value, connection) for column, value in zip(asked, equal.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def claim(model: type[Model], changed: dict[str, Any], where: Q, /, **equal) -> Model | None:
    """Set these columns and raise `version` by one, of the one row that equals the given values and meets `where`.

    Gives the row back as it is now, or None when there is none: one statement. Words for the search are left out.
    """
    using = router.db_for_write(model)
    try:
        plan = _claiming(model, tuple(changed), tuple(equal), _condition(where), using)
    except LookupError:
        return _claim_unkept(model, changed, where, equal, using)
    if plan is None:
        return None
    written, asked, sql, more, attributes, converters = plan
    connection = connections[using]
    params = [column.save(value, connection) for column, value in zip(written, changed.values(), strict=True)]
    params += [column.save(value, connection) for column, value in zip(asked, equal.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *more])
        found = cursor.fetchone()
    return _made(model, using, found, attributes, converters) if found else None


def _claim_unkept(model: type[Model], changed: dict, where: Q, equal: dict, using: str) -> Model | None:
    query = model._default_manager.using(using).filter(**equal).filter(where).query.chain(UpdateQuery)
    query.add_update_values({**changed, "version": F("version") + 1})
    query.clear_ordering(force=True)
    sql, params = query.get_compiler(using).as_sql()
    attributes, returning, converters = rows_of(model, using)
    with connections[using].cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {returning}", params)
        found = cursor.fetchone()
    return _made(model, using, found, attributes, converters) if found else None


def _made(model: type[Model], using: str, found: tuple, attributes: list[str], converters: dict) -> Model:
    return model.from_db(using, attributes, _converted(found, converters, connections[using]))


def _converted(found: Iterable, converters: dict, connection) -> list:
    row = list(found)
    for index, (functions, expression) in converters.items():
        for convert in functions:
            row[index] = convert(row[index], expression, connection)
    return row


@functools.lru_cache(maxsize=2048)
def _claiming(model: type[Model], changed: tuple[str, ...], equal: tuple[str, ...], where: Condition | None, using: str):
    written, asked = [_field(model, name) for name in changed], [_field(model, name) for name in equal]
    rows = model._default_manager.using(using).filter(**{name: _sample(field) for name, field in zip(equal, asked, strict=True)})
    if where is not None:
        rows = rows.filter(where.q)
    query = rows.query.chain(UpdateQuery)
    query.add_update_values({"version": F("version") + 1})
    query.clear_ordering(force=True)
    try:
        sql, params = query.get_compiler(using).as_sql()
    except EmptyResultSet:
        return None
    # The raise of the version has the first parameter; it stands in the text, before the other columns to be set.
    quote = connections[using].ops.quote_name
    head, tail = sql.split("%s", 1)
    if params[0] != 1:
        raise ValueError(f"{model._meta.label}: another value than the version's stands first")
    _require_first(model, asked, params[1:], exactly=where is None)
    sets = "".join(f", {quote(field.column)} = %s" for field in written)
    version = quote(_field(model, "version").column)
    before, after = tail.split(" WHERE ", 1)
    attributes, returning, converters = rows_of(model, using)
    sql = f"{head}1{before}{sets} WHERE {after} RETURNING {returning}"
    if version not in head:
        raise ValueError(f"{model._meta.label}: no version")
    columns = [values.column(field) for field in written], [values.column(field) for field in asked]
    return *columns, sql, tuple(params[1 + len(asked):]), attributes, converters


@functools.cache
def rows_of(model: type[Model], using: str):
    """Names and columns of the model's own row, and how its values become Python's (by position)."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, SearchField)]
    compiler = model._default_manager.using(using).query.get_compiler(using)
    converters = compiler.get_converters([field.get_col(model._meta.db_table) for field in fields])
    quote = connections[using].ops.quote_name
    return [field.attname for field in fields], ", ".join(quote(field.column) for field in fields), converters


@functools.cache
def _updating(model: type[Model], changed: tuple[str, ...], equal: tuple[str, ...], using: str):
    written, asked = [_field(model, name) for name in changed], [_field(model, name) for name in equal]
    if model._meta.parents or any(hasattr(field, "get_placeholder") for field in written):
        return None
    quote = connections[using].ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in written)
    where = " AND ".join(f"{quote(field.column)} = %s" for field in asked)
    columns = [values.column(field) for field in written], [values.column(field) for field in asked]
    return *columns, f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {where}"


def _field(model: type[Model], name: str):
    """The column of that attribute (`customer_id`, `status`, `pk`, `bill__source_id`)."""
    for step in name.split("__")[:-1]:
        model = model._meta.get_field(step).related_model
    last = name.rsplit("__", 1)[-1]
    return model._meta.pk if last == "pk" else next(field for field in model._meta.concrete_fields if field.attname == last)
