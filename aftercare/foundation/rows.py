"""Reading and changing one row in one statement."""

from __future__ import annotations

import functools
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql import UpdateQuery

from aftercare.foundation.search import SearchField


def find_one(rows: QuerySet) -> Any:
    """The first of these rows as they come, or None; for lookups by a unique key.

    `first()` would add an ordering, which costs more than the lookup where many columns are joined.
    """
    return next(iter(rows[:1]), None)


def update_returning(rows: QuerySet, **values) -> Model | None:
    """Change the one row that these conditions leave, and give it back as it is now; None when there is none.

    One statement instead of an update and a read. Words for the search are left out until they are asked for.
    """
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(values)
    query.annotations = {}
    query.clear_ordering(force=True)
    try:
        sql, params = query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return None
    names, returning, converters = _plan(rows.model, rows.db)
    connection = connections[rows.db]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {returning}", params)
        found = cursor.fetchall()
    if not found:
        return None
    row = list(found[0])
    for index, (functions, expression) in converters.items():
        for convert in functions:
            row[index] = convert(row[index], expression, connection)
    return rows.model.from_db(rows.db, names, row)


@functools.cache
def _plan(model: type[Model], using: str):
    """Names and columns of the model's own row, and how its values become Python's (by position)."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, SearchField)]
    compiler = model._default_manager.using(using).query.get_compiler(using)
    converters = compiler.get_converters([field.get_col(model._meta.db_table) for field in fields])
    quote = connections[using].ops.quote_name
    return [field.attname for field in fields], ", ".join(quote(field.column) for field in fields), converters
