"""Reading one row in one statement."""

from __future__ import annotations

import functools
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet

from aftercare.foundation.search import SearchField


def find_one(rows: QuerySet) -> Any:
    """The first of these rows as they come, or None; for lookups by a unique key.

    `first()` would add an ordering, which costs more than the lookup where many columns are joined.
    """
    return next(iter(rows[:1]), None)


def read_by_key(model: type[Model], key: int, paths: tuple[str, ...]) -> tuple[Any, dict[str, Any]] | None:
    """The row of that primary key, and values across its foreign keys by path (`customer__name`); None when not there.

    One statement, put together once in a process: for the one row that is shown in full after a look-up or a write.
    Words for the search are left out until they are asked for.
    """
    using = model._default_manager.db
    names, sql, converters = _joined_plan(model, paths, using)
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        found = cursor.fetchone()
    if found is None:
        return None
    row = list(found)
    for index, (functions, expression) in converters.items():
        for convert in functions:
            row[index] = convert(row[index], expression, connection)
    own = len(names)
    return model.from_db(using, names, row[:own]), dict(zip(paths, row[own:], strict=True))


def read_children(model: type[Model], column: str, key: int, paths: tuple[str, ...]) -> list[tuple]:
    """Values by path of the rows whose `column` is that key, oldest first, as tuples in the order of `paths`.

    One statement, put together once in a process.
    """
    using = model._default_manager.db
    sql, converters = _children_plan(model, column, paths, using)
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        found = [list(row) for row in cursor.fetchall()]
    for row in found:
        for index, (functions, expression) in converters.items():
            for convert in functions:
                row[index] = convert(row[index], expression, connection)
    return found


@functools.cache
def _children_plan(model: type[Model], column: str, paths: tuple[str, ...], using: str):
    rows = model._default_manager.using(using).filter(**{column: 0}).order_by("pk").values_list(*paths)
    compiler = rows.query.get_compiler(using)
    sql, params = compiler.as_sql()
    if len(params) != 1:
        raise ValueError(f"{model._meta.label}: a path takes parameters of its own")
    return sql, compiler.get_converters([column[0] for column in compiler.select])


@functools.cache
def _joined_plan(model: type[Model], paths: tuple[str, ...], using: str):
    """Names of the model's own columns, the statement, and how its values become Python's (by position)."""
    names = [field.attname for field in model._meta.concrete_fields if not isinstance(field, SearchField)]
    rows = model._default_manager.using(using).filter(pk=0).order_by().values_list(*names, *paths)
    compiler = rows.query.get_compiler(using)
    sql, params = compiler.as_sql()
    if len(params) != 1:
        raise ValueError(f"{model._meta.label}: a path takes parameters of its own")
    return names, sql, compiler.get_converters([column[0] for column in compiler.select])
