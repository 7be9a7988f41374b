"""The commonest statements, put together once in a process: one row found by its columns, inserted, changed.

Django puts every statement together anew, which costs several times what SQLite takes to answer it. Where a document
takes a hundred of them that is most of its time. What can't be kept (an expression as a value, a column with a default
made by the database) takes Django's ordinary way, with the same effect.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections, router
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

# Rows a statement; more of them are Django's business, whose own work is little for each by then.
_FEW = 8
# Rows a statement where very many are written: one kept statement of this length, again and again.
_MANY = 40


def find(rows: Callable[[], QuerySet], **equal) -> Any:
    """The first row of `rows()` whose columns equal these values (never None), or None; with what it joins.

    `rows` is a function of a module: by it the statement is kept. Its conditions take no values of their own.
    """
    return next(iter(_read(rows, equal, single=True)), None)


def read(rows: Callable[[], QuerySet], **equal) -> list:
    """All rows of `rows()` whose columns equal these values (never None), in its order."""
    return _read(rows, equal, single=False)


def _read(rows: Callable[[], QuerySet], equal: dict[str, Any], *, single: bool) -> list:
    names = tuple(sorted(equal))
    fields, sql, converters, start, end, attributes, populators, model, using = _reading(rows, names, single)
    connection = connections[using]
    params = [field.get_db_prep_value(equal[name], connection) for field, name in zip(fields, names, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = [list(row) for row in cursor.fetchall()]
    made = []
    for row in found:
        for index, (functions, expression) in converters.items():
            for convert in functions:
                row[index] = convert(row[index], expression, connection)
        one = model.from_db(using, attributes, row[start:end])
        for populator in populators:
            populator.populate(row, one)
        made.append(one)
    return made


@functools.cache
def _reading(rows: Callable[[], QuerySet], names: tuple[str, ...], single: bool):
    found = rows()
    model, using = found.model, found.db
    fields = [_field(model, name) for name in names]
    found = found.filter(**{name: _sample(field) for name, field in zip(names, fields, strict=True)})
    compiler = (found[:1] if single else found).query.get_compiler(using)
    sql, params = compiler.as_sql()
    if len(params) != len(names):
        raise ValueError(f"{model._meta.label}: the rows take values of their own")
    plan = compiler.klass_info["select_fields"]
    start, end = plan[0], plan[-1] + 1
    attributes = [column[0].target.attname for column in compiler.select[start:end]]
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return fields, sql, converters, start, end, attributes, get_related_populators(compiler.klass_info, compiler.select, using), model, using


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
    fields, sql = plan
    connection = connections[using]
    params = []
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="save")
        for field in fields:
            value = field.pre_save(row, True)
            if hasattr(value, "resolve_expression"):
                return model._default_manager.using(using).bulk_create(rows)
            params.append(field.get_db_prep_save(value, connection))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
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
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    plain = not meta.parents and meta.db_returning_fields == [meta.pk] and not any(hasattr(f, "get_placeholder") for f in fields)
    if not plain or any(field.generated for field in fields):
        return None
    quote = connections[using].ops.quote_name
    values = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * count)
    columns = ", ".join(quote(field.column) for field in fields)
    return fields, f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {values} RETURNING {quote(meta.pk.column)}"


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


def update(model: type[Model], values: dict[str, Any], **equal) -> int:
    """Set these columns of the rows whose columns equal the given values (never None); how many they were."""
    using = router.db_for_write(model)
    plan = None
    if not any(hasattr(value, "resolve_expression") for value in values.values()):
        plan = _updating(model, tuple(values), tuple(equal), using)
    if plan is None:
        return model._default_manager.using(using).filter(**equal).update(**values)
    connection = connections[using]
    written, asked, sql = plan
    params = [field.get_db_prep_save(value, connection) for field, value in zip(written, values.values(), strict=True)]
    params += [field.get_db_prep_value(value, connection) for field, value in zip(asked, equal.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@functools.cache
def _updating(model: type[Model], values: tuple[str, ...], equal: tuple[str, ...], using: str):
    written, asked = [_field(model, name) for name in values], [_field(model, name) for name in equal]
    if model._meta.parents or any(hasattr(field, "get_placeholder") for field in written):
        return None
    quote = connections[using].ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in written)
    where = " AND ".join(f"{quote(field.column)} = %s" for field in asked)
    return written, asked, f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {where}"


def _field(model: type[Model], name: str):
    """The column of that attribute (`customer_id`, `status`, `pk`, `bill__source_id`)."""
    for step in name.split("__")[:-1]:
        model = model._meta.get_field(step).related_model
    last = name.rsplit("__", 1)[-1]
    return model._meta.pk if last == "pk" else next(field for field in model._meta.concrete_fields if field.attname == last)
